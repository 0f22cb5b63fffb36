//! What the sheet says, read back from the PDF as it stands on paper.

use receipts::{CopyFor, Issue};

use crate::paper::{draw, lines, page_count};
use crate::specimen::{crowded, device_again, stay};

/// Annex 10 from top to bottom with a stay's entries; `copy` is the mark beside the title.
fn words_of_a_stay(copy: &str) -> Vec<String> {
    [
        &format!("湖南省工伤保险跨省异地就医结算单 {copy}"),
        "医疗机构名称：长沙市示范人民医院 机构所属地：长沙市 医院等级：三级甲等 就医登记号：430100202603010000000123 \
         金额单位：元",
        "姓名 欧阳示范 人员类别 异地转诊转院 参保地 福建省泉州市 社会保障号码 350502198001010018",
        "待遇类别 工伤医疗 业务类别 住院 结算时间 2026-03-01 10:30:00 科别 骨科",
        "住院号 ZY2026021500871 入院时间 2026-02-15 09:12 出院时间 2026-03-01 10:05 住院天数 14",
        "项目",
        "药品 诊疗项目 住院服务标准 康复服务项目 辅助器具费用 合计",
        "费别",
        "工伤保险基金支付金额 7200.00 18500.00 400.00 0.00 0.00 26100.00",
        "非工伤保",
        "自费金额 800.00 2000.00 200.00 0.00 0.00 3000.00",
        "险基金支",
        "付金额 其他（非工",
        "400.00 0.00 0.00 0.00 0.00 400.00",
        "伤伤情等）",
        "合计 本次：总费用 29500.00元，工伤保险基金支付金额 26100.00元；个人支付金额 3400.00元。",
        "收款人：陈收款 审核人：林审核 制单人：陈收款 打印日期：2026-03-01",
        "备注：1.本次就诊非工伤伤情所产生的费用工伤保险基金不予支付；",
        "2.此表供协议机构打印，一式两份，协议机构、工伤职工各一份。",
        "病人（家属）签字：",
        "结算编号：T01-1-00000042 台账校验码：9f2c41d07be85a3366c0f1e2d4a59b8870c1e6f35d29a4b07813fe6cd25b9a01",
    ]
    .map(str::to_owned)
    .into()
}

/// A cell of three lines stands beside rows of one: which of them comes first is poppler's choice.
fn in_any_order(mut lines: Vec<String>) -> Vec<String> {
    lines.sort_unstable();
    lines
}

#[test]
fn the_first_pair_is_a_page_for_the_institution_and_one_for_the_worker() {
    let pdf = draw("first_pair", &stay());
    assert_eq!(page_count(&pdf), 2);
    assert_eq!(
        in_any_order(lines(&pdf, 1)),
        in_any_order(words_of_a_stay("协议机构联"))
    );
    assert_eq!(
        in_any_order(lines(&pdf, 2)),
        in_any_order(words_of_a_stay("工伤职工联"))
    );
}

#[test]
fn a_later_copy_says_that_it_is_one_and_which_and_when_and_by_whom() {
    for (copy_for, copy) in [
        (CopyFor::Institution, "协议机构联"),
        (CopyFor::Worker, "工伤职工联"),
    ] {
        let mut sheet = stay();
        sheet.issue = Issue::Reprint {
            copy_for,
            printed_at: "2026-03-05 09:12".to_owned(),
            printed_by: "林审核".to_owned(),
        };
        let pdf = draw(&format!("later_copy_{copy_for:?}"), &sheet);
        assert_eq!(page_count(&pdf), 1);
        let lines = lines(&pdf, 1);
        assert_eq!(lines[0], format!("补打 {copy}"));
        assert!(
            lines
                .iter()
                .any(|line| line.contains("补打时间：2026-03-05 09:12"))
        );
        assert!(lines.iter().any(|line| line.contains("补打人：林审核")));
    }
}

#[test]
fn a_device_has_no_ward_and_no_stay() {
    let lines = lines(&draw("device_words", &device_again()), 1);
    for line in [
        "待遇类别 辅助器具配置 业务类别 配置 结算时间 2026-03-01 10:30:00 科别",
        "住院号 入院时间 出院时间 住院天数",
        "工伤保险基金支付金额 0.00 0.00 0.00 0.00 46000.00 46000.00",
        "自费金额 0.00 0.00 0.00 0.00 1500.00 1500.00",
        "合计 本次：总费用 47500.00元，工伤保险基金支付金额 46000.00元；个人支付金额 1500.00元。",
    ] {
        assert!(
            lines.iter().any(|drawn| drawn == line),
            "{line} is not among {lines:#?}"
        );
    }
}

#[test]
fn remarks_of_the_sheet_stand_apart_from_the_official_notes() {
    let with = lines(&draw("with_remarks", &crowded()), 1);
    assert!(with.iter().any(|line| line
        == "本单说明：本记录因网络中断逾期上传，上传时间2026年3月1日11时42分。出院带药中的第12号、第31号两种药品按就医地目录限定支付\
            范围由工伤职工个人负担，原因已向工伤职工说明。"));
    let without = lines(&draw("without_remarks", &stay()), 1);
    assert!(!without.iter().any(|line| line.contains("本单说明")));
}

//! Made-up sheets that the tests and the bench draw.

use std::path::Path;
use std::sync::LazyLock;

use receipts::{Amounts, Annex10, CopyFor, Fonts, Foot, Grid, Institution, Issue, Matrix, Totals};

/// The font the documents are designed with, read once; a machine without it fails here and says which package it is.
pub(crate) fn fonts() -> &'static Fonts {
    static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
        Fonts::load(Path::new(Fonts::DEBIAN_NOTO_SANS_CJK)).expect("install fonts-noto-cjk")
    });
    &FONTS
}

/// A stay in Changsha of a worker insured in Fujian: the first pair.
pub(crate) fn stay() -> Annex10 {
    Annex10 {
        title: "湖南省工伤保险跨省异地就医结算单".to_owned(),
        institution: Institution {
            name: "长沙市示范人民医院".to_owned(),
            place: "长沙市".to_owned(),
            grade: "三级甲等".to_owned(),
        },
        registration_number: "430100202603010000000123".to_owned(),
        grid: Grid {
            name: "欧阳示范".to_owned(),
            person_category: "异地转诊转院".to_owned(),
            insured_place: "福建省泉州市".to_owned(),
            social_security_number: "350502198001010018".to_owned(),
            benefit_category: "工伤医疗".to_owned(),
            business_category: "住院".to_owned(),
            settled_at: "2026-03-01 10:30:00".to_owned(),
            department: "骨科".to_owned(),
            inpatient_number: "ZY2026021500871".to_owned(),
            admitted_at: "2026-02-15 09:12".to_owned(),
            discharged_at: "2026-03-01 10:05".to_owned(),
            days: "14".to_owned(),
        },
        matrix: Matrix {
            fund: row(["7200.00", "18500.00", "400.00", "0.00", "0.00", "26100.00"]),
            self_pay: row(["800.00", "2000.00", "200.00", "0.00", "0.00", "3000.00"]),
            other: row(["400.00", "0.00", "0.00", "0.00", "0.00", "400.00"]),
        },
        totals: Totals {
            total: "29500.00".to_owned(),
            fund: "26100.00".to_owned(),
            personal: "3400.00".to_owned(),
        },
        foot: Foot {
            cashier: "陈收款".to_owned(),
            reviewer: "林审核".to_owned(),
            preparer: "陈收款".to_owned(),
            printed_on: "2026-03-01".to_owned(),
        },
        remarks: Vec::new(),
        settlement_number: "T01-1-00000042".to_owned(),
        journal_head: "9f2c41d07be85a3366c0f1e2d4a59b8870c1e6f35d29a4b07813fe6cd25b9a01".to_owned(),
        issue: Issue::FirstPair,
        dated_unix_s: 1_772_332_200,
    }
}

/// Long entries wherever a hospital has sent some: an ethnic name of 28 characters, amounts of twelve digits before
/// the point, remarks, and the longest province.
pub(crate) fn crowded() -> Annex10 {
    let mut sheet = stay();
    sheet.title = "新疆维吾尔自治区工伤保险跨省异地就医结算单".into();
    sheet.institution.name =
        "新疆维吾尔自治区伊犁哈萨克自治州友谊医院（伊犁哈萨克自治州工伤康复示范中心）".into();
    sheet.institution.place = "伊犁哈萨克自治州".into();
    sheet.institution.grade = "三级甲等（康复专科）".into();
    sheet.grid.name = "阿卜杜热合曼江·麦麦提吐尔逊·阿卜杜外力江·热合木吐拉洪".into();
    sheet.grid.insured_place = "内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗".into();
    sheet.grid.department = "创伤骨科与显微重建外科二病区（含手外科）".into();
    sheet.grid.inpatient_number = "ZY-2026-0215-00871-ORTHO-0002".into();
    let twelve = "123456789012.34";
    sheet.matrix.fund = row([twelve; 6]);
    sheet.matrix.self_pay = row([twelve; 6]);
    sheet.matrix.other = row([twelve; 6]);
    sheet.totals = Totals {
        total: twelve.to_owned(),
        fund: twelve.to_owned(),
        personal: twelve.to_owned(),
    };
    sheet.foot.cashier = "迪丽努尔·艾尔肯江·买买提明".into();
    sheet.remarks = vec![
        "本记录因网络中断逾期上传，上传时间2026年3月1日11时42分。".to_owned(),
        "出院带药中的第12号、第31号两种药品按就医地目录限定支付范围由工伤职工个人负担，原因已向工伤职工说明。".to_owned(),
    ];
    sheet
}

/// A prosthesis within the province, a copy printed again: no ward, no admission.
pub(crate) fn device_again() -> Annex10 {
    let mut sheet = stay();
    sheet.title = "湖南省工伤保险省内异地就医结算单".into();
    sheet.institution.name = "株洲市示范假肢矫形器配置中心".into();
    sheet.institution.place = "株洲市".into();
    sheet.institution.grade = String::new();
    sheet.grid.person_category = "常驻异地工作".into();
    sheet.grid.insured_place = "湖南省长沙市".into();
    sheet.grid.benefit_category = "辅助器具配置".into();
    sheet.grid.business_category = "配置".into();
    for entry in [
        &mut sheet.grid.department,
        &mut sheet.grid.inpatient_number,
        &mut sheet.grid.admitted_at,
        &mut sheet.grid.discharged_at,
        &mut sheet.grid.days,
    ] {
        entry.clear();
    }
    sheet.matrix.fund = row(["0.00", "0.00", "0.00", "0.00", "46000.00", "46000.00"]);
    sheet.matrix.self_pay = row(["0.00", "0.00", "0.00", "0.00", "1500.00", "1500.00"]);
    sheet.matrix.other = row(["0.00"; 6]);
    sheet.totals = Totals {
        total: "47500.00".to_owned(),
        fund: "46000.00".to_owned(),
        personal: "1500.00".to_owned(),
    };
    sheet.issue = Issue::Reprint {
        copy_for: CopyFor::Worker,
        printed_at: "2026-03-05 09:12".to_owned(),
        printed_by: "陈收款".to_owned(),
    };
    sheet
}

fn row(amounts: [&str; 6]) -> Amounts {
    let [
        drug,
        treatment,
        inpatient_service,
        rehabilitation,
        assistive_device,
        total,
    ] = amounts.map(str::to_owned);
    Amounts {
        drug,
        treatment,
        inpatient_service,
        rehabilitation,
        assistive_device,
        total,
    }
}

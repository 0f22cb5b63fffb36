//! What the cashier reads of the counter's own reasons, and of what it has noticed beside the rules.

use super::bill::{self as sentences, named};
use super::terms;
use crate::counter::{Ground, Objection, OnSlip, Remark};
use crate::visible_text::in_one_line;

impl Objection {
    /// What the cashier reads: the province's words, and the way on.
    pub fn say(&self) -> String {
        match self {
            Self::ProvinceRefuses(no) => format!(
                "省平台 {} 对这位职工的答复是不予办理：{}。请联系参保地经办机构核实，解决后再来办理；本机没有改用以前的缓存。",
                terms::moment(no.at),
                words(&no.words, &no.code)
            ),
            Self::RegistrationRefused { code, words: said } => format!(
                "省平台退回了这次就医的登记：{}。请先在“上传情况”中处理这条登记（更正后重新上传，或登记为已由经办机构人工录入），再重新试算。",
                words(said, code)
            ),
            Self::MarksMissing(missing) => sentences::marks_missing(*missing),
            Self::SumImplausible { total, limit } => sentences::sum_implausible(*total, *limit),
            Self::SettledBefore(before) => sentences::settled_before(before),
            Self::CodesUnlisted(unlisted) => format!(
                "账单有 {} 行、{} 元（占 {}%）的项目编码不在目录里，多半是导出或另存时编码损坏（丢了前面的 0、多了后缀）。\
                 请先逐行查看下面的明细：编码不对的，更正后重新选择账单；编码没有错的，由看过的人写明原因，再结算。",
                unlisted.lines,
                unlisted.amount,
                unlisted.percent()
            ),
            Self::SumMissing { lines, total } => format!(
                "账单文件没有合计行，看不出是否导出完整：读到 {lines} 行明细，共 {total} 元。请与医院系统核对行数和总金额：\
                 不一致的，重新导出后再选；一致的，由核对的人写明，再结算。"
            ),
        }
    }
}

fn words(words: &str, code: &str) -> String {
    let code = in_one_line(code);
    match words.trim().trim_end_matches('。') {
        "" => format!("没有说明原因（代码 {code}）"),
        words => format!("{}（代码 {code}）", in_one_line(words)),
    }
}

impl Ground<'_> {
    /// What the cashier reads.
    pub fn say(self) -> String {
        match self {
            Self::Own(objection) => objection.say(),
            Self::Rule(reason) => reason.say.clone(),
        }
    }
}

impl Remark {
    /// What the cashier reads.
    pub fn say(&self) -> String {
        match self {
            Self::Overlaps(stay) => {
                let number = match stay.hospital_number.as_str() {
                    "" => String::new(),
                    number => format!("，住院号 {number}"),
                };
                format!(
                    "这位职工 {} 至 {} 的住院已在本机结算（结算编号 {}{number}），与本次住院时间重叠。\
                     请核对是否同一次住院、有无重复的费用，确认不重复再办。",
                    terms::day(stay.from),
                    terms::day(stay.until),
                    stay.settlement,
                )
            }
            Self::BeforeAdmission { lines, admitted } => {
                sentences::before_admission(lines, *admitted)
            }
            Self::NumberLostZeros(found) => sentences::number_lost_zeros(found),
            Self::NotOnSlip { entry, character } => {
                let entry = match entry {
                    OnSlip::Name => "姓名",
                    OnSlip::RegistrationNumber => "就医登记号",
                };
                format!(
                    "{entry}中的字“{}”（U+{:04X}）在结算单的字体里没有，结算后会打印不出结算单。\
                     请在结算前请信息科安装含有该字的字体（fonts-hanazono），并写入配置 slip.fallback_font。",
                    in_one_line(&character.to_string()),
                    u32::from(*character)
                )
            }
            Self::CaseMended(lines) => format!(
                "账单第 {} 号明细（共 {} 行）的项目编码大小写与目录不同，已按目录改正。",
                named(lines.iter().copied()),
                lines.len()
            ),
            Self::CodesDoubted(lines) => format!(
                "账单第 {} 号明细（共 {} 行）的项目编码不在目录里，但目录里有很像的编码（多半是前面少了 0，或后面多了后缀），\
                 明细中已逐行标出。请对照医院系统核对；编码确实不对的，请更正后重新选择账单。",
                named(lines.iter().map(|doubted| doubted.line)),
                lines.len()
            ),
            Self::Vouched(vouched) => {
                sentences::vouched(vouched.matter, &vouched.by, &vouched.reason)
            }
            Self::Marked {
                by,
                injury,
                restriction,
                reversal,
            } => sentences::marked(by, *injury, *restriction, *reversal),
            Self::ColumnsDiffer(lines) => {
                format!(
                    "账单第 {} 号明细（共 {} 行）的类别与目录不同：在账单的类别下不在目录内，按自费计算。\
                     请核对类别；写错的请在医院系统中更正，重新导出账单再试算。",
                    named(lines.iter().map(|differs| differs.line)),
                    lines.len(),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::registry::ProvinceNo;

    #[test]
    fn the_provinces_words_are_said_and_their_absence_too() {
        let no = Objection::ProvinceRefuses(ProvinceNo {
            code: "-1".to_owned(),
            words: "待遇冻结。".to_owned(),
            at: Timestamp::from_second(1_772_000_000).unwrap(),
        });
        assert!(no.say().contains("不予办理：待遇冻结（代码 -1）。"));
        assert_eq!(format!("{no:?}"), "Objection { .. }");
        let unregistered = Objection::RegistrationRefused {
            code: "diagnosis_unknown".to_owned(),
            words: String::new(),
        };
        assert!(
            unregistered
                .say()
                .contains("没有说明原因（代码 diagnosis_unknown）。")
        );
    }
}

//! What stands on Annex 10, as text ready to be set.

use std::fmt;

/// One settlement sheet (Annex 10 of the procedure attached to 人社部发〔2025〕17号; two copies by its note 2).
///
/// Every entry is text as it shall be read on paper: amounts in yuan with two decimals and without a unit, dates and
/// times already written out in China's civil time. The labels, the notes and the ruling are this package's. `Debug`
/// shows the settlement number alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Annex10 {
    /// The whole title: `湖南省工伤保险跨省异地就医结算单`; within a province what the profile says.
    pub title: String,
    /// The line under the title.
    pub institution: Institution,
    /// 就医登记号, the platform's registration number; may be empty where there is none yet.
    pub registration_number: String,
    /// The three rows of four entries.
    pub grid: Grid,
    /// The three rows of amounts.
    pub matrix: Matrix,
    /// The sentence in the last row, 合计.
    pub totals: Totals,
    /// Who took, checked and made the sheet out, and when it is printed.
    pub foot: Foot,
    /// Sentences of this sheet's own (a late record, a part settled by hand), one after the other under the official
    /// notes; usually none.
    pub remarks: Vec<String>,
    /// 结算编号, in the small print.
    pub settlement_number: String,
    /// Head of the settlement journal at this settlement, in the small print: it shows later if the journal was cut or
    /// rewritten.
    pub journal_head: String,
    /// The first pair, or one later copy.
    pub issue: Issue,
    /// The moment the document bears as a file: seconds since 1970-01-01T00:00:00Z. Part of the data, so that the same
    /// data gives the same bytes on any day; usually the settlement's own time.
    pub dated_unix_s: i64,
}

/// The institution, as the library of agreement institutions has it.
#[derive(Clone, PartialEq, Eq)]
pub struct Institution {
    /// 医疗机构名称.
    pub name: String,
    /// 机构所属地, the prefecture: `长沙市`.
    pub place: String,
    /// 医院等级: `三级甲等`.
    pub grade: String,
}

/// The twelve entries between the title and the amounts. Empty where a visit has none (devices: 科别 to 住院天数).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Grid {
    /// 姓名.
    pub name: String,
    /// 人员类别: `异地长期居住`, `常驻异地工作`, `异地转诊转院`.
    pub person_category: String,
    /// 参保地: province and prefecture, or 省本级.
    pub insured_place: String,
    /// 社会保障号码.
    pub social_security_number: String,
    /// 待遇类别: `工伤医疗`, `工伤康复`, `辅助器具配置`.
    pub benefit_category: String,
    /// 业务类别: `住院`, `门诊`, `配置`.
    pub business_category: String,
    /// 结算时间: `2026-03-01 10:30:00`.
    pub settled_at: String,
    /// 科别.
    pub department: String,
    /// 住院号.
    pub inpatient_number: String,
    /// 入院时间.
    pub admitted_at: String,
    /// 出院时间.
    pub discharged_at: String,
    /// 住院天数.
    pub days: String,
}

/// The amounts, by who pays (rows) and by what was bought (columns).
#[derive(Clone, PartialEq, Eq)]
pub struct Matrix {
    /// 工伤保险基金支付金额.
    pub fund: Amounts,
    /// 非工伤保险基金支付金额: 自费金额.
    pub self_pay: Amounts,
    /// 非工伤保险基金支付金额: 其他（非工伤伤情等）.
    pub other: Amounts,
}

/// One row of amounts in the sheet's column order: yuan with two decimals as text, without a unit (`18000.00`).
#[derive(Clone, PartialEq, Eq)]
pub struct Amounts {
    /// 药品.
    pub drug: String,
    /// 诊疗项目.
    pub treatment: String,
    /// 住院服务标准.
    pub inpatient_service: String,
    /// 康复服务项目.
    pub rehabilitation: String,
    /// 辅助器具费用.
    pub assistive_device: String,
    /// 合计.
    pub total: String,
}

impl Amounts {
    /// The row as it stands on the sheet, from left to right.
    pub(super) fn in_order(&self) -> [&str; 6] {
        [
            &self.drug,
            &self.treatment,
            &self.inpatient_service,
            &self.rehabilitation,
            &self.assistive_device,
            &self.total,
        ]
    }
}

/// The three figures of `本次：总费用 …元，工伤保险基金支付金额 …元；个人支付金额 …元。`, written as in [`Amounts`].
#[derive(Clone, PartialEq, Eq)]
pub struct Totals {
    /// 总费用.
    pub total: String,
    /// 工伤保险基金支付金额.
    pub fund: String,
    /// 个人支付金额: self-pay and other together.
    pub personal: String,
}

/// The line under the table.
#[derive(Clone, PartialEq, Eq)]
pub struct Foot {
    /// 收款人.
    pub cashier: String,
    /// 审核人.
    pub reviewer: String,
    /// 制单人.
    pub preparer: String,
    /// 打印日期: `2026-03-01`.
    pub printed_on: String,
}

/// For whom a copy is (note 2: one for the institution, one for the worker).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyFor {
    /// 协议机构联.
    Institution,
    /// 工伤职工联.
    Worker,
}

/// The first pair, or one later copy.
#[derive(Clone, PartialEq, Eq)]
pub enum Issue {
    /// The institution's copy and the worker's, on a page each.
    FirstPair,
    /// One page that says 补打, which copy it replaces, when it was printed and by whom.
    Reprint {
        /// The copy it replaces.
        copy_for: CopyFor,
        /// When it was printed: `2026-03-05 09:12`.
        printed_at: String,
        /// Who had it printed.
        printed_by: String,
    },
}

impl fmt::Debug for Annex10 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Annex10")
            .field("settlement_number", &self.settlement_number)
            .finish_non_exhaustive()
    }
}

/// `Debug` that names the type and shows nothing of what it holds: a patient's data or a person's name.
macro_rules! redacted {
    ($($type:ident),+) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($type)).finish_non_exhaustive()
            }
        }
    )+};
}

redacted!(Institution, Grid, Matrix, Amounts, Totals, Foot, Issue);

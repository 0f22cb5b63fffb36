//! The columns of a bill, and the names that hospitals give them.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The line's own number.
    Number,
    /// The day of the service.
    Date,
    /// Annex 10's column, or the hospital's category.
    Category,
    /// The catalogue's code.
    Code,
    /// The item's name.
    Name,
    /// Yuan a unit.
    UnitPrice,
    /// Units.
    Quantity,
    /// Yuan.
    Amount,
    /// Whether it treats the injury.
    TreatsInjury,
    /// Whether the item's restriction is met.
    RestrictionMet,
    /// The number of the line it takes back.
    Reverses,
    /// The stay's number at the hospital.
    InpatientNumber,
    /// The patient.
    PatientName,
}

impl Column {
    /// All of them, in the order of the program's own files.
    pub const ALL: [Self; 13] = [
        Self::Number,
        Self::Date,
        Self::Category,
        Self::Code,
        Self::Name,
        Self::UnitPrice,
        Self::Quantity,
        Self::Amount,
        Self::TreatsInjury,
        Self::RestrictionMet,
        Self::Reverses,
        Self::InpatientNumber,
        Self::PatientName,
    ];

    /// What no bill can do without. Lines without numbers are numbered; marks can be given afterwards.
    pub const REQUIRED: [Self; 7] = [
        Self::Date,
        Self::Category,
        Self::Code,
        Self::Name,
        Self::UnitPrice,
        Self::Quantity,
        Self::Amount,
    ];

    /// Its own name, as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "序号",
            Self::Date => "日期",
            Self::Category => "类别",
            Self::Code => "项目编码",
            Self::Name => "项目名称",
            Self::UnitPrice => "单价",
            Self::Quantity => "数量",
            Self::Amount => "金额",
            Self::TreatsInjury => "治疗工伤",
            Self::RestrictionMet => "限制条件",
            Self::Reverses => "冲销序号",
            Self::InpatientNumber => "住院号",
            Self::PatientName => "姓名",
        }
    }

    /// Its key in JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Category => "category",
            Self::Code => "code",
            Self::Name => "name",
            Self::UnitPrice => "unit_price",
            Self::Quantity => "quantity",
            Self::Amount => "amount",
            Self::TreatsInjury => "treats_injury",
            Self::RestrictionMet => "restriction_met",
            Self::Reverses => "reverses",
            Self::InpatientNumber => "inpatient_number",
            Self::PatientName => "patient_name",
        }
    }

    /// Its place among [`Self::ALL`].
    pub(super) fn position(self) -> Option<usize> {
        Self::ALL.iter().position(|known| *known == self)
    }

    /// The column of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    /// Other names under which hospitals' systems export it. A name that means different things at different hospitals
    /// (实收金额, 费别, 病案号) is not here: the configuration says what it means.
    const fn also_named(self) -> &'static [&'static str] {
        match self {
            Self::Number => &["行号", "明细序号", "编号"],
            Self::Date => &[
                "收费日期",
                "费用日期",
                "发生日期",
                "费用发生日期",
                "计费日期",
                "记账日期",
                "执行日期",
                "收费时间",
                "费用时间",
                "发生时间",
                "费用发生时间",
                "计费时间",
                "记账时间",
                "执行时间",
            ],
            Self::Category => &[
                "费用类别",
                "收费类别",
                "项目类别",
                "费用分类",
                "项目分类",
                "收费项目类别",
                "发票类别",
                "财务分类",
            ],
            Self::Code => &[
                "项目编号",
                "项目代码",
                "收费项目编码",
                "收费项目代码",
                "收费编码",
                "编码",
                "国家编码",
                "国家项目编码",
                "国家医保编码",
                "医保编码",
                "医保项目编码",
                "医保目录编码",
                "目录编码",
            ],
            Self::Name => &[
                "收费项目名称",
                "收费项目",
                "费用名称",
                "项目",
                "名称",
                "费用项目",
            ],
            Self::UnitPrice => &["收费单价", "价格"],
            Self::Quantity => &["收费数量", "总数量"],
            Self::Amount => &["总金额", "费用金额", "收费金额", "总价"],
            Self::TreatsInjury => &["是否治疗工伤", "是否工伤", "工伤标志"],
            Self::RestrictionMet => &["是否符合限制条件", "符合限制条件"],
            Self::Reverses => &["冲销行号", "退费序号", "原序号"],
            Self::InpatientNumber => &["住院号码", "住院编号"],
            Self::PatientName => &["患者姓名", "病人姓名"],
        }
    }

    /// The column that a heading names by itself.
    pub(super) fn known_as(heading: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|column| column.name() == heading || column.also_named().contains(&heading))
    }
}

/// A column's letters as a spreadsheet shows them: A, Z, AA.
pub(super) fn letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut left = index + 1;
    while left > 0 {
        left -= 1;
        letters.push(b'A' + u8::try_from(left % 26).unwrap_or_default());
        left /= 26;
    }
    letters.into_iter().rev().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        for (index, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (255, "IV")] {
            assert_eq!(letters(index), expected);
        }
    }

    #[test]
    fn no_name_means_two_columns() {
        for column in Column::ALL {
            for name in column.also_named() {
                assert_eq!(Column::known_as(name), Some(column), "{name}");
            }
        }
    }
}

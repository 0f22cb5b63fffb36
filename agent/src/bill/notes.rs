//! What was done to a file's cells so that they could be read: counted by kind, with the rows where it was done.

use std::collections::BTreeMap;

/// Rows that are named; the rest is counted.
const MOST_NAMED: usize = 8;

/// Something that was done, or passed over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repair {
    /// Quotes, backticks or `="…"` around a code are gone.
    CodeMarks,
    /// Blanks around a code are gone.
    CodeBlanks,
    /// Unseen characters in a code are gone.
    CodeUnseen,
    /// A code's full-width characters are narrow.
    CodeWidth,
    /// A code's letters are in the catalogue's case.
    CodeCase,
    /// A hospital's code was replaced by the catalogue's.
    CodeTranslated,
    /// A category was translated: the hospital's word, and the column.
    Category(String, &'static str),
    /// An amount, price or quantity was written with separators, currency or brackets.
    NumberDressed,
    /// A number had the noise of a computer's binary fractions behind it.
    NumberNoise,
    /// A date was a spreadsheet's day number.
    DateNumber,
    /// A date had a time behind it.
    DateTime,
    /// Subtotals.
    Subtotal,
    /// The head once more.
    HeadAgain,
    /// Rows with words alone, between the lines.
    WordsAlone,
    /// Lines without numbers were numbered.
    Numbered,
    /// The file has no sum: its last line is named.
    SumMissing,
}

impl Repair {
    /// What was done, in Chinese.
    pub fn say(&self) -> String {
        match self {
            Self::CodeMarks => "项目编码前后的撇号、引号或等号已去掉".into(),
            Self::CodeBlanks => "项目编码前后的空格已去掉".into(),
            Self::CodeUnseen => "项目编码里看不见的字符已去掉".into(),
            Self::CodeWidth => "项目编码里的全角字符已改为半角".into(),
            Self::CodeCase => "项目编码的大小写已按目录改正".into(),
            Self::CodeTranslated => "本院编码已按配置换成目录编码".into(),
            Self::Category(word, column) => format!("类别“{word}”归入“{column}”"),
            Self::NumberDressed => "数字带有千分位、货币符号或括号，已按数值读取".into(),
            Self::NumberNoise => "数字末尾有表格软件的计算误差，已按 15 位有效数字读取".into(),
            Self::DateNumber => "日期写成表格软件的天数，已换成日期".into(),
            Self::DateTime => "日期后面的时间没有采用".into(),
            Self::Subtotal => "小计行没有当作明细，金额已与明细核对".into(),
            Self::HeadAgain => "重复的表头没有当作明细".into(),
            Self::WordsAlone => "只有文字、没有金额和编码的行没有当作明细".into(),
            Self::Numbered => "没有序号，已按先后编号".into(),
            Self::SumMissing => "文件没有合计行，看不出是否导出完整，明细读到文件末尾".into(),
        }
    }
}

/// Where something was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Rows {
    count: usize,
    first: Vec<u64>,
}

/// Everything that was done to one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes(BTreeMap<Repair, Rows>);

/// One kind of thing that was done.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    /// What.
    pub repair: &'a Repair,
    /// How often.
    pub count: usize,
    /// The first rows, as a spreadsheet counts.
    pub rows: &'a [u64],
}

impl Notes {
    pub(super) fn add(&mut self, repair: Repair, row: u64) {
        let rows = self.0.entry(repair).or_default();
        rows.count += 1;
        if rows.first.len() < MOST_NAMED {
            rows.first.push(row);
        }
    }

    /// Each kind once.
    pub fn iter(&self) -> impl Iterator<Item = Note<'_>> {
        self.0.iter().map(|(repair, rows)| Note {
            repair,
            count: rows.count,
            rows: &rows.first,
        })
    }
}

impl std::fmt::Display for Note<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let named: Vec<String> = self.rows.iter().map(u64::to_string).collect();
        let more = if self.count > self.rows.len() {
            format!("等 {} 行", self.count)
        } else {
            " 行".to_owned()
        };
        write!(f, "{}（第 {}{more}）", self.repair.say(), named.join("、"))
    }
}

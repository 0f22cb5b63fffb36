//! What people read of a bill's file: why it is not taken, what was found in it, and what was done so that it could be read.

use std::fmt;

use crate::bill::bounds::{
    LARGEST_FILE, LARGEST_TEXTS, LARGEST_UNPACKED, LARGEST_XLS, LONGEST_CELL, Limit, MOST_COLUMNS,
    MOST_LINES, MOST_MEMORY, MOST_PARTS, MOST_ROWS, MOST_SECONDS, ROWS_SEARCHED,
};
use crate::bill::fault::shown;
use crate::bill::source::form::Encoding;
use crate::bill::{
    BillFileError, Column, Finding, Findings, Form, Note, Repair, RowPosition, Workbook,
};
use crate::visible_text::in_one_line;
use crate::wording::notice::Notice;

impl From<&BillFileError> for Notice {
    fn from(error: &BillFileError) -> Self {
        let again = "请在医院系统中重新导出账单后再选；本次没有任何内容被保存。";
        match error {
            BillFileError::NotText => Notice::new(
                "bill_not_text",
                "所选文件不是账单：既不是表格，也不是 UTF-8、GBK 或 UTF-16 的文本。",
                again,
            ),
            BillFileError::Empty => Notice::new("bill_empty", "账单文件是空的。", again),
            BillFileError::BrokenWorkbook => Notice::new(
                "bill_workbook_broken",
                "所选的表格文件读不出来：可能已损坏、加了密码，或不是 XLSX、XLS。",
                "请在医院系统中导出不加密码的 XLSX、XLS 或 CSV 再选；本次没有任何内容被保存。",
            ),
            BillFileError::NoReader(_) => Notice::new(
                "bill_reader_down",
                "读表格文件的子进程不能用，不是账单的问题。",
                "请再选一次；仍不行时改用 CSV 文件，并请信息科查看日志。",
            ),
            BillFileError::SeveralSheets(names) => Notice::new(
                "bill_sheets_several",
                format!(
                    "工作簿里有几张表都像账单：{}，不能替您挑选。",
                    shown(names.text())
                ),
                "请只留下本次就诊的一张表，或重新导出后再选。",
            ),
            BillFileError::WebPage => Notice::new(
                "bill_web_page",
                "所选文件名字像表格，内容其实是网页（HTML 或 XML），本机不读。",
                "请在医院系统中改用 CSV、文本或 XLSX 格式导出；不要用表格软件另存，另存会丢掉编码前面的 0。",
            ),
            BillFileError::TooLarge { limit, at } => {
                let position = at.map_or_else(String::new, |at| format!("（{at}）"));
                Notice::new(
                    "bill_too_large",
                    format!("账单文件太大：{}{position}。", limit.say()),
                    "请确认选的是一次就诊的账单；确实这么长的，请联系信息科。",
                )
            }
            BillFileError::NoHead { first } => Notice::new(
                "bill_head_missing",
                format!(
                    "账单文件里没有找到表头（前 {} 行中）。第一行是“{}”。",
                    ROWS_SEARCHED,
                    shown(first.text())
                ),
                "表头须有日期、类别、项目编码、项目名称、单价、数量、金额这些列；列名不同的，请信息科在配置 [bill.columns] 中写明。",
            ),
            BillFileError::BrokenQuotes { at } => Notice::new(
                "bill_row_broken",
                format!("账单文件{at}的引号不配对，从这里起分不清各行。"),
                again,
            ),
            BillFileError::JsonNotUtf8 { byte } => Notice::new(
                "bill_json_broken",
                format!(
                    "账单的 JSON 不是 UTF-8 编码（从第 {} 个字节起）。",
                    byte + 1
                ),
                "请医院系统按 UTF-8 发送；本次没有任何内容被保存。",
            ),
            BillFileError::BrokenJson { body, line, column } => Notice::new(
                "bill_json_broken",
                format!(
                    "账单的 JSON {body}从文本第 {line} 行第 {column} 个字符起读不下去：写法不对，或没有写完。"
                ),
                "请医院系统改正后重新发送；本次没有任何内容被保存。",
            ),
            BillFileError::Faults(findings) => faults(findings, again),
        }
    }
}

fn faults(findings: &Findings, again: &str) -> Notice {
    let say = match findings.told() {
        [only] if findings.more() == 0 => format!("账单文件{only}"),
        told => {
            let listed = told.len();
            let more = match findings.more() {
                0 => "全部列在下面".to_owned(),
                more => format!("先列出 {listed} 处，还有 {more} 处"),
            };
            format!("账单文件有 {} 处不能采用，{more}。", findings.count())
        }
    };
    let notice = Notice::new(findings.code(), say, again);
    if findings.count() == 1 {
        return notice;
    }
    notice.with_details(findings.told().iter().map(Finding::to_string))
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            let line = self.line.unwrap_or(row);
            write!(f, "{}，", RowPosition { row, line })?;
        }
        if !self.path.is_empty() {
            write!(f, "{}：", in_one_line(&self.path))?;
        }
        if !self.column.is_empty() {
            write!(f, "{}：", self.column)?;
        }
        if !self.found.is_empty() {
            write!(f, "写的是“{}”，", self.found)?;
        }
        write!(f, "{}。", self.expected)
    }
}

impl Repair {
    /// What was done, in Chinese.
    pub fn say(&self) -> String {
        match self {
            Self::CodeMarks => "项目编码前后的撇号、引号或等号已去掉".into(),
            Self::CodeBlanks => "项目编码前后的空格已去掉".into(),
            Self::CodeUnseen => "项目编码里看不见的字符已去掉".into(),
            Self::CodeWidth => "项目编码里的全角字符已改为半角".into(),
            Self::CodeTranslated => "本院编码已按配置换成目录编码".into(),
            Self::Category(word, column) => format!("类别“{word}”归入“{column}”"),
            Self::NumberDressed => "数字带有千分位、货币符号或括号，已按数值读取".into(),
            Self::NumberNoise => "数字末尾有表格软件的计算误差，已按 15 位有效数字读取".into(),
            Self::DateNumber => "日期写成表格软件的天数，已换成日期".into(),
            Self::DateTime => "日期后面的时间没有采用".into(),
            Self::Subtotal => "小计行没有当作明细，金额已与明细核对".into(),
            Self::HeadAgain => "重复的表头没有当作明细".into(),
            Self::WordsAlone => "只有文字、没有金额和编码的行没有当作明细".into(),
            Self::MarkConfigured(mark, value) => {
                let value = match (*mark == Column::RestrictionMet, value) {
                    (true, true) => "符合",
                    (true, false) => "不符合",
                    (false, true) => "是",
                    (false, false) => "否",
                };
                format!("文件没有“{}”，按配置标“{value}”", mark.name())
            }
            Self::Numbered => "没有序号，已按先后编号".into(),
            Self::SumMissing => "文件没有合计行，看不出是否导出完整，明细读到文件末尾".into(),
        }
    }
}

impl fmt::Display for Note<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<String> = self.rows.iter().map(u64::to_string).collect();
        let more = if self.count > self.rows.len() {
            format!("等 {} 行", self.count)
        } else {
            " 行".to_owned()
        };
        write!(f, "{}（第 {}{more}）", self.repair.say(), named.join("、"))
    }
}

impl Limit {
    /// What there is too much of, in Chinese.
    pub(crate) fn say(self) -> String {
        match self {
            Self::Bytes => format!("超过 {} MB", LARGEST_FILE / (1024 * 1024)),
            Self::Rows => format!("超过 {MOST_ROWS} 行"),
            Self::Lines => format!("明细超过 {MOST_LINES} 行"),
            Self::Columns => format!("一行超过 {MOST_COLUMNS} 列"),
            Self::Cell => format!("一格超过 {LONGEST_CELL} 个字节"),
            Self::Xls => format!("XLS 文件超过 {} MB", LARGEST_XLS / (1024 * 1024)),
            Self::Unpacked => format!("XLSX 展开后超过 {} MB", LARGEST_UNPACKED / (1024 * 1024)),
            Self::Texts => format!(
                "XLSX 的公用文字展开后超过 {} MB",
                LARGEST_TEXTS / (1024 * 1024)
            ),
            Self::Parts => format!("XLSX 里超过 {MOST_PARTS} 个部分"),
            Self::Memory => format!("{} MB 内存不够读完这个表格", MOST_MEMORY / (1024 * 1024)),
            Self::Time => format!("{MOST_SECONDS} 秒不够读完这个表格"),
        }
    }
}

impl fmt::Display for RowPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第 {} 行", self.row)?;
        if self.line != self.row {
            write!(f, "（文本编辑器中第 {} 行）", self.line)?;
        }
        Ok(())
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text {
                encoding,
                delimiter,
            } => {
                let encoding = match encoding {
                    Encoding::Utf8 => "UTF-8",
                    Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
                    Encoding::Gb18030 => "GBK（GB18030）",
                };
                let delimiter = match delimiter {
                    '\t' => "制表符",
                    ';' => "分号",
                    '|' => "竖线",
                    _comma => "逗号",
                };
                write!(f, "文本，{encoding}，{delimiter}分隔")
            }
            Self::Workbook(Workbook::Xlsx, sheet) => write!(f, "XLSX 表格，工作表“{sheet}”"),
            Self::Workbook(Workbook::Xls, sheet) => write!(f, "XLS 表格，工作表“{sheet}”"),
            Self::Json => f.write_str("JSON"),
            Self::JsonParts => f.write_str("JSON，分段发送"),
        }
    }
}

//! One cell's text as a value: read, read after a repair that is said, or refused with the reason.

mod amount;
mod code;
mod date;

pub(super) use amount::{amount, number, quantity, unit_price};
pub(super) use code::code;
pub(super) use date::date;

use super::notes::Repair;
use crate::item_code::narrow;
use crate::visible_text::is_unseen;

/// What a cell's parser says. Several repairs may have been needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Read<T> {
    /// The value, and what was done to reach it.
    Taken(T, Vec<Repair>),
    /// What is expected there, in Chinese.
    Refused(&'static str),
}

impl<T> Read<T> {
    fn plain(value: T) -> Self {
        Self::Taken(value, Vec::new())
    }
}

/// A cell's characters at their usual width, without those that nobody sees and the blanks around it; or why nothing stands there.
pub(super) fn written(text: &str) -> Result<String, &'static str> {
    if is_spreadsheet_error(text) {
        return Err(SPREADSHEET_ERROR);
    }
    let written: String = text
        .trim()
        .chars()
        .filter(|c| !is_unseen(*c))
        .map(narrow)
        .collect();
    if written.trim_start_matches('\'').is_empty() {
        return Err("不能为空");
    }
    Ok(written)
}

/// Spreadsheets put these where a formula or a width failed.
pub(super) fn is_spreadsheet_error(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("#N/A")
        || text.starts_with("#REF!")
        || text.starts_with("#VALUE!")
        || text.starts_with("#NAME?")
        || text.starts_with("#DIV/0!")
        || text.starts_with("#NUM!")
        || text.starts_with("#NULL!")
        || (text.len() > 2 && text.chars().all(|c| c == '#'))
}

pub(super) const SPREADSHEET_ERROR: &str =
    "这是表格软件的出错标记，不是内容；请在医院系统中重新导出";

#[cfg(test)]
impl<T: std::fmt::Display> Read<T> {
    /// As the tables of tests write it: the value, the repairs in brackets, or `refused`.
    fn said(self) -> String {
        match self {
            Self::Taken(value, repairs) if repairs.is_empty() => value.to_string(),
            Self::Taken(value, repairs) => format!("{value} {repairs:?}"),
            Self::Refused(_) => "refused".to_owned(),
        }
    }
}

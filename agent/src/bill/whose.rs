//! Whose bill it is, as the file itself says: 住院号 and 姓名 in columns of their own, in the title above the head or in the footer.

use super::column::Column;
use super::mapping::plain;
use super::position::RowPosition;
use super::source::Row;
use crate::redacted::closed_debug;

/// Different numbers or names that are kept: one that is not the visit's is enough to refuse.
const MOST_KEPT: usize = 4;

/// A name longer than this is none.
const LONGEST_VALUE: usize = 64;

/// Labels before a value in a title: the longer ones first, since the shorter ones end them.
const LABELS: [(&str, Label); 13] = [
    ("住院号码", Label::Number),
    ("住院编号", Label::Number),
    ("住院号", Label::Number),
    ("患者姓名", Label::Name),
    ("病人姓名", Label::Name),
    ("姓名", Label::Name),
    ("住院次数", Label::Other),
    ("住院科室", Label::Other),
    ("科室", Label::Other),
    ("性别", Label::Other),
    ("年龄", Label::Other),
    ("床号", Label::Other),
    ("日期", Label::Other),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Number,
    Name,
    /// Ends a value and begins none that is wanted.
    Other,
}

/// A number or a name, and where it stands first.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// As it is written, without blanks around it.
    pub text: String,
    /// The place; none where it stands at the head of a JSON body.
    pub at: Option<RowPosition>,
}

/// Whose bill a file says it is. Empty where it does not say.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Whose {
    /// 住院号, each that differs from those before.
    pub numbers: Vec<Found>,
    /// 姓名, likewise.
    pub names: Vec<Found>,
}

closed_debug!(Found, Whose);

impl Whose {
    /// Takes what a column of a line says.
    pub(super) fn take(&mut self, column: Column, text: &str, at: Option<RowPosition>) {
        let kept = match column {
            Column::InpatientNumber => &mut self.numbers,
            Column::PatientName => &mut self.names,
            Column::Number
            | Column::Date
            | Column::Category
            | Column::Code
            | Column::Name
            | Column::UnitPrice
            | Column::Quantity
            | Column::Amount
            | Column::TreatsInjury
            | Column::RestrictionMet
            | Column::Reverses => return,
        };
        keep(kept, text, at);
    }

    /// Looks for labels in a row that is no line: a title, a footer.
    pub(super) fn look_at(&mut self, row: &Row<'_>) {
        let mut open: Option<Label> = None;
        for cell in row.cells.texts() {
            let cell = cell.trim();
            if cell.is_empty() {
                continue;
            }
            let labelled = labelled(cell);
            if let (Some(label), true) = (open.take(), labelled.is_empty()) {
                self.value(label, cell, row.position);
            }
            for (label, value) in labelled {
                if value.is_empty() {
                    open = Some(label);
                } else {
                    open = None;
                    self.value(label, value, row.position);
                }
            }
        }
    }

    fn value(&mut self, label: Label, text: &str, at: RowPosition) {
        match label {
            Label::Number => keep(&mut self.numbers, text, Some(at)),
            Label::Name => keep(&mut self.names, text, Some(at)),
            Label::Other => {}
        }
    }
}

fn keep(kept: &mut Vec<Found>, text: &str, at: Option<RowPosition>) {
    let text = text.trim().trim_matches('\'');
    if kept.iter().any(|found| found.text == text) {
        return;
    }
    let fits = !text.is_empty() && text.chars().count() <= LONGEST_VALUE && kept.len() < MOST_KEPT;
    if fits && kept.iter().all(|found| plain(&found.text) != plain(text)) {
        kept.push(Found {
            text: text.to_owned(),
            at,
        });
    }
}

/// Every label in a cell with what stands behind it, up to the next label or a sign that ends it.
fn labelled(cell: &str) -> Vec<(Label, &str)> {
    let mut found: Vec<(Label, usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(rest) = cell.get(at..).filter(|rest| !rest.is_empty()) {
        let known = LABELS.iter().find(|(word, _)| rest.starts_with(word));
        match known {
            Some((word, label)) => {
                found.push((*label, at, at + word.len()));
                at += word.len();
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    let ends: Vec<usize> = found
        .iter()
        .skip(1)
        .map(|(_, begin, _)| *begin)
        .chain([cell.len()])
        .collect();
    found
        .into_iter()
        .zip(ends)
        .map(|((label, _, begin), end)| (label, value(cell.get(begin..end).unwrap_or(""))))
        .collect()
}

/// Up to a blank or a sign that no number and no name has.
fn value(text: &str) -> &str {
    let text =
        text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '='));
    let end = text
        .find(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    ',' | '，' | ';' | '；' | '、' | '|' | '(' | '（' | ')' | '）'
                )
        })
        .unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// Whether a number in a file is the visit's: blanks, widths and the case of letters aside.
pub(crate) fn same_number(found: &str, own: &str) -> bool {
    let (found, own) = (plain(found), plain(own));
    found.eq_ignore_ascii_case(&own)
}

/// Whether it is the visit's but for zeros before it, which spreadsheets take away.
pub(crate) fn same_but_zeros(found: &str, own: &str) -> bool {
    let (found, own) = (plain(found), plain(own));
    let digits = !found.is_empty() && found.bytes().all(|byte| byte.is_ascii_digit());
    let lost = own.strip_suffix(found.as_str());
    digits && lost.is_some_and(|lost| !lost.is_empty() && lost.bytes().all(|byte| byte == b'0'))
}

/// Whether a name in a file can be the visit's: a hospital may have written signs for some of its characters (`测*一`).
pub(crate) fn same_name(found: &str, own: &str) -> bool {
    let alike = |name: &str| -> Vec<char> {
        plain(name)
            .chars()
            .filter(|c| !matches!(c, '·' | '•' | '・' | '‧' | '．' | '.'))
            .flat_map(char::to_uppercase)
            .collect()
    };
    let (found, own) = (alike(found), alike(own));
    let hidden = |c: &char| matches!(c, '*' | '×' | '○' | '某');
    found.len() == own.len() && found.iter().zip(&own).all(|(a, b)| a == b || hidden(a))
        || found.contains(&'*') && fits(&found, &own)
}

/// Whether the characters fit where each run of `*` stands for any number of them.
fn fits(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => {
            (0..=text.len()).any(|taken| text.get(taken..).is_some_and(|text| fits(rest, text)))
        }
        Some((first, rest)) => text
            .split_first()
            .is_some_and(|(own, text)| own == first && fits(rest, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(cell: &str) -> Vec<(Label, &str)> {
        labelled(cell)
            .into_iter()
            .filter(|(label, _)| *label != Label::Other)
            .collect()
    }

    #[test]
    fn labels_in_titles_are_found_however_they_are_written() {
        use Label::{Name, Number};
        for (cell, expected) in [
            ("住院号：ZY0811042", vec![(Number, "ZY0811042")]),
            (
                "住院号:ZY0811042 姓名:测试一",
                vec![(Number, "ZY0811042"), (Name, "测试一")],
            ),
            (
                "姓名：测试一性别：男住院号：ZY1",
                vec![(Name, "测试一"), (Number, "ZY1")],
            ),
            (
                "患者姓名 测试一，住院号码 0012",
                vec![(Name, "测试一"), (Number, "0012")],
            ),
            ("住院号", vec![(Number, "")]),
            ("住院次数：2 住院号：ZY1", vec![(Number, "ZY1")]),
            ("长沙市示例医院住院病人费用清单", vec![]),
            ("住院号ZY1（第 2 次）", vec![(Number, "ZY1")]),
        ] {
            assert_eq!(texts(cell), expected, "{cell}");
        }
    }

    #[test]
    fn numbers_and_names_are_compared_as_people_write_them() {
        for (found, own, same, but_zeros) in [
            ("ZY0811042", "ZY0811042", true, false),
            ("zy0811042", "ZY0811042", true, false),
            ("ＺＹ０８１１０４２ ", "ZY0811042", true, false),
            ("811042", "00811042", false, true),
            ("811042", "10811042", false, false),
            ("ZY0811043", "ZY0811042", false, false),
            ("811042", "ZY811042", false, false),
            ("", "00", false, false),
        ] {
            assert_eq!(same_number(found, own), same, "{found} {own}");
            assert_eq!(same_but_zeros(found, own), but_zeros, "{found} {own}");
        }
        for (found, own, same) in [
            ("测试一", "测试一", true),
            ("测 试 一", "测试一", true),
            ("测*一", "测试一", true),
            ("测**", "测试一", true),
            ("测*", "测试一", true),
            ("阿依古丽•买买提", "阿依古丽·买买提", true),
            ("阿依古丽买买提", "阿依古丽·买买提", true),
            ("测试二", "测试一", false),
            ("测*二", "测试一", false),
            ("测试", "测试一", false),
        ] {
            assert_eq!(same_name(found, own), same, "{found} {own}");
        }
    }
}

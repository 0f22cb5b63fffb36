//! A bill as a hospital's system posts it: JSON, in one body or in parts that a last one closes.
//!
//! Numbers are taken as they are written, character by character: none of them is ever a binary fraction. Lines are read one
//! after the other, and each fault names its path: `lines[3].amount`, or `parts[2].lines[3].amount`.

mod key;
mod value;
mod words;

use std::borrow::Cow;
use std::fmt;

use rules::Money;
use serde::de::{self, DeserializeSeed, Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::bounds::LARGEST_FILE;
use super::cell::{self, Read};
use super::column::Column;
use super::fault::{BillFileError, FaultKind, Finding};
use super::head::Head;
use super::mapping::Mapping;
use super::position::RowPosition;
use super::source::{CellKind, Form, Record, Row};
use super::understand::{Understanding, Understood};
use key::{Key, column, key};
use value::{Entries, Text, scalar, worded};

/// A part of a bill, as the hospital's system numbers it.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// From 1.
    pub number: u32,
    /// A body with `lines`.
    pub body: &'a [u8],
}

/// Whether the bytes are JSON and no table: no head of a bill begins with a brace.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// Reads a bill in one body.
pub(super) fn read(body: &[u8], mapping: &Mapping) -> Result<Understood, BillFileError> {
    read_parts(&[], body, mapping)
}

/// Reads parts, and the body that closes them: how many lines they have together, and their sum.
///
/// # Errors
/// What stands in the way, all of it at once where lines are at fault.
pub fn read_parts(
    parts: &[Part<'_>],
    closing: &[u8],
    mapping: &Mapping,
) -> Result<Understood, BillFileError> {
    let mut reader = Reader::new(mapping);
    for part in parts {
        reader.body(part.body, &format!("parts[{}].", part.number))?;
        reader.not_yet_closed(part.number);
    }
    reader.body(closing, "")?;
    reader.close(parts.is_empty())
}

/// The parts that a body closes.
#[derive(serde::Deserialize)]
pub(crate) struct Close {
    /// Names the bill.
    pub(crate) bill: String,
    /// How many there are.
    pub(crate) parts: u32,
}

/// What a body closes, where it closes parts; whatever else is wrong with it is for the reading to tell.
pub(crate) fn close_of(body: &[u8]) -> Option<Close> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    serde_json::from_slice(body).ok()
}

/// Reads a part by itself, so that its faults are told when it comes; how many lines it has.
///
/// # Errors
/// As [`read_parts`].
pub fn check_part(part: Part<'_>, mapping: &Mapping) -> Result<usize, BillFileError> {
    let mut reader = Reader::new(mapping);
    reader.body(part.body, &format!("parts[{}].", part.number))?;
    reader.not_yet_closed(part.number);
    reader.understanding.lines_so_far()
}

/// What a cell holds, and how it was written.
struct Cell<'a> {
    key: Cow<'a, str>,
    text: Cow<'a, str>,
    kind: CellKind,
}

/// A bill on its way, and why it is read no further.
struct Reader<'m> {
    mapping: &'m Mapping,
    understanding: Understanding<'m>,
    head: Option<Head>,
    row: Record,
    /// Lines of all parts before, and of this one.
    lines: u64,
    count: Option<(String, Option<u64>)>,
    total: Option<(String, Option<Money>)>,
    stop: Option<BillFileError>,
}

impl<'m> Reader<'m> {
    fn new(mapping: &'m Mapping) -> Self {
        Self {
            mapping,
            understanding: Understanding::new(mapping),
            head: None,
            row: Record::default(),
            lines: 0,
            count: None,
            total: None,
            stop: None,
        }
    }

    /// Reads one body; `before` stands before its paths.
    fn body(&mut self, bytes: &[u8], before: &str) -> Result<(), BillFileError> {
        if bytes.len() > LARGEST_FILE {
            return Err(BillFileError::too_many_bytes());
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|error| BillFileError::JsonNotUtf8 {
            byte: error.valid_up_to(),
        })?;
        let mut json = serde_json::Deserializer::from_str(text);
        let seed = BodySeed {
            reader: self,
            before,
        };
        let read = json.deserialize_map(seed).and_then(|()| json.end());
        match (read, self.stop.take()) {
            (_, Some(stop)) => Err(stop),
            (Ok(()), None) => Ok(()),
            (Err(error), None) => {
                let broken = BillFileError::BrokenJson {
                    body: before.trim_end_matches('.').to_owned(),
                    line: error.line(),
                    column: error.column(),
                };
                Err(self.understanding.broken_off_at(broken))
            }
        }
    }

    fn fault(
        &mut self,
        kind: FaultKind,
        path: String,
        found: &str,
        expected: impl Into<Cow<'static, str>>,
    ) {
        let finding = Finding::new(kind, None)
            .path(path)
            .found(found)
            .expected(expected);
        self.understanding.fault(finding);
    }

    /// What only the last body says, in one before it.
    fn not_yet_closed(&mut self, number: u32) {
        for (key, stated) in [
            ("count", self.count.take().map(|(text, _)| text)),
            ("total", self.total.take().map(|(text, _)| text)),
        ] {
            if let Some(text) = stated {
                self.fault(
                    FaultKind::Field,
                    format!("parts[{number}].{key}"),
                    &text,
                    words::ONLY_AT_THE_CLOSE,
                );
            }
        }
    }

    /// A value of the whole bill.
    fn whole(&mut self, key: Key, name: &str, value: &RawValue, before: &str) {
        let path = format!("{before}{name}");
        let (text, _) = match scalar(value) {
            Ok(cell) => cell,
            Err(expected) => return self.fault(FaultKind::Field, path, "", expected),
        };
        match key {
            Key::Count => {
                let count = cell::number(&text);
                if count.is_none() {
                    self.fault(FaultKind::Field, path, &text, words::COUNT);
                }
                self.count = Some((text.into_owned(), count));
            }
            Key::Total => {
                let total = match cell::amount(&text) {
                    Read::Taken(total, _) => Some(total),
                    Read::Refused(expected) => {
                        self.fault(FaultKind::Field, path, &text, expected);
                        None
                    }
                };
                self.total = Some((text.into_owned(), total));
            }
            Key::Whose(column) => self.understanding.whose(column, &text),
            Key::Lines | Key::Bill | Key::Parts => {}
        }
    }

    /// One line, its keys in whatever order.
    fn line(&mut self, value: &RawValue, index: u64, before: &str) -> Result<(), BillFileError> {
        self.lines += 1;
        let path = format!("{before}lines[{index}]");
        let Ok(Entries(entries)) = serde_json::from_str::<Entries<'_>>(value.get()) else {
            self.fault(FaultKind::Row, path, value.get(), words::NOT_AN_OBJECT);
            return Ok(());
        };
        let mut cells: [Option<Cell<'_>>; Column::ALL.len()] = Default::default();
        for (key, value) in entries {
            let Some(position) = column(&key, self.mapping).and_then(Column::position) else {
                self.understanding.ignore(&key);
                continue;
            };
            let read = scalar(value).and_then(|(text, kind)| {
                worded(Column::ALL.get(position).copied(), text, kind, value)
            });
            let slot = cells.get_mut(position);
            match (read, slot) {
                (Err(expected), _) => {
                    self.fault(
                        FaultKind::Field,
                        format!("{path}.{key}"),
                        value.get(),
                        expected,
                    );
                }
                (Ok(_), Some(Some(_))) => {
                    self.fault(
                        FaultKind::Field,
                        format!("{path}.{key}"),
                        value.get(),
                        words::KEY_TWICE,
                    );
                }
                (Ok((text, kind)), Some(slot)) => *slot = Some(Cell { key, text, kind }),
                (Ok(_), None) => {}
            }
        }
        self.take(&cells, &path)
    }

    /// Hands the cells on as a row whose columns are all there are.
    fn take(
        &mut self,
        cells: &[Option<Cell<'_>>; Column::ALL.len()],
        path: &str,
    ) -> Result<(), BillFileError> {
        let numbered = cells.first().is_some_and(|cell| {
            cell.as_ref()
                .is_some_and(|cell| !cell.text.trim().is_empty())
        });
        let head = self.head.get_or_insert_with(|| Head::of_keys(numbered));
        if numbered && head.index(Column::Number).is_none() {
            self.fault(
                FaultKind::Field,
                format!("{path}.number"),
                "",
                words::NUMBERS_OR_NONE,
            );
            return Ok(());
        }
        self.row.clear();
        for (column, cell) in Column::ALL.into_iter().zip(cells) {
            let (key, text, kind) = cell
                .as_ref()
                .map_or((column.key(), "", CellKind::Text), |cell| {
                    (&*cell.key, &*cell.text, cell.kind)
                });
            head.rename(column, key);
            let written = self.row.write(text).and_then(|()| self.row.end_cell(kind));
            if let Err(limit) = written {
                return Err(BillFileError::TooLarge {
                    limit,
                    at: Some(nth(self.lines)),
                });
            }
        }
        let row = Row {
            position: nth(self.lines),
            cells: &self.row,
        };
        self.understanding.take_keyed(head, &row, path)
    }

    /// The whole bill, held against what closes it.
    fn close(mut self, in_one: bool) -> Result<Understood, BillFileError> {
        let (count, total) = (self.count.take(), self.total.take());
        for (key, missing) in [("count", count.is_none()), ("total", total.is_none())] {
            if missing {
                self.fault(
                    FaultKind::SumMissing,
                    key.to_owned(),
                    "",
                    words::CLOSE_MISSING,
                );
            }
        }
        if let Some((text, Some(count))) = count
            && count != self.lines
        {
            let expected = words::count_wrong(self.lines);
            self.fault(FaultKind::CountWrong, "count".to_owned(), &text, expected);
        }
        let head = self.head.take().unwrap_or_else(|| Head::of_keys(false));
        let form = if in_one { Form::Json } else { Form::JsonParts };
        let stated = total.and_then(|(text, total)| Some((text, total?)));
        self.understanding.close_keyed(&head, form, stated)
    }
}

fn nth(line: u64) -> RowPosition {
    RowPosition { row: line, line }
}

/// A body's object.
struct BodySeed<'r, 'm, 'p> {
    reader: &'r mut Reader<'m>,
    before: &'p str,
}

impl<'de> Visitor<'de> for BodySeed<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen: Vec<Key> = Vec::new();
        while let Some(Text(name)) = map.next_key::<Text<'de>>()? {
            let Some(key) = key(&name, self.reader.mapping) else {
                self.reader.understanding.ignore(&name);
                map.next_value::<&'de RawValue>()?;
                continue;
            };
            if seen.contains(&key) {
                let path = format!("{}{name}", self.before);
                self.reader
                    .fault(FaultKind::Field, path, "", words::KEY_TWICE);
                map.next_value::<&'de RawValue>()?;
                continue;
            }
            seen.push(key);
            if key == Key::Lines {
                map.next_value_seed(LinesSeed {
                    reader: self.reader,
                    before: self.before,
                })?;
            } else {
                let value = map.next_value::<&'de RawValue>()?;
                self.reader.whole(key, &name, value, self.before);
            }
        }
        Ok(())
    }
}

/// The list of lines.
struct LinesSeed<'r, 'm, 'p> {
    reader: &'r mut Reader<'m>,
    before: &'p str,
}

impl<'de> DeserializeSeed<'de> for LinesSeed<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for LinesSeed<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of lines")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(value) = seq.next_element::<&'de RawValue>()? {
            if let Err(stop) = self.reader.line(value, index, self.before) {
                self.reader.stop = Some(stop);
                return Err(de::Error::custom("read no further"));
            }
            index += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_told_from_a_table_by_its_brace() {
        for (bytes, json) in [
            (&b"{}"[..], true),
            (b" \r\n\t{\"lines\":[]}", true),
            (b"\xEF\xBB\xBF{", true),
            ("序号,日期".as_bytes(), false),
            (b"", false),
            (b"[{}]", false),
        ] {
            assert_eq!(is_json(bytes), json);
        }
    }
}

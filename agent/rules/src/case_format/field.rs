//! One field or list of the format's objects, parsed; an error names its path.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::path::Path;
use super::wire::Text;
use crate::case::bill::LineNumber;
use crate::case::china_time::parse_date;
use crate::error::{FormatError, ParseError};

pub(super) type Read<T> = Result<T, FormatError>;

pub(super) fn date(at: Path<'_>, field: &str, text: &Text<'_>) -> Read<Date> {
    value(at, field, text, parse_date)
}

pub(super) fn line_number(at: Path<'_>, field: &str, number: u64) -> Read<LineNumber> {
    LineNumber::new(number).map_err(|error| misread(at.field(field), error))
}

pub(super) fn value<T>(
    at: Path<'_>,
    field: &str,
    text: &Text<'_>,
    parse: impl FnOnce(&str) -> Result<T, ParseError>,
) -> Read<T> {
    parse(&text.0).map_err(|error| misread(at.field(field), error))
}

pub(super) fn nullable<T>(
    at: Path<'_>,
    field: &str,
    text: Option<&Text<'_>>,
    parse: impl FnOnce(&str) -> Result<T, ParseError>,
) -> Read<Option<T>> {
    text.map(|text| value(at, field, text, parse)).transpose()
}

/// A set of names; naming one twice says no more.
pub(super) fn names<T: Ord>(
    at: Path<'_>,
    texts: &[Text<'_>],
    parse: impl Fn(&str) -> Result<T, ParseError>,
) -> Read<BTreeSet<T>> {
    let read = |(index, text): (usize, &Text<'_>)| {
        parse(&text.0).map_err(|error| misread(at.index(index), error))
    };
    texts.iter().enumerate().map(read).collect()
}

pub(super) fn list<W, T>(
    at: Path<'_>,
    read: &[W],
    parse: impl Fn(Path<'_>, &W) -> Read<T>,
) -> Read<Vec<T>> {
    read.iter()
        .enumerate()
        .map(|(index, read)| parse(at.index(index), read))
        .collect()
}

#[cold]
pub(super) fn misread(at: Path<'_>, error: ParseError) -> FormatError {
    FormatError {
        path: at.to_string(),
        message: error.to_string(),
    }
}

#[cold]
pub(super) fn fault(at: Path<'_>, message: &str) -> FormatError {
    FormatError {
        path: at.to_string(),
        message: message.into(),
    }
}

//! One row of a table: their place, what of ours stands there, and in which format.

use super::body::Body;
use super::fault::RowTrouble;
use super::format::{Format, Formats};
use super::vocabulary::OurField;

/// A row, read.
#[derive(Clone)]
pub(super) struct Row {
    /// Where it stands in their message, from the outside in.
    pub(super) theirs: Vec<Segment>,
    /// What stands there.
    pub(super) source: Source,
}

/// A name on the way to their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) name: String,
    /// Whether a list stands under it (`[]` in the table).
    pub(super) is_list: bool,
}

/// What stands in a place of theirs.
#[derive(Clone)]
pub(super) enum Source {
    /// Always the same.
    Constant(Body),
    /// A field of ours.
    Field(&'static OurField, Format),
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Constant(_) => f.write_str("Constant"),
            Self::Field(field, _) => f.write_str(field.path),
        }
    }
}

impl Row {
    /// Reads `[theirs, ours]` or `[theirs, ours, format]`.
    pub(super) fn read(
        parts: &[String],
        ours: &'static [OurField],
        formats: &Formats,
    ) -> Result<Self, RowTrouble> {
        let (theirs, source, format) = match parts {
            [theirs, source] => (theirs, source, None),
            [theirs, source, format] => (theirs, source, Some(format.as_str())),
            _ => return Err(RowTrouble::Parts),
        };
        let theirs = segments(theirs)?;
        let source = match source.strip_prefix('=') {
            Some(_) if format.is_some() => return Err(RowTrouble::Parts),
            Some(constant) => Source::Constant(read_constant(constant)?),
            None => {
                let field = ours
                    .iter()
                    .find(|field| field.path == source)
                    .ok_or_else(|| RowTrouble::Unknown(source.clone()))?;
                Source::Field(field, formats.chosen(field, format)?)
            }
        };
        Ok(Self { theirs, source })
    }
}

fn segments(theirs: &str) -> Result<Vec<Segment>, RowTrouble> {
    let segments: Vec<Segment> = theirs
        .split('.')
        .map(|name| match name.strip_suffix("[]") {
            Some(name) => Segment {
                name: name.to_owned(),
                is_list: true,
            },
            None => Segment {
                name: name.to_owned(),
                is_list: false,
            },
        })
        .collect();
    let odd = |segment: &Segment| {
        segment.name.is_empty()
            || segment.name.contains(['[', ']'])
            || segment.name.contains(char::is_whitespace)
    };
    let lists = segments.iter().filter(|segment| segment.is_list).count();
    let ends_in_a_list = segments.last().is_some_and(|segment| segment.is_list);
    if lists > 1 || ends_in_a_list || segments.iter().any(odd) {
        return Err(RowTrouble::Theirs(theirs.to_owned()));
    }
    Ok(segments)
}

/// `'text'`, a whole number, `true` or `false`.
fn read_constant(written: &str) -> Result<Body, RowTrouble> {
    let quoted = written
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    match (quoted, written) {
        (Some(text), _) => Ok(Body::Text(text.to_owned())),
        (None, "true") => Ok(Body::Flag(true)),
        (None, "false") => Ok(Body::Flag(false)),
        (None, digits) => match digits.parse::<i64>() {
            Ok(number) => Ok(Body::Number(number.to_string())),
            Err(_not_a_number) => Err(RowTrouble::Constant),
        },
    }
}

//! Fields of answers by their kinds: what has one sensible meaning is read as it is agreed and counted, what has none is named.
//!
//! A record's fields are a list of names and kinds. Reading by it gives a record exactly as agreed (texts as texts, dates as
//! `YYYY-MM-DD`, instants RFC 3339), whatever JSON's kinds and formats the province wrote; the rest of the program knows that one form.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

use super::forms;
use super::told::Told;

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Words or a number of somebody's; must be there.
    Text,
    /// The same, or nothing.
    OptionalText,
    /// The same, where nothing is the empty text.
    BlankText,
    /// One of a list of names.
    Code,
    /// One of a list of names, or none.
    OptionalCode,
    /// Yuan, or none.
    OptionalAmount,
    /// Yuan.
    Amount,
    /// A day.
    Date,
    /// A day, or none.
    OptionalDate,
    /// A moment.
    Instant,
    /// A moment of which the day alone may be told: then the day's beginning, the older of what it can be.
    InstantOrDay,
    /// A moment, or none.
    OptionalInstant,
    /// Yes or no.
    Flag,
    /// A whole number.
    Count,
    /// A whole number, or none.
    OptionalCount,
    /// A list of texts; nothing is an empty one.
    Texts,
    /// A list of records, each as agreed; nothing is an empty one.
    Records(&'static [Field]),
    /// A list of records of which one that cannot be read does not keep the others out.
    Each(&'static [Field]),
    /// A record, or none.
    OptionalRecord(&'static [Field]),
    /// A record, or none, or one that cannot be read.
    OptionalEach(&'static [Field]),
    /// A record that must be there.
    Record(&'static [Field]),
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Names the record even where something else of it cannot be read.
    pub(super) key: bool,
    /// May be left out, with the meaning of nothing.
    pub(super) may_lack: bool,
}

impl Field {
    pub(super) const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            key: false,
            may_lack: false,
        }
    }

    pub(super) const fn key(name: &'static str, kind: Kind) -> Self {
        Self {
            key: true,
            ..Self::new(name, kind)
        }
    }

    pub(super) const fn may_lack(name: &'static str, kind: Kind) -> Self {
        Self {
            may_lack: true,
            ..Self::new(name, kind)
        }
    }
}

/// How often which field was not as agreed and read all the same. Names alone: nothing of what stood there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Oddities(BTreeMap<&'static str, usize>);

impl Oddities {
    fn count(&mut self, field: &'static str) {
        *self.0.entry(field).or_default() += 1;
    }

    /// How many in all.
    pub(crate) fn sum(&self) -> usize {
        self.0.values().sum()
    }
}

impl std::fmt::Display for Oddities {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (number, (field, count)) in self.0.iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            write!(f, "{comma}{field} {count}")?;
        }
        Ok(())
    }
}

/// The field that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unreadable(pub(super) &'static str);

/// A value, and whether it had to be read otherwise than agreed.
type Read = (Value, bool);

/// The record as agreed.
pub(super) fn record(
    fields: &'static [Field],
    raw: &RawValue,
    odd: &mut Oddities,
) -> Result<Value, Unreadable> {
    if !raw.get().starts_with('{') {
        return Err(Unreadable("record"));
    }
    let told: BTreeMap<String, &RawValue> =
        serde_json::from_str(raw.get()).map_err(|_repeated| Unreadable("record"))?;
    let mut agreed = Map::new();
    for field in fields {
        let value = told.get(field.name).copied();
        if value.is_none() && !field.may_lack && !field.is_nothing_else() {
            return Err(Unreadable(field.name));
        }
        let (value, was_odd) = field.read(value, odd)?;
        if was_odd {
            odd.count(field.name);
        }
        agreed.insert(field.name.to_owned(), value);
    }
    Ok(Value::Object(agreed))
}

/// A record that is read, or what is known of one that is not: `{"record": …}`, `{"unreadable": {"field": …, "known": {…}}}`.
fn each(fields: &'static [Field], raw: &RawValue, odd: &mut Oddities) -> Value {
    let tagged = |tag: &str, value| Value::Object(Map::from_iter([(tag.to_owned(), value)]));
    let Unreadable(field) = match record(fields, raw, odd) {
        Ok(record) => return tagged("record", record),
        Err(unreadable) => unreadable,
    };
    let told: BTreeMap<String, &RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
    let known: Map<String, Value> = fields
        .iter()
        .filter(|field| field.key)
        .filter_map(|field| {
            let words = Told::of(told.get(field.name).copied()).words()?;
            Some((field.name.to_owned(), Value::String(words)))
        })
        .collect();
    let unreadable = Map::from_iter([
        ("field".to_owned(), Value::String(field.to_owned())),
        ("known".to_owned(), Value::Object(known)),
    ]);
    tagged("unreadable", Value::Object(unreadable))
}

impl Field {
    /// Nothing at all may stand for it as well as `null`.
    fn is_nothing_else(&self) -> bool {
        matches!(
            self.kind,
            Kind::OptionalText
                | Kind::OptionalCode
                | Kind::OptionalAmount
                | Kind::OptionalDate
                | Kind::OptionalInstant
                | Kind::OptionalCount
                | Kind::OptionalRecord(_)
                | Kind::OptionalEach(_)
        )
    }

    fn read(&self, raw: Option<&RawValue>, odd: &mut Oddities) -> Result<Read, Unreadable> {
        let told = Told::of(raw);
        let exact = |value: Value| Ok((value, false));
        match self.kind {
            Kind::Text => self.must(text(told)),
            Kind::OptionalText => Ok(text(told).unwrap_or_else(|| nothing(told))),
            Kind::BlankText => Ok(text(told).unwrap_or_else(|| {
                let odd = !matches!(told, Told::Text(_));
                (Value::String(String::new()), odd)
            })),
            Kind::Code => self.must(forms::code(told)),
            Kind::OptionalCode => self.or_nothing(told, forms::code),
            Kind::Amount => self.must(forms::amount(told)),
            Kind::OptionalAmount => self.or_nothing(told, forms::amount),
            Kind::Date => self.must(forms::date(told)),
            Kind::OptionalDate => self.or_nothing(told, forms::date),
            Kind::Instant => self.must(forms::instant(told)),
            Kind::InstantOrDay => {
                self.must(forms::instant(told).or_else(|| forms::day_begun(told)))
            }
            Kind::OptionalInstant => self.or_nothing(told, forms::instant),
            Kind::Flag => self.must(forms::flag(told, raw)),
            Kind::Count => self.must(count(told)),
            Kind::OptionalCount => self.or_nothing(told, count),
            Kind::Texts => {
                let list = self.list(told, raw)?.into_iter();
                let words = list.map(|one| self.must(forms::code(Told::of(Some(one)))));
                let words: Vec<Read> = words.collect::<Result<_, _>>()?;
                let was_odd = words.iter().any(|(_, odd)| *odd) || is_null(told, raw);
                Ok((words.into_iter().map(|(word, _)| word).collect(), was_odd))
            }
            Kind::Records(fields) => {
                let list = self.list(told, raw)?.into_iter();
                let records = list.map(|one| record(fields, one, odd));
                Ok((records.collect::<Result<_, _>>()?, is_null(told, raw)))
            }
            Kind::Each(fields) => {
                let list = self.list(told, raw)?.into_iter();
                Ok((
                    list.map(|one| each(fields, one, odd)).collect(),
                    is_null(told, raw),
                ))
            }
            Kind::Record(fields) => match raw {
                Some(raw) => exact(record(fields, raw, odd)?),
                None => Err(Unreadable(self.name)),
            },
            Kind::OptionalRecord(fields) => match (told, raw) {
                (Told::Other, Some(raw)) => exact(record(fields, raw, odd)?),
                _ => self.or_nothing(told, |_| None),
            },
            Kind::OptionalEach(fields) => match (told, raw) {
                (Told::Other, Some(raw)) => exact(each(fields, raw, odd)),
                _ => self.or_nothing(told, |_| None),
            },
        }
    }

    fn must(&self, read: Option<Read>) -> Result<Read, Unreadable> {
        read.ok_or(Unreadable(self.name))
    }

    /// Nothing, as `null` or as blank; or what can be read.
    fn or_nothing(
        &self,
        told: Told<'_>,
        read: impl Fn(Told<'_>) -> Option<Read>,
    ) -> Result<Read, Unreadable> {
        if is_nothing(told) {
            return Ok(nothing(told));
        }
        self.must(read(told))
    }

    fn list<'a>(
        &self,
        told: Told<'_>,
        raw: Option<&'a RawValue>,
    ) -> Result<Vec<&'a RawValue>, Unreadable> {
        match raw {
            Some(raw) if raw.get().starts_with('[') => {
                serde_json::from_str(raw.get()).map_err(|_broken| Unreadable(self.name))
            }
            _ if is_nothing(told) => Ok(Vec::new()),
            _ => Err(Unreadable(self.name)),
        }
    }
}

fn is_null(told: Told<'_>, raw: Option<&RawValue>) -> bool {
    raw.is_some() && is_nothing(told)
}

fn is_nothing(told: Told<'_>) -> bool {
    match told {
        Told::Nothing => true,
        Told::Text(_) => told.words().is_none(),
        Told::Number(_) | Told::Other => false,
    }
}

/// `""` for `null` is odd.
fn nothing(told: Told<'_>) -> Read {
    (Value::Null, !matches!(told, Told::Nothing))
}

fn text(told: Told<'_>) -> Option<Read> {
    let words = told.words()?;
    let as_agreed = matches!(told, Told::Text(raw) if raw.get().len() == words.len() + 2);
    let odd = !as_agreed && !matches!(told, Told::Text(raw) if raw.get().contains('\\'));
    Some((Value::String(words), odd))
}

fn count(told: Told<'_>) -> Option<Read> {
    let words = told.words()?;
    let whole = words.strip_suffix(".0").unwrap_or(&words);
    let number: i64 = whole.parse().ok()?;
    let as_agreed = matches!(told, Told::Number(_)) && whole == words;
    Some((Value::Number(Number::from(number)), !as_agreed))
}

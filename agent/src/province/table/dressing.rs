//! What we say, put into a province's form by the plan of its table.

use serde::Deserialize;
use serde_json::Value;

use super::body::Body;
use super::plan::{Plan, in_list};
use super::row::Source;
use super::vocabulary::{OurField, REGISTRATION_NUMBER};

/// Why a message could not be built: no table that passed its check and no record of ours leads here.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotDressed {
    /// The table has no rows for it.
    #[error("the table has no rows for this message")]
    NoRows,
    /// A field of ours is not there at all, which is not the same as holding nothing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A field of ours holds something that the format cannot say.
    #[error("{0} cannot be written in its format")]
    Unwritable(&'static str),
    /// It cannot be written down.
    #[error("not to be written as JSON")]
    Json(#[source] serde_json::Error),
}

/// How nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::province) enum Nothing {
    /// As `null`.
    Null,
    /// As an empty text.
    Blank,
    /// By leaving the field out.
    Absent,
}

/// What is said, and how nothing is.
pub(super) struct Said<'a> {
    pub(super) ours: &'a Value,
    /// 就医登记号, as a text; none where it is not known.
    pub(super) registration_number: Option<Value>,
    pub(super) nothing: Nothing,
}

/// One place of theirs, filled.
enum Filled {
    Value(Body),
    /// Always the same: says nothing of whether there is anything.
    Constant(Body),
    Nothing,
    /// The record of ours that the field lies in is not there.
    NoRecord,
}

/// The fields of one record of theirs.
pub(super) struct Fields {
    pub(super) named: Vec<(String, Body)>,
    /// Some lie in a record of ours that is not there.
    gone: bool,
    /// Some do not.
    there: bool,
}

/// What is found under a field of ours.
enum Found<'a> {
    Value(&'a Value),
    Nothing,
    NoRecord,
}

impl Said<'_> {
    /// The whole message.
    pub(super) fn message(&self, plan: &[(String, Plan)]) -> Result<Body, NotDressed> {
        Ok(Body::Record(self.fields(plan, None)?.named))
    }

    pub(super) fn fields(
        &self,
        plan: &[(String, Plan)],
        element: Option<&Value>,
    ) -> Result<Fields, NotDressed> {
        let mut filled = Fields {
            named: Vec::with_capacity(plan.len()),
            gone: false,
            there: false,
        };
        for (name, plan) in plan {
            let place = self.place(plan, element)?;
            filled.gone |= matches!(place, Filled::NoRecord);
            filled.there |= matches!(place, Filled::Value(_) | Filled::Nothing);
            let body = match place {
                Filled::Value(body) | Filled::Constant(body) => Some(body),
                Filled::Nothing | Filled::NoRecord => self.nothing(),
            };
            filled.named.extend(body.map(|body| (name.clone(), body)));
        }
        Ok(filled)
    }

    fn nothing(&self) -> Option<Body> {
        match self.nothing {
            Nothing::Null => Some(Body::Null),
            Nothing::Blank => Some(Body::Text(String::new())),
            Nothing::Absent => None,
        }
    }

    fn place(&self, plan: &Plan, element: Option<&Value>) -> Result<Filled, NotDressed> {
        match plan {
            Plan::Value(Source::Constant(body)) => Ok(Filled::Constant(body.clone())),
            Plan::Value(Source::Field(field, format)) => {
                let value = match self.find(field, element)? {
                    Found::Value(value) => value,
                    Found::Nothing => return Ok(Filled::Nothing),
                    Found::NoRecord => return Ok(Filled::NoRecord),
                };
                let body = format.write(value, field.holds);
                body.map(Filled::Value)
                    .ok_or(NotDressed::Unwritable(field.path))
            }
            Plan::Record(fields) => {
                let filled = self.fields(fields, element)?;
                // A record of theirs whose every field lies in a record of ours that is not there is not there either.
                if filled.gone && !filled.there {
                    return Ok(Filled::NoRecord);
                }
                Ok(Filled::Value(Body::Record(filled.named)))
            }
            Plan::List { of, each } => {
                let Some(Value::Array(elements)) = of.and_then(|list| self.ours.get(list)) else {
                    return Err(NotDressed::Missing(of.unwrap_or_default()));
                };
                let record = |element| Ok(Body::Record(self.fields(each, Some(element))?.named));
                let list = elements.iter().map(record).collect::<Result<_, _>>()?;
                Ok(Filled::Value(Body::List(list)))
            }
        }
    }

    fn find<'a>(
        &'a self,
        field: &OurField,
        element: Option<&'a Value>,
    ) -> Result<Found<'a>, NotDressed> {
        let path: &'static str = field.path;
        if path == REGISTRATION_NUMBER {
            let known = self.registration_number.as_ref();
            return Ok(known.map_or(Found::Nothing, Found::Value));
        }
        let (list, inside) = in_list(path);
        let mut at = match (list, element) {
            (Some(_), Some(element)) => element,
            (Some(_), None) => return Err(NotDressed::Missing(path)),
            (None, _) => self.ours,
        };
        let mut names = inside.split('.').peekable();
        while let Some(name) = names.next() {
            at = at.get(name).ok_or(NotDressed::Missing(path))?;
            if at.is_null() {
                return Ok(if names.peek().is_some() {
                    Found::NoRecord
                } else {
                    Found::Nothing
                });
            }
        }
        Ok(Found::Value(at))
    }
}

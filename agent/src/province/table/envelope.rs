//! The envelope of a table: names side by side, one of them the message's body, one the signature over the others.

use serde_json::{Map, Value};

use super::body::Body;
use super::dressing::{NotDressed, Nothing, Said};
use super::fault::{RowFault, RowTrouble};
use super::format::Formats;
use super::messages::Unchecked;
use super::plan::Plan;
use super::row::Source;
use super::vocabulary::{BODY, ENVELOPE, SIGNATURE};

/// What the table calls the envelope.
const NAME: &str = "envelope";

/// The envelope around every message.
#[derive(Debug, Clone)]
pub(in crate::province) struct Envelope {
    plan: Vec<(String, Plan)>,
    /// Under which of their names the body stands.
    body: String,
    /// Under which the signature.
    signature: String,
}

/// An envelope that lacks its signature and its body.
pub(in crate::province) struct Unsigned<'a> {
    envelope: &'a Envelope,
    fields: Vec<(String, Body)>,
}

impl Envelope {
    /// Checks all rows of `text`; every fault is told.
    pub(in crate::province) fn of(
        unchecked: &Unchecked,
        formats: &Formats,
        text: &str,
    ) -> Result<Self, Vec<RowFault>> {
        let (plan, found) = unchecked.checked(ENVELOPE, formats, text);
        let mut faults: Vec<RowFault> = found
            .into_iter()
            .map(|(line, why)| fault(line, why))
            .collect();
        let nested = plan.iter().filter(|(_, plan)| match plan {
            Plan::Value(_) => false,
            Plan::Record(_) | Plan::List { .. } => true,
        });
        faults.extend(nested.map(|(name, _)| fault(None, RowTrouble::Theirs(name.clone()))));
        let place = |wanted: &str| {
            let stands = |plan: &Plan| match plan {
                Plan::Value(Source::Field(field, _)) => field.path == wanted,
                Plan::Value(Source::Constant(_)) | Plan::Record(_) | Plan::List { .. } => false,
            };
            let found = plan.iter().find(|(_, plan)| stands(plan));
            found.map(|(name, _)| name.clone())
        };
        match (place(BODY), place(SIGNATURE)) {
            (Some(body), Some(signature)) if faults.is_empty() => Ok(Self {
                plan,
                body,
                signature,
            }),
            (body, signature) => {
                // Whoever has other rows to mend mends them first.
                if faults.is_empty() {
                    let missing = [(BODY, body), (SIGNATURE, signature)];
                    let missing = missing.into_iter().filter(|(_, place)| place.is_none());
                    faults.extend(
                        missing
                            .map(|(name, _)| fault(None, RowTrouble::MustStand(name.to_owned()))),
                    );
                }
                Err(faults)
            }
        }
    }

    /// With these `@` values, save signature and body.
    pub(in crate::province) fn with(
        &self,
        mut values: Map<String, Value>,
    ) -> Result<Unsigned<'_>, NotDressed> {
        for later in [BODY, SIGNATURE] {
            values.insert(later.to_owned(), Value::from(""));
        }
        let ours = Value::Object(values);
        let said = Said {
            ours: &ours,
            registration_number: None,
            nothing: Nothing::Blank,
        };
        Ok(Unsigned {
            envelope: self,
            fields: said.fields(&self.plan, None)?.named,
        })
    }
}

fn fault(line: Option<usize>, why: RowTrouble) -> RowFault {
    RowFault {
        message: NAME.to_owned(),
        line,
        why,
    }
}

impl Unsigned<'_> {
    /// Names and values that the signature is over, in the table's order: all but the signature and the body.
    pub(in crate::province) fn signed(&self) -> Vec<(&str, String)> {
        let (body, signature) = (&self.envelope.body, &self.envelope.signature);
        self.fields
            .iter()
            .filter(|(name, _)| name != body && name != signature)
            .map(|(name, value)| (name.as_str(), value.words()))
            .collect()
    }

    /// The whole message as JSON, its body as it is.
    pub(in crate::province) fn whole(
        self,
        signature: &str,
        body: &str,
    ) -> Result<String, NotDressed> {
        let mut fields = self.fields;
        for (name, value) in &mut fields {
            if *name == self.envelope.body {
                *value = Body::Written(body.to_owned());
            } else if *name == self.envelope.signature {
                *value = Body::Text(signature.to_owned());
            }
        }
        Body::Record(fields).json().map_err(NotDressed::Json)
    }
}

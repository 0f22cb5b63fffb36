//! Cases that earlier versions of the program kept as evidence, brought to today's format.

use std::borrow::Cow;

use serde::Deserialize;

use super::wire::{self, Object, Text, nullable};
use crate::case::people::{CredentialFault, CredentialKind, Verified};

/// A case as rule set 1 had it.
pub(super) type CaseFirst<'a> = wire::Case<'a, CredentialFirst<'a>>;

/// A credential as rule set 1 had it: at fault or not, and believed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CredentialFirst<'a> {
    #[serde(borrow)]
    kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    social_security_number: Option<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    name: Option<Text<'a>>,
    fault: bool,
}

impl<'a> CaseFirst<'a> {
    /// The same case in today's format.
    pub(super) fn brought_up(self) -> wire::Case<'a> {
        wire::Case {
            profile: self.profile,
            at: self.at,
            gate: self.gate,
            registry_as_of: self.registry_as_of,
            institution: self.institution,
            credential: Object(self.credential.0.brought_up()),
            worker: self.worker,
            filings: self.filings,
            visit: self.visit,
            devices: self.devices,
            bill: self.bill,
            catalogue: self.catalogue,
        }
    }
}

impl<'a> CredentialFirst<'a> {
    /// A fault beside a card that was read said nothing; and what was read was believed as if it had been confirmed.
    fn brought_up(self) -> wire::Credential<'a> {
        let word = |word: &'static str| Text(Cow::Borrowed(word));
        let fault = self.fault && self.kind.0 == "none";
        let believed = CredentialKind::parse(&self.kind.0).is_ok_and(CredentialKind::settles);
        wire::Credential {
            kind: self.kind,
            social_security_number: self.social_security_number,
            name: self.name,
            fault: fault.then(|| word(CredentialFault::Credential.name())),
            verified: word(
                if believed {
                    Verified::Now
                } else {
                    Verified::No
                }
                .name(),
            ),
        }
    }
}

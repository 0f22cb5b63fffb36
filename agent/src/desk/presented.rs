//! Who was read last: a card or code, whom it says or the province names, and how long that counts.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rules::{Credential, CredentialKind, OnCard, PersonName, SocialSecurityNumber, Verified};

use super::confirmation::{ConfirmedBy, Named, PresentedCard};
use super::trouble::CardRemark;
use crate::records;
use crate::records::credential::CardKey;
use crate::records::version::Version;

/// A credential presented longer ago than this must be presented again: whoever stands there now may be another. Whether
/// the card still lies in the reader is not asked: people take it back at once (a reading: N33 gives no figure).
const STALE_AFTER: SignedDuration = SignedDuration::from_mins(30);

/// Names one reading: what was decided for one is not done for another that took its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentationStamp(String);

impl From<String> for PresentationStamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Display for PresentationStamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a card or code read then still identifies the person at the counter now. A time later than now was taken
/// before the clock was set back: how long ago is not known. In whole milliseconds, as transactions keep their time.
pub(crate) fn still_speaks(read_at: Timestamp, now: Timestamp) -> bool {
    let age = SignedDuration::from_millis(now.as_millisecond() - read_at.as_millisecond());
    !age.is_negative() && age < STALE_AFTER
}

/// Until when a reading made then still identifies the person at the counter.
pub(crate) fn speaks_until(read_at: Timestamp) -> Timestamp {
    read_at
        .saturating_add(STALE_AFTER)
        .unwrap_or(Timestamp::MAX)
}

/// A card or code that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// Which form.
    pub kind: CredentialKind,
    /// 社会保障号码 of its holder: whom the province named; where it did not answer, whom the card names.
    pub social_security_number: SocialSecurityNumber,
    /// 姓名, in the same way.
    pub name: PersonName,
    /// By what it was confirmed, for as long as this presentation lasts.
    pub confirmed_by: ConfirmedBy,
    /// The card, where it is one.
    pub card: Option<PresentedCard>,
    /// When it was read.
    pub at: Timestamp,
    /// From its being seen to the identity.
    pub took: Duration,
    /// The card was taken out since.
    pub drawn: bool,
    /// What is odd about it.
    pub remarks: Vec<CardRemark>,
}

/// A card that was read and names nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unnamed {
    pub(crate) card: PresentedCard,
    /// When it was read.
    pub(crate) at: Timestamp,
    /// From its being seen to the end of the read.
    pub(crate) took: Duration,
}

impl Unnamed {
    /// The same card, taken for this person's until a visit says whether it is.
    pub(crate) fn taken_for(self, (social_security_number, name): Named) -> Presented {
        Presented {
            kind: CredentialKind::SocialSecurityCard,
            social_security_number,
            name,
            confirmed_by: ConfirmedBy::Nobody,
            card: Some(self.card),
            at: self.at,
            took: self.took,
            drawn: false,
            remarks: Vec::new(),
        }
    }
}

impl Presented {
    /// Whether it was read too long ago to speak for whoever stands at the counter now.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        !still_speaks(self.at, now)
    }

    /// Names this reading.
    pub fn stamp(&self) -> PresentationStamp {
        PresentationStamp(self.at.as_nanosecond().to_string())
    }

    /// As the rules take it.
    pub fn credential(&self) -> Credential {
        Credential::Presented {
            kind: self.kind,
            social_security_number: self.social_security_number.clone(),
            name: self.name.clone(),
            verified: self.confirmed_by.verified(),
        }
    }

    /// Whether this still stands where `other` of the same person, read later, would only be worth less.
    pub(super) fn outweighs(&self, other: &Self) -> bool {
        other.kind == CredentialKind::IdentityCard
            && self.kind != CredentialKind::IdentityCard
            && self
                .social_security_number
                .agrees_with(&other.social_security_number)
            && other.at.duration_since(self.at) < STALE_AFTER
    }
}

impl Presented {
    /// What is kept of it beside the case that it was judged in.
    pub(crate) fn evidence(&self) -> records::credential::Credential {
        records::credential::Credential {
            version: Version,
            kind: self.kind.name().to_owned(),
            social_security_number: self.social_security_number.as_str().to_owned(),
            name: self.name.as_str().to_owned(),
            confirmed_by: self.confirmed_by.name().to_owned(),
            card: self.card.as_ref().map(PresentedCard::evidence),
        }
    }

    /// The card that the province, or a PSAM, confirmed in this presentation.
    pub(crate) fn confirmed_card(&self) -> Option<&CardKey> {
        match self.confirmed_by.verified() {
            Verified::Now => self.card.as_ref()?.key.as_ref(),
            Verified::Earlier | Verified::No => None,
        }
    }

    /// What the card says beside who it was taken for.
    pub(crate) fn on_card(&self) -> Option<OnCard> {
        self.card.as_ref()?.says.clone()
    }

    /// The same, where nobody confirmed it now, as a card that was confirmed for this visit before: its holder is the visit's.
    pub(crate) fn for_visit(self, holder: Named, confirmed: &[CardKey]) -> Self {
        let key = self.card.as_ref().and_then(|card| card.key.as_ref());
        if self.confirmed_by != ConfirmedBy::Nobody
            || !key.is_some_and(|key| confirmed.contains(key))
        {
            return self;
        }
        Self {
            social_security_number: holder.0,
            name: holder.1,
            confirmed_by: ConfirmedBy::SameCard,
            ..self
        }
    }
}

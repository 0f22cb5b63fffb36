//! Who confirmed a card or code, how the card was opened, and what it says of itself: what stands behind B06, kept as evidence.
//!
//! What a card says of itself proves nothing (B06). Number and name are those that the province answers; where the
//! card says otherwise B02 is told, and both are kept. How the card was confirmed (cryptogram, PSAM, or number and
//! card id, which can be copied) stands in the evidence. In an outage a card that was confirmed for this visit, at
//! its admission or at a quote since, still settles, and reading EF05 is enough.

use drivers::card::{CardIdentity, InternalAnswer, OpenedBy};
use rules::{OnCard, PersonName, SocialSecurityNumber, Verified};

use crate::records;
use crate::records::credential::{CardKey, Says};
use crate::redacted::closed_debug;

/// The key of a card whose number can be read.
pub(crate) fn key_of(card: &CardIdentity) -> Option<CardKey> {
    let number = card.face.card_number.as_ref()?;
    Some(CardKey {
        number: number.as_str().to_owned(),
        id: card.face.card_id.to_hex(),
    })
}

/// By what a card or code was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmedBy {
    /// The province, which verified what the card answered to internal authentication.
    Cryptogram,
    /// A PSAM in the reader; the province did not answer.
    Psam,
    /// The province, by card number and card id alone: both can be copied.
    NumberAndId,
    /// The province, which redeemed the code.
    Code,
    /// The same card as was confirmed for this visit before; the province did not answer.
    SameCard,
    /// Nobody.
    Nobody,
}

impl ConfirmedBy {
    /// What it is to rule B06.
    pub fn verified(self) -> Verified {
        match self {
            Self::Cryptogram | Self::Psam | Self::NumberAndId | Self::Code => Verified::Now,
            Self::SameCard => Verified::Earlier,
            Self::Nobody => Verified::No,
        }
    }

    /// What the province's yes rests on.
    pub(crate) fn by_province(answered: Option<&InternalAnswer>) -> Self {
        match answered {
            Some(_) => Self::Cryptogram,
            None => Self::NumberAndId,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cryptogram => "cryptogram",
            Self::Psam => "psam",
            Self::NumberAndId => "number_and_id",
            Self::Code => "code",
            Self::SameCard => "same_card",
            Self::Nobody => "nobody",
        }
    }
}

/// A social security card as it was presented.
#[derive(Clone, PartialEq, Eq)]
pub struct PresentedCard {
    /// None where its number is blank: then nobody can be asked about it.
    pub(crate) key: Option<CardKey>,
    /// How its holder's file came to be read.
    pub(crate) opened_by: OpenedBy,
    /// What it says of its holder, where it could be read.
    pub(crate) says: Option<OnCard>,
}

/// Whoever a card or code is, by whom that is said.
pub(crate) type Named = (SocialSecurityNumber, PersonName);

impl PresentedCard {
    pub(super) fn evidence(&self) -> records::credential::Card {
        records::credential::Card {
            key: self.key.clone(),
            opened_by: match self.opened_by {
                OpenedBy::Free => "free",
                OpenedBy::Psam => "psam",
                OpenedBy::Relay => "relay",
                OpenedBy::VendorLibrary => "vendor_library",
                OpenedBy::Withheld(_) => "not",
            }
            .to_owned(),
            says: self.says.as_ref().map(|says| Says {
                social_security_number: says.social_security_number.as_str().to_owned(),
                name: says.name.as_ref().map(|name| name.as_str().to_owned()),
            }),
        }
    }
}

closed_debug!(PresentedCard);

#[cfg(test)]
impl PresentedCard {
    /// A card with this number that says this of its holder and asked for no authentication.
    pub(crate) fn for_tests(number: &str, says: (&str, &str)) -> Self {
        let parsed = SocialSecurityNumber::parse(says.0);
        Self {
            key: Some(CardKey {
                number: number.to_owned(),
                id: "320100D15600000500000001FFFFFFFF".to_owned(),
            }),
            opened_by: OpenedBy::Free,
            says: parsed.ok().map(|social_security_number| OnCard {
                social_security_number,
                name: Some(PersonName::new(says.1)),
            }),
        }
    }
}

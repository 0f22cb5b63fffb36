//! What a setting of a profile may be, and what it stands on.

use crate::case::division::Province;
use crate::error::ParseError;
use crate::named::named_enum;

named_enum! {
    /// What becomes of a stay that began before the institution's agreement ended (an interpretation).
    pub enum InpatientsAfterSuspension {
        /// Hold and ask the agency.
        Ask = "ask",
        /// Refuse, as for any institution without an agreement.
        Refuse = "refuse",
        /// Settle, with a warning.
        Allow = "allow",
    }
}

named_enum! {
    /// What becomes of a card or code that nobody has confirmed now, where it settles (an interpretation of notice 6(3)).
    pub enum UnverifiedCard {
        /// Hold until it is confirmed.
        Hold = "hold",
        /// Hold, but for the same card as was confirmed for this visit before.
        SameCard = "same_card",
        /// Settle, with a warning.
        Allow = "allow",
    }
}

named_enum! {
    /// Whose commit is the settlement (an interpretation of national 33).
    pub enum SettlementAuthority {
        /// This terminal's; the record follows within the minutes set.
        Terminal = "terminal",
        /// The platform's answer.
        Platform = "platform",
    }
}

/// A value of the profile with what it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// The article, cited as results cite it: `hunan:12(2)`.
    pub reference: String,
    /// The project's choice where the text is silent: never said as the law's word.
    pub interpretation: bool,
}

/// How long filings of one insured province are valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidityMonths {
    /// The insured province.
    pub province: Province,
    /// Months for a transfer 转诊转院.
    pub transfer: u8,
    /// Months for long residence and resident work.
    pub others: u8,
}

/// A profile that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not TOML, or not a profile's fields.
    #[error("the profile cannot be read: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A value outside what its field admits.
    #[error("the profile's {knob}: {error}")]
    Value {
        /// The field.
        knob: &'static str,
        /// What it admits.
        error: ParseError,
    },
    /// Intra-province settlement is open and nothing says by when its records are due.
    #[error("the profile opens intra_province and needs upload_minutes_intra")]
    NoIntraDeadline,
}

/// A value of the knob, or what is wrong with it.
pub(super) fn named<T>(knob: &'static str, read: Result<T, ParseError>) -> Result<T, ProfileError> {
    read.map_err(|error| ProfileError::Value { knob, error })
}

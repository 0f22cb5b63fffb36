//! The institution at whose counter the worker stands, as the library of institutions has it (national 17, Hunan 14).

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::division::DivisionCode;
use super::visit::VisitKind;
use crate::named::named_enum;

named_enum! {
    /// Whether the institution's agreement stands.
    pub enum InstitutionStatusName {
        /// The agreement stands.
        Active = "active",
        /// 中止.
        Suspended = "suspended",
        /// 终止.
        Terminated = "terminated",
        /// 停业或歇业.
        Closed = "closed",
    }
}

/// Whether the institution's agreement stands, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstitutionStatus {
    /// The agreement stands.
    Active {
        /// Since when, where the library says so.
        since: Option<Date>,
    },
    /// 中止.
    Suspended {
        /// First day without the agreement.
        since: Date,
    },
    /// 终止.
    Terminated {
        /// First day without the agreement.
        since: Date,
    },
    /// 停业或歇业.
    Closed {
        /// First day without the agreement.
        since: Date,
    },
}

impl InstitutionStatus {
    /// Its name in the case format.
    pub const fn name(self) -> InstitutionStatusName {
        match self {
            Self::Active { .. } => InstitutionStatusName::Active,
            Self::Suspended { .. } => InstitutionStatusName::Suspended,
            Self::Terminated { .. } => InstitutionStatusName::Terminated,
            Self::Closed { .. } => InstitutionStatusName::Closed,
        }
    }

    /// The first day without an agreement; none where it stands.
    pub const fn inactive_since(self) -> Option<Date> {
        match self {
            Self::Active { .. } => None,
            Self::Suspended { since } | Self::Terminated { since } | Self::Closed { since } => {
                Some(since)
            }
        }
    }
}

named_enum! {
    /// A way of settling that an institution's agreement may cover.
    pub enum AgreedChannel {
        /// 跨省异地就医直接结算.
        CrossProvince = "cross_province",
        /// 省内异地就医直接结算.
        IntraProvince = "intra_province",
    }
}

/// The institution as the library has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Institution {
    /// Where it lies: the treatment place 就医地.
    pub division: DivisionCode,
    /// Whether its agreement stands.
    pub standing: InstitutionStatus,
    /// The channels it is in the library for.
    pub channels: BTreeSet<AgreedChannel>,
    /// The kinds of visit its agreement covers.
    pub kinds: BTreeSet<VisitKind>,
}

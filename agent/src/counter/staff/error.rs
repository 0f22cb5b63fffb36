//! Why somebody was not signed in, or the list of people not changed.

use crate::records::staff::Role;

/// Why somebody was not signed in, or the list of people not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StaffError {
    /// No such number, or not its password: which of them is not said.
    #[error("number or password is wrong")]
    NotRight {
        /// How many tries are left before the number is locked; none where it is nobody's.
        left: Option<u32>,
    },
    /// Too many wrong passwords.
    #[error("locked for {minutes} more minutes")]
    Locked {
        /// How long still.
        minutes: u64,
    },
    /// The person may not sign in any more.
    #[error("the person is disabled")]
    Disabled,
    /// They lack the role that this needs.
    #[error("role {} is missing", .0.name())]
    RoleMissing(Role),
    /// It takes two persons, and there is no second.
    #[error("no second person: {0:?}")]
    Second(SecondFault),
    /// A password that is not to be chosen.
    #[error("the password cannot be taken: {0:?}")]
    Password(PasswordFault),
    /// Another person has this number.
    #[error("the number is taken")]
    NumberTaken,
    /// Not a number that people have.
    #[error("not a staff number")]
    NotANumber,
    /// Nobody has this number.
    #[error("nobody has this number")]
    Unknown,
    /// No role was given.
    #[error("no role")]
    NoRole,
    /// Nobody would be left who keeps the list.
    #[error("the last administrator")]
    LastAdministrator,
    /// No people are set up here.
    #[error("no people are set up")]
    NoneYet,
    /// The hash could not be computed.
    #[error("no hash: {0}")]
    Hash(String),
}

/// Why somebody is not the second person of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFault {
    /// Nobody gave a number.
    Missing,
    /// It is the first person again.
    SamePerson,
    /// They have not chosen a password of their own yet.
    NotReady,
}

/// What is wrong with a password that somebody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer characters than the configuration asks for.
    Short {
        /// How many it asks for.
        least: u8,
    },
    /// More characters than anybody types.
    Long,
    /// Of too few kinds: capitals, small letters, digits, others.
    Plain {
        /// How many kinds the configuration asks for.
        kinds: u8,
    },
    /// It contains the number or the name.
    OwnName,
    /// It was one of the last ones.
    UsedBefore,
    /// The two entries differ.
    Differ,
    /// A character that is no visible one.
    Unseen,
}

//! What a social security card says: 《社会保障（个人）卡规范》, the application SSSE with its files EF05 and EF06.

mod date;
pub(crate) mod hex;
mod identity;
mod number;

pub use date::CardDate;
pub use identity::{
    CardFace, CardIdentity, CardVersion, Holder, OpenedBy, Remark, WithheldBecause,
};
pub use number::{CardId, CardNumber, Malformed, SocialSecurityNumber};

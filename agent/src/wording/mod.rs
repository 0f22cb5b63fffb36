//! What people read: the notice that every error becomes, and the regulation's nouns in Chinese.

pub(crate) mod card;
pub(crate) mod code;
pub(crate) mod counter;
pub mod notice;
mod province;
mod registry;
pub mod terms;

//! The people of this counter: who they are, how they sign in, who keeps the list.

pub(crate) mod error;
pub(crate) mod journal;
pub(crate) mod manage;
pub(crate) mod password;
pub(crate) mod people;
pub(crate) mod roster;
pub(crate) mod second;
pub(crate) mod sign_in;

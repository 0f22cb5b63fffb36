//! Who may come in: the account behind a connection, how much it may hold, and who operates the counter.

pub mod callers;
pub mod operators;
pub(crate) mod room;

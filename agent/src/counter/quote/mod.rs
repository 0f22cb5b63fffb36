//! The bill of a stay, split and held for the settling of it.
//!
//! A line dated outside the stay, and a bill without lines, are refused before anything is quoted (an interpretation:
//! the rules judge no line's date against the stay). A line of another visit would otherwise be paid with this one. A
//! quote rests on one presentation of a credential: it is settled while that one holds and the visit has no later
//! quote.

pub(crate) mod before;
pub(crate) mod check;
pub(crate) mod checked;
pub(crate) mod error;
pub(crate) mod file;
pub(crate) mod make;
pub(crate) mod marks;
pub(crate) mod part;
pub(crate) mod parts;
pub(crate) mod quoted;
pub(crate) mod vouch;

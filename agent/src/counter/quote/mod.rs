//! The bill of a stay, split and held for the settling of it.

pub(crate) mod make;
pub(crate) mod vouch;

//! How the counter's own means are found (ledger, disk, clock, journal), and what a person says or asks of them.

pub(crate) mod clock;
pub(crate) mod disk;
pub(crate) mod error;
pub(crate) mod journal;
pub(crate) mod ledger;
pub(crate) mod state;

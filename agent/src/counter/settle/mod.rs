//! Settling: judged again, committed with its evidence, its journal entry and its uploads, and only then shown.
//!
//! The regulation speaks of the networked settlement in the province's system (N33). Here the commit of the agent is
//! that settlement: an interpretation, and a setting of the profile.

mod act;
pub(crate) mod error;
mod remember;
mod view;

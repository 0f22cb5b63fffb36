//! Between our records and what goes over the wire: answers are read into records, records are dressed as bodies.

pub(super) mod answers;
pub mod dress;

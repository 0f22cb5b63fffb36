//! A case and its decision as text, as they are kept as evidence.

use rules::{Case, Decision, case_format};

use crate::counter::error::CounterError;

/// The canonical case, as it is kept as evidence.
pub(crate) fn case_text(case: &Case) -> Result<String, CounterError> {
    String::from_utf8(case_format::write_case(case)).map_err(CounterError::Evidence)
}

/// The decision, as it is kept as evidence.
pub(crate) fn decision_text(decision: &Decision) -> Result<String, CounterError> {
    String::from_utf8(case_format::write_decision(decision)).map_err(CounterError::Evidence)
}

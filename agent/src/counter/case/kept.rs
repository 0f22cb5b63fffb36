//! A case and its decision as text, as they are kept as evidence.

use rules::{Case, Decision, RuleSet, case_format};

use crate::counter::error::CounterError;
use crate::records::visit::Opening;

/// The canonical case, as it is kept as evidence.
pub(crate) fn case_text(case: &Case) -> Result<String, CounterError> {
    String::from_utf8(case_format::write_case(case)).map_err(CounterError::Evidence)
}

/// The decision, as it is kept as evidence.
pub(crate) fn decision_text(decision: &Decision) -> Result<String, CounterError> {
    String::from_utf8(case_format::write_decision(decision)).map_err(CounterError::Evidence)
}

/// The case that a visit's admission was decided on.
pub(crate) fn opening_case(opening: &Opening) -> Result<Case, CounterError> {
    let rule_set = RuleSet::parse(&opening.rule_set).map_err(CounterError::LedgerValue)?;
    Ok(case_format::parse_kept_case(
        opening.case.as_bytes(),
        rule_set,
    )?)
}

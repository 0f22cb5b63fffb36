//! Points where tests can end the process as a power cut would: built only with the feature `failpoints`.

/// Ends the process at once where `SETTLEMENT_AGENT_FAILPOINT` names this point.
pub fn reached(point: &str) {
    if std::env::var_os("SETTLEMENT_AGENT_FAILPOINT").is_some_and(|named| named == *point) {
        std::process::abort();
    }
}

//! Points where tests can end the process as a power cut or a bug would, or hold it up: built only with the feature `failpoints`.

/// Ends the process at once where `SETTLEMENT_AGENT_FAILPOINT` names this point.
pub fn reached(point: &str) {
    if std::env::var_os("SETTLEMENT_AGENT_FAILPOINT").is_some_and(|named| named == *point) {
        std::process::abort();
    }
}

/// Waits, where `SETTLEMENT_AGENT_FAILPOINT_HOLD` says `POINT=FIFO` for this point and `here`, until somebody has opened that
/// FIFO for writing and closed it again: opening it tells the test that the point was reached.
pub fn hold(point: &str, here: bool) {
    let named = std::env::var("SETTLEMENT_AGENT_FAILPOINT_HOLD").unwrap_or_default();
    if let Some((name, fifo)) = named.split_once('=')
        && here
        && name == point
        && let Err(error) = std::fs::read(fifo)
    {
        tracing::error!(%error, point, "the failpoint cannot wait");
    }
}

/// Panics where `SETTLEMENT_AGENT_FAILPOINT_PANIC` names this loop.
///
/// # Panics
/// As a bug would.
pub fn panics(name: &str) {
    let named = std::env::var_os("SETTLEMENT_AGENT_FAILPOINT_PANIC");
    assert!(named.is_none_or(|named| named != *name), "the failpoint");
}

/// Whether `SETTLEMENT_AGENT_FAILPOINT_STALL` names this loop: it is to stand still for ever.
pub fn stalls(name: &str) -> bool {
    std::env::var_os("SETTLEMENT_AGENT_FAILPOINT_STALL").is_some_and(|named| named == *name)
}

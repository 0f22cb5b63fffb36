//! Nobody waits any longer: whatever is to be tried again later may be tried now.

use rusqlite::{Transaction, params};

use crate::{Deadline, Moment, QueueError};

/// Ends every wait, that of the way to the far side too; what is being sent goes on as it was, and a lane's order stays. Gives
/// back how many uploads waited.
pub fn hasten(tx: &Transaction<'_>, now: &Moment) -> Result<usize, QueueError> {
    let at_once = Deadline::at(now.civil, now);
    let values = params![at_once.civil_ms, at_once.boot_id, at_once.boottime_ms];
    let hastened = tx
        .prepare_cached(
            "UPDATE queue_upload SET until_civil = ?1, until_boot = ?2, until_boottime = ?3 WHERE state = 'waiting'",
        )?
        .execute(values)?;
    tx.prepare_cached("UPDATE queue_way SET try_boot = ?1, try_boottime = ?2")?
        .execute(params![at_once.boot_id, at_once.boottime_ms])?;
    Ok(hastened)
}

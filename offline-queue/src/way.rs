//! The way to the far side: shut where nothing gets through, tried by one upload at a time, and open again with the first one taken.

use std::time::Duration;

use rusqlite::{OptionalExtension, Transaction, params};

use crate::attempt::LeaseToken;
use crate::moment::whole_ms;
use crate::{Moment, QueueError};

/// The way as it stands.
pub(crate) struct Way {
    shut: bool,
    /// Not to be tried before this, in milliseconds of this boot.
    try_boot: String,
    try_boottime: i64,
    /// Whoever tries it, as long as the lease is out.
    trying: Option<i64>,
    /// Uploads taken so far.
    pub(crate) taken: i64,
}

impl Way {
    pub(crate) fn read(tx: &rusqlite::Connection) -> Result<Self, QueueError> {
        let way = tx
            .prepare_cached("SELECT shut, try_boot, try_boottime, trying, taken FROM queue_way")?
            .query_row([], |row| {
                Ok(Self {
                    shut: row.get(0)?,
                    try_boot: row.get(1)?,
                    try_boottime: row.get(2)?,
                    trying: row.get(3)?,
                    taken: row.get(4)?,
                })
            })?;
        Ok(way)
    }

    /// Whether an upload may be handed out now.
    pub(crate) fn admits(
        &self,
        tx: &rusqlite::Connection,
        now: &Moment,
    ) -> Result<bool, QueueError> {
        Ok(self.wait(tx, now)?.is_some_and(|wait| wait.is_zero()))
    }

    /// How long until an upload may be handed out; none while one tries the way.
    pub(crate) fn wait(
        &self,
        tx: &rusqlite::Connection,
        now: &Moment,
    ) -> Result<Option<Duration>, QueueError> {
        if !self.shut {
            return Ok(Some(Duration::ZERO));
        }
        if let Some(trying) = self.trying {
            let out = tx
                .prepare_cached(
                    "SELECT 1 FROM queue_upload WHERE sequence = ?1 AND state = 'leased'",
                )?
                .query_row([trying], |_row| Ok(()))
                .optional()?;
            if out.is_some() {
                return Ok(None);
            }
        }
        if self.try_boot != now.boot_id {
            return Ok(Some(Duration::ZERO));
        }
        let left = self.try_boottime.saturating_sub(whole_ms(now.boottime));
        Ok(Some(Duration::from_millis(
            u64::try_from(left).unwrap_or(0),
        )))
    }

    /// While it is shut, whoever is handed out tries it.
    pub(crate) fn lent(&self, tx: &Transaction<'_>, sequence: i64) -> Result<(), QueueError> {
        if self.shut {
            tx.prepare_cached("UPDATE queue_way SET trying = ?1")?
                .execute([sequence])?;
        }
        Ok(())
    }

    /// An attempt did not get through. The way is shut by it, unless another upload was taken since it began. Gives back
    /// whether it is shut now.
    pub(crate) fn not_through(
        &self,
        tx: &Transaction<'_>,
        token: LeaseToken,
        now: &Moment,
        wait: Duration,
    ) -> Result<bool, QueueError> {
        if self.shut {
            self.tried(tx, token, now, wait)?;
            return Ok(true);
        }
        if token.taken_before != self.taken {
            return Ok(false);
        }
        put_off(tx, true, now, wait)?;
        Ok(true)
    }

    /// An attempt ended without having been taken: where it tried the way, the next one waits.
    pub(crate) fn tried(
        &self,
        tx: &Transaction<'_>,
        token: LeaseToken,
        now: &Moment,
        wait: Duration,
    ) -> Result<(), QueueError> {
        if self.shut && self.trying == Some(token.sequence) {
            put_off(tx, true, now, wait)?;
        }
        Ok(())
    }

    /// An upload was taken: the way is open, and whoever waited for that goes in its turn.
    pub(crate) fn open(tx: &Transaction<'_>, now: &Moment) -> Result<(), QueueError> {
        put_off(tx, false, now, Duration::ZERO)?;
        tx.prepare_cached("UPDATE queue_way SET taken = taken + 1")?
            .execute([])?;
        tx.prepare_cached(
            "UPDATE queue_upload SET until_civil = ?1, until_boot = ?2, until_boottime = ?3
             WHERE state NOT IN ('delivered', 'set_aside') AND state = 'waiting' AND held IN ('not_sent', 'later')",
        )?
        .execute(params![
            now.civil.as_millisecond(),
            now.boot_id,
            whole_ms(now.boottime)
        ])?;
        Ok(())
    }
}

fn put_off(
    tx: &Transaction<'_>,
    shut: bool,
    now: &Moment,
    wait: Duration,
) -> Result<(), QueueError> {
    tx.prepare_cached(
        "UPDATE queue_way SET shut = ?1, trying = NULL, try_boot = ?2, try_boottime = ?3",
    )?
    .execute(params![
        shut,
        now.boot_id,
        whole_ms(now.boottime).saturating_add(whole_ms(wait))
    ])?;
    Ok(())
}

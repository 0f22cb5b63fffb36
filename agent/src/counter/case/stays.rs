//! Stays that the same worker has settled here and that overlap the one in hand (F08).

use jiff::Timestamp;
use rules::Settled;
use rusqlite::Connection;

use crate::counter::Counter;
use crate::counter::case::remarks::SettledStay;
use crate::counter::error::CounterError;
use crate::ledger::settlements::{self, Settlement};
use crate::ledger::visits;

/// The stay in hand.
pub(crate) struct Stay<'a> {
    pub(crate) number: &'a str,
    pub(crate) hospital_number: &'a str,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

/// Whether a stay in hand was paid for already, as far as this counter's ledger knows (F08): one that overlaps and has the
/// same hospital number is the same stay. A mere overlap is for the cashier to look into.
pub(crate) fn settled_as(overlapping: &[SettledStay]) -> Settled {
    if overlapping.iter().any(|stay| stay.same) {
        Settled::Direct
    } else {
        Settled::No
    }
}

impl Counter {
    /// The worker's settled stays that overlap this one, oldest first. A stay that begins when another ends does not overlap it.
    pub(crate) async fn settled_stays_overlapping(
        &self,
        stay: &Stay<'_>,
    ) -> Result<Vec<SettledStay>, CounterError> {
        let (from, until) = (stay.from, stay.until);
        let (number, hospital_number) = (stay.number.to_owned(), stay.hospital_number.to_owned());
        self.0
            .ledger
            .read(move |conn| {
                let mut overlapping = Vec::new();
                // A stay ends before it is settled: what was settled before this one began need not be read.
                let later = |settlement: &Settlement| settlement.settled_at > from;
                for settlement in settlements::standing_of_worker(conn, &number)?
                    .into_iter()
                    .filter(later)
                {
                    let settled = settled_stay(conn, &settlement, &hospital_number)?;
                    if settled.from < until && from < settled.until {
                        overlapping.push(settled);
                    }
                }
                Ok(overlapping)
            })
            .await
    }
}

fn settled_stay(
    conn: &Connection,
    settlement: &Settlement,
    hospital_number: &str,
) -> Result<SettledStay, CounterError> {
    let visit = visits::find(conn, &settlement.visit)?.ok_or(CounterError::VisitUnknown)?;
    let known = visit.record.inpatient_number;
    Ok(SettledStay {
        settlement: settlement.number.to_string(),
        same: !known.is_empty() && known == hospital_number.trim(),
        hospital_number: known,
        from: visit.record.registered_at,
        // What has no discharge ended when it was settled.
        until: settlement.discharged_at.unwrap_or(settlement.settled_at),
    })
}

//! What the journal says of settlements and voids, and whether records that the first version sealed still say the same.

use rusqlite::Connection;
use serde::Serialize;

use super::rows::{evidence, find};
use super::settlement::{SettlementState, Totals};
use crate::ledger::error::LedgerError;
use crate::ledger::journal;
use crate::ledger::mac::sha256_hex;
use crate::ledger::seal::{SETTLED, VOIDED};
use crate::records::numbers::SettlementNumber;

/// What the journal says of a settlement: everything in its row, the long texts by their digests.
#[derive(Serialize)]
pub(super) struct SettledBody<'a> {
    pub(super) v: u8,
    pub(super) number: &'a str,
    pub(super) visit: &'a str,
    pub(super) generation: u32,
    pub(super) key: &'a str,
    pub(super) settled_at_ms: i64,
    pub(super) by: &'a str,
    pub(super) totals: &'a Totals,
    pub(super) profile_hash: &'a str,
    pub(super) rule_set: &'a str,
    pub(super) case_sha256: String,
    pub(super) result_sha256: String,
    pub(super) slip_sha256: String,
}

#[derive(Serialize)]
pub(super) struct VoidedBody<'a> {
    pub(super) v: u8,
    pub(super) number: &'a str,
    pub(super) by: &'a str,
    pub(super) why: &'a str,
}

/// Whether what lies in the ledger is what a journal entry says of it; entries of other kinds agree with anything.
pub(in crate::ledger) fn agrees(
    conn: &Connection,
    kind: &str,
    subject: &str,
    body: &str,
) -> Result<bool, LedgerError> {
    let Ok(number) = SettlementNumber::parse(subject) else {
        return Ok(true);
    };
    let Some(settlement) = find(conn, &number)? else {
        return Ok(kind != SETTLED && kind != VOIDED);
    };
    if kind == SETTLED {
        let Some(evidence) = evidence(conn, &number)? else {
            return Ok(false);
        };
        let stored = SettledBody {
            v: 1,
            number: settlement.number.as_str(),
            visit: settlement.visit.as_str(),
            generation: settlement.generation,
            key: &settlement.key,
            settled_at_ms: settlement.settled_at.as_millisecond(),
            by: &settlement.settled_by,
            totals: &settlement.totals,
            profile_hash: &evidence.profile_hash,
            rule_set: &evidence.rule_set,
            case_sha256: sha256_hex(&evidence.case),
            result_sha256: sha256_hex(&evidence.result),
            slip_sha256: sha256_hex(&settlement.slip_text),
        };
        return Ok(journal::json(&stored)? == body);
    }
    match (kind, &settlement.state) {
        (VOIDED, SettlementState::Voided { by, why, .. }) => {
            let stored = VoidedBody {
                v: 1,
                number: number.as_str(),
                by,
                why,
            };
            Ok(journal::json(&stored)? == body)
        }
        (VOIDED, SettlementState::Settled) => Ok(false),
        (_, SettlementState::Settled | SettlementState::Voided { .. }) => Ok(true),
    }
}

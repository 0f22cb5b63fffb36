//! Settling and taking back, each in one transaction with its journal entry and its uploads.

use jiff::Timestamp;
use offline_queue::NewUpload;
use rusqlite::{Connection, params};

use super::first_seal::{SettledBody, VoidedBody};
use super::rows::{find, find_by_key};
use super::settlement::{NewSettlement, SettleOutcome, Settlement, SettlementState};
use crate::ledger::entry::Entry;
use crate::ledger::error::{LedgerError, Refused};
use crate::ledger::mac::sha256_hex;
use crate::ledger::seal::{self, Record};
use crate::ledger::{journal, numbers, visits};
use crate::records::credential::Credential;
use crate::records::numbers::SettlementNumber;

/// Settles a visit: the settlement with its evidence, the journal entry, and the uploads that `uploads` writes for it, in
/// this one transaction. A key that has settled before gives that settlement back and writes nothing.
///
/// # Errors
/// [`LedgerError::ClockBehind`]; [`Refused`] where the visit is unknown, closed, settled under another key, or has moved on
/// since it was quoted, or where the key settled another visit.
pub fn settle<E: From<LedgerError>>(
    entry: &Entry<'_>,
    new: &NewSettlement,
    uploads: impl FnOnce(&Settlement) -> Result<Vec<NewUpload>, E>,
) -> Result<SettleOutcome, E> {
    if let Some(before) = find_by_key(entry, &new.key)? {
        return if before.visit == new.visit {
            Ok(SettleOutcome::Again(before))
        } else {
            Err(LedgerError::from(Refused::KeyBelongsToAnother).into())
        };
    }
    let number = insert(entry, new)?;
    let settlement = required(entry, &number)?;
    entry.enqueue(&uploads(&settlement)?)?;
    Ok(SettleOutcome::First(settlement))
}

fn insert(entry: &Entry<'_>, new: &NewSettlement) -> Result<SettlementNumber, LedgerError> {
    entry.require_sound()?;
    journal::require_clock(entry)?;
    let current = visits::required(entry, &new.visit)?.open_generation()?;
    if current != new.generation {
        return Err(Refused::GenerationPassed {
            asked: new.generation,
            current,
        }
        .into());
    }
    let number = numbers::next_settlement(entry)?;
    let slip = new.slip.encode()?;
    let body = SettledBody {
        v: 2,
        number: number.as_str(),
        visit: new.visit.as_str(),
        generation: new.generation,
        key: &new.key,
        settled_at_ms: new.settled_at.as_millisecond(),
        by: &new.settled_by,
        totals: &new.totals,
        profile_hash: &new.evidence.profile_hash,
        rule_set: &new.evidence.rule_set,
        case_sha256: sha256_hex(&new.evidence.case),
        result_sha256: sha256_hex(&new.evidence.result),
        slip_sha256: sha256_hex(&slip),
    };
    let credential = new.evidence.credential.as_ref();
    let credential = credential.map(Credential::encode).transpose()?;
    let resolutions = new.evidence.encode_resolutions()?;
    seal::write(
        entry,
        Record::Settlement,
        number.as_str(),
        &body,
        |sequence| {
            Ok(entry
            .prepare_cached(
                "INSERT INTO settlement (number, visit, generation, key, settled_at, settled_by, fund, self_pay, other, total,
                                         personal, profile_hash, rule_set, journal, slip, case_json, result_json,
                                         credential, evidence_version, resolutions, discharged_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                         ?21)",
            )?
            .execute(params![
                number,
                new.visit,
                new.generation,
                new.key,
                new.settled_at.as_millisecond(),
                new.settled_by,
                new.totals.fund,
                new.totals.self_pay,
                new.totals.other,
                new.totals.total,
                new.totals.personal,
                new.evidence.profile_hash,
                new.evidence.rule_set,
                sequence,
                slip,
                new.evidence.case,
                new.evidence.result,
                credential,
                new.evidence.version.number(),
                resolutions,
                new.discharged_at.map(Timestamp::as_millisecond),
            ])?)
        },
    )?;
    Ok(number)
}

/// Takes a settlement back, and queues the uploads that say so. The visit is open again, one generation further.
///
/// # Errors
/// [`LedgerError::ClockBehind`]; [`Refused::UnknownSettlement`], [`Refused::AlreadyVoid`].
pub fn void<E: From<LedgerError>>(
    entry: &Entry<'_>,
    number: &SettlementNumber,
    by: &str,
    why: &str,
    uploads: impl FnOnce(&Settlement) -> Result<Vec<NewUpload>, E>,
) -> Result<Settlement, E> {
    write_void(entry, number, by, why)?;
    let settlement = required(entry, number)?;
    entry.enqueue(&uploads(&settlement)?)?;
    Ok(settlement)
}

fn write_void(
    entry: &Entry<'_>,
    number: &SettlementNumber,
    by: &str,
    why: &str,
) -> Result<(), LedgerError> {
    entry.require_sound()?;
    journal::require_clock(entry)?;
    match required(entry, number)?.state {
        SettlementState::Settled => {}
        SettlementState::Voided { .. } => return Err(Refused::AlreadyVoid.into()),
    }
    let body = VoidedBody {
        v: 2,
        number: number.as_str(),
        by,
        why,
    };
    let at = entry.now().civil.as_millisecond();
    seal::write(entry, Record::Void, number.as_str(), &body, |sequence| {
        Ok(entry.execute(
            "INSERT INTO settlement_void (settlement, at, by, why, journal) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![number, at, by, why, sequence],
        )?)
    })?;
    Ok(())
}

fn required(conn: &Connection, number: &SettlementNumber) -> Result<Settlement, LedgerError> {
    find(conn, number)?.ok_or_else(|| Refused::UnknownSettlement.into())
}

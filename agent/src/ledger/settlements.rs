//! Settlements: written once with their evidence, together with the journal entry and the uploads.

mod first_seal;
mod rows;

use std::fmt;

use jiff::Timestamp;
use offline_queue::NewUpload;
use rusqlite::{Connection, params};
use serde::Serialize;

use super::entry::Entry;
use super::error::{LedgerError, Refused};
use super::journal::{self, Head};
use super::mac::sha256_hex;
use super::numbers::{self, SettlementNumber, VisitNumber};
use super::seal::{self, Record};
use super::visits;
use first_seal::{SettledBody, VoidedBody};

pub use first_seal::require_as_settled;
pub(super) use first_seal::{SETTLED, VOIDED, agrees};
pub use rows::{evidence, find, find_by_key, of_visit, settled_between, standing_of_worker};

/// What a settlement was decided on, as text: it can be recomputed when the registry has long moved on.
#[derive(Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The canonical case that was judged, as `explain` takes it.
    pub case_json: String,
    /// The result, as `explain` gives it.
    pub result_json: String,
    /// Digest of the province's profile.
    pub profile_hash: String,
    /// Version of the rule set; also whose format the case has.
    pub rule_set: String,
    /// How the credential was opened and confirmed: JSON that opens with its version; none in settlements of before.
    pub credential: Option<String>,
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field(
                "case_json",
                &format_args!("<{} bytes>", self.case_json.len()),
            )
            .field(
                "result_json",
                &format_args!("<{} bytes>", self.result_json.len()),
            )
            .field("profile_hash", &self.profile_hash)
            .field("rule_set", &self.rule_set)
            .finish_non_exhaustive()
    }
}

/// Totals in yuan, decimal text with two decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// 工伤保险基金支付金额.
    pub fund: String,
    /// 自费金额.
    pub self_pay: String,
    /// 其他（非工伤伤情等）.
    pub other: String,
    /// 总费用.
    pub total: String,
    /// 个人支付金额.
    pub personal: String,
}

/// A settlement to be committed.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSettlement {
    /// The visit it settles.
    pub visit: VisitNumber,
    /// The generation that was quoted.
    pub generation: u32,
    /// The press of the button that settles: pressed twice, from however many windows, it settles once. Not empty.
    pub key: String,
    /// The settlement's own time: the case's `at`. Kept to the millisecond.
    pub settled_at: Timestamp,
    /// Who settles.
    pub settled_by: String,
    /// The sums.
    pub totals: Totals,
    /// What it was decided on.
    pub evidence: Evidence,
    /// The slip's facts: JSON that opens with its version.
    pub slip: String,
}

impl fmt::Debug for NewSettlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSettlement")
            .field("visit", &self.visit)
            .field("generation", &self.generation)
            .field("key", &self.key)
            .field("settled_at", &self.settled_at)
            .finish_non_exhaustive()
    }
}

/// A settlement in the ledger; its evidence is read by [`evidence`].
#[derive(Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Its number.
    pub number: SettlementNumber,
    /// The visit it settles.
    pub visit: VisitNumber,
    /// Which settlement of the visit it is.
    pub generation: u32,
    /// The key it was settled with.
    pub key: String,
    /// Its own time.
    pub settled_at: Timestamp,
    /// Who settled.
    pub settled_by: String,
    /// The sums.
    pub totals: Totals,
    /// Digest of the profile it was decided under.
    pub profile_hash: String,
    /// Version of the rule set it was decided under.
    pub rule_set: String,
    /// The slip's facts.
    pub slip: String,
    /// The journal's head once it was written: what its slip and its upload carry.
    pub head: Head,
    /// Whether it stands.
    pub state: SettlementState,
}

impl fmt::Debug for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settlement")
            .field("number", &self.number)
            .field("visit", &self.visit)
            .field("generation", &self.generation)
            .field("settled_at", &self.settled_at)
            .field("head", &self.head)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Whether a settlement stands.
#[derive(Clone, PartialEq, Eq)]
pub enum SettlementState {
    /// It stands.
    Settled,
    /// It was taken back.
    Voided {
        /// When.
        at: Timestamp,
        /// By whom.
        by: String,
        /// Why; it may name the patient.
        why: String,
    },
}

impl fmt::Debug for SettlementState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settled => f.write_str("Settled"),
            Self::Voided { at, .. } => f
                .debug_struct("Voided")
                .field("at", at)
                .finish_non_exhaustive(),
        }
    }
}

/// What came of settling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It is settled now.
    First(Settlement),
    /// This key settled it before; nothing was written.
    Again(Settlement),
}

impl Settled {
    /// The settlement, new or not.
    pub fn settlement(&self) -> &Settlement {
        match self {
            Self::First(settlement) | Self::Again(settlement) => settlement,
        }
    }
}

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
) -> Result<Settled, E> {
    if let Some(before) = find_by_key(entry, &new.key)? {
        return if before.visit == new.visit {
            Ok(Settled::Again(before))
        } else {
            Err(LedgerError::from(Refused::KeyBelongsToAnother).into())
        };
    }
    let number = insert(entry, new)?;
    let settlement = required(entry, &number)?;
    entry.enqueue(&uploads(&settlement)?)?;
    Ok(Settled::First(settlement))
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
        case_sha256: sha256_hex(&new.evidence.case_json),
        result_sha256: sha256_hex(&new.evidence.result_json),
        slip_sha256: sha256_hex(&new.slip),
    };
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
                                         credential)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
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
                new.slip,
                new.evidence.case_json,
                new.evidence.result_json,
                new.evidence.credential,
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

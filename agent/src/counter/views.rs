//! What the page and the hospital's interface are shown: the counter's facts, ready to be laid out.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rules::{Case, Filing, VisitKind};

use crate::counter::case::objection::Judgement;
use crate::counter::uploads::RegistrationTrouble;
use crate::ledger::LedgerError;
use crate::province::PlatformError;
use crate::province::trouble::Hindrance;
use crate::redacted::closed_debug;
use crate::registry::Faults;

/// How current the registry's answer was when something was judged (F01–F03; a reading: the platform is asked first).
#[derive(Debug, Clone)]
pub enum Freshness {
    /// The platform answered just now.
    Asked,
    /// The cache answered; it was current `age` ago, and the platform did not answer because of `why`.
    Cached {
        /// Age of the cache at the moment of the decision.
        age: SignedDuration,
        /// Why the platform did not.
        why: Arc<PlatformError>,
    },
}

/// A judged case, with the worker in words.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What was judged.
    pub case: Case,
    /// What the rules said, and the counter beside them.
    pub judgement: Judgement,
    /// How current the registry was.
    pub freshness: Freshness,
    /// Who, in words; none where the registry knows no such worker.
    pub worker: Option<WorkerView>,
    /// What the counter has noticed beside the rules.
    pub remarks: Vec<crate::counter::Remark>,
}

/// A worker in words.
#[derive(Clone, PartialEq, Eq)]
pub struct WorkerView {
    /// 姓名.
    pub name: String,
    /// 社会保障号码, its middle hidden.
    pub masked_number: String,
    /// 参保地.
    pub insured_place: String,
    /// The filing relied on.
    pub filing: Option<Filing>,
}

/// A visit.
#[derive(Clone, PartialEq, Eq)]
pub struct VisitView {
    /// The institution's own number of the visit.
    pub number: String,
    /// 就医登记号, once the province has given it.
    pub registration_number: Option<String>,
    /// Why there is none, or another than the province names now; where that needs a person.
    pub registration_trouble: Option<RegistrationTrouble>,
    /// 姓名.
    pub name: String,
    /// 社会保障号码, its middle hidden.
    pub masked_number: String,
    /// What it is.
    pub kind: VisitKind,
    /// 科别.
    pub department: String,
    /// 住院号.
    pub inpatient_number: String,
    /// Admission diagnosis.
    pub diagnosis: String,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// Where it stands.
    pub state: VisitStateView,
}

/// Where a visit stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitStateView {
    /// Not settled.
    Open,
    /// Settled directly, by this settlement.
    Settled {
        /// Its number.
        settlement: String,
    },
    /// The admission was a mistake and has been taken back.
    Cancelled {
        /// When.
        at: Timestamp,
        /// By whom.
        by: String,
    },
    /// Ended without a settlement here.
    Closed,
}

/// A settlement as it stands in the ledger.
#[derive(Clone, PartialEq, Eq)]
pub struct SettlementView {
    /// Its number.
    pub number: String,
    /// The visit it settles.
    pub visit: VisitView,
    /// Its own time.
    pub settled_at: Timestamp,
    /// Who settled.
    pub settled_by: String,
    /// 总费用, yuan.
    pub total: String,
    /// 工伤保险基金支付金额, yuan.
    pub fund: String,
    /// 自费金额, yuan.
    pub self_pay: String,
    /// 其他, yuan.
    pub other: String,
    /// 个人支付金额: what the worker pays now, yuan.
    pub personal: String,
    /// Until when its record must have been uploaded.
    pub upload_due_at: Timestamp,
    /// The messages that carry it up.
    pub uploads: Vec<crate::counter::uploads::UploadView>,
}

/// How this counter's own ledger is found.
#[derive(Debug, Clone)]
pub enum LedgerState {
    /// It is as it was written.
    Sound,
    /// The thorough check is still going on.
    Checking,
    /// Something about it is not known; work goes on, and somebody must look.
    Unknown(LedgerDoubt),
    /// Nothing is admitted, settled or printed on it until somebody has seen to it.
    Stopped(Arc<LedgerError>),
    /// Nothing can be recorded: there is no room, or the disk takes nothing.
    Full(NoRoom),
}

/// What is not known of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerDoubt {
    /// Its witness cannot be written: a loss would not be noticed.
    WitnessNotWritten,
    /// The thorough check did not come to its end.
    NotChecked,
}

/// Why nothing can be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRoom {
    /// The disk of this folder is full, or nearly so.
    DiskFull(PathBuf),
    /// The ledger's file takes nothing in.
    NotWritable,
}

/// Where the counter stands: with its own ledger, and with the province.
#[derive(Debug, Clone)]
pub struct CounterState {
    /// How the ledger is found.
    pub ledger: LedgerState,
    /// When the registry was last current; none before the first synchronisation.
    pub registry_as_of: Option<Timestamp>,
    /// When the catalogue was last current; it is fetched after the registry.
    pub catalogue_as_of: Option<Timestamp>,
    /// What of registry and catalogue is not as agreed.
    pub registry_faults: Faults,
    /// What hindered the last exchange with the province; none where it went well.
    pub province_trouble: Option<Hindrance>,
    /// Uploads not yet delivered.
    pub open_uploads: usize,
    /// Of these, past their deadline.
    pub late_uploads: usize,
    /// Of these, not past it, but soon.
    pub nearly_late_uploads: usize,
    /// Of these, waiting for a person: refused by the province, or not done with here.
    pub rejected_uploads: usize,
}

closed_debug!(WorkerView, VisitView, SettlementView);

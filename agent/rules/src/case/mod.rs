//! A case: everything that is known when a decision is asked for, checked against the case format once.

pub mod amounts;
pub mod bill;
pub mod catalogue;
pub mod china_time;
pub mod devices;
pub mod division;
pub mod factors;
pub mod filing;
mod fixed_scale;
pub mod institution;
pub mod people;
pub mod visit;

use std::collections::HashSet;
use std::hash::Hash;

use jiff::Timestamp;

use crate::error::FormatError;
use crate::named::named_enum;
use bill::Bill;
use catalogue::CatalogueEntry;
use devices::Device;
use filing::Filing;
use institution::Institution;
use people::{Credential, Verified, Worker};
use visit::{Gate, Visit, VisitKind};

named_enum! {
    /// A province profile that is built in.
    pub enum ProfileName {
        /// The national procedure alone.
        National = "national",
        /// Hunan 湘人社规〔2025〕24号.
        Hunan = "hunan",
        /// Fujian 闽人社文〔2025〕33号.
        Fujian = "fujian",
    }
}

/// The parts of a case, not yet checked against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFacts {
    /// The hospital's profile; need not be the institution's province.
    pub profile: ProfileName,
    /// The moment of the decision.
    pub at: Timestamp,
    /// What is being asked.
    pub gate: Gate,
    /// When the cached registry was last known to be current.
    pub registry_as_of: Timestamp,
    /// Where the worker stands.
    pub institution: Institution,
    /// What was presented.
    pub credential: Credential,
    /// The registry's record; `None` where it knows nobody.
    pub worker: Option<Worker>,
    /// The worker's filings, in any order.
    pub filings: Vec<Filing>,
    /// The visit.
    pub visit: Visit,
    /// The order's devices; empty unless the visit is for assistive devices.
    pub devices: Vec<Device>,
    /// The bill, where one is at hand.
    pub bill: Option<Bill>,
    /// The catalogue entries that apply (rule E01 says whose).
    pub catalogue: Vec<CatalogueEntry>,
}

/// A case whose parts fit together as the case format demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case(CaseFacts);

impl Case {
    /// Checks the parts against each other; the error names the first field that does not fit.
    pub fn new(facts: CaseFacts) -> Result<Self, FormatError> {
        check_credential(&facts.credential)?;
        check_visit(&facts)?;
        check_filings(&facts)?;
        check_devices(&facts)?;
        check_bill(&facts)?;
        check_catalogue(&facts)?;
        Ok(Self(facts))
    }

    /// The parts.
    pub fn facts(&self) -> &CaseFacts {
        &self.0
    }

    /// The parts, to change and check again.
    pub fn into_facts(self) -> CaseFacts {
        self.0
    }
}

fn misfit(path: impl Into<String>, message: &str) -> FormatError {
    FormatError {
        path: path.into(),
        message: message.into(),
    }
}

fn check_credential(credential: &Credential) -> Result<(), FormatError> {
    match credential {
        Credential::Presented { kind, verified, .. }
            if !kind.settles() && *verified != Verified::No =>
        {
            Err(misfit(
                "credential.verified",
                "kind 为 none 或 identity_card 时须是 no",
            ))
        }
        Credential::Presented { .. } | Credential::Nothing { .. } => Ok(()),
    }
}

/// Whether a gate is for a kind of visit.
const fn gate_fits(gate: Gate, kind: VisitKind) -> bool {
    let inpatient = matches!(
        kind,
        VisitKind::InpatientMedical | VisitKind::InpatientRehabilitation
    );
    let outpatient = matches!(
        kind,
        VisitKind::OutpatientMedical | VisitKind::OutpatientRehabilitation
    );
    match gate {
        Gate::Admission | Gate::Discharge => inpatient,
        Gate::Outpatient => outpatient,
        Gate::DeviceAcceptance | Gate::DeviceSettlement => {
            matches!(kind, VisitKind::AssistiveDevice)
        }
        Gate::Refund => true,
    }
}

fn check_visit(facts: &CaseFacts) -> Result<(), FormatError> {
    let visit = &facts.visit;
    if !gate_fits(facts.gate, visit.kind) {
        return Err(misfit("visit.kind", "这种就诊不走案例的 gate"));
    }
    if visit.registered_at > facts.at {
        return Err(misfit("visit.registered_at", "登记时间晚于 at"));
    }
    if let Some(discharged_at) = visit.discharged_at {
        if discharged_at < visit.registered_at {
            return Err(misfit("visit.discharged_at", "出院早于登记"));
        }
        if discharged_at > facts.at {
            return Err(misfit("visit.discharged_at", "出院晚于 at"));
        }
    }
    let payments = [
        ("visit.paid_by_worker", visit.paid_by_worker),
        (
            "visit.paid_by_medical_insurance",
            visit.paid_by_medical_insurance,
        ),
    ];
    for (path, paid) in payments {
        match paid {
            Some(_) if facts.gate != Gate::Refund => {
                return Err(misfit(path, "gate 不是 refund 时须是 null"));
            }
            Some(paid) if paid.is_negative() => {
                return Err(misfit(path, "付款不能是负数"));
            }
            Some(_) | None => {}
        }
    }
    Ok(())
}

fn check_filings(facts: &CaseFacts) -> Result<(), FormatError> {
    for (index, filing) in facts.filings.iter().enumerate() {
        if filing.valid_to < filing.valid_from {
            return Err(misfit(
                format!("filings[{index}].valid_to"),
                "早于 valid_from",
            ));
        }
    }
    match first_repeated(facts.filings.iter().map(|filing| &filing.number)) {
        Some(index) => Err(misfit(
            format!("filings[{index}].number"),
            "前面已有同一编号的备案",
        )),
        None => Ok(()),
    }
}

fn check_devices(facts: &CaseFacts) -> Result<(), FormatError> {
    if facts.visit.kind != VisitKind::AssistiveDevice && !facts.devices.is_empty() {
        return Err(misfit("devices", "就诊不是 assistive_device 时须是空的"));
    }
    for (index, device) in facts.devices.iter().enumerate() {
        if device.notice_limit.is_negative() {
            return Err(misfit(
                format!("devices[{index}].notice_limit"),
                "限额不能是负数",
            ));
        }
        if device.minimum_years > 99 {
            return Err(misfit(
                format!("devices[{index}].minimum_years"),
                "须是 0 到 99 的整数",
            ));
        }
    }
    match first_repeated(facts.devices.iter().map(|device| device.line)) {
        Some(index) => Err(misfit(
            format!("devices[{index}].line"),
            "前面已有同一行的辅助器具",
        )),
        None => Ok(()),
    }
}

fn check_bill(facts: &CaseFacts) -> Result<(), FormatError> {
    let Some(bill) = &facts.bill else {
        return Ok(());
    };
    if bill
        .lines
        .is_sorted_by(|line, next| line.number < next.number)
    {
        return Ok(());
    }
    match first_repeated(bill.lines.iter().map(|line| line.number)) {
        Some(index) => Err(misfit(
            format!("bill.lines[{index}].number"),
            "前面已有同一行号的明细",
        )),
        None => Ok(()),
    }
}

fn check_catalogue(facts: &CaseFacts) -> Result<(), FormatError> {
    for (index, entry) in facts.catalogue.iter().enumerate() {
        if entry.to.is_some_and(|to| to < entry.from) {
            return Err(misfit(format!("catalogue[{index}].to"), "早于 from"));
        }
        if entry.ceiling.is_some_and(super::Money::is_negative) {
            return Err(misfit(
                format!("catalogue[{index}].ceiling"),
                "限额不能是负数",
            ));
        }
    }
    match first_repeated(
        facts
            .catalogue
            .iter()
            .map(|entry| (entry.column, &entry.code, entry.from)),
    ) {
        Some(index) => Err(misfit(
            format!("catalogue[{index}]"),
            "前面已有 column、code、from 都相同的条目",
        )),
        None => Ok(()),
    }
}

/// Where a key occurs that occurred before.
fn first_repeated<K: Hash + Eq>(keys: impl ExactSizeIterator<Item = K>) -> Option<usize> {
    if keys.len() < 2 {
        return None;
    }
    let mut seen = HashSet::with_capacity(keys.len());
    keys.enumerate()
        .find_map(|(index, key)| (!seen.insert(key)).then_some(index))
}

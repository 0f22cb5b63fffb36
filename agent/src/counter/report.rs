//! What goes up to the province: the registration of a visit, the bill's lines, the settlement record (N33, N34, F04).

use std::time::Duration;

use jiff::Timestamp;
use offline_queue::{Deadline, NewUpload};
use rules::{BillLine, Case, Credential, Decision, DivisionCode, SplitLine};

use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::case::kept::opening_case;
use crate::counter::error::CounterError;
use crate::counter::settle::error::SettleError;
use crate::counter::stay::forms::{AdmissionForm, DischargeForm};
use crate::counter::views::Judged;
use crate::ledger::numbers::next_message_id;
use crate::ledger::settlements::{NewSettlement, Settlement};
use crate::ledger::{Entry, visits};
use crate::province::translate::dress;
use crate::records;
use crate::records::fee_lines::{FeeLine, FeeLineId, FeeLines, Unmarked};
use crate::records::message::{Content, Message, SentBy};
use crate::records::registration::{Cancellation, Person, Registration};
use crate::records::settlement::{DecidedBy, JournalHead, Matrix, Signatory};
use crate::records::version::Version;

/// A reading: no article gives a figure for the registration.
pub(crate) const REGISTRATION_DUE: Duration = Duration::from_mins(30);

/// A settlement about to be written, with what its uploads report.
pub(crate) struct Act {
    pub(crate) new: NewSettlement,
    pub(crate) case: Case,
    pub(crate) decision: Decision,
    pub(crate) due_at: Timestamp,
    pub(crate) institution: Signatory,
    pub(crate) visit: visits::Visit,
    pub(crate) lines_per_message: usize,
}

/// The message as the queue keeps it, in its visit's lane.
pub(crate) fn queued(message: &Message, deadline: Deadline) -> Result<NewUpload, CounterError> {
    Ok(NewUpload {
        key: message.msgid.to_string(),
        lane: message.content.visit().to_string(),
        kind: dress::transaction(&message.content).name().to_owned(),
        body: message.encode()?,
        deadline,
    })
}

/// The registration of a visit just admitted.
pub(crate) fn visit_registration(
    entry: &Entry<'_>,
    visit: &visits::Visit,
    judged: &Judged,
    form: &AdmissionForm,
    actor: &Actor,
) -> Result<Message, CounterError> {
    let facts = judged.case.facts();
    let worker = facts.worker.as_ref().ok_or(CounterError::RegistryEmpty)?;
    let decision = judged.judgement.decision.as_ref();
    let decision = decision.ok_or(CounterError::RegistryEmpty)?;
    let registration = Registration {
        visit: visit.number.clone(),
        kind: visit.record.kind,
        channel: decision.channel.ok_or(CounterError::RegistryEmpty)?,
        registered_at: visit.record.registered_at,
        worker: visit.record.worker.clone(),
        insured_division: worker.insured_division,
        filing: decision.filing.clone(),
        credential_kind: credential_kind(&facts.credential).to_owned(),
        department: form.department.clone(),
        inpatient_number: form.inpatient_number.clone(),
        diagnoses: form.diagnoses(),
        injury: visit.record.injury.clone(),
        third_party_liability: form.third_party_liability,
        emergency: form.emergency,
        force_majeure: form.force_majeure,
    };
    let insured = worker.insured_division;
    message(entry, Content::Registration(registration), insured, actor)
}

/// That an admission is taken back, behind its registration.
pub(crate) fn visit_cancellation(
    entry: &Entry<'_>,
    visit: &visits::Visit,
    reason: &str,
    actor: &Actor,
) -> Result<Message, CounterError> {
    let insured = opening_case(&visit.record.opening)?;
    let insured = insured.facts().worker.as_ref();
    let insured = insured.ok_or(CounterError::RegistryEmpty)?.insured_division;
    let cancellation = Cancellation {
        visit: visit.number.clone(),
        worker: visit.record.worker.clone(),
        cancelled_at: entry.now().civil,
        reason: reason.to_owned(),
    };
    message(entry, Content::Cancellation(cancellation), insured, actor)
}

/// The bill's lines in parts, then the settlement record: in this order they go up.
pub(crate) fn settlement(
    entry: &Entry<'_>,
    act: &Act,
    settlement: &Settlement,
    form: &DischargeForm,
    actor: &Actor,
) -> Result<Vec<Message>, CounterError> {
    let facts = act.case.facts();
    let worker = facts.worker.as_ref().ok_or(CounterError::RegistryEmpty)?;
    let insured = worker.insured_division;
    let split = act.decision.split.as_ref().ok_or(SettleError::NoBill)?;
    let bill = facts.bill.as_ref().ok_or(SettleError::NoBill)?;
    let line = |(line, split): (&BillLine, &SplitLine)| {
        let id = FeeLineId::new(&settlement.visit, settlement.generation, line.number);
        FeeLine::of(id, line, split)
    };
    // The rules hold a bill with an unmarked line (E03); it never comes here.
    let lines: Vec<FeeLine> = bill
        .lines
        .iter()
        .zip(&split.lines)
        .map(line)
        .collect::<Result<_, Unmarked>>()
        .map_err(|Unmarked| CounterError::from(SettleError::NoBill))?;
    let parts = count(lines.len().div_ceil(act.lines_per_message));
    let mut messages = Vec::new();
    for (part, lines) in (1..).zip(lines.chunks(act.lines_per_message)) {
        let part = FeeLines {
            visit: settlement.visit.clone(),
            settlement: settlement.number.clone(),
            generation: settlement.generation,
            part,
            parts,
            lines: lines.to_vec(),
        };
        messages.push(message(entry, Content::FeeLines(part), insured, actor)?);
    }
    let record = record(
        act,
        settlement,
        form,
        (lines.len() as u64, parts),
        Matrix::of(split),
    )?;
    messages.push(message(
        entry,
        Content::Settlement(Box::new(record)),
        insured,
        actor,
    )?);
    Ok(messages)
}

/// The settlement record.
fn record(
    act: &Act,
    settlement: &Settlement,
    form: &DischargeForm,
    (line_count, detail_parts): (u64, u32),
    matrix: Matrix,
) -> Result<records::settlement::Settlement, CounterError> {
    let facts = act.case.facts();
    let worker = facts.worker.as_ref().ok_or(CounterError::RegistryEmpty)?;
    Ok(records::settlement::Settlement {
        visit: settlement.visit.clone(),
        settlement: settlement.number.clone(),
        generation: settlement.generation,
        worker: Person {
            social_security_number: worker.social_security_number.clone(),
            name: worker.name.clone(),
        },
        insured_division: worker.insured_division,
        institution: act.institution.clone(),
        channel: act.decision.channel.ok_or(SettleError::NoBill)?,
        kind: facts.visit.kind,
        gate: facts.gate,
        filing: act.decision.filing.clone(),
        diagnoses: form.diagnoses(),
        injury: act.visit.record.injury.clone(),
        registered_at: facts.visit.registered_at,
        discharged_at: facts.visit.discharged_at,
        settled_at: settlement.settled_at,
        upload_due_at: act.due_at,
        matrix,
        line_count,
        detail_parts,
        decided_by: DecidedBy {
            profile: facts.profile.name().to_owned(),
            profile_hash: settlement.profile_hash.clone(),
            rule_set: settlement.rule_set.clone(),
            registry_as_of: facts.registry_as_of,
        },
        journal: JournalHead {
            sequence: settlement.head.sequence.unsigned_abs(),
            mac: settlement.head.mac_hex(),
        },
    })
}

impl Counter {
    /// The institution as it signs a record.
    pub(crate) fn signatory(&self, entry: &Entry<'_>) -> Result<Signatory, CounterError> {
        let library = self
            .0
            .registry
            .institution()?
            .ok_or(CounterError::RegistryEmpty)?
            .institution;
        Ok(Signatory {
            code: entry.terminal().institution().clone(),
            name: library.name,
            division: library.institution.division,
        })
    }
}

fn message(
    entry: &Entry<'_>,
    content: Content,
    insured_division: DivisionCode,
    actor: &Actor,
) -> Result<Message, CounterError> {
    Ok(Message {
        version: Version,
        msgid: next_message_id(entry)?,
        sent_by: SentBy {
            code: actor.code.clone(),
            name: actor.name.clone(),
        },
        insured_division,
        content,
    })
}

fn credential_kind(credential: &Credential) -> &'static str {
    match credential {
        Credential::Presented { kind, .. } => kind.name(),
        Credential::Nothing { .. } => "none",
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

//! What goes up to the province: the registration of a visit, the bill's lines, the settlement record (N33, N34, F04).

use std::time::Duration;

use offline_queue::{Deadline, NewUpload};
use rules::case::china_time::format_instant;
use rules::{BillLine, Case, ColumnAmounts, Credential, Split, SplitLine, Worker};

use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::error::CounterError;
use crate::counter::settle::Act;
use crate::counter::stay::forms::{AdmissionForm, DischargeForm};
use crate::counter::views::Judged;
use crate::ledger::numbers::{VisitNumber, next_message_id};
use crate::ledger::settlements::Settlement;
use crate::ledger::{Entry, visits};
use crate::province::wire::BodyVersion;
use crate::province::wire::upload::{
    self, Diagnosis, FeeLine, InstitutionIdentity, WorkerIdentity,
};
use crate::province::{self, FrozenMessage, MessageId, OperatorKind, Sender};

/// A reading: no article gives a figure for the registration.
pub(crate) const REGISTRATION_DUE: Duration = Duration::from_mins(30);

/// The message as the queue keeps it, in its visit's lane.
pub(crate) fn queued(
    message: &FrozenMessage,
    lane: &VisitNumber,
    deadline: Deadline,
) -> Result<NewUpload, CounterError> {
    Ok(NewUpload {
        key: message.msgid().to_string(),
        lane: lane.to_string(),
        kind: message.kind().to_owned(),
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
) -> Result<FrozenMessage, CounterError> {
    let facts = judged.case.facts();
    let worker = facts.worker.as_ref().ok_or(CounterError::RegistryEmpty)?;
    let decision = judged.judgement.decision.as_ref();
    let decision = decision.ok_or(CounterError::RegistryEmpty)?;
    let channel = decision.channel.ok_or(CounterError::RegistryEmpty)?;
    let body = upload::VisitRegistration {
        version: BodyVersion,
        visit_number: visit.number.to_string(),
        visit_kind: facts.visit.kind.name().to_owned(),
        channel: channel.name().to_owned(),
        registered_at: format_instant(facts.visit.registered_at),
        worker: identity(worker),
        insured_division: worker.insured_division.to_string(),
        filing_number: decision
            .filing
            .as_ref()
            .map(|number| number.as_str().to_owned()),
        credential_kind: credential_kind(&facts.credential).to_owned(),
        department: form.department.clone(),
        inpatient_number: form.inpatient_number.clone(),
        diagnoses: diagnoses(&form.diagnosis_code, &form.diagnosis),
        third_party_liability: form.third_party_liability.name().to_owned(),
        emergency: form.emergency,
        force_majeure: form.force_majeure,
    };
    Ok(FrozenMessage::visit_registration(
        message_id(entry)?,
        sender(actor, worker),
        &body,
    )?)
}

/// The bill's lines in parts, then the settlement record: in this order they go up.
pub(crate) fn settlement(
    entry: &Entry<'_>,
    act: &Act,
    settlement: &Settlement,
    form: &DischargeForm,
    actor: &Actor,
) -> Result<Vec<FrozenMessage>, CounterError> {
    let facts = act.case.facts();
    let worker = facts.worker.as_ref().ok_or(CounterError::RegistryEmpty)?;
    let split = act.decision.split.as_ref().ok_or(CounterError::NoBill)?;
    let bill = facts.bill.as_ref().ok_or(CounterError::NoBill)?;
    let lines = bill
        .lines
        .iter()
        .zip(&split.lines)
        .map(fee_line)
        .collect::<Result<Vec<_>, _>>()?;
    let parts: Vec<&[FeeLine]> = lines.chunks(act.lines_per_message).collect();
    let mut messages = Vec::with_capacity(parts.len() + 1);
    for (index, lines) in parts.iter().enumerate() {
        let body = upload::FeeDetail {
            version: BodyVersion,
            visit_number: settlement.visit.to_string(),
            registration_number: act.visit.registration.clone(),
            settlement_number: settlement.number.to_string(),
            generation: settlement.generation,
            part: count(index + 1),
            parts: count(parts.len()),
            lines: lines.to_vec(),
        };
        messages.push(FrozenMessage::fee_detail(
            message_id(entry)?,
            sender(actor, worker),
            &body,
        )?);
    }
    let body = upload::Settlement {
        line_count: lines.len() as u64,
        detail_parts: count(parts.len()),
        ..record(act, settlement, worker, split, form)?
    };
    messages.push(FrozenMessage::settlement(
        message_id(entry)?,
        sender(actor, worker),
        &body,
    )?);
    Ok(messages)
}

/// The settlement record, its lines not yet counted.
fn record(
    act: &Act,
    settlement: &Settlement,
    worker: &Worker,
    split: &Split,
    form: &DischargeForm,
) -> Result<upload::Settlement, CounterError> {
    let facts = act.case.facts();
    Ok(upload::Settlement {
        version: BodyVersion,
        visit_number: settlement.visit.to_string(),
        registration_number: act.visit.registration.clone(),
        settlement_number: settlement.number.to_string(),
        generation: settlement.generation,
        worker: identity(worker),
        insured_division: worker.insured_division.to_string(),
        institution: act.institution.clone(),
        channel: act
            .decision
            .channel
            .ok_or(CounterError::NoBill)?
            .name()
            .to_owned(),
        visit_kind: facts.visit.kind.name().to_owned(),
        gate: facts.gate.name().to_owned(),
        filing_number: act
            .decision
            .filing
            .as_ref()
            .map(|number| number.as_str().to_owned()),
        diagnoses: diagnoses(&form.diagnosis_code, &form.diagnosis),
        registered_at: format_instant(facts.visit.registered_at),
        discharged_at: facts.visit.discharged_at.map(format_instant),
        settled_at: format_instant(settlement.settled_at),
        upload_due_at: format_instant(act.due_at),
        matrix: matrix(split),
        line_count: 0,
        detail_parts: 0,
        decided_by: decided_by(&act.case, settlement),
        journal: upload::JournalHead {
            sequence: settlement.head.sequence.unsigned_abs(),
            mac: settlement.head.mac_hex(),
        },
    })
}

impl Counter {
    /// The institution as it signs a record.
    pub(crate) fn institution_identity(&self) -> Result<InstitutionIdentity, CounterError> {
        let library = self
            .0
            .registry
            .institution()?
            .ok_or(CounterError::RegistryEmpty)?;
        Ok(InstitutionIdentity {
            code: self.0.settings.institution.code.clone(),
            name: library.name,
            division: library.institution.division.to_string(),
        })
    }
}

fn message_id(entry: &Entry<'_>) -> Result<MessageId, CounterError> {
    MessageId::parse(&next_message_id(entry)?).map_err(CounterError::MessageId)
}

fn sender(actor: &Actor, worker: &Worker) -> Sender {
    Sender {
        operator: province::Operator {
            kind: OperatorKind::Cashier,
            code: actor.user.clone(),
            name: actor.name.clone(),
        },
        insured_division: worker.insured_division.to_string(),
    }
}

fn identity(worker: &Worker) -> WorkerIdentity {
    WorkerIdentity {
        social_security_number: worker.social_security_number.as_str().to_owned(),
        name: worker.name.as_str().to_owned(),
    }
}

fn credential_kind(credential: &Credential) -> &'static str {
    match credential {
        Credential::Presented { kind, .. } => kind.name(),
        Credential::Nothing { .. } => "none",
    }
}

fn diagnoses(code: &str, name: &str) -> Vec<Diagnosis> {
    vec![Diagnosis {
        code: code.to_owned(),
        name: name.to_owned(),
    }]
}

fn fee_line((line, split): (&BillLine, &SplitLine)) -> Result<FeeLine, CounterError> {
    Ok(FeeLine {
        number: line.number.get(),
        date: line.date.to_string(),
        column: line.column.name().to_owned(),
        code: line.code.as_str().to_owned(),
        name: line.name.to_string(),
        unit_price: line.unit_price.to_string(),
        quantity: line.quantity.to_string(),
        amount: line.amount.to_string(),
        // The rules hold a bill with an unmarked line (E03); it never comes here.
        treats_injury: line.treats_injury.ok_or(CounterError::NoBill)?,
        restriction_met: line.restriction_met,
        reverses: line.reverses.map(rules::LineNumber::get),
        fund: split.shares.fund.to_string(),
        self_pay: split.shares.self_pay.to_string(),
        other: split.shares.other.to_string(),
        rule: split.rule.name().to_owned(),
    })
}

fn matrix(split: &Split) -> upload::Matrix {
    upload::Matrix {
        fund: sums(&split.fund),
        self_pay: sums(&split.self_pay),
        other: sums(&split.other),
        total: split.total().to_string(),
        personal: split.personal().to_string(),
    }
}

fn sums(amounts: &ColumnAmounts) -> upload::ColumnSums {
    upload::ColumnSums {
        drug: amounts.drug.to_string(),
        treatment: amounts.treatment.to_string(),
        inpatient_service: amounts.inpatient_service.to_string(),
        rehabilitation: amounts.rehabilitation.to_string(),
        assistive_device: amounts.assistive_device.to_string(),
        total: amounts.total().to_string(),
    }
}

fn decided_by(case: &Case, settlement: &Settlement) -> upload::DecidedBy {
    upload::DecidedBy {
        profile: case.facts().profile.name().to_owned(),
        profile_hash: settlement.profile_hash.clone(),
        rule_set_version: settlement.rule_set.clone(),
        registry_as_of: format_instant(case.facts().registry_as_of),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

//! From records to the bodies that go over the wire, made when a message leaves: what has become known since stands in them.

use rules::china_time::format_instant;

use crate::province::error::PlatformError;
use crate::province::message::{MessageOperator, MessageOperatorKind, Sender, WireMessage};
use crate::province::platform::Platform;
use crate::province::transaction::Transaction;
use crate::province::wire::BodyVersion;
use crate::province::wire::upload;
use crate::records::fee_lines::{FeeLine, FeeLines};
use crate::records::injury::{Diagnosis, Injury};
use crate::records::message::{Content, Message, QueuedForm};
use crate::records::registration::{Cancellation, Person, Registration};
use crate::records::settlement::{Matrix, Settlement, Sums};
use crate::records::version::RecordError;

/// What has become known of a visit since its records were queued.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// 就医登记号, where the province has given it.
    pub registration_number: Option<String>,
}

/// Why a queued message cannot leave as it is.
#[derive(Debug, thiserror::Error)]
pub enum DressError {
    /// What was queued cannot be read.
    #[error(transparent)]
    Unreadable(#[from] RecordError),
    /// This province takes it with 就医登记号 alone, and that is not known yet: it waits.
    #[error("the registration number is not known yet: this message waits")]
    NotRegistered,
    /// The body cannot be composed.
    #[error(transparent)]
    Compose(#[from] PlatformError),
}

impl Platform {
    /// A queued message as this province takes it. A body that an earlier version queued goes as it is.
    pub fn dress(&self, queued: &[u8], known: &Known) -> Result<WireMessage, DressError> {
        match Message::form_of(queued)? {
            QueuedForm::Body => Ok(WireMessage::of_old_layout(queued)?),
            QueuedForm::Record => self.dress_record(&Message::decode(queued)?, known),
        }
    }

    /// A record as this province takes it.
    pub fn dress_record(
        &self,
        message: &Message,
        known: &Known,
    ) -> Result<WireMessage, DressError> {
        if let Content::Cancellation(_) | Content::FeeLines(_) | Content::Settlement(_) =
            message.content
            && self.adapter().wants_number()
            && known.registration_number.is_none()
        {
            return Err(DressError::NotRegistered);
        }
        Ok(wire_message(message, known)?)
    }
}

/// A record as it goes over the wire, with what is known.
pub fn wire_message(message: &Message, known: &Known) -> Result<WireMessage, PlatformError> {
    let number = known.registration_number.clone();
    let sender = Sender {
        operator: MessageOperator {
            kind: MessageOperatorKind::Cashier,
            code: message.sent_by.code.clone(),
            name: message.sent_by.name.clone(),
        },
        insured_division: message.insured_division.to_string(),
    };
    let (kind, msgid) = (transaction(&message.content), message.msgid.clone());
    match &message.content {
        Content::Registration(record) => {
            WireMessage::compose(kind, msgid, sender, &registration(record))
        }
        Content::Cancellation(record) => {
            WireMessage::compose(kind, msgid, sender, &cancellation(record, number))
        }
        Content::FeeLines(record) => {
            WireMessage::compose(kind, msgid, sender, &fee_detail(record, number))
        }
        Content::Settlement(record) => {
            WireMessage::compose(kind, msgid, sender, &settlement(record, number))
        }
    }
}

/// By which transaction a record goes up.
pub fn transaction(content: &Content) -> Transaction {
    match content {
        Content::Registration(_) => Transaction::VisitRegistration,
        Content::Cancellation(_) => Transaction::VisitCancellation,
        Content::FeeLines(_) => Transaction::FeeDetail,
        Content::Settlement(_) => Transaction::Settlement,
    }
}

fn registration(record: &Registration) -> upload::VisitRegistration {
    upload::VisitRegistration {
        version: BodyVersion,
        visit_number: record.visit.to_string(),
        visit_kind: record.kind.name().to_owned(),
        channel: record.channel.name().to_owned(),
        registered_at: format_instant(record.registered_at),
        worker: worker(&record.worker),
        insured_division: record.insured_division.to_string(),
        filing_number: record
            .filing
            .as_ref()
            .map(|number| number.as_str().to_owned()),
        credential_kind: record.credential_kind.clone(),
        department: record.department.clone(),
        inpatient_number: record.inpatient_number.clone(),
        diagnoses: diagnoses(&record.diagnoses),
        injury: record.injury.as_ref().map(injury),
        third_party_liability: record.third_party_liability.name().to_owned(),
        emergency: record.emergency,
        force_majeure: record.force_majeure,
    }
}

fn cancellation(
    record: &Cancellation,
    registration_number: Option<String>,
) -> upload::VisitCancellation {
    upload::VisitCancellation {
        version: BodyVersion,
        visit_number: record.visit.to_string(),
        registration_number,
        worker: worker(&record.worker),
        cancelled_at: format_instant(record.cancelled_at),
        reason: record.reason.clone(),
    }
}

fn fee_detail(record: &FeeLines, registration_number: Option<String>) -> upload::FeeDetail {
    upload::FeeDetail {
        version: BodyVersion,
        visit_number: record.visit.to_string(),
        registration_number,
        settlement_number: record.settlement.to_string(),
        generation: record.generation,
        part: record.part,
        parts: record.parts,
        lines: record.lines.iter().map(fee_line).collect(),
    }
}

fn fee_line(line: &FeeLine) -> upload::FeeLine {
    upload::FeeLine {
        id: line.id.to_string(),
        number: line.number.get(),
        date: line.date.to_string(),
        column: line.column.clone(),
        code: line.code.as_str().to_owned(),
        name: line.name.clone(),
        unit_price: line.unit_price.to_string(),
        quantity: line.quantity.to_string(),
        amount: line.amount.to_string(),
        treats_injury: line.treats_injury,
        restriction_met: line.restriction_met,
        reverses: line.reverses.map(rules::LineNumber::get),
        fund: line.fund.to_string(),
        self_pay: line.self_pay.to_string(),
        other: line.other.to_string(),
        rule: line.rule.name().to_owned(),
    }
}

fn settlement(record: &Settlement, registration_number: Option<String>) -> upload::Settlement {
    upload::Settlement {
        version: BodyVersion,
        visit_number: record.visit.to_string(),
        registration_number,
        settlement_number: record.settlement.to_string(),
        generation: record.generation,
        worker: worker(&record.worker),
        insured_division: record.insured_division.to_string(),
        institution: upload::InstitutionIdentity {
            code: record.institution.code.to_string(),
            name: record.institution.name.clone(),
            division: record.institution.division.to_string(),
        },
        channel: record.channel.name().to_owned(),
        visit_kind: record.kind.name().to_owned(),
        gate: record.gate.name().to_owned(),
        filing_number: record
            .filing
            .as_ref()
            .map(|number| number.as_str().to_owned()),
        diagnoses: diagnoses(&record.diagnoses),
        injury: record.injury.as_ref().map(injury),
        registered_at: format_instant(record.registered_at),
        discharged_at: record.discharged_at.map(format_instant),
        settled_at: format_instant(record.settled_at),
        upload_due_at: format_instant(record.upload_due_at),
        matrix: matrix(&record.matrix),
        line_count: record.line_count,
        detail_parts: record.detail_parts,
        decided_by: upload::DecidedBy {
            profile: record.decided_by.profile.clone(),
            profile_hash: record.decided_by.profile_hash.clone(),
            rule_set_version: record.decided_by.rule_set.clone(),
            registry_as_of: format_instant(record.decided_by.registry_as_of),
        },
        journal: upload::JournalHead {
            sequence: record.journal.sequence,
            mac: record.journal.mac.clone(),
        },
    }
}

fn worker(person: &Person) -> upload::WorkerIdentity {
    upload::WorkerIdentity {
        social_security_number: person.social_security_number.as_str().to_owned(),
        name: person.name.as_str().to_owned(),
    }
}

fn diagnoses(records: &[Diagnosis]) -> Vec<upload::Diagnosis> {
    let dressed = |diagnosis: &Diagnosis| upload::Diagnosis {
        code: diagnosis.code.clone(),
        name: diagnosis.name.clone(),
    };
    records.iter().map(dressed).collect()
}

fn injury(record: &Injury) -> upload::Injury {
    upload::Injury {
        decision_number: record.decision_number.clone(),
        injured_on: record.injured_on.map(|day| day.to_string()),
        body_part: record.body_part.clone(),
        employer: record.employer.clone(),
        occupational_disease: record.occupational_disease,
    }
}

fn matrix(record: &Matrix) -> upload::Matrix {
    upload::Matrix {
        fund: sums(&record.fund),
        self_pay: sums(&record.self_pay),
        other: sums(&record.other),
        total: record.total.to_string(),
        personal: record.personal.to_string(),
    }
}

fn sums(record: &Sums) -> upload::ColumnSums {
    upload::ColumnSums {
        drug: record.drug.to_string(),
        treatment: record.treatment.to_string(),
        inpatient_service: record.inpatient_service.to_string(),
        rehabilitation: record.rehabilitation.to_string(),
        assistive_device: record.assistive_device.to_string(),
        total: record.total.to_string(),
    }
}

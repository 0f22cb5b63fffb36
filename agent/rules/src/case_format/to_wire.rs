//! From a case's parts and a decision to JSON.

use std::borrow::Cow;

use serde::Serialize;

use super::wire::{self, Object, Text};
use crate::case::bill::{Bill, BillLine};
use crate::case::catalogue::CatalogueEntry;
use crate::case::china_time::format_instant;
use crate::case::devices::Device;
use crate::case::filing::{Filing, FilingForm, FilingFormName, FilingStatus, FilingStatusName};
use crate::case::institution::{Institution, InstitutionStatus};
use crate::case::people::{Credential, Verified, Worker};
use crate::case::visit::Visit;
use crate::case::{Case, amounts::Money};
use crate::decision::{ColumnAmounts, Decision, Reason, Split, SplitLine, Warning};
use crate::error::FormatError;

/// Writes a case canonically: no white space, fields in the format's order, instants in +08:00, decimals as short as their type
/// allows, sets in the format's order. The same case gives the same bytes.
pub fn write_case(case: &Case) -> Vec<u8> {
    let facts = case.facts();
    json(&wire::Case {
        profile: borrowed(facts.profile.name()),
        at: instant(facts.at),
        gate: borrowed(facts.gate.name()),
        registry_as_of: instant(facts.registry_as_of),
        institution: Object(institution(&facts.institution)),
        credential: Object(credential(&facts.credential)),
        worker: facts.worker.as_ref().map(|from| Object(worker(from))),
        filings: facts
            .filings
            .iter()
            .map(|from| Object(filing(from)))
            .collect(),
        visit: Object(visit(&facts.visit)),
        devices: facts
            .devices
            .iter()
            .map(|from| Object(device(from)))
            .collect(),
        bill: facts.bill.as_ref().map(|from| Object(bill(from))),
        catalogue: facts
            .catalogue
            .iter()
            .map(|from| Object(catalogue_entry(from)))
            .collect(),
    })
}

/// Writes a decision as `explain` does.
pub fn write_decision(decision: &Decision) -> Vec<u8> {
    json(&DecisionWire {
        channel: decision.channel.map(super::super::decision::Channel::name),
        decision: decision.outcome.name(),
        route: decision.route.name(),
        filing: decision.filing.as_ref().map(crate::FilingNumber::as_str),
        reasons: decision.reasons.iter().map(reason).collect(),
        warnings: decision.warnings.iter().map(warning).collect(),
        split: decision.split.as_ref().map(split),
        refund: decision.refund.map(|refund| RefundWire {
            total: Amount(refund.total()),
            to_medical_insurance: Amount(refund.to_medical_insurance),
            to_worker: Amount(refund.to_worker),
        }),
        upload_due_at: decision.upload_due_at.map(format_instant),
    })
}

/// Writes `{"error": {"path": …, "message": …}}`.
pub fn write_error(error: &FormatError) -> Vec<u8> {
    json(&ErrorWire {
        error: FaultWire {
            path: &error.path,
            message: &error.message,
        },
    })
}

/// Strings, numbers, lists and objects with text keys always have a JSON form.
fn json(value: &impl Serialize) -> Vec<u8> {
    match serde_json::to_vec(value) {
        Ok(bytes) => bytes,
        Err(error) => unreachable!("a struct of plain values is always JSON: {error}"),
    }
}

fn borrowed(text: &str) -> Text<'_> {
    Text(Cow::Borrowed(text))
}

fn shown<'a>(value: impl std::fmt::Display) -> Text<'a> {
    Text(Cow::Owned(format!("{value}")))
}

fn instant<'a>(at: jiff::Timestamp) -> Text<'a> {
    Text(Cow::Owned(format_instant(at)))
}

fn institution(from: &Institution) -> wire::Institution<'_> {
    let since = match from.standing {
        InstitutionStatus::Active { since } => since,
        InstitutionStatus::Suspended { since }
        | InstitutionStatus::Terminated { since }
        | InstitutionStatus::Closed { since } => Some(since),
    };
    wire::Institution {
        division: borrowed(from.division.as_str()),
        status: borrowed(from.standing.name().name()),
        status_since: since.map(shown),
        channels: from
            .channels
            .iter()
            .map(|channel| borrowed(channel.name()))
            .collect(),
        kinds: from
            .kinds
            .iter()
            .map(|kind| borrowed(kind.name()))
            .collect(),
    }
}

fn credential(from: &Credential) -> wire::Credential<'_> {
    match from {
        Credential::Nothing { fault } => wire::Credential {
            kind: borrowed("none"),
            social_security_number: None,
            name: None,
            fault: fault.map(|fault| borrowed(fault.name())),
            verified: borrowed(Verified::No.name()),
        },
        Credential::Presented {
            kind,
            social_security_number,
            name,
            verified,
        } => wire::Credential {
            kind: borrowed(kind.name()),
            social_security_number: Some(borrowed(social_security_number.as_str())),
            name: Some(borrowed(name.as_str())),
            fault: None,
            verified: borrowed(verified.name()),
        },
    }
}

fn worker(from: &Worker) -> wire::Worker<'_> {
    wire::Worker {
        social_security_number: borrowed(from.social_security_number.as_str()),
        name: borrowed(from.name.as_str()),
        insured_division: borrowed(from.insured_division.as_str()),
        insured_level: borrowed(from.insured_level.name()),
        confirmations: from
            .confirmations
            .iter()
            .map(|confirmation| borrowed(confirmation.name()))
            .collect(),
        eligibility: borrowed(from.eligibility.name()),
        suspended: from.suspended,
    }
}

fn filing(from: &Filing) -> wire::Filing<'_> {
    let (form, care) = match from.form {
        FilingForm::Medical { care } => (FilingFormName::Medical, Some(borrowed(care.name()))),
        FilingForm::Device => (FilingFormName::Device, None),
    };
    let (status, approved_at, cancelled_at) = match from.status {
        FilingStatus::Approved { at } => (FilingStatusName::Approved, Some(at), None),
        FilingStatus::Pending { noted_at } => (FilingStatusName::Pending, noted_at, None),
        FilingStatus::Rejected { noted_at } => (FilingStatusName::Rejected, noted_at, None),
        FilingStatus::Cancelled { approved_at, at } => {
            (FilingStatusName::Cancelled, Some(approved_at), Some(at))
        }
    };
    wire::Filing {
        number: borrowed(from.number.as_str()),
        form: borrowed(form.name()),
        basis: borrowed(from.basis.name()),
        care,
        place: borrowed(from.place.as_str()),
        status: borrowed(status.name()),
        approved_at: approved_at.map(instant),
        cancelled_at: cancelled_at.map(instant),
        valid_from: shown(from.valid_from),
        valid_to: shown(from.valid_to),
        back_filing: from.back_filing.map(|why| borrowed(why.name())),
    }
}

fn visit(from: &Visit) -> wire::Visit<'_> {
    wire::Visit {
        kind: borrowed(from.kind.name()),
        registered_at: instant(from.registered_at),
        discharged_at: from.discharged_at.map(instant),
        third_party_liability: borrowed(from.third_party_liability.name()),
        emergency: from.emergency,
        force_majeure: from.force_majeure,
        settled: borrowed(from.settled.name()),
        rehabilitation_plan_uploaded: from.rehabilitation_plan_uploaded,
        paid_by_worker: from.paid_by_worker.map(shown),
        paid_by_medical_insurance: from.paid_by_medical_insurance.map(shown),
    }
}

fn device(from: &Device) -> wire::Device<'_> {
    wire::Device {
        line: from.line.get(),
        notice_number: from
            .notice_number
            .as_ref()
            .map(|number| borrowed(number.as_str())),
        notice_used: from.notice_used,
        notice_reason: borrowed(from.notice_reason.name()),
        notice_limit: shown(from.notice_limit),
        minimum_years: from.minimum_years,
        last_fitted_on: from.last_fitted_on.map(shown),
        in_filing: from.in_filing,
    }
}

fn bill(from: &Bill) -> wire::Bill<'_> {
    wire::Bill {
        lines: from
            .lines
            .iter()
            .map(|from| Object(bill_line(from)))
            .collect(),
    }
}

fn bill_line(from: &BillLine) -> wire::BillLine<'_> {
    wire::BillLine {
        number: from.number.get(),
        date: shown(from.date),
        column: borrowed(from.column.name()),
        code: borrowed(from.code.as_str()),
        name: borrowed(&from.name),
        unit_price: shown(from.unit_price),
        quantity: shown(from.quantity),
        amount: shown(from.amount),
        treats_injury: from.treats_injury,
        restriction_met: from.restriction_met,
        reverses: from.reverses.map(crate::LineNumber::get),
    }
}

fn catalogue_entry(from: &CatalogueEntry) -> wire::CatalogueEntry<'_> {
    wire::CatalogueEntry {
        column: borrowed(from.column.name()),
        code: borrowed(from.code.as_str()),
        from: shown(from.from),
        to: from.to.map(shown),
        restricted: from.restricted,
        ceiling: from.ceiling.map(shown),
    }
}

/// An amount as a string with two decimals, written without an allocation.
struct Amount(Money);

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[derive(Serialize)]
struct ErrorWire<'a> {
    error: FaultWire<'a>,
}

#[derive(Serialize)]
struct FaultWire<'a> {
    path: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct DecisionWire<'a> {
    channel: Option<&'static str>,
    decision: &'static str,
    route: &'static str,
    filing: Option<&'a str>,
    reasons: Vec<SaidWire<'a>>,
    warnings: Vec<SaidWire<'a>>,
    split: Option<SplitWire>,
    refund: Option<RefundWire>,
    upload_due_at: Option<String>,
}

/// A reason or a warning.
#[derive(Serialize)]
struct SaidWire<'a> {
    rule: &'static str,
    code: &'static str,
    article: String,
    say: &'a str,
}

#[derive(Serialize)]
struct SplitWire {
    lines: Vec<LineWire>,
    fund: RowWire,
    self_pay: RowWire,
    other: RowWire,
    total: Amount,
    personal: Amount,
}

#[derive(Serialize)]
struct LineWire {
    number: u64,
    fund: Amount,
    self_pay: Amount,
    other: Amount,
    rule: &'static str,
}

#[derive(Serialize)]
struct RowWire {
    drug: Amount,
    treatment: Amount,
    inpatient_service: Amount,
    rehabilitation: Amount,
    assistive_device: Amount,
    total: Amount,
}

#[derive(Serialize)]
struct RefundWire {
    total: Amount,
    to_medical_insurance: Amount,
    to_worker: Amount,
}

fn reason(from: &Reason) -> SaidWire<'_> {
    let article = from.article.to_string();
    SaidWire {
        rule: from.rule.name(),
        code: from.code.name(),
        article,
        say: &from.say,
    }
}

fn warning(from: &Warning) -> SaidWire<'_> {
    let article = from.article.to_string();
    SaidWire {
        rule: from.rule.name(),
        code: from.code.name(),
        article,
        say: &from.say,
    }
}

fn split(from: &Split) -> SplitWire {
    SplitWire {
        lines: from.lines.iter().map(line).collect(),
        fund: row(&from.fund),
        self_pay: row(&from.self_pay),
        other: row(&from.other),
        total: Amount(from.total()),
        personal: Amount(from.personal()),
    }
}

fn line(from: &SplitLine) -> LineWire {
    LineWire {
        number: from.number.get(),
        fund: Amount(from.shares.fund),
        self_pay: Amount(from.shares.self_pay),
        other: Amount(from.shares.other),
        rule: from.rule.name(),
    }
}

fn row(from: &ColumnAmounts) -> RowWire {
    RowWire {
        drug: Amount(from.drug),
        treatment: Amount(from.treatment),
        inpatient_service: Amount(from.inpatient_service),
        rehabilitation: Amount(from.rehabilitation),
        assistive_device: Amount(from.assistive_device),
        total: Amount(from.total()),
    }
}

//! From the format's objects to a case's parts, each value parsed; an error names the field.

use jiff::Timestamp;

use super::field::{Read, date, fault, line_number, list, names, nullable, value};
use super::path::Path;
use super::wire::{self, Text};
use crate::case::amounts::Money;
use crate::case::bill::{Bill, BillLine, ItemCode, LineColumn, MatrixColumn};
use crate::case::catalogue::CatalogueEntry;
use crate::case::china_time::{parse_date, parse_instant};
use crate::case::devices::{Device, NoticeNumber, NoticeReason};
use crate::case::division::DivisionCode;
use crate::case::factors::{Quantity, UnitPrice};
use crate::case::filing::{
    BackFiling, Basis, Care, Filing, FilingForm, FilingFormName, FilingNumber, FilingStatus,
    FilingStatusName,
};
use crate::case::institution::{
    AgreedChannel, Institution, InstitutionStatus, InstitutionStatusName,
};
use crate::case::people::{
    Confirmation, Credential, CredentialFault, CredentialKind, Eligibility, InsuredLevel,
    PersonName, SocialSecurityNumber, Verified, Worker,
};
use crate::case::visit::{Gate, Settled, ThirdPartyLiability, Visit, VisitKind};
use crate::case::{CaseFacts, ProfileName};
use crate::error::ParseError;

/// How long unit prices and quantities may be.
#[derive(Clone, Copy)]
pub(super) struct Factors {
    unit_price: fn(&str) -> Result<UnitPrice, ParseError>,
    quantity: fn(&str) -> Result<Quantity, ParseError>,
}

impl Factors {
    pub(super) const TODAY: Self = Self {
        unit_price: UnitPrice::parse,
        quantity: Quantity::parse,
    };

    /// As rule set 1 had them.
    pub(super) const FIRST: Self = Self {
        unit_price: UnitPrice::parse_first,
        quantity: Quantity::parse_first,
    };
}

pub(super) fn facts(case: &wire::Case<'_>, factors: Factors) -> Read<CaseFacts> {
    let root = Path::Root;
    Ok(CaseFacts {
        profile: value(root, "profile", &case.profile, ProfileName::parse)?,
        at: value(root, "at", &case.at, parse_instant)?,
        gate: value(root, "gate", &case.gate, Gate::parse)?,
        registry_as_of: value(root, "registry_as_of", &case.registry_as_of, parse_instant)?,
        institution: institution(root.field("institution"), &case.institution)?,
        credential: credential(root.field("credential"), &case.credential)?,
        worker: case
            .worker
            .as_ref()
            .map(|read| worker(root.field("worker"), read))
            .transpose()?,
        filings: list(root.field("filings"), &case.filings, |at, read| {
            filing(at, read)
        })?,
        visit: visit(root.field("visit"), &case.visit)?,
        devices: list(root.field("devices"), &case.devices, |at, read| {
            device(at, read)
        })?,
        bill: case
            .bill
            .as_ref()
            .map(|read| bill(root.field("bill"), read, factors))
            .transpose()?,
        catalogue: list(root.field("catalogue"), &case.catalogue, |at, read| {
            catalogue_entry(at, read)
        })?,
    })
}

fn institution(at: Path<'_>, read: &wire::Institution<'_>) -> Read<Institution> {
    let status = value(at, "status", &read.status, InstitutionStatusName::parse)?;
    let since = nullable(at, "status_since", read.status_since.as_ref(), parse_date)?;
    let known =
        || since.ok_or_else(|| fault(at.field("status_since"), "只有 status 为 active 时为 null"));
    let standing = match status {
        InstitutionStatusName::Active => InstitutionStatus::Active { since },
        InstitutionStatusName::Suspended => InstitutionStatus::Suspended { since: known()? },
        InstitutionStatusName::Terminated => InstitutionStatus::Terminated { since: known()? },
        InstitutionStatusName::Closed => InstitutionStatus::Closed { since: known()? },
    };
    Ok(Institution {
        division: value(at, "division", &read.division, DivisionCode::parse)?,
        standing,
        channels: names(at.field("channels"), &read.channels, AgreedChannel::parse)?,
        kinds: names(at.field("kinds"), &read.kinds, VisitKind::parse)?,
    })
}

fn credential(at: Path<'_>, read: &wire::Credential<'_>) -> Read<Credential> {
    let fault_found = nullable(at, "fault", read.fault.as_ref(), CredentialFault::parse)?;
    let verified = value(at, "verified", &read.verified, Verified::parse)?;
    let number = nullable(
        at,
        "social_security_number",
        read.social_security_number.as_ref(),
        SocialSecurityNumber::parse,
    )?;
    let name = read.name.as_ref().map(|name| PersonName::new(&name.0));
    let wrong = |field| {
        fault(
            at.field(field),
            "kind 为 none 时为 null，其他时候不能为 null",
        )
    };
    if read.kind.0 == "none" {
        return match (number, name) {
            (None, None) if verified == Verified::No => {
                Ok(Credential::Nothing { fault: fault_found })
            }
            (None, None) => Err(fault(
                at.field("verified"),
                "kind 为 none 或 identity_card 时须是 no",
            )),
            (Some(_), _) => Err(wrong("social_security_number")),
            (None, Some(_)) => Err(wrong("name")),
        };
    }
    let kind = CredentialKind::parse(&read.kind.0).or(Err(fault(
        at.field("kind"),
        "只能是：social_security_card electronic_social_security_card identity_card none",
    )))?;
    if fault_found.is_some() {
        return Err(fault(at.field("fault"), "kind 不是 none 时须是 null"));
    }
    Ok(Credential::Presented {
        kind,
        social_security_number: number.ok_or_else(|| wrong("social_security_number"))?,
        name: name.ok_or_else(|| wrong("name"))?,
        verified,
    })
}

fn worker(at: Path<'_>, read: &wire::Worker<'_>) -> Read<Worker> {
    Ok(Worker {
        social_security_number: value(
            at,
            "social_security_number",
            &read.social_security_number,
            SocialSecurityNumber::parse,
        )?,
        name: PersonName::new(&read.name.0),
        insured_division: value(
            at,
            "insured_division",
            &read.insured_division,
            DivisionCode::parse,
        )?,
        insured_level: value(
            at,
            "insured_level",
            &read.insured_level,
            InsuredLevel::parse,
        )?,
        confirmations: names(
            at.field("confirmations"),
            &read.confirmations,
            Confirmation::parse,
        )?,
        eligibility: value(at, "eligibility", &read.eligibility, Eligibility::parse)?,
        suspended: read.suspended,
    })
}

fn filing(at: Path<'_>, read: &wire::Filing<'_>) -> Read<Filing> {
    let care = nullable(at, "care", read.care.as_ref(), Care::parse)?;
    let form = match (value(at, "form", &read.form, FilingFormName::parse)?, care) {
        (FilingFormName::Medical, Some(care)) => FilingForm::Medical { care },
        (FilingFormName::Device, None) => FilingForm::Device,
        (FilingFormName::Medical, None) | (FilingFormName::Device, Some(_)) => {
            return Err(fault(
                at.field("care"),
                "form 为 device 时为 null，其他时候不能为 null",
            ));
        }
    };
    Ok(Filing {
        number: value(at, "number", &read.number, FilingNumber::parse)?,
        form,
        basis: value(at, "basis", &read.basis, Basis::parse)?,
        place: value(at, "place", &read.place, DivisionCode::parse)?,
        status: filing_status(at, read)?,
        valid_from: value(at, "valid_from", &read.valid_from, parse_date)?,
        valid_to: value(at, "valid_to", &read.valid_to, parse_date)?,
        back_filing: nullable(
            at,
            "back_filing",
            read.back_filing.as_ref(),
            BackFiling::parse,
        )?,
    })
}

fn filing_status(at: Path<'_>, read: &wire::Filing<'_>) -> Read<FilingStatus> {
    let status = value(at, "status", &read.status, FilingStatusName::parse)?;
    let noted_at = nullable(at, "approved_at", read.approved_at.as_ref(), parse_instant)?;
    let cancelled_at = nullable(
        at,
        "cancelled_at",
        read.cancelled_at.as_ref(),
        parse_instant,
    )?;
    let approved = || {
        noted_at.ok_or_else(|| {
            fault(
                at.field("approved_at"),
                "status 为 approved 或 cancelled 时不能为 null",
            )
        })
    };
    let set_exactly = || {
        fault(
            at.field("cancelled_at"),
            "status 为 cancelled 时不能为 null，其他时候为 null",
        )
    };
    let not_cancelled = |status: FilingStatus| match cancelled_at {
        None => Ok(status),
        Some(_) => Err(set_exactly()),
    };
    match status {
        FilingStatusName::Approved => not_cancelled(FilingStatus::Approved { at: approved()? }),
        FilingStatusName::Pending => not_cancelled(FilingStatus::Pending { noted_at }),
        FilingStatusName::Rejected => not_cancelled(FilingStatus::Rejected { noted_at }),
        FilingStatusName::Cancelled => Ok(FilingStatus::Cancelled {
            approved_at: approved()?,
            at: cancelled_at.ok_or_else(set_exactly)?,
        }),
    }
}

fn visit(at: Path<'_>, read: &wire::Visit<'_>) -> Read<Visit> {
    let instant =
        |field, text: &Text<'_>| -> Read<Timestamp> { value(at, field, text, parse_instant) };
    let discharged_at = read
        .discharged_at
        .as_ref()
        .map(|text| instant("discharged_at", text))
        .transpose()?;
    let payment = |field, text: Option<&Text<'_>>| nullable(at, field, text, Money::parse_unsigned);
    Ok(Visit {
        kind: value(at, "kind", &read.kind, VisitKind::parse)?,
        registered_at: instant("registered_at", &read.registered_at)?,
        discharged_at,
        third_party_liability: value(
            at,
            "third_party_liability",
            &read.third_party_liability,
            ThirdPartyLiability::parse,
        )?,
        emergency: read.emergency,
        force_majeure: read.force_majeure,
        settled: value(at, "settled", &read.settled, Settled::parse)?,
        rehabilitation_plan_uploaded: read.rehabilitation_plan_uploaded,
        paid_by_worker: payment("paid_by_worker", read.paid_by_worker.as_ref())?,
        paid_by_medical_insurance: payment(
            "paid_by_medical_insurance",
            read.paid_by_medical_insurance.as_ref(),
        )?,
    })
}

fn device(at: Path<'_>, read: &wire::Device<'_>) -> Read<Device> {
    Ok(Device {
        line: line_number(at, "line", read.line)?,
        notice_number: nullable(
            at,
            "notice_number",
            read.notice_number.as_ref(),
            NoticeNumber::parse,
        )?,
        notice_used: read.notice_used,
        notice_reason: value(
            at,
            "notice_reason",
            &read.notice_reason,
            NoticeReason::parse,
        )?,
        notice_limit: value(
            at,
            "notice_limit",
            &read.notice_limit,
            Money::parse_unsigned,
        )?,
        minimum_years: read.minimum_years,
        last_fitted_on: nullable(
            at,
            "last_fitted_on",
            read.last_fitted_on.as_ref(),
            parse_date,
        )?,
        in_filing: read.in_filing,
    })
}

fn bill(at: Path<'_>, read: &wire::Bill<'_>, factors: Factors) -> Read<Bill> {
    Ok(Bill {
        lines: list(at.field("lines"), &read.lines, |at, read| {
            bill_line(at, read, factors)
        })?,
    })
}

fn bill_line(at: Path<'_>, read: &wire::BillLine<'_>, factors: Factors) -> Read<BillLine> {
    Ok(BillLine {
        number: line_number(at, "number", read.number)?,
        date: date(at, "date", &read.date)?,
        column: value(at, "column", &read.column, LineColumn::parse)?,
        code: value(at, "code", &read.code, ItemCode::parse)?,
        name: read.name.0.as_ref().into(),
        unit_price: value(at, "unit_price", &read.unit_price, factors.unit_price)?,
        quantity: value(at, "quantity", &read.quantity, factors.quantity)?,
        amount: value(at, "amount", &read.amount, Money::parse)?,
        treats_injury: read.treats_injury,
        restriction_met: read.restriction_met,
        reverses: read
            .reverses
            .map(|number| line_number(at, "reverses", number))
            .transpose()?,
    })
}

fn catalogue_entry(at: Path<'_>, read: &wire::CatalogueEntry<'_>) -> Read<CatalogueEntry> {
    Ok(CatalogueEntry {
        column: value(at, "column", &read.column, MatrixColumn::parse)?,
        code: value(at, "code", &read.code, ItemCode::parse)?,
        from: date(at, "from", &read.from)?,
        to: read.to.as_ref().map(|to| date(at, "to", to)).transpose()?,
        restricted: read.restricted,
        ceiling: nullable(at, "ceiling", read.ceiling.as_ref(), Money::parse_unsigned)?,
    })
}

//! From the province's records to the rules' types: every value is parsed once, here.

use jiff::Timestamp;
use jiff::civil::Date;
use rules::case::institution::AgreedChannel;
use rules::{
    BackFiling, Basis, Care, Confirmation, DivisionCode, Eligibility, Filing, FilingForm,
    FilingNumber, FilingStatus, Institution, InsuredLevel, Money, NoticeNumber, NoticeReason,
    ParseError, PersonName, SocialSecurityNumber, Standing, VisitKind, Worker, china_time,
};

use super::views::{DeviceNotice, InstitutionView, WorkerView};
use crate::province::wire::answer::{
    DeviceNoticeRecord, FilingRecord, InstitutionRecord, WorkerRecord,
};
use crate::standard_characters::standard;

/// A record that is not as agreed; names the field, never what stood there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the province's record is not as agreed: {field}")]
pub struct Malformed {
    /// The field.
    pub field: &'static str,
}

fn in_field<T>(field: &'static str, parsed: Result<T, ParseError>) -> Result<T, Malformed> {
    parsed.map_err(|_unshown| Malformed { field })
}

pub(super) fn instant(field: &'static str, text: &str) -> Result<Timestamp, Malformed> {
    in_field(field, china_time::parse_instant(text))
}

fn day(field: &'static str, text: &str) -> Result<Date, Malformed> {
    in_field(field, china_time::parse_date(text))
}

impl WorkerView {
    /// Reads a worker's record.
    pub fn from_record(record: &WorkerRecord, as_of: Timestamp) -> Result<Self, Malformed> {
        let confirmations = record
            .confirmations
            .iter()
            .map(|name| Confirmation::parse(name));
        let worker = Worker {
            social_security_number: in_field(
                "social_security_number",
                SocialSecurityNumber::parse(&record.social_security_number),
            )?,
            name: PersonName::new(&standard(&record.name)),
            insured_division: in_field(
                "insured_division",
                DivisionCode::parse(&record.insured_division),
            )?,
            insured_level: in_field("insured_level", InsuredLevel::parse(&record.insured_level))?,
            confirmations: in_field("confirmations", confirmations.collect())?,
            eligibility: in_field("eligibility", Eligibility::parse(&record.eligibility))?,
            suspended: record.suspended,
        };
        Ok(Self {
            worker,
            filings: record
                .filings
                .iter()
                .map(filing)
                .collect::<Result<_, _>>()?,
            notices: record
                .notices
                .iter()
                .map(notice)
                .collect::<Result<_, _>>()?,
            as_of,
        })
    }
}

fn filing(record: &FilingRecord) -> Result<Filing, Malformed> {
    let form = match (record.form.as_str(), &record.care) {
        ("medical", Some(care)) => FilingForm::Medical {
            care: in_field("care", Care::parse(care))?,
        },
        ("device", None) => FilingForm::Device,
        _ => return Err(Malformed { field: "form" }),
    };
    let (valid_from, valid_to) = (
        day("valid_from", &record.valid_from)?,
        day("valid_to", &record.valid_to)?,
    );
    if valid_to < valid_from {
        return Err(Malformed { field: "valid_to" });
    }
    let back_filing = record
        .back_filing
        .as_deref()
        .map(BackFiling::parse)
        .transpose();
    Ok(Filing {
        number: in_field("number", FilingNumber::parse(&record.number))?,
        form,
        basis: in_field("basis", Basis::parse(&record.basis))?,
        place: in_field("place", DivisionCode::parse(&record.place))?,
        status: filing_status(record)?,
        valid_from,
        valid_to,
        back_filing: in_field("back_filing", back_filing)?,
    })
}

fn filing_status(record: &FilingRecord) -> Result<FilingStatus, Malformed> {
    let approved_at = record
        .approved_at
        .as_deref()
        .map(|text| instant("approved_at", text))
        .transpose()?;
    let cancelled_at = record
        .cancelled_at
        .as_deref()
        .map(|text| instant("cancelled_at", text))
        .transpose()?;
    match (record.status.as_str(), approved_at, cancelled_at) {
        ("approved", Some(at), None) => Ok(FilingStatus::Approved { at }),
        ("pending", noted_at, None) => Ok(FilingStatus::Pending { noted_at }),
        ("rejected", noted_at, None) => Ok(FilingStatus::Rejected { noted_at }),
        ("cancelled", Some(approved_at), Some(at)) => {
            Ok(FilingStatus::Cancelled { approved_at, at })
        }
        _ => Err(Malformed { field: "status" }),
    }
}

fn notice(record: &DeviceNoticeRecord) -> Result<DeviceNotice, Malformed> {
    let number = record
        .number
        .as_deref()
        .map(NoticeNumber::parse)
        .transpose();
    let minimum_years = u8::try_from(record.minimum_years)
        .ok()
        .filter(|years| *years <= 99);
    Ok(DeviceNotice {
        number: in_field("notice number", number)?,
        filing: in_field("filing_number", FilingNumber::parse(&record.filing_number))?,
        device: in_field("device_code", rules::ItemCode::parse(&record.device_code))?,
        used: record.used,
        reason: in_field("reason", NoticeReason::parse(&record.reason))?,
        limit: in_field("limit", Money::parse_unsigned(&record.limit))?,
        minimum_years: minimum_years.ok_or(Malformed {
            field: "minimum_years",
        })?,
        last_fitted_on: record
            .last_fitted_on
            .as_deref()
            .map(|text| day("last_fitted_on", text))
            .transpose()?,
    })
}

impl InstitutionView {
    /// Reads the institution's record.
    pub fn from_record(record: &InstitutionRecord, as_of: Timestamp) -> Result<Self, Malformed> {
        let since = record
            .status_since
            .as_deref()
            .map(|text| day("status_since", text))
            .transpose()?;
        let standing = match (record.status.as_str(), since) {
            ("active", since) => Standing::Active { since },
            ("suspended", Some(since)) => Standing::Suspended { since },
            ("terminated", Some(since)) => Standing::Terminated { since },
            ("closed", Some(since)) => Standing::Closed { since },
            _ => return Err(Malformed { field: "status" }),
        };
        let channels = record
            .channels
            .iter()
            .map(|name| AgreedChannel::parse(name))
            .collect();
        let kinds = record
            .kinds
            .iter()
            .map(|name| VisitKind::parse(name))
            .collect();
        Ok(Self {
            institution: Institution {
                division: in_field("division", DivisionCode::parse(&record.division))?,
                standing,
                channels: in_field("channels", channels)?,
                kinds: in_field("kinds", kinds)?,
            },
            code: record.code.clone(),
            name: record.name.clone(),
            grade: record.grade.clone(),
            as_of,
        })
    }
}

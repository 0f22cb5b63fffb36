//! From a province's answers to records: every value is read once, here; what is not as agreed is named by its field.

use jiff::Timestamp;
use jiff::civil::Date;
use rules::case::institution::AgreedChannel;
use rules::{
    BackFiling, Basis, Care, Confirmation, DivisionCode, Eligibility, FilingForm, FilingNumber,
    FilingStatus, InstitutionStatus, InsuredLevel, ItemCode, MatrixColumn, Money, NoticeNumber,
    NoticeReason, ParseError, PersonName, SocialSecurityNumber, VisitKind, china_time,
};

use crate::item_code;
use crate::province::error::PlatformError;
use crate::province::transaction::Transaction;
use crate::province::wire::answer::{
    self, CatalogueRecord, DeviceNoticeRecord, Each, FilingRecord, InjuryRecord, InstitutionRecord,
    WorkerRecord,
};
use crate::records::answers::{
    CataloguePage, Listed, ListedEntry, ListedInstitution, Oddities, PagePosition, PersonAnswer,
    RegistryPage,
};
use crate::records::catalogue::CatalogueEntry;
use crate::records::injury::Injury;
use crate::records::institution::Institution;
use crate::records::version::Version;
use crate::records::worker::{DeviceNotice, Filing, Worker};
use crate::standard_characters::standard;

/// A field of an answer that is not as agreed; what stood there is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::province) struct NotAsAgreed(&'static str);

impl NotAsAgreed {
    /// As the error of the question that was answered so.
    pub(in crate::province) fn in_answer_to(self, transaction: Transaction) -> PlatformError {
        PlatformError::AnswerMalformed {
            transaction,
            reason: format!("{} is not as agreed", self.0),
        }
    }
}

fn in_field<T>(field: &'static str, parsed: Result<T, ParseError>) -> Result<T, NotAsAgreed> {
    parsed.map_err(|_unshown| NotAsAgreed(field))
}

fn instant(field: &'static str, text: &str) -> Result<Timestamp, NotAsAgreed> {
    in_field(field, china_time::parse_instant(text))
}

fn day(field: &'static str, text: &str) -> Result<Date, NotAsAgreed> {
    in_field(field, china_time::parse_date(text))
}

/// Where there is one.
fn if_any<T>(
    field: &'static str,
    text: Option<&str>,
    read: impl Fn(&'static str, &str) -> Result<T, NotAsAgreed>,
) -> Result<Option<T>, NotAsAgreed> {
    text.map(|text| read(field, text)).transpose()
}

/// What is known of one number.
pub(in crate::province) fn person(
    told: &answer::PersonAnswer,
) -> Result<PersonAnswer, NotAsAgreed> {
    Ok(PersonAnswer {
        as_of: instant("as_of", &told.as_of)?,
        worker: told.worker.as_ref().map(listed).transpose()?,
    })
}

/// A page of workers. One that cannot be read does not keep the others out.
pub(in crate::province) fn registry_page(
    told: &answer::RegistryPage,
) -> Result<RegistryPage, NotAsAgreed> {
    let mut skipped = Skipped::default();
    let mut workers = Vec::with_capacity(told.workers.len());
    for each in &told.workers {
        workers.extend(skipped.unless_read(listed(each)));
    }
    let mut divisions = Vec::with_capacity(told.divisions.len());
    for each in &told.divisions {
        divisions.extend(skipped.unless_read(division(each)));
    }
    Ok(RegistryPage {
        as_of: instant("as_of", &told.as_of)?,
        place: PagePosition {
            cursor: told.cursor.clone(),
            page: told.page,
            full: told.full,
            more: told.more,
        },
        workers,
        withdrawn: told.withdrawn.clone(),
        institution: told.institution.as_ref().map(told_institution),
        divisions,
        oddities: skipped.with(told.repaired),
    })
}

/// A page of entries. One that cannot be read is kept as such: whoever bills by its code is told, instead of made to pay.
pub(in crate::province) fn catalogue_page(
    told: &answer::CataloguePage,
) -> Result<CataloguePage, NotAsAgreed> {
    let mut skipped = Skipped::default();
    let mut entries = Vec::with_capacity(told.entries.len());
    for each in &told.entries {
        entries.extend(skipped.unless_read(told_entry(each)));
    }
    Ok(CataloguePage {
        as_of: instant("as_of", &told.as_of)?,
        place: PagePosition {
            cursor: told.cursor.clone(),
            page: told.page,
            full: told.full,
            more: told.more,
        },
        entries,
        oddities: skipped.with(told.repaired),
    })
}

/// Records that nothing names, so that nothing of them can be kept.
#[derive(Default)]
struct Skipped(usize);

impl Skipped {
    fn unless_read<T>(&mut self, read: Result<T, NotAsAgreed>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(NotAsAgreed(field)) => {
                tracing::warn!(
                    field,
                    "a record of the province that nothing names is skipped"
                );
                self.0 += 1;
                None
            }
        }
    }

    fn with(self, repaired: usize) -> Oddities {
        Oddities {
            repaired,
            skipped: self.0,
        }
    }
}

fn listed(each: &Each<WorkerRecord>) -> Result<Listed, NotAsAgreed> {
    let (number, field) = match each {
        Each::Record(record) => match worker(record) {
            Ok(worker) => return Ok(Listed::Readable(Box::new(worker))),
            Err(NotAsAgreed(field)) => (Some(&record.social_security_number), field),
        },
        Each::Unreadable { field, known } => (known.get("social_security_number"), field.as_str()),
    };
    tracing::warn!(field, "a worker's record of the province cannot be read");
    let number = number.ok_or(NotAsAgreed("social_security_number"))?;
    Ok(Listed::Unreadable {
        number: number.clone(),
        field: field.to_owned(),
    })
}

fn division(each: &Each<answer::DivisionRecord>) -> Result<(DivisionCode, String), NotAsAgreed> {
    match each {
        Each::Record(record) => {
            let code = in_field("division code", DivisionCode::parse(&record.code))?;
            Ok((code, record.name.clone()))
        }
        Each::Unreadable { .. } => Err(NotAsAgreed("division")),
    }
}

fn told_institution(each: &Each<InstitutionRecord>) -> ListedInstitution {
    let field = match each {
        Each::Record(record) => match institution(record) {
            Ok(institution) => return ListedInstitution::Readable(Box::new(institution)),
            Err(NotAsAgreed(field)) => field,
        },
        Each::Unreadable { field, known: _ } => field.as_str(),
    };
    tracing::warn!(
        field,
        "the province's record of this institution cannot be read"
    );
    ListedInstitution::Unreadable {
        field: field.to_owned(),
    }
}

fn told_entry(each: &Each<CatalogueRecord>) -> Result<ListedEntry, NotAsAgreed> {
    let (owner, column, code, field) = match each {
        Each::Record(record) => match entry(record) {
            Ok(entry) => return Ok(ListedEntry::Readable(entry)),
            Err(NotAsAgreed(field)) => (
                Some(&record.owner),
                Some(&record.column),
                Some(&record.code),
                field,
            ),
        },
        Each::Unreadable { field, known } => (
            known.get("owner"),
            known.get("column"),
            known.get("code"),
            field.as_str(),
        ),
    };
    let code = code
        .and_then(|code| ItemCode::parse(&item_code::clean(code).0).ok())
        .ok_or(NotAsAgreed("code"))?;
    tracing::warn!(
        field,
        code = code.as_str(),
        "an entry of the province's catalogue cannot be read"
    );
    Ok(ListedEntry::Unreadable {
        owner: owner.and_then(|owner| DivisionCode::parse(owner.trim()).ok()),
        column: column.and_then(|column| MatrixColumn::parse(column.trim()).ok()),
        code,
        field: field.to_owned(),
    })
}

fn worker(record: &WorkerRecord) -> Result<Worker, NotAsAgreed> {
    let confirmations = record
        .confirmations
        .iter()
        .map(|name| Confirmation::parse(name));
    Ok(Worker {
        version: Version,
        worker: rules::Worker {
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
        },
        filings: all(&record.filings, filing)?,
        notices: all(&record.notices, notice)?,
        injuries: all(&record.injuries, injury)?,
    })
}

fn all<W, R>(
    told: &[W],
    read: impl Fn(&W) -> Result<R, NotAsAgreed>,
) -> Result<Vec<R>, NotAsAgreed> {
    told.iter().map(read).collect()
}

fn filing(record: &FilingRecord) -> Result<Filing, NotAsAgreed> {
    let form = match (record.form.as_str(), &record.care) {
        ("medical", Some(care)) => FilingForm::Medical {
            care: in_field("care", Care::parse(care))?,
        },
        ("device", None) => FilingForm::Device,
        _ => return Err(NotAsAgreed("form")),
    };
    let (valid_from, valid_to) = (
        day("valid_from", &record.valid_from)?,
        day("valid_to", &record.valid_to)?,
    );
    if valid_to < valid_from {
        return Err(NotAsAgreed("valid_to"));
    }
    Ok(Filing(rules::Filing {
        number: in_field("number", FilingNumber::parse(&record.number))?,
        form,
        basis: in_field("basis", Basis::parse(&record.basis))?,
        place: in_field("place", DivisionCode::parse(&record.place))?,
        status: filing_status(record)?,
        valid_from,
        valid_to,
        back_filing: if_any(
            "back_filing",
            record.back_filing.as_deref(),
            |field, text| in_field(field, BackFiling::parse(text)),
        )?,
    }))
}

fn filing_status(record: &FilingRecord) -> Result<FilingStatus, NotAsAgreed> {
    let approved_at = if_any("approved_at", record.approved_at.as_deref(), instant)?;
    let cancelled_at = if_any("cancelled_at", record.cancelled_at.as_deref(), instant)?;
    match (record.status.as_str(), approved_at, cancelled_at) {
        ("approved", Some(at), None) => Ok(FilingStatus::Approved { at }),
        ("pending", noted_at, None) => Ok(FilingStatus::Pending { noted_at }),
        ("rejected", noted_at, None) => Ok(FilingStatus::Rejected { noted_at }),
        ("cancelled", Some(approved_at), Some(at)) => {
            Ok(FilingStatus::Cancelled { approved_at, at })
        }
        _ => Err(NotAsAgreed("status")),
    }
}

fn notice(record: &DeviceNoticeRecord) -> Result<DeviceNotice, NotAsAgreed> {
    let minimum_years = u8::try_from(record.minimum_years)
        .ok()
        .filter(|years| *years <= 99);
    Ok(DeviceNotice {
        number: if_any("notice number", record.number.as_deref(), |field, text| {
            in_field(field, NoticeNumber::parse(text))
        })?,
        filing: in_field("filing_number", FilingNumber::parse(&record.filing_number))?,
        device: in_field("device_code", ItemCode::parse(&record.device_code))?,
        used: record.used,
        reason: in_field("reason", NoticeReason::parse(&record.reason))?,
        limit: in_field("limit", Money::parse_unsigned(&record.limit))?,
        minimum_years: minimum_years.ok_or(NotAsAgreed("minimum_years"))?,
        last_fitted_on: if_any("last_fitted_on", record.last_fitted_on.as_deref(), day)?,
    })
}

fn injury(record: &InjuryRecord) -> Result<Injury, NotAsAgreed> {
    if record.decision_number.trim().is_empty() {
        return Err(NotAsAgreed("decision_number"));
    }
    Ok(Injury {
        decision_number: record.decision_number.clone(),
        injured_on: if_any("injured_on", record.injured_on.as_deref(), day)?,
        body_part: record.body_part.clone(),
        employer: record.employer.clone(),
        occupational_disease: record.occupational_disease,
    })
}

fn institution(record: &InstitutionRecord) -> Result<Institution, NotAsAgreed> {
    let since = if_any("status_since", record.status_since.as_deref(), day)?;
    let standing = match (record.status.as_str(), since) {
        ("active", since) => InstitutionStatus::Active { since },
        ("suspended", Some(since)) => InstitutionStatus::Suspended { since },
        ("terminated", Some(since)) => InstitutionStatus::Terminated { since },
        ("closed", Some(since)) => InstitutionStatus::Closed { since },
        _ => return Err(NotAsAgreed("status")),
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
    Ok(Institution {
        version: Version,
        institution: rules::Institution {
            division: in_field("division", DivisionCode::parse(&record.division))?,
            standing,
            channels: in_field("channels", channels)?,
            kinds: in_field("kinds", kinds)?,
        },
        code: record.code.clone(),
        name: record.name.clone(),
        grade: record.grade.clone(),
    })
}

fn entry(record: &CatalogueRecord) -> Result<CatalogueEntry, NotAsAgreed> {
    let (from, to) = (
        day("from", &record.from)?,
        if_any("to", record.to.as_deref(), day)?,
    );
    if to.is_some_and(|to| to < from) {
        return Err(NotAsAgreed("to"));
    }
    Ok(CatalogueEntry {
        owner: in_field("owner", DivisionCode::parse(&record.owner))?,
        entry: rules::CatalogueEntry {
            column: in_field("column", MatrixColumn::parse(&record.column))?,
            // What a blank or a mark around it, or a wide digit, would make another code is certain here too.
            code: in_field("code", ItemCode::parse(&item_code::clean(&record.code).0))?,
            from,
            to,
            restricted: record.restricted,
            ceiling: if_any("ceiling", record.ceiling.as_deref(), |field, text| {
                in_field(field, Money::parse_unsigned(text))
            })?,
        },
    })
}

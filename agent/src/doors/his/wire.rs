//! What the hospital's system is answered, version 1: structs of their own, amounts and times as text.

use rules::case::china_time::format_instant;
use serde::Serialize;

use super::marks::MissingWire;
use crate::bill::Kin;
use crate::counter::uploads::RegistrationTrouble;
use crate::counter::{
    self, Freshness, Ground, Judgement, LedgerState, Quote, Remark, SettlementView, VisitStateView,
    VisitView,
};
use crate::desk::{Desk, ReaderState};
use crate::doors::upload_wire::UploadWire;
use crate::visible_text::in_one_line;
use crate::wording::counter_state::{ledger_state, province_trouble};
use crate::wording::desk::{card_remark, declined, device_trouble, reader_trouble};
use crate::wording::notice::Notice;

/// A reason or a warning.
#[derive(Serialize)]
pub(super) struct ReasonWire {
    /// `rules`, or `counter` for what the counter says beside them: that names no article, and a reason of it no rule.
    origin: &'static str,
    rule: &'static str,
    code: &'static str,
    article: String,
    say: String,
}

/// Every reason of a judgement, refusals first.
pub(super) fn reasons(judgement: &Judgement) -> Vec<ReasonWire> {
    let wire = |ground: &Ground<'_>| match ground {
        Ground::Rule(reason) => ReasonWire {
            origin: "rules",
            rule: reason.rule.name(),
            code: reason.code.name(),
            article: reason.article.to_string(),
            say: in_one_line(&reason.say).into_owned(),
        },
        Ground::Own(objection) => ReasonWire {
            origin: "counter",
            rule: "",
            code: objection.code(),
            article: String::new(),
            say: in_one_line(&objection.say()).into_owned(),
        },
    };
    judgement.grounds().iter().map(wire).collect()
}

/// The rules' warnings, then what the counter has noticed, which names no article.
pub(super) fn warnings(judgement: &Judgement, remarks: &[Remark]) -> Vec<ReasonWire> {
    let said = judgement.decision.iter();
    let warnings = said.flat_map(|decision| &decision.warnings);
    let warnings = warnings.map(|warning| ReasonWire {
        origin: "rules",
        rule: warning.rule.name(),
        code: warning.code.name(),
        article: warning.article.to_string(),
        say: in_one_line(&warning.say).into_owned(),
    });
    let remarks = remarks.iter().map(|remark| ReasonWire {
        origin: "counter",
        rule: remark.rule().name(),
        code: remark.code(),
        article: String::new(),
        say: in_one_line(&remark.say()).into_owned(),
    });
    warnings.chain(remarks).collect()
}

#[derive(Serialize)]
pub(super) struct CounterWire {
    ledger: LedgerWire,
    registry_as_of: Option<String>,
    catalogue_as_of: Option<String>,
    /// Records that the province sent and that cannot be read, and values that were read although they are not as agreed.
    registry_unreadable: u32,
    catalogue_unreadable: u32,
    values_repaired: u32,
    province_trouble: Option<Notice>,
    open_uploads: usize,
    late_uploads: usize,
    rejected_uploads: usize,
}

impl From<&counter::CounterState> for CounterWire {
    fn from(standing: &counter::CounterState) -> Self {
        Self {
            ledger: LedgerWire::from(&standing.ledger),
            registry_as_of: standing.registry_as_of.map(format_instant),
            catalogue_as_of: standing.catalogue_as_of.map(format_instant),
            registry_unreadable: standing.registry_faults.registry,
            catalogue_unreadable: standing.registry_faults.catalogue,
            values_repaired: standing.registry_faults.repaired,
            province_trouble: standing.province_trouble.as_ref().map(province_trouble),
            open_uploads: standing.open_uploads,
            late_uploads: standing.late_uploads,
            rejected_uploads: standing.rejected_uploads,
        }
    }
}

#[derive(Serialize)]
struct LedgerWire {
    /// `sound`, `checking`, `unknown`, or `stopped`: then nothing is admitted, settled or printed.
    state: &'static str,
    notice: Option<Notice>,
}

impl From<&LedgerState> for LedgerWire {
    fn from(standing: &LedgerState) -> Self {
        let state = match standing {
            LedgerState::Sound => "sound",
            LedgerState::Checking => "checking",
            LedgerState::Unknown(_) => "unknown",
            LedgerState::Stopped(_) | LedgerState::Full(_) => "stopped",
        };
        let notice = ledger_state(standing);
        Self { state, notice }
    }
}

#[derive(Serialize)]
pub(super) struct DeskWire {
    reader: &'static str,
    trouble: Option<Notice>,
    /// The province is verifying a scanned code.
    verifying: bool,
    /// What was presented last and not taken.
    declined: Option<Notice>,
    /// Scanners and identity card readers that cannot be used.
    other_troubles: Vec<Notice>,
    presented: Option<PresentedWire>,
}

#[derive(Serialize)]
struct PresentedWire {
    /// Names this reading.
    reading: String,
    kind: &'static str,
    social_security_number: String,
    name: String,
    read_at: String,
    took_ms: u128,
    drawn: bool,
    /// `now` where the province, or a PSAM, confirmed it; `no` where nobody did.
    verified: &'static str,
    remarks: Vec<String>,
}

impl From<&Desk> for DeskWire {
    fn from(desk: &Desk) -> Self {
        let (reader, trouble) = match &desk.reader {
            ReaderState::Off => ("off", None),
            ReaderState::Starting => ("starting", None),
            ReaderState::Empty => ("empty", None),
            ReaderState::Reading => ("reading", None),
            ReaderState::Read => ("read", None),
            ReaderState::Trouble(trouble) => ("trouble", Some(reader_trouble(trouble))),
        };
        let presented = desk.presented.as_ref().map(|presented| PresentedWire {
            reading: presented.stamp().to_string(),
            kind: presented.kind.name(),
            social_security_number: presented.social_security_number.as_str().to_owned(),
            name: presented.name.as_str().to_owned(),
            read_at: format_instant(presented.at),
            took_ms: presented.took.as_millis(),
            drawn: presented.drawn,
            verified: presented.confirmed_by.verified().name(),
            remarks: presented.remarks.iter().filter_map(card_remark).collect(),
        });
        Self {
            reader,
            trouble,
            verifying: desk.verifying,
            declined: desk.declined.as_ref().map(declined),
            other_troubles: desk.troubles.values().map(device_trouble).collect(),
            presented,
        }
    }
}

#[derive(Serialize)]
pub(super) struct VisitWire {
    number: String,
    registration_number: Option<String>,
    registration_trouble: Option<String>,
    kind: &'static str,
    department: String,
    inpatient_number: String,
    registered_at: String,
    state: &'static str,
    settlement: Option<String>,
}

impl From<&VisitView> for VisitWire {
    fn from(visit: &VisitView) -> Self {
        let (state, settlement) = match &visit.state {
            VisitStateView::Open => ("open", None),
            VisitStateView::Settled { settlement } => ("settled", Some(settlement.clone())),
            VisitStateView::Cancelled { .. } => ("cancelled", None),
            VisitStateView::Closed => ("closed", None),
        };
        Self {
            number: visit.number.clone(),
            registration_number: visit.registration_number.clone(),
            registration_trouble: visit
                .registration_trouble
                .as_ref()
                .map(RegistrationTrouble::say),
            kind: visit.kind.name(),
            department: visit.department.clone(),
            inpatient_number: visit.inpatient_number.clone(),
            registered_at: format_instant(visit.registered_at),
            state,
            settlement,
        }
    }
}

/// A quote: the decision as `explain` writes it, and whether it may be settled.
#[derive(Serialize)]
pub(super) struct QuoteWire {
    id: String,
    visit: String,
    may_be_settled: bool,
    judged_at: String,
    /// Until when it can be settled; absent where no card was presented for it.
    good_until: Option<String>,
    /// Minutes since the registry was current; absent where the province answered just now.
    cache_age_minutes: Option<i64>,
    outcome: &'static str,
    route: &'static str,
    reasons: Vec<ReasonWire>,
    warnings: Vec<ReasonWire>,
    total: Option<String>,
    fund: Option<String>,
    self_pay: Option<String>,
    other: Option<String>,
    personal: Option<String>,
    lines: Vec<LineWire>,
    /// How the bill was read: what kind of file, what was passed over, what was repaired, in Chinese.
    read: ReadWire,
    /// Lines that are not listed, while a code that may be meant is.
    doubted: Vec<DoubtedWire>,
    /// Lines that lack marks.
    missing: MissingWire,
}

#[derive(Serialize)]
struct ReadWire {
    file_name: Option<String>,
    /// The bill or the request said 住院号, and it is the visit's.
    names_stay: bool,
    count: usize,
    total: String,
    first_day: Option<String>,
    last_day: Option<String>,
    form: String,
    /// Absent for JSON, which has none.
    head_row: Option<u64>,
    ignored: Vec<String>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct DoubtedWire {
    number: u64,
    /// `case`, `zeros` or `suffix`: in what the listed code differs.
    differs_in: &'static str,
    listed: String,
}

fn doubted(remarks: &[Remark]) -> Vec<DoubtedWire> {
    let lines = remarks.iter().flat_map(|remark| match remark {
        Remark::CodesDoubted(lines) => lines.as_slice(),
        Remark::Overlaps(_)
        | Remark::ColumnsDiffer(_)
        | Remark::CaseMended(_)
        | Remark::BeforeAdmission { .. }
        | Remark::NumberLostZeros(_)
        | Remark::NotOnSlip { .. }
        | Remark::Vouched(_)
        | Remark::Marked { .. } => &[],
    });
    let wire = |doubted: &counter::CodeDoubted| DoubtedWire {
        number: doubted.line.get(),
        differs_in: match doubted.relative.kin {
            Kin::Case => "case",
            Kin::Zeros => "zeros",
            Kin::Suffix => "suffix",
        },
        listed: doubted.relative.listed.as_str().to_owned(),
    };
    lines.map(wire).collect()
}

#[derive(Serialize)]
struct LineWire {
    number: u64,
    fund: String,
    self_pay: String,
    other: String,
    rule: &'static str,
    article: String,
}

impl From<&Quote> for QuoteWire {
    fn from(quote: &Quote) -> Self {
        let split = quote.judgement.split();
        let extent = quote.extent();
        let days = extent.and_then(|extent| extent.days);
        let cache_age_minutes = match &quote.freshness {
            Freshness::Asked => None,
            Freshness::Cached { age, why: _ } => Some(age.as_mins()),
        };
        let lines = split.map_or(&[][..], |split| &split.lines[..]).iter();
        Self {
            id: quote.id.clone(),
            visit: quote.visit.number.clone(),
            may_be_settled: quote.may_be_settled(),
            judged_at: format_instant(quote.judged_at()),
            good_until: quote.good_until().map(format_instant),
            cache_age_minutes,
            outcome: quote.judgement.outcome().name(),
            route: quote.judgement.route().name(),
            reasons: reasons(&quote.judgement),
            warnings: warnings(&quote.judgement, &quote.remarks),
            total: split.map(|split| split.total().to_string()),
            fund: split.map(|split| split.fund.total().to_string()),
            self_pay: split.map(|split| split.self_pay.total().to_string()),
            other: split.map(|split| split.other.total().to_string()),
            personal: split.map(|split| split.personal().to_string()),
            lines: lines
                .map(|line| LineWire {
                    number: line.number.get(),
                    fund: line.shares.fund.to_string(),
                    self_pay: line.shares.self_pay.to_string(),
                    other: line.shares.other.to_string(),
                    rule: line.rule.name(),
                    article: line.article.to_string(),
                })
                .collect(),
            read: ReadWire {
                file_name: quote.file.name.clone(),
                names_stay: quote.file.names_stay,
                count: extent.map_or(0, |extent| extent.lines),
                total: extent.map_or_else(String::new, |extent| extent.total.to_string()),
                first_day: days.map(|(first, _)| first.to_string()),
                last_day: days.map(|(_, last)| last.to_string()),
                form: quote.how.form.to_string(),
                head_row: quote.how.head_row,
                ignored: quote.how.ignored.clone(),
                notes: quote
                    .how
                    .notes
                    .iter()
                    .map(|note| note.to_string())
                    .collect(),
            },
            doubted: doubted(&quote.remarks),
            missing: MissingWire::of(quote),
        }
    }
}

#[derive(Serialize)]
pub(super) struct SettlementWire {
    number: String,
    visit: VisitWire,
    settled_at: String,
    settled_by: String,
    total: String,
    fund: String,
    self_pay: String,
    other: String,
    personal: String,
    upload_due_at: String,
    uploads: Vec<UploadWire>,
}

impl From<&SettlementView> for SettlementWire {
    fn from(settlement: &SettlementView) -> Self {
        Self {
            number: settlement.number.clone(),
            visit: VisitWire::from(&settlement.visit),
            settled_at: format_instant(settlement.settled_at),
            settled_by: settlement.settled_by.clone(),
            total: settlement.total.clone(),
            fund: settlement.fund.clone(),
            self_pay: settlement.self_pay.clone(),
            other: settlement.other.clone(),
            personal: settlement.personal.clone(),
            upload_due_at: format_instant(settlement.upload_due_at),
            uploads: settlement.uploads.iter().map(UploadWire::from).collect(),
        }
    }
}

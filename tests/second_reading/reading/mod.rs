//! A case decided by the second reading: the table of rules from its first row to its last, then the warnings.

mod bill;
mod filings;
mod person;
mod places;

use jiff::civil::date;
use jiff::{SignedDuration, tz::TimeZone};
use serde_json::{Value, json};

use crate::case::{
    CHINA, Case, Gate, Kind, Liability, Moment, Network, Profile, Settled, Standing, Worker,
};
use places::{Channel, channel};

/// The rule and the code of something said.
pub(crate) type Said = (&'static str, &'static str);

/// What is said of one case, as far as the reading has come.
#[derive(Default)]
struct Findings {
    refusals: Vec<(Said, &'static str)>,
    holds: Vec<(Said, &'static str)>,
    warnings: Vec<Said>,
}

impl Findings {
    fn refuse(&mut self, rule: &'static str, code: &'static str, route: &'static str) {
        once(&mut self.refusals, ((rule, code), route));
    }

    fn hold(&mut self, rule: &'static str, code: &'static str, route: &'static str) {
        once(&mut self.holds, ((rule, code), route));
    }

    fn warn(&mut self, rule: &'static str, code: &'static str) {
        once(&mut self.warnings, (rule, code));
    }
}

fn once<T: PartialEq>(list: &mut Vec<T>, said: T) {
    if !list.contains(&said) {
        list.push(said);
    }
}

/// A case with what every rule asks of it.
struct View<'a> {
    case: &'a Case,
    worker: &'a Worker,
    channel: Channel,
}

impl View<'_> {
    fn intra(&self) -> bool {
        self.channel == Channel::IntraProvince
    }

    /// The route of an opening gate, or that of a settling one.
    fn route(&self, opening: &'static str, settling: &'static str) -> &'static str {
        if self.case.gate.opens() {
            opening
        } else {
            settling
        }
    }

    /// What Hunan's profile alone has: outpatients, back-filings and late recognition within the province.
    fn hunan_intra(&self) -> bool {
        self.intra() && self.case.profile == Profile::Hunan
    }
}

/// The result that `explain` owes for the case, as the scenarios write it.
pub(crate) fn read(case: &Case) -> Value {
    let mut findings = Findings::default();
    let Some(worker) = &case.worker else {
        findings.hold("A00", "worker_unknown", "check_online");
        return stopped(None, &findings);
    };
    let channel = channel(worker, &case.institution.division);
    match channel {
        Channel::ProvincialLevel => {
            findings.refuse("A03", "provincial_level", "provincial_settlement");
        }
        Channel::Local => findings.refuse("A02", "same_prefecture", "local_settlement"),
        Channel::IntraProvince if case.profile != Profile::Hunan => {
            findings.refuse("A09", "intra_province_not_open", "manual_reimbursement");
        }
        Channel::IntraProvince | Channel::CrossProvince => {
            return decided(
                &View {
                    case,
                    worker,
                    channel,
                },
                findings,
            );
        }
    }
    stopped(Some(channel), &findings)
}

fn stopped(channel: Option<Channel>, findings: &Findings) -> Value {
    result(
        channel,
        findings,
        None,
        (Value::Null, Value::Null, Value::Null),
    )
}

fn decided(view: &View<'_>, mut findings: Findings) -> Value {
    let case = view.case;
    channel_rules(view, &mut findings);
    person::rules(view, &mut findings);
    liability(view, &mut findings);
    let relied_on = filings::rules(view, &mut findings);
    devices(view, &mut findings);
    let age = case
        .at
        .instant()
        .duration_since(case.registry_as_of.instant());
    if age > SignedDuration::from_mins(1440) {
        findings.hold("F02", "registry_stale", "check_online");
    }
    let sound = bill::faults(case, &mut findings);
    if sound {
        bill::warnings(case, &mut findings);
    }
    let split = case
        .bill
        .as_ref()
        .filter(|_| sound)
        .map(|bill| bill::split(case, bill));
    let allowed = findings.refusals.is_empty() && findings.holds.is_empty();
    let mut refund = Value::Null;
    if allowed
        && case.gate == Gate::Refund
        && let Some(split) = &split
    {
        refund = bill::refund(&case.visit, split, &mut findings);
    }
    let due = if allowed && case.gate.settles() {
        json!(half_an_hour_later(&case.at))
    } else {
        Value::Null
    };
    let split = split.map_or(Value::Null, |split| split.written());
    result(
        Some(view.channel),
        &findings,
        relied_on,
        (split, refund, due),
    )
}

/// A08, D01, D02, A04, A05, F08: the channel, the institution, and what was settled before.
fn channel_rules(view: &View<'_>, findings: &mut Findings) {
    let (case, house) = (view.case, &view.case.institution);
    let today = case.at.day();
    let in_force = if view.intra() {
        date(2025, 8, 1)
    } else {
        date(2025, 4, 1)
    };
    if today < in_force {
        findings.refuse("A08", "not_yet_in_force", "manual_reimbursement");
    }
    if view.hunan_intra() && today > date(2027, 7, 31) {
        findings.warn("A08", "regulation_expired");
    }
    let elsewhere = view.route("other_institution", "manual_reimbursement");
    if house.status != Standing::Active {
        let later = house
            .status_since
            .is_some_and(|since| since > case.visit.registered_at.day());
        if later && case.gate.settles() && case.gate != Gate::Outpatient {
            findings.hold("D02", "suspended_during_stay", "ask_agency");
        } else {
            findings.refuse("D01", "institution_not_active", elsewhere);
        }
    }
    let network = if view.intra() {
        Network::IntraProvince
    } else {
        Network::CrossProvince
    };
    if !house.channels.contains(&network) {
        findings.refuse("D01", "institution_not_in_library", elsewhere);
    }
    if !house.kinds.contains(&case.visit.kind) {
        findings.refuse("D01", "kind_not_in_agreement", elsewhere);
    }
    if !view.intra() && case.visit.kind.outpatient() {
        findings.refuse("A04", "outpatient_cross_province", "manual_reimbursement");
    }
    match case.visit.settled {
        Settled::No => {}
        Settled::Direct => findings.refuse("F08", "already_settled_directly", "none"),
        Settled::Manual => findings.refuse("F08", "already_claimed_manually", "none"),
    }
}

/// A06: whether somebody else is liable.
fn liability(view: &View<'_>, findings: &mut Findings) {
    match view.case.visit.third_party_liability {
        Liability::None => {}
        Liability::Partial | Liability::Full => {
            findings.refuse("A06", "third_party_liable", "manual_reimbursement");
        }
        Liability::Undeclared => findings.hold("A06", "liability_undeclared", "declare_liability"),
    }
}

/// E06, E07, E08: the devices and their notices; and F05, the plan of a rehabilitation.
fn devices(view: &View<'_>, findings: &mut Findings) {
    let case = view.case;
    for device in &case.devices {
        if !device.in_filing {
            findings.warn("E06", "device_not_in_filing");
            continue;
        }
        match device.notice_number {
            None => findings.refuse("E07", "no_notice", "ask_agency"),
            Some(_) if device.notice_used => {
                findings.hold("E07", "notice_already_used", "ask_agency");
            }
            Some(_) => {}
        }
    }
    for device in case.devices.iter().filter(|device| device.in_filing) {
        let early = device.last_fitted_on.is_some_and(|fitted| {
            case.visit.registered_at.day()
                < places::months_after(fitted, i32::from(device.minimum_years) * 12)
        });
        if early && device.notice_reason == crate::case::Notice::ChangedInjury {
            findings.warn("E08", "early_replacement");
        } else if early {
            findings.hold("E08", "minimum_years_not_reached", "ask_agency");
        }
    }
    let rehabilitation =
        case.visit.kind == Kind::InpatientRehabilitation && case.gate == Gate::Discharge;
    if rehabilitation && !case.visit.rehabilitation_plan_uploaded {
        findings.warn("F05", "rehabilitation_plan_missing");
    }
}

fn half_an_hour_later(at: &Moment) -> String {
    let due = at.instant() + SignedDuration::from_mins(30);
    due.to_zoned(TimeZone::fixed(CHINA))
        .strftime("%Y-%m-%dT%H:%M:%S%.f%:z")
        .to_string()
}

/// The result's JSON; the last three are the split, the refund and the upload's deadline.
fn result(
    channel: Option<Channel>,
    findings: &Findings,
    filing: Option<&str>,
    last: (Value, Value, Value),
) -> Value {
    let reasons: Vec<_> = findings.refusals.iter().chain(&findings.holds).collect();
    let decision = match (findings.refusals.is_empty(), findings.holds.is_empty()) {
        (false, _) => "refuse",
        (true, false) => "hold",
        (true, true) => "allow",
    };
    let mut warnings = findings.warnings.clone();
    warnings.sort_unstable();
    let said = |(rule, code): &Said| json!({"rule": rule, "code": code});
    let (split, refund, due) = last;
    json!({
        "channel": channel.map(Channel::word),
        "decision": decision,
        "route": reasons.first().map_or("direct_settlement", |(_, route)| route),
        "filing": filing,
        "reasons": reasons.iter().map(|(reason, _)| said(reason)).collect::<Vec<_>>(),
        "warnings": warnings.iter().map(said).collect::<Vec<_>>(),
        "split": split,
        "refund": refund,
        "upload_due_at": due,
    })
}

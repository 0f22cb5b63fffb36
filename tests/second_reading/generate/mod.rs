//! Random cases that keep the format: most of them near one that is allowed, each field now and then out of the ordinary.

mod bills;
mod dice;
mod filings;
mod moments;
mod people;

pub(crate) use dice::Dice;

use jiff::{Timestamp, ToSpan as _};

use crate::case::{
    BackFiling, Care, Case, Confirmation, Eligibility, Gate, Institution, Kind, Level, Liability,
    Network, Profile, Settled, Standing, Status, Visit, in_china,
};
use moments::written;

/// What a case's parts have in common.
struct Scene {
    profile: Profile,
    gate: Gate,
    kind: Kind,
    insured: &'static str,
    level: Level,
    institution: &'static str,
    registered: Timestamp,
    at: Timestamp,
    /// How the visit came to be filed late, where it was.
    back_filing: Option<BackFiling>,
}

/// The insured place and the institution's division.
type Places = (&'static str, &'static str);

const CROSS: [Places; 9] = [
    ("650100", "430103"),
    ("430400", "350203"),
    ("430100", "110105"),
    ("110000", "430103"),
    ("660100", "650102"),
    ("659001", "430103"),
    ("430400", "469005"),
    ("500101", "310115"),
    ("350100", "430103"),
];
const INTRA: [Places; 5] = [
    ("430400", "430103"),
    ("430100", "430481"),
    ("659001", "659002"),
    ("469005", "460100"),
    ("429004", "429005"),
];
const LOCAL: [Places; 6] = [
    ("430100", "430103"),
    ("110101", "110228"),
    ("310000", "310115"),
    ("659001", "659001"),
    ("500101", "500230"),
    ("120000", "120119"),
];

/// One case that keeps the format.
pub(crate) fn case(dice: &mut Dice) -> Case {
    let scene = scene(dice);
    let worker = people::worker(dice, &scene);
    let credential = people::credential(dice, &scene, &worker);
    let (devices, bill, catalogue) = bills::bill(dice, &scene);
    let now = written(dice, scene.at);
    let age = {
        let usual = *dice.pick(&[0, 30, 600, 1440]);
        dice.mostly(usual, &[1441, 2000, 100_000])
    };
    let just_over = i64::from(dice.odd());
    let registry_as_of = scene.at - age.minutes() - just_over.seconds();
    let mut case = Case {
        profile: scene.profile,
        at: now,
        gate: scene.gate,
        registry_as_of: written(dice, registry_as_of),
        institution: institution(dice, &scene),
        credential,
        worker: (!dice.odd()).then_some(worker),
        filings: filings::filings(dice, &scene),
        visit: visit(dice, &scene),
        devices,
        bill,
        catalogue,
    };
    if dice.percent(12) {
        doubt(dice, &scene, &mut case);
    }
    case
}

/// Leaves one thing open that somebody has to answer.
fn doubt(dice: &mut Dice, scene: &Scene, case: &mut Case) {
    let filing = case.filings.first_mut();
    match dice.below(7) {
        0 => case.visit.third_party_liability = Liability::Undeclared,
        1 => case.registry_as_of = written(dice, scene.at - 27.hours()),
        2 => case
            .worker
            .iter_mut()
            .for_each(|worker| worker.eligibility = Eligibility::Unknown),
        3 => case.credential.name = case.credential.name.take().map(|name| name + "？"),
        4 => case
            .devices
            .iter_mut()
            .for_each(|device| device.notice_used = true),
        5 if scene.kind.care().is_some() => filing.into_iter().for_each(|filing| {
            let other = match filing.care {
                Some(Care::Medical) => Care::Rehabilitation,
                Some(Care::Rehabilitation) | None => Care::Medical,
            };
            filing.care = filing.care.map(|_| other);
        }),
        _ => filing.into_iter().for_each(|filing| {
            if filing.status == Status::Approved {
                filing.status = Status::Cancelled;
                filing.cancelled_at = Some(written(dice, scene.at));
            }
        }),
    }
}

fn scene(dice: &mut Dice) -> Scene {
    let (gate, kind) = gate_and_kind(dice);
    // Outpatients and refunds have their place in Hunan alone.
    let at_home = gate == Gate::Refund || kind.outpatient();
    let hunan = dice.percent(if at_home { 90 } else { 50 });
    let profile = if hunan {
        Profile::Hunan
    } else {
        *dice.pick(&[Profile::National, Profile::Fujian])
    };
    let intra = match (hunan, at_home) {
        (false, _) => 4,
        (true, true) => 92,
        (true, false) => 45,
    };
    let (insured, institution) = match dice.below(100) {
        share if share < intra => *dice.pick(&INTRA),
        _ if dice.odd() => *dice.pick(&LOCAL),
        _ => *dice.pick(&CROSS),
    };
    let one_province = insured[..2] == institution[..2];
    let far = !one_province && dice.percent(10);
    let usual = if far {
        Level::Province
    } else {
        Level::Prefecture
    };
    let level = dice.mostly(usual, &[Level::Province]);
    let registered = moments::registered(dice);
    let at = moments::decided(dice, gate, registered);
    let back_filing = if gate == Gate::Refund {
        dice.mostly(
            Some(BackFiling::LateRecognition),
            &[None, Some(BackFiling::Emergency)],
        )
    } else if dice.percent(if hunan && one_province { 30 } else { 6 }) {
        Some(*dice.pick(&[
            BackFiling::Emergency,
            BackFiling::ForceMajeure,
            BackFiling::LateRecognition,
        ]))
    } else {
        None
    };
    Scene {
        profile,
        gate,
        kind,
        insured,
        level,
        institution,
        registered,
        at,
        back_filing,
    }
}

/// A gate and a kind of visit that goes through it.
fn gate_and_kind(dice: &mut Dice) -> (Gate, Kind) {
    let gate = *dice.pick(&[
        Gate::Admission,
        Gate::Outpatient,
        Gate::Discharge,
        Gate::Discharge,
        Gate::DeviceAcceptance,
        Gate::DeviceSettlement,
        Gate::DeviceSettlement,
        Gate::Refund,
        Gate::Refund,
    ]);
    let kind = match gate {
        Gate::Admission | Gate::Discharge => {
            *dice.pick(&[Kind::InpatientMedical, Kind::InpatientRehabilitation])
        }
        Gate::Outpatient => *dice.pick(&[Kind::OutpatientMedical, Kind::OutpatientRehabilitation]),
        Gate::DeviceAcceptance | Gate::DeviceSettlement => Kind::AssistiveDevice,
        Gate::Refund => *dice.pick(&[
            Kind::InpatientMedical,
            Kind::InpatientMedical,
            Kind::InpatientRehabilitation,
            Kind::OutpatientMedical,
            Kind::OutpatientRehabilitation,
            Kind::AssistiveDevice,
        ]),
    };
    (gate, kind)
}

fn institution(dice: &mut Dice, scene: &Scene) -> Institution {
    let status = dice.mostly(
        Standing::Active,
        &[Standing::Suspended, Standing::Terminated, Standing::Closed],
    );
    let registered = in_china(scene.registered);
    let since = registered + dice.pick(&[-30, -1, 0, 1, 2]).days();
    let mut channels = vec![Network::CrossProvince, Network::IntraProvince];
    if dice.odd() {
        channels.truncate(usize::try_from(dice.below(2)).unwrap());
    }
    let mut kinds = vec![
        Kind::AssistiveDevice,
        Kind::OutpatientMedical,
        Kind::InpatientMedical,
        Kind::OutpatientRehabilitation,
        Kind::InpatientRehabilitation,
    ];
    if dice.odd() {
        kinds.retain(|kind| *kind != scene.kind);
    }
    Institution {
        division: scene.institution.to_owned(),
        status,
        status_since: (status != Standing::Active || dice.percent(20)).then_some(since),
        channels,
        kinds,
    }
}

fn visit(dice: &mut Dice, scene: &Scene) -> Visit {
    let marked = |dice: &mut Dice, mark| (scene.back_filing == Some(mark)) != dice.odd();
    let discharged = *dice.pick(&[None, Some(scene.registered), Some(scene.at)]);
    let refund = scene.gate == Gate::Refund;
    let registered_at = written(dice, scene.registered);
    Visit {
        kind: scene.kind,
        registered_at,
        discharged_at: discharged.map(|at| written(dice, at)),
        third_party_liability: dice.mostly(
            Liability::None,
            &[
                Liability::Partial,
                Liability::Full,
                Liability::Undeclared,
                Liability::Undeclared,
            ],
        ),
        emergency: marked(dice, BackFiling::Emergency),
        force_majeure: marked(dice, BackFiling::ForceMajeure),
        settled: dice.mostly(Settled::No, &[Settled::Direct, Settled::Manual]),
        rehabilitation_plan_uploaded: dice.percent(50),
        paid_by_worker: bills::payment(dice, refund),
        paid_by_medical_insurance: bills::payment(dice, refund),
    }
}

/// A confirmation of that kind of visit, and seldom another.
fn confirmations(dice: &mut Dice, scene: &Scene) -> Vec<Confirmation> {
    let medical = [Confirmation::InjuryRecognition, Confirmation::Recurrence];
    let fitting = match scene.kind {
        Kind::InpatientMedical | Kind::OutpatientMedical => *dice.pick(&medical),
        Kind::InpatientRehabilitation | Kind::OutpatientRehabilitation => {
            Confirmation::Rehabilitation
        }
        Kind::AssistiveDevice => Confirmation::AssistiveDevice,
    };
    let others = [
        Confirmation::ContinuedTreatment,
        Confirmation::LegacyInjury,
        Confirmation::InjuryRecognition,
        Confirmation::Rehabilitation,
        Confirmation::AssistiveDevice,
    ];
    let mut held = vec![dice.mostly(fitting, &others)];
    if dice.percent(15) {
        let other = *dice.pick(&others);
        if !held.contains(&other) {
            held.push(other);
        }
    }
    if dice.odd() {
        held.clear();
    }
    held
}

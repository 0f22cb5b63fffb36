//! Filings: ordinary ones, back-filed ones, pending and cancelled ones, and pairs that differ in one thing.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::moments::written;
use super::{Dice, Scene};
use crate::case::{BackFiling, Basis, Care, Filing, Form, Status, in_china};

pub(super) fn filings(dice: &mut Dice, scene: &Scene) -> Vec<Filing> {
    if dice.odd() || (scene.back_filing.is_some() && dice.percent(12)) {
        return Vec::new();
    }
    let mut filings = vec![filing(dice, scene)];
    while filings.len() < 4 && dice.percent(35) {
        let another = if dice.percent(50) {
            filing(dice, scene)
        } else {
            twin(dice, scene, &filings[0])
        };
        filings.push(another);
    }
    let mut numbers = vec!["F-2", "F-10", "f-1", "2025号", "F-02"];
    for filing in &mut filings {
        let index = usize::try_from(dice.below(numbers.len() as u64)).unwrap();
        numbers.swap_remove(index).clone_into(&mut filing.number);
    }
    filings
}

fn filing(dice: &mut Dice, scene: &Scene) -> Filing {
    let form = if scene.kind.care().is_some() {
        Form::Medical
    } else {
        Form::Device
    };
    let form = dice.mostly(form, &[Form::Medical, Form::Device]);
    let usual_care = scene.kind.care().unwrap_or(Care::Medical);
    let care = dice.mostly(usual_care, &[Care::Medical, Care::Rehabilitation]);
    let status = dice.mostly(
        Status::Approved,
        &[
            Status::Pending,
            Status::Rejected,
            Status::Cancelled,
            Status::Cancelled,
        ],
    );
    let approved = approved(dice, scene);
    let basis = *dice.pick(&[Basis::LongResidence, Basis::ResidentWork, Basis::Transfer]);
    let (valid_from, valid_to) = validity(dice, scene, basis);
    let kinds = [
        None,
        Some(BackFiling::Emergency),
        Some(BackFiling::ForceMajeure),
        Some(BackFiling::LateRecognition),
    ];
    let mut filing = Filing {
        number: String::new(),
        form,
        basis,
        care: (form == Form::Medical).then_some(care),
        place: place(dice, scene),
        status,
        approved_at: Some(written(dice, approved)),
        cancelled_at: None,
        valid_from,
        valid_to,
        back_filing: dice.mostly(scene.back_filing, &kinds),
    };
    stand(dice, scene, &mut filing);
    filing
}

/// Gives a filing's state the moments that belong to it.
fn stand(dice: &mut Dice, scene: &Scene, filing: &mut Filing) {
    if matches!(filing.status, Status::Pending | Status::Rejected) {
        // What stands there of one that is not approved counts for nothing.
        filing.approved_at = filing.approved_at.take().filter(|_| dice.percent(20));
    }
    if filing.status == Status::Cancelled {
        let moments = [
            scene.registered - 1.second(),
            scene.registered,
            scene.registered + 1.second(),
            scene.at,
            scene.at + 1.second(),
        ];
        let cancelled = *dice.pick(&moments);
        filing.cancelled_at = Some(written(dice, cancelled));
    }
}

/// The first filing again, but for one thing.
fn twin(dice: &mut Dice, scene: &Scene, first: &Filing) -> Filing {
    let mut twin = first.clone();
    match dice.below(6) {
        0 => {
            twin.place = if dice.percent(50) {
                scene.institution.to_owned()
            } else {
                "110101".to_owned()
            }
        }
        1 if twin.form == Form::Medical => {
            twin.care = Some(*dice.pick(&[Care::Medical, Care::Rehabilitation]));
        }
        2 => (twin.valid_from, twin.valid_to) = validity(dice, scene, twin.basis),
        3 => {
            twin.back_filing = *dice.pick(&[
                None,
                Some(BackFiling::Emergency),
                Some(BackFiling::LateRecognition),
            ]);
        }
        4 if twin.status == Status::Approved => twin.status = Status::Cancelled,
        4 if twin.status == Status::Cancelled => {
            twin.status = Status::Approved;
            twin.cancelled_at = None;
        }
        5 if twin.approved_at.is_some() => {
            let moment = approved(dice, scene);
            twin.approved_at = Some(written(dice, moment));
        }
        // An equal one.
        _ => return twin,
    }
    if twin.status == Status::Cancelled && twin.cancelled_at.is_none() {
        stand(dice, scene, &mut twin);
    }
    twin
}

/// When the agency approved: after registration where the visit was filed late.
fn approved(dice: &mut Dice, scene: &Scene) -> Timestamp {
    let late = scene.back_filing.is_some() != dice.odd();
    let stay = scene.at.duration_since(scene.registered).as_secs();
    if !late {
        let before = if dice.percent(25) {
            0
        } else {
            dice.small(90 * 86_400)
        };
        scene.registered - before.seconds()
    } else if dice.odd() {
        scene.at + dice.pick(&[1_i64, 86_400]).seconds()
    } else {
        let after = if dice.percent(25) {
            stay
        } else {
            stay.min(1 + dice.small(86_400))
        };
        scene.registered + after.seconds()
    }
}

/// A validity around the day of registration, as long as Hunan's agencies give, or a little longer.
fn validity(dice: &mut Dice, scene: &Scene, basis: Basis) -> (Date, Date) {
    let registered = in_china(scene.registered);
    let months = if basis == Basis::Transfer { 3 } else { 6 };
    match dice.below(10) {
        0 => (registered, registered),
        1 => (registered - 20.days(), registered),
        2 => (registered, registered + months.months()),
        3 if dice.percent(15) => (registered - 30.days(), registered - 1.day()),
        4 if dice.percent(15) => (registered + 1.day(), registered + 30.days()),
        5 if dice.percent(15) => (registered - 500.days(), registered - 400.days()),
        6 => {
            // The last day of a month that has more days than the one in which the validity ends.
            let from = (registered - dice.small(80).days()).last_of_month();
            (
                from,
                from + months.months() + i64::from(dice.percent(50)).days(),
            )
        }
        _ => {
            let from = registered - dice.small(80).days();
            (
                from,
                from + months.months() + i64::from(dice.percent(15)).days(),
            )
        }
    }
}

fn place(dice: &mut Dice, scene: &Scene) -> String {
    let own = scene.institution;
    // Another district of the same place, or the place's own code.
    let near = match &own[..2] {
        "11" | "12" | "31" | "50" => format!("{}0000", &own[..2]),
        _ if &own[2..4] == "90" => own.to_owned(),
        _ => format!("{}00", &own[..4]),
    };
    let near = if dice.percent(50) {
        near
    } else {
        own.to_owned()
    };
    if dice.odd() {
        return (*dice.pick(&["430200", "110101", "469006", "659003", "310000", "350200"]))
            .to_owned();
    }
    near
}

//! Moments and days near the edges that the rules know: midnight in China, ends of months, leap days, first and last days.

use jiff::civil::{Date, date, time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan as _};

use super::Dice;
use crate::case::{CHINA, Gate, Moment};

const EDGES: [Date; 18] = [
    date(2025, 3, 31),
    date(2025, 4, 1),
    date(2025, 7, 31),
    date(2025, 8, 1),
    date(2025, 8, 31),
    date(2025, 11, 30),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 2, 28),
    date(2026, 3, 1),
    date(2026, 8, 31),
    date(2027, 2, 28),
    date(2027, 7, 31),
    date(2027, 8, 1),
    date(2028, 2, 28),
    date(2028, 2, 29),
    date(2028, 3, 1),
    date(2029, 2, 28),
];

/// When the visit was registered.
pub(super) fn registered(dice: &mut Dice) -> Timestamp {
    let day = if dice.percent(25) {
        *dice.pick(&EDGES)
    } else {
        date(2025, 8, 20) + dice.small(600).days()
    };
    let second = match dice.below(4) {
        0 => *dice.pick(&[0, 1, 86_399, 28_799, 28_800, 57_600]),
        _ => dice.small(86_400),
    };
    let midnight = day
        .to_datetime(time(0, 0, 0, 0))
        .to_zoned(TimeZone::fixed(CHINA))
        .unwrap();
    (midnight + second.seconds()).timestamp()
}

/// When the case is decided: often at once, else after a while.
pub(super) fn decided(dice: &mut Dice, gate: Gate, registered: Timestamp) -> Timestamp {
    let opening = matches!(
        gate,
        Gate::Admission | Gate::Outpatient | Gate::DeviceAcceptance
    );
    let longest = if opening { 2 * 86_400 } else { 150 * 86_400 };
    let seconds = if dice.percent(15) {
        0
    } else {
        dice.small(longest)
    };
    let fraction = if dice.percent(5) { dice.small(1000) } else { 0 };
    registered + seconds.seconds() + fraction.milliseconds()
}

/// The moment in some offset, mostly China's.
pub(super) fn written(dice: &mut Dice, at: Timestamp) -> Moment {
    let elsewhere = [
        Offset::UTC,
        Offset::constant(14),
        Offset::constant(-11),
        Offset::constant(9),
    ];
    let offset = if dice.percent(80) {
        CHINA
    } else {
        *dice.pick(&elsewhere)
    };
    let local = at.to_zoned(TimeZone::fixed(offset));
    let text = local.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string();
    Moment(if offset == Offset::UTC && dice.percent(70) {
        text.replace("+00:00", "Z")
    } else {
        text
    })
}

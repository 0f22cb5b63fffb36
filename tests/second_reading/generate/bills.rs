//! Bills with reversals, the catalogue and the device notices that they are judged by.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::{Dice, Scene};
use crate::case::{Bill, Column, Device, Entry, Figure, Gate, Kind, Line, Notice, in_china};

const COLUMNS: [Column; 5] = [
    Column::Drug,
    Column::Treatment,
    Column::InpatientService,
    Column::Rehabilitation,
    Column::AssistiveDevice,
];
const CODES: [&str; 3] = ["X01", "X02", "X03"];

pub(super) fn bill(dice: &mut Dice, scene: &Scene) -> (Vec<Device>, Option<Bill>, Vec<Entry>) {
    let catalogue = catalogue(dice);
    let shown = if scene.gate.settles() { 94 } else { 15 };
    let mut lines = Vec::new();
    if dice.percent(shown) {
        for number in 1..=dice.below(6) {
            lines.push(line(dice, scene, u32::try_from(number).unwrap()));
        }
        for _ in 0..dice.below(6) {
            if let Some(reversal) = reversal(dice, &lines) {
                lines.push(reversal);
            }
        }
        // A bill need not be in the order of its numbers.
        if dice.percent(20) {
            lines.reverse();
        }
    }
    let devices = if scene.kind == Kind::AssistiveDevice {
        devices(dice, scene, &catalogue)
    } else {
        Vec::new()
    };
    let present = !lines.is_empty() || dice.percent(10);
    (devices, present.then_some(Bill { lines }), catalogue)
}

/// What somebody paid, at a refund.
pub(super) fn payment(dice: &mut Dice, refund: bool) -> Option<Figure> {
    let most = *dice.pick(&[1, 10_000, 1_000_000, 100_000_000_000]);
    let cents = dice.below(most);
    (refund && dice.percent(85)).then(|| yuan(i128::from(cents)))
}

fn catalogue(dice: &mut Dice) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for _ in 0..8 + dice.below(16) {
        let from = *dice.pick(&[
            date(2020, 1, 1),
            date(2025, 1, 1),
            date(2026, 1, 1),
            date(2026, 3, 1),
        ]);
        let ends = [
            None,
            None,
            Some(date(2025, 12, 31)),
            Some(date(2026, 2, 28)),
        ];
        let ceiling = i128::from(dice.below(20_000));
        let entry = Entry {
            column: *dice.pick(&COLUMNS),
            code: (*dice.pick(&CODES)).to_owned(),
            from,
            to: dice.pick(&ends).filter(|to| from <= *to),
            restricted: dice.percent(20),
            ceiling: dice.percent(40).then(|| yuan(ceiling)),
        };
        let known = |other: &Entry| {
            (other.column, &other.code, other.from) == (entry.column, &entry.code, entry.from)
        };
        if !entries.iter().any(known) {
            entries.push(entry);
        }
    }
    entries
}

fn line(dice: &mut Dice, scene: &Scene, number: u32) -> Line {
    let usual = if scene.kind == Kind::AssistiveDevice && dice.percent(80) {
        Column::AssistiveDevice
    } else {
        *dice.pick(&COLUMNS)
    };
    let column = if dice.percent(20) {
        dice.mostly(usual, &[Column::MealAllowance, Column::TravelAndLodging])
    } else {
        usual
    };
    let (price, quantity) = match dice.below(5) {
        0 => (dice.small(2_000_000), dice.small(100_000)),
        1 => (dice.small(4_000_000) / 50 * 50, 5_000 * dice.small(10)),
        2 if dice.odd() => (999_999_999_999, 39_980_000),
        _ => (dice.small(200_000_000) / 100 * 100, 10_000 * dice.small(12)),
    };
    let quantity = if quantity == 0 && !dice.odd() {
        10_000
    } else {
        quantity
    };
    let mut line = Line {
        number,
        date: day(dice, scene),
        column,
        code: (*dice.pick(&CODES)).to_owned(),
        name: "项目".to_owned(),
        unit_price: decimal(dice, price.into()),
        quantity: decimal(dice, quantity.into()),
        amount: yuan(0),
        treats_injury: if dice.percent(20) {
            Some(false)
        } else {
            dice.mostly(Some(true), &[None, Some(false)])
        },
        restriction_met: *dice.pick(&[None, Some(true), Some(false)]),
        reverses: None,
    };
    line.amount = amount(dice, price.into(), quantity.into());
    if dice.odd() && dice.percent(30) {
        (line.quantity, line.amount) = (minus(&line.quantity), minus(&line.amount));
    }
    line
}

/// A line that takes back one before it, or part of it; None where there is nothing left of it.
fn reversal(dice: &mut Dice, lines: &[Line]) -> Option<Line> {
    if lines.is_empty() {
        return None;
    }
    // Often the line that the last reversal left something of: what is left at its end is a case of its own.
    let last = lines.last().and_then(|last| last.reverses);
    let again = lines.iter().find(|line| Some(line.number) == last);
    let again = again.filter(|_| dice.percent(60));
    let mut line = again.unwrap_or_else(|| dice.pick(lines)).clone();
    let strange = dice.odd();
    let (left, amount_left) = left(lines, &line);
    if !strange && (line.reverses.is_some() || left <= 0) {
        return None;
    }
    let whole = line.quantity.ten_thousandths();
    let price = line.unit_price.ten_thousandths();
    let parts = [left, left, left / 2, 10_000, left / 3, 5_000];
    let part = (*dice.pick(&parts)).clamp(1, left.min(whole).max(1)) + i128::from(strange) * 10_000;
    line.reverses = Some(if dice.odd() { 90 } else { line.number });
    let highest = lines
        .iter()
        .map(|line| line.number)
        .max()
        .map_or(1, |number| number + 1);
    line.number = highest + u32::try_from(dice.below(3)).unwrap();
    line.quantity = decimal(dice, -part);
    // Mostly the line's own price; a lower one leaves more of the amount than of the quantity, a higher one too little.
    let dear = dice.odd();
    let price = match dice.below(5) {
        _ if dear => (price * 3).min(999_999_999_999),
        0 => price / 2,
        _ => price,
    };
    line.unit_price = decimal(dice, price);
    let product = amount(dice, price, part).cents();
    let uncapped = strange || dear;
    line.amount = minus(&yuan(if uncapped {
        product
    } else {
        product.min(amount_left)
    }));
    if dice.odd() {
        "X09".clone_into(&mut line.code);
    }
    if dice.percent(20) {
        line.treats_injury = Some(false);
    }
    if dice.percent(20) {
        line.restriction_met = None;
    }
    if strange && dice.percent(30) {
        (line.quantity, line.amount) = (minus(&line.quantity), minus(&line.amount));
    }
    Some(line)
}

/// The quantity and the amount that the reversals so far leave of a line.
fn left(lines: &[Line], line: &Line) -> (i128, i128) {
    let taken = lines
        .iter()
        .filter(|other| other.reverses == Some(line.number));
    let whole = (line.quantity.ten_thousandths(), line.amount.cents());
    taken.fold(whole, |(quantity, amount), reversal| {
        (
            quantity + reversal.quantity.ten_thousandths(),
            amount + reversal.amount.cents(),
        )
    })
}

/// A day of service, often at the edge of a catalogue's version.
fn day(dice: &mut Dice, scene: &Scene) -> Date {
    let edges = [
        date(2025, 12, 31),
        date(2026, 1, 1),
        date(2026, 2, 28),
        date(2026, 3, 1),
    ];
    if dice.percent(30) {
        *dice.pick(&edges)
    } else {
        in_china(scene.registered)
    }
}

/// The product, now and then a cent off, seldom more.
fn amount(dice: &mut Dice, price: i128, quantity: i128) -> Figure {
    let exact = (price * quantity * 2 + 1_000_000) / 2_000_000;
    let off = if dice.percent(15) {
        *dice.pick(&[-1, 1])
    } else {
        0
    };
    let off = if dice.percent(30) {
        dice.mostly(off, &[-2, 2, 100])
    } else {
        off
    };
    yuan((exact + off).max(0))
}

fn minus(figure: &Figure) -> Figure {
    let text = &figure.0;
    let zero = text.chars().all(|sign| matches!(sign, '0' | '.'));
    Figure(if zero {
        text.clone()
    } else {
        text.strip_prefix('-')
            .map_or_else(|| format!("-{text}"), str::to_owned)
    })
}

fn devices(dice: &mut Dice, scene: &Scene, catalogue: &[Entry]) -> Vec<Device> {
    let mut devices = Vec::new();
    for line in 1..=6 {
        if !dice.percent(if scene.gate == Gate::DeviceAcceptance {
            30
        } else {
            75
        }) {
            continue;
        }
        let usual = catalogue
            .iter()
            .find_map(|entry| entry.ceiling.clone())
            .filter(|_| dice.percent(50));
        let limit = i128::from(dice.below(30_000));
        let fitted = fitted(dice, scene);
        devices.push(Device {
            line,
            notice_number: (!dice.odd()).then(|| format!("HF-{line}")),
            notice_used: dice.odd(),
            notice_reason: *dice.pick(&[Notice::First, Notice::Replacement, Notice::ChangedInjury]),
            notice_limit: usual.unwrap_or_else(|| yuan(limit)),
            minimum_years: fitted.map_or(4, |(_, years)| years),
            last_fitted_on: fitted.map(|(day, _)| day),
            in_filing: dice.percent(80),
        });
    }
    devices
}

/// The last fitting and the years that it has to last: mostly long ago, else at the edge.
fn fitted(dice: &mut Dice, scene: &Scene) -> Option<(Date, i16)> {
    if dice.percent(40) {
        return None;
    }
    let years = *dice.pick(&[0_i16, 1, 3, 4, 5]);
    let due = in_china(scene.registered) - i64::from(years).years();
    let early = dice.mostly(0, &[1, 30]);
    Some(match dice.below(5) {
        0 => (date(2024, 2, 29), dice.mostly(1, &[2, 4])),
        1 if dice.odd() => (due + 1.day(), years),
        2 => (due, years),
        _ => (due - 1.year() + early.months(), years),
    })
}

/// A decimal in ten-thousandths, written with some of its trailing zeros or with none.
fn decimal(dice: &mut Dice, figure: i128) -> Figure {
    let text = format!(
        "{}{}.{:04}",
        if figure < 0 { "-" } else { "" },
        figure.abs() / 10_000,
        figure.abs() % 10_000
    );
    Figure(if dice.percent(50) {
        text
    } else {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    })
}

fn yuan(cents: i128) -> Figure {
    Figure(format!(
        "{}{}.{:02}",
        if cents < 0 { "-" } else { "" },
        cents.abs() / 100,
        cents.abs() % 100
    ))
}

//! Places of division codes, the channel between two of them, and months after a day.

use jiff::civil::Date;

use crate::case::{Level, Worker};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Channel {
    CrossProvince,
    IntraProvince,
    Local,
    ProvincialLevel,
}

impl Channel {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::CrossProvince => "cross_province",
            Self::IntraProvince => "intra_province",
            Self::Local => "local",
            Self::ProvincialLevel => "provincial_level",
        }
    }
}

/// The first two digits.
pub(super) fn province(division: &str) -> &str {
    &division[..2]
}

/// The part of the code that names the place.
pub(super) fn place(division: &str) -> &str {
    match province(division) {
        "11" | "12" | "31" | "50" => province(division),
        _ if &division[2..4] == "90" => division,
        _ => &division[..4],
    }
}

/// The channel of a worker in an institution of that division.
pub(super) fn channel(worker: &Worker, institution: &str) -> Channel {
    let insured = &worker.insured_division;
    let one_province = province(insured) == province(institution);
    match worker.insured_level {
        Level::Province if one_province => Channel::ProvincialLevel,
        Level::Prefecture if place(insured) == place(institution) => Channel::Local,
        Level::Prefecture if one_province => Channel::IntraProvince,
        Level::Province | Level::Prefecture => Channel::CrossProvince,
    }
}

/// The same day of the month so many months later, cut to that month's last day.
pub(super) fn months_after(day: Date, months: i32) -> Date {
    let count = i32::from(day.year()) * 12 + i32::from(day.month()) - 1 + months;
    let year = i16::try_from(count.div_euclid(12)).unwrap();
    let month = i8::try_from(count.rem_euclid(12) + 1).unwrap();
    let first = Date::new(year, month, 1).unwrap();
    Date::new(year, month, day.day().min(first.days_in_month())).unwrap()
}

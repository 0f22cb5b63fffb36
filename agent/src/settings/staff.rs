//! How people sign in: keys, defaults and checks. The defaults are what GB/T 22239 level 3 is usually held to.

use std::time::Duration;

use serde::Deserialize;

use super::error::{SettingsError, Unit, within};

/// How many persons an act takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Persons {
    /// Two, and the second is another one.
    #[serde(rename = "required")]
    Two,
    /// One, who gives a reason: for counters with one person.
    #[serde(rename = "reason")]
    OneWithReason,
}

/// How people sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// A password has at least so many characters,
    pub password_length: u8,
    /// of at least so many of four kinds,
    pub password_kinds: u8,
    /// and is chosen anew after so many days; 0: never.
    pub password_days: u16,
    /// It is none of the last so many.
    pub password_history: u8,
    /// So many wrong passwords in a row lock a number
    pub lock_after: u8,
    /// for so long.
    pub lock: Duration,
    /// Whoever touches nothing for so long is signed out,
    pub idle: Duration,
    /// and everybody so long after signing in.
    pub longest: Duration,
    /// Who sets a refused record aside.
    pub set_aside: Persons,
}

impl Default for Staff {
    fn default() -> Self {
        let StaffTable {
            password_length,
            password_kinds,
            password_days,
            password_history,
            lock_after,
            lock_minutes,
            idle_minutes,
            longest_hours,
            two_person,
        } = StaffTable::default();
        Self {
            password_length,
            password_kinds,
            password_days,
            password_history,
            lock_after,
            lock: minutes(lock_minutes),
            idle: minutes(idle_minutes),
            longest: minutes(longest_hours * 60),
            set_aside: two_person.set_aside,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StaffTable {
    password_length: u8,
    password_kinds: u8,
    password_days: u16,
    password_history: u8,
    lock_after: u8,
    lock_minutes: u64,
    idle_minutes: u64,
    longest_hours: u64,
    two_person: TwoPersonTable,
}

/// Which acts take two persons.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TwoPersonTable {
    set_aside: Persons,
}

impl Default for TwoPersonTable {
    fn default() -> Self {
        Self {
            set_aside: Persons::Two,
        }
    }
}

impl Default for StaffTable {
    fn default() -> Self {
        Self {
            password_length: 8,
            password_kinds: 3,
            password_days: 90,
            password_history: 5,
            lock_after: 5,
            lock_minutes: 30,
            idle_minutes: 15,
            longest_hours: 12,
            two_person: TwoPersonTable::default(),
        }
    }
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count.saturating_mul(60))
}

impl StaffTable {
    pub(super) fn check(self) -> Result<Staff, SettingsError> {
        let checks: [(&'static str, u64, (u64, u64), Unit); 8] = [
            (
                "staff.password_length",
                self.password_length.into(),
                (8, 64),
                Unit::Characters,
            ),
            (
                "staff.password_kinds",
                self.password_kinds.into(),
                (1, 4),
                Unit::Kinds,
            ),
            (
                "staff.password_days",
                self.password_days.into(),
                (0, 365),
                Unit::Days,
            ),
            (
                "staff.password_history",
                self.password_history.into(),
                (0, 24),
                Unit::Passwords,
            ),
            (
                "staff.lock_after",
                self.lock_after.into(),
                (3, 10),
                Unit::Tries,
            ),
            (
                "staff.lock_minutes",
                self.lock_minutes,
                (10, 1440),
                Unit::Minutes,
            ),
            (
                "staff.idle_minutes",
                self.idle_minutes,
                (1, 60),
                Unit::Minutes,
            ),
            (
                "staff.longest_hours",
                self.longest_hours,
                (1, 24),
                Unit::Hours,
            ),
        ];
        for (key, value, range, unit) in checks {
            within(key, value, range, unit)?;
        }
        Ok(Staff {
            password_length: self.password_length,
            password_kinds: self.password_kinds,
            password_days: self.password_days,
            password_history: self.password_history,
            lock_after: self.lock_after,
            lock: minutes(self.lock_minutes),
            idle: minutes(self.idle_minutes),
            longest: minutes(self.longest_hours * 60),
            set_aside: self.two_person.set_aside,
        })
    }
}

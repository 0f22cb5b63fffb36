//! Wrong tokens, account by account: each after the first few is answered later than the one before.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Wrong tokens that are answered at once: somebody has typed one wrong.
const AT_ONCE: u32 = 3;

/// How long the next one waits; each further one twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// No answer waits longer.
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// A quiet while after which an account begins anew.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// Accounts remembered at one time.
const MOST: usize = 64;

/// What went wrong at the hospital's doors, in bounded memory.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    wrong: HashMap<u32, Wrong>,
    strangers: HashSet<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Wrong {
    count: u32,
    last: Timestamp,
}

/// A wrong token, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    /// Wrong ones of this account in a row.
    pub(super) count: u32,
    /// How long its answer waits.
    pub(super) wait: Duration,
    /// Whether the log hears of it: of the first, the second, the fourth, the eighth…
    pub(super) told: bool,
}

impl Attempts {
    /// `account` has shown a wrong token.
    pub(super) fn wrong(&self, account: u32, now: Timestamp) -> Counted {
        let mut remembered = self.lock();
        let wrong = &mut remembered.wrong;
        wrong.retain(|_, wrong| now.duration_since(wrong.last).abs() < FORGOTTEN_AFTER);
        if wrong.len() >= MOST
            && !wrong.contains_key(&account)
            && let Some(oldest) = wrong.iter().min_by_key(|(_, wrong)| wrong.last)
        {
            let oldest = *oldest.0;
            wrong.remove(&oldest);
        }
        let entry = wrong.entry(account).or_insert(Wrong {
            count: 0,
            last: now,
        });
        entry.count = entry.count.saturating_add(1);
        entry.last = now;
        Counted {
            count: entry.count,
            wait: wait(entry.count),
            told: entry.count.is_power_of_two(),
        }
    }

    /// `account` has shown the right one.
    pub(super) fn right(&self, account: u32) {
        self.lock().wrong.remove(&account);
    }

    /// Whether an account that may not come in is to be told to the log: once.
    pub(super) fn is_new_stranger(&self, account: u32) -> bool {
        let strangers = &mut self.lock().strangers;
        strangers.len() < MOST && strangers.insert(account)
    }

    fn lock(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait(count: u32) -> Duration {
    match count.checked_sub(AT_ONCE + 1) {
        None => Duration::ZERO,
        Some(doublings) => FIRST_WAIT
            .saturating_mul(1 << doublings.min(16))
            .min(LONGEST_WAIT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_760_000_000 + second).unwrap()
    }

    #[test]
    fn wrong_tokens_of_one_account_wait_longer_and_longer() {
        let attempts = Attempts::default();
        let waits: Vec<_> = (0..10)
            .map(|second| attempts.wrong(1_000, at(second)).wait.as_millis())
            .collect();
        assert_eq!(
            waits,
            [0, 0, 0, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]
        );
        assert_eq!(attempts.wrong(1_001, at(10)).wait, Duration::ZERO);
    }

    #[test]
    fn the_right_token_or_a_quiet_while_begins_anew() {
        let attempts = Attempts::default();
        for second in 0..6 {
            attempts.wrong(1_000, at(second));
        }
        attempts.right(1_000);
        assert_eq!(attempts.wrong(1_000, at(7)).count, 1);
        assert_eq!(attempts.wrong(1_000, at(8)).count, 2);
        assert_eq!(attempts.wrong(1_000, at(8 + 15 * 60)).count, 1);
    }

    #[test]
    fn the_log_hears_of_fewer_and_fewer_and_of_a_stranger_once() {
        let attempts = Attempts::default();
        let told: Vec<_> = (0..20)
            .map(|second| attempts.wrong(1_000, at(second)))
            .filter(|counted| counted.told)
            .map(|counted| counted.count)
            .collect();
        assert_eq!(told, [1, 2, 4, 8, 16]);
        assert!(attempts.is_new_stranger(5));
        assert!(!attempts.is_new_stranger(5));
    }

    #[test]
    fn a_thousand_accounts_do_not_grow_what_is_remembered() {
        let attempts = Attempts::default();
        for account in 0..1_000 {
            attempts.wrong(account, at(i64::from(account)));
            attempts.is_new_stranger(account);
        }
        let remembered = attempts.lock();
        assert_eq!(remembered.wrong.len(), 64);
        assert_eq!(remembered.strangers.len(), 64);
        assert!(remembered.wrong.contains_key(&999), "the latest stays");
    }
}

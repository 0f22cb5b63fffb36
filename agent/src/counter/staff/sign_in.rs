//! Signing in and out, and choosing a password of one's own.

use std::time::Duration;

use super::error::{PasswordFault, StaffError};
use super::journal::{self, Changed, NOBODY};
use super::password::Password;
use crate::counter::Counter;
use crate::counter::actor::{Actor, Came};
use crate::counter::aside::Weight;
use crate::counter::error::CounterError;
use crate::ledger::staff::{self, StaffRecord};
use crate::ledger::{Entry, LedgerError};
use crate::records::staff::StaffNumber;

/// A hash that is nobody's: where no such person is known it is computed all the same, so that the time tells nothing.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";

/// When a number that had too many wrong passwords is locked, and for how long.
#[derive(Clone, Copy)]
struct Locks {
    after: u32,
    span: Duration,
}

/// A person's password as it was tried.
struct Tried {
    person: StaffRecord,
    right: bool,
}

impl Counter {
    /// Signs somebody in, or says why not; either stands in the journal, and so does the way they came.
    ///
    /// # Errors
    /// [`StaffError::NotRight`], [`StaffError::Locked`], [`StaffError::Disabled`].
    pub(crate) async fn sign_in(
        &self,
        number: &str,
        password: Password,
        came: Came,
    ) -> Result<StaffRecord, CounterError> {
        self.password_given(number, password, ("", came)).await
    }

    /// The person whose number and password these are; `why` they were given, where it is not to sign in.
    pub(super) async fn password_given(
        &self,
        number: &str,
        password: Password,
        (why, came): (&'static str, Came),
    ) -> Result<StaffRecord, CounterError> {
        let number = StaffNumber::parse(number).ok();
        let person = number.and_then(|number| self.person(&number));
        let hash = person
            .as_ref()
            .map_or_else(|| NOBODYS.to_owned(), |person| person.password.clone());
        let right = self
            .aside(Weight::Light, move |_| Ok(password.is_of(&hash)))
            .await?;
        let tried = person.map(|person| Tried { person, right });
        let locks = self.locks();
        // A wrong password is written down like a right one: the answer is carried out of the transaction.
        self.0
            .ledger
            .write(move |entry| let_in(entry, tried, locks, (why, came)))
            .await?
            .map_err(CounterError::Staff)
    }

    /// Writes that a person is no longer signed in, and why; under way when this returns.
    pub(crate) fn signed_out(
        &self,
        number: StaffNumber,
        why: &'static str,
        came: Came,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.0
            .ledger
            .write(move |entry| journal::keep(entry, "signed_out", number.as_str(), (why, came)))
    }

    /// Puts a password of their own choice in the place of a person's present one.
    ///
    /// # Errors
    /// As [`Counter::sign_in`]; [`StaffError::Password`] where the new one may not be chosen.
    pub(crate) async fn choose_password(
        &self,
        number: &StaffNumber,
        (old, new): (Password, Password),
        actor: &Actor,
    ) -> Result<StaffRecord, CounterError> {
        let why = ("choosing_password", actor.came);
        let person = self.password_given(number.as_str(), old, why).await?;
        let rules = self.0.settings.staff.clone();
        new.require_good(&rules, (&person.number, &person.name))
            .map_err(StaffError::Password)?;
        let (wanted, last) = (number.clone(), usize::from(rules.password_history));
        let before = self
            .0
            .ledger
            .read(move |conn| {
                // The present one is none to be chosen again, whatever the configuration says.
                staff::passwords(conn, &wanted, last.max(1)).map_err(CounterError::from)
            })
            .await?;
        let hash = self
            .aside(Weight::Light, move |_| {
                if before.iter().any(|hash| new.is_of(hash)) {
                    return Err(StaffError::Password(PasswordFault::UsedBefore).into());
                }
                new.hash()
            })
            .await?;
        let (number, actor) = (number.clone(), actor.clone());
        let person = self
            .0
            .ledger
            .write(move |entry| {
                let person = staff::find(entry, &number)?.ok_or(StaffError::Unknown)?;
                let person = StaffRecord {
                    password: hash,
                    password_at: entry.now().civil,
                    password_own: true,
                    ..person
                };
                staff::write(entry, &person, &Changed::of("password_chosen", &actor))?;
                Ok::<_, CounterError>(person)
            })
            .await?;
        self.staff_changed().await?;
        Ok(person)
    }

    fn locks(&self) -> Locks {
        let rules = &self.0.settings.staff;
        Locks {
            after: rules.lock_after.into(),
            span: rules.lock,
        }
    }
}

/// Lets the person in whose password was tried, or says why not.
fn let_in(
    entry: &Entry<'_>,
    tried: Option<Tried>,
    locks: Locks,
    (why, came): (&'static str, Came),
) -> Result<Result<StaffRecord, StaffError>, CounterError> {
    let failed = |number: &str, why| journal::keep(entry, "sign_in_failed", number, (why, came));
    let Some(Tried { person, right }) = tried else {
        failed(NOBODY, "unknown")?;
        return Ok(Err(StaffError::NotRight { left: None }));
    };
    let number = person.number.as_str();
    let trials = staff::trials(entry, &person.number)?;
    let left = trials
        .since
        .map_or(Duration::ZERO, |since| locks.span.saturating_sub(since));
    if trials.wrong >= locks.after && !left.is_zero() {
        failed(number, "locked")?;
        let minutes = left.as_secs().div_ceil(60).max(1);
        return Ok(Err(StaffError::Locked { minutes }));
    }
    let now = staff::find(entry, &person.number)?;
    // The password that was tried may have been changed meanwhile.
    let Some(now) = now.filter(|now| right && now.password == person.password) else {
        let before = if trials.wrong >= locks.after {
            0
        } else {
            trials.wrong
        };
        let wrong = before + 1;
        staff::keep_trials(entry, &person.number, wrong)?;
        failed(number, "wrong_password")?;
        let left = locks.after.saturating_sub(wrong);
        return Ok(Err(if left == 0 {
            StaffError::Locked {
                minutes: locks.span.as_secs().div_ceil(60),
            }
        } else {
            StaffError::NotRight { left: Some(left) }
        }));
    };
    staff::keep_trials(entry, &person.number, 0)?;
    if now.disabled {
        failed(number, "disabled")?;
        return Ok(Err(StaffError::Disabled));
    }
    journal::keep(entry, "signed_in", number, (why, came))?;
    Ok(Ok(now))
}

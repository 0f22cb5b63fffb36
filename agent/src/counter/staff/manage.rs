//! Keeping the list of people: by an administrator on the page, or by root at the terminal.

use super::error::StaffError;
use super::journal::Changed;
use super::password::Password;
use super::roster::has_administrator;
use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::aside::Weight;
use crate::counter::error::CounterError;
use crate::counter::texts;
use crate::ledger::Entry;
use crate::ledger::staff::{self, StaffRecord};
use crate::records::staff::{Role, Roles, StaffNumber};

/// What is said of a person on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffForm {
    /// 工号.
    pub number: String,
    /// 姓名.
    pub name: String,
    /// What they may do.
    pub roles: Roles,
}

impl Counter {
    /// Adds a person; the password to hand out is good for choosing another alone.
    ///
    /// # Errors
    /// [`StaffError::NotANumber`], [`StaffError::NumberTaken`], [`StaffError::NoRole`]; [`CounterError::FormText`] for the name.
    pub(crate) async fn add_staff(
        &self,
        form: &StaffForm,
        actor: &Actor,
    ) -> Result<Password, CounterError> {
        let (number, name) = (read(&form.number)?, name(&form.name)?);
        if form.roles.is_empty() {
            return Err(StaffError::NoRole.into());
        }
        let (password, hash) = self.handed_out().await?;
        let roles = form.roles.clone();
        self.change_staff(actor, "added", move |entry| {
            if staff::find(entry, &number)?.is_some() {
                return Err(StaffError::NumberTaken.into());
            }
            Ok(StaffRecord {
                number,
                name,
                roles,
                disabled: false,
                password: hash,
                password_at: entry.now().civil,
                password_own: false,
            })
        })
        .await?;
        Ok(password)
    }

    /// Gives a person another password to hand out, ends what locks them, and lets them in again where they were disabled.
    ///
    /// # Errors
    /// [`StaffError::Unknown`].
    pub(crate) async fn reset_staff(
        &self,
        number: &str,
        actor: &Actor,
    ) -> Result<Password, CounterError> {
        let number = read(number)?;
        let (password, hash) = self.handed_out().await?;
        self.change_staff(actor, "password_reset", move |entry| {
            let person = staff::find(entry, &number)?.ok_or(StaffError::Unknown)?;
            staff::keep_trials(entry, &number, 0)?;
            Ok(StaffRecord {
                disabled: false,
                password: hash,
                password_at: entry.now().civil,
                password_own: false,
                ..person
            })
        })
        .await?;
        Ok(password)
    }

    /// A person may not sign in any more; one who is signed in is signed out.
    ///
    /// # Errors
    /// [`StaffError::Unknown`], [`StaffError::LastAdministrator`].
    pub(crate) async fn disable_staff(
        &self,
        number: &str,
        actor: &Actor,
    ) -> Result<(), CounterError> {
        let number = read(number)?;
        self.change_staff(actor, "disabled", move |entry| {
            let person = staff::find(entry, &number)?.ok_or(StaffError::Unknown)?;
            Ok(StaffRecord {
                disabled: true,
                ..person
            })
        })
        .await
    }

    /// Puts another name and other roles in the place of a person's.
    ///
    /// # Errors
    /// [`StaffError::Unknown`], [`StaffError::NoRole`], [`StaffError::LastAdministrator`].
    pub(crate) async fn rename_staff(
        &self,
        form: &StaffForm,
        actor: &Actor,
    ) -> Result<(), CounterError> {
        let (number, name) = (read(&form.number)?, name(&form.name)?);
        if form.roles.is_empty() {
            return Err(StaffError::NoRole.into());
        }
        let roles = form.roles.clone();
        self.change_staff(actor, "name_and_roles", move |entry| {
            let person = staff::find(entry, &number)?.ok_or(StaffError::Unknown)?;
            Ok(StaffRecord {
                name,
                roles,
                ..person
            })
        })
        .await
    }

    /// A fresh password and its hash.
    async fn handed_out(&self) -> Result<(Password, String), CounterError> {
        self.aside(Weight::Light, |_| {
            let password = Password::random()?;
            let hash = password.hash()?;
            Ok((password, hash))
        })
        .await
    }

    /// Writes one person as `change` makes them, where somebody is left afterwards who keeps the list.
    async fn change_staff(
        &self,
        actor: &Actor,
        what: &'static str,
        change: impl FnOnce(&Entry<'_>) -> Result<StaffRecord, CounterError> + Send + 'static,
    ) -> Result<(), CounterError> {
        actor.require(Role::Administrator)?;
        let actor = actor.clone();
        self.0
            .ledger
            .write(move |entry| {
                entry.require_sound()?;
                let had = has_administrator(&staff::all(entry)?);
                let person = change(entry)?;
                staff::write(entry, &person, &Changed::of(what, &actor))?;
                if had && !has_administrator(&staff::all(entry)?) {
                    return Err(StaffError::LastAdministrator.into());
                }
                Ok::<_, CounterError>(())
            })
            .await?;
        self.staff_changed().await
    }
}

fn read(number: &str) -> Result<StaffNumber, StaffError> {
    StaffNumber::parse(number).or(Err(StaffError::NotANumber))
}

fn name(text: &str) -> Result<String, CounterError> {
    Ok(texts::required("姓名", text)?)
}

//! The second person of an act that takes two: they give number and password there and then, and are another one.

use super::error::{SecondFault, StaffError};
use super::password::Password;
use crate::counter::Counter;
use crate::counter::actor::{Actor, RoleMissing};
use crate::counter::error::CounterError;
use crate::records::staff::{Role, StaffNumber};
use crate::redacted::closed_debug;
use crate::settings::Persons;

/// What a second person gives.
#[derive(Clone)]
pub struct SecondSignIn {
    /// 工号.
    pub number: String,
    /// Their own.
    pub password: Password,
}

closed_debug!(SecondSignIn);

/// A second person who has said yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Second {
    pub(crate) code: String,
    pub(crate) name: String,
}

impl Counter {
    /// Whether a refused record is set aside by two persons. Where no people are set up there is nobody to be the second: the
    /// reason is all there is.
    pub(crate) fn two_set_aside(&self) -> bool {
        let persons = self.0.settings.staff.set_aside;
        self.has_staff() && persons == Persons::Two
    }

    /// The second person beside `first`, where what they gave is right.
    ///
    /// # Errors
    /// [`StaffError::Second`], [`StaffError::RoleMissing`], and as at the sign-in.
    pub(super) async fn second(
        &self,
        given: Option<SecondSignIn>,
        first: &Actor,
    ) -> Result<Second, CounterError> {
        let given = given.filter(|given| !given.number.trim().is_empty());
        let given = given.ok_or(StaffError::Second(SecondFault::Missing))?;
        let number = StaffNumber::parse(&given.number).map(|number| number.to_string());
        if number.is_ok_and(|number| number == first.code) {
            return Err(StaffError::Second(SecondFault::SamePerson).into());
        }
        let person = self
            .password_given(&given.number, given.password, ("second_person", first.came))
            .await?;
        if !person.roles.have(Role::Reviewer) {
            return Err(RoleMissing(Role::Reviewer).into());
        }
        if !person.password_own {
            return Err(StaffError::Second(SecondFault::NotReady).into());
        }
        Ok(Second {
            code: person.number.to_string(),
            name: person.name,
        })
    }

    /// The second person for setting a refused record aside; none where one alone does it.
    pub(crate) async fn second_for_set_aside(
        &self,
        given: Option<SecondSignIn>,
        first: &Actor,
    ) -> Result<Option<Second>, CounterError> {
        if self.two_set_aside() {
            self.second(given, first).await.map(Some)
        } else {
            Ok(None)
        }
    }
}

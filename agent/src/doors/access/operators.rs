//! Who works at this counter: the Unix accounts of the configuration, resolved once at start.

use std::collections::HashSet;

use nix::unistd::{Uid, User};

use crate::counter::{Actor, Came};
use crate::records::staff::{Role, Roles};
use crate::settings;

/// Somebody who may settle here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The account's name.
    pub user: String,
    /// The name on the slip.
    pub name: String,
    /// The account's number.
    uid: u32,
}

impl Operator {
    /// Whoever works under this account, come this way to act; where people are set up, who acts is one of them.
    pub(crate) fn come(&self, came: Came) -> Actor {
        Actor {
            code: self.user.clone(),
            name: self.name.clone(),
            roles: Roles::of([Role::Cashier]),
            came,
        }
    }

    /// Whether `uid` is this operator's account.
    pub fn has_account(&self, uid: u32) -> bool {
        self.uid == uid
    }

    /// The account's number.
    pub(crate) fn account(&self) -> u32 {
        self.uid
    }

    /// Somebody who works under the account that runs the tests.
    #[cfg(test)]
    pub(crate) fn for_tests(user: &str, name: &str) -> Self {
        Self {
            user: user.to_owned(),
            name: name.to_owned(),
            uid: Uid::effective().as_raw(),
        }
    }

    /// The same under the account with this number.
    #[cfg(test)]
    pub(crate) fn with_account(self, uid: u32) -> Self {
        Self { uid, ..self }
    }
}

/// All of them.
#[derive(Debug, Clone)]
pub struct Operators(Vec<Operator>);

/// Why the operators could not be resolved.
#[derive(Debug, thiserror::Error)]
pub enum OperatorsError {
    /// The PC has no such account.
    #[error("no account named {0}")]
    NoSuchAccount(String),
    /// The PC has no account under which the hospital's system could run.
    #[error("no account named {0} for the hospital's system")]
    NoSuchHospitalAccount(String),
    /// The account database cannot be read.
    #[error("accounts cannot be read")]
    Accounts(#[from] nix::Error),
}

impl Operators {
    /// These.
    #[cfg(test)]
    pub(crate) fn for_tests(operators: Vec<Operator>) -> Self {
        Self(operators)
    }

    /// Looks up every configured account.
    pub fn look_up(configured: &[settings::OperatorAccount]) -> Result<Self, OperatorsError> {
        configured
            .iter()
            .map(|operator| {
                let user = User::from_name(&operator.user)?
                    .ok_or_else(|| OperatorsError::NoSuchAccount(operator.user.clone()))?;
                Ok(Operator {
                    user: operator.user.clone(),
                    name: operator.name.clone(),
                    uid: user.uid.as_raw(),
                })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The operators' accounts.
    pub fn accounts(&self) -> HashSet<u32> {
        self.0.iter().map(|operator| operator.uid).collect()
    }

    /// The operator with this account number.
    pub fn by_uid(&self, uid: u32) -> Option<&Operator> {
        self.0.iter().find(|operator| operator.uid == uid)
    }

    /// The operator with this account name.
    pub fn by_user(&self, user: &str) -> Option<&Operator> {
        self.0.iter().find(|operator| operator.user == user)
    }

    /// Whether one of `others` works under the same account as this person.
    pub(crate) fn share_account(
        one: &settings::OperatorAccount,
        others: &[settings::OperatorAccount],
    ) -> bool {
        let uid = |operator: &settings::OperatorAccount| account(&operator.user).ok().flatten();
        let own = uid(one);
        others
            .iter()
            .any(|other| other.user == one.user || (own.is_some() && uid(other) == own))
    }

    /// Whether this person works as root.
    pub(crate) fn is_root(one: &settings::OperatorAccount) -> bool {
        matches!(account(&one.user), Ok(Some(0)))
    }

    /// Whether `uid` is root or the user the daemon runs as: they may look, but do not settle.
    pub fn is_caretaker(uid: u32) -> bool {
        uid == 0 || uid == Uid::effective().as_raw()
    }
}

/// The accounts with these names, under which the hospital's system runs.
///
/// # Errors
/// [`OperatorsError`] where one does not exist, or the accounts cannot be read.
pub fn hospital_accounts(names: &[String]) -> Result<HashSet<u32>, OperatorsError> {
    names
        .iter()
        .map(|name| {
            let user = User::from_name(name)?
                .ok_or_else(|| OperatorsError::NoSuchHospitalAccount(name.clone()))?;
            Ok(user.uid.as_raw())
        })
        .collect()
}

/// The number of the account with this name.
fn account(name: &str) -> Result<Option<u32>, nix::Error> {
    Ok(User::from_name(name)?.map(|user| user.uid.as_raw()))
}

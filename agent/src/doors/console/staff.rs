//! The list of people, kept by root at the terminal.

use serde::{Deserialize, Serialize};

use crate::counter::{Actor, Counter, CounterError, Password, StaffForm};
use crate::ledger::staff::StaffRecord;
use crate::records::staff::{Role, Roles};

/// What root wants done.
#[derive(Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum StaffAct {
    /// Add a person.
    Add {
        number: String,
        name: String,
        /// By their stable names.
        roles: Vec<String>,
    },
    /// Hand out another password.
    Reset { number: String },
    /// Let a person in no more.
    Disable { number: String },
}

/// What came of it.
#[derive(Serialize, Deserialize)]
pub(crate) struct StaffDone {
    /// The password to hand out, where there is one.
    pub(crate) password: Option<String>,
}

/// A person on the list.
#[derive(Serialize, Deserialize)]
pub(crate) struct StaffLine {
    pub(crate) number: String,
    pub(crate) name: String,
    /// By their stable names.
    pub(crate) roles: Vec<String>,
    pub(crate) disabled: bool,
}

impl From<&StaffRecord> for StaffLine {
    fn from(person: &StaffRecord) -> Self {
        Self {
            number: person.number.to_string(),
            name: person.name.clone(),
            roles: person
                .roles
                .iter()
                .map(|role| role.name().to_owned())
                .collect(),
            disabled: person.disabled,
        }
    }
}

/// Does it in the name of `root`; none where a role is unknown: another version's client.
pub(super) async fn keep(
    counter: &Counter,
    act: StaffAct,
    root: &Actor,
) -> Result<Option<StaffDone>, CounterError> {
    let password = match act {
        StaffAct::Add {
            number,
            name,
            roles,
        } => {
            let roles = roles.iter().map(|role| Role::parse(role));
            let Some(roles) = roles.collect::<Option<Vec<_>>>() else {
                return Ok(None);
            };
            let form = StaffForm {
                number,
                name,
                roles: Roles::of(roles),
            };
            Some(counter.add_staff(&form, root).await?)
        }
        StaffAct::Reset { number } => Some(counter.reset_staff(&number, root).await?),
        StaffAct::Disable { number } => {
            counter.disable_staff(&number, root).await?;
            None
        }
    };
    let password = password.as_ref().map(Password::reveal).map(str::to_owned);
    Ok(Some(StaffDone { password }))
}

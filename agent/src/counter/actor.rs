//! Who acts at the counter: in whose name, by which account of this PC, and by which door.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::records::staff::{Role, Roles};

/// Somebody who acts, as the door by which they came makes it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// In whose name it is done, as journal and province know them: the staff number 工号; where no people are set up, the account.
    pub code: String,
    /// The name on the slip.
    pub name: String,
    /// What they may do.
    pub roles: Roles,
    /// The way they came.
    pub came: Came,
}

/// Somebody who may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RoleMissing(pub(crate) Role);

impl Actor {
    /// Refuses where they lack this role.
    pub(crate) fn require(&self, role: Role) -> Result<(), RoleMissing> {
        if self.roles.have(role) {
            Ok(())
        } else {
            Err(RoleMissing(role))
        }
    }
}

/// The way somebody came who acts: the journal keeps it beside the name that they act in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Came {
    /// The account of this PC, as the kernel says.
    pub account: u32,
    /// The way in.
    pub door: Door,
}

/// A way into the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The cashier's page.
    Page,
    /// The hospital's interface on the loopback port.
    HospitalPort,
    /// The hospital's interface on its Unix socket.
    HospitalSocket,
    /// The socket of the commands.
    Console,
}

impl Door {
    /// As journal and log name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::HospitalPort => "his_port",
            Self::HospitalSocket => "his_socket",
            Self::Console => "console",
        }
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Door {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
impl Actor {
    /// Somebody at the page, under the account that runs the tests.
    pub(crate) fn for_tests(user: &str, name: &str) -> Self {
        Self {
            code: user.to_owned(),
            name: name.to_owned(),
            roles: Roles::of([Role::Cashier]),
            came: Came {
                account: nix::unistd::Uid::effective().as_raw(),
                door: Door::Page,
            },
        }
    }
}

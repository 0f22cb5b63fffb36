//! What the routes of the hospital's interface share: the counter, and who may come in.

use std::collections::HashSet;
use std::sync::Arc;

use super::attempts::Attempts;
use super::problem::Problem;
use super::token::BearerToken;
use crate::counter::{Actor, Came, Counter, Door};
use crate::doors::access::callers::Hosts;
use crate::doors::access::operators::Operators;
use crate::records::staff::StaffNumber;

/// Who may come in at the hospital's doors.
#[derive(Debug, Clone)]
pub(crate) struct Admitted {
    /// Those in whose name it acts.
    pub(crate) operators: Arc<Operators>,
    /// The accounts that its system runs under.
    pub(crate) accounts: Arc<HashSet<u32>>,
    /// What it shows; none closes the interface.
    pub(crate) token: Option<BearerToken>,
    /// What went wrong before, at any of its doors.
    pub(super) attempts: Arc<Attempts>,
}

impl Admitted {
    /// Nobody has tried anything yet.
    pub(crate) fn new(
        operators: Arc<Operators>,
        accounts: HashSet<u32>,
        token: Option<BearerToken>,
    ) -> Self {
        Self {
            operators,
            accounts: Arc::new(accounts),
            token,
            attempts: Arc::default(),
        }
    }
}

/// What the routes share.
#[derive(Debug, Clone)]
pub(super) struct Hospital {
    pub(super) counter: Counter,
    pub(super) admitted: Admitted,
    /// The port's own names; none on the Unix socket, which no name leads to.
    pub(super) hosts: Option<Hosts>,
}

impl Hospital {
    /// Whom the hospital's system acts for, come as it came: where people are set up, by their staff number, else by account. Who
    /// they are is the hospital's to find out; whether they are on the list is asked here.
    pub(super) fn operator(&self, user: &str, came: Came) -> Result<Actor, Problem> {
        if self.counter.has_staff() {
            let number = StaffNumber::parse(user).or(Err(Problem::NoSuchPerson))?;
            let person = self.counter.person_come(&number, came);
            return person.ok_or(Problem::NoSuchPerson);
        }
        self.admitted
            .operators
            .by_user(user)
            .map(|operator| operator.come(came))
            .ok_or(Problem::NoSuchOperator)
    }

    /// The way by which this interface is reached.
    pub(super) fn door(&self) -> Door {
        match self.hosts {
            Some(_) => Door::HospitalPort,
            None => Door::HospitalSocket,
        }
    }
}

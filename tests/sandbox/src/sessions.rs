//! Sessions of terminals: in memory alone, so that a restarted province asks everybody to sign in again.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::clock::written;
use crate::envelope::Refusal;

/// How long a session holds.
const SESSION: SignedDuration = SignedDuration::from_hours(8);

#[derive(Default)]
pub(crate) struct Sessions(HashMap<String, Session>);

struct Session {
    terminal: String,
    until: Timestamp,
}

impl Sessions {
    /// Opens a session; the terminal's earlier one ends.
    pub(crate) fn open(
        &mut self,
        terminal: &str,
        dev_no: &str,
        now: Timestamp,
    ) -> Result<Value, Refusal> {
        let no = || Refusal::new("sign_in_refused", "签到被拒绝");
        if terminal != dev_no || terminal.is_empty() {
            return Err(no());
        }
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_no_randomness| no())?;
        let number = hex::encode(random);
        let until = now.checked_add(SESSION).map_err(|_end_of_time| no())?;
        self.0.retain(|_, session| session.terminal != terminal);
        self.0.insert(
            number.clone(),
            Session {
                terminal: terminal.to_owned(),
                until,
            },
        );
        Ok(json!({ "sign_no": number, "valid_until": written(until) }))
    }

    pub(crate) fn check(&self, number: &str, dev_no: &str, now: Timestamp) -> Result<(), Refusal> {
        match self.0.get(number) {
            Some(session) if session.terminal == dev_no && now < session.until => Ok(()),
            Some(session) if session.terminal == dev_no => {
                Err(Refusal::new("session_expired", "签到已过期，请重新签到"))
            }
            Some(_) | None => Err(Refusal::new("session_unknown", "未签到")),
        }
    }

    pub(crate) fn close(&mut self, number: &str) {
        self.0.remove(number);
    }
}

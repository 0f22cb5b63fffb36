//! Faults that a test or a demo switches on: what a network and a province do to those who rely on them.

use serde::{Deserialize, Serialize};

/// One fault, for the next `count` messages it fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What happens.
    pub effect: Effect,
    /// Only to messages of this code; without it to any, signing in included.
    #[serde(default)]
    pub infno: Option<String>,
    /// Only to messages whose body contains this text, a visit's number say; without it to any.
    #[serde(default)]
    pub containing: Option<String>,
    /// How many messages it still fits.
    pub count: u32,
}

/// What happens to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// Processed and kept; the connection breaks before the answer.
    SwallowAnswer,
    /// The connection breaks before it is processed.
    LoseRequest,
    /// Refused with this code and message, not processed.
    Reject {
        /// Refusal code.
        code: String,
        /// What the cashier is told.
        message: String,
    },
    /// Processed after this time.
    Delay {
        /// Milliseconds.
        delay_ms: u64,
    },
    /// Processed and kept; the answer names this 就医登记号 instead of the one that was given, or none.
    RegistrationNumber {
        /// What it names.
        number: Option<String>,
    },
    /// Processed and kept; a gateway's page comes back instead of the envelope.
    GatewayPage,
    /// Processed; this value of the answer's output is another one.
    Put {
        /// Which, as a JSON pointer.
        at: String,
        /// What stands there instead.
        value: serde_json::Value,
    },
    /// Processed; a page of the registry or the catalogue promises another one, whether there is one or not.
    EndlessPages,
}

/// The faults that are switched on.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.0
    }

    /// The effects that fit this message, each used up by one.
    pub(crate) fn strike(&mut self, infno: &str, body: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for fault in &mut self.0 {
            let of_this_code = fault.infno.as_deref().is_none_or(|only| only == infno);
            let of_this_body = fault
                .containing
                .as_deref()
                .is_none_or(|text| body.contains(text));
            if fault.count > 0 && of_this_code && of_this_body {
                fault.count -= 1;
                effects.push(fault.effect.clone());
            }
        }
        self.0.retain(|fault| fault.count > 0);
        effects
    }
}

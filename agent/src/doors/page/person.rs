//! Who of the counter's people is signed in at a window, and until when.

use std::time::Duration;

use crate::records::staff::StaffNumber;
use crate::redacted::closed_debug;

/// A person at a window. The times are the boot's: a clock that somebody sets keeps nobody signed in.
#[derive(Clone)]
pub(crate) struct SignedIn {
    /// Who.
    pub(crate) number: StaffNumber,
    /// The hash of the password by which they signed in: with another one they are not signed in any more.
    pub(crate) password: String,
    /// Since when.
    pub(crate) since: Duration,
    /// When they last touched anything.
    pub(crate) seen: Duration,
}

closed_debug!(SignedIn);

/// How long a person stays signed in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Without touching anything.
    pub(crate) idle: Duration,
    /// At all.
    pub(crate) longest: Duration,
}

impl SignedIn {
    /// Why they are not signed in any more; none where they are.
    pub(crate) fn over(&self, now: Duration, limits: Limits) -> Option<&'static str> {
        if now.saturating_sub(self.since) >= limits.longest {
            Some("longest")
        } else if now.saturating_sub(self.seen) >= limits.idle {
            Some("idle")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_signed_out_idle_or_after_a_shift() {
        let minute = |minutes: u64| Duration::from_secs(minutes * 60);
        let limits = Limits {
            idle: minute(15),
            longest: minute(720),
        };
        let mut person = SignedIn {
            number: StaffNumber::parse("1001").unwrap(),
            password: String::new(),
            since: minute(100),
            seen: minute(100),
        };
        assert_eq!(person.over(minute(114), limits), None);
        assert_eq!(person.over(minute(115), limits), Some("idle"));
        person.seen = minute(819);
        assert_eq!(person.over(minute(819), limits), None);
        assert_eq!(person.over(minute(820), limits), Some("longest"));
    }
}

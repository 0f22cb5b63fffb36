//! Who is at the page: one-time links handed out over the console's socket, and the sessions they open.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::operators::Operator;

/// A link that was not used within this time is dead.
const LINK_LIFE: SignedDuration = SignedDuration::from_secs(60);

/// A session ends a shift after it began.
const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(12);

/// Links and sessions at one time; older ones go first.
const MOST: usize = 256;

/// Links and sessions, in memory: a restart ends them all. Only digests of the tokens are kept.
#[derive(Debug, Default)]
pub struct Sessions {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    links: HashMap<Digested, Granted>,
    sessions: HashMap<Digested, Granted>,
}

type Digested = [u8; 32];

#[derive(Debug, Clone)]
struct Granted {
    operator: Operator,
    until: Timestamp,
}

/// The kernel gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("no random bytes")]
pub struct NoRandomness(#[from] getrandom::Error);

/// 32 random bytes as hex: the secret of a link or of a session's cookie.
#[derive(Clone)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// A new one.
    pub fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(hex::encode(bytes)))
    }

    /// The text that goes into a link or a cookie.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Sessions {
    /// A link's token for `operator`, good once and for a minute.
    pub fn grant_link(&self, operator: Operator, now: Timestamp) -> Result<Token, NoRandomness> {
        let token = Token::random()?;
        let until = now.saturating_add(LINK_LIFE).unwrap_or(now);
        keep(
            &mut self.lock().links,
            &token,
            Granted { operator, until },
            now,
        );
        Ok(token)
    }

    /// Uses up a link and opens a session; `None` where the link is unknown, used or too old.
    pub fn enter(&self, link: &str, now: Timestamp) -> Result<Option<Token>, NoRandomness> {
        let mut kept = self.lock();
        let Some(granted) = kept
            .links
            .remove(&digest(link))
            .filter(|granted| now < granted.until)
        else {
            return Ok(None);
        };
        let token = Token::random()?;
        let until = now.saturating_add(SESSION_LIFE).unwrap_or(now);
        keep(
            &mut kept.sessions,
            &token,
            Granted { until, ..granted },
            now,
        );
        Ok(Some(token))
    }

    /// Whose session this cookie is.
    pub fn operator(&self, cookie: &str, now: Timestamp) -> Option<Operator> {
        let kept = self.lock();
        kept.sessions
            .get(&digest(cookie))
            .filter(|granted| now < granted.until)
            .map(|granted| granted.operator.clone())
    }

    /// Ends a session.
    pub fn leave(&self, cookie: &str) {
        self.lock().sessions.remove(&digest(cookie));
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn keep(shelf: &mut HashMap<Digested, Granted>, token: &Token, granted: Granted, now: Timestamp) {
    shelf.retain(|_, kept| now < kept.until);
    if shelf.len() >= MOST
        && let Some(oldest) = shelf
            .iter()
            .min_by_key(|(_, kept)| kept.until)
            .map(|(key, _)| *key)
    {
        shelf.remove(&oldest);
    }
    shelf.insert(digest(token.reveal()), granted);
}

fn digest(token: &str) -> Digested {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator() -> Operator {
        Operator::for_tests("cashier", "张收款")
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_760_000_000 + second).unwrap()
    }

    #[test]
    fn a_link_opens_one_session_and_then_none() {
        let sessions = Sessions::default();
        let link = sessions.grant_link(operator(), at(0)).unwrap();
        let cookie = sessions.enter(link.reveal(), at(1)).unwrap().unwrap();
        assert_eq!(sessions.operator(cookie.reveal(), at(2)), Some(operator()));
        assert!(sessions.enter(link.reveal(), at(2)).unwrap().is_none());
        assert_eq!(sessions.operator(link.reveal(), at(2)), None);
    }

    #[test]
    fn a_link_dies_after_a_minute_and_a_session_after_a_shift() {
        let sessions = Sessions::default();
        let late = sessions.grant_link(operator(), at(0)).unwrap();
        assert!(sessions.enter(late.reveal(), at(60)).unwrap().is_none());
        let link = sessions.grant_link(operator(), at(0)).unwrap();
        let cookie = sessions.enter(link.reveal(), at(59)).unwrap().unwrap();
        assert!(
            sessions
                .operator(cookie.reveal(), at(59 + 43_199))
                .is_some()
        );
        assert!(
            sessions
                .operator(cookie.reveal(), at(59 + 43_200))
                .is_none()
        );
    }

    #[test]
    fn leaving_ends_the_session() {
        let sessions = Sessions::default();
        let link = sessions.grant_link(operator(), at(0)).unwrap();
        let cookie = sessions.enter(link.reveal(), at(1)).unwrap().unwrap();
        sessions.leave(cookie.reveal());
        assert_eq!(sessions.operator(cookie.reveal(), at(2)), None);
    }

    #[test]
    fn a_token_is_not_shown_by_debug() {
        let token = Token::random().unwrap();
        assert!(!format!("{token:?}").contains(token.reveal()));
    }
}

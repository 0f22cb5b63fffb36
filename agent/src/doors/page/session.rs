//! Who is at the page: one-time links handed out over the console's socket, and the sessions they open.
//!
//! Neither is enough alone. A link can be read over a shoulder or in the list of processes, and a browser sends a cookie to
//! every port of this host: both serve the operator's own account and no other.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::person::SignedIn;
use super::session_file::{SessionFile, WrittenSession};
use crate::doors::access::operators::{Operator, Operators};
use crate::random::{self, NoRandomness};

/// A link that was not used within this time is dead.
const LINK_LIFE: SignedDuration = SignedDuration::from_secs(60);

/// A session ends a shift after it began.
const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(12);

/// Links and sessions at one time; older ones go first.
const MOST: usize = 256;

/// Links, which a restart ends, and sessions, which outlive it. Only digests of their secrets are kept.
#[derive(Debug, Default)]
pub struct Sessions {
    kept: Mutex<Kept>,
    /// Where the sessions outlive the daemon; held while they are written down, so that the last to write writes the last.
    file: Option<Mutex<SessionFile>>,
    /// Told of each session that was ended.
    ended: watch::Sender<()>,
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
    /// Another account has tried it; the log has said so.
    tried: bool,
    /// Who of the counter's people is signed in there; a restart signs them out.
    person: Option<SignedIn>,
}

/// Why a link opened no session.
#[derive(Debug, thiserror::Error)]
pub enum NotEntered {
    /// It is unknown, used or too old.
    #[error("the link is spent")]
    Spent,
    /// It was made for another account; it stays good for that one.
    #[error("the link is another account's")]
    AnothersLink,
    /// No randomness for a session.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// 32 random bytes as hex: the secret of a link or of a session's cookie.
#[derive(Clone)]
pub struct SessionSecret(String);

impl std::fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionSecret(…)")
    }
}

impl SessionSecret {
    /// A new one.
    pub fn random() -> Result<Self, NoRandomness> {
        Ok(Self(hex::encode(random::bytes::<32>()?)))
    }

    /// The text that goes into a link or a cookie.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Sessions {
    /// With those of the run before, as far as they have not run out and their operators are still this counter's, in the same
    /// account.
    pub fn kept_in(path: &Path, operators: &Operators, now: Timestamp) -> Self {
        let file = SessionFile::at(path);
        let longest = now.saturating_add(SESSION_LIFE).unwrap_or(now);
        let sessions = file
            .read()
            .iter()
            .filter_map(|written| taken_over(written, operators))
            .filter(|(_, granted)| now < granted.until && granted.until <= longest)
            .collect();
        Self {
            kept: Mutex::new(Kept {
                links: HashMap::new(),
                sessions,
            }),
            file: Some(Mutex::new(file)),
            ended: watch::Sender::default(),
        }
    }

    /// Writes down which sessions there are; done when it returns.
    pub async fn write_down(self: &Arc<Self>) {
        let sessions = Arc::clone(self);
        let written = tokio::task::spawn_blocking(move || {
            let Some(file) = &sessions.file else { return };
            let file = file.lock().unwrap_or_else(PoisonError::into_inner);
            let now_open = sessions.lock().sessions.iter().map(written).collect();
            file.write(now_open);
        });
        if let Err(error) = written.await {
            tracing::error!(%error, "page: the sessions were not written down");
        }
    }

    /// Changes whenever a session was ended before its time.
    pub fn ended(&self) -> watch::Receiver<()> {
        self.ended.subscribe()
    }

    /// A link's token for `operator`, good once and for a minute.
    pub fn grant_link(
        &self,
        operator: Operator,
        now: Timestamp,
    ) -> Result<SessionSecret, NoRandomness> {
        let token = SessionSecret::random()?;
        let until = now.saturating_add(LINK_LIFE).unwrap_or(now);
        keep(
            &mut self.lock().links,
            &token,
            Granted::new(operator, until),
            now,
        );
        Ok(token)
    }

    /// Uses up a link and opens a session for the account `user`, if it is the one the link was made for.
    pub fn enter(
        &self,
        link: &str,
        user: u32,
        now: Timestamp,
    ) -> Result<SessionSecret, NotEntered> {
        let mut kept = self.lock();
        let granted = kept
            .links
            .get_mut(&digest(link))
            .filter(|granted| now < granted.until)
            .ok_or(NotEntered::Spent)?;
        if !granted.serves(user, "link") {
            return Err(NotEntered::AnothersLink);
        }
        let operator = granted.operator.clone();
        let token = SessionSecret::random()?;
        kept.links.remove(&digest(link));
        let until = now.saturating_add(SESSION_LIFE).unwrap_or(now);
        keep(
            &mut kept.sessions,
            &token,
            Granted::new(operator, until),
            now,
        );
        Ok(token)
    }

    /// Whose session this cookie is, where the account `user` presents it; none where that is not the operator's own.
    pub fn operator(&self, cookie: &str, user: u32, now: Timestamp) -> Option<Operator> {
        self.lock()
            .sessions
            .get_mut(&digest(cookie))
            .filter(|granted| now < granted.until)
            .and_then(|granted| {
                granted
                    .serves(user, "session")
                    .then(|| granted.operator.clone())
            })
    }

    /// Signs a person in at an open session.
    pub(crate) fn sign_in(&self, cookie: &str, person: SignedIn) {
        if let Some(granted) = self.lock().sessions.get_mut(&digest(cookie)) {
            granted.person = Some(person);
        }
    }

    /// Who is signed in at an open session.
    pub(crate) fn person(&self, cookie: &str) -> Option<SignedIn> {
        let kept = self.lock();
        kept.sessions.get(&digest(cookie))?.person.clone()
    }

    /// Everybody who is signed in under the account `user`.
    pub(crate) fn people(&self, user: u32, now: Timestamp) -> Vec<SignedIn> {
        let kept = self.lock();
        kept.sessions
            .values()
            .filter(|granted| now < granted.until && granted.operator.has_account(user))
            .filter_map(|granted| granted.person.clone())
            .collect()
    }

    /// Takes note that whoever is signed in there has touched something.
    pub(crate) fn seen(&self, cookie: &str, at: Duration) {
        if let Some(granted) = self.lock().sessions.get_mut(&digest(cookie))
            && let Some(person) = &mut granted.person
        {
            person.seen = person.seen.max(at);
        }
    }

    /// Signs whoever is signed in there out; the account's session stays.
    pub(crate) fn sign_out(&self, cookie: &str) -> Option<SignedIn> {
        let person = self
            .lock()
            .sessions
            .get_mut(&digest(cookie))
            .and_then(|granted| granted.person.take());
        self.ended.send_replace(());
        person
    }

    /// Ends a session.
    pub fn leave(&self, cookie: &str) {
        self.lock().sessions.remove(&digest(cookie));
        self.ended.send_replace(());
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Granted {
    fn new(operator: Operator, until: Timestamp) -> Self {
        Self {
            operator,
            until,
            tried: false,
            person: None,
        }
    }

    /// Whether `user` is whom this was granted to; the log hears of the first who is not.
    fn serves(&mut self, user: u32, what: &str) -> bool {
        let own = self.operator.has_account(user);
        if !own && !self.tried {
            self.tried = true;
            let operator = &self.operator.user;
            tracing::warn!(
                user,
                operator,
                "page: another account tried an operator's {what}"
            );
        }
        own
    }
}

fn keep(
    shelf: &mut HashMap<Digested, Granted>,
    token: &SessionSecret,
    granted: Granted,
    now: Timestamp,
) {
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

fn written((digest, granted): (&Digested, &Granted)) -> WrittenSession {
    WrittenSession {
        sha256: hex::encode(digest),
        user: granted.operator.user.clone(),
        account: granted.operator.account(),
        until: granted.until.to_string(),
    }
}

fn taken_over(written: &WrittenSession, operators: &Operators) -> Option<(Digested, Granted)> {
    let mut digest = Digested::default();
    hex::decode_to_slice(&written.sha256, &mut digest).ok()?;
    let operator = operators.by_user(&written.user)?;
    let until = written.until.parse().ok()?;
    operator
        .has_account(written.account)
        .then(|| (digest, Granted::new(operator.clone(), until)))
}

fn digest(token: &str) -> Digested {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASHIER: u32 = 1_000;
    const ANOTHER: u32 = 1_001;

    fn operator() -> Operator {
        Operator::for_tests("cashier", "张收款").with_account(CASHIER)
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_760_000_000 + second).unwrap()
    }

    #[test]
    fn a_link_opens_one_session_and_then_none() {
        let sessions = Sessions::default();
        let link = sessions.grant_link(operator(), at(0)).unwrap();
        let cookie = sessions.enter(link.reveal(), CASHIER, at(1)).unwrap();
        assert_eq!(
            sessions.operator(cookie.reveal(), CASHIER, at(2)),
            Some(operator())
        );
        let again = sessions.enter(link.reveal(), CASHIER, at(2));
        assert!(matches!(again, Err(NotEntered::Spent)));
        assert_eq!(sessions.operator(link.reveal(), CASHIER, at(2)), None);
    }

    #[test]
    fn a_link_dies_after_a_minute_and_a_session_after_a_shift() {
        let sessions = Sessions::default();
        let late = sessions.grant_link(operator(), at(0)).unwrap();
        let late = sessions.enter(late.reveal(), CASHIER, at(60));
        assert!(matches!(late, Err(NotEntered::Spent)));
        let link = sessions.grant_link(operator(), at(0)).unwrap();
        let cookie = sessions.enter(link.reveal(), CASHIER, at(59)).unwrap();
        assert!(
            sessions
                .operator(cookie.reveal(), CASHIER, at(59 + 43_199))
                .is_some()
        );
        assert!(
            sessions
                .operator(cookie.reveal(), CASHIER, at(59 + 43_200))
                .is_none()
        );
    }

    #[test]
    fn a_link_opens_nothing_for_another_account_and_stays_good_for_its_own() {
        let sessions = Sessions::default();
        let link = sessions.grant_link(operator(), at(0)).unwrap();
        let anothers = sessions.enter(link.reveal(), ANOTHER, at(1));
        assert!(matches!(anothers, Err(NotEntered::AnothersLink)));
        sessions.enter(link.reveal(), CASHIER, at(2)).unwrap();
    }

    #[test]
    fn a_cookie_that_another_account_presents_is_no_session() {
        let sessions = Sessions::default();
        let link = sessions.grant_link(operator(), at(0)).unwrap();
        let cookie = sessions.enter(link.reveal(), CASHIER, at(1)).unwrap();
        assert_eq!(sessions.operator(cookie.reveal(), ANOTHER, at(2)), None);
        assert_eq!(
            sessions.operator(cookie.reveal(), CASHIER, at(3)),
            Some(operator())
        );
    }

    #[test]
    fn leaving_ends_the_session() {
        let sessions = Sessions::default();
        let link = sessions.grant_link(operator(), at(0)).unwrap();
        let cookie = sessions.enter(link.reveal(), CASHIER, at(1)).unwrap();
        sessions.leave(cookie.reveal());
        assert_eq!(sessions.operator(cookie.reveal(), CASHIER, at(2)), None);
    }

    #[tokio::test]
    async fn sessions_outlive_a_restart_and_those_that_were_ended_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sessions.json");
        let operators = Operators::for_tests(vec![operator()]);
        let sessions = Arc::new(Sessions::kept_in(&file, &operators, at(0)));
        let enter = || {
            let link = sessions.grant_link(operator(), at(0)).unwrap();
            sessions.enter(link.reveal(), CASHIER, at(1)).unwrap()
        };
        let (stays, left) = (enter(), enter());
        sessions.write_down().await;
        sessions.leave(left.reveal());
        sessions.write_down().await;
        let text = std::fs::read_to_string(&file).unwrap();
        for secret in [&stays, &left] {
            assert!(!text.contains(secret.reveal()), "a secret on disk: {text}");
        }
        let again = |operators: &Operators, now| Sessions::kept_in(&file, operators, now);
        let open = |sessions: &Sessions, secret: &SessionSecret, user, now| {
            sessions.operator(secret.reveal(), user, now)
        };
        let sessions = again(&operators, at(2));
        assert_eq!(open(&sessions, &stays, CASHIER, at(2)), Some(operator()));
        assert_eq!(open(&sessions, &stays, ANOTHER, at(2)), None);
        assert_eq!(open(&sessions, &left, CASHIER, at(2)), None);
        // The digest that a reader of the disk finds opens nothing.
        let found = text.split('"').find(|word| word.len() == 64).unwrap();
        assert_eq!(sessions.operator(found, CASHIER, at(2)), None);

        let too_late = at(1 + 43_200);
        assert_eq!(
            open(&again(&operators, too_late), &stays, CASHIER, at(2)),
            None
        );
        // A clock that was set back must not lengthen it.
        assert_eq!(
            open(&again(&operators, at(-60)), &stays, CASHIER, at(2)),
            None
        );
        let moved = Operators::for_tests(vec![operator().with_account(ANOTHER)]);
        assert_eq!(open(&again(&moved, at(2)), &stays, ANOTHER, at(2)), None);
        let gone = Operators::for_tests(Vec::new());
        assert_eq!(open(&again(&gone, at(2)), &stays, CASHIER, at(2)), None);
        std::fs::write(&file, &text[..40]).unwrap();
        assert_eq!(
            open(&again(&operators, at(2)), &stays, CASHIER, at(2)),
            None
        );
    }

    #[test]
    fn a_token_is_not_shown_by_debug() {
        let token = SessionSecret::random().unwrap();
        assert!(!format!("{token:?}").contains(token.reveal()));
    }
}

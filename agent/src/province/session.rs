//! One terminal's session with the province, renewed by whoever finds it missing.

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

/// A session is renewed this long before its end, so that a message under way does not outlive it.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// `sign_no` and how long the province said it holds.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) number: String,
    pub(super) valid_until: Timestamp,
}

impl Session {
    fn holds(&self, now: Timestamp) -> bool {
        now.saturating_add(MARGIN)
            .is_ok_and(|soon| soon < self.valid_until)
    }
}

/// The place of the session: the lock is held while signing in, so that many callers sign in once. Each waits for it no longer
/// than its own patience.
#[derive(Default)]
pub(super) struct SessionSlot(Mutex<Option<Session>>);

impl SessionSlot {
    /// The session that holds at `now`, or a new one from `sign_in`; `spent` is one the province refused.
    pub(super) async fn take<E>(
        &self,
        now: Timestamp,
        spent: Option<&str>,
        sign_in: impl AsyncFnOnce() -> Result<Session, E>,
    ) -> Result<String, E> {
        let mut place = self.0.lock().await;
        if let Some(session) = place.as_ref()
            && session.holds(now)
            && spent != Some(session.number.as_str())
        {
            return Ok(session.number.clone());
        }
        *place = None;
        let session = sign_in().await?;
        let number = session.number.clone();
        *place = Some(session);
        Ok(number)
    }

    /// Takes the session away, for signing out.
    pub(super) async fn clear(&self) -> Option<Session> {
        self.0.lock().await.take()
    }
}

impl std::fmt::Debug for SessionSlot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionSlot")
    }
}

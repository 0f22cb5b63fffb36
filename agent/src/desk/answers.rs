//! Answers that somebody waits for beside what happens meanwhile: a card that goes in while the province is asked about the last
//! one is seen at once, and not when the answer has come.

use std::panic::resume_unwind;
use std::pin::pin;

use tokio::task::{JoinError, JoinSet};

/// Answers that a loop waits for beside its own events. Dropping it gives them up.
#[derive(Debug, Default)]
pub(crate) struct Answers(JoinSet<()>);

impl Answers {
    /// Waits for this one, too.
    pub(crate) fn expect(&mut self, answer: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(answer);
    }

    /// The loop's next event. A panic of an answer is the loop's own.
    pub(crate) async fn beside<T>(&mut self, event: impl Future<Output = T>) -> T {
        let mut event = pin!(event);
        loop {
            tokio::select! {
                biased;
                came = &mut event => return came,
                Some(ended) = self.0.join_next() => pass_on(ended),
            }
        }
    }
}

/// Waits for an answer that is worked on to its end, whether or not somebody still waits for it.
pub(crate) async fn to_its_end(answer: impl Future<Output = ()> + Send + 'static) {
    pass_on(tokio::spawn(answer).await);
}

fn pass_on(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && let Ok(panic) = error.try_into_panic()
    {
        resume_unwind(panic);
    }
}

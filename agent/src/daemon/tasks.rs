//! The daemon's tasks: each is watched, and an end that nobody asked for is the daemon's own.
//!
//! A daemon that admits and settles while nothing sends, or sends while nobody is served, is worse than one that is started again:
//! nobody sees it. So every task is fatal, those of the devices too, since none of them ends but by a panic. That a device cannot
//! be used, or its thread not be started, ends no task: it is shown at the counter and tried again, and other cards and codes
//! settle meanwhile.

use std::collections::HashMap;

use tokio::task::{Id, JoinSet};

/// What runs until the daemon is told to stop.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    running: JoinSet<()>,
    names: HashMap<Id, String>,
}

/// A task that ended although nobody asked for it.
#[derive(Debug, thiserror::Error)]
#[error("the task {name:?} {how}, and was never to end")]
pub struct TaskEnded {
    name: String,
    how: How,
}

/// How a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Panicked,
    Returned,
}

impl std::fmt::Display for How {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Panicked => "panicked",
            Self::Returned => "ended",
        })
    }
}

impl Tasks {
    /// Starts a task that is never to end.
    pub(super) fn keep(&mut self, name: &str, task: impl Future<Output = ()> + Send + 'static) {
        let id = self.running.spawn(task).id();
        self.names.insert(id, name.to_owned());
    }

    /// Starts a task that is through some time; only a panic of it counts.
    pub(super) fn once(&mut self, name: &str, task: impl Future<Output = ()> + Send + 'static) {
        self.keep(name, async move {
            task.await;
            std::future::pending::<()>().await;
        });
    }

    /// Returns when a task has ended. What it panicked with was said where it did.
    pub(super) async fn one_ends(&mut self) -> TaskEnded {
        let (id, how) = match self.running.join_next_with_id().await {
            Some(Ok((id, ()))) => (id, How::Returned),
            Some(Err(error)) => (error.id(), How::Panicked),
            None => return std::future::pending().await,
        };
        let name = self.names.remove(&id).unwrap_or_default();
        TaskEnded { name, how }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_end_and_a_panic_are_told_with_the_tasks_name_and_an_end_that_was_to_come_is_not() {
        let mut tasks = Tasks::default();
        tasks.once("check", async {});
        tasks.keep("uploader", async {});
        let ended = tasks.one_ends().await;
        assert_eq!(
            ended.to_string(),
            "the task \"uploader\" ended, and was never to end"
        );
        tasks.once("second check", async { panic!("as a bug does") });
        let ended = tasks.one_ends().await;
        assert_eq!(
            ended.to_string(),
            "the task \"second check\" panicked, and was never to end"
        );
    }
}

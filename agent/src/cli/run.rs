//! `run`: the daemon in the foreground, its log on standard error.

use std::path::Path;
use std::time::Duration;

use super::ground;
use crate::daemon;
use crate::doors::access::callers::sockets::Inherited;
use crate::readiness;
use crate::wording::commands;
use crate::wording::notice::Notice;

/// Threads for calls that block: a long bill, four light pieces of work, and the rest for names to resolve, callers to look up
/// and the registry's cache. Who finds none free waits. The unit allows 128 tasks, card process included.
const BLOCKING_THREADS: usize = 16;

/// Threads that are there stay: where the system gives no new ones, work still finds one.
const KEPT: Duration = Duration::from_secs(u32::MAX as u64);

/// The unit grants 30 s for an end that was asked for.
const ENDING: Duration = Duration::from_secs(10);

/// A panic of this thread ends the process at once. Unwinding would not: where the system refuses the runtime one of its threads, it
/// panics, and then waits for ever for those that it has.
fn end_with_this_thread() {
    let (own, say) = (std::thread::current().id(), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |panic| {
        say(panic);
        if std::thread::current().id() == own {
            std::process::exit(PANICKED);
        }
    }));
}

/// What Rust ends a process with that panicked.
const PANICKED: i32 = 101;

pub(super) fn run(config: &Path) -> Result<(), Notice> {
    ground::log_to(std::io::stderr);
    // Before the runtime's threads: this clears the variables that announce the sockets.
    let inherited = Inherited::take().map_err(|error| Notice::from(&error))?;
    let settings = ground::settings(config)?;
    let in_other_hands = readiness::custody(config, &settings, &settings.state_folders());
    for finding in &in_other_hands {
        tracing::error!(code = %finding.code, "{} {}", finding.say, finding.next);
    }
    ground::all_said(in_other_hands)?;
    for hint in readiness::hints(&settings) {
        tracing::warn!(code = %hint.code, "{} {}", hint.say, hint.next);
    }
    end_with_this_thread();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS)
        .thread_keep_alive(KEPT)
        .build()
        .map_err(|error| commands::not_started(&error))?;
    let done = runtime
        .block_on(daemon::run(settings, inherited))
        .map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "stopped");
            Notice::from(&error)
        });
    // What is being computed is waited for, and given up in time for systemd; the ledger's threads close their file meanwhile. A
    // process that ended while they still ran was seen to die of a signal at its exit.
    runtime.shutdown_timeout(ENDING);
    done
}

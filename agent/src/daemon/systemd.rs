//! What systemd is told: that the daemon is ready, that every loop goes round, that it stops.

use std::time::Duration;

use sd_notify::NotifyState;

use crate::pulse::Pulses;

/// How often the loops are looked at where systemd asks for no sign of life.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Says that the daemon is ready and then, as often as systemd asks, that it is alive: only while every loop goes round. Where one
/// stands still, systemd is told which, the log too, and after `WatchdogSec` it ends the daemon and starts it again.
pub(super) async fn tell(pulses: Pulses) {
    notify(&NotifyState::Ready);
    let watchdog = sd_notify::watchdog_enabled();
    // Four times in the span that systemd grants: one that comes late does not matter.
    let every = watchdog.map_or(LOOK_EVERY, |span| span / 4);
    let mut told = Vec::new();
    loop {
        tokio::time::sleep(every).await;
        let still = pulses.still();
        if still.is_empty() {
            notify(&NotifyState::Watchdog);
        } else {
            notify(&NotifyState::Status(&format!(
                "stands still: {}",
                still.join(", ")
            )));
        }
        if still != told {
            if still.is_empty() {
                tracing::info!("every loop goes round again");
                notify(&NotifyState::Status(""));
            } else {
                tracing::error!(
                    loops = still.join(", "),
                    "a loop stands still: the watchdog is not told that all is well"
                );
            }
            told = still;
        }
    }
}

/// Says that the daemon stops.
pub(super) fn stopping() {
    notify(&NotifyState::Stopping);
}

fn notify(state: &NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(std::slice::from_ref(state)) {
        tracing::debug!(%error, "systemd was not told");
    }
}

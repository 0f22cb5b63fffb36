//! The card process for as long as it lives: one context with the PC/SC service after the other.

use std::time::Duration;

use pcsc::{Context, Scope};

use super::link::Link;
use super::service;
use super::vendor::Vendors;
use super::watch::{Ended, Watch};
use super::wire::{Configuration, ToParent};
use crate::card::CardFault;
use crate::stopwatch;

/// Nothing announces that the service is back.
const SERVICE_RETRY: Duration = Duration::from_millis(500);

/// A service that turns this account away does so until somebody changes its rules.
const REFUSED_RETRY: Duration = Duration::from_secs(5);

/// Watches the readers for ever; the process ends when the agent does.
pub(super) fn run(link: &Link, configuration: &Configuration, mut vendors: Vendors) -> ! {
    let mut suspects = configuration.suspects.clone();
    let mut logged = None;
    let mut wary = false;
    loop {
        let known = (&mut vendors, &mut suspects);
        let Err(ended) = Watch::new(link, configuration, known, wary).until_service_fails();
        link.set_interruptible(None);
        if logged.replace(ended) != Some(ended) {
            tracing::info!(?ended, "PC/SC service");
        }
        // Where it lets itself be asked, and hangs up on whoever asks for a card, cards are what it refuses.
        wary = ended == Ended::TurnedAway && Context::establish(Scope::User).is_ok();
        let fault = match ended {
            Ended::Slept => continue,
            Ended::TurnedAway if wary => CardFault::ServiceRefuses,
            Ended::TurnedAway | Ended::Failed(_) => service::fault(),
        };
        let refused = fault == CardFault::ServiceRefuses;
        link.send(&ToParent::Fault {
            reader: None,
            fault,
            steps: Vec::new(),
        });
        let until = stopwatch::now()
            + if refused {
                REFUSED_RETRY
            } else {
                SERVICE_RETRY
            };
        while stopwatch::now() < until {
            link.wait(SERVICE_RETRY);
            link.send(&ToParent::Alive);
        }
    }
}

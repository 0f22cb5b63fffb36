//! The vendor's reader library: whether it is one for this PC, and whether it will be loaded.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use drivers::reader::{CardProcess, LibraryFault, NotTried, confinement_here, try_library};
use nix::unistd::{Uid, User};

use crate::desk::card_access::{card_child, card_settings};
use crate::settings::{Authentication, Settings};
use crate::wording::notice::Notice;
use crate::wording::readiness;

/// The accounts of the packaged units.
const CARD_PROCESS: &str = "settlement-agent-card";
const DAEMON: &str = "settlement-agent";

/// What its log says beside the findings: nothing that is as it should be.
const LOG: &str = "SETTLEMENT_AGENT_LOG";

/// The library, where a configured way of authentication needs it.
pub(super) fn used(settings: &Settings) -> Option<&Path> {
    let card = &settings.card;
    let is_used = card.enabled && card.authentication.contains(&Authentication::Vendor);
    card.vendor_library.as_deref().filter(|_| is_used)
}

/// Why the daemon's card process will not use it: it is loaded as that one does, in a process of the same kind.
pub(super) fn fault(settings: &Settings) -> Option<Notice> {
    let library = used(settings)?;
    let told = of_another_kind(library).or_else(|| unconfined(settings));
    told.or_else(|| match tried(settings) {
        Ok(Ok(())) => None,
        Ok(Err(fault)) => Some(readiness::library_fault(library, &fault)),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "no library was tried"
            );
            Some(readiness::library_not_tried(library, &error))
        }
    })
}

/// Said before it is loaded, since the loader says it in English.
fn of_another_kind(library: &Path) -> Option<Notice> {
    let mut head = [0; 20];
    let read = File::open(library).and_then(|mut file| file.read_exact(&mut head));
    match read {
        Err(error) => Some(readiness::library_unreadable(library, &error)),
        Ok(()) if !is_for_this_machine(&head) => {
            Some(readiness::library_of_another_machine(library))
        }
        Ok(()) => None,
    }
}

/// An ELF file of this processor's kind, 64 bits, little-endian.
fn is_for_this_machine(head: &[u8; 20]) -> bool {
    let machine = match std::env::consts::ARCH {
        "x86_64" => 62,
        "aarch64" => 183,
        _ => return head.starts_with(b"\x7fELF"),
    };
    head.starts_with(b"\x7fELF\x02\x01") && head[18..] == [machine, 0]
}

/// On a kernel that cannot keep the library from the keys, in the daemon's own account, it is not loaded.
pub(super) fn unconfined(settings: &Settings) -> Option<Notice> {
    let library = used(settings)?;
    if settings.card.process_socket.is_some() {
        return None;
    }
    match confinement_here() {
        Ok(here) if here.keeps_files_away() && here.seccomp => None,
        Ok(_) => Some(readiness::library_fault(library, &LibraryFault::Unconfined)),
        Err(error) => {
            tracing::warn!(%error, "the kernel's means of confinement are not known");
            Some(readiness::confinement_unknown())
        }
    }
}

fn tried(settings: &Settings) -> Result<Result<(), LibraryFault>, NotTried> {
    let process = process(settings).map_err(NotTried::CannotStart)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(NotTried::CannotStart)?;
    runtime.block_on(try_library(&card_settings(settings), process))
}

/// As the daemon has it; where systemd does not hold the socket yet, before the first start, root's child in the same account.
fn process(settings: &Settings) -> std::io::Result<CardProcess> {
    let account = match &settings.card.process_socket {
        Some(socket) if socket.exists() => return Ok(CardProcess::Apart(socket.clone())),
        Some(_) => CARD_PROCESS,
        None => DAEMON,
    };
    let mut child = card_child()?;
    // Another account may not be let through to where this program lies.
    child.program = "/proc/self/exe".into();
    if !child.environment.iter().any(|(name, _)| name == LOG) {
        child.environment.push((LOG.into(), "warn".into()));
    }
    if Uid::effective().is_root() {
        child.account =
            User::from_name(account)?.map(|user| (user.uid.as_raw(), user.gid.as_raw()));
    }
    Ok(child.into())
}

//! What the caller decides about card reading.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::card::ReadScope;

/// Settings of [`super::CardReaders`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSettings {
    /// Part of the name of the readers to watch; absent: all readers.
    pub reader: Option<String>,
    /// Who opens EF06 of a 3.0 card, in the order to try. Empty: EF05 alone.
    pub providers: Vec<Provider>,
    /// Files and folders that the card process, and a vendor's library in it, must not reach, wherever they lie.
    pub keep_from: Vec<PathBuf>,
    /// How much to read.
    pub scope: ReadScope,
    /// Silence after which the child process counts as stuck. At most 2.5 s, so that it is reported within 3 s; a vendor's
    /// library that is slower than that may be given longer at the price of a later report.
    pub stuck_after: Duration,
    /// How long the province may take to answer a relayed question, after which the next provider is tried.
    pub relay_limit: Duration,
}

impl Default for CardSettings {
    fn default() -> Self {
        Self {
            reader: None,
            providers: vec![Provider::Relay],
            keep_from: Vec::new(),
            scope: ReadScope::Identity,
            stuck_after: Duration::from_millis(2_500),
            relay_limit: Duration::from_secs(10),
        }
    }
}

/// One way to open EF06 of a 3.0 card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Provider {
    /// Relay the authentication to the province's HSM.
    Relay,
    /// A vendor's `SSCardDriver` library.
    VendorLibrary(VendorSettings),
}

/// A vendor's shared library with the national reader interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorSettings {
    /// Path of the shared library.
    pub library: PathBuf,
}

/// How the card process is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardProcess {
    /// A child of the agent's own, in its account.
    Child(ChildCommand),
    /// In an account of its own: systemd starts one for each connection to this socket.
    Apart(PathBuf),
}

impl From<ChildCommand> for CardProcess {
    fn from(command: ChildCommand) -> Self {
        Self::Child(command)
    }
}

/// How to start the child process that reads cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildCommand {
    /// The program: the agent's own binary.
    pub program: PathBuf,
    /// Its arguments: `card-child`.
    pub arguments: Vec<OsString>,
    /// Its whole environment: none of the agent's own comes along.
    pub environment: Vec<(OsString, OsString)>,
    /// The account and the group that it changes to; only root may say so.
    pub account: Option<(u32, u32)>,
}

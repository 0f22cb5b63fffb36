//! The configuration as it was checked.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use rules::{DivisionCode, ProfileName};

use super::bill::Bills;
use super::codes::{Codes, IdentityReader, Scanner};
use super::staff::Staff;

/// Everything the daemon was told, checked. Made by [`Settings::load`] alone.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The hospital, rehabilitation or device institution this counter belongs to.
    pub institution: Institution,
    /// This counter's terminal number, 1 to 49, unique within the institution.
    pub terminal: u8,
    /// Where the ledger and the cache lie.
    pub storage: Storage,
    /// How the province is reached.
    pub platform: Platform,
    /// The card reader.
    pub card: Card,
    /// The counter's page and the hospital's interface.
    pub local: Local,
    /// Who may work at this counter.
    pub operators: Vec<OperatorAccount>,
    /// The paper.
    pub slip: Slip,
    /// What codes are held against, from a scanner or typed into the page.
    pub codes: Codes,
    /// Code scanners on serial lines.
    pub scanners: Vec<Scanner>,
    /// The identity card reader, where this counter has one.
    pub identity_reader: Option<IdentityReader>,
    /// How this hospital's bills are written.
    pub bill: Bills,
    /// How people sign in.
    pub staff: Staff,
}

/// The institution as its service agreement names it.
#[derive(Debug, Clone)]
pub struct Institution {
    /// The platform's code of the institution, 12 characters: the head of every message id.
    pub code: String,
    /// Its full name, as printed on Annex 10.
    pub name: String,
    /// Six digits of the place it lies in (就医地).
    pub division: DivisionCode,
    /// The province profile it settles under.
    pub profile: ProfileName,
}

/// Files and keys.
#[derive(Debug, Clone)]
pub struct Storage {
    /// Directory of `ledger.db` and `registry.db`.
    pub directory: PathBuf,
    /// Directory of the ledger's witness; another one.
    pub witness_directory: PathBuf,
    /// File with the ledger's key: 32 bytes as 64 hex digits, readable by the daemon's user alone.
    pub key_file: PathBuf,
}

/// The province's system.
#[derive(Debug, Clone)]
pub struct Platform {
    /// Base address, `https://…`.
    pub url: String,
    /// The province's certificate authority, PEM.
    pub ca_file: PathBuf,
    /// PEM file of the authority's list of revoked certificates; none where the authority keeps no list.
    pub revocation_list_file: Option<PathBuf>,
    /// This institution's client certificate, PEM.
    pub certificate_file: PathBuf,
    /// Its private key, PEM.
    pub key_file: PathBuf,
    /// The secret that signs each message, as given by the province.
    pub secret_file: PathBuf,
    /// Transaction codes where the province's differ from the built-in table.
    pub adapter_file: Option<PathBuf>,
    /// How long a question at the counter waits before the cache answers.
    pub gate_timeout: Duration,
    /// How long an upload waits for its answer.
    pub upload_timeout: Duration,
    /// How often the registry is fetched.
    pub sync_every: Duration,
}

/// The social security card reader.
#[derive(Debug, Clone)]
pub struct Card {
    /// False where this counter has no reader.
    pub enabled: bool,
    /// Part of the reader's name; empty watches all readers.
    pub reader: String,
    /// How a 3.0 card is authenticated, in this order.
    pub authentication: Vec<Authentication>,
    /// The vendor's `SSCardDriver` library, for [`Authentication::Vendor`].
    pub vendor_library: Option<PathBuf>,
    /// The socket behind which systemd starts the card process in an account of its own; none: it is a child in the daemon's.
    pub process_socket: Option<PathBuf>,
}

/// One way to authenticate a 3.0 card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authentication {
    /// The province's HSM, through the platform.
    Relay,
    /// A vendor's library.
    Vendor,
    /// None: card number and card id alone, which the platform resolves.
    CardOnly,
}

/// What listens on this PC.
#[derive(Debug, Clone)]
pub struct Local {
    /// Loopback address of the page and of the hospital's interface.
    pub listen: SocketAddr,
    /// Unix socket that hands out the page's one-time links.
    pub socket: PathBuf,
    /// Unix socket of the hospital's interface, beside the port.
    pub his_socket: PathBuf,
    /// File with the hospital system's token; none closes that interface.
    pub his_token_file: Option<PathBuf>,
    /// The accounts of this PC under which the hospital's system runs; the token serves no other.
    pub his_accounts: Vec<String>,
}

/// Somebody who works at this counter, known by the Unix account they are logged in with.
#[derive(Debug, Clone)]
pub struct OperatorAccount {
    /// The account's name on this PC.
    pub user: String,
    /// The name on the slip (收款人、制单人).
    pub name: String,
}

/// The slip.
#[derive(Debug, Clone)]
pub struct Slip {
    /// A font with Simplified Chinese.
    pub font: PathBuf,
    /// A second one for characters the first has not.
    pub fallback_font: Option<PathBuf>,
    /// The name printed as 审核人.
    pub reviewer: String,
}

impl Settings {
    /// The ledger's file.
    pub fn ledger_file(&self) -> PathBuf {
        self.storage.directory.join("ledger.db")
    }

    /// The folders whose files are the truth: nobody else enters them.
    pub(crate) fn state_folders(&self) -> Vec<PathBuf> {
        vec![
            self.storage.directory.clone(),
            self.storage.witness_directory.clone(),
        ]
    }

    /// What no library of others in the card process may reach: keys, tokens and state.
    pub(crate) fn kept_from_libraries(&self) -> Vec<PathBuf> {
        let platform = &self.platform;
        let mut kept = self.state_folders();
        kept.extend([
            self.storage.key_file.clone(),
            platform.key_file.clone(),
            platform.secret_file.clone(),
        ]);
        kept.extend(self.local.his_token_file.clone());
        kept
    }

    /// The page's open sessions.
    pub(crate) fn sessions_file(&self) -> PathBuf {
        self.storage.directory.join("sessions.json")
    }

    /// The cache's file.
    pub fn registry_file(&self) -> PathBuf {
        self.storage.directory.join("registry.db")
    }
}

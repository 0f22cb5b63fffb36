//! What the client of the province needs to know, as the shell's settings hand it over.

use std::path::PathBuf;
use std::time::Duration;

use super::message::MessageOperator;
use crate::records::numbers::{Asker, Terminal};

/// Where the province is, who we are, how long we wait.
#[derive(Debug, Clone)]
pub struct PlatformSettings {
    /// `https://host[:port]`, without a path.
    pub url: String,
    /// PEM file of the only authority that is trusted.
    pub authority_file: PathBuf,
    /// PEM file of its list of revoked certificates: one that is on no list that can be read is not trusted then.
    pub revocation_list_file: Option<PathBuf>,
    /// PEM file of this machine's certificate, with intermediates if any.
    pub certificate_file: PathBuf,
    /// PEM file of its private key.
    pub key_file: PathBuf,
    /// File with the institution's secret, at least 32 bytes in hex.
    pub secret_file: PathBuf,
    /// A province's adapter table; the built-in one where none is given.
    pub adapter_file: Option<PathBuf>,
    /// This counter.
    pub terminal: Terminal,
    /// The institution's division, six digits (`mdtrtarea_admvs`).
    pub division: String,
    /// Who signs in and asks where no person does.
    pub operator: MessageOperator,
    /// Which program asks.
    pub asker: Asker,
    /// How long to wait for a connection.
    pub connect_timeout: Duration,
    /// How long to wait for the answer to an upload or a synchronisation page, connection included.
    pub answer_timeout: Duration,
    /// How long to wait for the answer to a question at a gate, connection included.
    pub gate_timeout: Duration,
}

impl PlatformSettings {
    /// 终端机编号 (`dev_no`), twelve digits.
    pub(super) fn device_number(&self) -> String {
        format!("{:012}", self.terminal.number())
    }
}

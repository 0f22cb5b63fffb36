//! The tables of the configuration file as they are written: keys, defaults and checks.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use rules::{DivisionCode, ProfileName};
use serde::Deserialize;

use super::error::{Invalid, SettingsError, Unit, Wrong, invalid, within};
use super::values::{
    Authentication, Card, Institution, Local, OperatorAccount, Platform, Slip, Storage,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InstitutionTable {
    code: String,
    name: String,
    division: String,
    profile: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TerminalTable {
    pub(super) number: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StorageTable {
    directory: PathBuf,
    witness_directory: PathBuf,
    key_file: PathBuf,
}

impl Default for StorageTable {
    fn default() -> Self {
        Self {
            directory: "/var/lib/settlement-agent".into(),
            witness_directory: "/var/lib/settlement-agent-witness".into(),
            key_file: "/etc/settlement-agent/ledger.key".into(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlatformTable {
    url: String,
    #[serde(default = "ca_file")]
    ca_file: PathBuf,
    revocation_list_file: Option<PathBuf>,
    #[serde(default = "certificate_file")]
    certificate_file: PathBuf,
    #[serde(default = "key_file")]
    key_file: PathBuf,
    #[serde(default = "secret_file")]
    secret_file: PathBuf,
    adapter_file: Option<PathBuf>,
    #[serde(default = "gate_timeout_ms")]
    gate_timeout_ms: u64,
    #[serde(default = "upload_timeout_ms")]
    upload_timeout_ms: u64,
    #[serde(default = "sync_minutes")]
    sync_minutes: u64,
}

fn ca_file() -> PathBuf {
    "/etc/settlement-agent/province-ca.pem".into()
}

fn certificate_file() -> PathBuf {
    "/etc/settlement-agent/client.pem".into()
}

fn key_file() -> PathBuf {
    "/etc/settlement-agent/client.key".into()
}

fn secret_file() -> PathBuf {
    "/etc/settlement-agent/platform.secret".into()
}

fn gate_timeout_ms() -> u64 {
    2_000
}

fn upload_timeout_ms() -> u64 {
    20_000
}

fn sync_minutes() -> u64 {
    15
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CardTable {
    enabled: bool,
    reader: String,
    authentication: Vec<Authentication>,
    vendor_library: Option<PathBuf>,
    process_socket: Option<PathBuf>,
}

impl Default for CardTable {
    fn default() -> Self {
        Self {
            enabled: true,
            reader: String::new(),
            authentication: vec![Authentication::Relay, Authentication::CardOnly],
            vendor_library: None,
            process_socket: None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LocalTable {
    listen: String,
    socket: PathBuf,
    his_socket: PathBuf,
    his_token_file: Option<PathBuf>,
    his_accounts: Vec<String>,
}

impl Default for LocalTable {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8730".into(),
            socket: "/run/settlement-agent/agent.sock".into(),
            his_socket: "/run/settlement-agent/his.sock".into(),
            his_token_file: None,
            his_accounts: Vec::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperatorTable {
    user: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SlipTable {
    font: PathBuf,
    fallback_font: Option<PathBuf>,
    reviewer: String,
}

impl Default for SlipTable {
    fn default() -> Self {
        Self {
            font: "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc".into(),
            fallback_font: None,
            reviewer: String::new(),
        }
    }
}

impl StorageTable {
    pub(super) fn check(self, wrong: &mut Wrong) -> Storage {
        wrong.unless(
            self.apart(),
            "storage.witness_directory",
            Invalid::WitnessBesideLedger,
        );
        Storage {
            directory: self.directory,
            witness_directory: self.witness_directory,
            key_file: self.key_file,
        }
    }

    /// Whether the witness lies apart from what it bears witness to.
    fn apart(&self) -> bool {
        !self.witness_directory.starts_with(&self.directory)
            && !self.directory.starts_with(&self.witness_directory)
    }
}

impl InstitutionTable {
    pub(super) fn check(self, wrong: &mut Wrong) -> Option<Institution> {
        wrong.unless(
            self.code.len() == 12 && self.code.bytes().all(|b| b.is_ascii_alphanumeric()),
            "institution.code",
            Invalid::InstitutionCode,
        );
        wrong.unless(
            !self.name.trim().is_empty(),
            "institution.name",
            Invalid::Empty,
        );
        let division = DivisionCode::parse(&self.division);
        let division = wrong
            .take(division.map_err(|_form| invalid("institution.division", Invalid::Division)));
        let profile = wrong.take(match self.profile.as_str() {
            "national" => Ok(ProfileName::National),
            "hunan" => Ok(ProfileName::Hunan),
            "fujian" => Ok(ProfileName::Fujian),
            _other => Err(invalid("institution.profile", Invalid::UnknownProfile)),
        });
        Some(Institution {
            code: self.code,
            name: self.name,
            division: division?,
            profile: profile?,
        })
    }
}

impl PlatformTable {
    pub(super) fn check(self, wrong: &mut Wrong) -> Platform {
        wrong.unless(
            self.url.starts_with("https://"),
            "platform.url",
            Invalid::NotHttps,
        );
        for (key, value, (least, most), unit) in [
            (
                "platform.gate_timeout_ms",
                self.gate_timeout_ms,
                (100, 120_000),
                Unit::Milliseconds,
            ),
            (
                "platform.upload_timeout_ms",
                self.upload_timeout_ms,
                (100, 120_000),
                Unit::Milliseconds,
            ),
            (
                "platform.sync_minutes",
                self.sync_minutes,
                (1, 1440),
                Unit::Minutes,
            ),
        ] {
            wrong.take(within(key, value, (least, most), unit));
        }
        Platform {
            url: self.url,
            ca_file: self.ca_file,
            revocation_list_file: self.revocation_list_file,
            certificate_file: self.certificate_file,
            key_file: self.key_file,
            secret_file: self.secret_file,
            adapter_file: self.adapter_file,
            gate_timeout: Duration::from_millis(self.gate_timeout_ms),
            upload_timeout: Duration::from_millis(self.upload_timeout_ms),
            sync_every: Duration::from_secs(self.sync_minutes.saturating_mul(60)),
        }
    }
}

impl CardTable {
    pub(super) fn check(self) -> Result<Card, SettingsError> {
        if self.authentication.contains(&Authentication::Vendor) && self.vendor_library.is_none() {
            return Err(invalid(
                "card.vendor_library",
                Invalid::VendorLibraryMissing,
            ));
        }
        Ok(Card {
            enabled: self.enabled,
            reader: self.reader,
            authentication: self.authentication,
            vendor_library: self.vendor_library,
            process_socket: self.process_socket,
        })
    }
}

impl LocalTable {
    pub(super) fn check(self) -> Result<Local, SettingsError> {
        let listen = self.listen.parse::<SocketAddr>();
        let listen = listen.map_err(|_form| invalid("local.listen", Invalid::NotAnAddress))?;
        if !listen.ip().is_loopback() {
            return Err(invalid("local.listen", Invalid::NotLoopback));
        }
        if self.socket == self.his_socket {
            return Err(invalid("local.his_socket", Invalid::SocketsEqual));
        }
        let named = self.his_accounts.iter().all(|name| !name.trim().is_empty());
        if !named || (self.his_token_file.is_some() && self.his_accounts.is_empty()) {
            return Err(invalid("local.his_accounts", Invalid::NoHospitalAccount));
        }
        Ok(Local {
            listen,
            socket: self.socket,
            his_socket: self.his_socket,
            his_token_file: self.his_token_file,
            his_accounts: self.his_accounts,
        })
    }
}

impl OperatorTable {
    pub(super) fn check(self) -> Result<OperatorAccount, SettingsError> {
        if self.user.trim().is_empty() || self.name.trim().is_empty() {
            return Err(invalid("operator", Invalid::UnnamedOperator));
        }
        Ok(OperatorAccount {
            user: self.user,
            name: self.name,
        })
    }
}

impl SlipTable {
    pub(super) fn check(self) -> Slip {
        Slip {
            font: self.font,
            fallback_font: self.fallback_font,
            reviewer: self.reviewer,
        }
    }
}

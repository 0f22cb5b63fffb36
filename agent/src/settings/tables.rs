//! The tables of the configuration file as they are written: keys, defaults and checks.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use rules::{DivisionCode, ProfileName};
use serde::Deserialize;

use super::error::{SettingsError, Wrong, invalid};
use super::values::{Authentication, Card, Institution, Local, Operator, Platform, Slip, Storage};

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
}

impl Default for CardTable {
    fn default() -> Self {
        Self {
            enabled: true,
            reader: String::new(),
            authentication: vec![Authentication::Relay, Authentication::CardOnly],
            vendor_library: None,
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
            "不能与 storage.directory 相同或互相包含：见证要与台账分开存放",
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
            "须是平台分配的 12 位机构编码（字母和数字）",
        );
        wrong.unless(!self.name.trim().is_empty(), "institution.name", "不能为空");
        let division = wrong.take(DivisionCode::parse(&self.division).map_err(|error| {
            invalid(
                "institution.division",
                format!("须是 6 位行政区划代码（{error}）"),
            )
        }));
        let profile = wrong.take(match self.profile.as_str() {
            "national" => Ok(ProfileName::National),
            "hunan" => Ok(ProfileName::Hunan),
            "fujian" => Ok(ProfileName::Fujian),
            _other => Err(invalid(
                "institution.profile",
                "没有这样的省份设置，可用 national、hunan、fujian",
            )),
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
            "须以 https:// 开头",
        );
        for (key, value) in [
            ("platform.gate_timeout_ms", self.gate_timeout_ms),
            ("platform.upload_timeout_ms", self.upload_timeout_ms),
        ] {
            wrong.unless(
                (100..=120_000).contains(&value),
                key,
                "须在 100 到 120000 毫秒之间",
            );
        }
        wrong.unless(
            (1..=1440).contains(&self.sync_minutes),
            "platform.sync_minutes",
            "须在 1 到 1440 分钟之间",
        );
        Platform {
            url: self.url,
            ca_file: self.ca_file,
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
                "认证方式用到 vendor 时须写明厂商读卡库的路径",
            ));
        }
        Ok(Card {
            enabled: self.enabled,
            reader: self.reader,
            authentication: self.authentication,
            vendor_library: self.vendor_library,
        })
    }
}

impl LocalTable {
    pub(super) fn check(self) -> Result<Local, SettingsError> {
        let listen: SocketAddr = self.listen.parse().map_err(|error| {
            invalid(
                "local.listen",
                format!("须是 127.0.0.1:端口 的形式（{error}）"),
            )
        })?;
        if !listen.ip().is_loopback() {
            return Err(invalid(
                "local.listen",
                "只能监听本机回环地址，例如 127.0.0.1:8730",
            ));
        }
        if self.socket == self.his_socket {
            return Err(invalid("local.his_socket", "不能与 local.socket 相同"));
        }
        let named = self.his_accounts.iter().all(|name| !name.trim().is_empty());
        if !named || (self.his_token_file.is_some() && self.his_accounts.is_empty()) {
            return Err(invalid(
                "local.his_accounts",
                "须写明医院系统在本机用哪个账户运行，例如 [\"his\"]；有令牌而账户不对的，一律拒绝",
            ));
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
    pub(super) fn check(self) -> Result<Operator, SettingsError> {
        if self.user.trim().is_empty() || self.name.trim().is_empty() {
            return Err(invalid(
                "operator",
                "user（本机账户）和 name（姓名）都不能为空",
            ));
        }
        Ok(Operator {
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

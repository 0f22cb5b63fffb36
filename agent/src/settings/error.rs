//! Why the configuration was not taken: one fault, or everything that is wrong at once.

use std::path::PathBuf;

use crate::toml_text::TomlFault;
use crate::wording::notice::Notice;

/// Why the configuration was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("configuration {path} cannot be read")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not TOML, or an unknown or missing key.
    #[error("configuration {path}: {fault}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and what.
        fault: TomlFault,
    },
    /// A value that cannot be right.
    #[error("configuration key {key}: {reason}")]
    Invalid {
        /// The key, with its table.
        key: &'static str,
        /// What is expected, in Chinese.
        reason: String,
    },
}

impl From<&SettingsError> for Notice {
    fn from(error: &SettingsError) -> Self {
        match error {
            SettingsError::Unreadable { path, source } => Notice::new(
                "configuration_unreadable",
                format!("配置文件 {} 读不出来：{source}。", path.display()),
                "请检查路径和读取权限，改好后重新启动。",
            ),
            SettingsError::Syntax { path, fault } => Notice::new(
                "configuration_invalid",
                format!("配置文件 {} 有误，{fault}。", path.display()),
                "请按提示的行改正（不认识的项要删去），再用 settlement-agent check-config 检查。",
            ),
            SettingsError::Invalid { key, reason } => Notice::new(
                "configuration_invalid",
                format!("配置项 {key} 不对：{reason}。"),
                "请改正后用 settlement-agent check-config 检查，再重新启动。",
            ),
        }
    }
}

/// A value that cannot be right.
pub(super) fn invalid(key: &'static str, reason: impl Into<String>) -> SettingsError {
    SettingsError::Invalid {
        key,
        reason: reason.into(),
    }
}

/// What is wrong, gathered: whoever fills the file in mends everything at once.
#[derive(Default)]
pub(super) struct Wrong(pub(super) Vec<SettingsError>);

impl Wrong {
    pub(super) fn unless(&mut self, holds: bool, key: &'static str, reason: &str) {
        if !holds {
            self.0.push(invalid(key, reason));
        }
    }

    pub(super) fn take<T>(&mut self, checked: Result<T, SettingsError>) -> Option<T> {
        checked.map_err(|error| self.0.push(error)).ok()
    }

    pub(super) fn take_all<T>(
        &mut self,
        checked: impl Iterator<Item = Result<T, SettingsError>>,
    ) -> Option<Vec<T>> {
        let all: Vec<Option<T>> = checked.map(|one| self.take(one)).collect();
        all.into_iter().collect()
    }
}

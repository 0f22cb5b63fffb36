//! `check-config`: reads the configuration as the daemon would, and every file it names.

use std::path::Path;

use crate::counter::ledger_notice;
use crate::his::Token;
use crate::ledger::{LedgerError, LedgerKey};
use crate::notice::Notice;
use crate::operators::{Operators, hospital_accounts};

pub(super) fn run(config: &Path) -> Result<(), Notice> {
    let settings = super::settings(config)?;
    Operators::resolve(&settings.operators).map_err(|error| Notice::from(&error))?;
    hospital_accounts(&settings.local.his_accounts).map_err(|error| Notice::from(&error))?;
    LedgerKey::read(&settings.storage.key_file)
        .map_err(|error| ledger_notice(&LedgerError::from(error)))?;
    if let Some(path) = &settings.local.his_token_file {
        Token::read(path).map_err(|error| Notice::from(&error))?;
    }
    let platform = &settings.platform;
    let named = [
        &platform.ca_file,
        &platform.certificate_file,
        &platform.key_file,
        &platform.secret_file,
    ]
    .into_iter()
    .chain(&platform.adapter_file)
    .chain([&settings.slip.font])
    .chain(&settings.slip.fallback_font);
    for path in named {
        std::fs::File::open(path).map_err(|error| {
            Notice::new(
                "file_unreadable",
                format!("配置中的文件 {} 读不出来：{error}。", path.display()),
                "请检查路径和权限；由 systemd 提供的密钥文件只有服务运行时才存在。",
            )
        })?;
    }
    super::say(std::io::stdout(), "配置可用。");
    Ok(())
}

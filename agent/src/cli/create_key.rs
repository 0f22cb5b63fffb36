//! `create-key`: a new key for a new ledger.

use std::path::PathBuf;

use clap::Args;

use super::ground;
use crate::ledger::LedgerKey;
use crate::wording::ledger::ledger as ledger_notice;
use crate::wording::notice::Notice;

#[derive(Debug, Args)]
pub(super) struct CreateKey {
    /// Where the key file is to be made.
    path: PathBuf,
}

pub(super) fn run(create_key: &CreateKey) -> Result<(), Notice> {
    LedgerKey::create(&create_key.path).map_err(|error| ledger_notice(&error))?;
    let path = create_key.path.display();
    ground::say(
        std::io::stdout(),
        &format!("已生成密钥文件 {path}。没有它台账无法读取：请另外保存一份在医院的保险柜里。"),
    );
    Ok(())
}

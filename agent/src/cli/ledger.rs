//! `ledger`: a copy that is whole, and the ways on for a ledger that is not the one its witness saw. Run by root, or by the daemon's
//! own account.

use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use nix::unistd::Uid;

use super::ground::{self, Configured};
use crate::clock::Clock;
use crate::daemon::StartError;
use crate::ledger::numbers::Terminal;
use crate::ledger::{self, LedgerError, LedgerKey, OpenLedger, Way};
use crate::settings::Settings;
use crate::wording::commands;
use crate::wording::ledger::ledger as ledger_notice;
use crate::wording::notice::Notice;

/// Where the packaged unit takes the key from; systemd's copy of it is there only while the daemon runs.
const KEY_OF_ROOT: &str = "/etc/settlement-agent/secrets/ledger.key";

/// The longest name or reason, in characters.
const LONGEST: usize = 100;

#[derive(Debug, Args)]
pub(super) struct Ledger {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Copy the ledger while the daemon runs or not; the copy is whole by itself and is looked through.
    Backup(Backup),
    /// Put a copy in the ledger's place and begin a new epoch of numbers. The daemon must be stopped.
    Restore(Restore),
    /// Go on with the ledger that is there although its witness saw another, in a new epoch. The daemon must be stopped.
    NewEpoch(NewEpoch),
}

#[derive(Debug, Args)]
struct Backup {
    /// The file to write; it must not exist yet. It is encrypted with the ledger's key.
    #[arg(long)]
    to: PathBuf,
    #[command(flatten)]
    opened: Opened,
}

#[derive(Debug, Args)]
struct Restore {
    /// The copy, as `ledger backup` wrote it.
    copy: PathBuf,
    #[command(flatten)]
    word: Word,
    #[command(flatten)]
    opened: Opened,
}

#[derive(Debug, Args)]
struct NewEpoch {
    /// The ledger is gone and there is no copy: begin with an empty one.
    #[arg(long)]
    empty: bool,
    #[command(flatten)]
    word: Word,
    #[command(flatten)]
    opened: Opened,
}

#[derive(Debug, Args)]
struct Word {
    /// The name of whoever decides this; kept in the journal.
    #[arg(long)]
    who: String,
    /// What happened to the ledger, and with whom it was agreed; kept in the journal.
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
struct Opened {
    /// The ledger's key file, where it is neither where the configuration says nor among root's secrets.
    #[arg(long)]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    configured: Configured,
}

pub(super) fn run(ledger: &Ledger) -> Result<(), Notice> {
    match &ledger.act {
        Act::Backup(backup) => back_up(backup),
        Act::Restore(restore) => begin_epoch(
            &restore.opened,
            &restore.word,
            &Way::Restore {
                copy: restore.copy.clone(),
            },
        ),
        Act::NewEpoch(new) => {
            let way = if new.empty { Way::Empty } else { Way::GoOn };
            begin_epoch(&new.opened, &new.word, &way)
        }
    }
}

fn back_up(backup: &Backup) -> Result<(), Notice> {
    let (settings, with) = backup.opened.ledger()?;
    let head = ledger::back_up(&with, &backup.to).map_err(|error| ledger_notice(&error))?;
    // Looking at a ledger that nobody has open leaves an empty log beside it.
    hand_over(&settings)?;
    let head = head.map_or_else(String::new, |head| head.to_string());
    ground::say(
        std::io::stdout(),
        &format!(
            "台账已备份到 {}，逐页检查无误，台账校验码 {head}。备份用台账密钥加密，密钥请另外保存。",
            backup.to.display()
        ),
    );
    Ok(())
}

fn begin_epoch(opened: &Opened, word: &Word, way: &Way) -> Result<(), Notice> {
    require_words("--who", &word.who)?;
    require_words("--reason", &word.reason)?;
    let (settings, with) = opened.ledger()?;
    let begun = ledger::begin_epoch(&with, way, &who(&word.who), &word.reason)
        .map_err(|error| ledger_notice(&error))?;
    hand_over(&settings)?;
    let out = std::io::stdout;
    ground::say(
        out(),
        &format!("已登记，新的编号段开始，台账校验码 {}。", begun.head),
    );
    if let Some(aside) = begun.set_aside {
        ground::say(
            out(),
            &format!("原来的台账没有删除，改名为 {}。", aside.display()),
        );
    }
    ground::say(
        out(),
        "请核对：丢失部分里的登记和结算不在本机了，已打印的结算单和平台上的记录仍然有效，请与经办机构逐笔核对，不要重复结算。\n然后启动程序：systemctl start settlement-agent",
    );
    Ok(())
}

/// The name as given, and the account that gave it.
fn who(name: &str) -> String {
    format!("{name} (uid {})", Uid::current())
}

fn require_words(option: &str, words: &str) -> Result<(), Notice> {
    let plain = !words.trim().is_empty() && !words.chars().any(char::is_control);
    if plain && words.chars().count() <= LONGEST {
        return Ok(());
    }
    Err(commands::words_missing(option, LONGEST))
}

impl Opened {
    fn ledger(&self) -> Result<(Settings, OpenLedger), Notice> {
        let settings = ground::settings(&self.configured.config)?;
        let configured = &settings.storage.key_file;
        let key_file = match &self.key_file {
            Some(named) => named.as_path(),
            None if configured.exists() => configured,
            None => Path::new(KEY_OF_ROOT),
        };
        let failed = |error: LedgerError| ledger_notice(&error);
        let key = LedgerKey::read(key_file).map_err(|error| failed(error.into()))?;
        let terminal = Terminal::new(&settings.institution.code, settings.terminal)
            .map_err(|error| Notice::from(&StartError::Terminal(error)))?;
        let clock = Clock::system().map_err(|error| unreadable(&error))?;
        let with = OpenLedger {
            path: settings.ledger_file(),
            key,
            witness: settings.storage.witness_directory.clone(),
            terminal,
            now: Arc::new(move || clock.times()),
        };
        Ok((settings, with))
    }
}

/// What root wrote in the daemon's folders is the daemon's.
fn hand_over(settings: &Settings) -> Result<(), Notice> {
    if !Uid::effective().is_root() {
        return Ok(());
    }
    for folder in [
        &settings.storage.directory,
        &settings.storage.witness_directory,
    ] {
        give_to_its_owner(folder).map_err(|error| commands::not_handed_over(folder, &error))?;
    }
    Ok(())
}

fn give_to_its_owner(folder: &Path) -> std::io::Result<()> {
    let owner = std::fs::metadata(folder)?;
    for file in std::fs::read_dir(folder)? {
        let file = file?;
        if file.file_name().to_string_lossy().starts_with("ledger.") {
            chown(file.path(), Some(owner.uid()), Some(owner.gid()))?;
        }
    }
    Ok(())
}

fn unreadable(error: &std::io::Error) -> Notice {
    commands::system_unreadable(error)
}

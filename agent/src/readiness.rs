//! Whether the daemon could start and whom it would trust: everything it loads at its start, loaded and judged, and all findings told at
//! once.

mod library;

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::bill::folder::{self, FolderTrouble};
use crate::custody::{Finding, Keepers, Thing};
use crate::daemon::{StartError, platform_settings};
use crate::doors::access::operators::{Operators, hospital_accounts};
use crate::doors::his::BearerToken;
use crate::ledger::{LedgerError, LedgerKey, has_people, open_to_read};
use crate::province::Platform;
use crate::records::numbers::Asker;
use crate::settings::Settings;
use crate::wording;
use crate::wording::ledger::ledger as ledger_notice;
use crate::wording::notice::Notice;
use crate::wording::readiness;

/// Where systemd shows the daemon the secrets, and where they come from (`LoadCredential=` in the unit).
const HANDED_OVER: &str = "/run/credentials/settlement-agent.service";
const KEPT: &str = "/etc/settlement-agent/secrets";

/// Files and folders in other hands than they should be: the daemon does not start on them.
pub(crate) fn custody(configuration: &Path, settings: &Settings, state: &[PathBuf]) -> Vec<Notice> {
    let keepers = Keepers::here();
    let mut found = keepers.look_at(Thing::Configuration, configuration);
    for path in secrets(settings) {
        found.extend(keepers.look_at(Thing::Secret, path));
        if let Some(source) = source(path) {
            found.extend(keepers.look_at(Thing::Secret, &source));
        }
    }
    let platform = &settings.platform;
    for path in [&platform.ca_file, &platform.certificate_file]
        .into_iter()
        .chain(&platform.revocation_list_file)
        .chain(&platform.adapter_file)
    {
        found.extend(keepers.look_at(Thing::Configuration, path));
    }
    if let Some(library) = library::used(settings) {
        found.extend(keepers.look_at(Thing::Library, library));
    }
    for folder in state {
        found.extend(keepers.look_at(Thing::State, folder));
    }
    told_once(found)
}

/// A folder above several files is found with each.
fn told_once(found: Vec<Finding>) -> Vec<Notice> {
    let mut once: Vec<Finding> = Vec::new();
    for finding in found {
        if !once.contains(&finding) {
            once.push(finding);
        }
    }
    once.iter().map(Notice::from).collect()
}

fn secrets(settings: &Settings) -> impl Iterator<Item = &PathBuf> {
    let platform = &settings.platform;
    [
        &settings.storage.key_file,
        &platform.key_file,
        &platform.secret_file,
    ]
    .into_iter()
    .chain(&settings.local.his_token_file)
}

/// The file that systemd hands over under this path.
fn source(path: &Path) -> Option<PathBuf> {
    let name = path.strip_prefix(HANDED_OVER).ok()?.to_str()?;
    Some(Path::new(KEPT).join(name.strip_prefix("secret_")?))
}

/// Everything that keeps the daemon from starting, save what is in other hands.
pub(crate) fn faults(settings: &Settings) -> Vec<Notice> {
    let mut faults = Vec::new();
    let mut keep = |notice: Option<Notice>| faults.extend(notice);
    for operator in &settings.operators {
        let resolved = Operators::look_up(std::slice::from_ref(operator));
        keep(resolved.err().map(|error| Notice::from(&error)));
    }
    for account in &settings.local.his_accounts {
        let resolved = hospital_accounts(std::slice::from_ref(account));
        keep(resolved.err().map(|error| Notice::from(&error)));
    }
    keep(
        ledger_fault(settings)
            .err()
            .map(|error| ledger_notice(&error)),
    );
    if let Some(path) = &settings.local.his_token_file {
        keep(
            BearerToken::read(path)
                .err()
                .map(|error| Notice::from(&error)),
        );
    }
    match platform_settings(settings, Asker::Daemon) {
        Err(error) => keep(Some(Notice::from(&StartError::Terminal(error)))),
        Ok(platform) => {
            for fault in Platform::faults(platform) {
                keep(Some(fault.notice()));
            }
        }
    }
    let fonts = crate::daemon::fonts(settings);
    keep(
        fonts
            .err()
            .map(|error| Notice::from(&StartError::Font(error))),
    );
    keep(library::fault(settings));
    faults
}

/// The key cannot be read, or does not open the ledger that is there. Nothing is written, and a daemon that runs is not disturbed.
fn ledger_fault(settings: &Settings) -> Result<(), LedgerError> {
    let key = LedgerKey::read(&settings.storage.key_file)?;
    let path = settings.ledger_file();
    match std::fs::metadata(&path) {
        Ok(found) if found.len() > 0 => open_to_read(&path, &key).map(drop),
        // Before the first start; whether there was one before is for the start to say.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The ledger is there, and knows no people yet. One that cannot be read is told as a fault.
fn nobody_is_set_up(settings: &Settings) -> bool {
    let Ok(key) = LedgerKey::read(&settings.storage.key_file) else {
        return false;
    };
    let path = settings.ledger_file();
    path.exists() && has_people(&path, &key).is_ok_and(|has| !has)
}

/// The same for whoever checks before the first start: secrets that systemd has not handed over yet are read where they come from.
pub(crate) fn with_sources(mut settings: Settings) -> Settings {
    let platform = &mut settings.platform;
    for path in [
        &mut settings.storage.key_file,
        &mut platform.key_file,
        &mut platform.secret_file,
    ]
    .into_iter()
    .chain(&mut settings.local.his_token_file)
    {
        if let Some(source) = source(path)
            && !path.exists()
        {
            *path = source;
        }
    }
    settings
}

/// What keeps nobody from working and should be known all the same.
pub(crate) fn hints(settings: &Settings) -> Vec<Notice> {
    let mut hints = Vec::new();
    let operators = &settings.operators;
    let reviewer = settings.slip.reviewer.trim();
    if !reviewer.is_empty() && operators.iter().any(|one| one.name.trim() == reviewer) {
        hints.push(readiness::reviewer_is_cashier(reviewer));
    }
    for (place, one) in operators.iter().enumerate() {
        if Operators::share_account(one, operators.get(..place).unwrap_or_default()) {
            hints.push(readiness::account_shared(&one.name, &one.user));
        }
        if Operators::is_root(one) {
            hints.push(readiness::operator_is_root(&one.name, &one.user));
        }
    }
    hints.extend(library::unconfined(settings));
    if nobody_is_set_up(settings) {
        hints.push(readiness::no_people());
    }
    if let Some(folder) = &settings.bill.folder {
        hints.extend(bill_folder(&folder.path));
    }
    hints
}

/// Folders that the packaged unit does not see (`ProtectHome=`, `PrivateTmp=`).
const UNSEEN: [&str; 5] = ["/home", "/root", "/run/user", "/tmp", "/var/tmp"];

/// What keeps the daemon from the bill folder, or lets others put bills into it. It may be a share that is not mounted yet: that
/// keeps nobody from starting.
fn bill_folder(path: &Path) -> Vec<Notice> {
    let mut hints = Vec::new();
    if let Err(trouble) = folder::scan(path) {
        hints.push(wording::bill_folder::trouble(trouble, path));
    }
    if UNSEEN.iter().any(|unseen| path.starts_with(unseen)) {
        hints.push(wording::bill_folder::unseen(path));
    }
    let Ok(metadata) = std::fs::metadata(path) else {
        return hints;
    };
    if metadata.mode() & 0o002 != 0 {
        hints.push(wording::bill_folder::open_to_all(path));
    }
    if Keepers::here().daemon_may_list(&metadata) == Some(false) {
        hints.push(wording::bill_folder::trouble(
            FolderTrouble::Forbidden,
            path,
        ));
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_systemd_hands_over_has_its_source() {
        let handed = Path::new("/run/credentials/settlement-agent.service/secret_ledger.key");
        assert_eq!(
            source(handed).unwrap(),
            Path::new("/etc/settlement-agent/secrets/ledger.key")
        );
        for other in [
            "/etc/ledger.key",
            "/run/credentials/settlement-agent.service/ledger.key",
        ] {
            assert_eq!(source(Path::new(other)), None);
        }
    }
}

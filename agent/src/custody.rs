//! In whose hands the files are that the program relies on: secrets, the configuration, libraries of others, state folders.
//!
//! A file is judged with the folders above it: who may write a folder may put another file in its place. [`crate::wording`] names the
//! command that mends each finding.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::unistd::{Uid, User};

/// The account that the packaged unit runs the daemon under.
const DAEMON: &str = "settlement-agent";

/// What a file is to the program; it decides who may own, read and write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    /// A key or token: nobody else reads it.
    Secret,
    /// Nobody else writes it.
    Configuration,
    /// Code of others that the card process runs: nobody else writes it.
    Library,
    /// A folder of ledger, cache or witness: nobody else enters it.
    State,
    /// A folder above one of these: nobody else writes it.
    Above,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Others may read or change it.
    Mode { mode: u32 },
    /// It belongs to somebody who has no business with it.
    Owner { uid: u32 },
    /// Not a file, or not a folder.
    Kind,
}

/// A file or folder in other hands than it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub(crate) thing: Thing,
    pub(crate) path: PathBuf,
    pub(crate) fault: Fault,
}

/// Whose hands are trusted.
#[derive(Debug, Clone)]
pub(crate) struct Keepers {
    /// Who runs this: the daemon, or whoever checks for it.
    own: u32,
    /// The daemon's account, where this PC has it.
    daemon: Option<u32>,
    /// Root. In a namespace of one's own it goes by another number, but the whole tree is always its.
    root: BTreeSet<u32>,
}

impl Keepers {
    /// Those of this PC.
    pub(crate) fn here() -> Self {
        let mut root = BTreeSet::from([0]);
        root.extend(std::fs::metadata("/").map(|tree| tree.uid()));
        let daemon = match User::from_name(DAEMON) {
            Ok(account) => account.map(|account| account.uid.as_raw()),
            Err(error) => {
                tracing::debug!(%error, "accounts cannot be read");
                None
            }
        };
        Self {
            own: Uid::effective().as_raw(),
            daemon,
            root,
        }
    }

    /// Whether the daemon's account may list a folder and read by its mode, where this PC has that account; what an access
    /// control list adds is not seen.
    pub(crate) fn daemon_may_list(&self, folder: &Metadata) -> Option<bool> {
        let daemon = User::from_uid(Uid::from_raw(self.daemon?)).ok()??;
        let groups = std::ffi::CString::new(daemon.name)
            .ok()
            .and_then(|name| nix::unistd::getgrouplist(&name, daemon.gid).ok())?;
        let mine = groups.iter().any(|group| group.as_raw() == folder.gid());
        let bits = match (folder.uid() == daemon.uid.as_raw(), mine) {
            (true, _) => folder.mode() >> 6,
            (false, true) => folder.mode() >> 3,
            (false, false) => folder.mode(),
        };
        Some(bits & 0o5 == 0o5)
    }

    fn may_own(&self, thing: Thing, uid: u32) -> bool {
        let daemons = uid == self.own || Some(uid) == self.daemon;
        match thing {
            Thing::State => daemons,
            Thing::Secret | Thing::Configuration | Thing::Library | Thing::Above => {
                daemons || self.root.contains(&uid)
            }
        }
    }

    /// A secret that is open, by what the kernel says of the open file: what was judged is what is read.
    pub(crate) fn judge_secret(&self, path: &Path, opened: &Metadata) -> Result<(), Finding> {
        match self.judge(Thing::Secret, path, opened).into_iter().next() {
            Some(finding) => Err(finding),
            None => Ok(()),
        }
    }

    /// The thing itself and every folder above it. What is not there has no owner: whoever loads it says so.
    pub(crate) fn look_at(&self, thing: Thing, path: &Path) -> Vec<Finding> {
        let Ok(metadata) = std::fs::metadata(path) else {
            return Vec::new();
        };
        let mut found = self.judge(thing, path, &metadata);
        let real = path.canonicalize().unwrap_or_else(|_gone| path.to_owned());
        let above: BTreeSet<&Path> = path.ancestors().chain(real.ancestors()).skip(1).collect();
        for folder in above
            .into_iter()
            .filter(|folder| *folder != real && folder.is_absolute())
        {
            if let Ok(metadata) = std::fs::metadata(folder) {
                found.extend(self.judge(Thing::Above, folder, &metadata));
            }
        }
        found
    }

    fn judge(&self, thing: Thing, path: &Path, metadata: &Metadata) -> Vec<Finding> {
        let is_folder = matches!(thing, Thing::State | Thing::Above);
        let mode = metadata.mode() & 0o7777;
        let mut faults = Vec::new();
        if metadata.is_dir() != is_folder || !(metadata.is_file() || metadata.is_dir()) {
            faults.push(Fault::Kind);
        }
        if !self.may_own(thing, metadata.uid()) {
            faults.push(Fault::Owner {
                uid: metadata.uid(),
            });
        }
        let forbidden = match thing {
            Thing::Secret if is_handed_over(path, metadata) => 0o337,
            Thing::Secret | Thing::State => 0o077,
            // In a sticky folder (/tmp) everybody may add and only the owner replace.
            Thing::Above if mode & 0o1000 != 0 => 0,
            Thing::Configuration | Thing::Library | Thing::Above => 0o022,
        };
        if mode & forbidden != 0 {
            faults.push(Fault::Mode { mode });
        }
        let finding = |fault| Finding {
            thing,
            path: path.to_owned(),
            fault,
        };
        faults.into_iter().map(finding).collect()
    }
}

/// Whether systemd handed the file over: it lies where the unit is given its credentials, or it is root's with an access
/// control list for the service's user, as from version 254 on. The group's bits then are that list's mask.
fn is_handed_over(path: &Path, metadata: &Metadata) -> bool {
    let given = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    given.is_some_and(|folder| folder.is_absolute() && path.starts_with(folder))
        || (metadata.uid(), metadata.gid(), metadata.mode() & 0o7777) == (0, 0, 0o440)
}

/// The account that the state is to belong to.
pub(crate) fn daemons_account() -> String {
    let own = || User::from_uid(Uid::effective()).ok().flatten();
    match User::from_name(DAEMON).ok().flatten().or_else(own) {
        Some(account) => account.name,
        None => DAEMON.to_owned(),
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.fault {
            Fault::Mode { mode } => write!(f, "{path} has mode {mode:04o}"),
            Fault::Owner { uid } => write!(f, "{path} belongs to the account with number {uid}"),
            Fault::Kind => write!(f, "{path} is not what it should be"),
        }
    }
}

impl std::error::Error for Finding {}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::wording::notice::Notice;

    /// A folder of ours with a file in it, both of these modes; what is said of the file as that thing.
    fn said(thing: Thing, folder_mode: u32, mode: u32, keepers: &Keepers) -> Vec<Notice> {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("folder");
        fs::create_dir(&below).unwrap();
        let path = below.join("it's");
        if thing == Thing::State {
            fs::create_dir(&path).unwrap();
        } else {
            fs::write(&path, "").unwrap();
        }
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        fs::set_permissions(&below, Permissions::from_mode(folder_mode)).unwrap();
        keepers
            .look_at(thing, &path)
            .iter()
            .map(Notice::from)
            .collect()
    }

    #[test]
    fn modes_are_judged_by_what_the_file_is() {
        // 0440 of root's own is how systemd hands a secret over, and the tests are root of their namespace.
        for (thing, mode, code) in [
            (Thing::Secret, 0o600, None),
            (Thing::Secret, 0o400, None),
            (Thing::Secret, 0o666, Some("secret_open")),
            (Thing::Secret, 0o640, Some("secret_open")),
            (Thing::Secret, 0o604, Some("secret_open")),
            (Thing::Secret, 0o444, Some("secret_open")),
            (Thing::Configuration, 0o644, None),
            (Thing::Configuration, 0o664, Some("file_open")),
            (Thing::Configuration, 0o646, Some("file_open")),
            (Thing::Library, 0o755, None),
            (Thing::Library, 0o777, Some("file_open")),
            (Thing::State, 0o700, None),
            (Thing::State, 0o777, Some("state_open")),
            (Thing::State, 0o750, Some("state_open")),
            (Thing::State, 0o701, Some("state_open")),
        ] {
            let said = said(thing, 0o700, mode, &Keepers::here());
            let codes: Vec<_> = said.iter().map(|notice| notice.code.as_ref()).collect();
            assert_eq!(
                codes,
                code.into_iter().collect::<Vec<_>>(),
                "{thing:?} {mode:o}"
            );
            for notice in said {
                assert!(notice.say.contains(&format!("{mode:04o}")), "{notice}");
                assert!(notice.next.contains(r"folder/it'\''s' "), "{notice}");
                assert!(notice.next.contains("chmod "), "{notice}");
            }
        }
    }

    #[test]
    fn a_folder_that_others_may_write_is_named_unless_it_is_sticky() {
        for (mode, named) in [
            (0o755, false),
            (0o775, true),
            (0o777, true),
            (0o1777, false),
        ] {
            let said = said(Thing::Configuration, mode, 0o600, &Keepers::here());
            assert_eq!(!said.is_empty(), named, "{mode:o}: {said:?}");
        }
    }

    #[test]
    fn a_strangers_file_is_named_with_its_owner_and_what_to_do() {
        let own = Uid::effective().as_raw();
        let stranger = Keepers {
            own: own + 1,
            daemon: Some(own + 2),
            root: BTreeSet::from([own + 3]),
        };
        for (thing, command) in [
            (Thing::Secret, "chown root: "),
            (Thing::Configuration, "chown root: "),
            (Thing::Library, "chown root: "),
            (Thing::State, "chown "),
        ] {
            let said = said(thing, 0o700, 0o700, &stranger);
            let first = said.first().unwrap();
            assert_eq!(first.code, "file_owner", "{thing:?}");
            assert!(first.next.contains(command), "{first}");
            assert!(first.say.contains("不是本程序或 root 的"), "{first}");
        }
    }

    #[test]
    fn what_is_no_file_is_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let said = Keepers::here().look_at(Thing::Secret, folder.path());
        assert_eq!(Notice::from(said.first().unwrap()).code, "file_kind");
    }
}

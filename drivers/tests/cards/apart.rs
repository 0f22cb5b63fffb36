//! The card process in an account of its own, and on a kernel without Landlock: what a vendor's library reaches there, and when none
//! is loaded.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use drivers::card::{OpenedBy, WithheldBecause};
use drivers::reader::{
    CardFault, CardProcess, CardSettings, ChildCommand, LibraryFault, Provider, VendorSettings,
    try_library,
};
use tempfile::TempDir;
use virtual_card::{Rig, Variant};

use crate::readers_under_test::{Province, ReadersUnderTest, card, within_three_seconds};
use crate::vendor::RIGHT;

/// Accounts that nobody has; each socket's processes have one to themselves.
static ACCOUNTS: AtomicU32 = AtomicU32::new(64_100);

fn account() -> u32 {
    ACCOUNTS.fetch_add(1, Ordering::Relaxed)
}

/// What lies open to every account: programs and the library. Beside it, to root alone, the key.
struct Premises {
    open: TempDir,
    closed: TempDir,
}

impl Premises {
    fn new() -> Self {
        let open = TempDir::new().expect("directory");
        fs::set_permissions(open.path(), Permissions::from_mode(0o755)).expect("mode");
        let closed = TempDir::new().expect("directory");
        fs::set_permissions(closed.path(), Permissions::from_mode(0o700)).expect("mode");
        fs::write(closed.path().join("key"), "0123456789abcdef").expect("key");
        let premises = Self { open, closed };
        fs::copy(env!("CARGO_BIN_EXE_card-process"), premises.program()).expect("copy");
        premises.compile("without-landlock.c", "without-landlock", &[]);
        premises.compile("vendor.c", "libSSCardDriver.so", &["-shared", "-fPIC"]);
        premises
    }

    fn compile(&self, source: &str, into: &str, options: &[&str]) {
        let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cards");
        let built = Command::new("cc")
            .args(["-O1", "-Wall", "-Werror"])
            .args(options)
            .arg("-o")
            .arg(self.open.path().join(into))
            .arg(Path::new(sources).join(source))
            .status();
        assert!(
            built
                .expect("cc is installed by tests/prerequisites")
                .success()
        );
    }

    fn program(&self) -> PathBuf {
        self.open.path().join("card-process")
    }

    fn without_landlock(&self) -> PathBuf {
        self.open.path().join("without-landlock")
    }

    fn settings(&self) -> CardSettings {
        let library = self.open.path().join("libSSCardDriver.so");
        CardSettings {
            providers: vec![Provider::VendorLibrary(VendorSettings { library })],
            keep_from: vec![
                self.closed.path().join("key"),
                self.closed.path().to_owned(),
            ],
            ..CardSettings::default()
        }
    }

    /// A child in this account, on a kernel without Landlock.
    fn child(&self, rig: &Rig) -> ChildCommand {
        ChildCommand {
            program: self.without_landlock(),
            arguments: vec![self.program().into()],
            environment: rig.environment(),
            account: None,
        }
    }
}

/// The socket behind which processes in the other account are started, as systemd does it.
struct Held {
    socket: PathBuf,
    holder: Child,
    account: u32,
}

impl Held {
    async fn by_root(premises: &Premises, rig: &Rig, told: &[(&str, &str)]) -> Self {
        let socket = premises.closed.path().join("card.sock");
        let mut holder = Command::new("systemd-socket-activate");
        holder
            .args(["--accept", "--inetd", "--listen"])
            .arg(&socket);
        for (name, value) in rig.environment() {
            let name = name.to_str().expect("a name of letters");
            let value = value.to_str().expect("a path of letters");
            holder.arg(format!("--setenv={name}={value}"));
        }
        for (name, value) in told {
            holder.arg(format!("--setenv={name}={value}"));
        }
        let account = account();
        let holder = holder
            .args(["/usr/bin/setpriv", "--clear-groups"])
            .args([format!("--reuid={account}"), format!("--regid={account}")])
            .args([premises.without_landlock(), premises.program()])
            .arg("keep")
            .stdin(Stdio::null())
            .spawn();
        let held = Self {
            socket,
            account,
            holder: holder.expect("systemd is installed by tests/prerequisites"),
        };
        until_it_listens(&held.socket).await;
        held
    }

    fn process(&self) -> CardProcess {
        CardProcess::Apart(self.socket.clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.holder.kill().expect("the holder of the socket");
        self.holder.wait().expect("its end");
    }
}

fn rig() -> Rig {
    Rig::start(&["Counter"]).expect("tests run inside tests/in-namespace")
}

#[tokio::test]
async fn without_landlock_and_without_an_account_no_library_is_loaded() {
    let (premises, rig) = (Premises::new(), rig());
    let child = premises.child(&rig);
    let tried = try_library(&premises.settings(), child.clone()).await;
    assert_eq!(tried.expect("an answer"), Err(LibraryFault::Unconfined));
    let settings = premises.settings();
    let mut readers = ReadersUnderTest::with_process(rig, settings, Province::Authenticates, child);
    let _card = readers.rig.insert(0, card(Variant::V30)).expect("insert");
    assert_eq!(
        readers.identity().await.opened_by,
        OpenedBy::Withheld(WithheldBecause::VendorLibraryUnconfined)
    );
}

#[tokio::test]
async fn in_an_account_of_its_own_a_library_reads_the_card() {
    let (premises, rig) = (Premises::new(), rig());
    let told = RIGHT.replace("测试一", "");
    let held = Held::by_root(&premises, &rig, &[("VENDOR_STRING", &told)]).await;
    let tried = try_library(&premises.settings(), held.process()).await;
    assert_eq!(tried.expect("an answer"), Ok(()));
    let (settings, process) = (premises.settings(), held.process());
    let mut readers =
        ReadersUnderTest::with_process(rig, settings, Province::Authenticates, process);
    let _card = readers.rig.insert(0, card(Variant::V30)).expect("insert");
    assert_eq!(readers.identity().await.opened_by, OpenedBy::VendorLibrary);
}

#[tokio::test]
async fn in_an_account_of_its_own_a_library_reaches_no_key_though_there_is_no_landlock() {
    let (premises, rig) = (Premises::new(), rig());
    let booty = premises.closed.path().to_str().expect("a name of letters");
    let held = Held::by_root(&premises, &rig, &[("VENDOR_ROBS", booty)]).await;
    let (settings, process) = (premises.settings(), held.process());
    let mut readers =
        ReadersUnderTest::with_process(rig, settings, Province::Authenticates, process);
    let _card = readers.rig.insert(0, card(Variant::V30)).expect("insert");
    let opened_by = readers.identity().await.opened_by;
    let OpenedBy::Withheld(WithheldBecause::VendorLibrary(code)) = opened_by else {
        panic!("the robber answers with a code: {opened_by:?}");
    };
    // Where the key lies it may not even look.
    let could_not_look = 1 << 30;
    let robbed = -1_000_000 - code;
    assert_eq!(robbed, could_not_look, "robbed: {robbed:b}");
}

#[tokio::test]
async fn an_account_that_may_read_the_key_is_none_of_its_own() {
    let (premises, rig) = (Premises::new(), rig());
    fs::set_permissions(premises.closed.path(), Permissions::from_mode(0o755)).expect("mode");
    let held = Held::by_root(&premises, &rig, &[]).await;
    let tried = try_library(&premises.settings(), held.process()).await;
    assert_eq!(tried.expect("an answer"), Err(LibraryFault::Unconfined));
}

#[tokio::test]
async fn a_library_that_hangs_in_an_account_of_its_own_is_killed_by_its_keeper() {
    let (premises, rig) = (Premises::new(), rig());
    let held = Held::by_root(&premises, &rig, &[("VENDOR_HANGS", "1")]).await;
    let (settings, process) = (premises.settings(), held.process());
    let mut readers =
        ReadersUnderTest::with_process(rig, settings, Province::Authenticates, process);
    let _card = readers.rig.insert(0, card(Variant::V30)).expect("insert");
    readers.inserted().await;
    let hanging = processes(held.account);
    assert_eq!(hanging.len(), 2, "a keeper and its card process");
    assert_eq!(
        within_three_seconds(readers.fault()).await,
        CardFault::ReaderStuck
    );
    within_three_seconds(async {
        while processes(held.account)
            .iter()
            .any(|id| hanging.contains(id))
        {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_socket_that_another_account_holds_is_not_spoken_to() {
    let (premises, rig) = (Premises::new(), rig());
    fs::set_permissions(premises.open.path(), Permissions::from_mode(0o777)).expect("mode");
    let socket = premises.open.path().join("card.sock");
    let account = account();
    let mut stranger = Command::new("/usr/bin/setpriv")
        .args([format!("--reuid={account}"), format!("--regid={account}")])
        .args(["--clear-groups", "systemd-socket-activate", "--listen"])
        .arg(&socket)
        .arg("/bin/true")
        .stdin(Stdio::null())
        .spawn()
        .expect("systemd is installed by tests/prerequisites");
    until_it_listens(&socket).await;
    let process = CardProcess::Apart(socket);
    let settings = premises.settings();
    let mut readers =
        ReadersUnderTest::with_process(rig, settings, Province::Authenticates, process);
    assert_eq!(readers.fault().await, CardFault::ProcessCannotStart);
    stranger.kill().expect("the stranger");
    stranger.wait().expect("its end");
}

/// The kernel lists it with the mark of one that accepts; a connection would start a process.
async fn until_it_listens(socket: &Path) {
    let named = format!(" {}", socket.display());
    let listens = |line: &str| line.ends_with(&named) && line.contains(" 00010000 ");
    within_three_seconds(async {
        while !fs::read_to_string("/proc/net/unix")
            .expect("sockets")
            .lines()
            .any(listens)
        {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// The processes of this account.
fn processes(account: u32) -> Vec<String> {
    let mut found = Vec::new();
    for process in fs::read_dir("/proc").expect("processes").flatten() {
        let status = fs::read_to_string(process.path().join("status")).unwrap_or_default();
        let state = status.lines().find(|line| line.starts_with("State:"));
        let ended = state.is_none_or(|state| state.contains('Z'));
        let owned = status.lines().find_map(|line| line.strip_prefix("Uid:\t"));
        let user = owned.and_then(|ids| ids.split('\t').next());
        if !ended && user == Some(account.to_string().as_str()) {
            found.push(process.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

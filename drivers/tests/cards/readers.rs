//! Readers and a service that are there and do not serve: each says what it is, and is used again when it does.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use drivers::reader::{CardEvent, CardFault, CardSettings, ChildCommand};
use tempfile::TempDir;
use virtual_card::{Rig, Variant};

use crate::readers_under_test::{Province, ReadersUnderTest, card};

fn settings(reader: &str) -> CardSettings {
    CardSettings {
        reader: Some(reader.to_owned()),
        ..CardSettings::default()
    }
}

/// A driver that hears nothing from its reader while something stands in its device, a file.
fn driver(folder: &Path) -> PathBuf {
    let library = folder.join("reader.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cards/reader.c");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror"])
        .args(["-I", "/usr/include/PCSC", "-o"])
        .args([library.as_os_str(), source.as_ref()])
        .status()
        .expect("cc is installed by tests/prerequisites");
    assert!(built.success());
    library
}

#[tokio::test]
async fn a_reader_from_which_nothing_is_heard_is_named_and_used_again() {
    let folder = TempDir::new().expect("directory");
    let device = folder.path().join("device");
    fs::write(&device, "").expect("device");
    let mut rig = Rig::start(&[]).expect("tests run inside tests/in-namespace");
    rig.stop_service().expect("stop");
    rig.add_driver("Sleeper", &driver(folder.path()), &device)
        .expect("reader");
    rig.start_service().expect("start");
    let mut under_test =
        ReadersUnderTest::around(rig, CardSettings::default(), Province::Authenticates);
    assert_eq!(under_test.watched().await, ["Sleeper 00 00"]);
    fs::write(&device, "silent").expect("device");
    let (reader, fault) = under_test
        .until(|event| match event {
            CardEvent::Fault { reader, fault, .. } => Some((reader.clone(), fault.clone())),
            _ => None,
        })
        .await;
    assert_eq!(reader.as_deref(), Some("Sleeper 00 00"));
    assert_eq!(fault, CardFault::ReaderSilent);
    fs::write(&device, "").expect("device");
    under_test.removed().await;
    // And again, as after the next sleep.
    fs::write(&device, "silent").expect("device");
    assert_eq!(under_test.fault().await, CardFault::ReaderSilent);
}

#[tokio::test]
async fn an_entry_of_a_reader_that_was_plugged_in_again_alarms_nobody() {
    let folder = TempDir::new().expect("directory");
    let (well, entry) = (folder.path().join("well"), folder.path().join("entry"));
    fs::write(&well, "").expect("device");
    fs::write(&entry, "").expect("device");
    let driver = driver(folder.path());
    let mut rig = Rig::start(&["Desk"]).expect("tests run inside tests/in-namespace");
    rig.stop_service().expect("stop");
    for device in [&well, &entry] {
        rig.add_driver("Counter", &driver, device).expect("reader");
    }
    rig.start_service().expect("start");
    let mut under_test =
        ReadersUnderTest::around(rig, CardSettings::default(), Province::Authenticates);
    assert_eq!(under_test.watched().await.len(), 4);
    fs::write(&entry, "silent").expect("device");
    // Longer than it takes to be named: a card is read in each of the other slots meanwhile.
    for slot in [0, 1, 0, 1] {
        let inserted = under_test
            .rig
            .insert(slot, card(Variant::V20))
            .expect("insert");
        under_test.reading().await;
        inserted.draw_out();
        under_test.removed().await;
    }
}

#[tokio::test]
async fn a_reader_that_has_other_numbers_after_it_was_plugged_in_again_is_found() {
    let rig = Rig::start(&["Desk", "Counter"]).expect("tests run inside tests/in-namespace");
    let mut under_test =
        ReadersUnderTest::around(rig, settings("Counter"), Province::Authenticates);
    let before = under_test.watched().await.remove(0);
    drop(under_test);
    let rig = Rig::start(&["Counter"]).expect("rig");
    let numbers = before.strip_prefix("Counter ").expect("its name");
    let other = if numbers == "00 00" { "01 00" } else { numbers };
    let settings = settings(&format!("Counter {other}"));
    let mut under_test = ReadersUnderTest::around(rig, settings, Province::Authenticates);
    assert_eq!(
        under_test.watched().await,
        ["Counter 00 00", "Counter 00 01"]
    );
    let _card = under_test
        .rig
        .insert(0, card(Variant::V20))
        .expect("insert");
    under_test.identity().await;
}

#[tokio::test]
async fn a_service_whose_socket_is_closed_to_this_account_is_named() {
    let folder = TempDir::new().expect("directory");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("mode");
    let program = folder.path().join("card-process");
    fs::copy(env!("CARGO_BIN_EXE_card-process"), &program).expect("copy");
    let rig = Rig::start(&["Counter"]).expect("tests run inside tests/in-namespace");
    rig.close_to_others().expect("mode");
    let mut arguments: Vec<OsString> = ["--reuid=1", "--regid=1", "--clear-groups"]
        .map(OsString::from)
        .into();
    arguments.push(program.into());
    let child = ChildCommand {
        program: "/usr/bin/setpriv".into(),
        arguments,
        environment: rig.environment(),
        account: None,
    };
    let settings = CardSettings::default();
    let mut under_test =
        ReadersUnderTest::with_process(rig, settings, Province::Authenticates, child);
    assert_eq!(under_test.fault().await, CardFault::ServiceRefuses);
}

/// A pcscd with polkit, which Debian 12's has not, hangs up on whom it does not serve before it hears a word.
#[tokio::test]
async fn a_service_that_hangs_up_on_this_account_is_told_from_one_that_is_not_there() {
    let folder = TempDir::new().expect("directory");
    let socket = folder.path().join("pcscd.comm");
    let service = UnixListener::bind(&socket).expect("socket");
    let ends = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&ends);
    let refusing = std::thread::spawn(move || {
        for caller in service.incoming() {
            drop(caller.expect("a caller"));
            if told.load(Ordering::SeqCst) {
                return;
            }
        }
    });
    let rig = Rig::start(&[]).expect("tests run inside tests/in-namespace");
    let child = ChildCommand {
        program: env!("CARGO_BIN_EXE_card-process").into(),
        arguments: Vec::new(),
        environment: vec![("PCSCLITE_CSOCK_NAME".into(), socket.clone().into())],
        account: None,
    };
    let settings = CardSettings::default();
    let mut under_test =
        ReadersUnderTest::with_process(rig, settings, Province::Authenticates, child);
    assert_eq!(under_test.fault().await, CardFault::ServiceRefuses);
    ends.store(true, Ordering::SeqCst);
    // Whoever calls next is the last to be hung up on.
    drop(UnixStream::connect(&socket));
    fs::remove_file(&socket).expect("socket");
    assert_eq!(under_test.fault().await, CardFault::ServiceDown);
    drop(under_test);
    refusing.join().expect("the service's end");
}

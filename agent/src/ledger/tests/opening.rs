//! Opening: key, lock, damage, versions, settings.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;

use rusqlite::types::Value;

use super::{Counter, admit, count, settled, wait_for};
use crate::ledger::{Integrity, KeyFileError, LedgerError, LedgerKey, open_to_read, visits};
use crate::secret_file::SecretFileError;

const PAGE: u64 = 4_096;

fn overwrite(counter: &Counter, offset: u64) {
    let mut file = OpenOptions::new().write(true).open(counter.path()).unwrap();
    file.seek(SeekFrom::Start(offset)).unwrap();
    file.write_all(&[0xA5; 16]).unwrap();
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn every_byte_on_disk_is_encrypted_and_for_its_owner_alone() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let visit = admit(&ledger, "press 1");
    settled(&ledger, &visit, 1, "press 2");
    let mut seen = 0;
    for file in fs::read_dir(&counter.folder).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.path());
        let bytes = fs::read(file.path()).unwrap();
        for needle in [
            "测试一",
            "320100199003070062",
            "SQLite format 3",
            "settlement",
            "26100.00",
        ] {
            let lock = file.file_name().to_string_lossy().ends_with(".lock");
            assert!(
                lock || !contains(&bytes, needle.as_bytes()),
                "{needle} lies open in {:?}",
                file.path()
            );
            assert!(
                !lock || !contains(&bytes, &counter.key),
                "the key lies in the lock file"
            );
        }
        seen += 1;
    }
    assert_eq!(seen, 4, "the ledger, its log, its shared memory, its lock");
}

#[test]
fn a_second_instance_is_refused_and_the_first_goes_on() {
    let counter = Counter::new();
    let first = counter.ledger();
    assert!(matches!(
        counter.open(),
        Err(LedgerError::SecondInstance { path }) if path == counter.path()
    ));
    admit(&first, "press 1");
    drop(first);
    assert_eq!(count(&counter.ledger(), "visit"), 1);
}

#[test]
fn a_wrong_key_is_told_from_damage() {
    let mut counter = Counter::new();
    admit(&counter.ledger(), "press 1");
    counter.key = [8; 32];
    assert!(matches!(counter.open(), Err(LedgerError::WrongKey { .. })));
    counter.key = [7; 32];
    assert_eq!(count(&counter.ledger(), "visit"), 1);
    overwrite(&counter, 100);
    assert!(matches!(counter.open(), Err(LedgerError::Damaged { .. })));
    counter.key = [8; 32];
    assert!(matches!(counter.open(), Err(LedgerError::WrongKey { .. })));
}

#[test]
fn a_file_brought_from_elsewhere_with_its_key_and_witness_opens_without_the_note() {
    let counter = Counter::new();
    admit(&counter.ledger(), "press 1");
    let elsewhere = Counter::new();
    counter.copy_to(&elsewhere);
    assert_eq!(count(&elsewhere.ledger(), "visit"), 1);
}

#[test]
fn a_damaged_page_is_found_wherever_it_lies() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let visit = admit(&ledger, "press 1");
    settled(&ledger, &visit, 1, "press 2");
    drop(ledger);
    let whole = fs::read(counter.path()).unwrap();
    let pages = whole.len() as u64 / PAGE;
    assert!(pages > 10);
    for page in 1..pages {
        fs::write(counter.path(), &whole).unwrap();
        overwrite(&counter, page * PAGE + 1_000);
        let found = match counter.open() {
            Err(LedgerError::Damaged { .. }) => continue,
            Err(other) => panic!("page {page}: {other:?}"),
            Ok(ledger) => wait_for(ledger.checked()),
        };
        assert!(
            matches!(found, Integrity::Damaged { .. }),
            "page {page}: {found:?}"
        );
    }
}

#[tokio::test]
async fn a_sound_ledger_is_found_sound() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    assert_eq!(ledger.checked().await, Integrity::Sound);
}

#[test]
fn a_ledger_that_was_there_and_is_gone_or_empty_is_not_begun_anew() {
    let counter = Counter::new();
    drop(counter.ledger());
    fs::write(counter.path(), "").unwrap();
    assert!(matches!(counter.open(), Err(LedgerError::Vanished { .. })));
    fs::remove_file(counter.path()).unwrap();
    assert!(matches!(counter.open(), Err(LedgerError::Vanished { .. })));
    assert!(!counter.path().exists());
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_left_as_it_is() {
    let counter = Counter::new();
    drop(counter.ledger());
    counter.tamper("PRAGMA user_version = 99");
    let before = fs::read(counter.path()).unwrap();
    assert!(matches!(
        counter.open(),
        Err(LedgerError::NewerFile {
            found: 99,
            known: 6
        })
    ));
    assert_eq!(fs::read(counter.path()).unwrap(), before);
}

#[test]
fn a_file_that_is_not_a_ledger_is_refused() {
    let counter = Counter::new();
    counter.tamper("CREATE TABLE something (else_entirely)");
    assert!(matches!(counter.open(), Err(LedgerError::Damaged { .. })));
}

#[test]
fn the_writer_works_under_the_settings_it_states() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let stated = [
        ("journal_mode", Value::Text("wal".to_owned())),
        ("synchronous", Value::Integer(2)),
        ("foreign_keys", Value::Integer(1)),
        ("recursive_triggers", Value::Integer(1)),
        ("secure_delete", Value::Integer(1)),
        ("trusted_schema", Value::Integer(0)),
        ("cell_size_check", Value::Integer(1)),
        ("temp_store", Value::Integer(2)),
        ("mmap_size", Value::Integer(0)),
        ("busy_timeout", Value::Integer(5_000)),
        ("user_version", Value::Integer(6)),
        ("query_only", Value::Integer(0)),
        ("cipher_page_size", Value::Text("4096".to_owned())),
    ];
    for (pragma, expected) in stated {
        let found = ledger
            .write_blocking(move |entry| {
                Ok::<_, LedgerError>(
                    entry.pragma_query_value(None, pragma, |row| row.get::<_, Value>(0))?,
                )
            })
            .unwrap();
        assert_eq!(found, expected, "{pragma}");
    }
}

#[test]
fn another_program_can_look_at_a_ledger_whether_or_not_it_is_open() {
    let counter = Counter::new();
    let key = LedgerKey::from_bytes(counter.key);
    let ledger = counter.ledger();
    admit(&ledger, "press 1");
    let visits = || {
        let conn = open_to_read(&counter.path(), &key).unwrap();
        conn.execute_batch("DELETE FROM number_epoch").unwrap_err();
        visits::list_open(&conn).unwrap().len()
    };
    assert_eq!(visits(), 1);
    drop(ledger);
    assert_eq!(visits(), 1);
}

#[test]
fn a_key_file_is_made_once_for_its_owner_alone_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.key");
    let made = LedgerKey::create(&path).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
        0o600
    );
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.len(), 65);
    assert_eq!(LedgerKey::read(&path).unwrap().bytes(), made.bytes());
    assert!(matches!(
        LedgerKey::create(&path),
        Err(LedgerError::KeyFile(KeyFileError::File {
            doing: "create",
            ..
        }))
    ));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert_ne!(
        LedgerKey::create(&folder.path().join("another.key"))
            .unwrap()
            .bytes(),
        made.bytes()
    );
}

#[test]
fn a_key_file_that_others_can_read_or_that_holds_no_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.key");
    LedgerKey::create(&path).unwrap();
    for mode in [0o640, 0o604, 0o660] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let refused = LedgerKey::read(&path).unwrap_err();
        assert!(
            matches!(&refused, KeyFileError::Secret(SecretFileError::Custody(_)))
                && refused.to_string().contains(&format!("{mode:04o}")),
            "{refused}"
        );
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    LedgerKey::read(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    for text in ["", "00", &"0".repeat(63), &"g".repeat(64), &"0".repeat(66)] {
        fs::write(&path, text).unwrap();
        assert!(
            matches!(LedgerKey::read(&path), Err(KeyFileError::NotAKey { .. })),
            "{text:?}"
        );
    }
}

#[test]
fn a_key_never_prints() {
    let printed = format!("{:?}", LedgerKey::from_bytes([0xAB; 32]));
    assert!(
        !printed.contains("171") && !printed.to_lowercase().contains("ab, "),
        "{printed}"
    );
    assert_eq!(printed, "LedgerKey(<32 bytes>)");
}

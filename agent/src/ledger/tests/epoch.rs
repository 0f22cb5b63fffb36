//! A person restores a copy or goes on with what there is, and no number that was ever given comes again.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::witness::{go_on, held, killed, log_of, stay};
use super::{Counter, admit, count, wait_for};
use crate::ledger::Verdict;
use crate::ledger::{Held, Ledger, LedgerError, Way, back_up};

/// Every visit's and message's number that a ledger gives for two more stays.
fn given(ledger: &Ledger, n: u32) -> Vec<String> {
    let visits = [stay(ledger, n), stay(ledger, n + 1)].map(|visit| visit.to_string());
    let messages = ledger
        .read_blocking(|conn| Ok::<_, LedgerError>(offline_queue::keys(conn)?))
        .unwrap();
    let new = messages.iter().rev().take(2).cloned();
    visits.into_iter().chain(new).collect()
}

#[test]
fn what_is_left_goes_on_in_an_epoch_that_no_number_of_the_old_can_enter() {
    let (counter, lost) = killed();
    fs::remove_file(log_of(&counter)).unwrap();
    let begun = go_on(&counter, &Way::GoOn).unwrap();
    assert_eq!((begun.head.sequence, begun.set_aside), (5, None));
    let ledger = counter.ledger();
    ledger.require_sound().unwrap();
    let again = admit(&ledger, "admit 2");
    assert_ne!(
        again, lost,
        "the number of the lost stay is not given again"
    );
    assert_eq!(again.as_str(), "V032611221010000001");
    let (said, asked): (String, i64) = ledger
        .read_blocking(|conn| {
            let said = conn.query_row(
                "SELECT body FROM journal WHERE kind = 'epoch_begun'",
                [],
                |row| row.get(0),
            )?;
            let asked = conn.query_row(
                "SELECT count(*) FROM queue_upload WHERE state = 'waiting' AND ask_first = 1",
                [],
                |row| row.get(0),
            )?;
            Ok::<_, LedgerError>((said, asked))
        })
        .unwrap();
    for part in [
        r#""way":"gone_on""#,
        r#""who":"李敏""#,
        r#""why":"换过硬盘""#,
        r#""witnessed":"7-"#,
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(
        asked, 1,
        "it may have gone up since: the province is asked first"
    );
}

#[test]
fn a_copy_made_while_the_ledger_is_open_is_restored_and_no_number_comes_twice() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    stay(&ledger, 1);
    let copy = counter.folder.with_file_name("copy.db");
    let head = back_up(&counter.with(), &copy).unwrap().unwrap();
    assert_eq!(head.sequence, 4, "with what was in the log alone");
    assert!(matches!(
        back_up(&counter.with(), &copy),
        Err(LedgerError::File {
            doing: "create",
            ..
        })
    ));
    let before: BTreeSet<String> = given(&ledger, 2).into_iter().collect();
    drop(ledger);
    assert!(beside(&copy).is_empty(), "{:?}", beside(&copy));

    let restore = Way::Restore { copy };
    let begun = go_on(&counter, &restore).unwrap();
    let aside = begun.set_aside.unwrap();
    assert!(aside.exists(), "nothing is thrown away");
    let ledger = counter.ledger();
    ledger.require_sound().unwrap();
    assert_eq!(count(&ledger, "settlement"), 1);
    let after: BTreeSet<String> = given(&ledger, 2).into_iter().collect();
    assert_eq!(after.len(), 4);
    assert!(before.is_disjoint(&after), "{before:?} {after:?}");
    assert!(matches!(
        wait_for(ledger.verify_journal(vec![head])).unwrap(),
        Verdict::Sound { .. }
    ));
    drop(ledger);
    // What was set aside is no way back.
    fs::copy(aside, counter.path()).unwrap();
    assert!(matches!(held(&counter), Held::Behind { .. }));
}

/// Files that begin with the copy's name and are not the copy.
fn beside(copy: &Path) -> Vec<PathBuf> {
    let name = copy.to_string_lossy().into_owned();
    fs::read_dir(copy.parent().unwrap())
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.to_string_lossy().starts_with(&name) && path != copy)
        .collect()
}

#[test]
fn where_all_is_gone_an_empty_ledger_begins_by_a_persons_word_alone() {
    let counter = Counter::new();
    let before = given(&counter.ledger(), 1);
    assert!(matches!(
        go_on(&counter, &Way::Empty),
        Err(LedgerError::InTheWay { .. })
    ));
    fs::remove_file(counter.path()).unwrap();
    assert!(matches!(
        go_on(&counter, &Way::GoOn),
        Err(LedgerError::Vanished { .. })
    ));
    go_on(&counter, &Way::Empty).unwrap();
    let ledger = counter.ledger();
    ledger.require_sound().unwrap();
    let after = given(&ledger, 1);
    assert!(
        before.iter().all(|number| !after.contains(number)),
        "{before:?} {after:?}"
    );
}

#[test]
fn a_damaged_copy_is_not_restored_and_what_was_there_stays() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    stay(&ledger, 1);
    let copy = counter.folder.with_file_name("copy.db");
    back_up(&counter.with(), &copy).unwrap();
    drop(ledger);
    let mut bytes = fs::read(&copy).unwrap();
    bytes[9_000..9_016].fill(0xA5);
    fs::write(&copy, bytes).unwrap();
    let before = fs::read(counter.path()).unwrap();
    let refused = go_on(&counter, &Way::Restore { copy });
    assert!(
        matches!(refused, Err(LedgerError::Damaged { .. })),
        "{refused:?}"
    );
    assert_eq!(fs::read(counter.path()).unwrap(), before);
    counter.ledger().require_sound().unwrap();
}

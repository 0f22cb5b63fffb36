//! A ledger that was put back, cut short, rewritten or taken away is told by its witness, and a person decides how it goes on.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;

use super::{Counter, admit, count, new_visit, settle, settled, visit, wait_for};
use crate::ledger::mac::MacKey;
use crate::ledger::numbers::{self, VisitNumber};
use crate::ledger::visits;
use crate::ledger::witness::{Mark, Seen, Witness};
use crate::ledger::{Begun, Held, Ledger, LedgerError, Way, begin_epoch};
use crate::ledger::{Fault, Verdict};

pub(super) fn log_of(counter: &Counter) -> PathBuf {
    counter.folder.join("ledger.db-wal")
}

fn lock_of(counter: &Counter) -> PathBuf {
    counter.folder.join("ledger.db.lock")
}

/// A stay that is settled, by its number.
pub(super) fn stay(ledger: &Ledger, n: u32) -> VisitNumber {
    let visit = admit(ledger, &format!("admit {n}"));
    settled(ledger, &visit, 1, &format!("settle {n}"));
    visit
}

/// A counter after `kill -9`, one stay in its file and one in its log alone; the second stay's number.
pub(super) fn killed() -> (Counter, VisitNumber) {
    let running = Counter::new();
    stay(&running.ledger(), 1);
    let ledger = running.ledger();
    let in_the_log = stay(&ledger, 2);
    let killed = Counter::new();
    for path in [Counter::path, log_of, lock_of] {
        fs::copy(path(&running), path(&killed)).unwrap();
    }
    drop(ledger);
    fs::copy(running.witness(), killed.witness()).unwrap();
    (killed, in_the_log)
}

pub(super) fn held(counter: &Counter) -> Held {
    let ledger = counter.ledger();
    match ledger.require_sound() {
        Err(LedgerError::Held(held)) => held,
        other => panic!("not held: {other:?}"),
    }
}

fn seen(counter: &Counter) -> Seen {
    let with = counter.with();
    Witness::new(&with.witness, &with.key).read().unwrap()
}

pub(super) fn go_on(counter: &Counter, way: &Way) -> Result<Begun, LedgerError> {
    counter.pass(600);
    begin_epoch(&counter.with(), way, "李敏", "换过硬盘")
}

/// Replaces what `change` does to the journal's third entry and computes every MAC after it anew, as whoever has the key can.
fn rewrite(counter: &Counter) {
    counter.tamper(
        "UPDATE journal SET body = replace(body, '26100.00', '26100.01') WHERE sequence = 3",
    );
    let journal_key = MacKey::of_journal(&counter.key);
    let conn = Connection::open(counter.path()).unwrap();
    let raw = format!("x'{}'", hex::encode(counter.key));
    conn.pragma_update(None, "key", raw).unwrap();
    let mut before = [0_u8; 32];
    let acts: Vec<(i64, i64, i64, String, String, String)> = conn
        .prepare("SELECT version, sequence, at, kind, subject, body FROM journal ORDER BY sequence")
        .unwrap()
        .query_map([], |row| row.try_into())
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for (version, sequence, at, kind, subject, body) in acts {
        before = journal_key.mac(&[
            &version.to_be_bytes(),
            &sequence.to_be_bytes(),
            &at.to_be_bytes(),
            kind.as_bytes(),
            subject.as_bytes(),
            body.as_bytes(),
            &before,
        ]);
        conn.execute(
            "UPDATE journal SET mac = ?2 WHERE sequence = ?1",
            (sequence, before),
        )
        .unwrap();
    }
}

#[test]
fn after_a_kill_with_its_log_the_ledger_is_whole_and_goes_on() {
    let (counter, in_the_log) = killed();
    let ledger = counter.ledger();
    visit(&ledger, &in_the_log);
    stay(&ledger, 3);
    assert_eq!(count(&ledger, "settlement"), 3);
}

#[test]
fn after_a_kill_and_a_lost_log_nothing_is_written_to_what_is_left() {
    let (counter, in_the_log) = killed();
    fs::remove_file(log_of(&counter)).unwrap();
    assert_eq!(
        held(&counter),
        Held::Behind {
            reached: 4,
            witnessed: 7
        }
    );
    let before = fs::read(counter.path()).unwrap();
    let ledger = counter.ledger();
    let new = new_visit("press 9");
    let admitted = ledger.write_blocking(move |entry| {
        visits::admit(entry, &new, |_| Ok::<_, LedgerError>(Vec::new()))
    });
    assert!(matches!(admitted, Err(LedgerError::Held(_))));
    let again = settle(&ledger, &in_the_log, 1, "press 10");
    assert!(matches!(again, Err(LedgerError::Held(_))));
    let message = ledger.write_blocking(numbers::next_message_id);
    assert!(matches!(message, Err(LedgerError::Held(_))));
    assert_eq!(count(&ledger, "settlement"), 1, "what is there is shown");
    drop(ledger);
    assert_eq!(fs::read(counter.path()).unwrap(), before);
    assert!(matches!(seen(&counter), Seen::Found(mark) if mark.sequence == 7));
}

#[test]
fn a_log_that_lacks_its_end_or_a_frame_in_the_middle_is_missed() {
    let frame = 24 + 4_096;
    let (counter, _) = killed();
    let whole = fs::read(log_of(&counter)).unwrap();
    let frames = (whole.len() - 32) / frame;
    assert!(frames > 4);
    let cut = whole[..32 + (frames - 1) * frame].to_vec();
    let mut holed = whole.clone();
    holed[32 + frame * (frames / 2)..][..frame].fill(0);
    for log in [cut, holed] {
        fs::write(log_of(&counter), log).unwrap();
        let found = held(&counter);
        assert!(
            matches!(found, Held::Behind { witnessed: 7, .. }),
            "{found:?}"
        );
    }
}

#[test]
fn a_ledger_whose_every_page_was_in_a_lost_log_is_not_begun_anew() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    stay(&ledger, 1);
    let lost = Counter::new();
    fs::copy(counter.path(), lost.path()).unwrap();
    let with_lock = Counter::new();
    fs::copy(counter.path(), with_lock.path()).unwrap();
    fs::copy(lock_of(&counter), lock_of(&with_lock)).unwrap();
    drop(ledger);
    fs::copy(counter.witness(), lost.witness()).unwrap();
    for counter in [lost, with_lock] {
        assert!(matches!(counter.open(), Err(LedgerError::Vanished { .. })));
    }
}

#[test]
fn a_copy_of_the_file_alone_put_back_later_is_behind() {
    let counter = Counter::new();
    stay(&counter.ledger(), 1);
    let old = fs::read(counter.path()).unwrap();
    stay(&counter.ledger(), 2);
    fs::write(counter.path(), old).unwrap();
    assert_eq!(
        held(&counter),
        Held::Behind {
            reached: 4,
            witnessed: 7
        }
    );
}

#[test]
fn database_and_lock_taken_away_a_new_ledger_is_not_begun() {
    let counter = Counter::new();
    stay(&counter.ledger(), 1);
    fs::remove_file(counter.path()).unwrap();
    fs::remove_file(lock_of(&counter)).unwrap();
    assert!(matches!(counter.open(), Err(LedgerError::Vanished { .. })));
    assert!(!counter.path().exists());
}

#[test]
fn a_cut_tail_and_recomputed_macs_are_told_although_the_key_was_at_hand() {
    let cut = Counter::new();
    stay(&cut.ledger(), 1);
    cut.tamper(
        "DELETE FROM queue_body; DELETE FROM queue_upload; DELETE FROM settlement;
         DELETE FROM journal WHERE sequence > 2;
         UPDATE sqlite_sequence SET seq = 2 WHERE name = 'journal'",
    );
    assert_eq!(
        held(&cut),
        Held::Behind {
            reached: 2,
            witnessed: 4
        }
    );

    let rewritten = Counter::new();
    let ledger = rewritten.ledger();
    let visit = admit(&ledger, "press 1");
    let slip = settled(&ledger, &visit, 1, "press 2").head;
    drop(ledger);
    rewrite(&rewritten);
    assert_eq!(held(&rewritten), Held::Another { sequence: 4 });
    // And with the witness rewritten, too, against the slip.
    let verified = rewritten.ledger().verify_journal(vec![slip]);
    match wait_for(verified).unwrap() {
        Verdict::Broken {
            sequence, fault, ..
        } => {
            assert_eq!((sequence, fault), (3, Fault::NotTheHeadKnown));
        }
        Verdict::Sound { .. } => panic!("a rewritten journal agrees with the slip"),
    }
}

#[test]
fn a_witness_that_is_missing_or_not_this_ledgers_counts_as_ahead() {
    let counter = Counter::new();
    stay(&counter.ledger(), 1);
    let whole = fs::read_to_string(counter.witness()).unwrap();
    fs::remove_file(counter.witness()).unwrap();
    assert_eq!(held(&counter), Held::WitnessMissing);
    assert!(
        !counter.witness().exists(),
        "it is not begun anew by itself"
    );
    for other in [
        String::new(),
        "settlement-agent witness 2".to_owned(),
        whole.replacen(" 4 ", " 2 ", 1),
    ] {
        assert_ne!(other, whole);
        fs::write(counter.witness(), other).unwrap();
        assert_eq!(held(&counter), Held::WitnessUnreadable);
    }
    fs::write(counter.witness(), whole).unwrap();
    counter.ledger().require_sound().unwrap();
}

#[test]
fn a_witness_that_lags_is_no_loss_and_catches_up() {
    let counter = Counter::new();
    drop(counter.ledger());
    let early = fs::read(counter.witness()).unwrap();
    stay(&counter.ledger(), 1);
    assert!(matches!(seen(&counter), Seen::Found(mark) if mark.sequence == 4));
    fs::write(counter.witness(), early).unwrap();
    let ledger = counter.ledger();
    ledger.require_sound().unwrap();
    drop(ledger);
    assert!(matches!(seen(&counter), Seen::Found(mark) if mark.sequence == 4));
}

#[test]
fn a_power_cut_between_the_first_witness_and_the_first_commit_is_no_loss() {
    let counter = Counter::new();
    let with = counter.with();
    let witness = Witness::new(&with.witness, &with.key);
    witness.write(&Mark::default()).unwrap();
    let ledger = counter.ledger();
    ledger.require_sound().unwrap();
    stay(&ledger, 1);
}

#[test]
fn a_witness_that_cannot_be_written_is_said_and_holds_nothing_up() {
    let counter = Counter::new();
    drop(counter.ledger());
    fs::create_dir(counter.witness().with_extension("new")).unwrap();
    let ledger = counter.ledger();
    stay(&ledger, 1);
    let board = ledger.witness_board();
    drop(ledger);
    assert!(board.trouble().is_some());
}

#[test]
fn a_head_of_this_epoch_that_the_province_holds_and_the_journal_lacks_holds_the_ledger() {
    let counter = Counter::new();
    let visit = admit(&counter.ledger(), "press 1");
    let (file, witness) = (
        fs::read(counter.path()).unwrap(),
        fs::read(counter.witness()).unwrap(),
    );
    let settlement = settled(&counter.ledger(), &visit, 1, "press 2");
    let against = |ledger: &Ledger| {
        wait_for(ledger.hold_against(settlement.number.clone(), settlement.head)).unwrap()
    };
    assert!(!against(&counter.ledger()));
    // An image of the whole disk: ledger and witness agree.
    fs::write(counter.path(), file).unwrap();
    fs::write(counter.witness(), witness).unwrap();
    let ledger = counter.ledger();
    ledger.require_sound().unwrap();
    assert!(against(&ledger));
    let sequence = settlement.head.sequence;
    assert!(matches!(
        ledger.require_sound(),
        Err(LedgerError::Held(Held::Province { sequence: found })) if found == sequence
    ));
    assert!(matches!(
        settle(&ledger, &visit, 1, "press 3"),
        Err(LedgerError::Held(_))
    ));
    drop(ledger);
    // What a person has decided about holds nothing up.
    go_on(&counter, &Way::GoOn).unwrap();
    let ledger = counter.ledger();
    assert!(!against(&ledger));
    let again = settled(&ledger, &visit, 1, "press 3");
    assert_ne!(again.number, settlement.number);
}

//! What shows when somebody who has the key writes in the file by hand.

use std::time::Duration;

use super::{Counter, admit, settled, wait_for};
use crate::ledger::journal::Head;
use crate::ledger::numbers::SettlementNumber;
use crate::ledger::witness::{Mark, Witness};
use crate::ledger::{Fault, Verdict};
use crate::ledger::{Integrity, Ledger, LedgerError, journal, open_to_read, settlements};

fn verdict(ledger: &Ledger, known: &[&str]) -> Verdict {
    let known = known.iter().map(|head| head.parse().unwrap()).collect();
    wait_for(ledger.verify_journal(known)).unwrap()
}

fn head(ledger: &Ledger) -> Head {
    ledger.read_blocking(journal::head).unwrap().unwrap()
}

/// What is broken, and where.
fn broken(verdict: Verdict) -> (i64, String, Fault) {
    match verdict {
        Verdict::Broken {
            sequence,
            subject,
            fault,
        } => (sequence, subject, fault),
        Verdict::Sound { .. } => panic!("{verdict:?}"),
    }
}

const VISIT: &str = "V032611221000000001";
const FIRST: &str = "S032611221000000001";
const SECOND: &str = "S032611221000000002";

/// The entries of `four_acts`, after that which says that there is a witness. A settlement's own is followed by that of what it queued.
const ADMITTED: i64 = 2;
const SETTLED: i64 = 3;
const QUEUED: i64 = 4;
const VOIDED: i64 = 5;
const SETTLED_AGAIN: i64 = 6;
const LAST: i64 = 7;

/// An admission, a settlement, its void, a second settlement.
fn four_acts(counter: &Counter) -> [Head; 2] {
    let ledger = counter.ledger();
    let visit = admit(&ledger, "press 1");
    let first = settled(&ledger, &visit, 1, "press 2");
    let number = first.number.clone();
    ledger
        .write_blocking(move |entry| {
            settlements::void(entry, &number, "王芳", "退货", |_| {
                Ok::<_, LedgerError>(Vec::new())
            })
        })
        .unwrap();
    let second = settled(&ledger, &visit, 2, "press 3");
    assert_eq!(head(&ledger).sequence, LAST);
    [first.head, second.head]
}

#[test]
fn the_chain_is_the_one_that_its_definition_gives() {
    // Computed with Python's hmac and hashlib from the ledger key 07…07, the entry that
    // begins the witness, and the entries below.
    let counter = Counter::new();
    let ledger = counter.ledger();
    let heads: Vec<String> = ["甲", "乙"]
        .into_iter()
        .map(|subject| {
            ledger
                .write_blocking(move |entry| {
                    journal::append(entry, "tested", subject, r#"{"v":1}"#)
                })
                .unwrap()
                .to_string()
        })
        .collect();
    assert_eq!(heads, ["2-2d9142f4bb0efffe", "3-7be934d4787ffa24"]);
    assert_eq!(head(&ledger).to_string(), heads[1]);
}

#[test]
fn an_untouched_journal_is_sound_and_agrees_with_the_heads_on_slips() {
    let counter = Counter::new();
    let [first, second] = four_acts(&counter);
    let known = [first.to_string(), second.to_string()];
    let ledger = counter.ledger();
    assert_eq!(
        verdict(&ledger, &[&known[0], &known[1]]),
        Verdict::Sound {
            head: Some(head(&ledger))
        }
    );
    assert_eq!(
        (first.sequence, second.sequence),
        (SETTLED, SETTLED_AGAIN),
        "a slip's head is the settlement's own entry"
    );
}

#[test]
fn a_changed_byte_in_any_part_of_an_entry_names_that_entry() {
    for change in [
        "body = replace(body, '26100.00', '26100.01')",
        "at = at + 1",
        "kind = 'settlef'",
        "subject = 'S032611221000000002'",
        "mac = zeroblob(32)",
        "version = 2",
    ] {
        let counter = Counter::new();
        four_acts(&counter);
        counter.tamper(&format!(
            "UPDATE journal SET {change} WHERE sequence = {SETTLED}"
        ));
        let (sequence, _, fault) = broken(verdict(&counter.ledger(), &[]));
        assert_eq!((sequence, fault), (SETTLED, Fault::Altered), "{change}");
    }
}

#[test]
fn an_entry_taken_out_of_the_middle_is_missed() {
    let counter = Counter::new();
    four_acts(&counter);
    counter.tamper(&format!("DELETE FROM journal WHERE sequence = {VOIDED}"));
    let (sequence, _, fault) = broken(verdict(&counter.ledger(), &[]));
    assert_eq!((sequence, fault), (VOIDED, Fault::Missing));
}

#[test]
fn a_tail_that_was_cut_off_is_missed_and_nothing_is_appended_to_the_stump() {
    let counter = Counter::new();
    four_acts(&counter);
    counter.tamper(&format!("DELETE FROM journal WHERE sequence > {QUEUED}"));
    forget_the_witness(&counter);
    let ledger = counter.ledger();
    let (sequence, _, fault) = broken(verdict(&ledger, &[]));
    assert_eq!((sequence, fault), (QUEUED, Fault::TailCut));
    let refused = ledger.write_blocking(|entry| journal::append(entry, "tested", "", "{}"));
    assert!(matches!(refused, Err(LedgerError::Damaged { .. })));
}

/// As if whoever wrote in the file had the witness's key, too, and made it agree.
fn forget_the_witness(counter: &Counter) {
    let with = counter.with();
    let conn = open_to_read(&with.path, &with.key).unwrap();
    let mark = Mark::of(&conn).unwrap();
    Witness::new(&with.witness, &with.key).write(&mark).unwrap();
}

#[test]
fn a_tail_cut_off_with_every_trace_in_the_file_still_shows_against_a_slip() {
    let counter = Counter::new();
    let [first, second] = four_acts(&counter);
    cut_without_a_trace(&counter);
    forget_the_witness(&counter);
    let ledger = counter.ledger();
    assert_eq!(
        verdict(&ledger, &[&first.to_string()]),
        Verdict::Sound {
            head: Some(head(&ledger))
        },
        "the file alone cannot show it"
    );
    let (sequence, _, fault) = broken(verdict(&ledger, &[&second.to_string()]));
    assert_eq!((sequence, fault), (QUEUED, Fault::TailCut));
    ledger
        .write_blocking(|entry| {
            journal::append(entry, "tested", "", "{}")?;
            journal::append(entry, "tested", "", "{}")
        })
        .unwrap();
    let (sequence, _, fault) = broken(verdict(&ledger, &[&second.to_string()]));
    assert_eq!((sequence, fault), (SETTLED_AGAIN, Fault::NotTheHeadKnown));
}

/// Everything after the first settlement, wherever the file remembers it.
fn cut_without_a_trace(counter: &Counter) {
    counter.tamper(&format!(
        "DELETE FROM journal WHERE sequence > {QUEUED};
         DELETE FROM settlement WHERE journal > {QUEUED};
         DELETE FROM settlement_void;
         DELETE FROM queue_body WHERE upload = 2;
         DELETE FROM queue_upload WHERE sequence = 2;
         UPDATE sqlite_sequence SET seq = {QUEUED} WHERE name = 'journal'"
    ));
}

const MESSAGE: &str = "H43010000001202611221000000300";

/// What is done to the file, the entry that tells it, and the record's number.
const ALTERATIONS: &[(&str, i64, &str)] = &[
    (
        "UPDATE settlement SET fund = '26100.01' WHERE generation = 1",
        SETTLED,
        FIRST,
    ),
    (
        "UPDATE settlement SET case_json = '{}' WHERE generation = 2",
        SETTLED_AGAIN,
        SECOND,
    ),
    (
        "UPDATE settlement SET result_json = '{}' WHERE generation = 2",
        SETTLED_AGAIN,
        SECOND,
    ),
    (
        "UPDATE settlement SET slip = '{}' WHERE generation = 2",
        SETTLED_AGAIN,
        SECOND,
    ),
    (
        "UPDATE settlement SET settled_at = settled_at + 1 WHERE generation = 2",
        SETTLED_AGAIN,
        SECOND,
    ),
    (
        "UPDATE settlement SET settled_by = '王芳' WHERE generation = 2",
        SETTLED_AGAIN,
        SECOND,
    ),
    (
        "UPDATE settlement SET journal = 2 WHERE generation = 2",
        SETTLED_AGAIN,
        SECOND,
    ),
    (
        "DELETE FROM settlement WHERE generation = 2",
        SETTLED_AGAIN,
        SECOND,
    ),
    ("DELETE FROM settlement_void", VOIDED, FIRST),
    ("UPDATE settlement_void SET by = '李敏'", VOIDED, FIRST),
    ("UPDATE settlement_void SET at = at - 1", VOIDED, FIRST),
    (
        "UPDATE visit SET social_security_number = '650102199003070013'",
        ADMITTED,
        VISIT,
    ),
    ("UPDATE visit SET name = '测试二'", ADMITTED, VISIT),
    ("UPDATE visit SET hospital_number = NULL", ADMITTED, VISIT),
    (
        "UPDATE visit SET registered_at = registered_at - 1",
        ADMITTED,
        VISIT,
    ),
    ("UPDATE visit SET facts = '{}'", ADMITTED, VISIT),
    ("DELETE FROM visit", ADMITTED, VISIT),
    (
        "UPDATE queue_body SET body = CAST(replace(CAST(body AS TEXT), '1', '2') AS BLOB) WHERE upload = 1",
        QUEUED,
        MESSAGE,
    ),
    (
        "UPDATE queue_upload SET lane = 'another' WHERE sequence = 1",
        QUEUED,
        MESSAGE,
    ),
    (
        "UPDATE queue_upload SET due_civil = due_civil + 1 WHERE sequence = 1",
        QUEUED,
        MESSAGE,
    ),
    (
        "DELETE FROM queue_body; DELETE FROM queue_upload",
        QUEUED,
        MESSAGE,
    ),
];

#[test]
fn a_record_or_upload_that_is_not_what_its_entry_says_is_found_and_named() {
    for (change, sequence, which) in ALTERATIONS {
        let counter = Counter::new();
        four_acts(&counter);
        counter.tamper(change);
        assert_eq!(
            broken(verdict(&counter.ledger(), &[])),
            (*sequence, (*which).to_owned(), Fault::RecordDiffers),
            "{change}"
        );
    }
}

#[test]
fn a_record_or_upload_that_no_entry_speaks_of_is_found_and_named() {
    for (change, which) in [
        (
            "INSERT INTO visit SELECT 'V032611221000000009', 'k', kind, social_security_number, name, hospital_number,
                    registered_at, admitted_at, admitted_by, journal, facts FROM visit",
            "V032611221000000009",
        ),
        (
            "INSERT INTO visit_close VALUES ('V032611221000000001', 1, '李敏', 'registered_in_error', 2)",
            VISIT,
        ),
        (
            "INSERT INTO queue_upload (key, lane, kind, body_bytes, enqueued_civil, due_civil, due_boot, due_boottime,
                    until_civil, until_boot, until_boottime) VALUES ('m', 'l', 'k', 0, 0, 0, '', 0, 0, '', 0)",
            "m",
        ),
    ] {
        let counter = Counter::new();
        four_acts(&counter);
        counter.tamper(change);
        assert_eq!(
            broken(verdict(&counter.ledger(), &[])),
            (LAST, which.to_owned(), Fault::RecordUnheardOf),
            "{change}"
        );
    }
}

#[test]
fn a_column_that_a_later_layout_adds_is_sealed_where_it_is_filled_and_leaves_earlier_seals_as_they_are()
 {
    let counter = Counter::new();
    four_acts(&counter);
    counter.tamper("ALTER TABLE visit ADD COLUMN confirmed_by TEXT");
    let sound = Verdict::Sound {
        head: Some(head(&counter.ledger())),
    };
    assert_eq!(verdict(&counter.ledger(), &[]), sound);
    counter.tamper("UPDATE visit SET confirmed_by = 'psam'");
    assert_eq!(
        broken(verdict(&counter.ledger(), &[])),
        (ADMITTED, VISIT.to_owned(), Fault::RecordDiffers)
    );
}

#[test]
fn an_upload_is_held_against_its_seal_before_it_is_sent() {
    let counter = Counter::new();
    four_acts(&counter);
    let leased = |ledger: &Ledger| {
        ledger
            .write_blocking(|entry| {
                let lease = offline_queue::lease(
                    entry,
                    entry.now(),
                    Duration::from_mins(1),
                    offline_queue::Lanes::All,
                )?;
                entry.is_as_queued(&lease.unwrap())
            })
            .unwrap()
    };
    assert!(leased(&counter.ledger()));
    counter.tamper(
        "UPDATE queue_upload SET state = 'waiting', until_civil = 0, until_boottime = 0;
         UPDATE queue_body SET body = CAST(replace(CAST(body AS TEXT), '1', '2') AS BLOB) WHERE upload = 1",
    );
    assert!(!leased(&counter.ledger()));
}

#[test]
fn the_thorough_check_reads_the_journal_too_and_holds_settlement() {
    let counter = Counter::new();
    four_acts(&counter);
    counter.tamper(&format!(
        "UPDATE journal SET at = at + 1 WHERE sequence = {VOIDED}"
    ));
    let ledger = counter.ledger();
    let found = wait_for(ledger.checked());
    assert!(
        matches!(&found, Integrity::Damaged { what } if what.contains(&format!("entry {VOIDED} "))),
        "{found:?}"
    );
    // Nothing is settled on top of it.
    let refused = ledger.write_blocking(|entry| {
        let number = SettlementNumber::parse(SECOND).unwrap();
        settlements::void(entry, &number, "王芳", "退货", |_| {
            Ok::<_, LedgerError>(Vec::new())
        })
    });
    assert!(matches!(refused, Err(LedgerError::Damaged { .. })));
}

#[test]
fn the_agent_itself_cannot_change_or_forget_an_act() {
    let counter = Counter::new();
    four_acts(&counter);
    let ledger = counter.ledger();
    for statement in [
        "UPDATE journal SET at = 0",
        "DELETE FROM journal",
        "REPLACE INTO journal (sequence, version, at, kind, subject, mac, body)
         SELECT sequence, version, at, kind, subject, mac, '{}' FROM journal WHERE sequence = 1",
        "UPDATE settlement SET fund = '0.00'",
        "DELETE FROM settlement_void",
        "DELETE FROM visit",
    ] {
        let refused = ledger
            .write_blocking(move |entry| -> Result<(), LedgerError> {
                entry.execute_batch(statement)?;
                Ok(())
            })
            .unwrap_err();
        let LedgerError::Sqlite(error) = refused else {
            panic!("{statement}: {refused:?}");
        };
        assert!(
            error.to_string().contains("ledger: "),
            "{statement}: {error}"
        );
    }
}

#[test]
fn a_head_is_read_as_it_is_written() {
    let text = "12-00ff00ff00ff00ff";
    assert_eq!(text.parse::<Head>().unwrap().to_string(), text);
    for wrong in [
        "",
        "12",
        "12-",
        "12-00ff",
        "x-00ff00ff00ff00ff",
        "12-00ff00ff00ff00fg",
    ] {
        wrong.parse::<Head>().unwrap_err();
    }
}

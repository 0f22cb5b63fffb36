//! Ledgers of earlier layouts: brought up to date once, and what they held is sealed as it was found.

use std::fs;
use std::path::Path;

use super::{Counter, count, wait_for};
use crate::ledger::journal::{Fault, Verdict};
use crate::ledger::{Held, Integrity, Ledger, LedgerError, Way, begin_epoch};

/// A counter whose ledger an earlier program wrote.
fn counter_of(layout: &str) -> Counter {
    let left = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/ledgers")
        .join(layout);
    let mut counter = Counter::new();
    fs::copy(left.join("ledger.db"), counter.path()).unwrap();
    let key = fs::read_to_string(left.join("ledger.key")).unwrap();
    hex::decode_to_slice(key.trim(), &mut counter.key).unwrap();
    counter.set_clock("2026-12-02T02:00:00Z");
    counter
}

/// In which tables, and how many records each, the journal says that it sealed anew.
fn sealed_anew(ledger: &Ledger) -> Vec<(String, i64)> {
    ledger
        .read_blocking(|conn| {
            let mut found = conn.prepare(
                "SELECT subject, json_array_length(body, '$.digests') FROM journal WHERE kind = 'sealed_anew' ORDER BY sequence",
            )?;
            let rows = found.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok::<_, LedgerError>(rows.collect::<Result<_, _>>()?)
        })
        .unwrap()
}

#[test]
fn a_ledger_of_the_first_layout_is_sealed_anew_once_and_says_so() {
    let counter = counter_of("1");
    let expected = [
        ("visit".to_owned(), 4),
        ("visit_registration".to_owned(), 3),
        ("settlement".to_owned(), 3),
        ("queue_upload".to_owned(), 10),
    ];
    for _ in 0..2 {
        let ledger = counter.ledger();
        assert_eq!(wait_for(ledger.checked()), Integrity::Sound);
        assert_eq!(sealed_anew(&ledger), expected);
    }
}

#[test]
fn what_is_altered_in_it_before_or_after_is_found_where_a_seal_can_tell() {
    let number = "S012612010753000002";
    let altered = |counter: &Counter, change: &str| {
        counter.tamper(change);
        match wait_for(counter.ledger().verify_journal(Vec::new())).unwrap() {
            Verdict::Broken { subject, fault, .. } => (subject, fault),
            Verdict::Sound { .. } => panic!("{change} is not found"),
        }
    };
    // The first layout sealed settlements alone.
    let change = format!("UPDATE settlement SET fund = '1.00' WHERE number = '{number}'");
    let differs = |which: &str| (which.to_owned(), Fault::RecordDiffers);
    assert_eq!(altered(&counter_of("1"), &change), differs(number));
    let counter = counter_of("1");
    drop(counter.ledger());
    assert_eq!(
        altered(
            &counter,
            "UPDATE visit SET name = '测试二' WHERE number LIKE '%3'"
        ),
        differs("V012612010753000003")
    );
}

#[test]
fn one_that_is_put_back_is_not_brought_up_to_date_before_a_person_goes_on_with_it() {
    let counter = counter_of("1");
    let old = fs::read(counter.path()).unwrap();
    drop(counter.ledger());
    fs::write(counter.path(), &old).unwrap();
    assert!(matches!(
        counter.open(),
        Err(LedgerError::Held(Held::Behind { .. }))
    ));
    assert_eq!(fs::read(counter.path()).unwrap(), old);
    begin_epoch(&counter.with(), &Way::GoOn, "李敏", "误用旧盘").unwrap();
    let ledger = counter.ledger();
    assert_eq!(wait_for(ledger.checked()), Integrity::Sound);
    assert_eq!(count(&ledger, "settlement"), 3);
}

#[test]
fn a_copy_of_one_is_restored_and_brought_up_to_date() {
    let counter = counter_of("1");
    let copy = counter.folder.with_file_name("copy.db");
    fs::copy(counter.path(), &copy).unwrap();
    drop(counter.ledger());
    fs::remove_file(counter.path()).unwrap();
    begin_epoch(&counter.with(), &Way::Restore { copy }, "李敏", "硬盘损坏").unwrap();
    let ledger = counter.ledger();
    ledger.require_sound().unwrap();
    assert_eq!(wait_for(ledger.checked()), Integrity::Sound);
    assert_eq!(sealed_anew(&ledger).len(), 4);
}

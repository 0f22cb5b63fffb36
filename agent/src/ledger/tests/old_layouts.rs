//! Ledgers of earlier layouts: brought up to date once, and what they held is sealed as it was found.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jiff::Timestamp;
use rules::case_format::{parse_kept_case, write_decision};
use rules::{Profile, RuleSet, decide_again};

use super::{Counter, count, wait_for};
use crate::ledger::{Fault, Verdict};
use crate::ledger::{
    Held, Integrity, Ledger, LedgerError, Way, begin_epoch, open_to_read, settlements,
};
use crate::records::evidence::EvidenceVersion;

/// A counter whose ledger an earlier program wrote.
fn counter_of(layout: &str) -> Counter {
    let left = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/ledgers")
        .join(layout);
    let mut counter = Counter::new();
    fs::copy(left.join("ledger.db"), counter.path()).unwrap();
    let witness = left.join("ledger.witness");
    if witness.exists() {
        fs::copy(witness, counter.witness()).unwrap();
    }
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

/// The copies that were kept beside the ledger, by their names.
fn copies(counter: &Counter) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(&counter.folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("before-upgrade"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_ledger_is_copied_before_it_is_brought_up_to_date_and_the_copy_can_be_gone_back_to() {
    for layout in ["1", "2"] {
        let counter = counter_of(layout);
        let before = fs::read(counter.path()).unwrap();
        drop(counter.ledger());
        let kept = match layout {
            "1" => "ledger.db.before-upgrade-from-1",
            _ => "ledger.db.before-upgrade-from-3",
        };
        assert_eq!(copies(&counter), [kept]);
        let kept = counter.folder.join(kept);
        let mode = fs::metadata(&kept).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        // Page for page what was there: a program that knew it opens it.
        let conn = open_to_read(&kept, &counter.with().key).unwrap();
        let rows = |table: &str| -> i64 {
            let count = format!("SELECT count(*) FROM {table}");
            conn.query_row(&count, [], |row| row.get(0)).unwrap()
        };
        assert_eq!(before.len() as u64, fs::metadata(&kept).unwrap().len());
        assert_eq!(rows("sqlite_schema WHERE name = 'settlement_discharge'"), 0);
        assert!(rows("settlement") >= 3);
        drop(counter.ledger());
        assert_eq!(copies(&counter).len(), 1, "it is brought up to date once");
    }
}

#[test]
fn a_ledger_of_the_third_layout_keeps_its_seals_and_its_discharges_become_columns() {
    let counter = counter_of("2");
    for _ in 0..2 {
        let ledger = counter.ledger();
        assert_eq!(wait_for(ledger.checked()), Integrity::Sound);
        assert_eq!(sealed_anew(&ledger), []);
        let stays = ledger.read_blocking(|conn| {
            settlements::settled_between(conn, Timestamp::UNIX_EPOCH, Timestamp::MAX)
        });
        let stays: Vec<_> = stays
            .unwrap()
            .iter()
            .map(|settlement| {
                let slip = settlement.slip().unwrap();
                let at = settlement.discharged_at.unwrap();
                (crate::wording::terms::moment(at), slip.discharged_at)
            })
            .collect();
        assert_eq!(stays.len(), 4);
        for (kept, printed) in stays {
            assert_eq!(kept, printed);
        }
    }
    counter.tamper("UPDATE settlement_discharge SET discharged_at = discharged_at + 1");
    let verdict = wait_for(counter.ledger().verify_journal(Vec::new())).unwrap();
    assert!(matches!(
        verdict,
        Verdict::Broken {
            fault: Fault::RecordDiffers,
            ..
        }
    ));
}

#[test]
fn what_earlier_programs_settled_recomputes_by_the_rules_of_its_time() {
    for layout in ["1", "2"] {
        let counter = counter_of(layout);
        let kept = counter.ledger().read_blocking(|conn| {
            let settled =
                settlements::settled_between(conn, Timestamp::UNIX_EPOCH, Timestamp::MAX)?;
            settled
                .iter()
                .map(|settlement| settlements::evidence(conn, &settlement.number))
                .collect::<Result<Vec<_>, LedgerError>>()
        });
        for evidence in kept.unwrap() {
            let evidence = evidence.unwrap();
            assert_eq!(evidence.version, EvidenceVersion::One);
            let rule_set = RuleSet::parse(&evidence.rule_set).unwrap();
            let case = parse_kept_case(evidence.case.as_bytes(), rule_set).unwrap();
            let profile = Profile::built_in(case.facts().profile);
            let again = write_decision(&decide_again(&case, profile, rule_set));
            assert_eq!(String::from_utf8(again).unwrap(), evidence.result);
        }
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

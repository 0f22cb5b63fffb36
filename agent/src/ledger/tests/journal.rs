//! What shows when somebody who has the key writes in the file by hand.

use super::{Counter, admit, settled, wait_for};
use crate::ledger::journal::{Fault, Head, Verdict};
use crate::ledger::numbers::SettlementNumber;
use crate::ledger::{Integrity, Ledger, LedgerError, journal, settlements};

fn verdict(ledger: &Ledger, known: &[&str]) -> Verdict {
    let known = known.iter().map(|head| head.parse().unwrap()).collect();
    wait_for(ledger.verify_journal(known)).unwrap()
}

fn head(ledger: &Ledger) -> Head {
    ledger.read_blocking(journal::head).unwrap().unwrap()
}

/// Entries 1 to 4: an admission, a settlement, its void, a second settlement.
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
    assert_eq!(head(&ledger), second.head);
    [first.head, second.head]
}

#[test]
fn the_chain_is_the_one_that_its_definition_gives() {
    // Computed with Python's hmac and hashlib from the ledger key 07…07 and the entries below.
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
    assert_eq!(heads, ["1-2f77d3bdee1a2457", "2-a86e3ab9b6e4820e"]);
    assert_eq!(head(&ledger).to_string(), heads[1]);
}

#[test]
fn an_untouched_journal_is_sound_and_agrees_with_the_heads_on_slips() {
    let counter = Counter::new();
    let [first, second] = four_acts(&counter);
    let known = [first.to_string(), second.to_string()];
    assert_eq!(
        verdict(&counter.ledger(), &[&known[0], &known[1]]),
        Verdict::Sound { head: Some(second) }
    );
    assert_eq!(
        (first.sequence, second.sequence),
        (2, 4),
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
        counter.tamper(&format!("UPDATE journal SET {change} WHERE sequence = 2"));
        assert_eq!(
            verdict(&counter.ledger(), &[]),
            Verdict::Broken {
                sequence: 2,
                fault: Fault::Altered
            },
            "{change}"
        );
    }
}

#[test]
fn an_entry_taken_out_of_the_middle_is_missed() {
    let counter = Counter::new();
    four_acts(&counter);
    counter.tamper("DELETE FROM journal WHERE sequence = 3");
    assert_eq!(
        verdict(&counter.ledger(), &[]),
        Verdict::Broken {
            sequence: 3,
            fault: Fault::Missing
        }
    );
}

#[test]
fn a_tail_that_was_cut_off_is_missed_and_nothing_is_appended_to_the_stump() {
    let counter = Counter::new();
    four_acts(&counter);
    counter.tamper("DELETE FROM journal WHERE sequence > 2");
    let ledger = counter.ledger();
    assert_eq!(
        verdict(&ledger, &[]),
        Verdict::Broken {
            sequence: 2,
            fault: Fault::TailCut
        }
    );
    let refused = ledger.write_blocking(|entry| journal::append(entry, "tested", "", "{}"));
    assert!(matches!(refused, Err(LedgerError::Damaged { .. })));
}

#[test]
fn a_tail_cut_off_with_every_trace_in_the_file_still_shows_against_a_slip() {
    let counter = Counter::new();
    let [first, second] = four_acts(&counter);
    counter.tamper(
        "DELETE FROM journal WHERE sequence > 2;
         DELETE FROM settlement WHERE journal > 2;
         DELETE FROM settlement_void;
         UPDATE sqlite_sequence SET seq = 2 WHERE name = 'journal'",
    );
    let ledger = counter.ledger();
    assert_eq!(
        verdict(&ledger, &[&first.to_string()]),
        Verdict::Sound { head: Some(first) },
        "the file alone cannot show it"
    );
    assert_eq!(
        verdict(&ledger, &[&second.to_string()]),
        Verdict::Broken {
            sequence: 2,
            fault: Fault::TailCut
        }
    );
    ledger
        .write_blocking(|entry| {
            journal::append(entry, "tested", "", "{}")?;
            journal::append(entry, "tested", "", "{}")
        })
        .unwrap();
    assert_eq!(
        verdict(&ledger, &[&second.to_string()]),
        Verdict::Broken {
            sequence: 4,
            fault: Fault::NotTheHeadKnown
        }
    );
}

#[test]
fn a_settlement_that_is_not_what_its_entry_says_shows() {
    for (change, sequence) in [
        (
            "UPDATE settlement SET fund = '26100.01' WHERE generation = 1",
            2,
        ),
        (
            "UPDATE settlement SET case_json = '{}' WHERE generation = 2",
            4,
        ),
        (
            "UPDATE settlement SET result_json = '{}' WHERE generation = 2",
            4,
        ),
        ("UPDATE settlement SET slip = '{}' WHERE generation = 2", 4),
        (
            "UPDATE settlement SET settled_at = settled_at + 1 WHERE generation = 2",
            4,
        ),
        (
            "UPDATE settlement SET settled_by = '王芳' WHERE generation = 2",
            4,
        ),
        ("DELETE FROM settlement WHERE generation = 2", 4),
        ("DELETE FROM settlement_void", 3),
        ("UPDATE settlement_void SET by = '李敏'", 3),
    ] {
        let counter = Counter::new();
        four_acts(&counter);
        counter.tamper(change);
        assert_eq!(
            verdict(&counter.ledger(), &[]),
            Verdict::Broken {
                sequence,
                fault: Fault::RecordDiffers
            },
            "{change}"
        );
    }
}

#[test]
fn the_thorough_check_reads_the_journal_too_and_holds_settlement() {
    let counter = Counter::new();
    four_acts(&counter);
    counter.tamper("UPDATE journal SET at = at + 1 WHERE sequence = 4");
    let ledger = counter.ledger();
    let found = wait_for(ledger.checked());
    assert!(
        matches!(&found, Integrity::Damaged { what } if what.contains("entry 4")),
        "{found:?}"
    );
    // Nothing is settled on top of it.
    let refused = ledger.write_blocking(|entry| {
        let number = SettlementNumber::parse("S032611221000000002").unwrap();
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

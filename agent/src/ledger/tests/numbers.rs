//! Numbers that never meet, whatever clocks and restores do.

use std::collections::BTreeSet;

use super::{Counter, admit, settled};
use crate::ledger::numbers::{
    self, NotANumber, SettlementNumber, Terminal, TerminalError, VisitNumber,
};
use crate::ledger::{Ledger, LedgerError};
use crate::records::numbers::NotAnInstitutionCode;

fn message_id(ledger: &Ledger) -> String {
    ledger
        .write_blocking(numbers::next_message_id)
        .unwrap()
        .to_string()
}

#[test]
fn numbers_name_terminal_and_epoch_and_count_from_one() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let first = admit(&ledger, "press 1");
    assert_eq!(first.as_str(), "V032611221000000001");
    assert_eq!(
        settled(&ledger, &first, 1, "press 2").number.as_str(),
        "S032611221000000001"
    );
    drop(ledger);
    counter.pass(86_400);
    assert_eq!(
        admit(&counter.ledger(), "press 3").as_str(),
        "V032611221000000002"
    );
}

#[test]
fn a_number_that_was_rolled_back_is_given_again_and_one_that_was_committed_never() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let undone: Result<(), LedgerError> = ledger.write_blocking(|entry| {
        numbers::next_visit(entry)?;
        Err(LedgerError::Closed)
    });
    undone.unwrap_err();
    assert_eq!(admit(&ledger, "press 1").as_str(), "V032611221000000001");
}

#[test]
fn a_restored_ledger_begins_an_epoch_that_none_before_it_had() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    admit(&ledger, "press 1");
    let restore = || {
        ledger
            .write_blocking(|entry| numbers::begin_epoch(entry, "restored"))
            .unwrap();
    };
    counter.pass(600);
    restore();
    assert_eq!(admit(&ledger, "press 2").as_str(), "V032611221010000001");
    // Within the same minute, and with a clock set back: the epoch still moves on.
    restore();
    assert_eq!(admit(&ledger, "press 3").as_str(), "V032611221011000001");
    counter.set_clock("2020-01-01T00:00:00Z");
    restore();
    assert_eq!(admit(&ledger, "press 4").as_str(), "V032611221012000001");
}

#[test]
fn a_message_identifier_is_institution_time_in_china_and_the_terminals_own_digits() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    assert_eq!(message_id(&ledger), "H43010000001202611221000000300");
    assert_eq!(message_id(&ledger), "H43010000001202611221000000301");
    counter.pass(1);
    assert_eq!(message_id(&ledger), "H43010000001202611221000010300");
}

#[test]
fn a_message_identifiers_time_never_runs_backwards_and_no_identifier_comes_twice() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let mut given = Vec::new();
    for n in 0..250 {
        if n == 120 {
            counter.set_clock("2026-11-22T01:00:00Z");
        }
        given.push(message_id(&ledger));
    }
    assert_eq!(given[99], "H43010000001202611221000000399");
    assert_eq!(given[100], "H43010000001202611221000010300");
    assert_eq!(given[249], "H43010000001202611221000020349");
    assert!(given.is_sorted());
    assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), 250);
}

#[test]
fn a_terminal_has_a_code_of_twelve_characters_and_a_number_from_1_to_49() {
    assert_eq!(
        Terminal::new("H4301000001", 1),
        Err(NotAnInstitutionCode { characters: 11 }.into())
    );
    assert_eq!(
        Terminal::new("医院医院医院医院医院医院", 1),
        Err(NotAnInstitutionCode { characters: 12 }.into())
    );
    for number in [0, 50, 255] {
        assert_eq!(
            Terminal::new("H43010000001", number),
            Err(TerminalError::Number { number })
        );
    }
    assert_eq!(Terminal::new("H43010000001", 49).unwrap().number(), 49);
}

#[test]
fn a_number_is_read_as_it_is_written_and_as_nothing_else() {
    let text = "S032611221000000001";
    assert_eq!(SettlementNumber::parse(text).unwrap().to_string(), text);
    for wrong in [
        "",
        "S",
        "V032611221000000001",
        "S03261122100000000",
        "S03261122100000000x",
        "s032611221000000001",
        "S０32611221000000001",
    ] {
        assert_eq!(SettlementNumber::parse(wrong), Err(NotANumber), "{wrong}");
    }
    assert_eq!(VisitNumber::parse(text), Err(NotANumber));
}

//! Every parser of this package over the same bytes: what fuzzing calls. None may panic, read past the end, or run on.

use std::time::Duration;

use crate::card::exchange::{Exchange, Protocol};
use crate::card::{
    ReadScope, RelayAnswer, RelayFailure, RelayQuestion, StepLog, atr::Atr, content, name, read,
    tlv, vendor_answer::VendorAnswer,
};
use crate::code::{LineAssembler, LineEnd, Patterns, classify};
use crate::identity_card::{FrameAssembler, IdentityCard};
use crate::reader::parse_pipe_message;

/// Exchanges with a card that never says anything sensible; more would be a loop without an end.
const MOST_EXCHANGES: usize = 5_000;

/// Feeds `bytes` to each parser, and a whole read of a card that answers them piece by piece.
///
/// # Panics
///
/// A parser broke its word: it kept more than it was given, or asked without end.
pub fn every_parser(bytes: &[u8]) {
    of_cards(bytes);
    of_lines(bytes);
    a_whole_read(bytes);
}

fn of_cards(bytes: &[u8]) {
    if let Some(atr) = Atr::parse(bytes) {
        assert!(atr.historical().len() <= 15);
    }
    assert!(tlv::record(bytes).is_none_or(|(_, value)| value.len() + 2 <= bytes.len()));
    tlv::algorithm(bytes);
    let mut records = content::Records::default();
    let mut rest = bytes;
    while let Some((tag, value)) = tlv::record(rest) {
        records.keep(tag, value);
        rest = &rest[value.len() + 2..];
    }
    let mut remarks = Vec::new();
    // Whether they refuse is not the question here, only that they return.
    drop(content::face(&records, bytes, &mut remarks));
    drop(content::holder(&records, &mut remarks));
    let half = bytes.len() / 2;
    drop(name::decode(&bytes[..half], &bytes[half..]));
    if let Some(answer) = VendorAnswer::parse(bytes) {
        drop(answer.into_holder());
    }
    drop(RelayQuestion::parse_hsm_bytes(bytes));
    drop(RelayAnswer::parse(&String::from_utf8_lossy(bytes)));
    parse_pipe_message(bytes);
}

fn of_lines(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    drop(classify(&text, &Patterns::default()));
    let mut frames = FrameAssembler::default();
    for fragment in bytes.chunks(7) {
        if let Some(frame) = frames.feed(fragment) {
            assert!(frame.data.len() < bytes.len());
            drop(IdentityCard::parse(&frame.data));
        }
    }
    drop(IdentityCard::parse(bytes));
    let mut codes = 0;
    for end in [
        LineEnd::Terminator,
        LineEnd::Idle(Duration::from_millis(50)),
    ] {
        let mut lines = LineAssembler::new(end, "]", "]");
        for (time, fragment) in (0..).zip(bytes.chunks(11)) {
            lines.feed(fragment, Duration::from_millis(time * 7), &mut |_, _| {
                codes += 1;
            });
        }
        lines.tick(Duration::from_mins(1), &mut |_, _| {
            codes += 1;
        });
    }
    assert!(codes <= 2 * (bytes.len() + 1));
}

/// A card whose answers are these bytes, cut to lengths that they choose themselves.
fn a_whole_read(bytes: &[u8]) {
    let mut answers = bytes.iter().copied().cycle();
    let mut exchanges = 0;
    let mut transmit = |_: &[u8], answer: &mut Vec<u8>| {
        exchanges += 1;
        assert!(exchanges < MOST_EXCHANGES, "the read never ends");
        let length = answers.next().map_or(0, usize::from) % 48;
        answer.extend(answers.by_ref().take(length));
        // Most answers end well, or nothing would ever be read; some ask for another command.
        match length % 6 {
            0 => {}
            1 => answer.extend([0x61, answers.next().unwrap_or(0)]),
            2 => answer.extend([0x6C, answers.next().unwrap_or(0)]),
            _ => answer.extend([0x90, 0x00]),
        }
        Ok(())
    };
    let protocol = if bytes.len().is_multiple_of(2) {
        Protocol::T0
    } else {
        Protocol::T1
    };
    let mut exchange = Exchange::new(&mut transmit, protocol, StepLog::default());
    let mut remarks = Vec::new();
    let selected = read::SelectedCard {
        algorithm: None,
        reset: bytes.iter().copied().take(15).collect(),
        not_selected: None,
    };
    drop(read::select(&mut exchange, bytes));
    let face = read::face(
        &mut exchange,
        &selected,
        ReadScope::EveryRecord,
        &mut remarks,
    );
    if let Ok(face) = face {
        let mut ask =
            |_: RelayQuestion| -> Result<RelayAnswer, RelayFailure> { Err(RelayFailure::Refused) };
        if let Ok(Ok(proved)) = read::prove(&mut exchange, &selected) {
            drop(read::authenticate(&mut exchange, &face, &proved, &mut ask));
        }
    }
    drop(read::holder(
        &mut exchange,
        ReadScope::EveryRecord,
        &mut remarks,
    ));
}

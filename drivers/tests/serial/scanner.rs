//! Code scanners.

use std::time::Duration;

use drivers::code::{
    CodeKind, LineEnd, Patterns, Rejected, ScannedCode, Scanner, ScannerEvent, ScannerEvents,
    ScannerSettings,
};
use drivers::serial::SerialFault;
use tokio::time::timeout;
use virtual_card::SerialDevice;

use crate::cable::Hub;

fn settings(hub: &Hub) -> ScannerSettings {
    ScannerSettings {
        address: Hub::address(),
        baud: 115_200,
        line_end: LineEnd::Terminator,
        prefix: String::new(),
        suffix: String::new(),
        patterns: Patterns::default(),
        roots: hub.roots(),
    }
}

async fn next(events: &mut ScannerEvents) -> ScannerEvent {
    timeout(Duration::from_secs(3), events.next())
        .await
        .expect("within three seconds")
        .expect("open")
}

/// The next event's code in the clear: tests may.
async fn next_code(events: &mut ScannerEvents) -> String {
    match next(events).await {
        ScannerEvent::Code(code) => {
            let token = code
                .redeem(Duration::ZERO, ScannedCode::USUAL_LIMIT)
                .expect("fresh");
            token.expose().to_owned()
        }
        other => panic!("no code: {other:?}"),
    }
}

async fn connected(hub: &Hub, settings: ScannerSettings) -> (Scanner, ScannerEvents, SerialDevice) {
    let plugged = hub.plug_in();
    let (scanner, mut events) = Scanner::start(settings).expect("start");
    assert_eq!(next(&mut events).await, ScannerEvent::Connected);
    (scanner, events, plugged)
}

#[tokio::test]
async fn codes_come_whole_from_fragments_at_every_speed() {
    for baud in [9_600, 19_200, 38_400, 57_600, 115_200] {
        let hub = Hub::new();
        let (_scanner, mut events, mut plugged) = connected(
            &hub,
            ScannerSettings {
                baud,
                ..settings(&hub)
            },
        )
        .await;
        for fragment in [
            &b"opaque-to"[..],
            b"ken-1\rsecond-token",
            b"\r",
            b"\nthird-token\n",
        ] {
            plugged.say(fragment).expect("line");
        }
        for expected in ["opaque-token-1", "second-token", "third-token"] {
            assert_eq!(next_code(&mut events).await, expected, "{baud} baud");
        }
    }
}

#[tokio::test]
async fn a_scanner_without_line_ends_is_understood_by_its_silence() {
    let hub = Hub::new();
    let line_end = LineEnd::Idle(Duration::from_millis(40));
    let settings = ScannerSettings {
        line_end,
        prefix: "<".into(),
        suffix: ">".into(),
        ..settings(&hub)
    };
    let (_scanner, mut events, mut plugged) = connected(&hub, settings).await;
    plugged.say(b"<opaque-token>").expect("line");
    assert_eq!(next_code(&mut events).await, "opaque-token");
}

#[tokio::test]
async fn wrong_codes_are_named_and_garbage_and_endless_lines_are_survived() {
    let hub = Hub::new();
    let (_scanner, mut events, mut plugged) = connected(&hub, settings(&hub)).await;
    plugged.say(b"6901234567892\r").expect("line");
    let wrong = ScannerEvent::Rejected(Rejected::WrongKind(CodeKind::Barcode));
    assert_eq!(next(&mut events).await, wrong);
    plugged.say(b"\xFE\x80\xFFgarbage\r").expect("line");
    assert_eq!(
        next(&mut events).await,
        ScannerEvent::Rejected(Rejected::Garbage)
    );
    plugged.say(&vec![b'x'; 1024 * 1024]).expect("line");
    assert_eq!(
        next(&mut events).await,
        ScannerEvent::Rejected(Rejected::TooLong)
    );
    plugged.say(b"\ropaque-token\r").expect("line");
    assert_eq!(next_code(&mut events).await, "opaque-token");
}

#[tokio::test]
async fn a_scanner_that_comes_back_under_another_number_is_found_by_its_id() {
    let hub = Hub::new();
    let (_scanner, mut events, mut plugged) = connected(&hub, settings(&hub)).await;
    plugged.say(b"half a co").expect("line");
    let before = plugged.path().to_owned();
    plugged.pull_out();
    assert_eq!(
        next(&mut events).await,
        ScannerEvent::Fault(SerialFault::Unplugged)
    );
    // Another device takes the number that is free now.
    let other = Hub::new().plug_in_elsewhere();
    let mut plugged = hub.plug_in();
    assert_ne!(plugged.path(), before, "another number");
    assert_eq!(next(&mut events).await, ScannerEvent::Connected);
    plugged.say(b"opaque-token\r").expect("line");
    assert_eq!(next_code(&mut events).await, "opaque-token");
    drop(other);
}

#[tokio::test]
async fn a_scanner_that_is_not_there_is_waited_for() {
    let hub = Hub::new();
    let (_scanner, mut events) = Scanner::start(settings(&hub)).expect("start");
    assert_eq!(
        next(&mut events).await,
        ScannerEvent::Fault(SerialFault::Absent)
    );
    let _plugged = hub.plug_in();
    assert_eq!(next(&mut events).await, ScannerEvent::Connected);
}

#[tokio::test]
async fn a_scanner_that_another_program_has_open_is_taken_when_it_is_let_go() {
    let hub = Hub::new();
    let (other, _events, _plugged) = connected(&hub, settings(&hub)).await;
    let (_scanner, mut events) = Scanner::start(settings(&hub)).expect("start");
    assert_eq!(
        next(&mut events).await,
        ScannerEvent::Fault(SerialFault::HeldByAnotherProgram)
    );
    drop(other);
    assert_eq!(next(&mut events).await, ScannerEvent::Connected);
}

//! Identity card readers.

use std::time::Duration;

use drivers::identity_card::{
    IdentityCardEvent, IdentityCardReader, IdentityCardSettings, NotIdentityCard,
};
use drivers::serial::SerialFault;
use tokio::time::timeout;

use crate::cable::{Hub, Plugged};

/// Answers the SAM's three commands: with this text once, with "no card" from then on. Ends when the line does.
fn sam(mut plugged: Plugged, number: &str) -> std::thread::JoinHandle<Plugged> {
    let answer = reading(number);
    let mut card_on_it = true;
    std::thread::spawn(move || {
        while let Some(command) = plugged.hear(10) {
            match hex::encode_upper(&command).as_str() {
                "AAAAAA96690003200122" if card_on_it => {
                    plugged.say(&frame(&[0x00, 0x00, 0x9F, 0, 0, 0, 0]));
                }
                "AAAAAA96690003200221" => {
                    plugged.say(&frame(&[0x00, 0x00, 0x90, 0, 0, 0, 0, 0, 0, 0, 0]));
                }
                "AAAAAA96690003300132" => {
                    plugged.say(&answer);
                    card_on_it = false;
                }
                _ => plugged.say(&frame(&[0x00, 0x00, 0x80])),
            }
            if !card_on_it {
                return plugged;
            }
        }
        plugged
    })
}

fn frame(body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 1).expect("short").to_be_bytes();
    let check = length.iter().chain(body).fold(0, |xor, byte| xor ^ byte);
    [&[0xAA, 0xAA, 0xAA, 0x96, 0x69], &length[..], body, &[check]].concat()
}

fn reading(number: &str) -> Vec<u8> {
    let fields = [
        ("测试一", 30),
        ("1", 2),
        ("01", 4),
        ("19900307", 16),
        ("测试路1号", 70),
        (number, 36),
        ("测试公安局", 30),
        ("20200101", 16),
        ("20400101", 16),
        ("", 36),
    ];
    let mut body = vec![0x00, 0x00, 0x90, 0x01, 0x00, 0x04, 0x00];
    for (text, length) in fields {
        let mut field: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        field.resize_with(length, Default::default);
        body.extend(field);
    }
    body.extend([0; 1024]);
    frame(&body)
}

async fn events_of(number: &str) -> Vec<IdentityCardEvent> {
    let hub = Hub::new();
    let answering = sam(hub.plug_in(), number);
    let settings = IdentityCardSettings {
        address: Hub::address(),
        roots: hub.roots(),
    };
    let (reader, mut events) = IdentityCardReader::start(settings).expect("start");
    let mut seen = Vec::new();
    for _ in 0..2 {
        seen.push(
            timeout(Duration::from_secs(3), events.next())
                .await
                .expect("within three seconds")
                .expect("open"),
        );
    }
    answering.join().expect("the simulated reader").pull_out();
    let gone = timeout(Duration::from_secs(3), events.next())
        .await
        .expect("within three seconds")
        .expect("open");
    assert_eq!(gone, IdentityCardEvent::Fault(SerialFault::Unplugged));
    drop(reader);
    seen
}

#[tokio::test]
async fn an_identity_card_is_read_once_when_it_is_laid_on() {
    let seen = events_of("650102199003070013").await;
    let [IdentityCardEvent::Connected, IdentityCardEvent::Read(card)] = seen.as_slice() else {
        panic!("connected, then read: {seen:?}");
    };
    assert_eq!(
        (card.name.as_str(), card.number.as_str()),
        ("测试一", "650102199003070013")
    );
    assert!(!format!("{seen:?}").contains("6501"));
}

#[tokio::test]
async fn a_card_that_says_something_else_is_reported_by_field() {
    let seen = events_of("65010219900307").await;
    let unreadable = IdentityCardEvent::Unreadable(NotIdentityCard::Field("number"));
    assert_eq!(seen, [IdentityCardEvent::Connected, unreadable]);
}

#[tokio::test]
async fn a_reader_that_does_not_answer_is_reported_within_three_seconds() {
    let hub = Hub::new();
    let _plugged = hub.plug_in();
    let settings = IdentityCardSettings {
        address: Hub::address(),
        roots: hub.roots(),
    };
    let (_reader, mut events) = IdentityCardReader::start(settings).expect("start");
    for expected in [IdentityCardEvent::Connected, IdentityCardEvent::Silent] {
        let event = timeout(Duration::from_secs(3), events.next())
            .await
            .expect("within three seconds");
        assert_eq!(event, Some(expected));
    }
}

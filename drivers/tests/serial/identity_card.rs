//! Identity card readers.

use std::time::Duration;

use drivers::identity_card::{
    IdentityCardEvent, IdentityCardReader, IdentityCardSettings, NotIdentityCard,
};
use drivers::serial::SerialFault;
use tokio::time::timeout;
use virtual_card::IdentityCard;

use crate::cable::Hub;

async fn events_of(number: &str) -> Vec<IdentityCardEvent> {
    let hub = Hub::new();
    let (card, line) = (IdentityCard::new("测试一", number), hub.plug_in());
    let answering = std::thread::spawn(move || card.lie_on(line));
    let settings = IdentityCardSettings {
        address: Hub::address(),
        roots: hub.roots(),
    };
    let (reader, mut events) = IdentityCardReader::start(settings).expect("start");
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(
            timeout(Duration::from_secs(3), events.next())
                .await
                .expect("within three seconds")
                .expect("open"),
        );
    }
    let line = answering.join().expect("the simulated reader");
    line.expect("read once").pull_out();
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
    let [
        IdentityCardEvent::Connected,
        IdentityCardEvent::Found,
        IdentityCardEvent::Read(card),
    ] = seen.as_slice()
    else {
        panic!("connected, found, then read: {seen:?}");
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
    let expected = [
        IdentityCardEvent::Connected,
        IdentityCardEvent::Found,
        unreadable,
    ];
    assert_eq!(seen, expected);
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

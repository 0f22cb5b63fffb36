//! People and cables that misbehave: each fault is told within three seconds, and over within three seconds of its end.

use drivers::card::OpenedBy;
use drivers::reader::{CardEvent, CardFault, CardSettings, StepName};
use virtual_card::{Rig, Trouble, Variant};

use crate::readers_under_test::{
    OtherProgram, Province, ReadersUnderTest, card, within_three_seconds,
};

fn under_test() -> ReadersUnderTest {
    ReadersUnderTest::open(
        &["Counter"],
        CardSettings::default(),
        Province::Authenticates,
    )
}

#[tokio::test]
async fn a_hall_without_a_reader_says_so_and_takes_the_reader_when_it_comes() {
    let mut under_test =
        ReadersUnderTest::open(&[], CardSettings::default(), Province::Authenticates);
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::NoReader
    );
    under_test.rig.stop_service().expect("stop");
    under_test.rig.add_reader("Counter").expect("reader");
    under_test.rig.start_service().expect("start");
    let watched = within_three_seconds(under_test.watched()).await;
    assert_eq!(watched, ["Counter 00 00", "Counter 00 01"]);
}

#[tokio::test]
async fn readers_that_are_unplugged_with_a_card_in_them_are_missed_and_used_again() {
    let mut under_test = under_test();
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    under_test.identity().await;
    under_test.rig.stop_service().expect("stop");
    let unplugged = under_test.rig.remove_readers().expect("remove");
    under_test.rig.start_service().expect("start");
    within_three_seconds(under_test.until(no_reader)).await;
    under_test.rig.stop_service().expect("stop");
    under_test.rig.plug_in_again(unplugged).expect("readers");
    under_test.rig.start_service().expect("start");
    within_three_seconds(under_test.reading_after_faults()).await;
}

/// Killing pcscd is as near as a virtual reader comes to pulling the plug: the call in which the read is breaks off, and
/// afterwards the reader is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_during_a_read_is_reported_and_used_again() {
    let mut under_test = under_test();
    under_test.watched().await;
    let card = under_test
        .rig
        .insert_troubled(0, card(Variant::V30), Trouble::HangsAt(5))
        .expect("insert");
    under_test.inserted().await;
    card.wait_until_it_hangs();
    under_test.rig.kill_service().expect("kill");
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ServiceDown
    );
    let unplugged = under_test.rig.remove_readers().expect("remove");
    under_test.rig.start_service().expect("start");
    within_three_seconds(under_test.until(no_reader)).await;
    card.set_trouble(None);
    under_test.rig.stop_service().expect("stop");
    under_test.rig.plug_in_again(unplugged).expect("readers");
    under_test.rig.start_service().expect("start");
    within_three_seconds(under_test.reading_after_faults()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pcscd_that_stops_answering_during_a_read_is_reported_and_used_again() {
    let mut under_test = under_test();
    under_test.watched().await;
    let card = under_test
        .rig
        .insert_troubled(0, card(Variant::V30), Trouble::HangsAt(5))
        .expect("insert");
    under_test.inserted().await;
    card.wait_until_it_hangs();
    under_test.rig.freeze_service().expect("freeze");
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ReaderStuck
    );
    card.wake().expect("wake");
    under_test.rig.thaw_service().expect("thaw");
    within_three_seconds(under_test.reading_after_faults()).await;
}

#[tokio::test]
async fn readers_that_are_unplugged_are_missed() {
    let mut under_test = under_test();
    under_test.watched().await;
    under_test.rig.stop_service().expect("stop");
    under_test.rig.remove_readers().expect("remove");
    under_test.rig.start_service().expect("start");
    within_three_seconds(under_test.until(no_reader)).await;
}

fn no_reader(event: &CardEvent) -> Option<()> {
    matches!(
        event,
        CardEvent::Fault {
            fault: CardFault::NoReader,
            ..
        }
    )
    .then_some(())
}

#[tokio::test]
async fn a_wished_reader_that_is_not_there_is_named() {
    let settings = CardSettings {
        reader: Some("Desk".into()),
        ..CardSettings::default()
    };
    let mut under_test = ReadersUnderTest::open(&["Counter"], settings, Province::Authenticates);
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ReaderNotFound {
            wanted: "Desk".into()
        }
    );
}

#[tokio::test]
async fn a_pcscd_that_is_killed_is_reported_and_used_again_when_it_is_back() {
    let mut under_test = under_test();
    let card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    under_test.identity().await;
    card.wait_for_resets(1);
    under_test.rig.kill_service().expect("kill");
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ServiceDown
    );
    under_test.rig.start_service().expect("start");
    within_three_seconds(under_test.until(|event| matches!(event, CardEvent::Ready).then_some(())))
        .await;
    // The card never left its slot: the new service finds it, and it is read again.
    assert_eq!(under_test.identity().await.opened_by, OpenedBy::Relay);
}

#[tokio::test]
async fn a_pcscd_that_is_not_running_at_start_is_waited_for() {
    let mut rig = Rig::start(&["Counter"]).expect("tests run inside tests/in-namespace");
    rig.stop_service().expect("stop");
    let mut under_test =
        ReadersUnderTest::around(rig, CardSettings::default(), Province::Authenticates);
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ServiceDown
    );
    under_test.rig.start_service().expect("start");
    within_three_seconds(under_test.watched()).await;
}

#[tokio::test]
async fn a_pcscd_that_stops_answering_is_reported_and_used_again_when_it_goes_on() {
    let mut under_test = under_test();
    under_test.watched().await;
    under_test.rig.freeze_service().expect("freeze");
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ServiceStuck
    );
    under_test.rig.thaw_service().expect("thaw");
    within_three_seconds(under_test.until(|event| matches!(event, CardEvent::Ready).then_some(())))
        .await;
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    under_test.identity().await;
}

#[tokio::test]
async fn a_card_drawn_out_in_the_middle_of_a_read_is_reported_and_the_next_one_read() {
    for command in [1, 4, 9, 16] {
        let mut under_test = under_test();
        under_test.watched().await;
        let drawn = under_test
            .rig
            .insert_troubled(0, card(Variant::V30), Trouble::DrawnOutAt(command))
            .expect("insert");
        under_test.inserted().await;
        assert_eq!(
            within_three_seconds(under_test.fault()).await,
            CardFault::DrawnOut,
            "at command {command}"
        );
        drawn.draw_out();
        let _card = under_test
            .rig
            .insert(0, card(Variant::V30))
            .expect("insert");
        within_three_seconds(under_test.identity()).await;
    }
}

#[tokio::test]
async fn a_card_that_hangs_is_reported_and_the_next_one_is_read() {
    let mut under_test = under_test();
    under_test.watched().await;
    let hanging = under_test
        .rig
        .insert_troubled(0, card(Variant::V30), Trouble::HangsAt(5))
        .expect("insert");
    under_test.inserted().await;
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ReaderStuck
    );
    hanging.draw_out();
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    within_three_seconds(under_test.reading_after_faults()).await;
}

/// The first steps of a read, as far as a card lets it come.
const STEPS: [&str; 6] = [
    "connect",
    "transaction",
    "select application",
    "select EF05",
    "read EF05 record 01",
    "read EF05 record 03",
];

#[tokio::test]
async fn a_read_that_breaks_off_tells_its_steps_to_the_last_one() {
    for trouble in [Trouble::DrawnOutAt(4), Trouble::HangsAt(4)] {
        let mut under_test = under_test();
        under_test.watched().await;
        let _card = under_test
            .rig
            .insert_troubled(0, card(Variant::V30), trouble)
            .expect("insert");
        let (_, steps) = under_test.broken_off().await;
        assert_eq!(steps[..6], STEPS);
        // The virtual reader gives an empty answer for a card that is gone; the second try finds out.
        assert!(
            STEPS.map(String::from).starts_with(&steps[6..]),
            "{steps:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_hangs_again_and_again_is_read_as_soon_as_it_wakes_up() {
    let mut under_test = under_test();
    under_test.watched().await;
    let hanging = under_test
        .rig
        .insert_troubled(0, card(Variant::V30), Trouble::HangsAt(5))
        .expect("insert");
    under_test.inserted().await;
    for times in 1..=3 {
        let stuck = under_test.until(|event| match event {
            CardEvent::Fault {
                fault: CardFault::ReaderStuck,
                ..
            } => Some(()),
            _ => None,
        });
        if times == 1 {
            within_three_seconds(stuck).await;
        }
        // The next read, which begins because the call has returned, hangs as well.
        hanging.wake_to(Some(Trouble::HangsAt(5))).expect("wake");
        hanging.wait_until_it_hangs();
    }
    hanging.wake().expect("wake");
    within_three_seconds(under_test.reading_after_faults()).await;
}

#[tokio::test]
async fn a_card_that_is_taken_out_as_soon_as_its_hang_is_told_is_missed() {
    let mut under_test = under_test();
    let hanging = under_test
        .rig
        .insert_troubled(0, card(Variant::V30), Trouble::HangsAt(5))
        .expect("insert");
    under_test.inserted().await;
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ReaderStuck
    );
    hanging.draw_out();
    within_three_seconds(under_test.removed()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_hangs_when_it_is_switched_on_is_read_as_soon_as_it_wakes_up() {
    let mut under_test = under_test();
    // A card that is not reset after its read.
    let card = under_test
        .rig
        .insert(0, card(Variant::V20))
        .expect("insert");
    under_test.identity().await;
    card.set_trouble(Some(Trouble::HangsAtReset));
    card.wait_until_it_hangs();
    under_test.readers.read_again();
    under_test.inserted().await;
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ReaderStuck
    );
    card.wake().expect("wake");
    within_three_seconds(under_test.reading_after_faults()).await;
}

#[tokio::test]
async fn a_card_that_wakes_up_is_read_without_being_put_in_again() {
    let mut under_test = under_test();
    under_test.watched().await;
    let hanging = under_test
        .rig
        .insert_troubled(0, card(Variant::V30), Trouble::HangsAt(5))
        .expect("insert");
    under_test.inserted().await;
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ReaderStuck
    );
    hanging.wake().expect("wake");
    within_three_seconds(under_test.reading_after_faults()).await;
}

#[tokio::test]
async fn a_reader_that_hangs_leaves_the_other_readers_alone() {
    let mut under_test = ReadersUnderTest::open(
        &["Counter", "Desk"],
        CardSettings::default(),
        Province::Authenticates,
    );
    under_test.watched().await;
    let _hanging = under_test
        .rig
        .insert_troubled(0, card(Variant::V30), Trouble::HangsAt(5))
        .expect("insert");
    under_test.inserted().await;
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ReaderStuck
    );
    let _card = under_test
        .rig
        .insert(2, card(Variant::V20))
        .expect("insert");
    within_three_seconds(under_test.reading_after_faults()).await;
}

#[tokio::test]
async fn a_card_that_answers_nonsense_is_reported_with_the_place() {
    for nonsense in [vec![0x90], vec![0x00; 2], vec![0xA5; 300]] {
        let mut under_test = under_test();
        let trouble = Trouble::NonsenseFrom(3, nonsense.clone());
        let _card = under_test
            .rig
            .insert_troubled(0, card(Variant::V30), trouble)
            .expect("insert");
        let fault = within_three_seconds(under_test.fault()).await;
        assert_eq!(
            fault,
            CardFault::Nonsense {
                step: StepName::SelectApplication
            },
            "{nonsense:?}"
        );
    }
}

#[tokio::test]
async fn a_card_that_answers_6f00_once_gets_a_second_try() {
    // The challenge and the internal authentication are 8 and 9.
    for command in [1, 5, 8, 9, 11] {
        let mut under_test = under_test();
        let trouble = Trouble::StatusOnceAt(command, 0x6F00);
        let _card = under_test
            .rig
            .insert_troubled(0, card(Variant::V30), trouble)
            .expect("insert");
        assert_eq!(
            under_test.identity().await.opened_by,
            OpenedBy::Relay,
            "at command {command}"
        );
    }
}

/// The card is read, then another program takes it; a wish to read it again meets the other program.
async fn held_by_another_program(manner: &str) {
    let mut under_test = under_test();
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    under_test.identity().await;
    let other = OtherProgram::start(&under_test.rig, manner, "Counter 00 00");
    under_test.readers.read_again();
    under_test.inserted().await;
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::HeldByAnotherProgram
    );
    other.end();
    within_three_seconds(under_test.reading_after_faults()).await;
}

#[tokio::test]
async fn a_card_that_another_program_holds_leaves_the_other_readers_alone() {
    let mut under_test = ReadersUnderTest::open(
        &["Counter", "Desk"],
        CardSettings::default(),
        Province::Authenticates,
    );
    let _held = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    under_test.identity().await;
    let other = OtherProgram::start(&under_test.rig, "hold-transaction", "Counter 00 00");
    under_test.readers.read_again();
    under_test.inserted().await;
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::HeldByAnotherProgram
    );
    let _card = under_test
        .rig
        .insert(2, card(Variant::V20))
        .expect("insert");
    assert_eq!(
        within_three_seconds(under_test.reading_after_faults())
            .await
            .identity
            .opened_by,
        OpenedBy::Free
    );
    other.end();
    assert_eq!(
        within_three_seconds(under_test.reading_after_faults())
            .await
            .identity
            .opened_by,
        OpenedBy::Relay
    );
}

#[tokio::test]
async fn a_card_that_another_program_holds_alone_is_read_when_it_is_let_go() {
    held_by_another_program("hold-exclusive").await;
}

#[tokio::test]
async fn a_card_in_another_programs_transaction_is_read_when_that_ends() {
    held_by_another_program("hold-transaction").await;
}

//! The authentication of 3.0 cards through the providers, in their order.

use std::time::Duration;

use drivers::card::{OpenedBy, WithheldBecause};
use drivers::reader::{CardFault, CardSettings};
use virtual_card::Variant;

use crate::readers_under_test::{Province, ReadersUnderTest, card};

async fn opened_by(settings: CardSettings, province: Province) -> OpenedBy {
    let mut under_test = ReadersUnderTest::open(&["Counter"], settings, province);
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    let identity = under_test.identity().await;
    // EF05 is there in any case: the platform can resolve the holder from it.
    assert_eq!(
        identity
            .face
            .card_number
            .as_ref()
            .expect("card number")
            .as_str(),
        "T0000001X"
    );
    assert_eq!(
        identity.holder.is_some(),
        identity.opened_by == OpenedBy::Relay
    );
    identity.opened_by
}

#[tokio::test]
async fn without_a_provider_ef05_is_read_alone() {
    let settings = CardSettings {
        providers: Vec::new(),
        ..CardSettings::default()
    };
    assert_eq!(
        opened_by(settings, Province::Authenticates).await,
        OpenedBy::Withheld(WithheldBecause::NoProvider)
    );
}

#[tokio::test]
async fn a_province_that_refuses_leaves_ef05() {
    let opened = opened_by(CardSettings::default(), Province::Refuses).await;
    assert_eq!(opened, OpenedBy::Withheld(WithheldBecause::RelayRefused));
}

#[tokio::test]
async fn a_province_that_cannot_be_reached_leaves_ef05() {
    let opened = opened_by(CardSettings::default(), Province::CannotBeReached).await;
    assert_eq!(
        opened,
        OpenedBy::Withheld(WithheldBecause::RelayUnreachable)
    );
}

#[tokio::test]
async fn a_province_that_never_answers_leaves_ef05_after_the_limit() {
    let settings = CardSettings {
        relay_limit: Duration::from_millis(200),
        ..CardSettings::default()
    };
    let opened = opened_by(settings, Province::NeverAnswers).await;
    assert_eq!(
        opened,
        OpenedBy::Withheld(WithheldBecause::RelayUnreachable)
    );
}

#[tokio::test]
async fn waiting_for_the_province_is_no_hang_of_the_reader() {
    let settings = CardSettings {
        stuck_after: Duration::from_millis(1_200),
        relay_limit: Duration::from_millis(1_600),
        ..CardSettings::default()
    };
    let mut under_test = ReadersUnderTest::open(&["Counter"], settings, Province::NeverAnswers);
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    let identity = under_test.identity().await;
    assert_eq!(
        identity.opened_by,
        OpenedBy::Withheld(WithheldBecause::RelayUnreachable)
    );
}

#[tokio::test]
async fn an_answer_to_another_question_never_reaches_the_card() {
    let opened = opened_by(CardSettings::default(), Province::AnswersAnotherQuestion).await;
    assert_eq!(opened, OpenedBy::Withheld(WithheldBecause::RelayNonsense));
}

#[tokio::test]
async fn a_card_that_refuses_the_provinces_answer_is_a_fault() {
    let mut under_test = ReadersUnderTest::open(
        &["Counter"],
        CardSettings::default(),
        Province::ComputesWrongly,
    );
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    assert_eq!(
        under_test.fault().await,
        CardFault::AuthenticationRefused { status: 0x6300 }
    );
}

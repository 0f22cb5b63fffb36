//! What a card answers to internal authentication: over an original of the terminal's, by cards of every version.

use drivers::card::{InternalAnswer, OpenedBy};
use drivers::reader::CardSettings;
use virtual_card::{Card, Direction, Holder, Variant, authentication_code};

use crate::readers_under_test::{Province, ReadersUnderTest, card};

/// What a card answers when it is put in.
async fn answered(card: Card) -> Option<InternalAnswer> {
    let mut under_test = ReadersUnderTest::open(
        &["Counter"],
        CardSettings::default(),
        Province::Authenticates,
    );
    let _card = under_test.rig.insert(0, card).expect("insert");
    let identity = under_test.identity().await;
    assert!(
        identity.holder.is_some(),
        "whether it proves itself or not, it is read"
    );
    identity.answered
}

/// Whether the synthetic card's key has made this answer.
fn is_the_cards(answer: &InternalAnswer) -> bool {
    let eight = |text: &str| -> [u8; 8] {
        hex::decode(text)
            .expect("hex")
            .try_into()
            .expect("eight bytes")
    };
    let id = Holder::default().card_id();
    eight(&answer.result)
        == authentication_code(
            Direction::Internal,
            &id,
            &eight(&answer.factor),
            &eight(&answer.raw),
        )
}

#[tokio::test]
async fn cards_of_every_version_prove_themselves_over_an_original_of_the_terminal() {
    let mut originals = Vec::new();
    for (variant, algorithm) in [
        (Variant::V30, "03"),
        (Variant::V20, ""),
        (Variant::V10, ""),
        (Variant::Contactless, "03"),
    ] {
        let answer = answered(card(variant)).await.expect("an answer");
        assert!(is_the_cards(&answer), "{variant:?}");
        assert_eq!(answer.algorithm, algorithm, "{variant:?}");
        assert_eq!(format!("{answer:?}"), "InternalAnswer(redacted)");
        originals.push(answer.raw.clone());
    }
    originals.sort();
    originals.dedup();
    assert_eq!(originals.len(), 4, "drawn anew for each");
}

#[tokio::test]
async fn an_old_card_that_knows_no_internal_authentication_is_read_all_the_same() {
    assert_eq!(answered(card(Variant::Unproven)).await, None);
}

#[tokio::test]
async fn a_recorded_answer_does_not_fit_the_terminals_original() {
    let recorded = answered(card(Variant::V20)).await.expect("an answer");
    let eight =
        |text: &str| <[u8; 8]>::try_from(hex::decode(text).expect("hex")).expect("eight bytes");
    let copy = card(Variant::V20).replaying(eight(&recorded.factor), eight(&recorded.result));
    let replayed = answered(copy).await.expect("an answer");
    // All that a card gives is as it was; what the terminal gives is not.
    assert_eq!(replayed.factor, recorded.factor);
    assert_eq!(replayed.result, recorded.result);
    assert_ne!(replayed.raw, recorded.raw);
    assert!(is_the_cards(&recorded) && !is_the_cards(&replayed));
}

#[tokio::test]
async fn a_3_0_card_proves_itself_although_nobody_opens_it() {
    let settings = CardSettings {
        providers: Vec::new(),
        ..CardSettings::default()
    };
    let mut under_test = ReadersUnderTest::open(&["Counter"], settings, Province::CannotBeReached);
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    let identity = under_test.identity().await;
    assert!(matches!(identity.opened_by, OpenedBy::Withheld(_)));
    assert!(is_the_cards(&identity.answered.expect("an answer")));
}

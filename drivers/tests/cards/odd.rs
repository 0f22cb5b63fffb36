//! Cards that do not do as the specification says: each is read in another way, or says what it is.

use drivers::card::{CardIdentity, NameEncoding, OpenedBy, Remark, WithheldBecause};
use drivers::reader::{CardEvent, CardFault, CardSettings, Provider, StepName};
use virtual_card::{Asked, Card, Variant};

use crate::readers_under_test::{Province, ReadersUnderTest, card};

/// What comes of a card.
#[derive(Debug, PartialEq)]
enum Came {
    /// Number, name or `-`, how it was opened, and what was odd.
    Read(String, OpenedBy, Vec<Remark>),
    /// Nobody, and why; EF05 is there.
    Nobody(WithheldBecause),
    Fault(CardFault),
}

fn whole(opened_by: OpenedBy) -> Came {
    named("测试一", opened_by, &[])
}

fn named(name: &str, opened_by: OpenedBy, remarks: &[Remark]) -> Came {
    Came::Read(
        format!("650102199003070013 {name}"),
        opened_by,
        remarks.to_vec(),
    )
}

fn came(identity: CardIdentity) -> Came {
    match (identity.holder.as_ref(), identity.opened_by) {
        (Some(holder), opened_by) => Came::Read(
            format!(
                "{} {}",
                holder.number.as_str(),
                holder.name.as_deref().unwrap_or("-")
            ),
            opened_by,
            identity.remarks,
        ),
        (None, OpenedBy::Withheld(because)) => Came::Nobody(because),
        (None, opened_by) => panic!("nobody, and opened by {opened_by:?}"),
    }
}

/// Puts one card after the other into the same reader.
async fn each(providers: Vec<Provider>, rows: Vec<(&str, Card, Came)>) {
    let settings = CardSettings {
        providers,
        ..CardSettings::default()
    };
    let mut under_test = ReadersUnderTest::open(&["Counter"], settings, Province::Authenticates);
    for (what, card, expected) in rows {
        let authenticated =
            matches!(expected, Came::Read(_, OpenedBy::Relay, _)) || what.starts_with("3.0");
        let card = under_test.rig.insert(0, card).expect("insert");
        let came = under_test
            .until(|event| match event {
                CardEvent::Read { reading, .. } => Some(came(reading.identity.clone())),
                CardEvent::Fault { fault, .. } => Some(Came::Fault(fault.clone())),
                CardEvent::Readers(_)
                | CardEvent::Inserted { .. }
                | CardEvent::Removed { .. }
                | CardEvent::Ready => None,
            })
            .await;
        assert_eq!(came, expected, "{what}");
        // A card that is drawn out while it is reset confuses pcscd.
        if authenticated {
            card.wait_for_resets(1);
        }
        card.draw_out();
        under_test.removed().await;
    }
}

/// What cards have been met to say in place of a record that they do not have, and more.
const REFUSALS: [u16; 14] = [
    0x6A83, 0x6A88, 0x6A82, 0x6A80, 0x6985, 0x6700, 0x6D00, 0x6981, 0x6986, 0x6A86, 0x6B00, 0x6E00,
    0x6F00, 0x6300,
];

#[tokio::test]
async fn an_optional_record_that_answers_any_error_is_absent() {
    let mut rows = Vec::new();
    for status in REFUSALS {
        rows.push((
            "name extension",
            card(Variant::V20).answering(Asked::Tag(0x4E), status),
            whole(OpenedBy::Free),
        ));
        rows.push((
            "dates and version",
            card(Variant::V20)
                .answering(Asked::Tag(0x05), status)
                .answering(Asked::Tag(0x06), status)
                .answering(Asked::Tag(0x03), status),
            whole(OpenedBy::Free),
        ));
    }
    rows.push((
        "name extension behind authentication",
        card(Variant::V20).answering(Asked::Tag(0x4E), 0x6982),
        whole(OpenedBy::Free),
    ));
    rows.push((
        "no name at all",
        card(Variant::V20).without(0x09).without(0x4E),
        named("-", OpenedBy::Free, &[Remark::NameUnreadable]),
    ));
    rows.push((
        "no card number",
        card(Variant::V20).without(0x07),
        named("测试一", OpenedBy::Free, &[Remark::CardNumberBlank]),
    ));
    each(vec![Provider::Relay], rows).await;
}

#[tokio::test]
async fn where_reading_by_tag_fails_for_any_reason_other_ways_are_tried() {
    let mut rows = Vec::new();
    for status in REFUSALS {
        rows.push((
            "by tag",
            card(Variant::V20).answering(Asked::AnyTag, status),
            whole(OpenedBy::Free),
        ));
        rows.push((
            "by tag and selection",
            card(Variant::V20)
                .answering(Asked::AnyTag, status)
                .answering(Asked::File(5), status)
                .answering(Asked::File(6), status),
            whole(OpenedBy::Free),
        ));
        rows.push((
            "by tag and number",
            card(Variant::V20)
                .answering(Asked::AnyTag, status)
                .answering(Asked::AnyNumber, status),
            whole(OpenedBy::Free),
        ));
        rows.push((
            "the name alone by tag",
            card(Variant::V20).answering(Asked::Tag(0x09), status),
            whole(OpenedBy::Free),
        ));
        rows.push((
            "3.0, by tag",
            card(Variant::V30).answering(Asked::AnyTag, status),
            whole(OpenedBy::Relay),
        ));
    }
    each(vec![Provider::Relay], rows).await;
}

#[tokio::test]
async fn ef05_is_tried_before_a_card_is_called_foreign() {
    let mut rows = Vec::new();
    for status in [
        0x6A82, 0x6A86, 0x6D00, 0x6E00, 0x6999, 0x6985, 0x6A80, 0x6700,
    ] {
        rows.push((
            "2.0 without the application's name",
            card(Variant::V20).nameless(status),
            whole(OpenedBy::Free),
        ));
    }
    rows.push((
        "another kind of card with a file of that number",
        card(Variant::V20)
            .nameless(0x6A82)
            .holding(0x01, &[0x41; 16]),
        Came::Fault(CardFault::NotThisCard),
    ));
    rows.push((
        "a bank's card",
        card(Variant::OtherCard),
        Came::Fault(CardFault::NotThisCard),
    ));
    each(vec![Provider::Relay], rows).await;
}

#[tokio::test]
async fn a_card_that_cannot_be_used_in_full_says_what_it_is() {
    let behind_pin = || card(Variant::V30).answering(Asked::AnyRecordOf(6), 0x6982);
    let rows = vec![
        (
            "3.0, EF06 behind a PIN",
            behind_pin(),
            Came::Nobody(WithheldBecause::BehindPin),
        ),
        (
            "EF06 locked",
            card(Variant::V20).answering(Asked::AnyRecordOf(6), 0x6983),
            Came::Nobody(WithheldBecause::FileRefused(0x6983)),
        ),
        (
            "an old number of 15 digits",
            card(Variant::V20).holding(0x08, b"650102900307001\0\0\0"),
            Came::Nobody(WithheldBecause::NumberOfOtherForm(15)),
        ),
        (
            "a number of 20 characters",
            card(Variant::V20).holding(0x08, b"65010219900307001300"),
            Came::Nobody(WithheldBecause::NumberOfOtherForm(20)),
        ),
        (
            "no number",
            card(Variant::V20).holding(0x08, &[0x00; 18]),
            Came::Nobody(WithheldBecause::NumberMissing),
        ),
        (
            "no record of a number",
            card(Variant::V20).without(0x08),
            Came::Nobody(WithheldBecause::NumberMissing),
        ),
        (
            "a card number of other length",
            card(Variant::V20).holding(0x07, b"T0000001X9"),
            named(
                "测试一",
                OpenedBy::Free,
                &[Remark::CardNumberOfOtherForm(10)],
            ),
        ),
        (
            "internal authentication refused",
            card(Variant::V30).answering(Asked::InternalAuthentication, 0x6985),
            Came::Nobody(WithheldBecause::CardRefuses(0x6985)),
        ),
        (
            "no challenge",
            card(Variant::V30).answering(Asked::Challenge, 0x6D00),
            Came::Nobody(WithheldBecause::CardRefuses(0x6D00)),
        ),
    ];
    each(vec![Provider::Relay], rows).await;
    let alone = vec![(
        "2.0, EF06 behind a PIN",
        card(Variant::V20).answering(Asked::AnyRecordOf(6), 0x6982),
        Came::Nobody(WithheldBecause::BehindPin),
    )];
    each(Vec::new(), alone).await;
}

#[tokio::test]
async fn a_card_without_anything_to_read_is_a_fault() {
    let rows = vec![
        (
            "nothing but refusals",
            card(Variant::V20)
                .answering(Asked::AnyRecordOf(5), 0x6A88)
                .answering(Asked::AnyRecordOf(6), 0x6A88),
            Came::Fault(CardFault::RecordMissing { tag: 0x01 }),
        ),
        (
            "nothing but an odd refusal",
            card(Variant::V20).answering(Asked::AnyRecordOf(5), 0x6300),
            Came::Fault(CardFault::Refused {
                step: StepName::ReadRecord {
                    file: 5,
                    tag: Some(1),
                },
                status: 0x6300,
            }),
        ),
    ];
    each(vec![Provider::Relay], rows).await;
}

#[tokio::test]
async fn a_name_in_another_encoding_is_read_and_said() {
    let utf_16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let units = "测试一".encode_utf16().flat_map(bytes);
        units.chain([0; 24]).collect()
    };
    let mut utf_8 = "测试一".as_bytes().to_vec();
    utf_8.resize(30, 0);
    let odd = |encoding| [Remark::NameIn(encoding)];
    let rows = vec![
        (
            "UTF-8",
            card(Variant::V20).holding(0x09, &utf_8),
            named("测试一", OpenedBy::Free, &odd(NameEncoding::Utf8)),
        ),
        (
            "UTF-16, big end first",
            card(Variant::V20).holding(0x09, &utf_16(u16::to_be_bytes)),
            named("测试一", OpenedBy::Free, &odd(NameEncoding::Utf16)),
        ),
        (
            "UTF-16, little end first",
            card(Variant::V20).holding(0x09, &utf_16(u16::to_le_bytes)),
            named("测试一", OpenedBy::Free, &odd(NameEncoding::Utf16)),
        ),
        (
            "no text",
            card(Variant::V20).holding(0x09, b"\x80\xFF\x31\x05\xFF"),
            named("-", OpenedBy::Free, &[Remark::NameUnreadable]),
        ),
    ];
    each(vec![Provider::Relay], rows).await;
}

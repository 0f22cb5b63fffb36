//! Every card one meets in a hall, read through the real pcscd.

use drivers::card::{CardDate, CardIdentity, CardVersion, NationalString, OpenedBy, Remark};
use drivers::reader::{CardEvent, CardFault, CardSettings, ReadScope, StepName};
use jiff::civil::date;
use virtual_card::{Card, Holder, Variant};

use crate::readers_under_test::{Province, ReadersUnderTest, card};

/// Reads one card in a room of its own.
async fn read(variant: Variant) -> CardIdentity {
    let mut under_test = ReadersUnderTest::open(
        &["Counter"],
        CardSettings::default(),
        Province::Authenticates,
    );
    let _card = under_test.rig.insert(0, card(variant)).expect("insert");
    under_test.identity().await
}

async fn fault(variant: Variant) -> CardFault {
    let mut under_test = ReadersUnderTest::open(
        &["Counter"],
        CardSettings::default(),
        Province::Authenticates,
    );
    let _card = under_test.rig.insert(0, card(variant)).expect("insert");
    under_test.fault().await
}

fn number(identity: &CardIdentity) -> &str {
    identity.holder.as_ref().expect("holder").number.as_str()
}

fn name(identity: &CardIdentity) -> &str {
    identity
        .holder
        .as_ref()
        .expect("holder")
        .name
        .as_deref()
        .expect("name")
}

#[tokio::test]
async fn a_3_0_card_is_read_with_the_authentication_relayed_to_the_province() {
    let mut under_test = ReadersUnderTest::open(
        &["Counter"],
        CardSettings::default(),
        Province::Authenticates,
    );
    assert_eq!(
        under_test.watched().await,
        ["Counter 00 00", "Counter 00 01"]
    );
    let card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    let CardEvent::Inserted { reader } = under_test.next().await else {
        panic!("the card was put in")
    };
    assert_eq!(reader, "Counter 00 00");
    let identity = under_test.identity().await;
    let holder = identity.holder.as_ref().expect("EF06 was opened");
    assert_eq!(holder.number.as_str(), "650102199003070013");
    assert_eq!(holder.name.as_deref(), Some("测试一"));
    assert_eq!(identity.opened_by, OpenedBy::Relay);
    assert_eq!(identity.remarks, []);
    let face = &identity.face;
    assert_eq!(face.version, CardVersion::V3);
    assert_eq!(
        face.card_number.as_ref().expect("card number").as_str(),
        "T0000001X"
    );
    assert_eq!(face.card_id.to_hex(), "320100D15600000500000001FFFFFFFF");
    assert_eq!(face.issued, CardDate::On(date(2024, 6, 1)));
    assert_eq!(face.expires, CardDate::On(date(2034, 6, 1)));
    assert_eq!(face.reset, "00814A44468660320100000001");
    card.draw_out();
    under_test.removed().await;
}

#[tokio::test]
async fn only_a_card_that_was_opened_by_authentication_is_reset_after_the_read() {
    for (variant, resets) in [(Variant::V30, 1), (Variant::V20, 0)] {
        let mut under_test = ReadersUnderTest::open(
            &["Counter"],
            CardSettings::default(),
            Province::Authenticates,
        );
        let card = under_test.rig.insert(0, card(variant)).expect("insert");
        under_test.inserted().await;
        under_test.identity().await;
        // The next read begins when this one has ended.
        under_test.readers.read_again();
        under_test.inserted().await;
        assert_eq!(card.resets(), resets, "{variant:?}");
    }
}

#[tokio::test]
async fn a_2_0_card_is_read_without_asking_the_province() {
    let identity = read(Variant::V20).await;
    assert_eq!(identity.face.version, CardVersion::V2);
    assert_eq!(identity.opened_by, OpenedBy::Free);
    assert_eq!(
        (number(&identity), name(&identity)),
        ("650102199003070013", "测试一")
    );
}

#[tokio::test]
async fn a_1_0_card_has_no_name_extension() {
    let identity = read(Variant::V10).await;
    assert_eq!(identity.face.version, CardVersion::V1);
    assert_eq!(identity.opened_by, OpenedBy::Free);
    assert_eq!(
        (number(&identity), name(&identity)),
        ("650102199003070013", "测试一")
    );
}

#[tokio::test]
async fn a_version_that_ends_in_a_zero_byte_is_2_0() {
    let identity = read(Variant::V20ZeroByte).await;
    assert_eq!(
        (identity.face.version, identity.face.version_text.as_str()),
        (CardVersion::V2, "2.0")
    );
}

#[tokio::test]
async fn an_empty_version_is_1_0() {
    let identity = read(Variant::EmptyVersion).await;
    assert_eq!(
        (identity.face.version, identity.face.version_text.as_str()),
        (CardVersion::V1, "")
    );
    assert_eq!(identity.remarks, []);
}

#[tokio::test]
async fn details_filled_with_ff_disturb_nobody() {
    let identity = read(Variant::BlankDetails).await;
    assert_eq!(
        (number(&identity), name(&identity)),
        ("650102199003070013", "测试一")
    );
    assert_eq!(identity.remarks, []);
}

#[tokio::test]
async fn a_name_with_four_byte_characters_is_read() {
    assert_eq!(name(&read(Variant::FourByteName).await), "欧阳㛃𠮷");
}

#[tokio::test]
async fn a_name_that_runs_on_in_the_extension_is_whole() {
    assert_eq!(
        name(&read(Variant::ExtendedName).await),
        "阿卜杜外力·买买提吐尔逊·阿不都热依木"
    );
}

#[tokio::test]
async fn a_wrong_check_digit_is_remarked_on() {
    let identity = read(Variant::WrongCheckDigit).await;
    assert_eq!(
        identity
            .face
            .card_number
            .as_ref()
            .expect("card number")
            .as_str(),
        "T00000012"
    );
    assert_eq!(identity.remarks, [Remark::CardNumberCheckDigit]);
}

#[tokio::test]
async fn an_expired_card_says_so_by_its_date() {
    assert_eq!(
        read(Variant::Expired).await.face.expires,
        CardDate::On(date(2020, 6, 1))
    );
}

#[tokio::test]
async fn a_card_that_knows_numbers_only_is_read_by_number_whatever_their_order() {
    let identity = read(Variant::ByNumber).await;
    assert_eq!(
        (number(&identity), name(&identity)),
        ("650102199003070013", "测试一")
    );
    assert_eq!(
        identity
            .face
            .card_number
            .as_ref()
            .expect("card number")
            .as_str(),
        "T0000001X"
    );
}

#[tokio::test]
async fn a_card_that_selects_no_files_is_read_by_short_file_identifier() {
    let identity = read(Variant::ByShortFile).await;
    assert_eq!(
        (number(&identity), name(&identity)),
        ("650102199003070013", "测试一")
    );
}

#[tokio::test]
async fn a_card_that_holds_its_answers_back_is_asked_for_them() {
    let identity = read(Variant::GetResponse).await;
    assert_eq!(
        (number(&identity), identity.opened_by),
        ("650102199003070013", OpenedBy::Relay)
    );
}

#[tokio::test]
async fn an_answer_that_comes_in_portions_is_whole() {
    let identity = read(Variant::Portions).await;
    assert_eq!(
        (number(&identity), identity.opened_by),
        ("650102199003070013", OpenedBy::Relay)
    );
}

#[tokio::test]
async fn blank_records_and_tags_that_nobody_knows_disturb_nobody() {
    let identity = read(Variant::ForeignRecords).await;
    assert_eq!(
        (number(&identity), name(&identity)),
        ("650102199003070013", "测试一")
    );
    assert_eq!(identity.remarks, []);
}

#[tokio::test]
async fn a_card_that_selects_files_by_p1_zero_is_read() {
    assert_eq!(
        number(&read(Variant::SelectByZero).await),
        "650102199003070013"
    );
}

#[tokio::test]
async fn a_card_behind_a_contactless_reader_is_read() {
    let identity = read(Variant::Contactless).await;
    assert_eq!(
        (number(&identity), identity.face.reset.as_str()),
        ("650102199003070013", "00814A4446866000")
    );
    // By T=1 the card gives neither its algorithm nor its authentication to those who do not ask for an answer.
    assert_eq!(identity.opened_by, OpenedBy::Relay);
}

#[tokio::test]
async fn a_card_of_another_kind_is_named_as_such() {
    assert_eq!(fault(Variant::OtherCard).await, CardFault::NotThisCard);
}

#[tokio::test]
async fn a_readers_psam_is_no_patients_card() {
    assert_eq!(fault(Variant::Psam).await, CardFault::Psam);
}

#[tokio::test]
async fn the_national_string_has_the_cards_eleven_fields() {
    let identity = read(Variant::V30).await;
    let national = NationalString::of(&identity, "000000000000", "SIM").expect("holder");
    assert_eq!(
        national.to_text().as_str(),
        "320100|650102199003070013|T0000001X|320100D15600000500000001FFFFFFFF|测试一|00814A44468660320100000001|3.00|\
         20240601|20340601|000000000000|SIM|"
    );
}

#[tokio::test]
async fn every_step_tells_its_time_and_status_word_and_nothing_else() {
    let mut under_test = ReadersUnderTest::open(
        &["Counter"],
        CardSettings::default(),
        Province::Authenticates,
    );
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    let reading = under_test.reading().await;
    let names: Vec<String> = reading
        .steps
        .iter()
        .map(|step| step.name.to_string())
        .collect();
    assert_eq!(
        names,
        [
            "connect",
            "transaction",
            "select application",
            "select EF05",
            "read EF05 record 01",
            "read EF05 record 03",
            "read EF05 record 05",
            "read EF05 record 06",
            "read EF05 record 07",
            "challenge",
            "internal authentication",
            "challenge",
            "challenge",
            "relay to the province",
            "external authentication",
            "select EF06",
            "read EF06 record 08",
            "read EF06 record 09",
            "read EF06 record 4E",
        ]
    );
    assert!(
        reading
            .steps
            .iter()
            .filter_map(|step| step.status)
            .all(|status| status == 0x9000)
    );
    let shown = format!("{reading:?}");
    for secret in [
        "650102199003070013",
        "测试一",
        "T0000001X",
        "320100D1",
        "00814A",
    ] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn every_record_is_read_when_an_odd_card_is_looked_at() {
    let settings = CardSettings {
        scope: ReadScope::EveryRecord,
        ..CardSettings::default()
    };
    let mut under_test = ReadersUnderTest::open(&["Counter"], settings, Province::Authenticates);
    let _card = under_test
        .rig
        .insert(0, card(Variant::V10))
        .expect("insert");
    let reading = under_test.reading().await;
    let status = |tag| {
        let name = StepName::ReadRecord {
            file: 6,
            tag: Some(tag),
        };
        reading
            .steps
            .iter()
            .find(|step| step.name == name)
            .and_then(|step| step.status)
    };
    assert_eq!(
        [0x4E, 0x0A, 0x0D].map(status),
        [Some(0x6A83), Some(0x9000), Some(0x9000)]
    );
}

#[tokio::test]
async fn the_card_stays_and_is_read_again_when_wished() {
    let mut under_test = ReadersUnderTest::open(
        &["Counter"],
        CardSettings::default(),
        Province::Authenticates,
    );
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    under_test.identity().await;
    under_test.readers.read_again();
    assert_eq!(under_test.inserted().await, "Counter 00 00");
    assert_eq!(number(&under_test.identity().await), "650102199003070013");
}

#[tokio::test]
async fn cards_in_several_readers_are_told_apart() {
    let mut under_test = ReadersUnderTest::open(
        &["Counter", "Desk"],
        CardSettings::default(),
        Province::Authenticates,
    );
    let other = Holder {
        number: "11010519491231002X".into(),
        serial: 2,
        ..Holder::default()
    };
    let _first = under_test
        .rig
        .insert(1, card(Variant::V20))
        .expect("insert");
    let _second = under_test
        .rig
        .insert(2, Card::new(Variant::V30, &other).expect("card"))
        .expect("insert");
    let mut read = Vec::new();
    while read.len() < 2 {
        if let CardEvent::Read { reader, reading } = under_test.next().await {
            // PC/SC numbers the readers in the order in which it finds their configuration.
            read.push((
                reader[..reader.len() - 6].to_owned(),
                number(&reading.identity).to_owned(),
            ));
        }
    }
    read.sort();
    assert_eq!(
        read,
        [
            ("Counter".to_owned(), "650102199003070013".to_owned()),
            ("Desk".to_owned(), "11010519491231002X".to_owned())
        ]
    );
}

#[tokio::test]
async fn a_reader_with_a_chinese_name_is_chosen_by_part_of_it() {
    let settings = CardSettings {
        reader: Some("窗口".into()),
        ..CardSettings::default()
    };
    let mut under_test = ReadersUnderTest::open(
        &["一号窗口读卡器", "Desk"],
        settings,
        Province::Authenticates,
    );
    let watched = under_test.watched().await;
    assert_eq!(watched, ["一号窗口读卡器 00 00", "一号窗口读卡器 00 01"]);
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    assert_eq!(under_test.inserted().await, "一号窗口读卡器 00 00");
    under_test.identity().await;
}

#[tokio::test]
async fn a_reader_is_chosen_by_part_of_its_name() {
    let settings = CardSettings {
        reader: Some("Desk".into()),
        ..CardSettings::default()
    };
    let mut under_test =
        ReadersUnderTest::open(&["Counter", "Desk"], settings, Province::Authenticates);
    let _elsewhere = under_test
        .rig
        .insert(0, card(Variant::V20))
        .expect("insert");
    let watched = under_test.watched().await;
    assert_eq!(watched.len(), 2);
    assert!(
        watched.iter().all(|name| name.starts_with("Desk")),
        "{watched:?}"
    );
    let _card = under_test
        .rig
        .insert(2, card(Variant::V30))
        .expect("insert");
    assert!(under_test.inserted().await.starts_with("Desk"));
}

//! What goes up, what is asked, what is refused.

use sandbox::{Effect, Upload};
use settlement_agent::province::{
    Asked, AskedCard, Delivery, DressError, InternalAuthentication, Known, PlatformError,
    Transaction,
};
use settlement_agent::records::message::Content;

use crate::HOLDER;
use crate::simulated_province::{
    SimulatedProvince, fault, fee_detail, fee_lines, message, registration, registration_record,
    settlement,
};

#[tokio::test]
async fn a_stay_goes_up_and_is_acknowledged_to_the_cent() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();

    let receipt = platform.send(&registration(1), now).await.unwrap();
    let number = receipt
        .registration_number
        .expect("a registration is answered with 就医登记号");
    assert!(number.starts_with("430103"), "{number}");

    let details = platform.send(&fee_detail(2), now).await.unwrap();
    assert_eq!(details.registration_number, None);
    let settled = platform
        .send(&settlement(3, now, "29500.00"), now)
        .await
        .unwrap();
    assert_eq!(settled.late_by_s, None);

    let taken: Vec<Upload> = simulated
        .sandbox
        .accepted()
        .iter()
        .map(|message| message.upload)
        .collect();
    assert_eq!(
        taken,
        [
            Upload::VisitRegistration,
            Upload::FeeDetail,
            Upload::Settlement
        ]
    );
}

#[tokio::test]
async fn an_answer_that_was_swallowed_is_asked_for_and_nothing_goes_up_twice() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();
    platform.sign_in(now).await.unwrap();
    simulated
        .sandbox
        .add_fault(fault(Effect::SwallowAnswer, "2201"));

    let message = registration(1);
    let error = platform.send(&message, now).await.unwrap_err();
    assert!(
        matches!(error, PlatformError::ConnectionLost(_)),
        "{error:?}"
    );
    assert_eq!(error.delivery(), Delivery::Unknown);

    let Asked::Taken(asked) = platform.ask(&message.msgid(), now).await.unwrap() else {
        panic!("the province has it");
    };
    let repeated = platform.send(&message, now).await.unwrap();
    assert_eq!(repeated, asked);
    assert_eq!(simulated.sandbox.accepted().len(), 1);
}

#[tokio::test]
async fn a_request_that_was_lost_is_not_there_when_asked_for() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();
    platform.sign_in(now).await.unwrap();
    simulated
        .sandbox
        .add_fault(fault(Effect::LoseRequest, "2201"));

    let message = registration(1);
    let error = platform.send(&message, now).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(
        platform.ask(&message.msgid(), now).await.unwrap(),
        Asked::NotTaken
    );
    platform.send(&message, now).await.unwrap();
    assert_eq!(simulated.sandbox.accepted().len(), 1);
}

#[tokio::test]
async fn an_answer_that_is_too_slow_leaves_the_outcome_unknown() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated
        .platform_with(|settings| settings.answer_timeout = std::time::Duration::from_millis(700));
    let now = simulated.now();
    platform.sign_in(now).await.unwrap();
    simulated
        .sandbox
        .add_fault(fault(Effect::Delay { delay_ms: 60_000 }, "2201"));

    let error = platform.send(&registration(1), now).await.unwrap_err();
    assert!(
        matches!(error, PlatformError::AnswerTimedOut(_)),
        "{error:?}"
    );
    assert_eq!(error.delivery(), Delivery::Unknown);
}

#[tokio::test]
async fn a_gateways_page_is_not_taken_for_an_answer() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();
    platform.sign_in(now).await.unwrap();
    simulated
        .sandbox
        .add_fault(fault(Effect::GatewayPage, "2201"));

    let message = registration(1);
    let error = platform.send(&message, now).await.unwrap_err();
    assert!(
        matches!(error, PlatformError::NotTheEnvelope { status: 502, .. }),
        "{error:?}"
    );
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(matches!(
        platform.ask(&message.msgid(), now).await.unwrap(),
        Asked::Taken(_)
    ));
}

#[tokio::test]
async fn a_session_the_province_forgot_is_renewed_without_a_word() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();
    platform.sign_in(now).await.unwrap();
    simulated.sandbox.expire_sessions();
    platform.send(&registration(1), now).await.unwrap();

    let tomorrow = now + jiff::SignedDuration::from_hours(24);
    simulated.sandbox.clock().advance(24 * 3600);
    platform.send(&fee_detail(2), tomorrow).await.unwrap();
    platform.sign_out(tomorrow).await.unwrap();
    assert_eq!(simulated.sandbox.accepted().len(), 2);
}

#[tokio::test]
async fn an_id_used_for_another_body_is_refused() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();
    platform.send(&registration(1), now).await.unwrap();
    let error = platform.send(&fee_detail(1), now).await.unwrap_err();
    let PlatformError::Rejected { rejection, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(rejection.code, "msgid_reused");
    assert_eq!(error.delivery(), Delivery::Refused);
}

#[tokio::test]
async fn sums_that_differ_by_a_cent_are_refused_and_nothing_is_kept() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();
    platform.send(&registration(1), now).await.unwrap();
    platform.send(&fee_detail(2), now).await.unwrap();
    let error = platform
        .send(&settlement(3, now, "29500.01"), now)
        .await
        .unwrap_err();
    let PlatformError::Rejected { rejection, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(
        (rejection.code.as_str(), rejection.message.as_str()),
        ("totals_differ", "总费用与明细合计不一致")
    );
    assert!(error.notice().say.contains("总费用与明细合计不一致"));
    assert_eq!(simulated.sandbox.accepted().len(), 2);
}

#[tokio::test]
async fn a_rejection_is_the_provinces_own_words_on_screen_and_never_in_debug() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    platform.sign_in(simulated.now()).await.unwrap();
    let reject = Effect::Reject {
        code: "P001".into(),
        message: "测试一的资料有误".into(),
    };
    simulated.sandbox.add_fault(fault(reject, "2201"));
    let error = platform
        .send(&registration(1), simulated.now())
        .await
        .unwrap_err();
    assert!(error.notice().say.contains("测试一的资料有误"));
    assert!(!format!("{error:?} {error}").contains("测试一"));
    assert!(!format!("{:?}", registration(1)).contains("测试一"));
}

#[tokio::test]
async fn a_settlement_after_half_an_hour_is_taken_and_called_late() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();
    platform.send(&registration(1), now).await.unwrap();
    platform.send(&fee_detail(2), now).await.unwrap();
    let message = settlement(3, now, "29500.00");
    simulated.sandbox.clock().advance(40 * 60);
    let receipt = platform.send(&message, simulated.now()).await.unwrap();
    let late = receipt.late_by_s.expect("late");
    assert!((600..=605).contains(&late), "{late}");
}

#[tokio::test]
async fn a_settlement_whose_outcome_is_unknown_can_be_reversed_and_settled_again() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();
    let sent = settlement(3, now, "29500.00");
    for message in [registration(1), fee_detail(2), sent.clone()] {
        platform.send(&message, now).await.unwrap();
    }
    let reversal = platform
        .reversal(
            SimulatedProvince::msgid(4),
            SimulatedProvince::sender(),
            &sent.msgid(),
            "重复提交",
        )
        .unwrap();
    platform.send(&reversal, now).await.unwrap();
    let error = platform.send(&sent, now).await.unwrap_err();
    let PlatformError::Rejected { rejection, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(rejection.code, "message_reversed");
}

#[tokio::test]
async fn a_killed_province_knows_after_its_restart_what_it_took() {
    let simulated = SimulatedProvince::set().await;
    let now = simulated.now();
    let message = registration(1);
    let first = simulated.platform().send(&message, now).await.unwrap();
    let simulated = simulated.restart().await;
    let platform = simulated.platform();
    assert_eq!(
        platform.ask(&message.msgid(), now).await.unwrap(),
        Asked::Taken(first.clone())
    );
    assert_eq!(platform.send(&message, now).await.unwrap(), first);
    platform.send(&fee_detail(2), now).await.unwrap();
    assert_eq!(simulated.sandbox.accepted().len(), 2);
}

#[tokio::test]
async fn what_was_queued_is_dressed_when_it_leaves_and_carries_the_number_that_has_come_since() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let registration = message(1, Content::Registration(registration_record()));
    let queued = registration.encode().unwrap();
    let known = Known::default();
    let dressed = platform.dress(&queued, &known).unwrap();
    assert_eq!(dressed.msgid(), registration.msgid);
    let receipt = platform.send(&dressed, simulated.now()).await.unwrap();
    let known = Known {
        registration_number: receipt.registration_number.clone(),
    };
    let lines = message(2, Content::FeeLines(fee_lines())).encode().unwrap();
    let dressed = platform.dress(&lines, &known).unwrap();
    platform.send(&dressed, simulated.now()).await.unwrap();
    let accepted = simulated.sandbox.accepted();
    let body: serde_json::Value = serde_json::from_str(accepted[1].body.get()).unwrap();
    assert_eq!(
        body["registration_number"].as_str(),
        receipt.registration_number.as_deref()
    );
    assert_eq!(body["lines"][1]["id"], "V012508100100000001-1-2");
    let body: serde_json::Value = serde_json::from_str(accepted[0].body.get()).unwrap();
    assert_eq!(body["diagnoses"][1]["name"], "软组织挫伤");
}

#[tokio::test]
async fn a_province_that_wants_the_number_is_sent_nothing_without() {
    let simulated = SimulatedProvince::set().await;
    let table = simulated.folder().join("wants-number.toml");
    let built_in = include_str!("../../src/province/tables/reference.toml");
    let wanting = built_in.replace("\"where_known\"\n", "\"required\"\n");
    std::fs::write(&table, wanting).unwrap();
    let platform = simulated.platform_with(|settings| settings.adapter_file = Some(table));
    assert_ne!(
        platform.adapter().name(),
        simulated.platform().adapter().name()
    );
    let registration = message(1, Content::Registration(registration_record()));
    let none = Known::default();
    platform
        .dress(&registration.encode().unwrap(), &none)
        .unwrap();
    let lines = message(2, Content::FeeLines(fee_lines())).encode().unwrap();
    assert!(matches!(
        platform.dress(&lines, &none),
        Err(DressError::NotRegistered)
    ));
    let known = Known {
        registration_number: Some("430103202611010000001".to_owned()),
    };
    platform.dress(&lines, &known).unwrap();
}

#[tokio::test]
async fn a_body_that_an_earlier_version_queued_goes_up_as_it_is() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let known = Known {
        registration_number: Some("430103202611010000001".to_owned()),
    };
    let input = r#"{"version":1,"visit_number":"V012508100100000001","visit_kind":"inpatient_medical","channel":"cross_province","registered_at":"2025-08-10T09:00:00+08:00","worker":{"social_security_number":"650102199003070013","name":"测试一"},"insured_division":"650100","filing_number":null,"credential_kind":"social_security_card","department":"骨科","inpatient_number":"ZY0001","diagnoses":[{"code":"","name":"骨折"}],"third_party_liability":"none","emergency":false,"force_majeure":false}"#;
    let queued = format!(
        r#"{{"version":1,"transaction":"visit_registration","msgid":"{}","insured_division":"650100","operator":{{"kind":"cashier","code":"C01","name":"收费员"}},"input":{input}}}"#,
        SimulatedProvince::msgid(1)
    );
    let message = platform.dress(queued.as_bytes(), &known).unwrap();
    platform.send(&message, simulated.now()).await.unwrap();
    assert_eq!(simulated.sandbox.accepted()[0].body.get(), input);
    for wrong in [
        "",
        "{}",
        &queued.replace(
            "\"version\":1,\"transaction\"",
            "\"version\":3,\"transaction\"",
        ),
    ] {
        assert!(matches!(
            platform.dress(wrong.as_bytes(), &known),
            Err(DressError::Unreadable(_))
        ));
    }
}

fn card(number: &'static str, serial: u8) -> AskedCard<'static> {
    AskedCard {
        number,
        id: match serial {
            1 => "320100D15600000500000001FFFFFFFF",
            2 => "320100D15600000500000002FFFFFFFF",
            4 => "320100D15600000500000004FFFFFFFF",
            _ => "320100D15600000500000009FFFFFFFF",
        },
        reset: "00814A44468660320100000001",
        version: "3.00",
    }
}

#[tokio::test]
async fn the_province_vouches_for_cards_and_codes() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();
    let question = "320100|00814A44468660320100000001|03|320100D15600000500000001FFFFFFFF|\
                    2222222222222222|0000000000000000|2222222222222222|3333333333333333|000000000000|";
    let answer = platform.authenticate_card(question, now).await.unwrap();
    // printf '%s' … | openssl dgst -sha256 -mac HMAC, computed apart from this code.
    assert_eq!(
        answer.as_str(),
        "00000000000000002222222222222222|B0BF5CD6EBAB830C3333333333333333|"
    );

    let proof = InternalAuthentication {
        algorithm: "03",
        factor: "2222222222222222",
        raw: "1111111111111111",
        // printf '%s' … | openssl dgst -sha256 -mac HMAC, computed apart from this code.
        result: "89FBC59A32435D25",
    };
    let verified = platform
        .verify_card(card("T0000001X", 1), Some(proof), now)
        .await
        .unwrap();
    assert_eq!(
        (
            verified.social_security_number.as_str(),
            verified.name.as_str()
        ),
        (HOLDER, "测试一")
    );
    // An old card that cannot answer is known by number and id alone.
    let verified = platform.verify_card(card("T00000028", 2), None, now).await;
    assert_eq!(verified.unwrap().name, "测试一");
    let replayed = InternalAuthentication {
        raw: "3333333333333333",
        ..proof
    };
    for (number, serial, answer, code) in [
        ("T0000001X", 1, Some(replayed), "card_forged"),
        ("T0000001X", 1, None, "card_forged"),
        ("T00000052", 1, Some(proof), "card_unknown"),
        ("T0000001X", 9, Some(proof), "card_unknown"),
        ("T00000044", 4, None, "card_lost"),
    ] {
        let error = platform
            .verify_card(card(number, serial), answer, now)
            .await
            .unwrap_err();
        assert!(error.refuses(Transaction::CardVerification), "{error:?}");
        let PlatformError::Rejected { rejection, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(rejection.code, code);
    }

    let code = simulated.sandbox.issue_code(HOLDER).unwrap();
    assert_eq!(
        platform.verify_code(&code, now).await.unwrap().name,
        "测试一"
    );
    let error = platform.verify_code(&code, now).await.unwrap_err();
    let PlatformError::Rejected { rejection, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(rejection.code, "code_used");
}

//! Certificates, addresses and settings that do not work.

use std::time::Duration;

use sandbox::Effect;
use settlement_agent::province::{ConnectError, Delivery, PlatformError, WrongSetting};

use crate::HOLDER;
use crate::simulated_province::{SimulatedProvince, fault, registration};

#[tokio::test]
async fn a_refused_certificate_is_named_each_time_and_recovers() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();
    platform.sign_in(now).await.unwrap();
    simulated.sandbox.refuse_certificates(true).await.unwrap();

    for attempt in 1..=20 {
        let error = platform.send(&registration(1), now).await.unwrap_err();
        assert!(
            matches!(error, PlatformError::CertificateRefused { .. }),
            "attempt {attempt}: {error:?}"
        );
        assert_eq!(error.notice().code, "platform_certificate_refused");
    }
    simulated.sandbox.refuse_certificates(false).await.unwrap();
    platform.send(&registration(1), now).await.unwrap();
    assert_eq!(simulated.sandbox.accepted().len(), 1);
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused() {
    let (simulated, stranger) = (
        SimulatedProvince::set().await,
        SimulatedProvince::set().await,
    );
    let platform = simulated.platform_with(|settings| {
        settings.certificate_file = stranger.sandbox.ready().certificate_file.clone();
        settings.key_file = stranger.sandbox.ready().key_file.clone();
    });
    let error = platform
        .send(&registration(1), simulated.now())
        .await
        .unwrap_err();
    assert!(
        matches!(error, PlatformError::CertificateRefused { .. }),
        "{error:?}"
    );
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[tokio::test]
async fn a_platform_of_another_authority_is_sent_nothing() {
    let (simulated, stranger) = (
        SimulatedProvince::set().await,
        SimulatedProvince::set().await,
    );
    let platform = simulated.platform_with(|settings| {
        settings.authority_file = stranger.sandbox.ready().authority_file.clone();
    });
    let error = platform
        .send(&registration(1), simulated.now())
        .await
        .unwrap_err();
    assert!(
        matches!(error, PlatformError::AuthorityMismatch(_)),
        "{error:?}"
    );
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(simulated.sandbox.accepted().is_empty());
}

#[tokio::test]
async fn a_platform_that_does_not_listen_or_has_no_address_is_not_sent_anything() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    simulated.sandbox.set_listening(false).await.unwrap();
    let error = platform
        .send(&registration(1), simulated.now())
        .await
        .unwrap_err();
    assert!(matches!(error, PlatformError::Unreachable(_)), "{error:?}");
    assert_eq!(error.delivery(), Delivery::NotSent);

    simulated.sandbox.set_listening(true).await.unwrap();
    platform
        .send(&registration(1), simulated.now())
        .await
        .unwrap();

    let nowhere =
        simulated.platform_with(|settings| settings.url = "https://province.invalid".into());
    let error = nowhere
        .send(&registration(1), simulated.now())
        .await
        .unwrap_err();
    assert!(
        matches!(error, PlatformError::NameUnresolved(_)),
        "{error:?}"
    );
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[tokio::test]
async fn settings_that_cannot_work_are_named_before_anything_is_sent() {
    let simulated = SimulatedProvince::set().await;
    let missing =
        simulated.connect_with(|settings| settings.key_file = "/nowhere/client.key".into());
    assert!(matches!(missing, Err(ConnectError::SecretFile(_))));
    let not_pem = simulated
        .connect_with(|settings| settings.certificate_file.clone_from(&settings.secret_file));
    assert!(matches!(not_pem, Err(ConnectError::Pem { .. })));
    let not_a_pair = simulated.connect_with(|settings| {
        settings
            .certificate_file
            .clone_from(&settings.authority_file);
    });
    assert!(matches!(not_a_pair, Err(ConnectError::NotAPair { .. })));
    let not_a_secret =
        simulated.connect_with(|settings| settings.secret_file.clone_from(&settings.key_file));
    assert!(matches!(not_a_secret, Err(ConnectError::Secret { .. })));
    let not_https = simulated.connect_with(|settings| settings.url = "http://127.0.0.1:1".into());
    assert!(matches!(
        not_https,
        Err(ConnectError::Setting {
            setting: WrongSetting::Url
        })
    ));
}

#[tokio::test]
async fn a_question_at_the_gate_does_not_wait_behind_somebody_elses_sign_in() {
    let simulated = SimulatedProvince::set().await;
    let platform =
        simulated.platform_with(|settings| settings.gate_timeout = Duration::from_millis(300));
    let now = simulated.now();
    simulated
        .sandbox
        .add_fault(fault(Effect::Delay { delay_ms: 600_000 }, "9001"));
    let message = registration(1);
    let error = tokio::select! {
        biased;
        sent = platform.send(&message, now) => panic!("{sent:?}"),
        asked = platform.person(HOLDER, now) => asked.unwrap_err(),
    };
    assert!(
        matches!(error, PlatformError::ConnectTimedOut(_)),
        "{error:?}"
    );
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[tokio::test]
async fn a_sign_in_that_is_refused_or_answered_by_a_gateway_is_no_refusal_of_the_message() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();
    let refusal = Effect::Reject {
        code: "maintenance".into(),
        message: "系统维护中".into(),
    };
    for (effect, code) in [
        (refusal, "platform_sign_in_refused"),
        (Effect::GatewayPage, "platform_sign_in_failed"),
    ] {
        simulated.sandbox.add_fault(fault(effect, "9001"));
        let error = platform.send(&registration(1), now).await.unwrap_err();
        assert!(matches!(error, PlatformError::NotSignedIn(_)), "{error:?}");
        assert_eq!(error.delivery(), Delivery::Later);
        assert_eq!(error.notice().code, code);
    }
    platform.send(&registration(1), now).await.unwrap();
    assert_eq!(simulated.sandbox.accepted().len(), 1);
}

#[tokio::test]
async fn a_session_gone_twice_and_a_message_put_off_are_no_refusals_either() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let now = simulated.now();
    let mut gone = fault(
        Effect::Reject {
            code: "session_unknown".into(),
            message: "未签到".into(),
        },
        "2201",
    );
    gone.count = 2;
    simulated.sandbox.add_fault(gone);
    let error = platform.send(&registration(1), now).await.unwrap_err();
    assert!(
        matches!(error, PlatformError::SessionLost { .. }),
        "{error:?}"
    );
    let busy = Effect::Reject {
        code: "out_of_order".into(),
        message: "平台暂时不能受理".into(),
    };
    simulated.sandbox.add_fault(fault(busy, "2201"));
    let put_off = platform.send(&registration(1), now).await.unwrap_err();
    assert!(
        matches!(put_off, PlatformError::PutOff { .. }),
        "{put_off:?}"
    );
    for error in [error, put_off] {
        assert_eq!(error.delivery(), Delivery::Later);
    }
    platform.send(&registration(1), now).await.unwrap();
}

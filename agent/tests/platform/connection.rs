//! Certificates, addresses and settings that do not work.

use settlement_agent::platform::{ConnectError, Delivery, PlatformError};

use crate::stage::{Stage, registration};

#[tokio::test]
async fn a_refused_certificate_is_named_each_time_and_recovers() {
    let stage = Stage::set().await;
    let platform = stage.platform();
    let now = stage.now();
    platform.sign_in(now).await.unwrap();
    stage.sandbox.refuse_certificates(true).await.unwrap();

    for attempt in 1..=20 {
        let error = platform.send(&registration(1), now).await.unwrap_err();
        assert!(
            matches!(error, PlatformError::CertificateRefused { .. }),
            "attempt {attempt}: {error:?}"
        );
        assert_eq!(error.notice().code, "platform_certificate_refused");
    }
    stage.sandbox.refuse_certificates(false).await.unwrap();
    platform.send(&registration(1), now).await.unwrap();
    assert_eq!(stage.sandbox.accepted().len(), 1);
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused() {
    let (stage, stranger) = (Stage::set().await, Stage::set().await);
    let platform = stage.platform_with(|settings| {
        settings.certificate_file = stranger.sandbox.ready().certificate_file.clone();
        settings.key_file = stranger.sandbox.ready().key_file.clone();
    });
    let error = platform
        .send(&registration(1), stage.now())
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
    let (stage, stranger) = (Stage::set().await, Stage::set().await);
    let platform = stage.platform_with(|settings| {
        settings.authority_file = stranger.sandbox.ready().authority_file.clone();
    });
    let error = platform
        .send(&registration(1), stage.now())
        .await
        .unwrap_err();
    assert!(
        matches!(error, PlatformError::AuthorityMismatch(_)),
        "{error:?}"
    );
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(stage.sandbox.accepted().is_empty());
}

#[tokio::test]
async fn a_platform_that_does_not_listen_or_has_no_address_is_not_sent_anything() {
    let stage = Stage::set().await;
    let platform = stage.platform();
    stage.sandbox.set_listening(false).await.unwrap();
    let error = platform
        .send(&registration(1), stage.now())
        .await
        .unwrap_err();
    assert!(matches!(error, PlatformError::Unreachable(_)), "{error:?}");
    assert_eq!(error.delivery(), Delivery::NotSent);

    stage.sandbox.set_listening(true).await.unwrap();
    platform.send(&registration(1), stage.now()).await.unwrap();

    let nowhere = stage.platform_with(|settings| settings.url = "https://province.invalid".into());
    let error = nowhere
        .send(&registration(1), stage.now())
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
    let stage = Stage::set().await;
    let missing = stage.connect_with(|settings| settings.key_file = "/nowhere/client.key".into());
    assert!(matches!(missing, Err(ConnectError::SecretFile(_))));
    let not_pem =
        stage.connect_with(|settings| settings.certificate_file.clone_from(&settings.secret_file));
    assert!(matches!(not_pem, Err(ConnectError::Pem { .. })));
    let not_a_pair = stage.connect_with(|settings| {
        settings
            .certificate_file
            .clone_from(&settings.authority_file);
    });
    assert!(matches!(not_a_pair, Err(ConnectError::NotAPair { .. })));
    let not_a_secret =
        stage.connect_with(|settings| settings.secret_file.clone_from(&settings.key_file));
    assert!(matches!(not_a_secret, Err(ConnectError::Secret { .. })));
    let not_https = stage.connect_with(|settings| settings.url = "http://127.0.0.1:1".into());
    assert!(matches!(
        not_https,
        Err(ConnectError::Setting { key: "url", .. })
    ));
}

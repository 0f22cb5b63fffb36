//! A table of certificates and handshakes: what each of them is called.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use settlement_agent::province::Delivery;
use time::{Duration, OffsetDateTime};

use crate::odd_server::listen;
use crate::simulated_province::{SimulatedProvince, registration};

/// Made by `openssl x509 -req`, valid for a hundred years; the key opens nothing.
const OLD_CERTIFICATE: &str = include_str!("x509_v1.pem");
const OLD_KEY: &str = include_str!("x509_v1.key");

/// The list of an authority that has taken back the certificate with this serial number.
fn list_of(by: &Authority, revoked: u64) -> String {
    let now = OffsetDateTime::now_utc();
    let list = CertificateRevocationListParams {
        this_update: now - Duration::hours(1),
        next_update: now + Duration::days(7),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: vec![RevokedCertParams {
            serial_number: SerialNumber::from(revoked),
            revocation_time: now - Duration::hours(2),
            reason_code: None,
            invalidity_date: None,
        }],
        key_identifier_method: KeyIdMethod::Sha256,
    };
    list.signed_by(by).unwrap().pem().unwrap()
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn named(name: &str, hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = named(name, &[]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn root(name: &str) -> Authority {
    CertifiedIssuer::self_signed(authority(name), KeyPair::generate().unwrap()).unwrap()
}

/// A server's certificate and key, behind it what else is sent.
fn issued(
    by: &Authority,
    params: &CertificateParams,
    sent_along: &[&CertificateDer<'static>],
) -> CertifiedKey {
    let key = KeyPair::generate().unwrap();
    let own = params.signed_by(&key, by).unwrap().der().clone();
    let chain = std::iter::once(own).chain(sent_along.iter().map(|&der| der.clone()));
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    certified(chain.collect(), &key)
}

fn certified(chain: Vec<CertificateDer<'static>>, key: &PrivateKeyDer<'static>) -> CertifiedKey {
    let key = rustls::crypto::ring::sign::any_supported_type(key).unwrap();
    CertifiedKey::new(chain, key)
}

fn serving(certificate: CertifiedKey) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certificate)));
    let config = Arc::new(config);
    listen(move |socket| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        // The client hangs up: that is the point.
        drop(StreamOwned::new(connection, socket).read(&mut [0; 64]));
    })
}

/// Waits for the client's first bytes and answers with these.
fn saying(bytes: &'static [u8]) -> SocketAddr {
    listen(move |mut socket: TcpStream| {
        assert!(socket.read(&mut [0; 1024]).unwrap() > 0);
        socket.write_all(bytes).unwrap();
        socket.shutdown(std::net::Shutdown::Write).unwrap();
        let mut rest = Vec::new();
        drop(socket.read_to_end(&mut rest));
    })
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one flat table, a few lines a row")]
async fn each_cause_is_named_with_what_to_do() {
    let simulated = SimulatedProvince::set().await;
    let ours = root("省平台根证书");
    let authority_file = simulated.folder().join("ours.pem");
    std::fs::write(&authority_file, ours.pem()).unwrap();
    let here = || named("platform", &["127.0.0.1"]);
    let now = OffsetDateTime::now_utc();
    let mut expired = here();
    expired.not_before = now - Duration::days(30);
    expired.not_after = now - Duration::days(1);
    let mut early = here();
    early.not_before = now + Duration::days(1);
    early.not_after = now + Duration::days(30);
    let stranger = root("别处的根证书");
    let middle = || {
        let params = authority("中间证书");
        CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &ours).unwrap()
    };
    let middle = middle();
    let old = certified(
        vec![CertificateDer::from_pem_slice(OLD_CERTIFICATE.as_bytes()).unwrap()],
        &PrivateKeyDer::from_pem_slice(OLD_KEY.as_bytes()).unwrap(),
    );
    let elsewhere = named("platform", &["other.example"]);
    for (address, code, say, next) in [
        (
            serving(issued(&ours, &expired, &[])),
            "platform_tls_expired",
            "过有效期",
            "时间",
        ),
        (
            serving(issued(&ours, &early, &[])),
            "platform_tls_not_yet_valid",
            "生效",
            "时间慢了",
        ),
        (
            serving(issued(&ours, &elsewhere, &[])),
            "platform_tls_other_name",
            "other.example",
            "platform.url",
        ),
        (
            serving(issued(&ours, &named("platform", &[]), &[])),
            "platform_tls_no_name",
            "没有写主机名",
            "subjectAltName",
        ),
        (
            serving(issued(&stranger, &here(), &[stranger.der()])),
            "platform_authority_mismatch",
            "不是省平台",
            "根证书",
        ),
        (
            serving(issued(&middle, &here(), &[])),
            "platform_tls_intermediate_missing",
            "中间证书",
            "配全",
        ),
        (serving(old), "platform_tls_old_certificate", "v1", "v3"),
        (
            saying(&[0x15, 3, 3, 0, 2, 2, 40]),
            "platform_tls_nothing_in_common",
            "共同的 TLS 版本",
            "TLS 1.2",
        ),
        (
            saying(&[0x15, 3, 1, 0, 2, 2, 70]),
            "platform_tls_nothing_in_common",
            "共同的 TLS 版本",
            "TLS 1.2",
        ),
        (
            saying(b"HTTP/1.1 400 Bad Request\r\n\r\nplain HTTP here"),
            "platform_not_tls",
            "不是 HTTPS",
            "端口",
        ),
    ] {
        let platform = simulated.platform_with(|settings| {
            settings.url = format!("https://{address}");
            settings.authority_file.clone_from(&authority_file);
        });
        let error = platform
            .send(&registration(1), simulated.now())
            .await
            .unwrap_err();
        assert_eq!(error.code(), code, "{error:?}");
        assert_eq!(error.delivery(), Delivery::NotSent, "{code}");
        let notice = error.notice();
        assert!(notice.say.contains(say), "{code}: {}", notice.say);
        assert!(notice.next.contains(next), "{code}: {}", notice.next);
    }
}

#[tokio::test]
async fn a_platform_whose_certificate_was_taken_back_is_not_talked_to_where_the_list_says_so() {
    let simulated = SimulatedProvince::set().await;
    let (ours, others) = (root("省平台根证书"), root("别处的根证书"));
    let folder = simulated.folder();
    let authority_file = folder.join("ours.pem");
    std::fs::write(&authority_file, ours.pem()).unwrap();
    let mut params = named("platform", &["127.0.0.1"]);
    params.serial_number = Some(SerialNumber::from(77));
    let address = serving(issued(&ours, &params, &[]));
    for (list, expected) in [
        (Some(list_of(&ours, 77)), "platform_tls_revoked"),
        // Trusted: the handshake goes through, and what answers is no province.
        (Some(list_of(&ours, 78)), "platform_unreachable"),
        (None, "platform_unreachable"),
        // A list that says nothing of this certificate's authority.
        (
            Some(list_of(&others, 77)),
            "platform_tls_revocation_unknown",
        ),
    ] {
        let file = list.map(|list| {
            let file = folder.join("list.pem");
            std::fs::write(&file, list).unwrap();
            file
        });
        let platform = simulated.platform_with(|settings| {
            settings.url = format!("https://{address}");
            settings.authority_file.clone_from(&authority_file);
            settings.revocation_list_file.clone_from(&file);
        });
        let error = platform
            .send(&registration(1), simulated.now())
            .await
            .unwrap_err();
        assert_eq!(error.code(), expected, "{error:?}");
    }
}

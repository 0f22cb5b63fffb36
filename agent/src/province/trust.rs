//! Whether whoever answers is the platform: the TLS configuration, and what is wrong where it is not trusted.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SingleCertAndKey;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, OtherError,
    RootCertStore, SignatureScheme,
};

use super::error::{ConnectError, TlsTrouble};
use super::identity;
use super::settings::PlatformSettings;

/// TLS with our certificate, towards whoever is certified by the configured authority.
pub(super) fn config(settings: &PlatformSettings) -> Result<ClientConfig, ConnectError> {
    let roots = Arc::new(identity::authorities(settings)?);
    let pair = identity::pair(settings)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let unusable = |source| ConnectError::Certificate {
        path: settings.certificate_file.clone(),
        source,
    };
    // Where there is a list, what it does not know of is not trusted; of the authorities above there is none to ask.
    let inner =
        WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider))
            .with_crls(identity::revoked(settings)?)
            .only_check_end_entity_revocation()
            .build()
            .map_err(|error| unusable(rustls::Error::General(error.to_string())))?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Verifier { inner, roots }))
        .with_client_cert_resolver(Arc::new(SingleCertAndKey::from(pair)));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// The library's verifier. Where it knows no issuer, this one looks whether the chain was sent at all.
#[derive(Debug)]
struct Verifier {
    inner: Arc<WebPkiServerVerifier>,
    roots: Arc<RootCertStore>,
}

/// The certificate came alone, and no configured authority issued it.
#[derive(Debug, thiserror::Error)]
#[error("the certificate came without its issuer's, which is no configured authority")]
struct CameAlone;

impl Verifier {
    /// One certificate, which neither itself nor a configured authority issued by its name.
    fn came_alone(&self, own: &CertificateDer<'_>, others: &[CertificateDer<'_>]) -> bool {
        let Ok(own) = webpki::EndEntityCert::try_from(own) else {
            return false;
        };
        let issuer = own.issuer();
        others.is_empty()
            && issuer != own.subject()
            && self
                .roots
                .roots
                .iter()
                .all(|root| root.subject.as_ref() != issuer)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verified {
            Err(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer))
                if self.came_alone(end_entity, intermediates) =>
            {
                Err(CertificateError::Other(OtherError(Arc::new(CameAlone))).into())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// What is wrong, where it has a name of its own; an unknown authority has not.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "another crate's errors, of which some have words of their own"
)]
pub(super) fn trouble(error: &rustls::Error) -> Option<TlsTrouble> {
    match error {
        rustls::Error::InvalidCertificate(fault) => certificate_trouble(fault),
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(
            AlertDescription::HandshakeFailure
            | AlertDescription::ProtocolVersion
            | AlertDescription::InsufficientSecurity,
        ) => Some(TlsTrouble::NothingInCommon),
        rustls::Error::InvalidMessage(_) => Some(TlsTrouble::NotTls),
        _ => None,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "another crate's errors, of which some have words of their own"
)]
fn certificate_trouble(fault: &CertificateError) -> Option<TlsTrouble> {
    match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            Some(TlsTrouble::Expired)
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Some(TlsTrouble::NotYetValid)
        }
        CertificateError::NotValidForName => Some(TlsTrouble::OtherName(Vec::new())),
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            Some(TlsTrouble::NoName)
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            Some(TlsTrouble::OtherName(presented.clone()))
        }
        CertificateError::Revoked => Some(TlsTrouble::Revoked),
        CertificateError::UnknownRevocationStatus => Some(TlsTrouble::RevocationUnknown),
        CertificateError::UnknownIssuer | CertificateError::BadSignature => None,
        CertificateError::Other(OtherError(inner)) if inner.is::<CameAlone>() => {
            Some(TlsTrouble::IntermediateMissing)
        }
        // webpki's own word, which rustls passes on as "another error".
        other if format!("{other:?}").contains("UnsupportedCertVersion") => {
            Some(TlsTrouble::OldVersion)
        }
        _ => Some(TlsTrouble::Unusable),
    }
}

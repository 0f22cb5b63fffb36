//! The files by which province and institution know each other: authority, certificate, key and secret, each read once, told apart
//! from what it is often mistaken for.

use std::path::{Path, PathBuf};

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{InconsistentKeys, RootCertStore};

use super::envelope::Secret;
use super::error::{ConnectError, OtherForm};
use super::settings::PlatformSettings;
use crate::secret_file;

/// The authorities that the province's certificate is held against.
pub(super) fn authorities(settings: &PlatformSettings) -> Result<RootCertStore, ConnectError> {
    let path = &settings.authority_file;
    let mut roots = RootCertStore::empty();
    for authority in certificates(path)? {
        roots
            .add(authority)
            .map_err(|source| ConnectError::Certificate {
                path: path.clone(),
                source,
            })?;
    }
    Ok(roots)
}

/// The authority's list of revoked certificates, where one is configured.
pub(super) fn revoked(
    settings: &PlatformSettings,
) -> Result<Vec<CertificateRevocationListDer<'static>>, ConnectError> {
    settings
        .revocation_list_file
        .as_deref()
        .map_or_else(|| Ok(Vec::new()), items)
}

/// This institution's certificate with its key: as a pair that the handshake can use.
pub(super) fn pair(settings: &PlatformSettings) -> Result<CertifiedKey, ConnectError> {
    let chain = certificates(&settings.certificate_file)?;
    let path = &settings.key_file;
    let text = secret_file::read(path)?;
    if let Some(form) = other_form(&text) {
        return Err(form_of(path, form));
    }
    let key = PrivateKeyDer::from_pem_slice(&text).map_err(|source| ConnectError::Pem {
        path: path.clone(),
        source,
    })?;
    let provider = rustls::crypto::ring::default_provider();
    if let Err(source) = provider.key_provider.load_private_key(key.clone_key()) {
        return Err(ConnectError::KeyKind {
            path: path.clone(),
            source,
        });
    }
    CertifiedKey::from_der(chain, key, &provider).map_err(|source| unusable(settings, source))
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "another crate's errors, of which two have words of their own"
)]
fn unusable(settings: &PlatformSettings, source: rustls::Error) -> ConnectError {
    let path = settings.certificate_file.clone();
    match source {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => ConnectError::NotAPair {
            path,
            key: settings.key_file.clone(),
        },
        // webpki's own word, which rustls passes on as "another error".
        source if format!("{source:?}").contains("UnsupportedCertVersion") => {
            ConnectError::OldCertificate { path }
        }
        source => ConnectError::Certificate { path, source },
    }
}

/// What signs each message.
pub(super) fn secret(settings: &PlatformSettings) -> Result<Secret, ConnectError> {
    let path = &settings.secret_file;
    let text = secret_file::read_text(path)?;
    Secret::parse(&text).ok_or_else(|| ConnectError::Secret { path: path.clone() })
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    items(path)
}

/// All that a PEM file holds of one kind; at least one.
fn items<T: PemObject>(path: &Path) -> Result<Vec<T>, ConnectError> {
    let text = std::fs::read(path).map_err(|source| ConnectError::Unreadable {
        path: path.into(),
        source,
    })?;
    if let Some(form) = other_form(&text) {
        return Err(form_of(path, form));
    }
    let found: Result<Vec<T>, _> = T::pem_slice_iter(&text).collect();
    let failed = |source| ConnectError::Pem {
        path: path.into(),
        source,
    };
    match found {
        Ok(list) if list.is_empty() => Err(failed(pem::Error::NoItemsFound)),
        Ok(list) => Ok(list),
        Err(source) => Err(failed(source)),
    }
}

fn form_of(path: &Path, form: OtherForm) -> ConnectError {
    ConnectError::Form {
        path: PathBuf::from(path),
        form,
    }
}

fn other_form(file: &[u8]) -> Option<OtherForm> {
    let holds = |words: &[u8]| file.windows(words.len()).any(|window| window == words);
    if holds(b"-----BEGIN ENCRYPTED PRIVATE KEY") || holds(b"Proc-Type: 4,ENCRYPTED") {
        return Some(OtherForm::Passphrase);
    }
    // A sequence; of PKCS#12 its first element is the number 3.
    let content = match file {
        [0x30, 0x81, _, content @ ..]
        | [0x30, 0x82, _, _, content @ ..]
        | [0x30, 0x83, _, _, _, content @ ..] => content,
        [0x30, length, content @ ..] if *length < 0x80 => content,
        _ => return None,
    };
    Some(if content.starts_with(&[0x02, 0x01, 0x03]) {
        OtherForm::Pkcs12
    } else {
        OtherForm::Der
    })
}

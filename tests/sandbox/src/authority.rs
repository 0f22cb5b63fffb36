//! The province's own certificate authority: made at the first start, kept in the folder for the next.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use time::{Duration, OffsetDateTime};

/// Names of the files the sandbox leaves in its folder.
pub mod files {
    /// The authority's certificate: what the agent trusts.
    pub const AUTHORITY: &str = "ca.pem";
    /// The agent's certificate.
    pub const CLIENT: &str = "client.pem";
    /// The agent's private key.
    pub const CLIENT_KEY: &str = "client.key";
    /// The institution's secret, in hex.
    pub const SECRET: &str = "institution.secret";
    pub(crate) const SERVER: &str = "server.pem";
    pub(crate) const SERVER_KEY: &str = "server.key";
}

const ALL: [&str; 6] = [
    files::AUTHORITY,
    files::CLIENT,
    files::CLIENT_KEY,
    files::SECRET,
    files::SERVER,
    files::SERVER_KEY,
];

/// Makes what is not there; a folder that has everything is left as it is, so that a restart keeps its identity.
pub(crate) fn prepare(dir: &Path, institution: &str) -> Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    if ALL.iter().all(|name| dir.join(name).exists()) {
        return Ok(());
    }
    let authority = CertifiedIssuer::self_signed(authority_params()?, KeyPair::generate()?)?;
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let (server, server_key) = issue(
        &authority,
        names,
        "sandbox province",
        ExtendedKeyUsagePurpose::ServerAuth,
    )?;
    let (client, client_key) = issue(
        &authority,
        Vec::new(),
        institution,
        ExtendedKeyUsagePurpose::ClientAuth,
    )?;
    write(dir, files::AUTHORITY, &authority.pem(), 0o644)?;
    write(dir, files::SERVER, &server.pem(), 0o644)?;
    write(dir, files::SERVER_KEY, &server_key.serialize_pem(), 0o600)?;
    write(dir, files::CLIENT, &client.pem(), 0o644)?;
    write(dir, files::CLIENT_KEY, &client_key.serialize_pem(), 0o600)?;
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)?;
    write(dir, files::SECRET, &hex::encode(secret), 0o600)
}

fn authority_params() -> Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
        .distinguished_name
        .push(DnType::CommonName, "settlement sandbox authority");
    valid_for_years(&mut params);
    Ok(params)
}

fn issue(
    authority: &CertifiedIssuer<'_, KeyPair>,
    names: Vec<String>,
    common_name: &str,
    usage: ExtendedKeyUsagePurpose,
) -> Result<(Certificate, KeyPair)> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names)?;
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    valid_for_years(&mut params);
    let certificate = params.signed_by(&key, authority)?;
    Ok((certificate, key))
}

/// By the machine's clock, whatever the province's shows: TLS knows no other.
fn valid_for_years(params: &mut CertificateParams) {
    let now = OffsetDateTime::now_utc();
    params.not_before = now - Duration::days(1);
    params.not_after = now + Duration::days(3650);
}

fn write(dir: &Path, name: &str, text: &str, mode: u32) -> Result<()> {
    let path = dir.join(name);
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(mode)
        .open(&path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(text.as_bytes())?;
    Ok(())
}

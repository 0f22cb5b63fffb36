//! The HTTPS door of the province: client certificates required, opened and shut on demand at one address.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result};
use axum::Router;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig,
    SignatureScheme,
};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::authority::files;

/// A listening address that can be shut and opened again.
pub(crate) struct Door {
    address: SocketAddr,
    tls: RustlsConfig,
    router: Router,
    open: Mutex<Option<Open>>,
}

struct Open {
    handle: Handle<SocketAddr>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Door {
    /// Takes the address and opens.
    pub(crate) async fn open_at(
        listen: SocketAddr,
        tls: ServerConfig,
        router: Router,
    ) -> Result<Self> {
        let listener =
            TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
        let door = Self {
            address: listener.local_addr()?,
            tls: RustlsConfig::from_config(Arc::new(tls)),
            router,
            open: Mutex::new(None),
        };
        *door.open.lock().await = Some(door.serve(listener)?);
        Ok(door)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) async fn is_open(&self) -> bool {
        self.open.lock().await.is_some()
    }

    /// Stops listening and breaks every connection.
    pub(crate) async fn shut(&self) {
        if let Some(open) = self.open.lock().await.take() {
            open.handle.shutdown();
            match open.serving.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "the door shut with an error"),
                Err(error) => tracing::warn!(%error, "the door shut with an error"),
            }
        }
    }

    /// Listens again at the same address.
    pub(crate) async fn reopen(&self) -> Result<()> {
        let mut open = self.open.lock().await;
        if open.is_none() {
            let listener = TcpListener::bind(self.address)
                .with_context(|| format!("cannot listen on {} again", self.address))?;
            *open = Some(self.serve(listener)?);
        }
        Ok(())
    }

    fn serve(&self, listener: TcpListener) -> Result<Open> {
        listener.set_nonblocking(true)?;
        let handle = Handle::new();
        // Without NoDelayAcceptor every new connection waits for a delayed acknowledgement.
        let acceptor = RustlsAcceptor::new(self.tls.clone()).acceptor(NoDelayAcceptor::new());
        let server = axum_server::from_tcp(listener)?
            .acceptor(acceptor)
            .handle(handle.clone());
        let serving = tokio::spawn(server.serve(self.router.clone().into_make_service()));
        Ok(Open { handle, serving })
    }
}

/// TLS as the province speaks it: its own certificate, and a client certificate of its authority demanded.
pub(crate) fn tls(dir: &Path, refuse: Arc<AtomicBool>) -> Result<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(dir.join(files::AUTHORITY))?)?;
    let inner = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()?;
    let certificate = CertificateDer::from_pem_file(dir.join(files::SERVER))?;
    let key = PrivateKeyDer::from_pem_file(dir.join(files::SERVER_KEY))?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(Arc::new(Verifier { inner, refuse }))
        .with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A resumed session would not show its certificate again.
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}

/// The authority's verifier, and a switch by which it revokes everybody.
#[derive(Debug)]
struct Verifier {
    inner: Arc<dyn ClientCertVerifier>,
    refuse: Arc<AtomicBool>,
}

impl ClientCertVerifier for Verifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if self.refuse.load(Ordering::SeqCst) {
            return Err(CertificateError::Revoked.into());
        }
        self.inner
            .verify_client_cert(end_entity, intermediates, now)
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

//! HTTPS with client certificates: one request, and what exactly went wrong with it.

use std::error::Error;
use std::io::Read;
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{AlertDescription, ClientConfig, ClientConnection, StreamOwned};

use super::answer_text::{ANSWER_LIMIT_BYTES, Reply};
use super::error::{ConnectError, Delivery, PlatformError, WrongAnswer, WrongSetting};
use super::settings::PlatformSettings;
use super::{trust, verdict};

/// How long a handshake that only listens waits for an alert: a platform that accepts us has nothing to say.
const LISTEN_FOR_ALERT: Duration = Duration::from_secs(1);

/// The HTTPS client and what is needed to look again at a refused handshake.
#[derive(Debug, Clone)]
pub(super) struct Transport {
    client: reqwest::Client,
    tls: Arc<ClientConfig>,
    endpoint: reqwest::Url,
    connect_timeout: Duration,
}

impl Transport {
    pub(super) fn new(settings: &PlatformSettings, path: &str) -> Result<Self, ConnectError> {
        let tls = trust::config(settings)?;
        let endpoint = endpoint(&settings.url, path)?;
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .https_only(true)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .http1_only()
            .connect_timeout(settings.connect_timeout)
            .build()
            .map_err(ConnectError::Client)?;
        Ok(Self {
            client,
            tls: Arc::new(tls),
            endpoint,
            connect_timeout: settings.connect_timeout,
        })
    }

    /// Posts one message and reads the whole answer.
    pub(super) async fn post(
        &self,
        body: Vec<u8>,
        timeout: Duration,
    ) -> Result<Reply, PlatformError> {
        let sent = self
            .client
            .post(self.endpoint.clone())
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .timeout(timeout)
            .body(body)
            .send()
            .await;
        let response = match sent {
            Ok(response) => response,
            Err(error) => return Err(self.explain(error).await),
        };
        read_limited(response).await
    }

    async fn explain(&self, error: reqwest::Error) -> PlatformError {
        let tls = find_tls_error(&error).cloned();
        if error.is_connect() {
            return before_sending(error, tls);
        }
        if error.is_timeout() {
            return PlatformError::AnswerTimedOut(error.into());
        }
        if let Some(refusal) = tls.filter(refuses_our_certificate) {
            return PlatformError::CertificateRefused {
                delivery: Delivery::NotSent,
                source: refusal.into(),
            };
        }
        // TLS 1.3 lets us write before the other side has looked at our certificate; whether its alert or the
        // broken connection reaches us first is chance. A handshake that only listens tells.
        match self.listen_for_refusal().await {
            Some(refusal) => PlatformError::CertificateRefused {
                delivery: Delivery::Unknown,
                source: refusal.into(),
            },
            None => PlatformError::ConnectionLost(error.into()),
        }
    }

    async fn listen_for_refusal(&self) -> Option<rustls::Error> {
        let tls = Arc::clone(&self.tls);
        let host = self
            .endpoint
            .host_str()?
            .trim_matches(['[', ']'])
            .to_owned();
        let port = self.endpoint.port_or_known_default()?;
        let limit = self.connect_timeout;
        tokio::task::spawn_blocking(move || handshake_and_listen(tls, &host, port, limit))
            .await
            .ok()
            .flatten()
    }
}

/// Opens a connection, writes nothing after the handshake and reads: an alert is the answer. A platform that
/// accepts us is left after a moment.
fn handshake_and_listen(
    tls: Arc<ClientConfig>,
    host: &str,
    port: u16,
    limit: Duration,
) -> Option<rustls::Error> {
    let name = ServerName::try_from(host.to_owned()).ok()?;
    let address = (host, port).to_socket_addrs().ok()?.next()?;
    let socket = TcpStream::connect_timeout(&address, limit).ok()?;
    socket.set_read_timeout(Some(LISTEN_FOR_ALERT)).ok()?;
    socket.set_write_timeout(Some(limit)).ok()?;
    let connection = ClientConnection::new(tls, name).ok()?;
    let mut stream = StreamOwned::new(connection, socket);
    let error = stream.read(&mut [0]).err()?;
    find_tls_error(&error)
        .cloned()
        .filter(refuses_our_certificate)
}

fn before_sending(error: reqwest::Error, tls: Option<rustls::Error>) -> PlatformError {
    if let Some(why) = tls.as_ref().and_then(trust::trouble) {
        return PlatformError::NotTrusted {
            why,
            source: error.into(),
        };
    }
    match tls {
        Some(rustls::Error::InvalidCertificate(_)) => {
            PlatformError::AuthorityMismatch(error.into())
        }
        Some(refusal) if refuses_our_certificate(&refusal) => PlatformError::CertificateRefused {
            delivery: Delivery::NotSent,
            source: error.into(),
        },
        _ if error.is_timeout() => PlatformError::ConnectTimedOut(error.into()),
        _ if is_name_resolution(&error) => PlatformError::NameUnresolved(error.into()),
        _ => PlatformError::Unreachable(error.into()),
    }
}

/// Reads the whole answer. Where the connection breaks behind an answer that is whole, as gateways break it without saying
/// goodbye (`close_notify`), the answer counts.
async fn read_limited(mut response: reqwest::Response) -> Result<Reply, PlatformError> {
    let mut reply = Reply {
        status: response.status().as_u16(),
        charset: charset(response.headers()),
        body: Vec::new(),
    };
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(reply),
            Ok(Some(chunk)) if reply.body.len() + chunk.len() > ANSWER_LIMIT_BYTES => {
                return Err(PlatformError::NotTheEnvelope {
                    status: reply.status,
                    reason: WrongAnswer::TooLong,
                });
            }
            Ok(Some(chunk)) => reply.body.extend_from_slice(&chunk),
            Err(error) if error.is_timeout() => {
                return Err(PlatformError::AnswerTimedOut(error.into()));
            }
            Err(_broken) if verdict::is_whole(&reply) => return Ok(reply),
            Err(error) => return Err(PlatformError::ConnectionLost(error.into())),
        }
    }
}

/// `charset` of the content's type.
fn charset(headers: &reqwest::header::HeaderMap) -> Option<String> {
    let told = headers.get(reqwest::header::CONTENT_TYPE)?.to_str().ok()?;
    told.split(';').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let is_it = name.trim().eq_ignore_ascii_case("charset");
        is_it.then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Finds rustls' error in a chain of sources; `io::Error` hides what it wraps from `source()`.
fn find_tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(current) = next {
        if let Some(tls) = current.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        next = match current
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => current.source(),
        };
    }
    None
}

fn refuses_our_certificate(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
                | AlertDescription::BadCertificate
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateUnknown
                | AlertDescription::UnknownCA
                | AlertDescription::AccessDenied
                | AlertDescription::DecryptError
        )
    )
}

fn is_name_resolution(error: &reqwest::Error) -> bool {
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(current) = next {
        if current.to_string() == "dns error" {
            return true;
        }
        next = current.source();
    }
    false
}

pub(super) fn endpoint(url: &str, path: &str) -> Result<reqwest::Url, ConnectError> {
    let wrong = ConnectError::Setting {
        setting: WrongSetting::Url,
    };
    let Ok(parsed) = reqwest::Url::parse(url) else {
        return Err(wrong);
    };
    let bare = parsed.scheme() == "https"
        && parsed.host_str().is_some()
        && parsed.path() == "/"
        && parsed.query().is_none()
        && parsed.username().is_empty();
    match parsed.join(path) {
        Ok(endpoint) if bare => Ok(endpoint),
        Ok(_) | Err(_) => Err(wrong),
    }
}

//! A server written by hand: real TLS, and then exactly the bytes a test gives it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What it does with each message that is not a sign-in: the HTTP answer, byte for byte; `MSGID` in it is the message's.
#[derive(Clone)]
pub(crate) struct OddAnswer {
    pub(crate) bytes: Vec<u8>,
    /// Whether it says goodbye before it hangs up.
    pub(crate) close_notify: bool,
}

/// One server; it serves until the test ends.
pub(crate) struct OddServer {
    pub(crate) address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl OddServer {
    /// With the certificate that lies in a sandbox's folder.
    pub(crate) fn serve(folder: &std::path::Path, answer: OddAnswer) -> Self {
        let certificate = CertificateDer::from_pem_file(folder.join("server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let config = Arc::new(config);
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let address = listen(move |socket| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, socket);
            let Some(request) = request(&mut stream) else {
                return;
            };
            let msgid = field(&request, "msgid");
            if field(&request, "infno") == "9001" {
                let said = format!(
                    r#"{{"infcode":0,"inf_refmsgid":"{msgid}","output":{{"sign_no":"S1","valid_until":"2099-01-01T00:00:00+08:00"}}}}"#
                );
                stream
                    .write_all(&http("200 OK", "", said.as_bytes()))
                    .unwrap();
            } else {
                counted.fetch_add(1, Ordering::SeqCst);
                stream.write_all(&named(&answer.bytes, &msgid)).unwrap();
                if !answer.close_notify {
                    stream.flush().unwrap();
                    return;
                }
            }
            stream.conn.send_close_notify();
            stream.flush().unwrap();
        });
        Self { address, asked }
    }

    /// How many messages it was sent.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// Serves each connection in its turn.
pub(crate) fn listen(serve: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            serve(socket.unwrap());
        }
    });
    address
}

/// An HTTP answer with its length.
pub(crate) fn http(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn named(bytes: &[u8], msgid: &str) -> Vec<u8> {
    // The identifier has thirty characters, and so has its place: a length that was counted stays right.
    const PLACE: &[u8] = b"MSGIDMSGIDMSGIDMSGIDMSGIDMSGID";
    let mut bytes = bytes.to_vec();
    if let Some(at) = bytes
        .windows(PLACE.len())
        .position(|window| window == PLACE)
    {
        bytes[at..at + PLACE.len()].copy_from_slice(msgid.as_bytes());
    }
    bytes
}

/// Reads one request to its end; its body.
fn request(stream: &mut StreamOwned<ServerConnection, TcpStream>) -> Option<String> {
    let mut read = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let length = stream.read(&mut chunk).ok().filter(|length| *length > 0)?;
        read.extend_from_slice(&chunk[..length]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length: usize = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, length)| length.trim().parse().ok())?;
        if body.len() >= length {
            return Some(body.to_owned());
        }
    }
}

fn field(body: &str, name: &str) -> String {
    let whole: serde_json::Value = serde_json::from_str(body).unwrap();
    whole[name].as_str().unwrap().to_owned()
}

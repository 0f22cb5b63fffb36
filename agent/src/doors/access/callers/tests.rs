//! Connections as programs make them: silent ones, half-sent ones, ones that take nothing, and HTTP/2.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// So long that no test waits for it.
const LONG: Duration = Duration::from_hours(1);

const SHORT: Duration = Duration::from_millis(50);

const PATIENT: Patience = Patience {
    head: LONG,
    piece: LONG,
    body: LONG,
    answer: LONG,
};

/// A door with this patience and the places of nobody in particular.
async fn door(patience: Patience) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new()
        .route(
            "/taken",
            post(|body: Bytes| async move { body.len().to_string() }),
        )
        .route("/much", get(|| async { vec![b'x'; 64 * 1024 * 1024] }))
        .route(
            "/who",
            get(|ConnectInfo(caller): ConnectInfo<Caller>| async move {
                format!("{:?}", caller.account)
            }),
        );
    let keeping = Keeping {
        places: ConnectionSlots::new(Reserved::default()),
        patience,
    };
    tokio::spawn(serve(listener, router, keeping));
    address
}

/// Sends this and reads until the other side ends the connection.
async fn said_and_heard(address: SocketAddr, said: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(said.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).await.unwrap();
    String::from_utf8_lossy(&heard).into_owned()
}

const HALF_A_BODY: &str = "POST /taken HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf";

#[tokio::test]
async fn a_connection_that_says_nothing_or_half_a_head_is_ended() {
    let address = door(Patience {
        head: SHORT,
        ..PATIENT
    })
    .await;
    for said in ["", "GET /who HTTP/1.1\r\nHost: x\r\n"] {
        let heard = said_and_heard(address, said).await;
        assert!(!heard.contains("200"), "{said:?}: {heard}");
    }
    let answered = said_and_heard(address, "GET /who HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(answered.starts_with("HTTP/1.1 200 "), "{answered}");
}

#[tokio::test]
async fn a_body_that_stops_half_way_or_comes_for_ever_is_broken_off() {
    for patience in [
        Patience {
            piece: SHORT,
            ..PATIENT
        },
        Patience {
            body: SHORT,
            ..PATIENT
        },
    ] {
        let address = door(patience).await;
        let heard = said_and_heard(address, HALF_A_BODY).await;
        let refused = format!("HTTP/1.1 {} ", StatusCode::BAD_REQUEST.as_u16());
        assert!(heard.starts_with(&refused), "{patience:?}: {heard}");
    }
}

#[tokio::test]
async fn a_connection_that_takes_nothing_of_its_answer_is_ended() {
    let address = door(Patience {
        answer: SHORT,
        ..PATIENT
    })
    .await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET /much HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    // Not a byte is read until the other side has given up.
    while stream
        .write_all(b"GET /who HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .is_ok()
    {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn http_2_without_tls_is_not_spoken() {
    let address = door(PATIENT).await;
    let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0";
    let heard = said_and_heard(address, preface).await;
    assert!(
        heard.is_empty() || heard.starts_with("HTTP/1.1 400 "),
        "{heard:?}"
    );
}

#[tokio::test]
async fn every_request_knows_whose_connection_it_came_by() {
    let address = door(PATIENT).await;
    let asked = "GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answered = said_and_heard(address, asked).await;
    let own = nix::unistd::Uid::effective().as_raw();
    assert!(answered.ends_with(&format!("Some({own})")), "{answered}");
}

/// What curl, started as this says, is answered on a Unix socket of ours.
async fn heard_by_curl(program: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    let router = Router::new().route("/who", get(|| async { "heard" }));
    let keeping = Keeping {
        places: ConnectionSlots::new(Reserved::default()),
        patience: PATIENT,
    };
    tokio::spawn(serve_socket(listener, router, keeping));
    let output = tokio::process::Command::new(program)
        .args(arguments)
        .env("SOCKET", &path)
        .output()
        .await
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_process_that_the_daemon_has_started_is_not_heard_on_its_sockets() {
    let curl = r#"curl --silent --unix-socket "$SOCKET" http://x/who"#;
    let own = heard_by_curl("sh", &["-c", &format!("exec {curl}")]).await;
    assert_eq!(own, "");
    let anothers = heard_by_curl("sh", &["-c", &format!("{curl}; exit $?")]).await;
    assert_eq!(anothers, "heard");
}

//! Who calls at the local doors: the account at the other end of a connection, how many connections it may hold, and how
//! long one may be silent.
//!
//! Loopback is open to every user of the PC, and so are the Unix sockets. What one of them holds open must neither keep the
//! others out nor use up the files that the ledger and the uploads need.

mod hosts;
mod kin;
pub(crate) mod object;
mod owner;
mod patience;
mod slots;
pub mod sockets;

use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::extract::connect_info::ConnectInfo;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{map_request, map_response};
use axum::response::Response;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener};

pub(crate) use hosts::Hosts;
use owner::Ends;
pub(crate) use patience::Patience;
use slots::ConnectionSlot;
pub(crate) use slots::{ConnectionSlots, Reserved};

/// Connections whose accounts one reading of the kernel's table tells.
const AT_ONCE: usize = 64;

/// The other end of one connection, as handlers find it with every request of the connection.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Whose it is, as the kernel says; none where it does not.
    pub(crate) account: Option<u32>,
    _place: Arc<ConnectionSlot>,
}

/// How a door is kept.
#[derive(Debug, Clone)]
pub(crate) struct Keeping {
    /// All doors share them.
    pub(crate) places: Arc<ConnectionSlots>,
    /// How long a connection may be silent.
    pub(crate) patience: Patience,
}

/// Serves a loopback address until the process ends; handlers find the other end as [`Caller`].
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    keeping: Keeping,
) -> std::io::Result<()> {
    let own = listener.local_addr()?;
    let router = prepared(router, keeping.patience);
    loop {
        let together = accepted_together(&listener).await;
        let asked = together.iter().map(|(_, peer)| Ends { peer: *peer, own });
        let owners = owner::of(asked.collect()).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "nobody can say whose local connections are");
            HashMap::new()
        });
        for (stream, peer) in together {
            let account = owners
                .get(&Ends { peer, own })
                .copied()
                .filter(|_| owner::is_established(&stream));
            if let Some(place) = keeping.places.of(account) {
                let caller = Caller {
                    account,
                    _place: Arc::new(place),
                };
                tokio::spawn(talk(stream, router.clone(), caller, keeping.patience));
            }
        }
    }
}

/// Serves a Unix socket until the process ends.
pub(crate) async fn serve_socket(
    listener: UnixListener,
    router: Router,
    keeping: Keeping,
) -> std::io::Result<()> {
    let router = prepared(router, keeping.patience);
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _unnamed)) => stream,
            Err(error) => {
                not_accepted(&error).await;
                continue;
            }
        };
        let account = match stream.peer_cred() {
            Ok(credentials) if kin::is_ours(&credentials) => {
                tracing::warn!("a process of the daemon's own tried a local socket: turned away");
                continue;
            }
            Ok(credentials) => Some(credentials.uid()),
            Err(error) => {
                tracing::warn!(%error, "the peer of a local socket is not known");
                None
            }
        };
        if let Some(place) = keeping.places.of(account) {
            let caller = Caller {
                account,
                _place: Arc::new(place),
            };
            tokio::spawn(talk(stream, router.clone(), caller, keeping.patience));
        }
    }
}

/// What holds for every request and every answer, whatever is behind the door: bodies come in time, and nothing that is
/// answered is kept, or taken for something else, by whoever asked.
fn prepared(router: Router, patience: Patience) -> Router {
    router
        .layer(map_request(move |request| async move {
            patience.with_body(request)
        }))
        .layer(map_response(|mut response: Response| async move {
            let headers = response.headers_mut();
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            response
        }))
}

/// Everything that waits to be accepted, up to [`AT_ONCE`]; at least one.
async fn accepted_together(listener: &TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let mut together = Vec::new();
    while together.is_empty() {
        match listener.accept().await {
            Ok(first) => together.push(first),
            Err(error) => not_accepted(&error).await,
        }
    }
    std::future::poll_fn(|cx| {
        while together.len() < AT_ONCE
            && let Poll::Ready(Ok(next)) = listener.poll_accept(cx)
        {
            together.push(next);
        }
        Poll::Ready(())
    })
    .await;
    together
}

/// A peer that is gone again is no fault; where no more files can be opened, some are given back in a while.
async fn not_accepted(error: &std::io::Error) {
    let gone = [
        ErrorKind::ConnectionAborted,
        ErrorKind::ConnectionReset,
        ErrorKind::ConnectionRefused,
        ErrorKind::Interrupted,
    ];
    if !gone.contains(&error.kind()) {
        tracing::error!(%error, "a local connection cannot be accepted");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// HTTP/1.1 alone: without TLS nobody has agreed on anything else.
async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    router: Router,
    caller: Caller,
    patience: Patience,
) {
    let router = router.layer(Extension(ConnectInfo(caller)));
    let stream = TokioIo::new(patience::Answering::new(stream, patience.answer));
    let talked = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .serve_connection(stream, TowerToHyperService::new(router))
        .await;
    if let Err(error) = talked {
        tracing::debug!(%error, "a local connection ended");
    }
}

#[cfg(test)]
mod tests;

//! How long a connection may keep a place while nothing comes or nothing is taken.

use std::io::{Error, ErrorKind, Result};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody};
use axum::extract::Request;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};
use tokio_stream::Stream;

/// Waiting times of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// From the connection, or from the answer before, to the end of a request's head.
    pub(crate) head: Duration,
    /// Between two pieces of a body.
    pub(crate) piece: Duration,
    /// For a whole body.
    pub(crate) body: Duration,
    /// Until the other end takes something of an answer.
    pub(crate) answer: Duration,
}

impl Patience {
    /// At a counter: on loopback a bill of 64 MB takes a second.
    pub(crate) const AT_THE_COUNTER: Self = Self {
        head: Duration::from_mins(1),
        piece: Duration::from_secs(20),
        body: Duration::from_mins(3),
        answer: Duration::from_mins(1),
    };

    /// The request with a body that breaks off where it comes too slowly.
    pub(super) fn with_body(self, request: Request) -> Request {
        request.map(|body| {
            if body.is_end_stream() {
                return body;
            }
            Body::from_stream(Unhurried {
                pieces: body.into_data_stream(),
                patience: self,
                until: None,
            })
        })
    }
}

/// A body's pieces, with an end to the wait for each and for all. The wait begins when the body is first asked for: it may have
/// had to wait for room before.
struct Unhurried {
    pieces: BodyDataStream,
    patience: Patience,
    /// The end of the wait for the next piece, and for all.
    until: Option<[Pin<Box<Sleep>>; 2]>,
}

impl Stream for Unhurried {
    type Item = std::result::Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let too_slow = || axum::Error::new(Error::new(ErrorKind::TimedOut, "the body is too slow"));
        let Self {
            pieces,
            patience,
            until,
        } = &mut *self;
        let [until_piece, until_whole] = until.get_or_insert_with(|| {
            [patience.piece, patience.body].map(|patience| Box::pin(sleep(patience)))
        });
        if until_whole.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err(too_slow())));
        }
        match Pin::new(pieces).poll_next(cx) {
            Poll::Ready(piece) => {
                *until_piece = Box::pin(sleep(patience.piece));
                Poll::Ready(piece)
            }
            Poll::Pending => {
                ready!(until_piece.as_mut().poll(cx));
                Poll::Ready(Some(Err(too_slow())))
            }
        }
    }
}

/// A connection that ends where its other end takes nothing of what is written.
pub(super) struct Answering<Io> {
    io: Io,
    patience: Duration,
    stuck: Option<Pin<Box<Sleep>>>,
}

impl<Io> Answering<Io> {
    pub(super) fn new(io: Io, patience: Duration) -> Self {
        Self {
            io,
            patience,
            stuck: None,
        }
    }

    /// Passes on what the connection says of a write, and says that it has timed out where that is too long "not yet".
    fn timed<T>(&mut self, cx: &mut Context<'_>, written: Poll<Result<T>>) -> Poll<Result<T>> {
        if written.is_ready() {
            self.stuck = None;
            return written;
        }
        let patience = self.patience;
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stuck.as_mut().poll(cx));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Answering<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Answering<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, buf);
        self.timed(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[std::io::IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.timed(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let flushed = Pin::new(&mut self.io).poll_flush(cx);
        self.timed(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let shut = Pin::new(&mut self.io).poll_shutdown(cx);
        self.timed(cx, shut)
    }
}

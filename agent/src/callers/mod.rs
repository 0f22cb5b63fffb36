//! Who calls at the local doors: the user at the other end of a connection, and how many connections one user may hold.
//!
//! Loopback is open to every user of the PC, and so is the console's socket. What one of them holds open must neither
//! keep the others out nor use up the files that the ledger and the uploads need.

mod owner;
mod places;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::OnceCell;

pub(crate) use owner::UnknownOwner;
use places::{Place, Places};

/// Serves the page and the hospital's interface on a loopback address until the process ends.
pub(crate) async fn serve(listener: TcpListener, router: Router) -> std::io::Result<()> {
    let door = Loopback {
        own: listener.local_addr()?,
        listener,
        places: Places::new(),
    };
    axum::serve(
        door,
        router.into_make_service_with_connect_info::<TcpCaller>(),
    )
    .await
}

/// Serves the console's socket until the process ends; handlers find the peer as [`UnixCaller`].
pub(crate) async fn serve_console(listener: UnixListener, router: Router) -> std::io::Result<()> {
    let door = Socket {
        listener,
        places: Places::new(),
    };
    axum::serve(
        door,
        router.into_make_service_with_connect_info::<UnixCaller>(),
    )
    .await
}

/// The other end of one loopback connection. Each request of the connection carries a clone.
#[derive(Debug, Clone)]
pub(crate) struct TcpCaller {
    peer: SocketAddr,
    own: SocketAddr,
    user: Arc<OnceCell<u32>>,
    _place: Option<Arc<Place>>,
}

impl TcpCaller {
    /// The user who opened the connection. Asked of the kernel once for each connection, and only by those who need it.
    ///
    /// # Errors
    /// [`UnknownOwner`] where the other end is no longer open, or the kernel's table cannot be read.
    pub(crate) async fn user(&self) -> Result<u32, UnknownOwner> {
        self.user
            .get_or_try_init(|| owner::of(self.peer, self.own))
            .await
            .copied()
    }
}

/// The other end of one connection to the console's socket: its user, as the kernel says.
#[derive(Debug, Clone)]
pub(crate) struct UnixCaller {
    /// None where the kernel does not say.
    pub(crate) user: Option<u32>,
    _place: Option<Arc<Place>>,
}

/// The loopback address with its places.
struct Loopback {
    listener: TcpListener,
    own: SocketAddr,
    places: Arc<Places>,
}

impl Listener for Loopback {
    type Io = TcpStream;
    type Addr = TcpCaller;

    async fn accept(&mut self) -> (TcpStream, TcpCaller) {
        loop {
            let (stream, peer) = Listener::accept(&mut self.listener).await;
            let own = self.own;
            if let Some(place) = self.places.without_asking() {
                return (stream, caller(peer, own, OnceCell::new(), place));
            }
            let user = owner::of(peer, own).await.ok();
            if let Some(place) = self.places.of(user.into()) {
                return (stream, caller(peer, own, OnceCell::new_with(user), place));
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<TcpCaller> {
        Ok(TcpCaller {
            peer: self.own,
            own: self.own,
            user: Arc::default(),
            _place: None,
        })
    }
}

fn caller(peer: SocketAddr, own: SocketAddr, user: OnceCell<u32>, place: Place) -> TcpCaller {
    TcpCaller {
        peer,
        own,
        user: Arc::new(user),
        _place: Some(Arc::new(place)),
    }
}

impl Connected<IncomingStream<'_, Loopback>> for TcpCaller {
    fn connect_info(stream: IncomingStream<'_, Loopback>) -> Self {
        stream.remote_addr().clone()
    }
}

/// The console's socket with its places.
struct Socket {
    listener: UnixListener,
    places: Arc<Places>,
}

impl Listener for Socket {
    type Io = UnixStream;
    type Addr = UnixCaller;

    async fn accept(&mut self) -> (UnixStream, UnixCaller) {
        loop {
            let (stream, _unnamed) = Listener::accept(&mut self.listener).await;
            let user = match stream.peer_cred() {
                Ok(credentials) => Some(credentials.uid()),
                Err(error) => {
                    tracing::warn!(%error, "console: the peer's user is not known");
                    None
                }
            };
            if let Some(place) = self.places.of(user.into()) {
                let caller = UnixCaller {
                    user,
                    _place: Some(Arc::new(place)),
                };
                return (stream, caller);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<UnixCaller> {
        Ok(UnixCaller {
            user: None,
            _place: None,
        })
    }
}

impl Connected<IncomingStream<'_, Socket>> for UnixCaller {
    fn connect_info(stream: IncomingStream<'_, Socket>) -> Self {
        stream.remote_addr().clone()
    }
}

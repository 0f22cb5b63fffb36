//! The sockets that the daemon answers on: systemd holds them from boot, so that no other account can; a daemon that is
//! started by hand binds them itself.

use std::fmt;
use std::fs::Permissions;
use std::io::{Error, ErrorKind, Result};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixListener as StdUnixListener;
use std::path::{Path, PathBuf};

use listenfd::ListenFd;
use tokio::net::{TcpListener, UnixListener};

use crate::settings::Local;

/// `FileDescriptorName=` of the socket units.
const PAGE: &str = "page";
const CONSOLE: &str = "console";
const HOSPITAL: &str = "his";

/// `EAFNOSUPPORT`: a kernel without IPv6.
const NO_SUCH_FAMILY: i32 = 97;

/// How often another port is tried where any will do and its twin is taken.
const TRIES: usize = 16;

/// Why the sockets cannot be answered on.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// The loopback address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: Error,
    },
    /// A Unix socket cannot be opened.
    #[error("socket {path} cannot be opened")]
    Bind {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: Error,
    },
    /// What systemd handed over cannot be used.
    #[error("the sockets that systemd handed over cannot be used")]
    HandedOver(#[source] Error),
    /// systemd handed over some of the sockets, but not this one.
    #[error("systemd did not hand over the socket {name}")]
    Missing {
        /// As its unit names it.
        name: &'static str,
    },
    /// systemd holds the address that the configuration names, and not the same port of the other family.
    #[error("systemd does not hold {twin}")]
    TwinMissing {
        /// The address that is left to others.
        twin: SocketAddr,
    },
    /// systemd holds another address than the configuration names.
    #[error("systemd holds {held}, the configuration names {configured}")]
    Differs {
        /// As its unit names it.
        name: &'static str,
        /// Key of the configuration.
        key: &'static str,
        /// What systemd holds.
        held: String,
        /// What the configuration names.
        configured: String,
    },
}

/// What systemd has handed over with the process; nothing where it was started by hand.
pub struct Inherited {
    held: ListenFd,
    names: Vec<String>,
}

impl fmt::Debug for Inherited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inherited")
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

impl Inherited {
    /// Takes what was handed over. To be called once, before the first thread is started: it clears the variables that
    /// announce it.
    ///
    /// # Errors
    /// [`SocketError::HandedOver`] where they cannot be read.
    pub fn take() -> std::result::Result<Self, SocketError> {
        let names = sd_notify::listen_fds_with_names().map_err(SocketError::HandedOver)?;
        let names: Vec<String> = names.map(|(_, name)| name).collect();
        let held = if names.is_empty() {
            ListenFd::empty()
        } else {
            ListenFd::from_env()
        };
        Ok(Self { held, names })
    }

    fn of(&self, name: &str) -> Vec<usize> {
        let named = self.names.iter().enumerate();
        named
            .filter(|(_, held)| *held == name)
            .map(|(at, _)| at)
            .collect()
    }
}

/// The sockets, open.
#[derive(Debug)]
pub(crate) struct Sockets {
    /// The page's and the hospital interface's address, and its twin in the other family.
    pub(crate) page: Vec<TcpListener>,
    pub(crate) console: UnixListener,
    pub(crate) hospital: UnixListener,
}

impl Sockets {
    /// Takes what systemd holds; where it holds nothing, binds what the configuration names.
    pub(crate) fn open(
        inherited: Inherited,
        local: &Local,
    ) -> std::result::Result<Self, SocketError> {
        if !inherited.names.is_empty() {
            return Self::handed_over(inherited, local);
        }
        let page = bind_both(local.listen).map_err(|source| SocketError::Listen {
            address: local.listen,
            source,
        })?;
        Ok(Self {
            page,
            console: bind_socket(&local.socket)?,
            hospital: bind_socket(&local.his_socket)?,
        })
    }

    fn handed_over(
        mut inherited: Inherited,
        local: &Local,
    ) -> std::result::Result<Self, SocketError> {
        let mut page = Vec::new();
        for at in inherited.of(PAGE) {
            let taken = inherited.held.take_tcp_listener(at);
            let listener = taken.map_err(SocketError::HandedOver)?;
            page.extend(
                listener
                    .map(tcp)
                    .transpose()
                    .map_err(SocketError::HandedOver)?,
            );
        }
        let addresses = addresses(&page).map_err(SocketError::HandedOver)?;
        if addresses.is_empty() {
            return Err(SocketError::Missing { name: PAGE });
        }
        if !addresses.contains(&local.listen) {
            return Err(SocketError::Differs {
                name: PAGE,
                key: "local.listen",
                held: addresses
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("、"),
                configured: local.listen.to_string(),
            });
        }
        let twin = SocketAddr::new(twin(local.listen.ip()), local.listen.port());
        if !addresses.contains(&twin) && is_here(twin.ip()).map_err(SocketError::HandedOver)? {
            return Err(SocketError::TwinMissing { twin });
        }
        let console = one(&mut inherited, CONSOLE, "local.socket", &local.socket)?;
        let hospital = one(
            &mut inherited,
            HOSPITAL,
            "local.his_socket",
            &local.his_socket,
        )?;
        Ok(Self {
            page,
            console,
            hospital,
        })
    }

    /// The addresses of the page.
    pub(crate) fn addresses(&self) -> Result<Vec<SocketAddr>> {
        addresses(&self.page)
    }

    /// The one that people are told: IPv4 where there is one.
    pub(crate) fn first(&self) -> Result<SocketAddr> {
        let addresses = self.addresses()?;
        let first = addresses.iter().find(|address| address.is_ipv4());
        first
            .or(addresses.first())
            .copied()
            .ok_or_else(|| ErrorKind::AddrNotAvailable.into())
    }
}

fn addresses(page: &[TcpListener]) -> Result<Vec<SocketAddr>> {
    page.iter().map(TcpListener::local_addr).collect()
}

/// The Unix socket with this name, which must lie where the configuration says.
fn one(
    inherited: &mut Inherited,
    name: &'static str,
    key: &'static str,
    configured: &Path,
) -> std::result::Result<UnixListener, SocketError> {
    let taken = match inherited.of(name).first() {
        Some(at) => inherited.held.take_unix_listener(*at),
        None => Ok(None),
    };
    let listener = taken
        .map_err(SocketError::HandedOver)?
        .ok_or(SocketError::Missing { name })?;
    let held = listener.local_addr().map_err(SocketError::HandedOver)?;
    let held = held.as_pathname().unwrap_or(Path::new(""));
    if held != configured {
        return Err(SocketError::Differs {
            name,
            key,
            held: held.display().to_string(),
            configured: configured.display().to_string(),
        });
    }
    unix(listener).map_err(SocketError::HandedOver)
}

fn tcp(listener: std::net::TcpListener) -> Result<TcpListener> {
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

fn unix(listener: StdUnixListener) -> Result<UnixListener> {
    listener.set_nonblocking(true)?;
    UnixListener::from_std(listener)
}

/// This address and the same port of the other family: whoever held that one would be called by `localhost`.
fn bind_both(listen: SocketAddr) -> Result<Vec<TcpListener>> {
    let twin = twin(listen.ip());
    let mut tries = if listen.port() == 0 { TRIES } else { 1 };
    loop {
        tries -= 1;
        let first = std::net::TcpListener::bind(listen)?;
        let port = first.local_addr()?.port();
        match std::net::TcpListener::bind((twin, port)) {
            Ok(second) => return [first, second].into_iter().map(tcp).collect(),
            Err(error) if error.kind() == ErrorKind::AddrInUse && tries > 0 => {}
            // What this PC has not, nobody can hold.
            Err(error) if is_missing(&error) => {
                tracing::info!(%twin, "this PC has no such address");
                return Ok(vec![tcp(first)?]);
            }
            Err(error) => return Err(error),
        }
    }
}

/// The loopback address of the other family.
fn twin(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => Ipv6Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv4Addr::LOCALHOST.into(),
    }
}

/// Whether this PC has the address.
fn is_here(address: IpAddr) -> Result<bool> {
    match std::net::TcpListener::bind((address, 0)) {
        Ok(_free) => Ok(true),
        Err(error) if is_missing(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_missing(error: &Error) -> bool {
    error.kind() == ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(NO_SUCH_FAMILY)
}

fn bind_socket(path: &Path) -> std::result::Result<UnixListener, SocketError> {
    let bind = || {
        // The ledger's lock is held: whoever left this socket is gone.
        match std::fs::symlink_metadata(path) {
            Ok(found) if found.file_type().is_socket() => std::fs::remove_file(path)?,
            // Anything else at that path is not ours: binding says that it is in the way.
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let listener = UnixListener::bind(path)?;
        // Everybody may connect: the peer's user id decides, not the file's mode.
        std::fs::set_permissions(path, Permissions::from_mode(0o666))?;
        Ok(listener)
    };
    bind().map_err(|source| SocketError::Bind {
        path: path.to_owned(),
        source,
    })
}

//! Why the PC/SC service does not serve: it is not there, or it turns this account away. Its library says the same of both.

use std::io::{ErrorKind, Read as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use crate::card::CardFault;

/// Where pcscd listens, unless this variable names another place.
const SOCKET: &str = "/run/pcscd/pcscd.comm";
pub(super) const SOCKET_VARIABLE: &str = "PCSCLITE_CSOCK_NAME";

/// A service that turns a caller away hangs up before it has heard a word; one that serves waits for it.
const HANGS_UP_WITHIN: Duration = Duration::from_millis(300);

/// What it means that a call of the service's library failed.
pub(super) fn fault() -> CardFault {
    // A service that is just ending hangs up too, but not twice.
    if turns_away() && turns_away() {
        CardFault::ServiceRefuses
    } else {
        CardFault::ServiceDown
    }
}

fn turns_away() -> bool {
    let named = std::env::var_os(SOCKET_VARIABLE).map(PathBuf::from);
    let mut stream = match UnixStream::connect(named.unwrap_or_else(|| SOCKET.into())) {
        Ok(stream) => stream,
        Err(error) => return error.kind() == ErrorKind::PermissionDenied,
    };
    if let Err(error) = stream.set_read_timeout(Some(HANGS_UP_WITHIN)) {
        tracing::warn!(%error, "the PC/SC service's socket");
        return false;
    }
    match stream.read(&mut [0]) {
        Ok(0) => true,
        Ok(_) => false,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}

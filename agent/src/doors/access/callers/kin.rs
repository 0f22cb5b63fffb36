//! Whether a process that the daemon has started itself is at the other end of a Unix socket.
//!
//! The card process has the daemon's account, and in it runs a vendor's library. Where the kernel cannot keep it from the sockets
//! (Landlock does from its version 9 on), it would be a caretaker there.

use std::io::ErrorKind;

use nix::unistd::Uid;
use tokio::net::unix::UCred;

/// Whether it is one of them. Of our account's processes one that has ended since it connected could be: it is not heard.
pub(super) fn is_ours(peer: &UCred) -> bool {
    let Some(id) = peer.pid() else {
        return peer.uid() == Uid::effective().as_raw();
    };
    match std::fs::read_to_string(format!("/proc/{id}/stat")) {
        Ok(stat) => starter(&stat) == Some(std::process::id()),
        // Another account's processes are hidden.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            peer.uid() == Uid::effective().as_raw()
        }
        Err(_) => false,
    }
}

/// The process that started it: behind its name, which may hold anything, and its state.
fn starter(stat: &str) -> Option<u32> {
    let (_, behind) = stat.rsplit_once(") ")?;
    behind.split(' ').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_stands_behind_the_name_whatever_that_is() {
        assert_eq!(starter("12 (a) S 7 8) R 41 12 0"), Some(41));
        assert_eq!(starter("12 (agent) S 1 12"), Some(1));
        assert_eq!(starter("12 (agent"), None);
    }
}

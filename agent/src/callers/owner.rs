//! Whose program holds the other end of a loopback connection, as the kernel's table of connections says.
//!
//! The table (`/proc/net/tcp`, `tcp6`) takes a few milliseconds to read: the kernel walks all of it. `sock_diag` would answer
//! in microseconds, but over netlink, which the unit does not allow.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Why nobody can say whose a connection is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnknownOwner {
    /// No open socket stands at the other end any more: whatever was sent, nobody waits for the answer.
    #[error("the other end of the connection is not open")]
    Gone,
    /// The kernel's table cannot be read.
    #[error("the kernel's table of connections cannot be read")]
    Table(#[from] std::io::Error),
    /// The reading was interrupted.
    #[error("the kernel's table of connections was not read to its end")]
    Interrupted(#[from] tokio::task::JoinError),
}

/// The user of the program that connected from `peer` to `own`.
pub(super) async fn of(peer: SocketAddr, own: SocketAddr) -> Result<u32, UnknownOwner> {
    tokio::task::spawn_blocking(move || look_up(peer, own)).await?
}

fn look_up(peer: SocketAddr, own: SocketAddr) -> Result<u32, UnknownOwner> {
    if peer.is_ipv4()
        && let Some(user) = listed("/proc/net/tcp", peer, own)?
    {
        return Ok(user);
    }
    // An IPv6 socket may also speak to an IPv4 address.
    listed("/proc/net/tcp6", peer, own)?.ok_or(UnknownOwner::Gone)
}

fn listed(table: &str, peer: SocketAddr, own: SocketAddr) -> std::io::Result<Option<u32>> {
    let file = match File::open(table) {
        Ok(file) => file,
        // A kernel without IPv6.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    for line in BufReader::new(file).lines() {
        let user = Row::parse(&line?).and_then(|row| row.other_end(peer, own));
        if user.is_some() {
            return Ok(user);
        }
    }
    Ok(None)
}

/// What we need of a line of the table.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    local: SocketAddr,
    remote: SocketAddr,
    state: u8,
    user: u32,
    inode: u64,
}

/// `TCP_ESTABLISHED`
const ESTABLISHED: u8 = 1;

impl Row {
    /// Fields as `proc_pid_net(5)` has them: number, local and remote address, state, queues, timer, retransmits, user, time-out,
    /// inode. None for the heading, and for what no kernel of today writes.
    fn parse(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        Some(Self {
            local: address(fields.get(1)?)?,
            remote: address(fields.get(2)?)?,
            state: u8::from_str_radix(fields.get(3)?, 16).ok()?,
            user: fields.get(7)?.parse().ok()?,
            inode: fields.get(9)?.parse().ok()?,
        })
    }

    /// The user, where this is the other end of our connection to `peer`, open and held by a program.
    ///
    /// A socket that its program has closed stands in the table as root's, without an inode; one that is only being opened
    /// could be another's that took over the port.
    fn other_end(&self, peer: SocketAddr, own: SocketAddr) -> Option<u32> {
        let plain =
            |address: SocketAddr| SocketAddr::new(address.ip().to_canonical(), address.port());
        let open = self.state == ESTABLISHED && self.inode != 0;
        let theirs = self.local == plain(peer) && self.remote == plain(own);
        (open && theirs).then_some(self.user)
    }
}

/// An address and a port in hex; the address as words of 32 bits in the machine's own order. IPv4 in IPv6 becomes IPv4.
fn address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| {
        let word = u32::from_str_radix(address.get(at..at + 8)?, 16).ok()?;
        Some(word.to_ne_bytes())
    };
    let address = match address.len() {
        8 => IpAddr::from(Ipv4Addr::from(word(0)?)),
        32 => {
            let words = [word(0)?, word(8)?, word(16)?, word(24)?];
            let bytes: [u8; 16] = words.concat().try_into().ok()?;
            IpAddr::from(Ipv6Addr::from(bytes)).to_canonical()
        }
        _neither => return None,
    };
    Some(SocketAddr::new(address, port))
}

#[cfg(test)]
mod tests {
    use std::net::{Shutdown, TcpListener, TcpStream};

    use nix::unistd::Uid;

    use super::*;

    fn connected(address: &str) -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind(address).unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = listener.accept().unwrap();
        (client, server)
    }

    fn looked_up(server: &TcpStream) -> Result<u32, UnknownOwner> {
        look_up(server.peer_addr().unwrap(), server.local_addr().unwrap())
    }

    #[test]
    fn an_open_connection_belongs_to_the_user_who_opened_it() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let (_client, server) = connected(address);
            assert_eq!(looked_up(&server).unwrap(), Uid::effective().as_raw());
        }
    }

    #[test]
    fn an_ipv6_socket_that_speaks_to_an_ipv4_address_is_found() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let _client = TcpStream::connect(format!("[::ffff:127.0.0.1]:{port}")).unwrap();
        let (server, _) = listener.accept().unwrap();
        assert_eq!(looked_up(&server).unwrap(), Uid::effective().as_raw());
    }

    #[test]
    fn a_connection_whose_other_end_was_closed_belongs_to_nobody() {
        let (client, server) = connected("127.0.0.1:0");
        client.shutdown(Shutdown::Write).unwrap();
        assert!(matches!(looked_up(&server), Err(UnknownOwner::Gone)));
        let (client, server) = connected("127.0.0.1:0");
        drop(client);
        assert!(matches!(looked_up(&server), Err(UnknownOwner::Gone)));
    }

    const LINE: &str = "   1: 0100007F:C5D2 0100007F:221A 01 00000000:00000000 00:00000000 00000000  1000        0 123456 1 0000000000000000 20 4 30 10 -1";

    #[cfg(target_endian = "little")]
    #[test]
    fn a_line_says_user_and_both_ends_and_one_without_a_holder_says_nobody() {
        let peer: SocketAddr = "127.0.0.1:50642".parse().unwrap();
        let own: SocketAddr = "127.0.0.1:8730".parse().unwrap();
        let row = Row::parse(LINE).unwrap();
        assert_eq!(row.other_end(peer, own), Some(1_000));
        assert_eq!(row.other_end(own, peer), None);
        for (from, to) in [(" 123456 ", " 0 "), ("221A 01 ", "221A 02 ")] {
            let row = Row::parse(&LINE.replace(from, to)).unwrap();
            assert_eq!(row.other_end(peer, own), None, "{to}");
        }
        assert_eq!(Row::parse("  sl  local_address rem_address   st"), None);
    }

    #[test]
    fn no_line_makes_the_reader_panic() {
        for end in 0..LINE.len() {
            let _cut = Row::parse(&LINE[..end]);
        }
        assert_eq!(address("0100007é:221A"), None);
        assert_eq!(address("é"), None);
    }
}

//! Whose program holds the other end of loopback connections, as the kernel's table of connections says.
//!
//! The table (`/proc/net/tcp`, `tcp6`) takes a few milliseconds to read: the kernel walks all of it. So one reading answers
//! for all connections that came in together. `sock_diag` would answer in microseconds, but over netlink, which the unit
//! does not allow.
//!
//! Browsers send a cookie to every port of this host, and a token goes to whoever holds the port: links, sessions and the
//! hospital's token therefore serve the accounts they were made for. After the look at the table our own end must still be
//! established: a port can change hands. On Unix sockets the kernel names the account itself.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Both ends of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Ends {
    pub(super) peer: SocketAddr,
    pub(super) own: SocketAddr,
}

/// The users of the programs that opened these connections; a connection without one is missing.
pub(super) async fn of(connections: Vec<Ends>) -> std::io::Result<HashMap<Ends, u32>> {
    tokio::task::spawn_blocking(move || look_up(&connections))
        .await
        .map_err(std::io::Error::other)?
}

/// Whether a connection of ours is still the one that was accepted. Asked after the look-up: the peer's port may have gone
/// to another program meanwhile, but not as long as our own socket is established.
pub(super) fn is_established(stream: &impl AsFd) -> bool {
    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::RDHUP | PollFlags::NVAL;
    let mut polled = [PollFd::new(stream, PollFlags::RDHUP)];
    let at_once = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    poll(&mut polled, Some(&at_once)).is_ok() && !polled[0].revents().intersects(gone)
}

fn look_up(connections: &[Ends]) -> std::io::Result<HashMap<Ends, u32>> {
    let wanted: HashMap<Ends, Ends> = connections
        .iter()
        .map(|ends| (ends.plain(), *ends))
        .collect();
    let mut owners = HashMap::new();
    // An IPv6 socket may also speak to an IPv4 address.
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        if owners.len() < wanted.len() {
            listed(table, &wanted, &mut owners)?;
        }
    }
    Ok(owners)
}

fn listed(
    table: &str,
    wanted: &HashMap<Ends, Ends>,
    owners: &mut HashMap<Ends, u32>,
) -> std::io::Result<()> {
    let file = match File::open(table) {
        Ok(file) => file,
        // A kernel without IPv6.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for line in BufReader::new(file).lines() {
        let held = Row::parse(&line?).filter(Row::is_held);
        if let Some(row) = held
            && let Some(ends) = wanted.get(&row.ends)
        {
            owners.insert(*ends, row.user);
        }
    }
    Ok(())
}

impl Ends {
    /// The same with IPv4 in IPv6 as IPv4.
    fn plain(self) -> Self {
        let plain =
            |address: SocketAddr| SocketAddr::new(address.ip().to_canonical(), address.port());
        Self {
            peer: plain(self.peer),
            own: plain(self.own),
        }
    }
}

/// What we need of a line of the table, seen from our end of the connection.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    ends: Ends,
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
            ends: Ends {
                peer: address(fields.get(1)?)?,
                own: address(fields.get(2)?)?,
            },
            state: u8::from_str_radix(fields.get(3)?, 16).ok()?,
            user: fields.get(7)?.parse().ok()?,
            inode: fields.get(9)?.parse().ok()?,
        })
    }

    /// Whether the connection is open and held by a program.
    ///
    /// A socket that its program has closed stands in the table as root's, without an inode; one that is only being opened
    /// could be another's that took over the port.
    fn is_held(&self) -> bool {
        self.state == ESTABLISHED && self.inode != 0
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
    use std::time::Duration;

    use nix::unistd::Uid;
    use rustix::net::sockopt::{set_socket_linger, set_socket_reuseaddr};
    use rustix::net::{AddressFamily, SocketType, bind, connect, socket};

    use super::*;

    fn connected(address: &str) -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind(address).unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = listener.accept().unwrap();
        (client, server)
    }

    fn ends(server: &TcpStream) -> Ends {
        Ends {
            peer: server.peer_addr().unwrap(),
            own: server.local_addr().unwrap(),
        }
    }

    fn looked_up(server: &TcpStream) -> Option<u32> {
        let ends = ends(server);
        look_up(&[ends]).unwrap().remove(&ends)
    }

    fn own_user() -> u32 {
        Uid::effective().as_raw()
    }

    #[test]
    fn an_open_connection_belongs_to_the_user_who_opened_it() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let (_client, server) = connected(address);
            assert_eq!(looked_up(&server), Some(own_user()));
            assert!(is_established(&server));
        }
    }

    #[test]
    fn an_ipv6_socket_that_speaks_to_an_ipv4_address_is_found() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let _client = TcpStream::connect(format!("[::ffff:127.0.0.1]:{port}")).unwrap();
        let (server, _) = listener.accept().unwrap();
        assert_eq!(looked_up(&server), Some(own_user()));
    }

    #[test]
    fn one_reading_answers_for_many() {
        let held: Vec<_> = ["127.0.0.1:0", "[::1]:0", "127.0.0.1:0"]
            .map(connected)
            .into();
        let asked: Vec<Ends> = held.iter().map(|(_, server)| ends(server)).collect();
        let owners = look_up(&asked).unwrap();
        for ends in asked {
            assert_eq!(owners.get(&ends).copied(), Some(own_user()));
        }
    }

    #[test]
    fn a_connection_whose_other_end_was_closed_belongs_to_nobody() {
        let (client, server) = connected("127.0.0.1:0");
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(looked_up(&server), None);
        assert!(!is_established(&server));
        let (client, server) = connected("127.0.0.1:0");
        drop(client);
        assert_eq!(looked_up(&server), None);
        assert!(!is_established(&server));
    }

    /// A connection from a port of the caller's choice; 0 takes any.
    fn connected_from(port: u16, to: SocketAddr) -> TcpStream {
        let stream = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        set_socket_reuseaddr(&stream, true).unwrap();
        bind(&stream, &SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port)).unwrap();
        connect(&stream, &to).unwrap();
        stream.into()
    }

    /// A stranger sends a request, resets the connection, and the cashier's next connection gets his port: the table then
    /// has her as the other end of what he sent.
    #[test]
    fn who_takes_over_the_port_of_a_connection_that_was_reset_did_not_send_what_came_over_it() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = listener.local_addr().unwrap();
        let stranger = connected_from(0, own);
        let port = stranger.local_addr().unwrap().port();
        let (reset, _) = listener.accept().unwrap();
        set_socket_linger(&stranger, Some(Duration::ZERO)).unwrap();
        drop(stranger);
        let _cashier = connected_from(port, own);
        let (fresh, _) = listener.accept().unwrap();
        let both = ends(&fresh);
        assert_eq!(both.peer.port(), port);
        assert_eq!(
            looked_up(&fresh),
            Some(own_user()),
            "the table names her for {both:?}"
        );
        assert!(is_established(&fresh));
        assert!(!is_established(&reset), "what he sent would run as hers");
    }

    const LINE: &str = "   1: 0100007F:C5D2 0100007F:221A 01 00000000:00000000 00:00000000 00000000  1000        0 123456 1 0000000000000000 20 4 30 10 -1";

    #[cfg(target_endian = "little")]
    #[test]
    fn a_line_says_user_and_both_ends_and_one_without_a_holder_says_nobody() {
        let row = Row::parse(LINE).unwrap();
        assert!(row.is_held());
        assert_eq!(row.user, 1_000);
        let ends = Ends {
            peer: "127.0.0.1:50642".parse().unwrap(),
            own: "127.0.0.1:8730".parse().unwrap(),
        };
        assert_eq!(row.ends, ends);
        for (from, to) in [(" 123456 ", " 0 "), ("221A 01 ", "221A 02 ")] {
            let row = Row::parse(&LINE.replace(from, to)).unwrap();
            assert!(!row.is_held(), "{to}");
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

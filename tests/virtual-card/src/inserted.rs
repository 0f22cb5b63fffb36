//! A card in a slot of the virtual reader: the wire to vsmartcard-vpcd, and ways to misbehave.
//!
//! The wire: the card connects by TCP; each message is a big-endian 16-bit length and that many bytes. One-byte messages
//! from the reader are 0 power off, 1 power on, 2 reset, 4 send the answer to reset; longer ones are commands.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::card::Card;

/// How a card misbehaves. Commands are counted from 1, beginning when the trouble is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It is drawn out instead of answering this command.
    DrawnOutAt(u32),
    /// It swallows this command: the reader waits until the card is drawn out or [`InsertedCard::wake`] is called.
    HangsAt(u32),
    /// It swallows the question for its answer to reset, with which a reader finds out whether it is there and switches it
    /// on: reader and service wait until the card is drawn out or [`InsertedCard::wake`] is called.
    HangsAtReset,
    /// It answers this command, and all that follow, with these bytes.
    NonsenseFrom(u32, Vec<u8>),
    /// It answers this one command with a status word, `6F00` for example.
    StatusOnceAt(u32, u16),
}

/// A card in the reader. Dropping it draws it out.
#[derive(Debug)]
pub struct InsertedCard {
    shared: Arc<(Mutex<Shared>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    drawn_out: bool,
    wire: Option<TcpStream>,
    trouble: Option<Trouble>,
    commands: u32,
    owed: Option<Vec<u8>>,
    powered: u32,
    resets: u32,
}

/// What to do with a command.
enum Reply {
    Answer(Vec<u8>),
    Swallow,
    DrawOut,
}

/// The reader's port does not accept yet, or pcscd is being restarted: there is no event for that on the card's side.
const RECONNECT_EVERY: Duration = Duration::from_millis(20);

impl InsertedCard {
    /// Puts `card` into the slot behind `port` of this host and returns when the reader has taken it. With `trouble` it
    /// misbehaves from its first command on.
    ///
    /// While it is inserted it stays so across restarts of pcscd, as a card in a slot does.
    ///
    /// # Errors
    ///
    /// No reader listens on `port` within ten seconds, or the thread cannot be started.
    pub fn insert(card: Card, port: u16, trouble: Option<Trouble>) -> io::Result<Self> {
        let wire = connect(port, 500)?;
        let shared = Mutex::new(Shared {
            wire: Some(wire.try_clone()?),
            trouble,
            ..Shared::default()
        });
        let shared = Arc::new((shared, Condvar::new()));
        let thread = {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new()
                .name("card".into())
                .spawn(move || stay(card, wire, port, &shared))?
        };
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Draws the card out.
    pub fn draw_out(self) {
        drop(self);
    }

    /// From the next command on the card misbehaves; `None` makes it well again.
    pub fn set_trouble(&self, trouble: Option<Trouble>) {
        let mut shared = lock(&self.shared.0);
        shared.trouble = trouble;
        shared.commands = 0;
    }

    /// A card that swallowed a command answers it after all, and behaves from then on.
    ///
    /// # Errors
    ///
    /// The reader is gone.
    pub fn wake(&self) -> io::Result<()> {
        self.wake_to(None)
    }

    /// The same, but from the next command on it misbehaves again.
    ///
    /// # Errors
    ///
    /// The reader is gone.
    pub fn wake_to(&self, trouble: Option<Trouble>) -> io::Result<()> {
        let mut shared = lock(&self.shared.0);
        shared.trouble = trouble;
        shared.commands = 0;
        match (shared.owed.take(), shared.wire.as_mut()) {
            (Some(answer), Some(wire)) => send(wire, &answer),
            _ => Ok(()),
        }
    }

    /// Returns once it has swallowed something and hangs.
    ///
    /// # Panics
    ///
    /// It does not within ten seconds.
    pub fn wait_until_it_hangs(&self) {
        let (shared, told) = &*self.shared;
        let hanging = lock(shared);
        let waited = told
            .wait_timeout_while(hanging, Duration::from_secs(10), |shared| {
                shared.owed.is_none()
            })
            .unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.1.timed_out(), "the card was asked nothing");
    }

    /// Commands received since the trouble was last set.
    pub fn commands(&self) -> u32 {
        lock(&self.shared.0).commands
    }

    /// How often the reader reset it.
    pub fn resets(&self) -> u32 {
        lock(&self.shared.0).resets
    }

    /// Returns once the reader has reset it so often.
    ///
    /// # Panics
    ///
    /// It does not within ten seconds.
    pub fn wait_for_resets(&self, count: u32) {
        let (shared, told) = &*self.shared;
        let waited = told
            .wait_timeout_while(lock(shared), Duration::from_secs(10), |shared| {
                shared.resets < count
            })
            .unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.1.timed_out(), "the card was not reset");
    }

    /// How often the reader switched power on.
    pub fn powered(&self) -> u32 {
        lock(&self.shared.0).powered
    }
}

impl Drop for InsertedCard {
    fn drop(&mut self) {
        {
            let mut shared = lock(&self.shared.0);
            shared.drawn_out = true;
            close(&mut shared);
        }
        if let Some(thread) = self.thread.take() {
            // A panic of the card's thread shows in the test's output; there is nothing left to do about it here.
            drop(thread.join());
        }
    }
}

/// Answers the reader until the card is drawn out; connects anew when the reader goes away.
fn stay(mut card: Card, mut wire: TcpStream, port: u16, watched: &(Mutex<Shared>, Condvar)) {
    let shared = &watched.0;
    loop {
        // The wire broke, or was closed by `draw_out`: which of the two, `drawn_out` says.
        drop(serve(&mut card, &mut wire, watched));
        card.reset();
        wire = loop {
            if lock(shared).drawn_out {
                return;
            }
            if let Ok(wire) = connect(port, 1) {
                break wire;
            }
        };
        let mut shared = lock(shared);
        if shared.drawn_out {
            return;
        }
        shared.wire = wire.try_clone().ok();
    }
}

fn serve(
    card: &mut Card,
    wire: &mut TcpStream,
    (shared, told): &(Mutex<Shared>, Condvar),
) -> io::Result<()> {
    loop {
        let message = receive(wire)?;
        match message.as_slice() {
            [0] => card.reset(),
            [2] => {
                card.reset();
                lock(shared).resets += 1;
                told.notify_all();
            }
            [1] => {
                card.reset();
                lock(shared).powered += 1;
            }
            [4] => match at_reset(card, shared) {
                Some(atr) => send(wire, &atr)?,
                None => told.notify_all(),
            },
            command => match reply(card, command, shared) {
                Reply::Answer(answer) => send(wire, &answer)?,
                Reply::Swallow => told.notify_all(),
                Reply::DrawOut => {
                    let mut shared = lock(shared);
                    shared.drawn_out = true;
                    close(&mut shared);
                    return Ok(());
                }
            },
        }
    }
}

/// The answer to reset, unless the card swallows the question.
fn at_reset(card: &Card, shared: &Mutex<Shared>) -> Option<Vec<u8>> {
    let mut shared = lock(shared);
    let atr = card.atr().to_vec();
    if shared.trouble == Some(Trouble::HangsAtReset) {
        shared.owed = Some(atr);
        None
    } else {
        Some(atr)
    }
}

fn reply(card: &mut Card, command: &[u8], shared: &Mutex<Shared>) -> Reply {
    let mut shared = lock(shared);
    shared.commands += 1;
    let now = shared.commands;
    match &shared.trouble {
        Some(Trouble::DrawnOutAt(at)) if *at == now => Reply::DrawOut,
        Some(Trouble::HangsAt(at)) if *at == now => {
            shared.owed = Some(card.answer(command));
            Reply::Swallow
        }
        Some(Trouble::NonsenseFrom(at, bytes)) if *at <= now => Reply::Answer(bytes.clone()),
        Some(Trouble::StatusOnceAt(at, status)) if *at == now => {
            let status = status.to_be_bytes().to_vec();
            shared.trouble = None;
            Reply::Answer(status)
        }
        None
        | Some(
            Trouble::DrawnOutAt(_)
            | Trouble::HangsAt(_)
            | Trouble::HangsAtReset
            | Trouble::NonsenseFrom(..)
            | Trouble::StatusOnceAt(..),
        ) => Reply::Answer(card.answer(command)),
    }
}

fn connect(port: u16, attempts: u32) -> io::Result<TcpStream> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut attempt = 1;
    loop {
        match TcpStream::connect(address) {
            Ok(wire) => {
                // Two small messages a command: Nagle's algorithm would hold the second back for 40 ms.
                wire.set_nodelay(true)?;
                return Ok(wire);
            }
            Err(_) if attempt < attempts => attempt += 1,
            Err(error) => {
                std::thread::sleep(RECONNECT_EVERY);
                return Err(error);
            }
        }
        std::thread::sleep(RECONNECT_EVERY);
    }
}

fn receive(wire: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    read_at_once(wire, &mut length)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    read_at_once(wire, &mut message)?;
    Ok(message)
}

/// The reader writes length and message apart; without a quick acknowledgement of the first it waits 40 ms with the
/// second. The kernel forgets the wish after a few segments, so it is renewed before every receive.
fn read_at_once(wire: &mut TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    while filled < buffer.len() {
        rustix::net::sockopt::set_tcp_quickack(&*wire, true)?;
        match wire.read(&mut buffer[filled..])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => filled += count,
        }
    }
    Ok(())
}

fn send(wire: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    let length = u16::try_from(message.len()).map_err(io::Error::other)?;
    wire.write_all(&[&length.to_be_bytes(), message].concat())
}

fn close(shared: &mut Shared) {
    if let Some(wire) = shared.wire.take() {
        // Fails only where the reader closed first, which is the same.
        drop(wire.shutdown(Shutdown::Both));
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

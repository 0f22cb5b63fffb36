//! The SAM reader on its serial line: find a card, select it, read it; once for each card laid on.

use std::io;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::frame::command;
use super::{Frame, FrameAssembler, IdentityCard, NotIdentityCard};
use crate::serial::{
    LineEvent, LineKeeper, Port, SerialAddress, SerialFault, SerialLine, Stop, SystemRoots,
};
use crate::stopwatch;

/// Settings of an identity card reader.
#[derive(Debug, Clone)]
pub struct IdentityCardSettings {
    /// Which device.
    pub address: SerialAddress,
    /// Where devices are looked for.
    pub roots: SystemRoots,
}

/// What an identity card reader reports.
#[derive(Debug, PartialEq, Eq)]
pub enum IdentityCardEvent {
    /// It is there and open.
    Connected,
    /// A card was laid on and is being read, which takes about a second.
    Found,
    /// The card that was found was read.
    Read(IdentityCard),
    /// The card that was found says something else than an identity card.
    Unreadable(NotIdentityCard),
    /// The reader is open and does not answer. Told once, until it answers.
    Silent,
    /// It is not there, or not ours.
    Fault(SerialFault),
}

/// An identity card reader, open until dropped.
#[derive(Debug)]
pub struct IdentityCardReader(
    #[expect(dead_code, reason = "kept for its end: dropping it closes the line")] LineKeeper,
);

/// What an identity card reader reports, in order.
#[derive(Debug)]
pub struct IdentityCardEvents(UnboundedReceiver<IdentityCardEvent>);

/// SAM readers speak at this speed, 8N1.
const BAUD: u32 = 115_200;
/// How long one read of the line waits.
const PATIENCE: Duration = Duration::from_millis(50);
/// Asked faster than this, SAM readers stop answering.
const ASK_EVERY: Duration = Duration::from_millis(300);
/// Reading takes about a second; a reader that needs longer is silent.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

const FIND: (u8, u8) = (0x20, 0x01);
const SELECT: (u8, u8) = (0x20, 0x02);
const READ: (u8, u8) = (0x30, 0x01);
const FOUND: u8 = 0x9F;
const DONE: u8 = 0x90;

impl IdentityCardReader {
    /// Starts to look for cards.
    ///
    /// # Errors
    ///
    /// The thread cannot be started; a reader that is not there is an event.
    pub fn start(settings: IdentityCardSettings) -> io::Result<(Self, IdentityCardEvents)> {
        let (report, events) = unbounded_channel();
        let IdentityCardSettings { address, roots } = settings;
        let line = SerialLine {
            address,
            roots,
            baud: BAUD,
            patience: PATIENCE,
        };
        let keeper = LineKeeper::start("identity card reader", line, move |moment| match moment {
            LineEvent::Open(port, stop) => {
                tell(&report, IdentityCardEvent::Connected);
                let mut sam = Sam {
                    port,
                    frames: FrameAssembler::default(),
                    silent: false,
                };
                // An error is the line's: it is unplugged, and the keeper says so.
                drop(sam.watch(stop, &report));
            }
            LineEvent::Fault(fault) => tell(&report, IdentityCardEvent::Fault(fault)),
        })?;
        Ok((Self(keeper), IdentityCardEvents(events)))
    }
}

impl IdentityCardEvents {
    /// The next event; `None` after [`IdentityCardReader`] was dropped.
    pub async fn next(&mut self) -> Option<IdentityCardEvent> {
        self.0.recv().await
    }
}

struct Sam {
    port: Port,
    frames: FrameAssembler,
    silent: bool,
}

impl Sam {
    fn watch(
        &mut self,
        stop: &Stop,
        report: &UnboundedSender<IdentityCardEvent>,
    ) -> io::Result<()> {
        while !stop.is_wanted() && !report.is_closed() {
            let next = stopwatch::now() + ASK_EVERY;
            self.look(report)?;
            std::thread::park_timeout(next.saturating_sub(stopwatch::now()));
        }
        Ok(())
    }

    /// Looks for a card once. A card that stays on the reader is found once only: the SAM says so.
    fn look(&mut self, report: &UnboundedSender<IdentityCardEvent>) -> io::Result<()> {
        let Some(found) = self.ask(FIND)? else {
            if !std::mem::replace(&mut self.silent, true) {
                tell(report, IdentityCardEvent::Silent);
            }
            return Ok(());
        };
        if std::mem::take(&mut self.silent) {
            tell(report, IdentityCardEvent::Connected);
        }
        if found.status[2] != FOUND {
            return Ok(());
        }
        tell(report, IdentityCardEvent::Found);
        // Lifted too early, or not lying flat: the next look finds it again.
        if self
            .ask(SELECT)?
            .is_none_or(|selected| selected.status[2] != DONE)
        {
            return Ok(());
        }
        if let Some(read) = self.ask(READ)?
            && read.status[2] == DONE
        {
            let event = match IdentityCard::parse(&read.data) {
                Ok(card) => IdentityCardEvent::Read(card),
                Err(error) => IdentityCardEvent::Unreadable(error),
            };
            tell(report, event);
        }
        Ok(())
    }

    /// One command and its answer; `None` where none comes in time.
    fn ask(&mut self, (code, parameter): (u8, u8)) -> io::Result<Option<Frame>> {
        self.port.write(&command(code, parameter))?;
        let until = stopwatch::now() + ANSWER_WITHIN;
        let mut buffer = zeroize::Zeroizing::new([0; 2048]);
        loop {
            let count = self.port.read(&mut *buffer)?;
            if let Some(frame) = self.frames.feed(&buffer[..count]) {
                return Ok(Some(frame));
            }
            if stopwatch::now() >= until {
                return Ok(None);
            }
        }
    }
}

fn tell(report: &UnboundedSender<IdentityCardEvent>, event: IdentityCardEvent) {
    // Nobody listens any more: the loop sees it and ends.
    drop(report.send(event));
}

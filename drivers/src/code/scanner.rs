//! A code scanner on a serial line: kept open by a thread, found again when it comes back under another number.

use std::io;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{
    Arrival, Classified, CodeKind, LineAssembler, LineEnd, Patterns, Rejected, Scanned,
    ScannedCode, classify,
};
use crate::serial::{
    LineEvent, LineKeeper, Port, SerialAddress, SerialFault, SerialLine, Stop, SystemRoots,
};
use crate::stopwatch;

/// Settings of one scanner.
#[derive(Debug, Clone)]
pub struct ScannerSettings {
    /// Which device.
    pub address: SerialAddress,
    /// 9600 to 115200; USB scanners (CDC-ACM) do not care.
    pub baud: u32,
    /// How it ends a code.
    pub line_end: LineEnd,
    /// What it puts before each code.
    pub prefix: String,
    /// What it puts behind each code.
    pub suffix: String,
    /// How codes are told apart.
    pub patterns: Patterns,
    /// Where devices are looked for.
    pub roots: SystemRoots,
}

/// What a scanner reports.
#[derive(Debug, PartialEq, Eq)]
pub enum ScannerEvent {
    /// It is there and open.
    Connected,
    /// Something that may be an electronic social security card.
    Code(ScannedCode),
    /// A code that is not taken, and why.
    Rejected(Rejected),
    /// It is not there, or not ours. Told once, until [`ScannerEvent::Connected`].
    Fault(SerialFault),
}

/// A scanner, open until dropped.
#[derive(Debug)]
pub struct Scanner(
    #[expect(dead_code, reason = "kept for its end: dropping it closes the line")] LineKeeper,
);

/// What a scanner reports, in order.
#[derive(Debug)]
pub struct ScannerEvents(UnboundedReceiver<ScannerEvent>);

/// How long a read waits before the thread looks whether it is to end.
const PATIENCE: Duration = Duration::from_millis(100);

impl Scanner {
    /// Starts to listen.
    ///
    /// # Errors
    ///
    /// The thread cannot be started; a scanner that is not there is an event.
    pub fn start(settings: ScannerSettings) -> io::Result<(Self, ScannerEvents)> {
        Self::start_observed(settings, |_, _| {})
    }

    /// The same; `observe` is told how each code came in, and which kind a pattern takes it for, before its event is there.
    ///
    /// # Errors
    ///
    /// As [`Scanner::start`].
    pub fn start_observed(
        settings: ScannerSettings,
        mut observe: impl FnMut(Arrival, Option<CodeKind>) + Send + 'static,
    ) -> io::Result<(Self, ScannerEvents)> {
        let (report, events) = unbounded_channel();
        let line = SerialLine {
            address: settings.address.clone(),
            roots: settings.roots.clone(),
            baud: settings.baud,
            patience: match settings.line_end {
                LineEnd::Terminator => PATIENCE,
                LineEnd::Idle(limit) => limit.clamp(Duration::from_millis(5), PATIENCE),
            },
        };
        let keeper = LineKeeper::start("scanner", line, move |moment| match moment {
            LineEvent::Open(port, stop) => {
                tell(&report, ScannerEvent::Connected);
                listen(port, &settings, stop, (&report, &mut observe));
            }
            LineEvent::Fault(fault) => tell(&report, ScannerEvent::Fault(fault)),
        })?;
        Ok((Self(keeper), ScannerEvents(events)))
    }
}

impl ScannerEvents {
    /// The next event; `None` after [`Scanner`] was dropped.
    pub async fn next(&mut self) -> Option<ScannerEvent> {
        self.0.recv().await
    }

    /// The same for a caller without a runtime.
    pub fn blocking_next(&mut self) -> Option<ScannerEvent> {
        self.0.blocking_recv()
    }
}

/// Reads until the scanner goes away.
fn listen(
    mut port: Port,
    settings: &ScannerSettings,
    stop: &Stop,
    (report, observe): (
        &UnboundedSender<ScannerEvent>,
        &mut dyn FnMut(Arrival, Option<CodeKind>),
    ),
) {
    let mut lines = LineAssembler::new(settings.line_end, &settings.prefix, &settings.suffix);
    let mut buffer = zeroize::Zeroizing::new([0; 1024]);
    while !stop.is_wanted() && !report.is_closed() {
        let Ok(count) = port.read(&mut *buffer) else {
            return;
        };
        let now = stopwatch::since_boot();
        let mut found = |scanned, arrival| {
            let classified = match scanned {
                Scanned::Code(code) => classify(&code, &settings.patterns),
                Scanned::Garbage => Classified::Rejected(Rejected::Garbage),
                Scanned::Endless => Classified::Rejected(Rejected::TooLong),
                Scanned::Unended => Classified::Rejected(Rejected::Unended),
            };
            observe(arrival, classified.kind());
            tell(
                report,
                match classified {
                    Classified::CardCode { token, .. } => {
                        ScannerEvent::Code(ScannedCode::new(token, now))
                    }
                    Classified::Rejected(rejected) => ScannerEvent::Rejected(rejected),
                },
            );
        };
        lines.feed(&buffer[..count], now, &mut found);
    }
}

fn tell(report: &UnboundedSender<ScannerEvent>, event: ScannerEvent) {
    // Nobody listens any more: the loops see it and end.
    drop(report.send(event));
}

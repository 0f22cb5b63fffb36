//! The process that reads a workbook, as this program starts, hears and ends it. Which sheet is the bill is decided here.

use std::io::{BufReader, ErrorKind, PipeReader, PipeWriter, Read, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};

use super::super::form::{Form, Workbook};
use super::super::record::Record;
use super::super::row::{Row, Sink};
#[cfg(test)]
use super::child;
use super::wire::{self, Told};
use crate::bill::bounds::{LARGEST_XLS, LEAST_KNOWN, Limit, MOST_ROWS};
use crate::bill::fault::{BillFileError, Unlogged};
use crate::bill::head;
use crate::bill::mapping::Mapping;
use crate::bill::position::RowPosition;

/// The hidden subcommand by which this program reads a workbook.
const SUBCOMMAND: &str = "workbook-child";

/// Seconds that the process may take by the clock: it computes for less, but others compute beside it.
const PATIENCE: i64 = 180;

/// Sheets of a workbook that are looked at.
const MOST_SHEETS: usize = 1000;

static READER: OnceLock<&'static Path> = OnceLock::new();

/// Says which program is started to read a workbook: this one, by whichever name. The first word counts.
///
/// Other programs that link this library have no such subcommand and read no workbooks.
pub(crate) fn workbooks_are_read_by(program: &'static Path) {
    READER.get_or_init(|| program);
}

/// Hands on every row of the one sheet that has a bill's head.
pub(in crate::bill) fn rows(
    bytes: &[u8],
    mapping: &Mapping,
    sink: &mut Sink<'_>,
) -> Result<Form, BillFileError> {
    let kind = if bytes.starts_with(b"PK") {
        Workbook::Xlsx
    } else {
        Workbook::Xls
    };
    if kind == Workbook::Xls && bytes.len() > LARGEST_XLS {
        return Err(beyond(Limit::Xls));
    }
    let mut reader = Reader::start()?;
    reader.give(bytes)?;
    let (chosen, name) = reader.sheet_with_head(mapping)?;
    reader.choose(chosen)?;
    reader.rows(sink)?;
    Ok(Form::Workbook(kind, name))
}

/// The process and the pipes to it. Dropping it ends the process.
struct Reader {
    to: PipeWriter,
    from: BufReader<InTime>,
    worker: Worker,
    frame: Vec<u8>,
    cells: Record,
}

enum Worker {
    Process(Child),
    /// Unit tests have no program to start; `agent/tests/bill.rs` has.
    #[cfg(test)]
    Thread,
}

impl Reader {
    fn start() -> Result<Self, BillFileError> {
        let not_started = |error: std::io::Error| {
            tracing::error!(%error, "the process that reads workbooks cannot be started");
            BillFileError::NoReader(error)
        };
        let (its_input, to) = std::io::pipe().map_err(not_started)?;
        let (from, its_output) = std::io::pipe().map_err(not_started)?;
        let worker = Worker::start(its_input, its_output).map_err(not_started)?;
        Ok(Self {
            to,
            from: BufReader::new(InTime::new(from).map_err(not_started)?),
            worker,
            frame: Vec::new(),
            cells: Record::default(),
        })
    }

    fn give(&mut self, file: &[u8]) -> Result<(), BillFileError> {
        let given = wire::send_file(&mut self.to, file);
        given.map_err(|error| self.broken_off(error))
    }

    fn choose(&mut self, sheet: u32) -> Result<(), BillFileError> {
        let chosen = self.to.write_all(&sheet.to_be_bytes());
        chosen.map_err(|error| self.broken_off(error))
    }

    /// The one visible sheet with a bill's head. Of two it is not known which is meant.
    fn sheet_with_head(&mut self, mapping: &Mapping) -> Result<(u32, String), BillFileError> {
        let (mut names, mut with_head) = (Vec::new(), Vec::new());
        let mut found = false;
        loop {
            match self.next()? {
                Told::Sheet(_) if names.len() == MOST_SHEETS => break,
                Told::Sheet(name) => {
                    names.push(name.to_owned());
                    found = false;
                }
                Told::Row(_) => {
                    found |= head::known_columns(&self.cells, mapping) >= LEAST_KNOWN;
                }
                Told::End if found => with_head.extend(names.len().checked_sub(1)),
                Told::End => {}
                Told::Choose => break,
                Told::Broken => return Err(BillFileError::BrokenWorkbook),
                Told::TooLarge(limit, at) => return Err(BillFileError::TooLarge { limit, at }),
            }
        }
        let listed = |which: &[String]| Unlogged(which.join("、"));
        let mut candidates = with_head.iter().filter_map(|at| names.get(*at).cloned());
        match (with_head.as_slice(), candidates.next()) {
            ([only], Some(name)) => {
                let number = u32::try_from(*only).unwrap_or(u32::MAX);
                Ok((number, name))
            }
            (_, None) => Err(BillFileError::NoHead {
                first: listed(&names),
            }),
            (_, Some(first)) => {
                let all: Vec<_> = std::iter::once(first).chain(candidates).collect();
                Err(BillFileError::SeveralSheets(listed(&all)))
            }
        }
    }

    /// Hands on the rows of the sheet that was chosen, in their order.
    fn rows(&mut self, sink: &mut Sink<'_>) -> Result<(), BillFileError> {
        let mut least = 0;
        loop {
            let row = match self.next()? {
                Told::Row(row) => row,
                Told::End => return Ok(()),
                Told::TooLarge(limit, at) => return Err(BillFileError::TooLarge { limit, at }),
                Told::Broken | Told::Sheet(_) | Told::Choose => {
                    return Err(BillFileError::BrokenWorkbook);
                }
            };
            if row < least || u64::from(row) >= MOST_ROWS {
                return Err(BillFileError::BrokenWorkbook);
            }
            least = row + 1;
            sink(&Row {
                position: RowPosition::of_sheet(row),
                cells: &self.cells,
            })?;
        }
    }

    fn next(&mut self) -> Result<Told<'_>, BillFileError> {
        let mut head = [0; wire::HEAD];
        if let Err(error) = self.from.read_exact(&mut head) {
            return Err(self.broken_off(error));
        }
        let (kind, length) = wire::head(head).ok_or(BillFileError::BrokenWorkbook)?;
        self.frame.resize(length, 0);
        if let Err(error) = self.from.read_exact(&mut self.frame) {
            return Err(self.broken_off(error));
        }
        wire::told(kind, &self.frame, &mut self.cells).ok_or(BillFileError::BrokenWorkbook)
    }

    /// What it means that a pipe does not go on.
    fn broken_off(&mut self, error: std::io::Error) -> BillFileError {
        let kind = error.kind();
        if kind == ErrorKind::TimedOut {
            return beyond(Limit::Time);
        }
        if kind != ErrorKind::UnexpectedEof && kind != ErrorKind::BrokenPipe {
            return BillFileError::NoReader(error);
        }
        match self.worker.end() {
            Ok(status) => why_ended(status),
            Err(error) => BillFileError::NoReader(error),
        }
    }
}

fn beyond(limit: Limit) -> BillFileError {
    BillFileError::TooLarge { limit, at: None }
}

/// Rust ends a process whose memory is refused by a signal, the kernel one that has computed for too long.
fn why_ended(status: ExitStatus) -> BillFileError {
    tracing::warn!(%status, "the process that read a workbook has ended before its work was done");
    match status.signal() {
        Some(libc::SIGXCPU) => beyond(Limit::Time),
        Some(_) => beyond(Limit::Memory),
        None => BillFileError::NoReader(std::io::Error::other(status.to_string())),
    }
}

impl Worker {
    fn start(its_input: PipeReader, its_output: PipeWriter) -> std::io::Result<Self> {
        #[cfg(test)]
        if READER.get().is_none() {
            std::thread::Builder::new().spawn(move || {
                let (mut from, mut to) = (its_input, its_output);
                // Whoever breaks off closes the pipes, and that is all there is to it.
                drop(child::serve(&mut from, &mut to));
            })?;
            return Ok(Self::Thread);
        }
        let program = READER.get().ok_or(ErrorKind::Unsupported)?;
        let process = Command::new(program)
            .arg(SUBCOMMAND)
            .env_clear()
            .stdin(its_input)
            .stdout(its_output)
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self::Process(process))
    }

    /// Ends the process, where it has not ended itself, and says how it did.
    fn end(&mut self) -> std::io::Result<ExitStatus> {
        match self {
            Self::Process(process) => {
                process.kill()?;
                process.wait()
            }
            #[cfg(test)]
            Self::Thread => Err(ErrorKind::UnexpectedEof.into()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::debug!(%error, "the process that reads workbooks had no end");
        }
    }
}

/// A pipe that is read for so long as [`PATIENCE`] says, all reads together.
struct InTime {
    pipe: PipeReader,
    timer: OwnedFd,
}

impl InTime {
    fn new(pipe: PipeReader) -> std::io::Result<Self> {
        let timer = timerfd_create(TimerfdClockId::Boottime, TimerfdFlags::CLOEXEC)?;
        let never = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let once = Itimerspec {
            it_interval: never,
            it_value: Timespec {
                tv_sec: PATIENCE,
                tv_nsec: 0,
            },
        };
        timerfd_settime(&timer, TimerfdTimerFlags::empty(), &once)?;
        Ok(Self { pipe, timer })
    }
}

impl Read for InTime {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut polled = [
            PollFd::new(&self.pipe, PollFlags::IN),
            PollFd::from_borrowed_fd(self.timer.as_fd(), PollFlags::IN),
        ];
        poll(&mut polled, None)?;
        if !polled[1].revents().is_empty() {
            return Err(ErrorKind::TimedOut.into());
        }
        self.pipe.read(buffer)
    }
}

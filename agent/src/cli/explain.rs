//! `explain`: one case in, one decision out, by the rules the counter runs; no card, no network, no database.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::rules::case_format::{parse_case, write_decision, write_error};
use ::rules::{Profile, decide};
use clap::Args;

use super::ground;
use crate::wording::commands;

/// What is to be explained.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The case as JSON; `-` for standard input.
    #[arg(required_unless_present = "lines", conflicts_with = "lines")]
    case: Option<PathBuf>,

    /// Read one case a line from standard input and write one result a line, in order.
    #[arg(long)]
    lines: bool,
}

/// A case that broke the format; the run went on to its end.
const BAD_CASE: u8 = 2;

/// Why the run did not come to its end.
enum Broken {
    /// The case's file.
    File(PathBuf, io::Error),
    /// Standard input.
    Input(io::Error),
    /// Standard output; nobody reads any more, or it cannot be written.
    Output(io::Error),
}

impl Explain {
    pub(super) fn run(self) -> ExitCode {
        let done = match self.case {
            Some(path) => one(&path),
            None => every_line(io::stdin().lock(), io::stdout().lock()),
        };
        let notice = match done {
            Ok(true) => return ExitCode::SUCCESS,
            Ok(false) => return ExitCode::from(BAD_CASE),
            // Whoever read the results has gone: nothing is left to say.
            Err(Broken::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                return ExitCode::FAILURE;
            }
            Err(Broken::Output(error)) => commands::output(&error),
            Err(Broken::Input(error)) => commands::input(&error),
            Err(Broken::File(path, error)) => commands::case_unreadable(&path, &error),
        };
        ground::ended(Err(notice))
    }
}

/// One case from a file or standard input; whether it was one.
fn one(path: &Path) -> Result<bool, Broken> {
    let mut json = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin()
            .lock()
            .read_to_end(&mut json)
            .map_err(Broken::Input)?;
    } else {
        File::open(path)
            .and_then(|mut file| file.read_to_end(&mut json))
            .map_err(|error| Broken::File(path.to_owned(), error))?;
    }
    let mut out = io::stdout().lock();
    let good = explain(&json, &mut out).map_err(Broken::Output)?;
    out.flush().map_err(Broken::Output)?;
    Ok(good)
}

/// One result for each line; whether each was a case.
fn every_line(input: impl Read, output: impl Write) -> Result<bool, Broken> {
    const BUFFER: usize = 1 << 16;
    let mut input = BufReader::with_capacity(BUFFER, input);
    let mut output = BufWriter::with_capacity(BUFFER, output);
    let mut line = Vec::new();
    let mut all_good = true;
    while input.read_until(b'\n', &mut line).map_err(Broken::Input)? > 0 {
        all_good &= explain(&line, &mut output).map_err(Broken::Output)?;
        line.clear();
        // Whoever feeds one line at a time waits for its answer.
        if input.buffer().is_empty() {
            output.flush().map_err(Broken::Output)?;
        }
    }
    output.flush().map_err(Broken::Output)?;
    Ok(all_good)
}

/// Writes the decision, or the format's error; whether it was a case.
fn explain(json: &[u8], output: &mut impl Write) -> io::Result<bool> {
    let (result, good) = match parse_case(json) {
        Ok(case) => {
            let decision = decide(&case, Profile::built_in(case.facts().profile));
            (write_decision(&decision), true)
        }
        Err(error) => (write_error(&error), false),
    };
    output.write_all(&result)?;
    output.write_all(b"\n")?;
    Ok(good)
}

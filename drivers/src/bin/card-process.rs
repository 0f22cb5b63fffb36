//! The card process alone, as the tests and benches of this package start it; the agent has it as a hidden subcommand.
//!
//! With `keep` it is the keeper of one, started by a listening socket. With `hold-exclusive READER` or `hold-transaction READER` it is the other program that holds a card, until standard
//! input closes.

use std::error::Error;
use std::ffi::CString;
use std::io::{self, Read as _, Write as _};
use std::process::{ExitCode, ExitStatus};

use drivers::reader::ChildCommand;
use pcsc::{Context, Protocols, Scope, ShareMode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let error: Box<dyn Error> = match arguments.as_slice() {
        [] => {
            if let Err(error) = drivers::reader::close_inherited_files() {
                error.into()
            } else {
                let Err(error) = drivers::reader::run_child();
                error.into()
            }
        }
        [keep] if keep == "keep" => match keep_one() {
            Ok(status) if status.success() => return ExitCode::SUCCESS,
            Ok(status) => status.to_string().into(),
            Err(error) => error,
        },
        [manner, reader] => match hold(manner, reader) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => error,
        },
        _ => "usage: card-process [keep|hold-exclusive|hold-transaction READER]".into(),
    };
    drop(writeln!(io::stderr(), "card-process: {error}"));
    ExitCode::FAILURE
}

/// This program again, with what its tests have told it.
fn keep_one() -> Result<ExitStatus, Box<dyn Error>> {
    let command = ChildCommand {
        program: "/proc/self/exe".into(),
        arguments: Vec::new(),
        environment: std::env::vars_os()
            .filter(|(name, _)| name != "PATH")
            .collect(),
        account: None,
    };
    Ok(drivers::reader::run_keeper(&command)?)
}

/// Holds the card of one reader until standard input closes; says so on standard output.
fn hold(manner: &str, reader: &str) -> Result<(), Box<dyn Error>> {
    let share = match manner {
        "hold-exclusive" => ShareMode::Exclusive,
        "hold-transaction" => ShareMode::Shared,
        _ => return Err("hold-exclusive or hold-transaction".into()),
    };
    let context = Context::establish(Scope::User)?;
    let mut card = context.connect(&CString::new(reader)?, share, Protocols::ANY)?;
    let transaction = card.transaction()?;
    writeln!(io::stdout(), "held")?;
    io::stdin().read_to_end(&mut Vec::new())?;
    drop(transaction);
    Ok(())
}

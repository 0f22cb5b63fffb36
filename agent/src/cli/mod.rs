//! The command line: one subcommand a file.

mod accept_clock;
mod bill;
mod card_child;
mod card_keeper;
mod catalogue_held;
mod check_config;
mod create_key;
mod explain;
mod ground;
mod journal;
mod ledger;
mod page;
mod province;
mod queue;
mod read_card;
mod rules;
mod run;
mod scan;
mod slip;
mod staff;
mod workbook_child;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use self::ground::{Configured, ended, say};
use crate::wording::command_line;

/// A build with a switch for tests says so: it is not for a counter.
const VERSION: &str = if cfg!(any(feature = "test-clock", feature = "failpoints")) {
    concat!(env!("CARGO_PKG_VERSION"), "（测试版，不可用于窗口）")
} else {
    env!("CARGO_PKG_VERSION")
};

/// What `--help` says of each command and option stands in [`command_line`].
#[derive(Debug, Parser)]
#[command(name = "settlement-agent", version = VERSION)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read cards for the daemon, which starts this itself.
    #[command(hide = true)]
    CardChild,
    /// Keep a card process in an account of its own; systemd starts this when the daemon connects.
    #[command(hide = true)]
    CardKeeper,
    /// Read a workbook for the daemon or a command, which starts this itself.
    #[command(hide = true)]
    WorkbookChild,
    /// Run the daemon.
    Run(Configured),
    /// Check the configuration and say what is wrong with it.
    CheckConfig(Configured),
    /// Make a new ledger key file (64 hex digits, mode 0600). An existing one is never replaced.
    CreateKey(create_key::CreateKey),
    /// Print a link that opens the counter's page once, for the account that asks, or open the page.
    Page(page::Page),
    /// Write a settlement's slip (Annex 10) to a PDF file.
    Slip(slip::Slip),
    /// List what is still to be uploaded, or say what became of a message that the province refused.
    Queue(queue::Queue),
    /// Look whether the journal and all that it records still stand as they were written.
    Journal(journal::Journal),
    /// Copy the ledger, or decide how one goes on that is held.
    Ledger(ledger::Ledger),
    /// Keep the list of people who sign in at this counter.
    Staff(staff::Staff),
    /// Say that the clock was checked and is right, where it once ran ahead and settlement is held since.
    AcceptClock(accept_clock::AcceptClock),
    /// Show how a hospital's bill is understood, or propose a mapping for its words.
    #[command(subcommand)]
    Bill(bill::Bill),
    /// Read a card and show what it says, how long each step took, and the status words.
    ReadCard(read_card::ReadCard),
    /// Show what a serial code scanner sends, and which kind of code it is.
    Scan(scan::Scan),
    /// Show what a province would be sent by its table, or print a table to start from.
    #[command(subcommand)]
    Province(province::Province),
    /// Decide a case that a file holds and say why, by the rules the counter runs.
    Explain(explain::Explain),
    /// List every rule of the counter with its article, and what each profile sets.
    Rules,
}

/// Parses the process's arguments and runs the chosen command.
pub fn main() -> ExitCode {
    // reqwest asks for the process's provider even where nothing is encrypted (the console's socket). A second call
    // would say that there already is one; this is the first.
    drop(rustls::crypto::ring::default_provider().install_default());
    // By this name it is the program that runs, also where a newer one lies in its place.
    crate::bill::workbooks_are_read_by(Path::new("/proc/self/exe"));
    let line = match parsed(std::env::args_os()) {
        Ok(line) => line,
        Err(error) => return not_parsed(&error),
    };
    let done = match line.command {
        Command::CardChild => card_child::run(),
        Command::CardKeeper => return ended(card_keeper::run()),
        Command::WorkbookChild => workbook_child::run(),
        Command::Run(configured) => run::run(&configured.config),
        Command::CheckConfig(configured) => check_config::run(&configured.config),
        Command::CreateKey(create_key) => create_key::run(&create_key),
        Command::Page(page) => page::run(&page),
        Command::Slip(slip) => slip::run(&slip),
        Command::Queue(queue) => queue::run(queue),
        Command::Journal(journal) => journal::run(&journal),
        Command::Ledger(ledger) => ledger::run(&ledger),
        Command::Staff(staff) => staff::run(staff),
        Command::AcceptClock(accept) => accept_clock::run(&accept),
        Command::Scan(scan) => scan::run(&scan),
        Command::Province(province) => province.run(),
        // These answer with a status of their own.
        Command::ReadCard(read_card) => return ended(read_card::run(&read_card)),
        Command::Bill(bill) => return ended(bill.run()),
        Command::Explain(explain) => return explain.run(),
        Command::Rules => return rules::run(),
    };
    ended(done.map(|()| ExitCode::SUCCESS))
}

fn in_chinese() -> clap::Command {
    command_line::in_chinese(CommandLine::command())
}

fn parsed(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
) -> Result<CommandLine, clap::Error> {
    let matches = in_chinese().try_get_matches_from(arguments)?;
    CommandLine::from_arg_matches(&matches)
}

/// Help and version are asked for; anything else is a mistake of whoever typed it.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "clap's kinds, of which three are no mistakes"
)]
fn not_parsed(error: &clap::Error) -> ExitCode {
    let status = u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            say(std::io::stdout(), error.to_string().trim_end());
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            say(std::io::stderr(), error.to_string().trim_end());
        }
        _ => say(
            std::io::stderr(),
            &format!("错误：{}", command_line::misuse(error)),
        ),
    }
    status
}

#[cfg(test)]
pub(crate) mod tests {
    /// The whole command line, as people see it.
    pub(crate) fn command_line() -> clap::Command {
        super::in_chinese()
    }
}

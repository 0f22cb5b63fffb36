//! The command line: one subcommand a file.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Hospital side of on-the-spot settlement for work-injury insurance.
#[derive(Debug, Parser)]
#[command(name = "settlement-agent", version, about)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {}

/// Parses the process's arguments and runs the chosen command.
pub fn main() -> ExitCode {
    let line = CommandLine::parse();
    match line.command {}
}

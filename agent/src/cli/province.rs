//! `province`: what a province would be sent by its table, and a table to start another from; nothing is sent.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{Args, Subcommand, ValueEnum};

use super::ground::{Configured, settings};
use crate::province::trial::{self, REFERENCE};
use crate::province::{Adapter, Transaction};
use crate::wording::commands;
use crate::wording::notice::Notice;

#[derive(Debug, Subcommand)]
pub(super) enum Province {
    /// Print the body that a message would have.
    Try(Try),
    /// Print the table that ships with the program, or a message of ours to edit.
    Example(Example),
}

#[derive(Debug, Args)]
pub(super) struct Try {
    /// What we say, as JSON in our words; an example of it where none is given; `-` for standard input.
    file: Option<PathBuf>,
    /// Which message.
    #[arg(long)]
    transaction: Transaction,
    /// The table; the one that the configuration names, or else the built-in one.
    #[arg(long)]
    table: Option<PathBuf>,
    /// 就医登记号, as it would have become known.
    #[arg(long)]
    registration_number: Option<String>,
    #[command(flatten)]
    configured: Configured,
}

#[derive(Debug, Args)]
pub(super) struct Example {
    /// A message of ours instead of the table.
    #[arg(long)]
    transaction: Option<Transaction>,
}

impl ValueEnum for Transaction {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

impl Province {
    pub(super) fn run(&self) -> Result<(), Notice> {
        match self {
            Self::Try(asked) => asked.run(),
            Self::Example(Example { transaction: None }) => written(REFERENCE.trim_end()),
            Self::Example(Example {
                transaction: Some(transaction),
            }) => {
                let example = trial::example(*transaction);
                written(&example.map_err(|error| Notice::from(&error))?)
            }
        }
    }
}

impl Try {
    fn run(&self) -> Result<(), Notice> {
        let adapter = match &self.table {
            Some(path) => Adapter::load(path),
            None => match settings(&self.configured.config)?.platform.adapter_file {
                Some(path) => Adapter::load(&path),
                None => Adapter::built_in(),
            },
        };
        let adapter = adapter.map_err(|error| error.notice())?;
        let said = self.file.as_deref().map(bytes).transpose()?;
        let body = trial::body(
            &adapter,
            self.transaction,
            said.as_deref(),
            self.registration_number.as_deref(),
        );
        written(&body.map_err(|error| Notice::from(&error))?)
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, Notice> {
    if path.as_os_str() != "-" {
        return std::fs::read(path).map_err(|error| commands::message_unreadable(path, &error));
    }
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| commands::input(&error))?;
    Ok(bytes)
}

/// As it is, to the last byte: it is compared with a specification, or edited. A reader that has gone away is not an error.
fn written(text: &str) -> Result<(), Notice> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(commands::output(&error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

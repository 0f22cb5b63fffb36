//! What the commands stand on: where the configuration lies, how something is said, where the log goes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::daemon::default_configuration;
use crate::settings::Settings;
use crate::visible_text::{self, in_lines};
use crate::wording::commands;
use crate::wording::notice::Notice;

/// Where the configuration lies.
#[derive(Debug, Args)]
pub(super) struct Configured {
    /// The configuration file.
    #[arg(long, default_value_os_t = default_configuration())]
    pub(super) config: PathBuf,
}

pub(super) fn ended(done: Result<ExitCode, Notice>) -> ExitCode {
    match done {
        Ok(code) => code,
        Err(notice) => {
            say(std::io::stderr(), &format!("错误：{notice}"));
            ExitCode::FAILURE
        }
    }
}

pub(super) fn settings(path: &Path) -> Result<Settings, Notice> {
    Settings::load(path).or_else(|wrong| {
        all_said(wrong.iter().map(Notice::from).collect())?;
        // Without a finding there would be settings.
        Err(commands::configuration_lost())
    })
}

/// Says all of them: the last one is the error that the command ends with.
pub(super) fn all_said(mut findings: Vec<Notice>) -> Result<(), Notice> {
    let Some(last) = findings.pop() else {
        return Ok(());
    };
    for finding in findings {
        say(std::io::stderr(), &format!("错误：{finding}"));
    }
    Err(last)
}

/// Writes the log there, as much of it as `SETTLEMENT_AGENT_LOG` asks for.
pub(super) fn log_to(writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static) {
    let filter = EnvFilter::try_from_env("SETTLEMENT_AGENT_LOG")
        .unwrap_or_else(|_unset| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(visible_text::Log(writer))
        .with_ansi(false)
        .init();
}

/// Lines to a stream, everything in them visible. A reader that has gone away is not an error.
pub(super) fn say(mut to: impl Write, lines: &str) {
    drop(writeln!(to, "{}", in_lines(lines)));
}

/// Runs a future on a small runtime of its own: for subcommands that speak to the daemon.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Notice>>) -> Result<T, Notice> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| commands::not_started(&error))?
        .block_on(work)
}

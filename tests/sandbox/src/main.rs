//! The simulated province as a program of its own.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Parser;
use jiff::civil::Date;
use sandbox::{Options, Sandbox};
use tokio::signal::unix::{SignalKind, signal};

/// The province, simulated: writes ca.pem, client.pem, client.key and institution.secret into DIR, prints one line of
/// JSON when it is ready, and ends on SIGTERM or Ctrl-C.
#[derive(Debug, Parser)]
#[command(name = "sandbox", version)]
struct CommandLine {
    /// Folder for certificates, the secret and what was accepted; kept for the next start.
    #[arg(long)]
    dir: PathBuf,
    /// Where agents connect, by HTTPS.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Where tests and demos switch faults, by HTTP.
    #[arg(long, default_value = "127.0.0.1:0")]
    control: SocketAddr,
    /// The province's date; the machine's without it.
    #[arg(long)]
    today: Option<Date>,
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info")),
        )
        .init();
    let line = CommandLine::parse();
    let mut terminate = signal(SignalKind::terminate())?;
    let sandbox = Sandbox::start(Options {
        dir: line.dir,
        listen: line.listen,
        control: line.control,
        today: line.today,
    })
    .await?;
    let ready = serde_json::to_string(sandbox.ready())?;
    let mut out = std::io::stdout();
    writeln!(out, "{ready}")
        .and_then(|()| out.flush())
        .context("nobody reads the ready line")?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    sandbox.stop().await;
    Ok(())
}

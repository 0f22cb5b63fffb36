//! The agent as a process of its own: its page and interface, its test clock, its end.

use std::path::PathBuf;
use std::process::ExitStatus;

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use crate::his::His;
use crate::process::Process;

/// A running daemon.
#[derive(Debug)]
pub struct Agent {
    process: Process,
    origin: String,
    his: His,
    clock: PathBuf,
}

impl Agent {
    /// A daemon that serves `origin` and has its test clock at this socket.
    pub(crate) fn ready(process: Process, origin: String, his: His, clock: PathBuf) -> Self {
        Self {
            process,
            origin,
            his,
            clock,
        }
    }

    /// The number of its process, as long as it runs.
    pub fn id(&self) -> Option<u32> {
        self.process.id()
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The hospital system's side of its interface.
    pub fn his(&self) -> &His {
        &self.his
    }

    /// Lets time go by on its clocks; needs a program built with the feature `test-clock`.
    ///
    /// # Errors
    ///
    /// The clock does not answer.
    pub async fn advance(&self, seconds: i64) -> Result<()> {
        self.move_clock(&format!("advance {seconds}")).await
    }

    /// Sets its civil time by so much forward or back, as somebody does at the PC; no time goes by.
    ///
    /// # Errors
    ///
    /// The clock does not answer.
    pub async fn set_clock(&self, by_seconds: i64) -> Result<()> {
        self.move_clock(&format!("set-civil {by_seconds}")).await
    }

    async fn move_clock(&self, how: &str) -> Result<()> {
        let stream = UnixStream::connect(&self.clock)
            .await
            .context("the test clock: was the program built with the feature test-clock?")?;
        let mut stream = BufReader::new(stream);
        stream.write_all(format!("{how}\n").as_bytes()).await?;
        let mut answer = String::new();
        stream.read_line(&mut answer).await?;
        ensure!(answer == "ok\n", "the test clock says {answer:?}");
        Ok(())
    }

    /// Everything it wrote to its log.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Waits for a line of its log that contains `words`.
    ///
    /// # Errors
    ///
    /// It ended, or never said so.
    pub async fn hear(&self, words: &str) -> Result<()> {
        self.process
            .hear(0, |line| line.contains(words).then_some(()))
            .await
    }

    /// Ends it as systemd does and waits.
    ///
    /// # Errors
    ///
    /// It does not end, or with an error.
    pub async fn stop(mut self) -> Result<()> {
        let status = self.process.stop().await?;
        ensure!(
            status.success(),
            "the agent ended with {status}:\n{}",
            self.process.log()
        );
        Ok(())
    }

    /// Kills it as a power cut does (SIGKILL); its log is returned.
    ///
    /// # Errors
    ///
    /// It cannot be killed.
    pub async fn kill(mut self) -> Result<String> {
        self.process.kill().await?;
        Ok(self.process.log())
    }

    /// Waits for an end of its own.
    ///
    /// # Errors
    ///
    /// It does not end.
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        self.process.ended().await
    }
}

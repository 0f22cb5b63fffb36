//! The province's sandbox as a process of its own, and its control interface.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use sandbox::{Accepted, Ready};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::process::Process;
use crate::programs::built;

/// A running sandbox.
#[derive(Debug)]
pub struct Province {
    process: Process,
    ready: Ready,
    http: reqwest::Client,
}

impl Province {
    /// Starts it with its folder at `folder` and waits until it listens.
    ///
    /// # Errors
    ///
    /// It is not built, or does not start.
    pub async fn start(folder: &Path) -> Result<Self> {
        let mut command = Command::new(built("sandbox")?);
        command.arg("--dir").arg(folder);
        let process = Process::start("sandbox", command)?;
        let ready = process
            .hear(0, |line| serde_json::from_str::<Ready>(line).ok())
            .await?;
        Ok(Self {
            process,
            ready,
            http: reqwest::Client::new(),
        })
    }

    /// Where everything is.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Everything it has taken, in order.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub async fn accepted(&self) -> Result<Vec<Accepted>> {
        let text = self
            .http
            .get(self.at("accepted"))
            .send()
            .await?
            .text()
            .await?;
        serde_json::from_str(&text).context("what the sandbox has taken")
    }

    /// Stops listening for agents, or listens again at the same address.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub async fn set_listening(&self, listening: bool) -> Result<()> {
        self.put("listening", json!({ "listening": listening }))
            .await
    }

    /// Refuses every client certificate, or accepts them again.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub async fn refuse_certificates(&self, refused: bool) -> Result<()> {
        self.put("certificates", json!({ "refused": refused }))
            .await
    }

    /// Refuses the next message of this transaction code.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub async fn refuse_next(&self, infno: &str, code: &str, message: &str) -> Result<()> {
        let effect = json!({ "reject": { "code": code, "message": message } });
        let fault = json!({ "effect": effect, "infno": infno, "count": 1 });
        let answer = self
            .http
            .post(self.at("faults"))
            .json(&fault)
            .send()
            .await?;
        ensure!(
            answer.status().is_success(),
            "no fault: {}",
            answer.status()
        );
        Ok(())
    }

    /// Refuses, from now on, whoever asks about this person, in these words.
    ///
    /// # Errors
    ///
    /// It does not answer, or does not know the worker.
    pub async fn freeze(&self, number: &str, words: &str) -> Result<()> {
        self.put(&format!("frozen/{number}"), json!({ "words": words }))
            .await
    }

    /// Lets every registration that contains this text hang for as long as anybody waits.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub async fn hang(&self, containing: &str) -> Result<()> {
        let effect = json!({ "delay": { "delay_ms": 3_600_000 } });
        let fault = json!({
            "effect": effect, "infno": "2201", "containing": containing, "count": u32::MAX
        });
        let answer = self
            .http
            .post(self.at("faults"))
            .json(&fault)
            .send()
            .await?;
        let status = answer.status();
        ensure!(status.is_success(), "no fault: {status}");
        Ok(())
    }

    /// Moves its clock forward.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub async fn advance(&self, seconds: i64) -> Result<()> {
        self.put("clock", json!({ "advance_seconds": seconds }))
            .await
    }

    /// The electronic social security card on a worker's telephone: the code it shows now.
    ///
    /// # Errors
    ///
    /// It does not answer, or does not know the worker.
    pub async fn code_of(&self, number: &str) -> Result<String> {
        let at = self.at(&format!("codes/{number}"));
        let answer: Value = self.http.post(at).send().await?.json().await?;
        let code = answer["code"].as_str().context("a code")?;
        Ok(code.to_owned())
    }

    /// Everything it said.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Ends it.
    ///
    /// # Errors
    ///
    /// It does not end.
    pub async fn stop(mut self) -> Result<()> {
        let status = self.process.stop().await?;
        ensure!(status.success(), "the sandbox ended with {status}");
        Ok(())
    }

    fn at(&self, place: &str) -> String {
        format!("{}/{place}", self.ready.control_url)
    }

    async fn put(&self, place: &str, body: Value) -> Result<()> {
        let answer = self.http.put(self.at(place)).json(&body).send().await?;
        let status = answer.status();
        ensure!(
            status.is_success(),
            "the sandbox says {status} to {place}: {}",
            answer.text().await?
        );
        Ok(())
    }
}

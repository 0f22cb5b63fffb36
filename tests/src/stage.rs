//! Everything together: a folder, the province, the premises, and the agent running there.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::agent::Agent;
use crate::premises::Premises;
use crate::programs::prepare_tls;
use crate::province::Province;

/// What a play needs beside the card reader. Fields drop in order: the agent ends before the province, the folder last.
#[derive(Debug)]
pub struct Stage {
    /// The agent; none while it is down.
    pub agent: Option<Agent>,
    /// The province.
    pub province: Province,
    /// The counter's PC.
    pub premises: Premises,
    folder: TempDir,
}

impl Stage {
    /// Brings up province and agent; `pc_sc` are the variables by which programs find the card reader.
    ///
    /// # Errors
    ///
    /// A program is not built or does not start; the error shows what it said.
    pub async fn raise(pc_sc: Vec<(OsString, OsString)>) -> Result<Self> {
        let mut stage = Self::without_agent(pc_sc).await?;
        stage.start_agent(&[]).await?;
        Ok(stage)
    }

    /// The same before the agent is started.
    ///
    /// # Errors
    ///
    /// As [`Stage::raise`].
    pub async fn without_agent(pc_sc: Vec<(OsString, OsString)>) -> Result<Self> {
        Self::furnished(pc_sc, |_| Ok(())).await
    }

    /// The same with what an earlier program left behind: the ledger, its key, and what the province had accepted by then.
    ///
    /// # Errors
    ///
    /// As [`Stage::raise`]; or something of it is not in `left`.
    pub async fn inheriting(pc_sc: Vec<(OsString, OsString)>, left: &Path) -> Result<Self> {
        let accepted = left.join("accepted.jsonl");
        let stage = Self::furnished(pc_sc, |province| {
            fs::create_dir_all(province).context("the province's folder")?;
            fs::copy(&accepted, province.join("accepted.jsonl")).context("accepted.jsonl")?;
            Ok(())
        })
        .await?;
        let premises = &stage.premises;
        let ledger = premises.state().join("ledger.db");
        for (name, to) in [
            ("ledger.db", &ledger),
            ("ledger.key", &premises.ledger_key()),
        ] {
            fs::copy(left.join(name), to).context(name)?;
            fs::set_permissions(to, Permissions::from_mode(0o600)).context(name)?;
        }
        // The first layout had none.
        let witness = left.join("ledger.witness");
        if witness.exists() {
            fs::create_dir_all(premises.witness()).context("the witness's folder")?;
            fs::copy(&witness, premises.witness().join("ledger.witness"))
                .context("ledger.witness")?;
        }
        Ok(stage)
    }

    async fn furnished(
        pc_sc: Vec<(OsString, OsString)>,
        before_the_province: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<Self> {
        prepare_tls();
        let folder = TempDir::with_prefix("stage-").context("temporary folder")?;
        let province = folder.path().join("province");
        before_the_province(&province)?;
        let province = Province::start(&province).await?;
        let premises =
            Premises::furnish(&folder.path().join("counter"), province.ready(), pc_sc).await?;
        Ok(Self {
            agent: None,
            province,
            premises,
            folder,
        })
    }

    /// Starts the agent, in place of one that may have been there before, and waits until it is ready.
    ///
    /// # Errors
    ///
    /// It does not become ready.
    pub async fn start_agent(&mut self, environment: &[(&str, &str)]) -> Result<&Agent> {
        let agent = self.premises.start(environment).await?;
        Ok(self.agent.insert(agent))
    }

    /// The running agent.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn agent(&self) -> Result<&Agent> {
        self.agent.as_ref().context("the agent is down")
    }

    /// The folder that holds everything; it goes with the stage.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends agent and province as systemd would, and says if one of them did not end well.
    ///
    /// # Errors
    ///
    /// One of them did not.
    pub async fn strike(mut self) -> Result<()> {
        let stopped = match self.agent.take() {
            Some(agent) => agent.stop().await,
            None => Ok(()),
        };
        stopped.and(self.province.stop().await)
    }
}

//! The virtual card reader in a network of its own, so that the agent's page stays in the machine's network.
//!
//! pcscd and the card run in a process that `tests/in-namespace` starts; the agent reaches pcscd over its Unix socket,
//! which lies in a folder that both see. The two processes talk by lines: `insert`, `draw`.

use std::ffi::OsString;
use std::io::{BufRead as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use tokio::io::AsyncWriteExt as _;
use tokio::process::{ChildStdin, Command};
use virtual_card::{Card, Holder, InsertedCard, Rig, Variant};

use crate::process::Process;
use crate::programs::tests_folder;

/// The name of the virtual reader.
const READER: &str = "Virtual PCD";

/// A room with one reader. Dropping it ends pcscd and what else runs in there.
#[derive(Debug)]
pub struct ReaderRoom {
    wishes: ChildStdin,
    process: Process,
    environment: Vec<(OsString, OsString)>,
}

impl ReaderRoom {
    /// Runs `program`, which must call [`serve`] when its one argument is `argument`, inside namespaces of its own.
    ///
    /// # Errors
    ///
    /// The kernel refuses the namespaces, or pcscd does not start; the error shows why and what to do.
    pub async fn open(program: &Path, argument: &str, folder: &Path) -> Result<Self> {
        let mut command = Command::new(tests_folder().join("in-namespace"));
        // What a killed room leaves behind goes with the caller's folder.
        command.arg(program).arg(argument).env("TMPDIR", folder);
        let mut process = Process::start("card reader", command)?;
        let socket = process
            .hear(0, |line| line.strip_prefix("ready ").map(OsString::from))
            .await?;
        Ok(Self {
            wishes: process.stdin().context("the room's standard input")?,
            process,
            environment: vec![("PCSCLITE_CSOCK_NAME".into(), socket)],
        })
    }

    /// Variables by which a program finds the reader.
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        self.environment.clone()
    }

    /// Puts the 3.0 card of the project's card document into the reader.
    ///
    /// # Errors
    ///
    /// The reader does not take it.
    pub async fn insert(&mut self) -> Result<()> {
        self.wish("insert", "inserted").await
    }

    /// Draws it out.
    ///
    /// # Errors
    ///
    /// The room does not answer.
    pub async fn draw_out(&mut self) -> Result<()> {
        self.wish("draw", "drawn").await
    }

    /// Ends pcscd and the room, and waits.
    ///
    /// # Errors
    ///
    /// It does not end.
    pub async fn close(self) -> Result<()> {
        let Self {
            wishes,
            mut process,
            ..
        } = self;
        drop(wishes);
        process.ended().await.map(drop)
    }

    async fn wish(&mut self, wish: &str, done: &'static str) -> Result<()> {
        let before = self.process.lines();
        self.wishes
            .write_all(format!("{wish}\n").as_bytes())
            .await
            .context("the room is gone")?;
        self.process
            .hear(before, |line| (line == done).then_some(()))
            .await
    }
}

/// The room itself: runs pcscd, says where its socket is, and does what it is told until its standard input closes.
///
/// # Errors
///
/// pcscd does not start, or the card is not taken.
pub fn serve() -> Result<()> {
    let rig = Rig::start(&[READER])?;
    let environment = rig.environment();
    let [(_, socket)] = environment.as_slice() else {
        bail!("the rig is reached by more than its socket");
    };
    say(&format!("ready {}", Path::new(socket).display()))?;
    let mut inserted: Option<InsertedCard> = None;
    for wish in std::io::stdin().lock().lines() {
        match wish.context("standard input")?.as_str() {
            "insert" => {
                let card = Card::new(Variant::V30, &Holder::default())?;
                inserted = Some(rig.insert(0, card).context("the reader takes no card")?);
                say("inserted")?;
            }
            "draw" => {
                if let Some(card) = inserted.take() {
                    card.draw_out();
                }
                say("drawn")?;
            }
            other => bail!("not understood: {other}"),
        }
    }
    Ok(())
}

fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .context("standard output")
}

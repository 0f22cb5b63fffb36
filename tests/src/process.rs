//! A program as a process of its own: its output is kept, its end is certain.

use std::io::Write as _;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

/// How long a program may take for what takes it a second on an idle machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Between two questions to a program that has no event for us.
const ASK_EVERY: Duration = Duration::from_millis(20);

/// Lines of output shown when a test panics.
const SHOWN: usize = 60;

/// A running program. Dropping it kills it; after a panic its last words are shown.
#[derive(Debug)]
pub struct Process {
    name: &'static str,
    child: Child,
    said: watch::Receiver<Vec<String>>,
}

impl Process {
    /// Starts `command`; what it writes to both streams is kept line by line.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn start(name: &'static str, mut command: Command) -> Result<Self> {
        let mut child = command
            .env("NO_COLOR", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        let (sender, said) = watch::channel(Vec::new());
        let sender = Arc::new(sender);
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(listen(stdout, Arc::clone(&sender)));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(listen(stderr, sender));
        }
        Ok(Self { name, child, said })
    }

    /// Its standard input, once; a program that reads it ends when it is dropped.
    pub fn stdin(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Waits for the first line, from line `from` on, that `find` finds something in.
    ///
    /// # Errors
    ///
    /// The program ended before, or said nothing of the kind within [`PATIENCE`]; the error shows what it said.
    pub async fn hear<T>(&self, from: usize, find: impl Fn(&str) -> Option<T>) -> Result<T> {
        let mut said = self.said.clone();
        let found = |lines: &Vec<String>| lines.iter().skip(from).find_map(|line| find(line));
        let heard = timeout(PATIENCE, said.wait_for(|lines| found(lines).is_some())).await;
        match heard {
            Ok(Ok(lines)) => found(&lines).context("a line that was there a moment ago"),
            Ok(Err(_ended)) => bail!("{} ended; it said:\n{}", self.name, self.log()),
            Err(_elapsed) => bail!(
                "{} did not say within {PATIENCE:?} what was expected; it said:\n{}",
                self.name,
                self.log()
            ),
        }
    }

    /// Its number, as long as it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Lines said so far.
    pub fn lines(&self) -> usize {
        self.said.borrow().len()
    }

    /// Everything said so far.
    pub fn log(&self) -> String {
        self.said.borrow().join("\n")
    }

    /// Asks it to end (SIGTERM) and waits.
    ///
    /// # Errors
    ///
    /// It does not end within [`PATIENCE`].
    pub async fn stop(&mut self) -> Result<ExitStatus> {
        if let Some(pid) = self.pid() {
            kill_process(pid, Signal::TERM)
                .with_context(|| format!("{} cannot be signalled", self.name))?;
        }
        self.ended().await
    }

    /// Kills it (SIGKILL) and waits.
    ///
    /// # Errors
    ///
    /// It cannot be killed.
    pub async fn kill(&mut self) -> Result<()> {
        self.child
            .kill()
            .await
            .with_context(|| format!("{} cannot be killed", self.name))
    }

    /// Waits for its end.
    ///
    /// # Errors
    ///
    /// It does not end within [`PATIENCE`].
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        timeout(PATIENCE, self.child.wait())
            .await
            .map_err(|_elapsed| anyhow!("{} did not end; it said:\n{}", self.name, self.log()))?
            .with_context(|| format!("the end of {}", self.name))
    }

    fn pid(&self) -> Option<Pid> {
        let id = i32::try_from(self.child.id()?).ok()?;
        Pid::from_raw(id)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let said = self.said.borrow();
            let last = said.len().saturating_sub(SHOWN);
            let shown = said[last..].join("\n");
            // Nobody listens to standard error any more: nothing is left to do.
            drop(writeln!(
                std::io::stderr(),
                "---- {} ----\n{shown}",
                self.name
            ));
        }
    }
}

async fn listen(stream: impl AsyncRead + Unpin, said: Arc<watch::Sender<Vec<String>>>) {
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        said.send_modify(|lines| lines.push(line));
    }
}

/// Asks again and again until there is an answer.
///
/// # Errors
///
/// `ask` fails, or has no answer within [`PATIENCE`].
pub async fn eventually<T>(
    what: &str,
    mut ask: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        if Instant::now() > deadline {
            bail!("waited {PATIENCE:?} in vain: {what}");
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
}

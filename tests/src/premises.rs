//! The counter's PC: a folder with configuration, keys, token and state, and the agent's program to run there.

use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Output;

use anyhow::{Context as _, Result, ensure};
use sandbox::Ready;
use tokio::process::Command;
use tokio::time::timeout;

use crate::agent::Agent;
use crate::his::His;
use crate::process::{PATIENCE, Process};
use crate::programs::built;

/// The name of whoever works at the counter; the account is the one that runs this.
pub const OPERATOR_NAME: &str = "陈收款";

/// Everything an agent needs before it is started.
#[derive(Debug, Clone)]
pub struct Premises {
    folder: PathBuf,
    program: PathBuf,
    operator: String,
    environment: Vec<(OsString, OsString)>,
}

impl Premises {
    /// Lays out the folder: a new ledger key made by the program itself, a new token, the configuration.
    ///
    /// `pc_sc` are the variables by which programs find the card reader.
    ///
    /// # Errors
    ///
    /// The program is not built, or a file cannot be written.
    pub async fn furnish(
        folder: &Path,
        province: &Ready,
        pc_sc: Vec<(OsString, OsString)>,
    ) -> Result<Self> {
        for own in ["state", "witness"] {
            DirBuilder::new()
                .mode(0o700)
                .recursive(true)
                .create(folder.join(own))
                .with_context(|| format!("folder of the {own}"))?;
        }
        let premises = Self {
            folder: folder.to_owned(),
            program: built("settlement-agent")?,
            operator: own_account().await?,
            environment: pc_sc,
        };
        keep_secret(&premises.token_file(), &new_token()?).context("token")?;
        fs::write(premises.configuration(), premises.text(province)).context("configuration")?;
        let key = premises.ledger_key();
        let made = premises
            .run("create-key", [key.as_os_str().to_owned()])
            .await?;
        ensure!(
            made.status.success(),
            "no ledger key: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        Ok(premises)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Adds to the configuration file, for the next start.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn configure(&self, more: &str) -> Result<()> {
        let path = self.configuration();
        let text = fs::read_to_string(&path).context("configuration")?;
        fs::write(&path, text + more).context("configuration")
    }

    /// The configuration file.
    pub fn configuration(&self) -> PathBuf {
        self.folder.join("settlement-agent.toml")
    }

    /// The folder of ledger and cache.
    pub fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// The folder of the ledger's witness.
    pub fn witness(&self) -> PathBuf {
        self.folder.join("witness")
    }

    /// The ledger's key file.
    pub fn ledger_key(&self) -> PathBuf {
        self.folder.join("ledger.key")
    }

    /// The socket of the commands.
    pub fn console_socket(&self) -> PathBuf {
        self.folder.join("agent.sock")
    }

    /// The hospital interface's socket.
    pub fn his_socket(&self) -> PathBuf {
        self.folder.join("his.sock")
    }

    /// The hospital system's token.
    ///
    /// # Errors
    ///
    /// Its file is gone.
    pub fn token(&self) -> Result<String> {
        fs::read_to_string(self.token_file()).context("token")
    }

    /// The account that works at the counter: the one that runs this.
    pub fn operator(&self) -> &str {
        &self.operator
    }

    /// Starts the daemon and waits until it is ready. `extra` are further environment variables.
    ///
    /// # Errors
    ///
    /// It does not become ready; the error shows what it said.
    pub async fn start(&self, extra: &[(&str, &str)]) -> Result<Agent> {
        let clock = self.clock_socket();
        if clock.exists() {
            fs::remove_file(&clock).context("the test clock of an agent before")?;
        }
        let mut command = self.command("run");
        command
            .arg("--config")
            .arg(self.configuration())
            .env("SETTLEMENT_AGENT_TEST_CLOCK", &clock)
            .envs(extra.iter().copied());
        let process = Process::start("settlement-agent", command)?;
        let origin = process
            .hear(0, |line| {
                let (_, address) = line.split_once(" ready address=")?;
                Some(format!("http://{address}"))
            })
            .await?;
        let his = His::new(&origin, &self.token()?, self.operator());
        Ok(Agent::ready(process, origin, his, clock))
    }

    /// Runs a subcommand with this configuration to its end.
    ///
    /// # Errors
    ///
    /// It cannot be started, or does not end.
    pub async fn run_configured<const N: usize>(
        &self,
        subcommand: &str,
        arguments: [&str; N],
    ) -> Result<Output> {
        let mut all: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        all.extend(["--config".into(), self.configuration().into()]);
        self.run(subcommand, all).await
    }

    /// Runs a subcommand to its end.
    ///
    /// # Errors
    ///
    /// It cannot be started, or does not end.
    pub async fn run(
        &self,
        subcommand: &str,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Output> {
        let mut command = self.command(subcommand);
        command
            .args(arguments)
            .kill_on_drop(true)
            .stdin(std::process::Stdio::null());
        timeout(PATIENCE, command.output())
            .await
            .with_context(|| format!("settlement-agent {subcommand} did not end"))?
            .with_context(|| format!("settlement-agent {subcommand} cannot be started"))
    }

    pub(crate) fn clock_socket(&self) -> PathBuf {
        self.folder.join("clock.sock")
    }

    fn token_file(&self) -> PathBuf {
        self.folder.join("his.token")
    }

    /// A subcommand with the variables by which it finds the card reader, to be started by the caller.
    pub fn command(&self, subcommand: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg(subcommand)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn text(&self, province: &Ready) -> String {
        let file = |path: &Path| path.display().to_string();
        let (state, ledger_key) = (file(&self.state()), file(&self.ledger_key()));
        let witness = file(&self.witness());
        let (token, socket) = (file(&self.token_file()), file(&self.console_socket()));
        let his_socket = file(&self.his_socket());
        let (url, institution) = (&province.url, &province.institution);
        let authority = file(&province.authority_file);
        let certificate = file(&province.certificate_file);
        let (key, secret) = (file(&province.key_file), file(&province.secret_file));
        let operator = &self.operator;
        format!(
            r#"[institution]
code = "{institution}"
name = "长沙市工伤定点示范医院"
division = "430103"
profile = "hunan"

[terminal]
number = 1

[storage]
directory = '{state}'
witness_directory = '{witness}'
key_file = '{ledger_key}'

[platform]
url = "{url}"
ca_file = '{authority}'
certificate_file = '{certificate}'
key_file = '{key}'
secret_file = '{secret}'

[local]
listen = "127.0.0.1:0"
socket = '{socket}'
his_socket = '{his_socket}'
his_token_file = '{token}'
his_accounts = ["{operator}"]

[slip]
reviewer = "李复核"

[[operator]]
user = "{operator}"
name = "{OPERATOR_NAME}"
"#
        )
    }
}

async fn own_account() -> Result<String> {
    let id = Command::new("id").arg("-un").output().await.context("id")?;
    let name = String::from_utf8(id.stdout).context("the account's name")?;
    ensure!(
        id.status.success() && !name.trim().is_empty(),
        "the account that runs this has no name"
    );
    Ok(name.trim().to_owned())
}

/// Writes a file that its owner alone can read.
fn keep_secret(path: &Path, secret: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(secret.as_bytes())
}

/// 64 hex digits from the kernel.
fn new_token() -> Result<String> {
    let mut bytes = [0; 32];
    fs::File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut bytes))
        .context("random bytes")?;
    Ok(hex::encode(bytes))
}

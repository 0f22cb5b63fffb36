//! A private PC/SC service: the real pcscd with virtual readers, on a socket of its own.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::card::Card;
use crate::inserted::{InsertedCard, Trouble};
use crate::namespace::{NotPrivate, require_private_namespace};

/// The virtual reader of Debian's package vsmartcard-vpcd.
const READER_DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

/// Slots of one virtual reader; a property of vsmartcard-vpcd.
const SLOTS: u16 = 2;

/// The rig cannot stand.
#[derive(Debug, thiserror::Error)]
pub enum RigError {
    /// Not in a private network.
    #[error(transparent)]
    NotPrivate(#[from] NotPrivate),
    /// A package is missing.
    #[error("{0} is missing: install it with `tests/prerequisites test`")]
    Missing(&'static str),
    /// pcscd did not come up.
    #[error("pcscd did not accept connections within {0:?}; it said: {1}")]
    NotReady(Duration, String),
    /// A file, process or port of the rig.
    #[error("{0}: {1}")]
    Io(&'static str, #[source] io::Error),
}

/// A running pcscd with virtual readers. Dropping it ends pcscd.
///
/// Each rig has a socket of its own, so that several can stand at once; programs under test find it through
/// [`Rig::environment`].
#[derive(Debug)]
pub struct Rig {
    directory: TempDir,
    readers: Vec<Reader>,
    /// Readers with drivers of the tests' own.
    drivers: u32,
    daemon: Option<Child>,
}

/// Readers that were taken away, for [`Rig::plug_in_again`].
#[derive(Debug)]
pub struct Unplugged(Vec<Reader>);

#[derive(Debug)]
struct Reader {
    name: String,
    port: u16,
}

impl Rig {
    /// Starts pcscd with one virtual reader of two slots a name; none at all is a hall without readers.
    ///
    /// PC/SC calls the slots `NAME 00 00` and `NAME 00 01`, the next reader's `NAME 01 00` and so on.
    ///
    /// # Errors
    ///
    /// Not run inside `tests/in-namespace`, a package is missing, or pcscd does not come up.
    pub fn start(reader_names: &[&str]) -> Result<Self, RigError> {
        require_private_namespace()?;
        if !Path::new(READER_DRIVER).exists() {
            return Err(RigError::Missing("vsmartcard-vpcd"));
        }
        let directory =
            TempDir::with_prefix("rig-").map_err(|e| RigError::Io("temporary directory", e))?;
        for name in ["run", "readers", "drivers"] {
            fs::create_dir(directory.path().join(name))
                .map_err(|e| RigError::Io("directory of the rig", e))?;
        }
        let mut rig = Self {
            directory,
            readers: Vec::new(),
            drivers: 0,
            daemon: None,
        };
        for name in reader_names {
            rig.configure_reader(name)?;
        }
        rig.start_service()?;
        Ok(rig)
    }

    /// Variables for a program that is to use this rig's readers.
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        vec![("PCSCLITE_CSOCK_NAME".into(), self.socket().into())]
    }

    /// The TCP port of a slot, for a card that is a process of its own. Slots 0 and 1 are the first reader's.
    ///
    /// # Panics
    ///
    /// There is no such slot.
    pub fn port(&self, slot: usize) -> u16 {
        let slots = usize::from(SLOTS);
        let offset = u16::from(!slot.is_multiple_of(slots));
        self.readers[slot / slots].port + offset
    }

    /// Puts a card into a slot.
    ///
    /// # Errors
    ///
    /// The reader does not accept the card within ten seconds.
    pub fn insert(&self, slot: usize, card: Card) -> io::Result<InsertedCard> {
        InsertedCard::insert(card, self.port(slot), None)
    }

    /// Puts a card into a slot that misbehaves from its first command on.
    ///
    /// # Errors
    ///
    /// As [`Rig::insert`].
    pub fn insert_troubled(
        &self,
        slot: usize,
        card: Card,
        trouble: Trouble,
    ) -> io::Result<InsertedCard> {
        InsertedCard::insert(card, self.port(slot), Some(trouble))
    }

    /// Adds a reader that the service finds at its next start.
    ///
    /// Debian's pcscd finds USB readers while it runs; virtual ones come from its configuration, which it reads only once.
    ///
    /// # Errors
    ///
    /// The reader cannot be configured.
    pub fn add_reader(&mut self, reader_name: &str) -> Result<(), RigError> {
        self.configure_reader(reader_name)
    }

    /// Adds a reader with a driver of the test's own, which is told this device; the service finds it at its next start.
    ///
    /// # Errors
    ///
    /// The reader cannot be configured.
    pub fn add_driver(
        &mut self,
        reader_name: &str,
        driver: &Path,
        device: &Path,
    ) -> Result<(), RigError> {
        let channel = self.drivers;
        self.drivers += 1;
        let text = format!(
            "FRIENDLYNAME \"{reader_name}\"\nDEVICENAME {}\nLIBPATH {}\nCHANNELID {channel}\n",
            device.display(),
            driver.display()
        );
        let file = format!("readers/driver-{channel}");
        fs::write(self.directory.path().join(file), text)
            .map_err(|e| RigError::Io("configuration of the reader", e))
    }

    /// Closes the way to the service's socket to every other account of this PC.
    ///
    /// # Errors
    ///
    /// The folder's mode cannot be changed.
    pub fn close_to_others(&self) -> Result<(), RigError> {
        let own = fs::Permissions::from_mode(0o700);
        fs::set_permissions(self.directory.path(), own)
            .map_err(|e| RigError::Io("mode of the rig's folder", e))
    }

    /// Takes all readers away; seen at the service's next start. Cards stay in their slots.
    ///
    /// # Errors
    ///
    /// A configuration cannot be removed.
    pub fn remove_readers(&mut self) -> Result<Unplugged, RigError> {
        for reader in &self.readers {
            fs::remove_file(self.configuration_of(reader.port))
                .map_err(|e| RigError::Io("configuration of the reader", e))?;
        }
        Ok(Unplugged(std::mem::take(&mut self.readers)))
    }

    /// The same readers again, cards and all; seen at the service's next start.
    ///
    /// # Errors
    ///
    /// A configuration cannot be written.
    pub fn plug_in_again(&mut self, unplugged: Unplugged) -> Result<(), RigError> {
        for reader in unplugged.0 {
            self.write_configuration(reader)?;
        }
        Ok(())
    }

    /// Ends pcscd, as `systemctl stop pcscd` does. Inserted cards stay in their slots.
    ///
    /// # Errors
    ///
    /// The process cannot be signalled.
    pub fn stop_service(&mut self) -> Result<(), RigError> {
        self.signal(Signal::TERM)?;
        self.reap()
    }

    /// Kills pcscd without a chance to say goodbye.
    ///
    /// # Errors
    ///
    /// The process cannot be signalled.
    pub fn kill_service(&mut self) -> Result<(), RigError> {
        self.signal(Signal::KILL)?;
        self.reap()
    }

    /// Stops pcscd in its tracks: it runs but answers nobody.
    ///
    /// # Errors
    ///
    /// The process cannot be signalled.
    pub fn freeze_service(&self) -> Result<(), RigError> {
        self.signal(Signal::STOP)
    }

    /// Lets a frozen pcscd go on.
    ///
    /// # Errors
    ///
    /// The process cannot be signalled.
    pub fn thaw_service(&self) -> Result<(), RigError> {
        self.signal(Signal::CONT)
    }

    /// Starts pcscd with the readers configured so far and returns when it accepts connections.
    ///
    /// # Errors
    ///
    /// As [`Rig::start`].
    pub fn start_service(&mut self) -> Result<(), RigError> {
        const PATIENCE: Duration = Duration::from_secs(10);
        let run = self.directory.path().join("run");
        for leftover in ["pcscd.comm", "pcscd.pid"] {
            match fs::remove_file(run.join(leftover)) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(RigError::Io("leftover of pcscd", error)),
            }
        }
        let log = fs::File::create(self.log()).map_err(|e| RigError::Io("pcscd's log", e))?;
        let log_too = log
            .try_clone()
            .map_err(|e| RigError::Io("pcscd's log", e))?;
        // pcscd's directory is fixed at build time: a mount of its own puts the rig's directory there.
        let script = "mkdir -p /run/pcscd && mount --bind \"$1\" /run/pcscd && exec pcscd --foreground --config \"$2\"";
        let daemon = Command::new("unshare")
            .args(["--mount", "sh", "-c", script, "pcscd"])
            .args([&run, &self.directory.path().join("readers")])
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(log_too)
            .spawn()
            .map_err(|e| RigError::Io("unshare", e))?;
        self.daemon = Some(daemon);
        // pcscd run in the foreground tells nobody when it is ready.
        for _ in 0..1_000 {
            if UnixStream::connect(self.socket()).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let said = fs::read_to_string(self.log()).unwrap_or_default();
        Err(RigError::NotReady(PATIENCE, said))
    }

    fn socket(&self) -> PathBuf {
        self.directory.path().join("run/pcscd.comm")
    }

    fn log(&self) -> PathBuf {
        self.directory.path().join("pcscd.log")
    }

    fn configure_reader(&mut self, name: &str) -> Result<(), RigError> {
        let port = free_ports()?;
        // The driver keeps its state in globals: each further reader needs a copy of the library under a path of its own.
        let library = self.directory.path().join(format!("drivers/{port}.so"));
        fs::copy(READER_DRIVER, &library)
            .map_err(|e| RigError::Io("copy of the reader driver", e))?;
        self.write_configuration(Reader {
            name: name.to_owned(),
            port,
        })
    }

    fn write_configuration(&mut self, reader: Reader) -> Result<(), RigError> {
        let Reader { name, port } = &reader;
        let library = self.directory.path().join(format!("drivers/{port}.so"));
        let text = format!(
            "FRIENDLYNAME \"{name}\"\nDEVICENAME /dev/null:{port}\nLIBPATH {}\nCHANNELID {port}\n",
            library.display()
        );
        fs::write(self.configuration_of(*port), text)
            .map_err(|e| RigError::Io("configuration of the reader", e))?;
        self.readers.push(reader);
        Ok(())
    }

    fn configuration_of(&self, port: u16) -> PathBuf {
        self.directory.path().join(format!("readers/{port}"))
    }

    fn signal(&self, signal: Signal) -> Result<(), RigError> {
        let Some(pid) = self
            .daemon
            .as_ref()
            .and_then(|daemon| i32::try_from(daemon.id()).ok())
            .and_then(Pid::from_raw)
        else {
            return Ok(());
        };
        kill_process(pid, signal).map_err(|e| RigError::Io("signal to pcscd", e.into()))
    }

    fn reap(&mut self) -> Result<(), RigError> {
        match self.daemon.take() {
            Some(mut daemon) => daemon
                .wait()
                .map(drop)
                .map_err(|e| RigError::Io("end of pcscd", e)),
            None => Ok(()),
        }
    }

    /// The names given to the readers, in order.
    pub fn reader_names(&self) -> impl Iterator<Item = &str> {
        self.readers.iter().map(|reader| reader.name.as_str())
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        // SIGKILL also ends a frozen pcscd, or one whose driver waits for a card that hangs.
        drop(self.kill_service());
    }
}

/// A port whose successor is free too. Only rigs listen in this network; each process begins at another place.
fn free_ports() -> Result<u16, RigError> {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let first = 36_000 + u16::try_from(std::process::id() % 400).unwrap_or(0) * 50;
    for _ in 0..500 {
        let port = first + TAKEN.fetch_add(SLOTS, Ordering::Relaxed) % 1_000;
        let free = |port| TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok();
        if (0..SLOTS).all(|slot| free(port + slot)) {
            return Ok(port);
        }
    }
    Err(RigError::Io(
        "port for a reader",
        io::ErrorKind::AddrInUse.into(),
    ))
}

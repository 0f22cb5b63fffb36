//! Finding a serial device by its id.

use std::fs;
use std::path::{Path, PathBuf};

/// Which serial device. Kernel numbers (`ttyUSB0`) change with each plugging in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SerialAddress {
    /// Part of the name that udev gives it under `/dev/serial/by-id`.
    ById(String),
    /// USB vendor and product, four hexadecimal digits each, and if need be the serial number.
    Usb {
        /// `idVendor`.
        vendor: String,
        /// `idProduct`.
        product: String,
        /// `serial`; absent where any will do.
        serial: Option<String>,
    },
    /// A path that does not change: a built-in port, or a link of one's own udev rule.
    Path(PathBuf),
}

/// Where `/dev` and `/sys` are; tests build their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemRoots {
    /// `/dev`.
    pub dev: PathBuf,
    /// `/sys`.
    pub sys: PathBuf,
}

impl Default for SystemRoots {
    fn default() -> Self {
        Self {
            dev: "/dev".into(),
            sys: "/sys".into(),
        }
    }
}

impl SerialAddress {
    /// The device's path now, if it is plugged in.
    pub(crate) fn find(&self, roots: &SystemRoots) -> Option<PathBuf> {
        match self {
            Self::Path(path) => path.exists().then(|| path.clone()),
            Self::ById(part) => sorted(&roots.dev.join("serial/by-id"))
                .into_iter()
                .find(|path| name(path).is_some_and(|name| name.contains(part.as_str())))
                .and_then(|path| fs::canonicalize(path).ok()),
            Self::Usb {
                vendor,
                product,
                serial,
            } => sorted(&roots.sys.join("class/tty"))
                .into_iter()
                .find(|tty| {
                    usb_device(tty).is_some_and(|usb| {
                        is(&usb, "idVendor", vendor)
                            && is(&usb, "idProduct", product)
                            && serial
                                .as_ref()
                                .is_none_or(|serial| is(&usb, "serial", serial))
                    })
                })
                .and_then(|tty| Some(roots.dev.join(name(&tty)?)))
                .filter(|path| path.exists()),
        }
    }
}

/// The entries of a directory in the order of their names, so that of two alike the same one is taken each time.
fn sorted(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

/// The USB device above a tty: the first directory upwards that states an `idVendor`.
fn usb_device(tty: &Path) -> Option<PathBuf> {
    let device = fs::canonicalize(tty.join("device")).ok()?;
    device
        .ancestors()
        .find(|directory| directory.join("idVendor").is_file())
        .map(Path::to_owned)
}

fn is(usb: &Path, attribute: &str, wanted: &str) -> bool {
    fs::read_to_string(usb.join(attribute))
        .is_ok_and(|value| value.trim().eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    /// A `/dev` and a `/sys` with one USB serial device under this kernel name.
    fn system(tty: &str) -> (TempDir, SystemRoots) {
        let directory = TempDir::new().expect("directory");
        let roots = SystemRoots {
            dev: directory.path().join("dev"),
            sys: directory.path().join("sys"),
        };
        let usb = roots.sys.join("devices/usb1/1-2");
        let interface = usb.join("1-2:1.0");
        fs::create_dir_all(interface.join("tty").join(tty)).expect("sysfs");
        for (attribute, value) in [
            ("idVendor", "0c2e\n"),
            ("idProduct", "0901\n"),
            ("serial", "A123\n"),
        ] {
            fs::write(usb.join(attribute), value).expect("attribute");
        }
        symlink(&interface, interface.join("tty").join(tty).join("device")).expect("device");
        fs::create_dir_all(roots.sys.join("class/tty")).expect("class");
        symlink(
            interface.join("tty").join(tty),
            roots.sys.join("class/tty").join(tty),
        )
        .expect("tty");
        fs::create_dir_all(roots.dev.join("serial/by-id")).expect("by-id");
        fs::write(roots.dev.join(tty), "").expect("device node");
        let by_id = roots.dev.join("serial/by-id/usb-Maker_Scanner_A123-if00");
        symlink(roots.dev.join(tty), by_id).expect("link");
        (directory, roots)
    }

    #[test]
    fn a_device_is_found_by_id_and_by_usb_whatever_its_number() {
        for tty in ["ttyACM0", "ttyACM7"] {
            let (_directory, roots) = system(tty);
            let there = fs::canonicalize(roots.dev.join(tty)).expect("device node");
            let usb = |serial: Option<&str>| SerialAddress::Usb {
                vendor: "0C2E".into(),
                product: "0901".into(),
                serial: serial.map(Into::into),
            };
            assert_eq!(
                SerialAddress::ById("Scanner_A123".into()).find(&roots),
                Some(there.clone())
            );
            assert_eq!(usb(Some("A123")).find(&roots), Some(roots.dev.join(tty)));
            assert_eq!(usb(None).find(&roots), Some(roots.dev.join(tty)));
            assert_eq!(usb(Some("B999")).find(&roots), None);
            assert_eq!(SerialAddress::ById("Printer".into()).find(&roots), None);
        }
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        let roots = SystemRoots {
            dev: "/nowhere".into(),
            sys: "/nowhere".into(),
        };
        assert_eq!(SerialAddress::ById("x".into()).find(&roots), None);
        assert_eq!(
            SerialAddress::Path("/nowhere/ttyS0".into()).find(&roots),
            None
        );
    }
}

//! Finding a serial device by its id.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

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

/// A text that names no serial device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSerialAddress {
    /// Nothing, or half a USB id.
    #[error("neither a path, nor USB vendor:product, nor part of a name under /dev/serial/by-id")]
    Form,
    /// The kernel gives this number to whatever is plugged in first.
    #[error("the kernel's number changes with each plugging in")]
    Volatile,
}

impl FromStr for SerialAddress {
    type Err = NoSerialAddress;

    /// A path, `vendor:product` or `vendor:product:serial` of USB in hexadecimal digits, or part of a name under
    /// `/dev/serial/by-id`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with('/') {
            let volatile = ["/dev/ttyUSB", "/dev/ttyACM"];
            return if volatile.iter().any(|path| text.starts_with(path)) {
                Err(NoSerialAddress::Volatile)
            } else {
                Ok(Self::Path(text.into()))
            };
        }
        let four = |id: &str| id.len() == 4 && id.bytes().all(|b| b.is_ascii_hexdigit());
        match text.splitn(3, ':').collect::<Vec<_>>().as_slice() {
            [vendor, product, serial @ ..] if four(vendor) && four(product) => Ok(Self::Usb {
                vendor: (*vendor).to_owned(),
                product: (*product).to_owned(),
                serial: serial.first().map(|serial| (*serial).to_owned()),
            }),
            [part] if !part.trim().is_empty() && !part.contains('/') => {
                Ok(Self::ById((*part).to_owned()))
            }
            _ => Err(NoSerialAddress::Form),
        }
    }
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
    fn a_text_names_a_device_by_path_by_usb_id_or_by_part_of_its_name() {
        let usb = |serial: Option<&str>| SerialAddress::Usb {
            vendor: "0c2e".into(),
            product: "0901".into(),
            serial: serial.map(Into::into),
        };
        for (text, address) in [
            ("/dev/ttyS0", SerialAddress::Path("/dev/ttyS0".into())),
            ("0c2e:0901", usb(None)),
            ("0c2e:0901:A:1", usb(Some("A:1"))),
            ("Scanner_A123", SerialAddress::ById("Scanner_A123".into())),
        ] {
            assert_eq!(text.parse(), Ok(address), "{text}");
        }
        for (text, error) in [
            ("", NoSerialAddress::Form),
            (" ", NoSerialAddress::Form),
            ("0c2e:", NoSerialAddress::Form),
            ("ttyUSB0/x", NoSerialAddress::Form),
            ("/dev/ttyUSB0", NoSerialAddress::Volatile),
            ("/dev/ttyACM1", NoSerialAddress::Volatile),
        ] {
            assert_eq!(text.parse::<SerialAddress>(), Err(error), "{text}");
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

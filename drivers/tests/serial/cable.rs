//! A place where devices are found by id: a `/dev` of the test's own.

use std::fs;

use drivers::serial::{SerialAddress, SystemRoots};
use tempfile::TempDir;
use virtual_card::SerialDevice;

/// The place.
pub(crate) struct Hub {
    directory: TempDir,
}

const ID: &str = "usb-Maker_Device_A123-if00";

impl Hub {
    pub(crate) fn new() -> Self {
        let directory = TempDir::new().expect("directory");
        fs::create_dir_all(directory.path().join("serial/by-id")).expect("by-id");
        Self { directory }
    }

    pub(crate) fn roots(&self) -> SystemRoots {
        SystemRoots {
            dev: self.directory.path().to_owned(),
            sys: self.directory.path().join("sys"),
        }
    }

    pub(crate) fn address() -> SerialAddress {
        SerialAddress::ById("Device_A123".into())
    }

    /// Takes a number, so that nobody else gets it.
    pub(crate) fn plug_in_elsewhere(self) -> (Self, SerialDevice) {
        let plugged = self.plug_in();
        (self, plugged)
    }

    /// Plugs the device in; the kernel chooses its number.
    pub(crate) fn plug_in(&self) -> SerialDevice {
        let link = self.directory.path().join("serial/by-id").join(ID);
        SerialDevice::plug_in(&link).expect("pseudo-terminal")
    }
}

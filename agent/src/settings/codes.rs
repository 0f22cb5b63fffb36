//! Scanners, the codes they send, and the identity card reader: keys, defaults and checks.

use std::time::Duration;

use drivers::code::{Alphabet, CodeKind, Form, LineEnd, Pattern, Patterns, ScannerSettings};
use drivers::serial::{NoSerialAddress, SerialAddress, SystemRoots};
use serde::Deserialize;

use super::error::{Invalid, SettingsError, Unit, invalid, within};

/// What a scanned or typed code is held against.
#[derive(Debug, Clone)]
pub struct Codes {
    /// A code scanned longer ago is refused.
    pub max_age: Duration,
    /// What tells one kind of code from another: the configuration's own patterns, then the built-in ones.
    pub patterns: Patterns,
}

/// A code scanner on a serial line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanner {
    /// Which device.
    pub address: SerialAddress,
    /// As the configuration writes it: what a message names.
    pub name: String,
    /// 9600 to 115200.
    pub baud: u32,
    /// How it ends a code.
    pub line_end: LineEnd,
    /// What it puts before each code.
    pub prefix: String,
    /// What it puts behind each code.
    pub suffix: String,
}

impl Scanner {
    /// As the driver takes it.
    pub(crate) fn for_driver(self, patterns: Patterns) -> ScannerSettings {
        ScannerSettings {
            address: self.address,
            baud: self.baud,
            line_end: self.line_end,
            prefix: self.prefix,
            suffix: self.suffix,
            patterns,
            roots: SystemRoots::default(),
        }
    }
}

/// An identity card reader on a serial line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityReader {
    /// Which device.
    pub address: SerialAddress,
    /// As the configuration writes it: what a message names.
    pub name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CodeTable {
    max_age_seconds: u64,
}

impl Default for CodeTable {
    fn default() -> Self {
        Self {
            max_age_seconds: 60,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodePatternTable {
    kind: CodeKind,
    characters: Alphabet,
    shortest: usize,
    longest: usize,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    suffix: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScannerTable {
    device: String,
    #[serde(default = "baud")]
    baud: u32,
    #[serde(default)]
    line_end: LineEndName,
    #[serde(default = "silence_ms")]
    silence_ms: u64,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    suffix: String,
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "snake_case")]
enum LineEndName {
    #[default]
    Terminator,
    Silence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityReaderTable {
    device: String,
}

fn baud() -> u32 {
    9_600
}

fn silence_ms() -> u64 {
    100
}

/// The speeds that scanners have.
const SPEEDS: [u32; 5] = [9_600, 19_200, 38_400, 57_600, 115_200];
/// A QR code holds no more.
const LONGEST_CODE: usize = 4_296;

impl CodeTable {
    pub(super) fn check(self, patterns: Vec<CodePatternTable>) -> Result<Codes, SettingsError> {
        within(
            "code.max_age_seconds",
            self.max_age_seconds,
            (10, 600),
            Unit::Seconds,
        )?;
        let patterns: Result<Vec<_>, _> =
            patterns.into_iter().map(CodePatternTable::check).collect();
        Ok(Codes {
            max_age: Duration::from_secs(self.max_age_seconds),
            patterns: Patterns::before_built_in(patterns?),
        })
    }
}

impl CodePatternTable {
    fn check(self) -> Result<Pattern, SettingsError> {
        if self.shortest == 0 || self.shortest > self.longest || self.longest > LONGEST_CODE {
            return Err(invalid("code_pattern.shortest", Invalid::PatternLength));
        }
        Ok(Pattern {
            kind: self.kind,
            form: Form::Characters {
                prefix: self.prefix,
                alphabet: self.characters,
                least: self.shortest,
                most: self.longest,
                suffix: self.suffix,
            },
        })
    }
}

impl ScannerTable {
    pub(super) fn check(self) -> Result<Scanner, SettingsError> {
        if !SPEEDS.contains(&self.baud) {
            return Err(invalid("scanner.baud", Invalid::Speed));
        }
        within(
            "scanner.silence_ms",
            self.silence_ms,
            (10, 2_000),
            Unit::Milliseconds,
        )?;
        Ok(Scanner {
            address: address("scanner.device", &self.device)?,
            name: self.device,
            baud: self.baud,
            line_end: match self.line_end {
                LineEndName::Terminator => LineEnd::Terminator,
                LineEndName::Silence => LineEnd::Idle(Duration::from_millis(self.silence_ms)),
            },
            prefix: self.prefix,
            suffix: self.suffix,
        })
    }
}

impl IdentityReaderTable {
    pub(super) fn check(self) -> Result<IdentityReader, SettingsError> {
        Ok(IdentityReader {
            address: address("identity_reader.device", &self.device)?,
            name: self.device,
        })
    }
}

fn address(key: &'static str, text: &str) -> Result<SerialAddress, SettingsError> {
    text.parse().map_err(|error| match error {
        NoSerialAddress::Form => invalid(key, Invalid::SerialAddress),
        NoSerialAddress::Volatile => invalid(key, Invalid::VolatileAddress(text.to_owned())),
    })
}

//! `scan`: what a code scanner sends, told apart and never shown unless asked, for an IT person at the counter.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use drivers::code::{
    LineEnd, Patterns, ScannedCode, Scanner, ScannerEvent, ScannerEvents, ScannerSettings,
};
use drivers::serial::{SerialAddress, SystemRoots};

use crate::notice::Notice;
use crate::notice_code::{code_rejected, scanner_fault};

/// Shows what a serial code scanner sends.
#[derive(Debug, Args)]
pub(super) struct Scan {
    /// Part of the scanner's name under /dev/serial/by-id.
    #[arg(
        long,
        value_name = "PART",
        required_unless_present = "device",
        conflicts_with = "device"
    )]
    id: Option<String>,
    /// A device path that does not change, such as a built-in port.
    #[arg(long, value_name = "PATH")]
    device: Option<PathBuf>,
    /// Speed of the line.
    #[arg(long, default_value_t = 9_600)]
    baud: u32,
    /// How the scanner ends a code.
    #[arg(long, value_enum, default_value = "line")]
    ends: Ends,
    /// What the scanner puts before each code.
    #[arg(long, default_value = "")]
    prefix: String,
    /// What the scanner puts behind each code.
    #[arg(long, default_value = "")]
    suffix: String,
    /// Show the code itself. It opens its owner's records for a minute: use one of your own.
    #[arg(long)]
    unmasked: bool,
    /// End after so many codes; 0 goes on until interrupted.
    #[arg(long, default_value_t = 1)]
    count: u32,
}

/// How a code ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ends {
    /// By CR, LF or both.
    Line,
    /// By 100 ms of silence.
    Silence,
}

pub(super) fn run(scan: &Scan) -> Result<(), Notice> {
    let address = match (&scan.id, &scan.device) {
        (Some(part), _) => SerialAddress::ById(part.clone()),
        (None, device) => SerialAddress::Path(device.clone().unwrap_or_default()),
    };
    let settings = ScannerSettings {
        address,
        baud: scan.baud,
        line_end: match scan.ends {
            Ends::Line => LineEnd::Terminator,
            Ends::Silence => LineEnd::Idle(Duration::from_millis(100)),
        },
        prefix: scan.prefix.clone(),
        suffix: scan.suffix.clone(),
        patterns: Patterns::default(),
        roots: SystemRoots::default(),
    };
    match Scanner::start(settings) {
        Ok((scanner, events)) => {
            follow(scan, events);
            drop(scanner);
            Ok(())
        }
        Err(error) => Err(Notice::new(
            "system",
            format!("程序无法启动：{error}。"),
            "请联系信息科。",
        )),
    }
}

fn follow(scan: &Scan, mut events: ScannerEvents) {
    let mut codes = 0;
    while let Some(event) = events.blocking_next() {
        let line = match event {
            ScannerEvent::Connected => "扫码枪已连接，请扫码。".to_owned(),
            ScannerEvent::Code(code) => {
                codes += 1;
                shown(code, scan.unmasked)
            }
            ScannerEvent::Rejected(rejected) => {
                codes += 1;
                code_rejected(rejected).to_string()
            }
            ScannerEvent::Fault(fault) => scanner_fault(fault).to_string(),
        };
        super::say(std::io::stdout(), &line);
        if scan.count > 0 && codes >= scan.count {
            return;
        }
    }
}

fn shown(code: ScannedCode, unmasked: bool) -> String {
    // It was scanned this moment: no age to hold against it.
    match code.redeem(Duration::ZERO, ScannedCode::USUAL_LIMIT) {
        Ok(token) if unmasked => format!("可能是电子社保卡（由省平台核验）：{}", token.expose()),
        Ok(token) => format!(
            "可能是电子社保卡（由省平台核验）：共 {} 个字符",
            token.expose().len()
        ),
        Err(error) => error.to_string(),
    }
}

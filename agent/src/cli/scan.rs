//! `scan`: what a code scanner sends, told apart and never shown unless asked, for an IT person at the counter.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use drivers::code::{
    CodeKind, LineEnd, Patterns, Rejected, ScannedCode, Scanner, ScannerEvent, ScannerEvents,
    ScannerSettings,
};
use drivers::serial::{SerialAddress, SerialFault, SystemRoots};

use crate::notice::Notice;

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
                rejection(rejected)
            }
            ScannerEvent::Fault(fault) => fault_notice(fault).to_string(),
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

fn rejection(rejected: Rejected) -> String {
    match rejected {
        Rejected::WrongKind(kind) => format!("不是电子社保卡，是{}。", kind_name(kind)),
        Rejected::TooShort => "内容太短，不是电子社保卡。".to_owned(),
        Rejected::TooLong => "内容太长或没有结束符，请检查扫码枪的结束符设置。".to_owned(),
        Rejected::Garbage => "收到乱码，请检查扫码枪的波特率和连线。".to_owned(),
    }
}

fn kind_name(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::ElectronicSocialSecurityCard => "电子社保卡",
        CodeKind::MedicalInsurance => "医保电子凭证",
        CodeKind::HealthCard => "电子健康卡",
        CodeKind::IdentityNumber => "身份证号码",
        CodeKind::WebAddress => "网址",
        CodeKind::Barcode => "商品或药品条码",
    }
}

fn fault_notice(fault: SerialFault) -> Notice {
    match fault {
        SerialFault::Absent => Notice::new(
            "scanner_missing",
            "没有找到扫码枪。",
            "请插好扫码枪，并核对名称（ls /dev/serial/by-id）。",
        ),
        SerialFault::Unplugged => Notice::new(
            "scanner_unplugged",
            "扫码枪断开了。",
            "请重新插好，会自动接着用。",
        ),
        SerialFault::HeldByAnotherProgram => Notice::new(
            "scanner_held",
            "扫码枪被另一个程序占用。",
            "请关闭占用它的程序，会自动接着用。",
        ),
        SerialFault::NotPermitted => Notice::new(
            "scanner_not_permitted",
            "没有权限打开扫码枪。",
            "请信息科把运行账户加入 dialout 组，重新登录后再试。",
        ),
    }
}

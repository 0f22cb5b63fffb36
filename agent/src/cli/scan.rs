//! `scan`: what a code scanner sends, told apart and never shown unless asked, for an IT person at the counter.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};
use drivers::code::{
    Arrival, CodeKind, Ending, LineEnd, Patterns, ScannedCode, Scanner, ScannerEvent,
    ScannerSettings,
};
use drivers::serial::{SerialAddress, SystemRoots};

use super::ground;
use crate::daemon::default_configuration;
use crate::settings::Settings;
use crate::visible_text::in_one_line;
use crate::wording::code::{code_kind, code_rejected};
use crate::wording::commands;
use crate::wording::notice::Notice;

/// Shows what a serial code scanner sends: the configured scanners, or the one that the options name.
#[derive(Debug, Args)]
pub(super) struct Scan {
    /// The configuration file: scanners, patterns, age limit. Without this option the installed one is taken; where the
    /// options name a scanner, only if it can be used.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Part of the scanner's name under /dev/serial/by-id, in place of the configured ones.
    #[arg(long, value_name = "PART", conflicts_with = "device", value_parser = NonEmptyStringValueParser::new())]
    id: Option<String>,
    /// A device path that does not change, such as a built-in port, in place of the configured ones.
    #[arg(long, value_name = "PATH")]
    device: Option<PathBuf>,
    /// Speed of the line that --id or --device names.
    #[arg(long, default_value_t = 9_600)]
    baud: u32,
    /// How that scanner ends a code.
    #[arg(long, value_enum, default_value = "line")]
    ends: Ends,
    /// What that scanner puts before each code.
    #[arg(long, default_value = "")]
    prefix: String,
    /// What that scanner puts behind each code.
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

/// What happens at the scanner of this name.
struct News {
    scanner: String,
    event: ScannerEvent,
    /// How a code came in, and which kind a pattern takes it for.
    observed: Option<(Arrival, Option<CodeKind>)>,
}

pub(super) fn run(scan: &Scan) -> Result<(), Notice> {
    let named = named(scan);
    let configuration = configuration(scan.config.as_deref(), named.is_some())?;
    let patterns = configuration
        .as_ref()
        .map_or_else(Patterns::default, |settings| {
            settings.codes.patterns.clone()
        });
    let limit = configuration
        .as_ref()
        .map_or(ScannedCode::USUAL_LIMIT, |settings| settings.codes.max_age);
    let configured = configuration
        .into_iter()
        .flat_map(|settings| settings.scanners);
    let scanners: Vec<(String, ScannerSettings)> = match named {
        Some((name, settings)) => vec![(
            name,
            ScannerSettings {
                patterns,
                ..settings
            },
        )],
        None => configured
            .map(|scanner| (scanner.name.clone(), scanner.for_driver(patterns.clone())))
            .collect(),
    };
    if scanners.is_empty() {
        return Err(commands::no_scanner());
    }
    let (sender, news) = mpsc::channel();
    let mut open = Vec::new();
    for (name, settings) in scanners {
        tell(&format!("扫码枪：{name}"));
        open.push(
            start(name, settings, sender.clone()).map_err(|error| commands::not_started(&error))?,
        );
    }
    drop(sender);
    follow(scan, limit, &news);
    drop(open);
    Ok(())
}

/// The scanner that the options name.
fn named(scan: &Scan) -> Option<(String, ScannerSettings)> {
    let (name, address) = match (&scan.id, &scan.device) {
        (Some(part), _) => (part.clone(), SerialAddress::ById(part.clone())),
        (None, Some(device)) => {
            let name = device.display().to_string();
            (name, SerialAddress::Path(device.clone()))
        }
        (None, None) => return None,
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
    Some((name, settings))
}

/// The configuration that was named, or the installed one; the latter may be unusable where the options say enough.
fn configuration(path: Option<&Path>, may_lack: bool) -> Result<Option<Settings>, Notice> {
    let installed = default_configuration();
    let used = path.unwrap_or(&installed);
    match ground::settings(used) {
        Ok(settings) => {
            tell(&format!("配置：{}", used.display()));
            Ok(Some(settings))
        }
        Err(notice) if path.is_none() && may_lack => {
            tell(&format!("配置：没有使用，只按命令行参数。{}", notice.say));
            Ok(None)
        }
        Err(notice) => Err(notice),
    }
}

/// Opens a scanner and passes on what happens at it.
fn start(name: String, settings: ScannerSettings, news: Sender<News>) -> std::io::Result<Scanner> {
    let (observed, arrivals) = mpsc::channel();
    let observe = move |arrival, kind| {
        // Fails only at the end, when nobody asks any more.
        observed.send((arrival, kind)).unwrap_or_default();
    };
    let (scanner, mut events) = Scanner::start_observed(settings, observe)?;
    std::thread::Builder::new()
        .name("scanner news".to_owned())
        .spawn(move || {
            while let Some(event) = events.blocking_next() {
                let is_code = matches!(event, ScannerEvent::Code(_) | ScannerEvent::Rejected(_));
                let told = news.send(News {
                    scanner: name.clone(),
                    event,
                    observed: is_code.then(|| arrivals.try_recv().ok()).flatten(),
                });
                if told.is_err() {
                    return;
                }
            }
        })?;
    Ok(scanner)
}

fn follow(scan: &Scan, limit: Duration, news: &Receiver<News>) {
    let mut codes = 0;
    for News {
        scanner,
        event,
        observed,
    } in news
    {
        let how = observed
            .map(|(arrival, _)| came_in(arrival))
            .unwrap_or_default();
        match event {
            ScannerEvent::Connected => tell(&format!("扫码枪已连接，请扫码：{scanner}")),
            ScannerEvent::Fault(fault) => {
                tell(&format!("{scanner}：{}", commands::scanner_held(fault)));
            }
            ScannerEvent::Rejected(rejected) => {
                codes += 1;
                let Notice { say, next, .. } = code_rejected(rejected);
                tell(&format!("{say}{how}\n  {next}"));
            }
            ScannerEvent::Code(code) => {
                codes += 1;
                let kind = observed.and_then(|(_, kind)| kind);
                tell(&format!("{}{how}", taken(kind)));
                show(code, limit, scan.unmasked);
            }
        }
        if scan.count > 0 && codes >= scan.count {
            return;
        }
    }
}

fn taken(kind: Option<CodeKind>) -> String {
    match kind {
        Some(kind) => format!("{}，由省平台核验。", code_kind(kind)),
        None => "没有识别出种类，可能是电子社保卡，由省平台核验。".to_owned(),
    }
}

/// How long it is good, and the code itself if asked for.
fn show(code: ScannedCode, limit: Duration, unmasked: bool) {
    tell(&format!(
        "  扫码后 {} 秒内有效，只能用一次。",
        limit.as_secs()
    ));
    // It was scanned this moment: no age to hold against it.
    if let Ok(token) = code.redeem(Duration::ZERO, limit)
        && unmasked
    {
        tell(&format!("  内容：{}", in_one_line(token.expose())));
    }
}

fn came_in(arrival: Arrival) -> String {
    let end = match arrival.end {
        Ending::Cr => "CR（回车）",
        Ending::Lf => "LF（换行）",
        Ending::CrLf => "CRLF（回车换行）",
        Ending::Silence => "没有结束符，以停顿为界",
        Ending::None => "没有结束符",
    };
    format!(
        "\n  长度 {} 字节，传输用时 {} 毫秒，结束符：{end}。",
        arrival.bytes,
        arrival.took.as_millis()
    )
}

fn tell(text: &str) {
    ground::say(std::io::stdout(), text);
}

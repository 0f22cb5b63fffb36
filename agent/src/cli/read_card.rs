//! `read-card`: what a card says, how long each step took, and the status words, for an IT person at the
//! counter.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use drivers::card::{OpenedBy, WithheldBecause};
use drivers::reader::{
    CardEvent, CardEvents, CardFault, CardReaders, CardReading, CardSettings, Provider, ReadScope,
    RelayAnswer, RelayFailure, RelayQuestion, VendorSettings,
};

use super::ground;
use crate::clock::Clock;
use crate::daemon::{default_configuration, platform_settings};
use crate::desk::card_access::{NotRelayed, card_child, card_settings, relay};
use crate::province::Platform;
use crate::records::numbers::Asker;
use crate::settings::Settings;
use crate::visible_text::in_one_line;
use crate::wording::card::card_fault;
use crate::wording::card_report;
use crate::wording::commands;
use crate::wording::notice::Notice;

/// Reads the card in the reader, or the next one put in. Ends with 0 where it was read, with 3 where its holder stayed
/// closed though there is a way to open it, and with 1 where it could not be read.
#[derive(Debug, Args)]
pub(super) struct ReadCard {
    /// The configuration file: reader, authentication, the province. Without this option the installed one is taken if it
    /// can be used, and the other options alone if not.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Part of the reader's name, in place of the configured one; an empty one watches all readers.
    #[arg(long, value_name = "PART")]
    reader: Option<String>,
    /// Open a 3.0 card with this vendor's `SSCardDriver` library, in place of the configured ways.
    #[arg(long, value_name = "LIBRARY")]
    vendor_library: Option<PathBuf>,
    /// Show numbers and name in full instead of masked.
    #[arg(long)]
    unmasked: bool,
    /// Show the eleven fields of the national reader interface as one string, which cannot be masked.
    #[arg(long, requires = "unmasked")]
    national_string: bool,
    /// Read every record of EF05 and EF06 and show their status words.
    #[arg(long)]
    every_record: bool,
    /// Seconds to wait for a card.
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    wait: u64,
}

/// The card was read, but for its holder, whom a configured way should have opened.
const HOLDER_WITHHELD: u8 = 3;

pub(super) fn run(arguments: &ReadCard) -> Result<ExitCode, Notice> {
    ground::block_on(read(arguments))
}

async fn read(arguments: &ReadCard) -> Result<ExitCode, Notice> {
    let child = card_child().map_err(|error| commands::program_missing(&error))?;
    let configuration = configuration(arguments.config.as_deref())?;
    let province = match &configuration {
        Some(settings) => Province::of(settings),
        None => Province(None),
    };
    let settings = chosen(arguments, configuration.as_ref(), &province);
    tell(&card_report::intention(&settings));
    let (_readers, mut events) = CardReaders::start(settings, child, move |question| {
        let province = province.clone();
        async move { province.answer(&question).await }
    });
    let mut standing = None;
    let wait = Duration::from_secs(arguments.wait);
    let followed = tokio::time::timeout(wait, follow(&mut events, &mut standing)).await;
    match (followed, standing) {
        (Ok(Ok(reading)), _) => Ok(show(&reading, arguments)),
        (Ok(Err(fault)), _) | (Err(_), Some(fault)) => Err(card_fault(&fault)),
        (Err(_), None) => Err(commands::no_card_within(arguments.wait)),
    }
}

/// The configuration that was named; else the installed one, if it can be used. Says which.
fn configuration(named: Option<&Path>) -> Result<Option<Settings>, Notice> {
    let installed = default_configuration();
    let path = named.unwrap_or(&installed);
    match (ground::settings(path), named) {
        (Ok(settings), _) => {
            tell(&format!("配置：{}", path.display()));
            Ok(Some(settings))
        }
        (Err(notice), Some(_)) => Err(notice),
        (Err(notice), None) => {
            tell(&format!("配置：没有使用，只按命令行参数。{}", notice.say));
            Ok(None)
        }
    }
}

/// What the configuration says, with the options in its place.
fn chosen(
    arguments: &ReadCard,
    configuration: Option<&Settings>,
    province: &Province,
) -> CardSettings {
    let mut settings = configuration.map_or_else(
        || CardSettings {
            providers: Vec::new(),
            ..CardSettings::default()
        },
        card_settings,
    );
    if province.0.is_none() {
        settings
            .providers
            .retain(|provider| *provider != Provider::Relay);
    }
    if let Some(part) = &arguments.reader {
        settings.reader = Some(part.clone()).filter(|part| !part.is_empty());
    }
    if let Some(library) = &arguments.vendor_library {
        let library = library.clone();
        settings.providers = vec![Provider::VendorLibrary(VendorSettings { library })];
    }
    if arguments.every_record {
        settings.scope = ReadScope::EveryRecord;
    }
    settings
}

/// The province, if the configuration and its files allow to ask it.
#[derive(Clone)]
struct Province(Option<(Platform, Clock)>);

impl Province {
    /// Says why, where it cannot be asked.
    fn of(settings: &Settings) -> Self {
        let reached = platform_settings(settings, Asker::Command)
            .map_err(|error| error.to_string())
            .and_then(|settings| {
                Platform::connect(settings).map_err(|error| error.notice().to_string())
            })
            .and_then(|platform| match Clock::system() {
                Ok(clock) => Ok((platform, clock)),
                Err(error) => Err(error.to_string()),
            });
        match reached {
            Ok(reached) => Self(Some(reached)),
            Err(why) => {
                tell(&format!("省平台：不能用于认证。{why}"));
                Self(None)
            }
        }
    }

    /// Relays one question; says what went wrong, which the reading alone does not tell.
    async fn answer(&self, question: &RelayQuestion) -> Result<RelayAnswer, RelayFailure> {
        let Some((platform, clock)) = &self.0 else {
            return Err(RelayFailure::Unreachable);
        };
        relay(platform, question, clock.now())
            .await
            .map_err(|error| {
                match &error {
                    NotRelayed::Province(error) => {
                        tell(&format!("省平台：{}", error.notice().say));
                    }
                    NotRelayed::Nonsense(_) => {
                        tell("省平台：加密机的应答不符合约定的格式。");
                    }
                }
                error.failure()
            })
    }
}

/// Tells what happens until a card is read, or cannot be. What may pass while we wait is left in `standing`.
async fn follow(
    events: &mut CardEvents,
    standing: &mut Option<CardFault>,
) -> Result<CardReading, CardFault> {
    loop {
        let Some(event) = events.next().await else {
            return Err(CardFault::ProcessEnded);
        };
        match event {
            CardEvent::Readers(readers) if readers.is_empty() => {}
            CardEvent::Readers(readers) => {
                *standing = None;
                tell(&format!("读卡器：{}", in_one_line(&readers.join("、"))));
            }
            CardEvent::Inserted { reader } => {
                *standing = None;
                tell(&format!("卡已插入：{reader}"));
            }
            CardEvent::Removed { reader } => {
                *standing = None;
                tell(&format!("卡已拔出：{reader}"));
            }
            CardEvent::Ready => {
                *standing = None;
                tell("读卡服务已恢复。");
            }
            CardEvent::Read { reading, .. } => return Ok(*reading),
            CardEvent::Fault {
                reader,
                fault,
                steps,
            } => {
                if !steps.is_empty() {
                    tell(&card_report::broken_off(&steps));
                }
                if reader.is_some() && fault != CardFault::HeldByAnotherProgram {
                    return Err(fault);
                }
                tell(&card_fault(&fault).to_string());
                *standing = Some(fault);
            }
        }
    }
}

/// Prints the reading; how the program is to end.
fn show(reading: &CardReading, arguments: &ReadCard) -> ExitCode {
    tell(&card_report::reading(reading, arguments.unmasked));
    if arguments.national_string {
        tell(&card_report::national_string(&reading.identity));
    }
    match reading.identity.opened_by {
        OpenedBy::Free
        | OpenedBy::Psam
        | OpenedBy::Relay
        | OpenedBy::VendorLibrary
        | OpenedBy::Withheld(WithheldBecause::NoProvider) => ExitCode::SUCCESS,
        OpenedBy::Withheld(_) => ExitCode::from(HOLDER_WITHHELD),
    }
}

fn tell(text: &str) {
    ground::say(std::io::stdout(), text);
}

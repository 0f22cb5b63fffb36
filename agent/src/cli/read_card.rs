//! `read-card`: what a card says, how long each step took, and the status words, for an IT person at the
//! counter.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use drivers::card::{CardDate, CardIdentity, OpenedBy};
use drivers::reader::{
    CardEvent, CardEvents, CardReaders, CardReading, CardSettings, ChildCommand, Provider,
    ReadScope, RelayFailure, VendorSettings,
};

use crate::notice::Notice;
use crate::notice_card::{card_fault, odd, withheld};

/// Reads the card in the reader, or the next one put in.
#[derive(Debug, Args)]
pub(super) struct ReadCard {
    /// Part of the reader's name; without it all readers are watched.
    #[arg(long)]
    reader: Option<String>,
    /// Open a 3.0 card with this vendor's `SSCardDriver` library; without it EF05 alone is read.
    #[arg(long, value_name = "LIBRARY")]
    vendor_library: Option<PathBuf>,
    /// Show numbers and name in full instead of masked.
    #[arg(long)]
    unmasked: bool,
    /// Read every record of EF05 and EF06 and show their status words.
    #[arg(long)]
    every_record: bool,
    /// Seconds to wait for a card.
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    wait: u64,
}

pub(super) fn run(arguments: &ReadCard) -> Result<(), Notice> {
    super::block_on(read(arguments))
}

async fn read(arguments: &ReadCard) -> Result<(), Notice> {
    let program = std::env::current_exe().map_err(|error| {
        Notice::new(
            "system",
            format!("找不到程序自己的文件：{error}。"),
            "请重新安装程序。",
        )
    })?;
    let providers = arguments.vendor_library.iter().map(|library| {
        Provider::VendorLibrary(VendorSettings {
            library: library.clone(),
        })
    });
    let settings = CardSettings {
        reader: arguments.reader.clone(),
        providers: providers.collect(),
        scope: if arguments.every_record {
            ReadScope::EveryRecord
        } else {
            ReadScope::Identity
        },
        ..CardSettings::default()
    };
    let child = ChildCommand {
        program,
        arguments: vec!["card-child".into()],
        environment: Vec::new(),
    };
    // Without a session with the province there is nobody to relay to.
    let (_readers, mut events) = CardReaders::start(settings, child, |_| async {
        Err(RelayFailure::Unreachable)
    });
    let wait = Duration::from_secs(arguments.wait);
    let Ok(outcome) = tokio::time::timeout(wait, follow(&mut events, arguments.unmasked)).await
    else {
        return Err(Notice::new(
            "no_card",
            format!("等了 {} 秒，没有读到卡。", arguments.wait),
            "请把卡插入读卡器后再运行，或用 --wait 延长等待。",
        ));
    };
    outcome
}

/// Tells what happens until a card is read, or cannot be.
async fn follow(events: &mut CardEvents, unmasked: bool) -> Result<(), Notice> {
    let tell = |text: &str| super::say(std::io::stdout(), text);
    while let Some(event) = events.next().await {
        match event {
            CardEvent::Readers(readers) if readers.is_empty() => {}
            CardEvent::Readers(readers) => tell(&format!("读卡器：{}", readers.join("、"))),
            CardEvent::Inserted { reader } => tell(&format!("卡已插入：{reader}")),
            CardEvent::Removed { reader } => tell(&format!("卡已拔出：{reader}")),
            CardEvent::Ready => tell("读卡服务已恢复。"),
            CardEvent::Read { reading, .. } => {
                tell(&report(&reading, unmasked));
                return Ok(());
            }
            // With a reader's name this card's read is over; without one it is a state that may pass while we wait.
            CardEvent::Fault {
                reader: Some(_),
                fault,
            } => return Err(card_fault(&fault)),
            CardEvent::Fault {
                reader: None,
                fault,
            } => tell(&card_fault(&fault).to_string()),
        }
    }
    Ok(())
}

/// The reading as text: masked unless asked, times in microseconds, status words without payloads.
fn report(reading: &CardReading, unmasked: bool) -> String {
    let mut lines: Vec<String> = fields(&reading.identity, unmasked)
        .into_iter()
        .map(|(label, value)| format!("{label}：{value}"))
        .collect();
    if let OpenedBy::Withheld(because) = reading.identity.opened_by {
        lines.push(format!(
            "持卡人：未读出，{}。只读到卡号，结算时由省平台凭卡号查询。",
            withheld(because)
        ));
    }
    lines.extend(
        reading
            .identity
            .remarks
            .iter()
            .map(|remark| format!("注意：{}", odd(*remark))),
    );
    lines.push(format!("\n{:<32} {:>10}  status", "step", "µs"));
    for step in &reading.steps {
        let status = step
            .status
            .map(|status| format!("{status:04X}"))
            .unwrap_or_default();
        lines.push(format!(
            "{:<32} {:>10}  {status}",
            step.name.to_string(),
            step.took.as_micros()
        ));
    }
    lines.push(format!(
        "{:<32} {:>10}",
        "card seen to identity",
        reading.took.as_micros()
    ));
    lines.join("\n")
}

fn fields(identity: &CardIdentity, unmasked: bool) -> Vec<(&'static str, String)> {
    let face = &identity.face;
    let blank = || "（空）".to_owned();
    let card_number = face.card_number.as_ref().map_or_else(blank, |number| {
        if unmasked {
            number.as_str().to_owned()
        } else {
            number.masked()
        }
    });
    let mut fields = vec![
        (
            "规范版本",
            if face.version_text.is_empty() {
                blank()
            } else {
                face.version_text.clone()
            },
        ),
        ("卡号", card_number),
        (
            "卡识别码",
            if unmasked {
                face.card_id.to_hex()
            } else {
                face.card_id.masked()
            },
        ),
        ("发卡地区", face.card_id.city()),
        ("发卡日期", date(face.issued)),
        ("卡有效期", date(face.expires)),
    ];
    if let Some(holder) = &identity.holder {
        let number = if unmasked {
            holder.number.as_str().to_owned()
        } else {
            holder.number.masked()
        };
        let name = holder.name.as_ref().map_or_else(blank, |name| {
            if unmasked { name.clone() } else { masked(name) }
        });
        fields.push(("社会保障号码", number));
        fields.push(("姓名", name));
    }
    fields
}

/// Keeps the family name's first character.
fn masked(name: &str) -> String {
    name.chars()
        .enumerate()
        .map(|(place, c)| if place == 0 { c } else { '*' })
        .collect()
}

fn date(date: CardDate) -> String {
    match date {
        CardDate::On(date) => date.to_string(),
        CardDate::Blank => "（空）".to_owned(),
        CardDate::Unreadable => "（不是日期）".to_owned(),
    }
}

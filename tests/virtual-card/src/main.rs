//! Puts one simulated card into a virtual reader and leaves it there until told: a process of its own, for demonstrations.

use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser;
use virtual_card::{Card, Holder, InsertedCard, Variant, require_private_namespace};

/// Puts one simulated social security card into a virtual PC/SC reader (vsmartcard-vpcd) until standard input closes.
#[derive(Debug, Parser)]
#[command(name = "virtual-card", version)]
struct CommandLine {
    /// TCP port of the reader's slot; Debian's configuration of vsmartcard-vpcd has 35963.
    #[arg(long, default_value_t = 35963)]
    port: u16,
    /// Which card.
    #[arg(long, value_enum, default_value = "v30")]
    variant: Variant,
    /// Social security number, 18 characters.
    #[arg(long)]
    number: Option<String>,
    /// Name.
    #[arg(long)]
    name: Option<String>,
    /// Card number, 9 characters.
    #[arg(long)]
    card_number: Option<String>,
    /// Running number in the card id.
    #[arg(long)]
    serial: Option<u16>,
}

fn main() -> ExitCode {
    match run(CommandLine::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(io::stderr(), "virtual-card: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(line: CommandLine) -> Result<()> {
    require_private_namespace()?;
    let usual = Holder::default();
    let holder = Holder {
        number: line.number.unwrap_or(usual.number),
        name: line.name.unwrap_or(usual.name),
        card_number: line.card_number.unwrap_or(usual.card_number),
        serial: line.serial.unwrap_or(usual.serial),
    };
    let card = Card::new(line.variant, &holder).context("this card cannot exist")?;
    let inserted = InsertedCard::insert(card, line.port, None)
        .with_context(|| format!("no virtual reader on port {}", line.port))?;
    writeln!(io::stdout(), "inserted").context("standard output")?;
    io::stdin()
        .read_to_end(&mut Vec::new())
        .context("standard input")?;
    inserted.draw_out();
    Ok(())
}

//! Reading a file's records: by tag, where that fails by number, then by short file identifier.

use super::content::Records;
use super::exchange::{Exchange, refusal};
use super::tlv;
use super::{CardFault, StepName};

/// What to read from a file.
pub(crate) struct Wanted {
    /// 05 or 06; also the short file identifier.
    pub(crate) file: u8,
    /// The records by tag with the length of their values. The first is the one that every card has.
    pub(crate) records: &'static [(u8, u8)],
}

/// Why a file's records are not there.
pub(crate) enum Closed {
    /// 6982: the card asks for authentication.
    AskedForAuthentication,
    Fault(CardFault),
}

impl From<CardFault> for Closed {
    fn from(fault: CardFault) -> Self {
        Self::Fault(fault)
    }
}

/// A way of addressing records either yields them, or the card does not know it.
enum Way {
    Known(Records),
    Unknown,
}

/// More records than any file of the specification holds; ends the walk over a card that never says "no more".
const MOST_RECORDS: u8 = 32;

/// What cards say by T=1 with a record that is shorter than the length asked for, and with the record itself.
const SHORTER_THAN_ASKED: u16 = 0x6282;

/// Reads a file's records. EF05 with its card id, EF06 with its number must be found.
pub(crate) fn read(exchange: &mut Exchange<'_>, wanted: &Wanted) -> Result<Records, Closed> {
    let Some((essential, _)) = wanted.records.first() else {
        return Ok(Records::default());
    };
    let found = |way: &Way| matches!(way, Way::Known(records) if records.get(*essential).is_some());
    let mut way = Way::Unknown;
    if select(exchange, wanted.file)? {
        way = by_tag(exchange, wanted)?;
        if !found(&way) {
            way = by_number(exchange, wanted.file, 0)?;
        }
    }
    if !found(&way) {
        way = by_number(exchange, wanted.file, wanted.file << 3)?;
    }
    match way {
        Way::Known(records) if records.get(*essential).is_some() => Ok(records),
        Way::Known(_) | Way::Unknown => Err(CardFault::RecordMissing { tag: *essential }.into()),
    }
}

/// Selects the file, below the application as the specification has it, or by P1 = 00 as field code does; both are met.
fn select(exchange: &mut Exchange<'_>, file: u8) -> Result<bool, Closed> {
    let name = StepName::SelectFile(file);
    for p1 in [0x02, 0x00] {
        match exchange
            .send(name, &[0x00, 0xA4, p1, 0x00, 0x02, 0xEF, file])?
            .status
        {
            0x9000 => return Ok(true),
            0x6982 => return Err(Closed::AskedForAuthentication),
            0x6A81 | 0x6A82 | 0x6A86 | 0x6B00 | 0x6986 | 0x6D00 => {}
            status => return Err(refusal(name, status).into()),
        }
    }
    Ok(false)
}

fn by_tag(exchange: &mut Exchange<'_>, wanted: &Wanted) -> Result<Way, Closed> {
    let mut records = Records::default();
    for (place, (tag, length)) in wanted.records.iter().enumerate() {
        let name = StepName::ReadRecord {
            file: wanted.file,
            tag: Some(*tag),
        };
        let answer = exchange.send(name, &[0x00, 0xB2, *tag, 0x00, length + 2])?;
        match answer.status {
            0x9000 | SHORTER_THAN_ASKED => match tlv::record(&answer.data) {
                Some((read, value)) if read == *tag => records.keep(*tag, value),
                // P1 was taken for a number.
                Some(_) => return Ok(Way::Unknown),
                None if place > 0 && is_blank(&answer.data) => {}
                None => return Err(CardFault::Nonsense { step: name }.into()),
            },
            0x6A83 => {}
            0x6982 => return Err(Closed::AskedForAuthentication),
            0x6981 | 0x6986 | 0x6A81 | 0x6A86 | 0x6B00 => return Ok(Way::Unknown),
            status => return Err(refusal(name, status).into()),
        }
    }
    Ok(Way::Known(records))
}

/// Reads all records by number and keeps them by tag: on 1.0 cards the numbers shift.
fn by_number(exchange: &mut Exchange<'_>, file: u8, short_file: u8) -> Result<Way, Closed> {
    let name = StepName::ReadRecord { file, tag: None };
    let mut records = Records::default();
    for number in 1..=MOST_RECORDS {
        let answer = exchange.send(name, &[0x00, 0xB2, number, short_file | 0x04, 0x00])?;
        match answer.status {
            0x9000 | SHORTER_THAN_ASKED => match tlv::record(&answer.data) {
                Some((tag, value)) => records.keep(tag, value),
                None if is_blank(&answer.data) => {}
                None => return Err(CardFault::Nonsense { step: name }.into()),
            },
            0x6A83 => return Ok(Way::Known(records)),
            0x6982 => return Err(Closed::AskedForAuthentication),
            0x6981 | 0x6986 | 0x6A81 | 0x6A82 | 0x6A86 | 0x6B00 => return Ok(Way::Unknown),
            status => return Err(refusal(name, status).into()),
        }
    }
    Ok(Way::Known(records))
}

/// A record that was laid out and never written.
fn is_blank(record: &[u8]) -> bool {
    record.iter().all(|byte| *byte == 0xFF)
}

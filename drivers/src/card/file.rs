//! Reading a file's records: by tag, by number, all at once, in the selected file and by short file identifier, until what is
//! sought is there.

use super::content::Records;
use super::exchange::{Answer, Exchange, refusal};
use super::{CardFault, StepName, tlv};

/// What to read from a file.
pub(crate) struct Wanted {
    /// 05 or 06; also the short file identifier.
    pub(crate) file: u8,
    /// The records by tag with the length of their values. The first is the one that every card has.
    pub(crate) records: &'static [(u8, u8)],
    /// Those for which every way is tried. Any other that the first way does not give is absent.
    pub(crate) sought: &'static [u8],
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

/// How records are addressed: the low three bits of P2.
#[derive(Clone, Copy)]
enum Way {
    Tag,
    Number,
    AllAtOnce,
}

/// More records than any file of the specification holds; ends the walk over a card that never says "no more".
const MOST_RECORDS: u8 = 32;

/// What cards say by T=1 with a record that is shorter than the length asked for, and with the record itself.
const SHORTER_THAN_ASKED: u16 = 0x6282;

/// The length asked for is wrong, and the card does not say which is right.
const WRONG_LENGTH: u16 = 0x6700;

/// The card asks for authentication.
const CLOSED: u16 = 0x6982;

/// Reads a file's records. EF05 with its card id, EF06 with its number must be found, in whichever way; whatever else the card
/// refuses is absent.
pub(crate) fn read(exchange: &mut Exchange<'_>, wanted: &Wanted) -> Result<Records, Closed> {
    let mut reading = RecordReader {
        exchange,
        wanted,
        records: Records::default(),
        refused: None,
    };
    let selected = reading.select()?;
    let by_short_file = wanted.file << 3;
    for place in [selected.then_some(0), Some(by_short_file)] {
        let Some(place) = place else { continue };
        for way in [Way::Tag, Way::Number, Way::AllAtOnce] {
            reading.go(way, place)?;
            if reading.is_complete() {
                return Ok(reading.records);
            }
        }
    }
    let Some((essential, _)) = wanted.records.first() else {
        return Ok(reading.records);
    };
    if reading.records.get(*essential).is_some() {
        return Ok(reading.records);
    }
    let missing = CardFault::RecordMissing { tag: *essential };
    Err(reading.refused.unwrap_or(missing).into())
}

/// A file on its way to be read.
struct RecordReader<'e, 'x> {
    exchange: &'e mut Exchange<'x>,
    wanted: &'e Wanted,
    records: Records,
    /// The first refusal that is more than "no such record".
    refused: Option<CardFault>,
}

impl RecordReader<'_, '_> {
    fn is_complete(&self) -> bool {
        let sought = self.wanted.sought;
        sought.iter().all(|tag| self.records.get(*tag).is_some())
    }

    fn has_essential(&self) -> bool {
        let first = self.wanted.records.first();
        first.is_none_or(|(tag, _)| self.records.get(*tag).is_some())
    }

    /// Selects the file, below the application as the specification has it, or by P1 = 00 as field code does; both are met.
    fn select(&mut self) -> Result<bool, Closed> {
        let file = self.wanted.file;
        let name = StepName::SelectFile(file);
        for p1 in [0x02, 0x00] {
            let command = [0x00, 0xA4, p1, 0x00, 0x02, 0xEF, file];
            match self.exchange.send_past_bad_contact(name, &command)?.status {
                0x9000 => return Ok(true),
                CLOSED => return Err(Closed::AskedForAuthentication),
                status => self.note(name, status),
            }
        }
        Ok(false)
    }

    fn go(&mut self, way: Way, place: u8) -> Result<(), Closed> {
        match way {
            Way::Tag => self.by_tag(place),
            Way::Number => self.by_number(place | 0x04),
            Way::AllAtOnce => self.all_at_once(place | 0x05),
        }
    }

    fn by_tag(&mut self, p2: u8) -> Result<(), Closed> {
        for (tag, length) in self.wanted.records {
            if self.records.get(*tag).is_some() {
                continue;
            }
            let name = StepName::ReadRecord {
                file: self.wanted.file,
                tag: Some(*tag),
            };
            let mut answer = self.ask(name, [*tag, p2, length + 2])?;
            if answer.status == WRONG_LENGTH {
                answer = self.ask(name, [*tag, p2, 0x00])?;
            }
            match answer.status {
                0x9000 | SHORTER_THAN_ASKED => match tlv::record(&answer.data) {
                    Some((read, value)) if read == *tag => self.records.keep(*tag, value),
                    // P1 was taken for a number.
                    Some(_) => return Ok(()),
                    None => self.note_nonsense(name, &answer),
                },
                CLOSED if !self.has_essential() => return Err(Closed::AskedForAuthentication),
                status => self.note(name, status),
            }
            // Without the record that every card has, the others are not worth asking for in this way.
            if !self.has_essential() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads all records by number and keeps them by tag: on 1.0 cards the numbers shift.
    fn by_number(&mut self, p2: u8) -> Result<(), Closed> {
        let file = self.wanted.file;
        let name = StepName::ReadRecord { file, tag: None };
        for number in 1..=MOST_RECORDS {
            let answer = self.of_any_length(name, number, p2)?;
            match answer.status {
                0x9000 | SHORTER_THAN_ASKED => match tlv::record(&answer.data) {
                    Some((tag, value)) => self.records.keep(tag, value),
                    None => self.note_nonsense(name, &answer),
                },
                CLOSED if !self.has_essential() => return Err(Closed::AskedForAuthentication),
                status => {
                    self.note(name, status);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// One record by number; a card that says only that the length is wrong is asked with each length that a record can have.
    fn of_any_length(&mut self, name: StepName, number: u8, p2: u8) -> Result<Answer, Closed> {
        let mut answer = self.ask(name, [number, p2, 0x00])?;
        for (_, length) in self.wanted.records {
            if answer.status != WRONG_LENGTH {
                break;
            }
            answer = self.ask(name, [number, p2, length + 2])?;
        }
        Ok(answer)
    }

    /// From the first record to the last in one answer.
    fn all_at_once(&mut self, p2: u8) -> Result<(), Closed> {
        let file = self.wanted.file;
        let name = StepName::ReadRecord { file, tag: None };
        let answer = self.ask(name, [0x01, p2, 0x00])?;
        match answer.status {
            0x9000 | SHORTER_THAN_ASKED => {
                let mut rest = answer.data.as_slice();
                while let Some((tag, value)) = tlv::record(rest) {
                    self.records.keep(tag, value);
                    rest = rest.get(value.len() + 2..).unwrap_or_default();
                }
                Ok(())
            }
            CLOSED if !self.has_essential() => Err(Closed::AskedForAuthentication),
            status => {
                self.note(name, status);
                Ok(())
            }
        }
    }

    fn ask(&mut self, name: StepName, [p1, p2, le]: [u8; 3]) -> Result<Answer, CardFault> {
        let command = [0x00, 0xB2, p1, p2, le];
        self.exchange.send_past_bad_contact(name, &command)
    }

    /// Keeps the first refusal for the case that no way leads anywhere. That there is no such record, file or addressing says no
    /// more than that the record is missing.
    fn note(&mut self, name: StepName, status: u16) {
        let says_nothing = matches!(
            status,
            0x6A80
                | 0x6A82
                | 0x6A83
                | 0x6A86
                | 0x6A88
                | 0x6B00
                | 0x6981
                | 0x6985
                | 0x6986
                | WRONG_LENGTH
                | 0x6D00
                | 0x6E00
        );
        if !says_nothing && self.refused.is_none() {
            self.refused = Some(refusal(name, status));
        }
    }

    /// A record that was laid out and never written is no news.
    fn note_nonsense(&mut self, name: StepName, answer: &Answer) {
        let is_blank = answer.data.iter().all(|byte| *byte == 0xFF);
        if !is_blank && self.refused.is_none() {
            self.refused = Some(CardFault::Nonsense { step: name });
        }
    }
}

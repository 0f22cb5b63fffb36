//! The numbers that records are known by, the institution's code and the counter's number among them: their form, and which terminal
//! may give which. They are given out in one place, [`crate::ledger::numbers`]; identifiers of mere questions by [`QuestionIds`].

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use rules::china_time::CHINA;
use thiserror::Error;

/// Identifiers one terminal can give to queued messages within one second: its own hundred of the ten thousand endings.
pub(crate) const QUEUED_PER_SECOND: u16 = 100;

/// Where the endings of questions begin: the upper half.
const QUESTIONS_FROM: u16 = 5_000;

/// 医药机构编码: the institution's code with the agency, 12 letters or digits; every message identifier begins with it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InstitutionCode(String);

/// Not an institution code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an institution code has 12 letters and digits, this one has {characters} characters")]
pub struct NotAnInstitutionCode {
    /// Characters found.
    pub characters: usize,
}

impl InstitutionCode {
    /// Reads a code.
    pub fn parse(text: &str) -> Result<Self, NotAnInstitutionCode> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAnInstitutionCode {
                characters: text.chars().count(),
            })
        }
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstitutionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One counter of one institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    institution: InstitutionCode,
    number: u8,
}

/// Why a terminal cannot be what the configuration says.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TerminalError {
    /// The institution's code is none.
    #[error(transparent)]
    Institution(#[from] NotAnInstitutionCode),
    /// Half of a message identifier's endings are for questions: fifty hundreds are left.
    #[error("terminal numbers go from 1 to 49, this one is {number}")]
    Number {
        /// The number found.
        number: u8,
    },
}

/// Who puts questions to the province: the identifiers of the two must not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// The daemon.
    Daemon,
    /// A subcommand beside it.
    Command,
}

impl Terminal {
    /// The numbers that a counter can have.
    pub const NUMBERS: RangeInclusive<u8> = 1..=49;

    /// `institution` is the code that the province gave; `number` is this counter's own, unique within the institution.
    pub fn new(institution: &str, number: u8) -> Result<Self, TerminalError> {
        let institution = InstitutionCode::parse(institution)?;
        if !Self::NUMBERS.contains(&number) {
            return Err(TerminalError::Number { number });
        }
        Ok(Self {
            institution,
            number,
        })
    }

    /// The institution's code.
    pub fn institution(&self) -> &InstitutionCode {
        &self.institution
    }

    /// The counter's number.
    pub fn number(&self) -> u8 {
        self.number
    }

    /// The first ending of this terminal's queued messages; [`QUEUED_PER_SECOND`] of them are its own.
    pub(crate) fn first_queued_ending(&self) -> u16 {
        u16::from(self.number) * QUEUED_PER_SECOND
    }

    /// The endings of this terminal's questions, which no queued message has.
    fn question_endings(&self, asker: Asker) -> RangeInclusive<u16> {
        let first = QUESTIONS_FROM + self.first_queued_ending();
        match asker {
            Asker::Daemon => first..=first + 89,
            Asker::Command => first + 90..=first + 99,
        }
    }
}

/// `msgid`: institution code (12) + yyyyMMddHHmmss + 4 digits. A repeat of a message keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(String);

/// Not a message's identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "a message identifier is 12 letters or digits of the institution, yyyyMMddHHmmss and 4 digits"
)]
pub struct InvalidMessageId;

impl MessageId {
    /// Composes an identifier from its parts; `ending` is cut to four digits.
    pub fn compose(institution: &InstitutionCode, at: Timestamp, ending: u16) -> Self {
        let time = CHINA.to_datetime(at).strftime("%Y%m%d%H%M%S").to_string();
        Self(format!("{institution}{time}{:04}", ending % 10_000))
    }

    /// Reads an identifier that was stored or received.
    pub fn parse(text: &str) -> Result<Self, InvalidMessageId> {
        let bytes = text.as_bytes();
        let well_formed = bytes.len() == 30
            && bytes[..12].iter().all(u8::is_ascii_alphanumeric)
            && bytes[12..].iter().all(u8::is_ascii_digit);
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidMessageId)
        }
    }

    /// As it stands in the envelope.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether one institution made both.
    pub(crate) fn is_of_the_institution_of(&self, other: &Self) -> bool {
        self.0.as_bytes().get(..12) == other.0.as_bytes().get(..12)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Gives the identifiers of questions, which are not kept: the second never runs backwards within one process, and one that has used
/// up its endings lends from the next.
#[derive(Debug)]
pub struct QuestionIds {
    institution: InstitutionCode,
    endings: RangeInclusive<u16>,
    last: AtomicU64,
}

impl QuestionIds {
    /// Of this terminal, for whoever asks there.
    pub fn new(terminal: &Terminal, asker: Asker) -> Self {
        Self {
            institution: terminal.institution.clone(),
            endings: terminal.question_endings(asker),
            last: AtomicU64::new(0),
        }
    }

    /// The next one.
    pub fn next(&self, now: Timestamp) -> MessageId {
        let width = u64::from(self.endings.end() - self.endings.start()) + 1;
        let earliest = u64::try_from(now.as_second())
            .unwrap_or(0)
            .saturating_mul(width);
        let step = |last: u64| Some(earliest.max(last + 1));
        let position = match self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, step)
        {
            Ok(last) | Err(last) => earliest.max(last + 1),
        };
        let second = i64::try_from(position / width).unwrap_or(0);
        let ending = u16::try_from(position % width).unwrap_or(0) + self.endings.start();
        let at = Timestamp::from_second(second).unwrap_or(now);
        MessageId::compose(&self.institution, at, ending)
    }
}

/// Not a number that this program gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a number of this ledger's form")]
pub struct NotANumber;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $letter:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads a number as this program writes it.
            pub fn parse(text: &str) -> Result<Self, NotANumber> {
                let digits = text.strip_prefix($letter).ok_or(NotANumber)?;
                if digits.len() < 18 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(NotANumber);
                }
                Ok(Self(text.to_owned()))
            }

            /// The number of this terminal's epoch (ten digits) and sequence.
            pub(crate) fn given(terminal: &Terminal, epoch: &str, sequence: i64) -> Self {
                Self(format!("{}{:02}{epoch}{sequence:06}", $letter, terminal.number))
            }

            /// The number as it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

number!(
    /// One visit at this institution: `V`, terminal (2), epoch (10), sequence (6 or more).
    VisitNumber,
    'V'
);
number!(
    /// One settlement: `S`, terminal (2), epoch (10), sequence (6 or more).
    SettlementNumber,
    'S'
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_of_a_terminal_never_meet_its_queued_messages_nor_those_of_another() {
        let mut taken = std::collections::BTreeSet::new();
        for number in Terminal::NUMBERS {
            let terminal = Terminal::new("H43010000001", number).unwrap();
            let first = terminal.first_queued_ending();
            for ending in (first..first + QUEUED_PER_SECOND)
                .chain(terminal.question_endings(Asker::Daemon))
                .chain(terminal.question_endings(Asker::Command))
            {
                assert!(
                    ending < 10_000 && taken.insert(ending),
                    "{number}: {ending}"
                );
            }
        }
    }

    #[test]
    fn a_question_has_a_new_identifier_even_where_the_clock_stands_or_is_set_back() {
        let terminal = Terminal::new("H43010000001", 1).unwrap();
        let ids = QuestionIds::new(&terminal, Asker::Command);
        let now: Timestamp = "2026-11-22T02:00:00Z".parse().unwrap();
        assert_eq!(ids.next(now).as_str(), "H43010000001202611221000005190");
        for _ in 0..9 {
            ids.next(now);
        }
        assert_eq!(ids.next(now).as_str(), "H43010000001202611221000015190");
        let back: Timestamp = "2026-11-22T01:00:00Z".parse().unwrap();
        assert_eq!(ids.next(back).as_str(), "H43010000001202611221000015191");
    }
}

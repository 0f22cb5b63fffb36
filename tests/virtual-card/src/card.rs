//! The card's operating system: commands in, answers out.

use crate::asked::{Asked, Habits};
use crate::authentication::{Direction, authentication_code};
use crate::files::{Record, length_byte};

/// What reading EF06 takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Free,
    ExternalAuthentication,
    /// The card is no social security card at all.
    NoApplication,
}

/// How the card finds records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Addressing {
    /// By tag and by number, in the selected file or one named by its short identifier.
    Any,
    /// By number in the selected file; a tag in P1 is no record (6A83).
    ByNumber,
    /// Files cannot be selected (6A82); P2 names them by short identifier, P1 the record's number.
    ByShortFile,
}

/// How the card answers internal authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// With its key.
    Key,
    /// Not at all (6D00), as old cards do.
    None,
    /// Without a key, with what another card once gave: the factor as its challenge, and the answer.
    Recording { factor: [u8; 8], result: [u8; 8] },
}

/// A simulated social security card with its state since the last reset.
#[derive(Debug, Clone)]
pub struct Card {
    pub(crate) atr: Vec<u8>,
    pub(crate) fci: Vec<u8>,
    pub(crate) ef05: Vec<Record>,
    pub(crate) ef06: Vec<Record>,
    pub(crate) access: Access,
    pub(crate) proof: Proof,
    pub(crate) addressing: Addressing,
    pub(crate) selects_files_with_p1: u8,
    /// T=0 habit of many chips: SELECT answers `61xx`, GET RESPONSE fetches the answer, at most so many bytes at once.
    pub(crate) holds_back: Option<usize>,
    pub(crate) habits: Habits,
    /// The files lie open without a selection of the application.
    pub(crate) nameless: bool,
    /// Speaks T=1: a command with data and without Le has no answer. By T=0 a command never has both.
    pub(crate) speaks_t1: bool,
    id: [u8; 16],
    state: State,
}

#[derive(Debug, Clone, Default)]
struct State {
    application_selected: bool,
    file: Option<u8>,
    held_back: Vec<u8>,
    /// The last two challenges given out, the older first.
    challenges: (Option<[u8; 8]>, Option<[u8; 8]>),
    authenticated: bool,
}

const APPLICATION: &[u8] = b"sx1.sh.\xC9\xE7\xBB\xE1\xB1\xA3\xD5\xCF";
const OK: u16 = 0x9000;

/// A refusal: a status word without data.
type StatusWord = u16;

impl Card {
    /// A card that answers its selection with `fci` and holds the files EF05 and EF06; free to read, any addressing.
    pub(crate) fn with_files(
        card_id: [u8; 16],
        fci: &[u8],
        (ef05, ef06): (Vec<Record>, Vec<Record>),
    ) -> Self {
        Self {
            atr: Vec::new(),
            fci: fci.to_vec(),
            ef05,
            ef06,
            access: Access::Free,
            proof: Proof::Key,
            addressing: Addressing::Any,
            selects_files_with_p1: 0x02,
            holds_back: None,
            speaks_t1: false,
            habits: Habits::default(),
            nameless: false,
            id: card_id,
            state: State::default(),
        }
    }

    pub(crate) fn with_atr(self, atr: &[u8]) -> Self {
        Self {
            atr: atr.to_vec(),
            ..self
        }
    }

    /// A copy without the key: it gives the recorded factor as its challenge, and the recorded answer.
    #[must_use]
    pub fn replaying(self, factor: [u8; 8], result: [u8; 8]) -> Self {
        Self {
            proof: Proof::Recording { factor, result },
            ..self
        }
    }

    /// The answer to reset.
    pub fn atr(&self) -> &[u8] {
        &self.atr
    }

    /// Power on, power off and reset all forget what was selected and authenticated.
    pub fn reset(&mut self) {
        self.state = State::default();
    }

    /// Answers one command: data and the two bytes of the status word.
    pub fn answer(&mut self, command: &[u8]) -> Vec<u8> {
        let (mut answer, status) = match self.execute(command) {
            Ok(data) if command.get(1) == Some(&0xA4) && !data.is_empty() => {
                match self.holds_back {
                    Some(_) => {
                        self.state.held_back = data;
                        (Vec::new(), self.more())
                    }
                    None => (data, OK),
                }
            }
            Ok(data) if command.get(1) == Some(&0xC0) => (data, self.more()),
            Ok(data) => (data, OK),
            Err(status) => (Vec::new(), status),
        };
        answer.extend_from_slice(&status.to_be_bytes());
        answer
    }

    fn execute(&mut self, command: &[u8]) -> Result<Vec<u8>, StatusWord> {
        let [class, instruction, p1, p2, rest @ ..] = command else {
            return Err(0x6700);
        };
        if *class != 0 {
            return Err(0x6E00);
        }
        match (instruction, p1, p2) {
            (0xA4, 0x04, 0x00) => self.select_application(rest),
            (0xA4, p1, 0x00) => self.select_file(*p1, self.body(rest)?.0),
            (0xC0, 0x00, 0x00) => self.get_response(rest),
            (0x84, 0x00, 0x00) => self.challenge(rest),
            (0x88, 0x00, 0x00) => self.internal_authentication(rest),
            (0x82, 0x00, 0x0A) => self.external_authentication(rest),
            (0xB2, p1, p2) => self.read_record(*p1, *p2, rest),
            (0xA4 | 0xC0 | 0x84 | 0x88 | 0x82, _, _) => Err(0x6A86),
            _ => Err(0x6D00),
        }
    }

    /// `9000`, or how much of an answer that is held back comes next.
    fn more(&self) -> u16 {
        let left = self.state.held_back.len();
        match self.holds_back {
            Some(portion) if left > 0 => {
                0x6100 | u16::from(u8::try_from(left.min(portion)).unwrap_or(0))
            }
            Some(_) | None => OK,
        }
    }

    /// The data of a command with Lc, and whether an answer is wanted.
    fn body<'a>(&self, rest: &'a [u8]) -> Result<(&'a [u8], bool), StatusWord> {
        let (length, data) = rest.split_first().ok_or(0x6700_u16)?;
        match data.split_at_checked(usize::from(*length)) {
            Some((data, [])) => Ok((data, !self.speaks_t1)),
            Some((data, [_expected])) if self.speaks_t1 => Ok((data, true)),
            Some(_) | None => Err(0x6700),
        }
    }

    fn select_application(&mut self, rest: &[u8]) -> Result<Vec<u8>, StatusWord> {
        let (name, wanted) = self.body(rest)?;
        self.state = State::default();
        self.habits.refusal(&[Asked::Application])?;
        if self.access == Access::NoApplication || name != APPLICATION {
            return Err(0x6A82);
        }
        self.state.application_selected = true;
        Ok(if wanted { self.fci.clone() } else { Vec::new() })
    }

    fn is_open(&self) -> bool {
        self.nameless || self.state.application_selected
    }

    fn select_file(&mut self, p1: u8, name: &[u8]) -> Result<Vec<u8>, StatusWord> {
        if !self.is_open() {
            return Err(0x6986);
        }
        if let [0xEF, file] = name {
            self.habits.refusal(&[Asked::File(*file)])?;
        }
        if self.addressing == Addressing::ByShortFile {
            return Err(0x6A82);
        }
        if p1 != self.selects_files_with_p1 {
            return Err(0x6A86);
        }
        let file = match name {
            [0xEF, file @ (0x05 | 0x06)] => *file,
            _ => return Err(0x6A82),
        };
        self.state.file = Some(file);
        Ok(Vec::new())
    }

    fn get_response(&mut self, rest: &[u8]) -> Result<Vec<u8>, StatusWord> {
        let (left, portion) = (self.state.held_back.len(), self.holds_back.unwrap_or(0));
        if left == 0 {
            return Err(0x6F00);
        }
        let behind = self.state.held_back.split_off(left.min(portion));
        let portion = std::mem::replace(&mut self.state.held_back, behind);
        exact_length(portion, rest)
    }

    fn challenge(&mut self, rest: &[u8]) -> Result<Vec<u8>, StatusWord> {
        self.habits.refusal(&[Asked::Challenge])?;
        if rest != [8] {
            return Err(0x6700);
        }
        let mut challenge = [0; 8];
        if let Proof::Recording { factor, .. } = self.proof {
            challenge = factor;
        } else if getrandom::fill(&mut challenge).is_err() {
            return Err(0x6F00);
        }
        self.state.challenges = (self.state.challenges.1, Some(challenge));
        Ok(challenge.to_vec())
    }

    fn internal_authentication(&mut self, rest: &[u8]) -> Result<Vec<u8>, StatusWord> {
        self.habits.refusal(&[Asked::InternalAuthentication])?;
        if !self.is_open() {
            return Err(0x6985);
        }
        let (data, true) = self.body(rest)? else {
            return Err(0x6700);
        };
        let (factor, raw) = pair(data)?;
        match self.proof {
            Proof::Key => {
                Ok(authentication_code(Direction::Internal, &self.id, &factor, &raw).to_vec())
            }
            Proof::None => Err(0x6D00),
            Proof::Recording { result, .. } => Ok(result.to_vec()),
        }
    }

    /// Takes `code ‖ raw`: the code answers the last challenge (raw) under the one before it (factor).
    fn external_authentication(&mut self, rest: &[u8]) -> Result<Vec<u8>, StatusWord> {
        if !self.state.application_selected {
            return Err(0x6985);
        }
        let (data, _) = self.body(rest)?;
        let (code, raw) = pair(data)?;
        let (Some(factor), Some(asked)) = std::mem::take(&mut self.state.challenges) else {
            return Err(0x6985);
        };
        if raw != asked || code != authentication_code(Direction::External, &self.id, &factor, &raw)
        {
            return Err(0x6300);
        }
        self.state.authenticated = true;
        Ok(Vec::new())
    }

    fn read_record(&mut self, p1: u8, p2: u8, rest: &[u8]) -> Result<Vec<u8>, StatusWord> {
        let (short_file, manner) = (p2 >> 3, p2 & 0b111);
        let file = match (self.is_open(), short_file, self.state.file) {
            (true, 0, Some(file)) => file,
            (true, 5 | 6, _) => short_file,
            (true, 1.., _) => return Err(0x6A82),
            (true, 0, None) | (false, _, _) => return Err(0x6986),
        };
        if self.addressing == Addressing::ByNumber && short_file != 0 {
            return Err(0x6A82);
        }
        if file == 6 && self.access == Access::ExternalAuthentication && !self.state.authenticated {
            return Err(0x6982);
        }
        let mut asked = vec![Asked::AnyRecordOf(file)];
        match manner {
            0 => asked.extend([Asked::Tag(p1), Asked::AnyTag]),
            4 => asked.push(Asked::AnyNumber),
            _ => {}
        }
        if short_file != 0 {
            asked.push(Asked::ShortFile);
        }
        self.habits.refusal(&asked)?;
        let records = if file == 5 { &self.ef05 } else { &self.ef06 };
        let by_number = |number: u8| {
            usize::from(number)
                .checked_sub(1)
                .and_then(|place| records.get(place))
        };
        let record = match (manner, self.addressing) {
            (0, Addressing::Any) => records.iter().find(|record| record.tag == p1),
            (0, Addressing::ByNumber | Addressing::ByShortFile) => None,
            (4, _) => by_number(p1),
            (5, Addressing::Any) => {
                let from = usize::from(p1).saturating_sub(1);
                let all = records.iter().skip(from).flat_map(Record::encode);
                return exact_length(all.collect(), rest);
            }
            _ => return Err(0x6A86),
        };
        exact_length(record.ok_or(0x6A83_u16)?.encode(), rest)
    }
}

/// Wrong Le answers `6Cxx` with the right one.
fn exact_length(data: Vec<u8>, rest: &[u8]) -> Result<Vec<u8>, StatusWord> {
    let right = length_byte(&data);
    if rest == [right] {
        Ok(data)
    } else {
        Err(0x6C00 | u16::from(right))
    }
}

fn pair(data: &[u8]) -> Result<([u8; 8], [u8; 8]), StatusWord> {
    let (first, second) = data.split_at_checked(8).ok_or(0x6700_u16)?;
    match (first.try_into(), second.try_into()) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        _ => Err(0x6700),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Holder, Variant};

    fn talk(card: &mut Card, command: &str) -> String {
        hex::encode_upper(card.answer(&hex::decode(command).expect("command")))
    }

    fn card(variant: Variant) -> Card {
        Card::new(variant, &Holder::default()).expect("card")
    }

    const SELECT: &str = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF";

    #[test]
    fn a_3_0_card_answers_as_the_document_shows() {
        let mut card = card(Variant::V30);
        assert_eq!(
            hex::encode_upper(card.atr()),
            "3B6D000000814A44468660320100000001"
        );
        assert_eq!(
            talk(&mut card, SELECT),
            "6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C038601039000"
        );
        assert_eq!(talk(&mut card, "00A4020002EF05"), "9000");
        assert_eq!(talk(&mut card, "00B2030006"), "0304332E30309000");
        assert_eq!(talk(&mut card, "00B2030000"), "6C06");
        assert_eq!(talk(&mut card, "00B2070404"), "6C0B");
        assert_eq!(talk(&mut card, "00B2770004"), "6A83");
        assert_eq!(talk(&mut card, "00A4020002EF06"), "9000");
        assert_eq!(talk(&mut card, "00B2080014"), "6982");
    }

    #[test]
    fn the_application_must_be_selected_first() {
        let mut card = card(Variant::V20);
        assert_eq!(talk(&mut card, "00A4020002EF05"), "6986");
        assert_eq!(talk(&mut card, "00B2030006"), "6986");
        talk(&mut card, SELECT);
        assert_eq!(talk(&mut card, "00B2030006"), "6986");
    }

    #[test]
    fn external_authentication_opens_ef06_until_the_application_is_selected_anew() {
        let mut card = card(Variant::V30);
        talk(&mut card, SELECT);
        let factor = talk(&mut card, "0084000008");
        let raw = talk(&mut card, "0084000008");
        let eight =
            |text: &str| <[u8; 8]>::try_from(&hex::decode(text).expect("hex")[..8]).expect("eight");
        let id = Holder::default().card_id();
        let code = authentication_code(Direction::External, &id, &eight(&factor), &eight(&raw));
        let command = format!("0082000A10{}{}", hex::encode(code), &raw[..16]);
        assert_eq!(talk(&mut card, &command), "9000");
        talk(&mut card, "00A4020002EF06");
        assert_eq!(
            talk(&mut card, "00B2080014"),
            "08123635303130323139393030333037303031339000"
        );
        assert_eq!(talk(&mut card, &command), "6985", "a challenge counts once");
        talk(&mut card, SELECT);
        talk(&mut card, "00A4020002EF06");
        assert_eq!(talk(&mut card, "00B2080014"), "6982");
    }

    #[test]
    fn a_wrong_code_opens_nothing() {
        let mut card = card(Variant::V30);
        talk(&mut card, SELECT);
        talk(&mut card, "0084000008");
        let raw = talk(&mut card, "0084000008");
        let command = format!("0082000A100000000000000000{}", &raw[..16]);
        assert_eq!(talk(&mut card, &command), "6300");
        talk(&mut card, "00A4020002EF06");
        assert_eq!(talk(&mut card, "00B2080014"), "6982");
    }

    #[test]
    fn a_card_that_holds_answers_back_gives_them_to_get_response() {
        let mut card = card(Variant::GetResponse);
        assert_eq!(talk(&mut card, SELECT), "611E");
        assert_eq!(talk(&mut card, "00C000001D"), "6C1E");
        talk(&mut card, SELECT);
        assert_eq!(
            talk(&mut card, "00C000001E"),
            "6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C038601039000"
        );
    }
}

//! One exchange with the card at a time: the status words that ask for another command, and the record of steps.

use zeroize::{Zeroize as _, Zeroizing};

use super::{CardFault, StepLog, StepName};

/// Sends a command, appends the answer; fails where the reader does.
pub(crate) type Transmit<'a> = dyn FnMut(&[u8], &mut Vec<u8>) -> Result<(), Untransmitted> + 'a;

/// No answer came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Untransmitted {
    /// The card sent more than an answer can hold.
    TooLong,
    /// The reader failed; it, not the exchange, knows why.
    ReaderFailed,
}

/// An answer: data and status word.
pub(crate) struct Answer {
    pub(crate) data: Zeroizing<Vec<u8>>,
    pub(crate) status: u16,
}

/// The exchange with one card, step by step.
pub(crate) struct Exchange<'a> {
    transmit: &'a mut Transmit<'a>,
    protocol: Protocol,
    steps: StepLog,
    opened: bool,
}

/// How commands travel, which decides whether one with data may ask for an answer's length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// T=0: a command carries data or a length, never both; an answer to data is fetched with GET RESPONSE.
    T0,
    /// T=1, which contactless readers speak too: without a length the card gives no answer.
    T1,
}

/// No short command's answer is longer, besides the status word.
const LONGEST_DATA: usize = 256;

/// Further commands that one may take: portions of an answer, a length put right.
const MOST_FURTHER: usize = 8;

impl<'a> Exchange<'a> {
    pub(crate) fn new(transmit: &'a mut Transmit<'a>, protocol: Protocol, steps: StepLog) -> Self {
        Self {
            transmit,
            protocol,
            steps,
            opened: false,
        }
    }

    /// The card took an authentication: until its reset it answers whoever asks.
    pub(crate) fn opens(&mut self) {
        self.opened = true;
    }

    pub(crate) fn has_opened(&self) -> bool {
        self.opened
    }

    /// Sends a command that carries data and has an answer.
    pub(crate) fn send_for_answer(
        &mut self,
        name: StepName,
        command: &[u8],
    ) -> Result<Answer, CardFault> {
        match self.protocol {
            Protocol::T0 => self.send(name, command),
            Protocol::T1 => self.send(name, &Zeroizing::new([command, &[0x00]].concat())),
        }
    }

    /// Sends `command`; fetches an answer that is held back (`61xx`) portion by portion, repeats once where the card names
    /// the right length (`6Cxx`). Each exchange is a step of its own.
    pub(crate) fn send(&mut self, name: StepName, command: &[u8]) -> Result<Answer, CardFault> {
        let mut sent = Zeroizing::new(command.to_vec());
        let mut answer = self.once(name, &sent)?;
        let mut data = Zeroizing::new(Vec::new());
        let mut corrected = false;
        for _ in 0..MOST_FURTHER {
            let [high, low] = answer.status.to_be_bytes();
            match high {
                0x61 => {
                    data.extend_from_slice(&answer.data);
                    sent.zeroize();
                    sent.extend_from_slice(&[0x00, 0xC0, 0x00, 0x00, low]);
                    corrected = false;
                }
                // Only a command without data ends in the length of its answer.
                0x6C if !corrected && sent.len() == 5 => {
                    sent[4] = low;
                    corrected = true;
                }
                _ => break,
            }
            answer = self.once(name, &sent)?;
        }
        if !data.is_empty() {
            data.extend_from_slice(&answer.data);
            answer.data = data;
        }
        Ok(answer)
    }

    /// The same, once more where the card says `6Fxx`: it may be a bad contact.
    pub(crate) fn send_past_bad_contact(
        &mut self,
        name: StepName,
        command: &[u8],
    ) -> Result<Answer, CardFault> {
        let answer = self.send(name, command)?;
        if answer.status & 0xFF00 == 0x6F00 {
            return self.send(name, command);
        }
        Ok(answer)
    }

    /// A step that is no exchange.
    pub(crate) fn step<T>(&mut self, name: StepName, work: impl FnOnce() -> T) -> T {
        self.steps.begin(name);
        let done = work();
        self.steps.end(None);
        done
    }

    fn once(&mut self, name: StepName, command: &[u8]) -> Result<Answer, CardFault> {
        self.steps.begin(name);
        let answer = self.answer(name, command);
        self.steps
            .end(answer.as_ref().ok().map(|answer| answer.status));
        answer
    }

    fn answer(&mut self, name: StepName, command: &[u8]) -> Result<Answer, CardFault> {
        let mut data = Zeroizing::new(Vec::with_capacity(LONGEST_DATA + 2));
        let nonsense = CardFault::Nonsense { step: name };
        match (self.transmit)(command, &mut data) {
            Ok(()) => {}
            Err(Untransmitted::TooLong) => return Err(nonsense),
            // Stands for the failure until the reader is asked for its meaning.
            Err(Untransmitted::ReaderFailed) => return Err(CardFault::DrawnOut),
        }
        let (Some(low), Some(high)) = (data.pop(), data.pop()) else {
            return Err(nonsense);
        };
        if data.len() > LONGEST_DATA || !matches!(high, 0x60..=0x6F | 0x90..=0x9F) {
            return Err(nonsense);
        }
        let status = u16::from_be_bytes([high, low]);
        Ok(Answer { data, status })
    }
}

/// The fault that a refusing status word means.
pub(crate) fn refusal(step: StepName, status: u16) -> CardFault {
    match status {
        0x6983 | 0x6283 | 0x6A81 => CardFault::Locked { status },
        _ => CardFault::Refused { step, status },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: StepName = StepName::SelectApplication;

    /// Sends `command` to a card that knows these answers; what it said, and what it was told.
    fn talk(
        protocol: Protocol,
        answers: &[&str],
        command: &str,
    ) -> (Result<String, CardFault>, Vec<String>) {
        let hex = |text: &str| crate::card::hex::decode(text).expect("hexadecimal");
        let mut answers = answers.iter();
        let mut told = Vec::new();
        let mut transmit = |command: &[u8], answer: &mut Vec<u8>| {
            told.push(crate::card::hex::encode(command));
            answer.extend(hex(answers.next().expect("another answer")));
            Ok(())
        };
        let mut exchange = Exchange::new(&mut transmit, protocol, StepLog::default());
        let said = exchange.send_for_answer(STEP, &hex(command)).map(|answer| {
            format!(
                "{} {:04X}",
                crate::card::hex::encode(&answer.data),
                answer.status
            )
        });
        (said, told)
    }

    #[test]
    fn an_answer_in_portions_is_put_together() {
        let (said, told) = talk(
            Protocol::T0,
            &["6103", "0102036102", "6C01", "046101", "059000"],
            "00A4040001AA",
        );
        assert_eq!(said.as_deref(), Ok("0102030405 9000"));
        assert_eq!(
            told,
            [
                "00A4040001AA",
                "00C0000003",
                "00C0000002",
                "00C0000001",
                "00C0000001"
            ]
        );
    }

    #[test]
    fn a_card_that_never_has_enough_is_left_after_eight_more_commands() {
        let (said, told) = talk(Protocol::T0, &["6110"; 9], "00A4040001AA");
        assert_eq!(said.as_deref(), Ok(" 6110"));
        assert_eq!(told.len(), 9);
        let (said, told) = talk(Protocol::T0, &["6C10", "6C20"], "00B2010000");
        assert_eq!(said.as_deref(), Ok(" 6C20"));
        assert_eq!(told, ["00B2010000", "00B2010010"]);
    }

    #[test]
    fn only_t_1_is_told_that_an_answer_is_wanted() {
        let (_, told) = talk(Protocol::T1, &["9000"], "00A4040001AA");
        assert_eq!(told, ["00A4040001AA00"]);
        let (_, told) = talk(Protocol::T0, &["9000"], "00A4040001AA");
        assert_eq!(told, ["00A4040001AA"]);
    }
}

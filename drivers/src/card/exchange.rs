//! One exchange with the card at a time: the status words that ask for another command, and the record of steps.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::reader::{CardFault, Step, StepName};
use crate::stopwatch;

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
    pub(crate) steps: Vec<Step>,
}

/// No short command's answer is longer, besides the status word.
const LONGEST_DATA: usize = 256;

impl<'a> Exchange<'a> {
    pub(crate) fn new(transmit: &'a mut Transmit<'a>) -> Self {
        Self {
            transmit,
            steps: Vec::with_capacity(32),
        }
    }

    /// Sends `command`; fetches an answer that is held back (`61xx`), repeats once where the card names the right length
    /// (`6Cxx`). Each exchange is a step of its own.
    pub(crate) fn send(&mut self, name: StepName, command: &[u8]) -> Result<Answer, CardFault> {
        let answer = self.once(name, command)?;
        let [high, low] = answer.status.to_be_bytes();
        match high {
            0x61 => self.once(name, &[0x00, 0xC0, 0x00, 0x00, low]),
            0x6C => match command.split_last() {
                Some((_, head)) if head.len() == 4 => self.once(name, &[head, &[low]].concat()),
                Some(_) | None => Ok(answer),
            },
            _ => Ok(answer),
        }
    }

    /// Sends `command` and asks for `9000`; any other status word is the fault that [`refusal`] names.
    pub(crate) fn expect_ok(
        &mut self,
        name: StepName,
        command: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CardFault> {
        let answer = self.send(name, command)?;
        if answer.status == 0x9000 {
            Ok(answer.data)
        } else {
            Err(refusal(name, answer.status))
        }
    }

    /// Notes a step that was no exchange.
    pub(crate) fn note(&mut self, name: StepName, took: Duration) {
        self.steps.push(Step {
            name,
            took,
            status: None,
        });
    }

    fn once(&mut self, name: StepName, command: &[u8]) -> Result<Answer, CardFault> {
        let begun = stopwatch::now();
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
        self.steps.push(Step {
            name,
            took: stopwatch::now().saturating_sub(begun),
            status: Some(status),
        });
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

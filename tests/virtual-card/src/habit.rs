//! Habits of single cards: a status word in place of an answer, records of one's own, an application that has no name.

use crate::asked::Asked;
use crate::card::Card;
use crate::files::Record;

impl Card {
    /// It answers this question with a status word alone.
    #[must_use]
    pub fn answering(mut self, asked: Asked, status: u16) -> Self {
        self.habits.add(asked, status);
        self
    }

    /// It holds this value under the tag: in EF05 up to 07, else in EF06.
    #[must_use]
    pub fn holding(mut self, tag: u8, value: &[u8]) -> Self {
        let file = if tag < 0x08 {
            &mut self.ef05
        } else {
            &mut self.ef06
        };
        match file.iter_mut().find(|record| record.tag == tag) {
            Some(record) => record.value = value.to_vec(),
            None => file.push(Record::new(tag, value)),
        }
        self
    }

    /// It has no such record.
    #[must_use]
    pub fn without(mut self, tag: u8) -> Self {
        self.ef05.retain(|record| record.tag != tag);
        self.ef06.retain(|record| record.tag != tag);
        self
    }

    /// Its files lie open without the application's selection, which it answers with this status word.
    #[must_use]
    pub fn nameless(mut self, status: u16) -> Self {
        self.nameless = true;
        self.answering(Asked::Application, status)
    }
}

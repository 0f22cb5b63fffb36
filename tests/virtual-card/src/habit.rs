//! Habits of single cards: a status word in place of an answer, records of one's own, an application that has no name.

use crate::card::Card;
use crate::files::Record;

/// What a card is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// To select the application by its name.
    Application,
    /// To select this file.
    File(u8),
    /// For a challenge.
    Challenge,
    /// To prove itself.
    InternalAuthentication,
    /// To read this record by its tag.
    Tag(u8),
    /// To read any record by its tag.
    AnyTag,
    /// To read any record by its number.
    AnyNumber,
    /// To read any record, all of them at once too, by short file identifier.
    ShortFile,
    /// To read anything from this file.
    AnyRecordOf(u8),
}

/// What a card answers to some questions, whatever it holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Habits(Vec<(Asked, u16)>);

impl Habits {
    /// The status word for the first of these that it has a habit for.
    pub(crate) fn refusal(&self, asked: &[Asked]) -> Result<(), u16> {
        let habit = self.0.iter().find(|(habit, _)| asked.contains(habit));
        habit.map_or(Ok(()), |(_, status)| Err(*status))
    }
}

impl Card {
    /// It answers this question with a status word alone.
    #[must_use]
    pub fn answering(mut self, asked: Asked, status: u16) -> Self {
        self.habits.0.push((asked, status));
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

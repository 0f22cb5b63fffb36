//! What a card may be asked, and which of it a single card answers in a way of its own.

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
    /// From now on it answers this question with this status word.
    pub(crate) fn add(&mut self, asked: Asked, status: u16) {
        self.0.push((asked, status));
    }

    /// The status word for the first of these that it has a habit for.
    pub(crate) fn refusal(&self, asked: &[Asked]) -> Result<(), u16> {
        let habit = self.0.iter().find(|(habit, _)| asked.contains(habit));
        habit.map_or(Ok(()), |(_, status)| Err(*status))
    }
}

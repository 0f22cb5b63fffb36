//! The cards in the readers of one desk: the one that was read last speaks, and another that lies there is told of.

use std::collections::HashMap;

use drivers::card::CardId;

use super::board::{Board, Turn};
use super::trouble::CardRemark;

/// Which card lies in which reader, by the readers' names.
#[derive(Default)]
pub(super) struct Inserted {
    /// The turn of each, from its insertion on.
    turns: HashMap<String, Turn>,
    /// Which social security card each is, once it has been read.
    read: HashMap<String, CardId>,
    /// The reader that whoever lies on the desk was read by.
    speaking: Option<String>,
}

impl Inserted {
    /// A card was put in: its turn has come.
    pub(super) fn put_in(&mut self, reader: String, turn: Turn) {
        self.speaking = None;
        self.read.remove(&reader);
        self.turns.insert(reader, turn);
    }

    /// A card was taken out.
    pub(super) fn take_out(&mut self, reader: &str) {
        self.turns.remove(reader);
        self.read.remove(reader);
    }

    /// The turn of the card in this reader.
    pub(super) fn turn(&self, reader: &str, board: &Board) -> Turn {
        let turn = self.turns.get(reader).copied();
        turn.unwrap_or_else(|| board.turn())
    }

    /// The card in this reader was read, and speaks from now on. A word on another card that was read and lies in another reader:
    /// one that shows in both slots of a reader is the same card, and whatever is no social security card is nobody's matter here.
    pub(super) fn is_read(&mut self, reader: String, card: CardId) -> Option<CardRemark> {
        let others = self.read.iter();
        let other = others
            .filter(|(other, theirs)| **other != reader && **theirs != card)
            .map(|(other, _)| other.clone())
            .min();
        self.read.insert(reader.clone(), card);
        self.speaking = Some(reader.clone());
        other.map(|there| CardRemark::AnotherLies {
            here: reader,
            there,
        })
    }

    /// Whoever lies on the desk was read by another reader than this one: a key or a security module that is pulled out there is
    /// not the card that was read.
    pub(super) fn is_beside(&self, reader: &str) -> bool {
        self.speaking
            .as_ref()
            .is_some_and(|speaking| speaking != reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(last: &str) -> CardId {
        CardId::parse_hex(&format!("320100D156000005000000{last}FFFFFFFF")).unwrap()
    }

    #[test]
    fn the_card_that_was_read_last_speaks_and_another_one_is_told_of() {
        let mut inserted = Inserted::default();
        inserted.put_in("A 00 00".to_owned(), Turn::default());
        assert_eq!(inserted.is_read("A 00 00".to_owned(), card("01")), None);
        inserted.put_in("B 00 00".to_owned(), Turn::default());
        assert!(
            !inserted.is_beside("A 00 00"),
            "nobody speaks while a card is read"
        );
        assert_eq!(
            inserted.is_read("B 00 00".to_owned(), card("02")),
            Some(CardRemark::AnotherLies {
                here: "B 00 00".to_owned(),
                there: "A 00 00".to_owned(),
            })
        );
        assert!(inserted.is_beside("A 00 00") && !inserted.is_beside("B 00 00"));
        inserted.take_out("A 00 00");
        assert_eq!(inserted.is_read("B 00 00".to_owned(), card("02")), None);
    }

    #[test]
    fn one_card_in_two_readers_and_what_was_never_read_are_no_other_card() {
        let mut inserted = Inserted::default();
        inserted.put_in("Token 00 00".to_owned(), Turn::default());
        inserted.put_in("A 00 00".to_owned(), Turn::default());
        inserted.put_in("A 00 01".to_owned(), Turn::default());
        assert_eq!(inserted.is_read("A 00 00".to_owned(), card("01")), None);
        assert_eq!(inserted.is_read("A 00 01".to_owned(), card("01")), None);
    }
}

//! The texts of the counter's forms, taken one way at every door: the cashier's page and the hospital's own system.

use crate::visible_text::is_unseen;

/// The longest text a field takes, in characters; the page's inputs say the same.
pub(crate) const LONGEST: usize = 100;

/// The longest reason or reference, in characters.
pub(crate) const LONGEST_WORDS: usize = 100;

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// It has to be there.
    Missing,
    /// It has more than 100 characters.
    TooLong,
    /// A character that nobody sees: two texts that look the same would differ, or one would read as another.
    Unseen(char),
}

/// A text of a form that cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrongText {
    /// The field, as the page labels it.
    pub(crate) field: &'static str,
    /// Why.
    pub(crate) fault: TextFault,
}

/// A person's reason or reference that is missing or too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrongWords {
    /// The field, as the page labels it.
    pub(crate) field: &'static str,
}

/// A text that has to be there, without the blanks around it; `field` is its label on the page.
pub(crate) fn required(field: &'static str, text: &str) -> Result<String, WrongText> {
    let text = optional(field, text)?;
    if text.is_empty() {
        return Err(wrong(field, TextFault::Missing));
    }
    Ok(text)
}

/// A text that may be empty.
pub(crate) fn optional(field: &'static str, text: &str) -> Result<String, WrongText> {
    let text = text.trim();
    if let Some(unseen) = text.chars().find(|&character| is_unseen(character)) {
        return Err(wrong(field, TextFault::Unseen(unseen)));
    }
    if text.chars().count() > LONGEST {
        return Err(wrong(field, TextFault::TooLong));
    }
    Ok(text.to_owned())
}

/// Words of a person that the journal keeps.
pub(crate) fn require(field: &'static str, words: &str) -> Result<(), WrongWords> {
    let length = words.chars().count();
    let plain = !words.trim().is_empty() && !words.chars().any(char::is_control);
    if plain && length <= LONGEST_WORDS {
        Ok(())
    } else {
        Err(WrongWords { field })
    }
}

fn wrong(field: &'static str, fault: TextFault) -> WrongText {
    WrongText { field, fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(taken: &Result<String, WrongText>) -> TextFault {
        let Err(WrongText {
            field: "科别",
            fault,
        }) = taken
        else {
            panic!("not refused by its field: {taken:?}");
        };
        *fault
    }

    #[test]
    fn a_text_is_taken_without_the_blanks_around_it() {
        for text in ["骨科", " 骨科 ", "骨科\t", "骨科\r\n", "\u{3000}骨科\u{a0}"] {
            assert_eq!(required("科别", text).unwrap(), "骨科", "{text:?}");
        }
        assert_eq!(optional("科别", " \n").unwrap(), "");
    }

    #[test]
    fn blanks_alone_are_no_text() {
        for text in ["", " ", "\u{3000}", "\t\n"] {
            assert_eq!(fault_of(&required("科别", text)), TextFault::Missing);
        }
    }

    #[test]
    fn a_text_ends_at_100_characters() {
        assert_eq!(
            optional("科别", &"骨".repeat(100)).unwrap(),
            "骨".repeat(100)
        );
        assert_eq!(
            fault_of(&optional("科别", &"骨".repeat(101))),
            TextFault::TooLong
        );
    }

    #[test]
    fn what_nobody_sees_is_refused_wherever_it_stands() {
        for unseen in [
            '\u{7}',
            '\u{9f}',
            '\u{ad}',
            '\u{200b}',
            '\u{200d}',
            '\u{2028}',
            '\u{2029}',
            '\u{202e}',
            '\u{2066}',
            '\u{feff}',
            '\u{e0041}',
        ] {
            let text = format!("骨{unseen}科");
            assert_eq!(
                fault_of(&optional("科别", &text)),
                TextFault::Unseen(unseen),
                "{text:?}"
            );
        }
        assert_eq!(
            fault_of(&optional("科别", "骨科\u{200b}")),
            TextFault::Unseen('\u{200b}')
        );
    }
}

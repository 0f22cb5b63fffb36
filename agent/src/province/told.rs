//! One value of an answer as it stands there, whichever of JSON's kinds the province wrote it as.

use serde_json::value::RawValue;

/// One value.
#[derive(Clone, Copy)]
pub(super) enum Told<'a> {
    /// `null`, or not there at all.
    Nothing,
    /// A text, quotation marks and all.
    Text(&'a RawValue),
    /// A number, digit for digit: it never becomes a float.
    Number(&'a str),
    /// A flag, a list or a record.
    Other,
}

impl<'a> Told<'a> {
    /// What stands there.
    pub(super) fn of(value: Option<&'a RawValue>) -> Self {
        let Some(raw) = value else {
            return Self::Nothing;
        };
        match raw.get().as_bytes() {
            [b'"', ..] => Self::Text(raw),
            [b'{' | b'[' | b't' | b'f', ..] => Self::Other,
            b"null" => Self::Nothing,
            _ => Self::Number(raw.get()),
        }
    }

    /// A text or a number as text, without the blanks around it; none where it is neither, or blank.
    pub(super) fn words(self) -> Option<String> {
        let text = match self {
            Self::Nothing | Self::Other => return None,
            Self::Number(digits) => digits.to_owned(),
            Self::Text(raw) => match serde_json::from_str::<String>(raw.get()) {
                Ok(text) => text,
                Err(_half_a_surrogate_pair) => return None,
            },
        };
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_and_a_number_are_words_and_nothing_else_is() {
        for (told, words) in [
            (r#"" 已冻结 ""#, Some("已冻结")),
            ("430103199001010011", Some("430103199001010011")),
            ("-1", Some("-1")),
            ("12.50", Some("12.50")),
            (r#""""#, None),
            (r#""  ""#, None),
            ("null", None),
            ("true", None),
            (r#"{"a":1}"#, None),
            ("[1]", None),
        ] {
            let raw: &RawValue = serde_json::from_str(told).unwrap();
            assert_eq!(Told::of(Some(raw)).words().as_deref(), words, "{told}");
        }
        assert_eq!(Told::of(None).words(), None);
    }
}

//! Tables read from text by people: what is wrong with one is said by line and key, never by what stands there, which may be a password
//! in the wrong place.

use std::fmt;

use serde::de::DeserializeOwned;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlFault {
    pub(crate) line: Option<usize>,
    pub(crate) wrong: Wrong,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// A key that the table does not have; the keys that it has.
    UnknownKey { key: String, known: Vec<String> },
    /// A key that must be there.
    MissingKey { key: String },
    /// A key that stands there twice.
    RepeatedKey,
    /// A value of another kind; serde's word for the kind that is wanted.
    Value { expected: String },
    /// A word that is none of these.
    Choice { known: Vec<String> },
    /// No TOML.
    Grammar,
}

/// The table.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, TomlFault> {
    toml::from_str(text).map_err(|error: toml::de::Error| TomlFault {
        line: error
            .span()
            .and_then(|span| text.get(..span.start))
            .map(|before| before.matches('\n').count() + 1),
        wrong: Wrong::told_by(error.message()),
    })
}

impl Wrong {
    /// From the parser's words: keys are taken over, values are not.
    fn told_by(message: &str) -> Self {
        let line = message.lines().next().unwrap_or_default();
        let (what, expected) = match line.rfind(", expected ") {
            Some(at) => line.split_at(at),
            None => (line, ""),
        };
        let expected = expected.trim_start_matches(", expected ");
        let key = || quoted(what).next().unwrap_or_default();
        if what.starts_with("unknown field") {
            return Self::UnknownKey {
                key: key(),
                known: quoted(expected).collect(),
            };
        }
        if what.starts_with("missing field") {
            return Self::MissingKey { key: key() };
        }
        if what.starts_with("duplicate ") {
            return Self::RepeatedKey;
        }
        if what.starts_with("unknown variant") {
            return Self::Choice {
                known: quoted(expected).collect(),
            };
        }
        if ["invalid type", "invalid value", "invalid length"]
            .iter()
            .any(|words| what.starts_with(words))
        {
            return Self::Value {
                expected: expected.to_owned(),
            };
        }
        Self::Grammar
    }
}

/// What stands between backticks.
fn quoted(words: &str) -> impl Iterator<Item = String> {
    words.split('`').skip(1).step_by(2).map(str::to_owned)
}

impl fmt::Display for TomlFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {:?}", self.wrong),
            None => write!(f, "{:?}", self.wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Table {
        number: u8,
        kind: Kind,
        #[serde(default)]
        name: String,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Known,
    }

    #[test]
    fn a_value_is_never_repeated_and_its_place_is() {
        let unknown = |key: &str| Wrong::UnknownKey {
            key: key.to_owned(),
            known: ["number", "kind", "name"].map(str::to_owned).to_vec(),
        };
        let value = |expected: &str| Wrong::Value {
            expected: expected.to_owned(),
        };
        for (text, line, wrong) in [
            (
                "number = 1\nkind = \"known\"\npassword = \"geheim42\"",
                3,
                unknown("password"),
            ),
            ("number = \"geheim42\"\nkind = \"known\"", 1, value("u8")),
            (
                "number = 1\nkind = \"geheim42\"",
                2,
                Wrong::Choice {
                    known: vec!["known".to_owned()],
                },
            ),
            (
                "number = 1\nkind = \"known\"\nname = 4242",
                3,
                value("a string"),
            ),
            ("number = 4242\nkind = \"known\"", 1, value("u8")),
            (
                "number = 1\nkind = \"known\"\nnumber = 42",
                3,
                Wrong::RepeatedKey,
            ),
            (
                "number = 1\nkind = \"known\"\nname = \"geheim42",
                3,
                Wrong::Grammar,
            ),
            (
                "number = 1\nkind = \"known\"\nname = geheim42",
                3,
                Wrong::Grammar,
            ),
            (
                "number = 1\nkind = \"known\"\nname = 'a' geheim42",
                3,
                Wrong::Grammar,
            ),
            ("geheim42\nnumber = 1", 1, Wrong::Grammar),
        ] {
            let fault = parse::<Table>(text).unwrap_err();
            assert_eq!(fault.line, Some(line), "{text}: {fault}");
            assert_eq!(fault.wrong, wrong, "{text}");
            assert!(!fault.to_string().contains("42"), "{text}: {fault}");
        }
        let missing = parse::<Table>("number = 1").unwrap_err();
        let key = "kind".to_owned();
        assert_eq!(missing.wrong, Wrong::MissingKey { key });
    }
}

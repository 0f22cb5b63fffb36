//! Tables read from text by people: what is wrong with one is said by line and key, never by what stands there, which may be a password
//! in the wrong place.

use std::fmt;

use serde::de::DeserializeOwned;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlFault {
    line: Option<usize>,
    reason: String,
}

/// The table.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, TomlFault> {
    toml::from_str(text).map_err(|error: toml::de::Error| TomlFault {
        line: error
            .span()
            .and_then(|span| text.get(..span.start))
            .map(|before| before.matches('\n').count() + 1),
        reason: without_values(error.message()),
    })
}

/// The parser's words: keys stay, values go.
fn without_values(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let expected = line
        .rfind(", expected ")
        .map_or("", |at| line.get(at..).unwrap_or_default());
    for quoting in [
        "invalid type",
        "invalid value",
        "unknown variant",
        "invalid length",
    ] {
        if line.starts_with(quoting) {
            return format!("{quoting}{expected}");
        }
    }
    // "unknown field `key`, expected …", "missing field `key`", "duplicate key", and what the grammar asks for.
    line.to_owned()
}

impl fmt::Display for TomlFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "第 {line} 行：{}", self.reason),
            None => f.write_str(&self.reason),
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
        for (text, line, word) in [
            (
                "number = 1\nkind = \"known\"\npassword = \"geheim42\"",
                3,
                "`password`",
            ),
            ("number = \"geheim42\"\nkind = \"known\"", 1, "expected u8"),
            ("number = 1\nkind = \"geheim42\"", 2, "expected `known`"),
            (
                "number = 1\nkind = \"known\"\nname = 4242",
                3,
                "expected a string",
            ),
            ("number = 4242\nkind = \"known\"", 1, "expected u8"),
            ("number = 1\nkind = \"known\"\nname = \"geheim42", 3, ""),
            ("number = 1\nkind = \"known\"\nname = geheim42", 3, ""),
            ("number = 1\nkind = \"known\"\nname = 'a' geheim42", 3, ""),
            ("geheim42\nnumber = 1", 1, ""),
        ] {
            let fault = parse::<Table>(text).unwrap_err().to_string();
            assert!(
                fault.starts_with(&format!("第 {line} 行：")),
                "{text}: {fault}"
            );
            assert!(fault.contains(word), "{text}: {fault}");
            assert!(!fault.contains("42"), "{text}: {fault}");
        }
    }
}

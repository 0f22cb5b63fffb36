//! A message's body in the order of the table's rows, and how it is written as JSON.

/// A body, or a part of one.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Body {
    /// What the province says for nothing, where it wants it to stand there.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number, in its own digits: no float ever touches it.
    Number(String),
    /// A text.
    Text(String),
    /// Another body, written already.
    Written(String),
    /// Fields by name, in order.
    Record(Vec<(String, Body)>),
    /// A list.
    List(Vec<Body>),
}

impl Body {
    /// Writes it as JSON.
    pub(super) fn json(&self) -> Result<String, serde_json::Error> {
        let mut out = String::new();
        self.write(&mut out)?;
        Ok(out)
    }

    /// A single value in words, as it is signed; nothing for what is none.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Flag(flag) => flag.to_string(),
            Self::Number(words) | Self::Text(words) => words.clone(),
            Self::Null | Self::Written(_) | Self::Record(_) | Self::List(_) => String::new(),
        }
    }

    fn write(&self, out: &mut String) -> Result<(), serde_json::Error> {
        match self {
            Self::Null => out.push_str("null"),
            Self::Flag(true) => out.push_str("true"),
            Self::Flag(false) => out.push_str("false"),
            Self::Number(written) | Self::Written(written) => out.push_str(written),
            Self::Text(text) => out.push_str(&serde_json::to_string(text)?),
            Self::Record(fields) => {
                out.push('{');
                for (at, (name, value)) in fields.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    out.push_str(&serde_json::to_string(name)?);
                    out.push(':');
                    value.write(out)?;
                }
                out.push('}');
            }
            Self::List(values) => {
                out.push('[');
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    value.write(out)?;
                }
                out.push(']');
            }
        }
        Ok(())
    }
}

//! What a person at the counter reads when something does not go on: a code, a sentence, the next step.

use std::borrow::Cow;
use std::fmt;

use crate::visible_text::in_one_line;

/// One message for the page, the hospital's system or the terminal.
///
/// `code` is stable and is what programs compare; `say` tells what is wrong in plain Chinese; `next`
/// tells what to do. Inner detail (paths, library errors) goes to the log, never a patient's data.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Notice {
    /// Stable identifier, lower-case words joined by `_`.
    pub code: Cow<'static, str>,
    /// What is wrong, in Chinese.
    pub say: String,
    /// What to do next, in Chinese.
    pub next: String,
    /// What is wrong one by one, in Chinese, where it is more than a sentence holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// The field of a form that it is about, by its label on the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Notice {
    /// A notice from its three parts; what others said in them is made visible.
    pub fn new(code: &'static str, say: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            say: in_one_line(&say.into()).into_owned(),
            next: in_one_line(&next.into()).into_owned(),
            details: Vec::new(),
            field: None,
        }
    }

    /// The same, about the field with this label.
    #[must_use]
    pub fn about(self, field: &str) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..self
        }
    }

    /// The same with what is wrong one by one; what others said in it is made visible.
    #[must_use]
    pub fn with_details(self, details: impl IntoIterator<Item = String>) -> Self {
        let details = details.into_iter();
        Self {
            details: details
                .map(|detail| in_one_line(&detail).into_owned())
                .collect(),
            ..self
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}（{}）", self.say, self.code)?;
        for detail in &self.details {
            writeln!(f, "- {detail}")?;
        }
        write!(f, "处理办法：{}", self.next)
    }
}

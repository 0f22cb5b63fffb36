//! What a province's refusals mean, by their code or by their words.

use serde::Deserialize;

use super::error::Rejection;

/// What refusals mean, by code, and by a part of the words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Refusals {
    session_invalid: Vec<String>,
    cursor_unknown: Vec<String>,
    #[serde(default)]
    later: Vec<String>,
    #[serde(default)]
    taken_before: Vec<String>,
    #[serde(default)]
    words: RefusalWords,
}

/// Parts of a refusal's words, blanks and case aside.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusalWords {
    #[serde(default)]
    session_invalid: Vec<String>,
    #[serde(default)]
    taken_before: Vec<String>,
    #[serde(default)]
    outcome_unknown: Vec<String>,
    #[serde(default)]
    later: Vec<String>,
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The session is gone: the message was not looked at.
    SessionGone,
    /// The province has had this message before.
    TakenBefore,
    /// The province itself does not know: something behind it did not answer in time.
    OutcomeUnknown,
    /// Not now.
    Later,
    /// No.
    Refused,
}

impl Refusals {
    /// What a refusal means: by its code first, then by its words.
    pub(super) fn meaning(&self, rejection: &Rejection) -> Meaning {
        let words = &self.words;
        let by_code = [
            (&self.session_invalid, Meaning::SessionGone),
            (&self.taken_before, Meaning::TakenBefore),
            (&self.later, Meaning::Later),
        ];
        let by_words = [
            (&words.session_invalid, Meaning::SessionGone),
            (&words.taken_before, Meaning::TakenBefore),
            (&words.outcome_unknown, Meaning::OutcomeUnknown),
            (&words.later, Meaning::Later),
        ];
        let named = |(codes, _): &(&Vec<String>, Meaning)| codes.contains(&rejection.code);
        let said = bare(&rejection.message);
        let spoken = |(parts, _): &(&Vec<String>, Meaning)| {
            parts.iter().any(|part| said.contains(&bare(part)))
        };
        let known = by_code.into_iter().find(named);
        known
            .or_else(|| by_words.into_iter().find(spoken))
            .map_or(Meaning::Refused, |(_, meaning)| meaning)
    }

    /// Whether a refusal says that the synchronisation must begin anew.
    pub(super) fn means_cursor_unknown(&self, code: &str) -> bool {
        self.cursor_unknown.iter().any(|known| known == code)
    }
}

/// Words as they are compared: without blanks, in small letters.
fn bare(words: &str) -> String {
    words
        .chars()
        .filter(|character| !character.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::province::adapter::Adapter;

    #[test]
    fn what_a_refusal_means_is_known_by_its_code_or_by_its_words() {
        let adapter = Adapter::built_in().unwrap();
        for (code, words, meaning) in [
            ("session_expired", "", Meaning::SessionGone),
            ("unnamed", "会话已失效，请重新签到", Meaning::SessionGone),
            ("1", "登录超时，请重新登录", Meaning::SessionGone),
            ("unnamed", "系统繁忙，请稍后再试", Meaning::Later),
            ("500", "当前访问过于频繁，请稍候重试！", Meaning::Later),
            ("E1", "System Busy", Meaning::Later),
            ("unnamed", "调用省级平台超时", Meaning::OutcomeUnknown),
            ("unnamed", "重复报文", Meaning::TakenBefore),
            ("unnamed", "该人员待遇已冻结", Meaning::Refused),
            ("unnamed", "备案申请已超过时限", Meaning::Refused),
            ("bill_total", "", Meaning::Refused),
        ] {
            let rejection = Rejection {
                code: code.to_owned(),
                message: words.to_owned(),
            };
            assert_eq!(adapter.meaning(&rejection), meaning, "{code} {words}");
        }
    }
}

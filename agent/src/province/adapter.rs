//! A province's manner of speaking, read from a table: transaction codes, refusal codes, limits.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::error::{AdapterFault, ConnectError, Rejection};
use super::transaction::Transaction;
use crate::toml_text;

const BUILT_IN: &str = include_str!("adapter.toml");

/// Digits of a table's digest that name it.
const DIGITS_IN_NAME: usize = 16;

/// The only version of the adapter table there is.
const VERSION: u32 = 1;

/// One province's table, validated.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adapter {
    version: u32,
    /// Names this very table with each attempt.
    #[serde(skip)]
    name: String,
    /// `infver`.
    pub envelope_version: String,
    /// `recer_sys_code`.
    pub receiver: String,
    /// Where messages are posted, below the platform's address.
    pub path: String,
    signature: SignatureKind,
    /// Most bill lines in one fee detail message.
    pub fee_lines_per_message: usize,
    /// Whether fee lines and settlements go up without 就医登记号.
    #[serde(default)]
    registration_number: RegistrationNumber,
    transactions: Codes,
    #[serde(default)]
    answers: Answers,
    refusals: Refusals,
}

/// What 就医登记号 is to the messages that come after a registration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RegistrationNumber {
    /// It stands in them where it is known.
    #[default]
    WhereKnown,
    /// They wait for it.
    Required,
}

/// `signtype`: how the envelope is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum SignatureKind {
    /// HMAC-SHA256 under the institution's secret, in hex.
    #[serde(rename = "HMAC-SHA256")]
    HmacSha256,
}

impl SignatureKind {
    /// What stands in `signtype`.
    pub fn name(self) -> &'static str {
        match self {
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Codes {
    sign_in: String,
    sign_out: String,
    person: String,
    registry_sync: String,
    catalogue_sync: String,
    card_authentication: String,
    code_verification: String,
    card_verification: String,
    visit_registration: String,
    visit_cancellation: String,
    fee_detail: String,
    settlement: String,
    reversal: String,
    outcome_query: String,
    last_head: Option<String>,
}

/// What `infcode` says where the answer is yes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    success: Vec<String>,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            success: vec!["0".to_owned()],
        }
    }
}

/// What refusals mean, by code, and by a part of the words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusals {
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

impl Adapter {
    /// The table shipped with the agent.
    pub fn built_in() -> Result<Self, ConnectError> {
        Self::parse(BUILT_IN, Path::new("(built in)"))
    }

    /// Reads a province's table from a file.
    pub fn load(path: &Path) -> Result<Self, ConnectError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConnectError::Unreadable {
            path: path.into(),
            source,
        })?;
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self, ConnectError> {
        let mut adapter: Self = toml_text::parse(text).map_err(|fault| ConnectError::Adapter {
            path: path.into(),
            fault,
        })?;
        let fault = |why| ConnectError::AdapterValue {
            path: path.into(),
            why,
        };
        if adapter.version != VERSION {
            return Err(fault(AdapterFault::Version));
        }
        if !adapter.path.starts_with('/') {
            return Err(fault(AdapterFault::Path));
        }
        if adapter.fee_lines_per_message == 0 {
            return Err(fault(AdapterFault::FeeLines));
        }
        let mut known: BTreeMap<&str, Transaction> = BTreeMap::new();
        for transaction in Transaction::ALL {
            let Some(code) = adapter.code_if_known(transaction) else {
                continue;
            };
            if code.trim().is_empty() {
                return Err(fault(AdapterFault::NoCode(transaction)));
            }
            // The province would take one for the other.
            if let Some(other) = known.insert(code, transaction) {
                return Err(fault(AdapterFault::SameCode(other, transaction)));
            }
        }
        let digest = hex::encode(Sha256::digest(text.as_bytes()));
        adapter.name = digest.chars().take(DIGITS_IN_NAME).collect();
        Ok(adapter)
    }

    /// Names this very table: the first digits of its text's SHA-256.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `infno` of a transaction; empty where the province has no such transaction.
    pub fn code(&self, transaction: Transaction) -> &str {
        self.code_if_known(transaction).unwrap_or("")
    }

    /// `infno` of a transaction, where the province has it.
    pub fn code_if_known(&self, transaction: Transaction) -> Option<&str> {
        let codes = &self.transactions;
        Some(match transaction {
            Transaction::SignIn => &codes.sign_in,
            Transaction::SignOut => &codes.sign_out,
            Transaction::Person => &codes.person,
            Transaction::RegistrySync => &codes.registry_sync,
            Transaction::CatalogueSync => &codes.catalogue_sync,
            Transaction::CardAuthentication => &codes.card_authentication,
            Transaction::CodeVerification => &codes.code_verification,
            Transaction::CardVerification => &codes.card_verification,
            Transaction::VisitRegistration => &codes.visit_registration,
            Transaction::VisitCancellation => &codes.visit_cancellation,
            Transaction::FeeDetail => &codes.fee_detail,
            Transaction::Settlement => &codes.settlement,
            Transaction::Reversal => &codes.reversal,
            Transaction::OutcomeQuery => &codes.outcome_query,
            Transaction::LastHead => return codes.last_head.as_deref(),
        })
    }

    /// Whether fee lines and settlements wait for 就医登记号.
    pub fn wants_number(&self) -> bool {
        match self.registration_number {
            RegistrationNumber::WhereKnown => false,
            RegistrationNumber::Required => true,
        }
    }

    /// How envelopes are signed.
    pub fn signature(&self) -> SignatureKind {
        self.signature
    }

    /// Whether `infcode` says yes.
    pub(super) fn means_success(&self, infcode: &str) -> bool {
        self.answers.success.iter().any(|known| known == infcode)
    }

    /// What a refusal means: by its code first, then by its words.
    pub(super) fn meaning(&self, rejection: &Rejection) -> Meaning {
        let refusals = &self.refusals;
        let words = &refusals.words;
        let by_code = [
            (&refusals.session_invalid, Meaning::SessionGone),
            (&refusals.taken_before, Meaning::TakenBefore),
            (&refusals.later, Meaning::Later),
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
    pub fn means_cursor_unknown(&self, code: &str) -> bool {
        self.refusals
            .cursor_unknown
            .iter()
            .any(|known| known == code)
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

    #[test]
    fn the_shipped_table_names_the_codes_of_the_jiangsu_set() {
        let adapter = Adapter::built_in().unwrap();
        assert_eq!(adapter.code(Transaction::SignIn), "9001");
        assert_eq!(adapter.code(Transaction::Person), "1101");
        assert_eq!(adapter.code(Transaction::CatalogueSync), "1301");
        assert_eq!(adapter.code(Transaction::VisitRegistration), "2201");
        assert_eq!(adapter.code(Transaction::FeeDetail), "2204");
        assert_eq!(adapter.code(Transaction::Settlement), "2207");
        assert_eq!(adapter.code(Transaction::Reversal), "2209");
        assert_eq!(adapter.fee_lines_per_message, 200);
    }

    #[test]
    fn an_unknown_key_or_a_missing_code_is_refused() {
        let unknown = BUILT_IN.replace("[refusals]", "[refusals]\nsurprise = []");
        assert!(matches!(
            Adapter::parse(&unknown, Path::new("x")),
            Err(ConnectError::Adapter { .. })
        ));
        let missing = BUILT_IN.replace("settlement = \"2207\"\n", "");
        assert!(matches!(
            Adapter::parse(&missing, Path::new("x")),
            Err(ConnectError::Adapter { .. })
        ));
        let twice = BUILT_IN.replace("reversal = \"2209\"", "reversal = \"2207\"");
        assert!(matches!(
            Adapter::parse(&twice, Path::new("x")),
            Err(ConnectError::AdapterValue {
                why: AdapterFault::SameCode(Transaction::Settlement, Transaction::Reversal),
                ..
            })
        ));
        let empty = BUILT_IN.replace("reversal = \"2209\"", "reversal = \"\"");
        assert!(matches!(
            Adapter::parse(&empty, Path::new("x")),
            Err(ConnectError::AdapterValue { .. })
        ));
        let unknown_signature = BUILT_IN.replace("HMAC-SHA256\"\n# most", "SM3\"\n# most");
        assert_ne!(unknown_signature, BUILT_IN);
        assert!(matches!(
            Adapter::parse(&unknown_signature, Path::new("x")),
            Err(ConnectError::Adapter { .. })
        ));
        let later = BUILT_IN.replace("version = 1\n", "version = 2\n");
        assert!(matches!(
            Adapter::parse(&later, Path::new("x")),
            Err(ConnectError::AdapterValue { .. })
        ));
    }
}

//! A province's manner of speaking, read from a table: transaction codes, refusal codes, limits.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::error::{AdapterFault, ConnectError};
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
    fee_detail: String,
    settlement: String,
    reversal: String,
    outcome_query: String,
    last_head: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusals {
    session_invalid: Vec<String>,
    cursor_unknown: Vec<String>,
    #[serde(default)]
    later: Vec<String>,
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

    pub(super) fn means_session_invalid(&self, code: &str) -> bool {
        self.refusals
            .session_invalid
            .iter()
            .any(|known| known == code)
    }

    /// Whether a refusal says no more than: not now.
    pub(super) fn means_later(&self, code: &str) -> bool {
        self.refusals.later.iter().any(|known| known == code)
    }

    /// Whether a refusal says that the synchronisation must begin anew.
    pub fn means_cursor_unknown(&self, code: &str) -> bool {
        self.refusals
            .cursor_unknown
            .iter()
            .any(|known| known == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

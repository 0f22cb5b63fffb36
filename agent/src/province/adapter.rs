//! A province's manner of speaking, read from a table: transaction codes, refusal codes, limits, and what stands in each message.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::{AdapterFault, ConnectError, PlatformError, Rejection};
use super::refusals::{Meaning, Refusals};
use super::table::{Code, Entry, Envelope, Formats, Messages, Nothing, Unchecked};
use super::transaction::Transaction;
use crate::toml_text;

/// The table shipped with the agent.
pub(crate) const REFERENCE: &str = include_str!("tables/reference.toml");

/// Digits of a table's digest that name it.
const DIGITS_IN_NAME: usize = 16;

/// The only version of the adapter table that is read. Version 1 had no rows.
const VERSION: u32 = 2;

/// A table as it stands in its file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    path: String,
    signature: SignatureKind,
    fee_lines_per_message: usize,
    #[serde(default)]
    registration_number: RegistrationNumber,
    nothing: Nothing,
    transactions: Codes,
    #[serde(default)]
    answers: Answers,
    refusals: Refusals,
    #[serde(default)]
    formats: BTreeMap<String, Entry>,
    #[serde(default)]
    codes: BTreeMap<String, BTreeMap<String, Code>>,
    envelope: Unchecked,
    messages: BTreeMap<Transaction, Unchecked>,
}

/// One province's table, validated.
#[derive(Debug, Clone)]
pub struct Adapter {
    /// Names this very table with each attempt.
    name: String,
    /// Where messages are posted, below the platform's address.
    pub path: String,
    /// Most bill lines in one fee detail message.
    pub fee_lines_per_message: usize,
    signature: SignatureKind,
    registration_number: RegistrationNumber,
    transactions: Codes,
    answers: Answers,
    refusals: Refusals,
    envelope: Envelope,
    messages: Messages,
}

/// The one thing that tables of all versions say.
#[derive(Debug, Deserialize)]
struct OfVersion {
    version: u32,
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

/// How the envelope is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum SignatureKind {
    /// HMAC-SHA256 under the institution's secret, in hex.
    #[serde(rename = "HMAC-SHA256")]
    HmacSha256,
}

impl SignatureKind {
    /// Its name, as tables write it.
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

impl Codes {
    fn of(&self, transaction: Transaction) -> Option<&str> {
        Some(match transaction {
            Transaction::SignIn => &self.sign_in,
            Transaction::SignOut => &self.sign_out,
            Transaction::Person => &self.person,
            Transaction::RegistrySync => &self.registry_sync,
            Transaction::CatalogueSync => &self.catalogue_sync,
            Transaction::CardAuthentication => &self.card_authentication,
            Transaction::CodeVerification => &self.code_verification,
            Transaction::CardVerification => &self.card_verification,
            Transaction::VisitRegistration => &self.visit_registration,
            Transaction::VisitCancellation => &self.visit_cancellation,
            Transaction::FeeDetail => &self.fee_detail,
            Transaction::Settlement => &self.settlement,
            Transaction::Reversal => &self.reversal,
            Transaction::OutcomeQuery => &self.outcome_query,
            Transaction::LastHead => return self.last_head.as_deref(),
        })
    }

    /// Each transaction has a code of its own: the province would take one for the other.
    fn fault(&self) -> Option<AdapterFault> {
        let mut known: BTreeMap<&str, Transaction> = BTreeMap::new();
        for transaction in Transaction::ALL {
            let Some(code) = self.of(transaction) else {
                continue;
            };
            if code.trim().is_empty() {
                return Some(AdapterFault::NoCode(transaction));
            }
            if let Some(other) = known.insert(code, transaction) {
                return Some(AdapterFault::SameCode(other, transaction));
            }
        }
        None
    }
}

impl Written {
    /// What no single value shows.
    fn checked(self, text: &str) -> Result<Adapter, AdapterFault> {
        if self.version != VERSION {
            return Err(AdapterFault::Version);
        }
        if !self.path.starts_with('/') {
            return Err(AdapterFault::Path);
        }
        if self.fee_lines_per_message == 0 {
            return Err(AdapterFault::FeeLines);
        }
        if let Some(fault) = self.transactions.fault() {
            return Err(fault);
        }
        let formats = Formats::of(self.formats, self.codes).map_err(AdapterFault::Format)?;
        let has = |transaction| self.transactions.of(transaction).is_some();
        let envelope = Envelope::of(&self.envelope, &formats, text);
        let messages = Messages::of(&self.messages, (&formats, self.nothing), has, text);
        let (envelope, messages) = match (envelope, messages) {
            (Ok(envelope), Ok(messages)) => (envelope, messages),
            (envelope, messages) => {
                let faults = [envelope.err(), messages.err()].into_iter().flatten();
                return Err(AdapterFault::Rows(faults.flatten().collect()));
            }
        };
        let digest = hex::encode(Sha256::digest(text.as_bytes()));
        Ok(Adapter {
            name: digest.chars().take(DIGITS_IN_NAME).collect(),
            path: self.path,
            fee_lines_per_message: self.fee_lines_per_message,
            signature: self.signature,
            registration_number: self.registration_number,
            transactions: self.transactions,
            answers: self.answers,
            refusals: self.refusals,
            envelope,
            messages,
        })
    }
}

impl Adapter {
    /// The table shipped with the agent.
    pub fn built_in() -> Result<Self, ConnectError> {
        Self::parse(REFERENCE, Path::new("(built in)"))
    }

    /// Reads a province's table from a file.
    pub fn load(path: &Path) -> Result<Self, ConnectError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConnectError::Unreadable {
            path: path.into(),
            source,
        })?;
        Self::parse(&text, path)
    }

    #[cfg(test)]
    pub(super) fn of_text(text: &str) -> Result<Self, ConnectError> {
        Self::parse(text, Path::new("(text)"))
    }

    fn parse(text: &str, path: &Path) -> Result<Self, ConnectError> {
        let fault = |why| ConnectError::AdapterValue {
            path: path.into(),
            why,
        };
        // A table of another version is told so, not that it has no rows yet.
        if toml_text::parse::<OfVersion>(text).is_ok_and(|table| table.version != VERSION) {
            return Err(fault(AdapterFault::Version));
        }
        let written: Written = toml_text::parse(text).map_err(|fault| ConnectError::Adapter {
            path: path.into(),
            fault,
        })?;
        written.checked(text).map_err(fault)
    }

    /// The body of what we say, as this province takes it: JSON. `registration_number` is what has become known since it was said.
    pub fn body(
        &self,
        transaction: Transaction,
        said: &impl Serialize,
        registration_number: Option<&str>,
    ) -> Result<String, PlatformError> {
        let ours =
            serde_json::to_value(said).map_err(|error| PlatformError::Compose(error.into()))?;
        self.messages
            .dress(transaction, &ours, registration_number)
            .map_err(|error| PlatformError::Compose(error.into()))
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
        self.transactions.of(transaction)
    }

    /// Whether fee lines and settlements wait for 就医登记号.
    pub fn wants_number(&self) -> bool {
        match self.registration_number {
            RegistrationNumber::WhereKnown => false,
            RegistrationNumber::Required => true,
        }
    }

    /// The envelope around messages, and how it is signed.
    pub(super) fn envelope(&self) -> (&Envelope, SignatureKind) {
        (&self.envelope, self.signature)
    }

    /// Whether `infcode` says yes.
    pub(super) fn means_success(&self, infcode: &str) -> bool {
        self.answers.success.iter().any(|known| known == infcode)
    }

    /// What a refusal means.
    pub(super) fn meaning(&self, rejection: &Rejection) -> Meaning {
        self.refusals.meaning(rejection)
    }

    /// Whether a refusal says that the synchronisation must begin anew.
    pub fn means_cursor_unknown(&self, code: &str) -> bool {
        self.refusals.means_cursor_unknown(code)
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
        let unknown = REFERENCE.replace("[refusals]", "[refusals]\nsurprise = []");
        assert!(matches!(
            Adapter::parse(&unknown, Path::new("x")),
            Err(ConnectError::Adapter { .. })
        ));
        let missing = REFERENCE.replace("settlement = \"2207\"\n", "");
        assert!(matches!(
            Adapter::parse(&missing, Path::new("x")),
            Err(ConnectError::Adapter { .. })
        ));
        let twice = REFERENCE.replace("reversal = \"2209\"", "reversal = \"2207\"");
        assert!(matches!(
            Adapter::parse(&twice, Path::new("x")),
            Err(ConnectError::AdapterValue {
                why: AdapterFault::SameCode(Transaction::Settlement, Transaction::Reversal),
                ..
            })
        ));
        let empty = REFERENCE.replace("reversal = \"2209\"", "reversal = \"\"");
        assert!(matches!(
            Adapter::parse(&empty, Path::new("x")),
            Err(ConnectError::AdapterValue { .. })
        ));
        let unknown_signature = REFERENCE.replace("HMAC-SHA256\"\n# most", "SM3\"\n# most");
        assert_ne!(unknown_signature, REFERENCE);
        assert!(matches!(
            Adapter::parse(&unknown_signature, Path::new("x")),
            Err(ConnectError::Adapter { .. })
        ));
        let later = REFERENCE.replace("version = 2\n", "version = 3\n");
        assert!(matches!(
            Adapter::parse(&later, Path::new("x")),
            Err(ConnectError::AdapterValue { .. })
        ));
    }
}

//! What can go wrong between the counter and the province, told apart by what may have happened there.

use std::path::PathBuf;

use super::table::fault::{FormatFault, RowFault};
use super::transaction::Transaction;
use crate::secret_file::SecretFileError;
use crate::toml_text::TomlFault;

/// What a file is instead of PEM that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherForm {
    /// Binary: a certificate or key as such.
    Der,
    /// Binary: certificate and key in one file under a password (.p12, .pfx).
    Pkcs12,
    /// A key that opens with a passphrase only.
    Passphrase,
}

/// Why no connection can be set up at all: the configuration is at fault, nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// A file named in the configuration cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A certificate or key file holds no usable PEM.
    #[error("{} holds no usable certificate or key", path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rustls::pki_types::pem::Error,
    },
    /// The certificate, its key or the authority cannot be used together.
    #[error("certificate {} and its key cannot be used", path.display())]
    Certificate {
        /// The client certificate's file.
        path: PathBuf,
        /// Why.
        source: rustls::Error,
    },
    /// The key or the secret cannot be read, or others may read it.
    #[error(transparent)]
    SecretFile(#[from] SecretFileError),
    /// A certificate or key in another form than PEM.
    #[error("{} is {form:?}, not PEM that can be used", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What it is.
        form: OtherForm,
    },
    /// The key is of a kind that the handshake does not know.
    #[error("the key {} is of another kind than RSA, ECDSA or Ed25519", path.display())]
    KeyKind {
        /// The key's file.
        path: PathBuf,
        /// Why.
        source: rustls::Error,
    },
    /// The key belongs to another certificate.
    #[error("certificate {} and key {} are not a pair", path.display(), key.display())]
    NotAPair {
        /// The certificate's file.
        path: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The certificate is of X.509 version 1.
    #[error("certificate {} is of X.509 version 1", path.display())]
    OldCertificate {
        /// The certificate's file.
        path: PathBuf,
    },
    /// The institution's secret is not at least 32 bytes in hex.
    #[error("{} must hold at least 32 bytes in hex", path.display())]
    Secret {
        /// The file.
        path: PathBuf,
    },
    /// The adapter table does not parse.
    #[error("adapter table {}: {fault}", path.display())]
    Adapter {
        /// The file.
        path: PathBuf,
        /// Where and what.
        fault: TomlFault,
    },
    /// The adapter table has a value that cannot be.
    #[error("adapter table {}: {why:?}", path.display())]
    AdapterValue {
        /// The file.
        path: PathBuf,
        /// Which one.
        why: AdapterFault,
    },
    /// A setting has a form that cannot be.
    #[error("the setting {setting:?} has a form that cannot be")]
    Setting {
        /// Which.
        setting: WrongSetting,
    },
    /// The HTTP client refuses the settings.
    #[error("the HTTPS client cannot be set up")]
    Client(#[source] reqwest::Error),
}

/// A value of the adapter table that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdapterFault {
    /// The table is of a version that this program does not read.
    Version,
    /// The path does not begin with `/`.
    Path,
    /// No fee line would go into a message.
    FeeLines,
    /// A transaction's code is empty.
    NoCode(Transaction),
    /// The province would take one for the other.
    SameCode(Transaction, Transaction),
    /// A format or a code map that cannot be.
    Format(FormatFault),
    /// Rows by which no message can be built.
    Rows(Vec<RowFault>),
}

/// A setting of the province that has another form than it must.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongSetting {
    /// The address: `https://` with a host, maybe a port, and nothing behind it.
    Url,
}

/// What an error says about the message: whether the province can have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Nothing of it left this machine: send again whenever there is a connection.
    NotSent,
    /// The province answers, and takes nothing, or not this, now: send again later.
    Later,
    /// It may have arrived: ask by msgid before sending it again.
    Unknown,
    /// The province answered: it has not taken the message.
    Refused,
}

/// The province's no, in its own words.
///
/// The message may name a patient: it is for the screen, and kept out of `Debug` and `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The province's refusal code.
    pub code: String,
    /// What the province says, in Chinese.
    pub message: String,
}

impl std::fmt::Debug for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rejection")
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

/// What came back instead of the envelope, without its content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongAnswer {
    /// Nothing.
    #[error("it is empty")]
    Empty,
    /// More than any answer has.
    #[error("it is longer than 16 MiB")]
    TooLong,
    /// Compressed, and cannot be unpacked.
    #[error("it is compressed and cannot be unpacked")]
    Compression,
    /// Bytes that are neither UTF-8 nor GB 18030.
    #[error("it is neither UTF-8 nor GB 18030")]
    Charset,
    /// A page that asks people to sign in: a gateway's, in front of the platform.
    #[error("it is a page that asks people to sign in")]
    LoginPage,
    /// Another page for people.
    #[error("it is a page for people")]
    Page,
    /// JSON, or not even that, but no record.
    #[error("it is no JSON record")]
    NotARecord,
    /// Broken JSON; the place.
    #[error("it is no JSON: {0}")]
    NotJson(String),
    /// Says neither yes nor no.
    #[error("it says neither yes nor no")]
    NoVerdict,
    /// Says yes under an HTTP status that says no.
    #[error("it says yes, its HTTP status does not")]
    Status,
    /// Answers another message of this institution.
    #[error("inf_refmsgid names another message")]
    OtherMessage,
}

/// Why no connection that can be trusted came about, although somebody listens there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsTrouble {
    /// The platform's certificate has expired, by this PC's clock.
    Expired,
    /// It is not valid yet, by this PC's clock.
    NotYetValid,
    /// It is for other names; those.
    OtherName(Vec<String>),
    /// It names no host at all (no subjectAltName).
    NoName,
    /// The certificate between it and the configured authority was not sent.
    IntermediateMissing,
    /// It is of X.509 version 1.
    OldVersion,
    /// It has been revoked.
    Revoked,
    /// The list of revoked certificates that is configured says nothing of it.
    RevocationUnknown,
    /// Another fault of the certificate.
    Unusable,
    /// No version or cipher suite in common.
    NothingInCommon,
    /// What listens there does not speak TLS.
    NotTls,
}

/// Why a call came back without the answer it was made for.
#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    /// The province does not accept this machine's certificate.
    #[error("the province refuses the client certificate")]
    CertificateRefused {
        /// Whether the message can have been taken all the same (on a connection opened earlier).
        delivery: Delivery,
        /// The TLS alert.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The other side's certificate is not one of the configured authority's: it may be anybody.
    #[error("the platform's certificate is not from the configured authority")]
    AuthorityMismatch(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No connection that can be trusted came about; nothing was sent.
    #[error("no trusted connection with the platform: {why:?}")]
    NotTrusted {
        /// Why.
        why: TlsTrouble,
        /// As TLS says it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The platform's name has no address.
    #[error("the platform's name cannot be resolved")]
    NameUnresolved(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No connection could be opened: refused, unreachable, or another failure before anything was sent.
    #[error("the platform cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No connection was opened in time; nothing was sent.
    #[error("the platform did not take the connection in time")]
    ConnectTimedOut(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Sent, and no answer in time.
    #[error("the platform did not answer in time")]
    AnswerTimedOut(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Sent at least in part, and the connection was lost before the answer.
    #[error("the connection was lost before the answer")]
    ConnectionLost(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The platform did not let this terminal sign in: it is not the message that it refuses, which never left.
    #[error("the platform did not sign this terminal in")]
    NotSignedIn(#[source] Box<PlatformError>),
    /// The platform signed this terminal in and at once knew nothing of it: the message was not looked at.
    #[error("the platform does not know the session it has just opened: {}", rejection.code)]
    SessionLost {
        /// Code and message.
        rejection: Rejection,
    },
    /// The platform says: not now.
    #[error("the platform puts {} off: {}", transaction.name(), rejection.code)]
    PutOff {
        /// What it put off.
        transaction: Transaction,
        /// Code and message.
        rejection: Rejection,
        /// Whether it may have taken the message all the same: it speaks of a time-out of its own.
        may_have_it: bool,
    },
    /// The platform says that it has taken this message before.
    #[error("the platform has taken {} before: {}", transaction.name(), rejection.code)]
    TakenBefore {
        /// What it has.
        transaction: Transaction,
        /// Code and message.
        rejection: Rejection,
    },
    /// The platform says no.
    #[error("the platform refuses {}: {}", transaction.name(), rejection.code)]
    Rejected {
        /// What it refused.
        transaction: Transaction,
        /// Code and message.
        rejection: Rejection,
    },
    /// What came back is not the envelope of this message.
    #[error("the answer (HTTP {status}) is not the platform's envelope: {reason}")]
    NotTheEnvelope {
        /// HTTP status.
        status: u16,
        /// What is wrong with it, without its content.
        reason: WrongAnswer,
    },
    /// The envelope says yes, its output is not what the transaction promises.
    #[error("the answer to {} is not as agreed: {reason}", transaction.name())]
    AnswerMalformed {
        /// What was asked.
        transaction: Transaction,
        /// Which field, without its content.
        reason: String,
    },
    /// A body of ours cannot be written as JSON.
    #[error("a message cannot be composed")]
    Compose(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl TlsTrouble {
    fn code(&self) -> &'static str {
        match self {
            Self::Expired => "platform_tls_expired",
            Self::NotYetValid => "platform_tls_not_yet_valid",
            Self::OtherName(_) => "platform_tls_other_name",
            Self::NoName => "platform_tls_no_name",
            Self::IntermediateMissing => "platform_tls_intermediate_missing",
            Self::OldVersion => "platform_tls_old_certificate",
            Self::Revoked => "platform_tls_revoked",
            Self::RevocationUnknown => "platform_tls_revocation_unknown",
            Self::Unusable => "platform_tls_unusable_certificate",
            Self::NothingInCommon => "platform_tls_nothing_in_common",
            Self::NotTls => "platform_not_tls",
        }
    }
}

impl PlatformError {
    /// Its stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CertificateRefused { .. } => "platform_certificate_refused",
            Self::AuthorityMismatch(_) => "platform_authority_mismatch",
            Self::NotTrusted { why, .. } => why.code(),
            Self::NameUnresolved(_) => "platform_name_unresolved",
            Self::Unreachable(_) => "platform_unreachable",
            Self::ConnectTimedOut(_) => "platform_connect_timed_out",
            Self::AnswerTimedOut(_) => "platform_answer_timed_out",
            Self::ConnectionLost(_) => "platform_connection_lost",
            Self::NotSignedIn(why) if matches!(**why, Self::Rejected { .. }) => {
                "platform_sign_in_refused"
            }
            Self::NotSignedIn(_) => "platform_sign_in_failed",
            Self::SessionLost { .. } => "platform_session_lost",
            Self::PutOff { .. } => "platform_put_off",
            Self::TakenBefore { .. } => "platform_taken_before",
            Self::Rejected { .. } => "platform_rejected",
            Self::NotTheEnvelope { .. } => "platform_answer_not_envelope",
            Self::AnswerMalformed { .. } => "platform_answer_malformed",
            Self::Compose(_) => "platform_message_not_composed",
        }
    }

    /// The province answered this very question, and refuses; a refused sign-in says nothing of what was to be asked.
    pub fn refuses(&self, asked: Transaction) -> bool {
        matches!(self, Self::Rejected { transaction, .. } if *transaction == asked)
    }

    /// What it means for the message: may it be sent again without asking first.
    pub fn delivery(&self) -> Delivery {
        match self {
            Self::CertificateRefused { delivery, .. } => *delivery,
            Self::AuthorityMismatch(_)
            | Self::NotTrusted { .. }
            | Self::NameUnresolved(_)
            | Self::Unreachable(_)
            | Self::ConnectTimedOut(_)
            | Self::Compose(_) => Delivery::NotSent,
            Self::PutOff {
                may_have_it: true, ..
            }
            | Self::TakenBefore { .. }
            | Self::AnswerTimedOut(_)
            | Self::ConnectionLost(_)
            | Self::NotTheEnvelope { .. }
            | Self::AnswerMalformed { .. } => Delivery::Unknown,
            Self::NotSignedIn(_) | Self::SessionLost { .. } | Self::PutOff { .. } => {
                Delivery::Later
            }
            Self::Rejected { .. } => Delivery::Refused,
        }
    }
}

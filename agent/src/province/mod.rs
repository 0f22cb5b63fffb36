//! The province: envelope, transaction tables, signing, sessions, card authentication relay.
//!
//! Inside, records; over the wire, what the province takes and says: [`table`] builds messages by the rows of a file (README.md beside this one),
//! [`translate`] reads answers. Every message carries `msgid`;
//! those that are queued keep it through all attempts, while body, session, time and signature are made when it leaves. An error tells
//! whether the message can have arrived ([`PlatformError::delivery`]): only then must [`Platform::ask`] come before a repeat.

mod adapter;
mod answer_text;
mod chain;
mod envelope;
pub(crate) mod error;
mod exchange;
mod fetch;
mod field;
mod forms;
mod identity;
pub(crate) mod means;
mod message;
pub(crate) mod outbox;
mod platform;
mod questions;
mod refusals;
mod session;
mod settings;
pub(crate) mod synchronisation;
mod table;
mod told;
mod transaction;
pub mod translate;
mod transport;
pub(crate) mod trial;
pub(crate) mod trouble;
mod trust;
mod uploads;
mod verdict;
pub mod wire;

pub use self::adapter::{Adapter, SignatureKind};
pub use self::error::{
    ConnectError, Delivery, OtherForm, PlatformError, Rejection, TlsTrouble, WrongAnswer,
    WrongSetting,
};
pub use self::fetch::{SyncError, Synchronised, synchronise};
pub use self::message::{MessageOperator, MessageOperatorKind, Sender, WireMessage};
pub use self::platform::Platform;
pub use self::settings::PlatformSettings;
pub(crate) use self::table::NotDressed;
pub use self::table::fault::{FormatFault, RowFault, RowTrouble};
pub use self::transaction::Transaction;
pub use self::translate::dress::{DressError, Known};
pub use self::uploads::Asked;
pub use self::wire::query::{AskedCard, InternalAuthentication};

//! What a social security card says: 《社会保障（个人）卡规范》, the application SSSE with its files EF05 and EF06.

pub(crate) mod atr;
pub(crate) mod content;
mod date;
pub(crate) mod exchange;
mod fault;
mod file;
pub(crate) mod hex;
mod identity;
pub(crate) mod name;
pub(crate) mod national;
mod number;
pub(crate) mod read;
mod relay;
mod step;
pub(crate) mod tlv;
pub(crate) mod vendor_answer;

pub(crate) use content::version;
pub use date::CardDate;
pub(crate) use date::parse_digits;
pub use fault::CardFault;
pub use identity::{
    CardFace, CardIdentity, CardVersion, Holder, InternalAnswer, NameEncoding, OpenedBy, Remark,
    WithheldBecause,
};
pub use national::NationalString;
pub use number::{CardId, CardNumber, Malformed, SocialSecurityNumber};
pub use read::ReadScope;
pub use relay::{RelayAnswer, RelayFailure, RelayNonsense, RelayQuestion};
pub(crate) use step::StepLog;
pub use step::{Step, StepName};

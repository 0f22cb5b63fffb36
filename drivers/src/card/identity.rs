//! Who a card says its holder is, and how sure that is.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{CardDate, CardId, CardNumber, SocialSecurityNumber};

/// 规范版本 (record 03): its first three characters decide, an empty one means 1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardVersion {
    /// 1.0: EF06 is free to read, there is no name extension.
    V1,
    /// 2.0: EF06 is free to read.
    V2,
    /// 3.0: EF06 asks for external authentication.
    V3,
    /// A version this driver does not know; it goes by the card's status words.
    Unknown,
}

/// EF05: what every card tells without being asked for a key.
#[derive(Clone, PartialEq, Eq)]
pub struct CardFace {
    /// 卡识别码.
    pub card_id: CardId,
    /// 卡号; absent where the record is blank.
    pub card_number: Option<CardNumber>,
    /// 规范版本.
    pub version: CardVersion,
    /// 规范版本 as written on the card, padding removed.
    pub version_text: String,
    /// 发卡日期.
    pub issued: CardDate,
    /// 卡有效期: the last day. Whether it has passed is the caller's question: a driver has no clock.
    pub expires: CardDate,
    /// 卡复位信息: the historical bytes of the answer to reset, 26 hexadecimal digits on usual cards.
    pub reset: String,
}

/// EF06: the holder.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Holder {
    /// 社会保障号码.
    pub number: SocialSecurityNumber,
    /// 姓名 with its extension; absent where the bytes are no GB 18030 text (see [`Remark::NameUnreadable`]).
    pub name: Option<String>,
}

/// What the card answered to internal authentication: only the holder of its key could, and the province can verify it.
///
/// The original is the terminal's own random value: an answer recorded before does not fit. Bytes are hexadecimal digits
/// in capitals.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct InternalAnswer {
    /// Algorithm as the card's FCI states it: `01` DES, `02` SSF33, `03` SM4; empty where it states none.
    pub algorithm: String,
    /// Process factor: the card's challenge, 16 digits.
    pub factor: String,
    /// The original, drawn by the terminal, 16 digits.
    pub raw: String,
    /// The card's answer, 16 digits.
    pub result: String,
}

/// How EF06 came to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpenedBy {
    /// The card asked for no authentication.
    Free,
    /// External authentication relayed to the province's HSM.
    Relay,
    /// A vendor's `SSCardDriver` library with the reader's PSAM, which has authenticated the card.
    Psam,
    /// A vendor's `SSCardDriver` library without one.
    VendorLibrary,
    /// Not at all: EF05 alone.
    Withheld(WithheldBecause),
}

/// Why the last provider asked could not open EF06. The platform can resolve the holder from card number and card id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WithheldBecause {
    /// No provider is configured.
    NoProvider,
    /// The province could not be reached, or did not answer in time.
    RelayUnreachable,
    /// The province answered, and refused.
    RelayRefused,
    /// The province's answer could not be understood or belongs to another question.
    RelayNonsense,
    /// The vendor's library failed with this code of the national reader interface.
    VendorLibrary(i32),
    /// The vendor's library cannot be loaded.
    VendorLibraryMissing,
    /// Nothing would keep the vendor's library from the agent's keys: it is not loaded.
    VendorLibraryUnconfined,
    /// The vendor's library answered something that is not the national string, or another card's.
    VendorLibraryNonsense,
    /// The card refuses, with this status word, to prove itself or to be proved something to; `9000` with an answer that is none.
    CardRefuses(u16),
    /// The card was authenticated, or needs no authentication, and closes EF06 all the same: it lies behind a PIN, which is for its
    /// holder alone.
    BehindPin,
    /// EF06 cannot be read, with this status word.
    FileRefused(u16),
    /// EF06 holds no social security number.
    NumberMissing,
    /// EF06 holds so many characters in its place that are no social security number.
    NumberOfOtherForm(usize),
}

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NameEncoding {
    /// As the specification has it; GBK is a part of it.
    Gb18030,
    /// UTF-8.
    Utf8,
    /// UTF-16, either end first.
    Utf16,
}

/// What is odd about a card, though it can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remark {
    /// The card number's check digit is wrong.
    CardNumberCheckDigit,
    /// The card number is absent or blank.
    CardNumberBlank,
    /// So many characters stand where the card number ought to be, and are none.
    CardNumberOfOtherForm(usize),
    /// The social security number fails GB 11643; lawful for residents from Hong Kong, Macao, Taiwan and foreigners.
    SocialSecurityNumberCheckDigit,
    /// The name is absent, or no text.
    NameUnreadable,
    /// The name's bytes are text in more than one way, and nothing tells which is meant.
    NameAmbiguous,
    /// The name is not written in GB 18030, as it ought to be.
    NameIn(NameEncoding),
    /// The card states a version this driver does not know.
    VersionUnknown,
    /// 发卡日期 or 卡有效期 is no date.
    DateUnreadable,
}

/// Everything one read yields.
#[derive(Clone, PartialEq, Eq)]
pub struct CardIdentity {
    /// EF05.
    pub face: CardFace,
    /// EF06; absent where it stayed closed.
    pub holder: Option<Holder>,
    /// How EF06 was opened, or why it was not.
    pub opened_by: OpenedBy,
    /// What the card answered to internal authentication; absent where it cannot.
    pub answered: Option<InternalAnswer>,
    /// What is odd.
    pub remarks: Vec<Remark>,
}

impl fmt::Debug for CardFace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardFace")
            .field("version", &self.version)
            .field("issued", &self.issued)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for InternalAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InternalAnswer(redacted)")
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Holder(redacted)")
    }
}

impl fmt::Debug for CardIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardIdentity")
            .field("face", &self.face)
            .field("holder", &self.holder)
            .field("opened_by", &self.opened_by)
            .field("answered", &self.answered)
            .field("remarks", &self.remarks)
            .finish()
    }
}

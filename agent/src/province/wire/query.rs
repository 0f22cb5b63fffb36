//! What the agent asks, in our words: sessions, people, synchronisation, cards, outcomes. The province's table says how it goes out.

use serde::Serialize;

use crate::redacted::closed_debug;

#[derive(Serialize)]
pub(crate) struct SignIn<'a> {
    pub(crate) terminal: &'a str,
    pub(crate) program: &'static str,
    pub(crate) program_version: &'static str,
}

#[derive(Serialize)]
pub(crate) struct SignOut {}

#[derive(Serialize)]
pub(crate) struct Person<'a> {
    pub(crate) social_security_number: &'a str,
}

/// One page of a synchronisation; without a cursor it begins anew and is full.
#[derive(Serialize)]
pub(crate) struct Page<'a> {
    pub(crate) cursor: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct CardAuthentication<'a> {
    /// `city|historical bytes|algorithm|卡识别码|inner factor|inner result|outer factor|outer raw|terminal|`.
    pub(crate) question: &'a str,
}

#[derive(Serialize)]
pub(crate) struct CodeVerification<'a> {
    pub(crate) code: &'a str,
}

#[derive(Serialize)]
pub(crate) struct CardVerification<'a> {
    pub(crate) card_number: &'a str,
    /// 卡识别码; its first six digits are the issuing city.
    pub(crate) card_id: &'a str,
    /// 卡复位信息.
    pub(crate) reset: &'a str,
    /// 规范版本, as the card states it.
    pub(crate) card_version: &'a str,
    /// Null where the card cannot answer.
    pub(crate) internal_authentication: Option<InternalAuthentication<'a>>,
}

/// The terminal's original and the card's factor travel along, so that the province can verify the answer.
#[derive(Clone, Copy, Serialize)]
pub struct InternalAuthentication<'a> {
    /// `01` DES, `02` SSF33, `03` SM4; empty where the card states none.
    pub algorithm: &'a str,
    /// The card's process factor, 16 hexadecimal digits.
    pub factor: &'a str,
    /// The terminal's own original, 16 hexadecimal digits.
    pub raw: &'a str,
    /// What the card answered, 16 hexadecimal digits.
    pub result: &'a str,
}

/// A card as it lies in the reader.
#[derive(Clone, Copy)]
pub struct AskedCard<'a> {
    /// 卡号.
    pub number: &'a str,
    /// 卡识别码, 32 hexadecimal digits.
    pub id: &'a str,
    /// 卡复位信息.
    pub reset: &'a str,
    /// 规范版本, as the card states it.
    pub version: &'a str,
}

#[derive(Serialize)]
pub(crate) struct OutcomeQuery<'a> {
    pub(crate) msgid: &'a str,
}

#[derive(Serialize)]
pub(crate) struct LastHead {}

#[derive(Serialize)]
pub(crate) struct Reversal<'a> {
    pub(crate) msgid: &'a str,
    pub(crate) reason: &'a str,
}

closed_debug!(
    Person<'_>,
    CardAuthentication<'_>,
    CodeVerification<'_>,
    CardVerification<'_>,
    InternalAuthentication<'_>,
    AskedCard<'_>
);

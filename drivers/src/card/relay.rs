//! The authentication of a 3.0 card that is relayed to the province's HSM: the question and the answer.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{CardId, hex};

/// What the HSM is asked: everything it needs to compute the card's external authentication (key RKSSSE).
///
/// Bytes are hexadecimal digits in capitals. The texts identify a card: not for a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct RelayQuestion {
    /// 发卡地区行政区划代码, six digits, from the card id.
    pub city: String,
    /// 卡复位信息: the historical bytes.
    pub reset: String,
    /// Algorithm as the card's FCI states it: `01` DES, `02` SSF33, `03` SM4; empty where it states none.
    pub algorithm: String,
    /// 卡识别码, 32 digits.
    pub card_id: String,
    /// Process factor of the internal authentication, 16 digits.
    pub inner_factor: String,
    /// The original of the internal authentication, 16 digits. The HSM's own string does not carry it; a province that
    /// wants to verify the card's answer needs it. Empty where a vendor's library asks: it does not tell.
    pub inner_raw: String,
    /// The card's internal authentication of the two, 16 digits.
    pub inner_result: String,
    /// Process factor of the external authentication, 16 digits.
    pub outer_factor: String,
    /// The original of the external authentication, 16 digits.
    pub outer_raw: String,
    /// Number of the terminal (PSAM), twelve zeros where the reader has none.
    pub terminal: String,
}

impl RelayQuestion {
    /// The HSM's string:
    /// `city|reset|algorithm|card id|inner factor|inner result|outer factor|outer raw|terminal|`.
    pub fn to_hsm_string(&self) -> String {
        let fields = [
            &self.city,
            &self.reset,
            &self.algorithm,
            &self.card_id,
            &self.inner_factor,
            &self.inner_result,
            &self.outer_factor,
            &self.outer_raw,
            &self.terminal,
        ];
        fields
            .iter()
            .flat_map(|field| [field.as_str(), "|"])
            .collect()
    }

    /// Reads the HSM's string as a vendor's library writes it; it carries no `inner_raw`.
    pub(crate) fn parse_hsm_bytes(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?.trim_end();
        let text = text.strip_suffix('|').unwrap_or(text);
        let fields: Vec<&str> = text.split('|').collect();
        let [
            city,
            reset,
            algorithm,
            card_id,
            inner_factor,
            inner_result,
            outer_factor,
            outer_raw,
            terminal,
        ] = fields.as_slice()
        else {
            return None;
        };
        let lengths = [
            (city, 6),
            (card_id, 32),
            (inner_factor, 16),
            (inner_result, 16),
            (outer_factor, 16),
            (outer_raw, 16),
        ];
        let right = lengths
            .iter()
            .all(|(field, length)| field.len() == *length && hex::decode(field).is_some());
        let short = [reset, algorithm, terminal]
            .iter()
            .all(|f| f.len() <= 64 && f.bytes().all(|b| b.is_ascii_alphanumeric()));
        (right && short).then(|| Self {
            city: (*city).to_owned(),
            reset: (*reset).to_owned(),
            algorithm: (*algorithm).to_owned(),
            card_id: (*card_id).to_owned(),
            inner_factor: (*inner_factor).to_owned(),
            inner_raw: String::new(),
            inner_result: (*inner_result).to_owned(),
            outer_factor: (*outer_factor).to_owned(),
            outer_raw: (*outer_raw).to_owned(),
            terminal: (*terminal).to_owned(),
        })
    }

    /// The card id as bytes.
    pub fn card_id(&self) -> Option<CardId> {
        CardId::parse_hex(&self.card_id).ok()
    }
}

/// What the HSM answers: `<inner 16><raw 16>|<outer 16><raw 16>|` in hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RelayAnswer {
    /// The inner half: of use to a vendor's library only.
    pub(crate) inner: [u8; 8],
    /// The original of the inner half.
    pub(crate) inner_raw: [u8; 8],
    /// The external authentication to give to the card.
    pub(crate) outer: [u8; 8],
    /// The original that it answers.
    pub(crate) outer_raw: [u8; 8],
}

/// The HSM's answer cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer is not of the form <inner 16><raw 16>|<outer 16><raw 16>|")]
pub struct RelayNonsense;

impl RelayAnswer {
    /// Reads the HSM's string.
    pub fn parse(text: &str) -> Result<Self, RelayNonsense> {
        let mut halves = text.split('|');
        let (inner, outer, rest) = (halves.next(), halves.next(), halves.next());
        let (inner, inner_raw) = inner.and_then(pair_of_eights).ok_or(RelayNonsense)?;
        let (outer, outer_raw) = outer.and_then(pair_of_eights).ok_or(RelayNonsense)?;
        if rest.is_some_and(|rest| !rest.is_empty()) || halves.next().is_some() {
            return Err(RelayNonsense);
        }
        Ok(Self {
            inner,
            inner_raw,
            outer,
            outer_raw,
        })
    }

    /// The HSM's string again, for a vendor's library.
    pub(crate) fn to_hsm_string(&self) -> Zeroizing<String> {
        let [inner, inner_raw] = [self.inner, self.inner_raw].map(|half| hex::encode(&half));
        let [outer, outer_raw] = [self.outer, self.outer_raw].map(|half| hex::encode(&half));
        Zeroizing::new(format!("{inner}{inner_raw}|{outer}{outer_raw}|"))
    }
}

fn pair_of_eights(text: &str) -> Option<([u8; 8], [u8; 8])> {
    let bytes = hex::decode(text)?;
    let (first, second) = bytes.split_at_checked(8)?;
    Some((first.try_into().ok()?, second.try_into().ok()?))
}

/// Why the caller brings no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RelayFailure {
    /// The province could not be reached, or did not answer in time.
    #[error("the province cannot be reached")]
    Unreachable,
    /// The province answered, and refused.
    #[error("the province refused to authenticate the card")]
    Refused,
    /// The province's answer could not be understood.
    #[error("the province's answer cannot be understood")]
    Nonsense,
}

impl From<RelayNonsense> for RelayFailure {
    fn from(_: RelayNonsense) -> Self {
        Self::Nonsense
    }
}

impl fmt::Debug for RelayQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RelayQuestion(redacted)")
    }
}

impl fmt::Debug for RelayAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RelayAnswer(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_is_nine_fields_each_ended_by_a_bar() {
        let question = RelayQuestion {
            city: "320100".into(),
            reset: "00814A44468660320100000001".into(),
            algorithm: "03".into(),
            card_id: "320100D15600000500000001FFFFFFFF".into(),
            inner_factor: "0102030405060708".into(),
            inner_raw: "1112131415161718".into(),
            inner_result: "2122232425262728".into(),
            outer_factor: "3132333435363738".into(),
            outer_raw: "4142434445464748".into(),
            terminal: "000000000000".into(),
        };
        assert_eq!(
            question.to_hsm_string(),
            "320100|00814A44468660320100000001|03|320100D15600000500000001FFFFFFFF|0102030405060708|2122232425262728|\
             3132333435363738|4142434445464748|000000000000|"
        );
    }

    #[test]
    fn an_answer_of_another_form_is_nonsense() {
        let half = "0102030405060708";
        let right = format!("{half}{half}|{half}{half}|");
        assert!(RelayAnswer::parse(&right).is_ok());
        for wrong in [
            String::new(),
            half.to_owned(),
            format!("{half}{half}"),
            format!("{half}{half}|{half}|"),
            format!("{half}{half}|{half}{half}|{half}"),
            format!("{half}{half}|{half}{half}||"),
            format!("{half}{half}|{half}01020304050607zz|"),
        ] {
            assert_eq!(RelayAnswer::parse(&wrong), Err(RelayNonsense), "{wrong}");
        }
    }
}

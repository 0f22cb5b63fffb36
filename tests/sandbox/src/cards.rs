//! Cards and electronic codes: the HSM's answer to a relayed question, resolution, verification.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use virtual_card::{Direction, authentication_code};

use crate::bodies::{CardVerification, InternalAuthentication};
use crate::envelope::Refusal;
use crate::population::{CARDS, Card};

/// An electronic code counts this long.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_secs(60);

/// Electronic codes that were shown on somebody's telephone.
#[derive(Default)]
pub(crate) struct Codes(HashMap<String, Code>);

struct Code {
    holder: String,
    until: Timestamp,
    used: bool,
}

impl Codes {
    /// Shows a code on the telephone of `holder`.
    pub(crate) fn issue(&mut self, holder: &str, now: Timestamp) -> anyhow::Result<String> {
        let mut random = [0; 16];
        getrandom::fill(&mut random)?;
        let code = format!("E{}", hex::encode(random));
        let until = now.checked_add(CODE_LIFETIME)?;
        self.0.insert(
            code.clone(),
            Code {
                holder: holder.to_owned(),
                until,
                used: false,
            },
        );
        Ok(code)
    }

    /// Whose code it is; once.
    pub(crate) fn redeem(&mut self, code: &str, now: Timestamp) -> Result<String, Refusal> {
        let Some(known) = self.0.get_mut(code) else {
            return Err(Refusal::new("code_unknown", "不是电子社保卡的二维码"));
        };
        if known.used {
            return Err(Refusal::new("code_used", "二维码已经使用过，请刷新后重扫"));
        }
        if now > known.until {
            return Err(Refusal::new("code_expired", "二维码已过期，请刷新后重扫"));
        }
        known.used = true;
        Ok(known.holder.clone())
    }
}

/// Whose card it is: one that the province has issued, not lost, and that proves itself where it can.
pub(crate) fn verify(asked: &CardVerification) -> Result<&'static str, Refusal> {
    let card = card_of(&asked.card_id)
        .filter(|card| card.number == asked.card_number)
        .ok_or_else(|| Refusal::new("card_unknown", "卡号与卡识别码查无此卡"))?;
    if card.lost {
        return Err(Refusal::new("card_lost", "此卡已挂失"));
    }
    let version = asked.card_version.as_str();
    let hexadecimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hexadecimal(&asked.reset) || version.len() > 4 || !version.is_ascii() {
        return Err(malformed());
    }
    let forged = || Refusal::new("card_forged", "卡的内部认证不符，不是真卡");
    match &asked.internal_authentication {
        Some(answer) if proves(&asked.card_id, answer)? => Ok(card.holder),
        Some(_) => Err(forged()),
        None if card.proves_itself => Err(forged()),
        None => Ok(card.holder),
    }
}

fn malformed() -> Refusal {
    Refusal::new("question_malformed", "卡鉴权数据不合约定")
}

/// Whether the card's answer fits the terminal's original and the factor.
fn proves(card_id: &str, answer: &InternalAuthentication) -> Result<bool, Refusal> {
    if !matches!(answer.algorithm.as_str(), "" | "01" | "02" | "03") {
        return Err(malformed());
    }
    let id = bytes(card_id).ok_or_else(malformed)?;
    let factor = bytes(&answer.factor).ok_or_else(malformed)?;
    let raw = bytes(&answer.raw).ok_or_else(malformed)?;
    let result: [u8; 8] = bytes(&answer.result).ok_or_else(malformed)?;
    Ok(result == authentication_code(Direction::Internal, &id, &factor, &raw))
}

/// Answers `city|historical bytes|algorithm|卡识别码|inner factor|inner result|outer factor|outer raw|terminal|` with
/// `<inner><raw>|<outer><raw>|`.
///
/// The string does not carry the inner original, so the card's internal result cannot be verified from it; how the real
/// HSM does so is not public. The inner half of the answer gives back what was asked.
pub(crate) fn authenticate(question: &str) -> Result<String, Refusal> {
    let malformed = || Refusal::new("question_malformed", "卡认证请求串不合约定");
    let fields: Vec<&str> = question.split('|').collect();
    let &[
        city,
        reset,
        algorithm,
        card_id,
        inner_factor,
        inner_result,
        outer_factor,
        outer_raw,
        _terminal,
        "",
    ] = fields.as_slice()
    else {
        return Err(malformed());
    };
    let digits = |text: &str, count: usize| {
        text.len() == count && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    if !digits(city, 6) || !digits(reset, 26) || !matches!(algorithm, "" | "01" | "02" | "03") {
        return Err(malformed());
    }
    if !digits(inner_factor, 16) || !digits(inner_result, 16) {
        return Err(malformed());
    }
    if card_of(card_id).is_none() {
        return Err(Refusal::new("card_unknown", "卡识别码查无此卡"));
    }
    let (Some(id), Some(factor), Some(raw)) =
        (bytes(card_id), bytes(outer_factor), bytes(outer_raw))
    else {
        return Err(malformed());
    };
    let outer = hex::encode_upper(authentication_code(Direction::External, &id, &factor, &raw));
    let outer_raw = outer_raw.to_ascii_uppercase();
    Ok(format!("{inner_result}{inner_factor}|{outer}{outer_raw}|"))
}

fn card_of(card_id: &str) -> Option<&'static Card> {
    CARDS
        .iter()
        .find(|card| card.id.eq_ignore_ascii_case(card_id))
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

//! What an answer says: yes with its output, or no in the province's own words, whatever the envelope around it looks like.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::adapter::Adapter;
use super::answer_text::{self, Reply};
use super::error::{Rejection, WrongAnswer};
use super::told::Told;
use crate::records::numbers::MessageId;

/// Digits in a row that may number a person: no refusal code has so many.
const DIGITS_OF_A_PERSON: usize = 15;

/// Longer is no code but words.
const LONGEST_CODE: usize = 64;

/// What is said of a message.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Yes; with its output, where there is one.
    Yes(Option<Box<RawValue>>),
    /// No.
    No(Rejection),
}

/// The envelope, each field of whatever kind it came.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    infcode: Option<&'a RawValue>,
    #[serde(borrow, default)]
    inf_refmsgid: Option<&'a RawValue>,
    #[serde(borrow, default)]
    err_msg: Option<&'a RawValue>,
    #[serde(borrow, default)]
    err_code: Option<&'a RawValue>,
    #[serde(borrow, default)]
    output: Option<&'a RawValue>,
}

/// Where else a refusal's code and words may stand.
#[derive(Default, Deserialize)]
struct Output<'a> {
    #[serde(borrow, default)]
    code: Option<&'a RawValue>,
    #[serde(borrow, default)]
    err_msg: Option<&'a RawValue>,
    #[serde(borrow, default)]
    message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    msg: Option<&'a RawValue>,
}

/// Reads what came back to the message `asked`.
pub(super) fn verdict(
    adapter: &Adapter,
    asked: &MessageId,
    reply: &Reply,
) -> Result<Verdict, WrongAnswer> {
    let text = answer_text::text(&reply.body, reply.charset.as_deref())?;
    let text = text.trim();
    if text.is_empty() {
        return Err(WrongAnswer::Empty);
    }
    if text.starts_with('<') {
        return Err(page(text));
    }
    if !text.starts_with('{') {
        return Err(WrongAnswer::NotARecord);
    }
    let envelope: Envelope<'_> =
        serde_json::from_str(text).map_err(|error| WrongAnswer::NotJson(place(&error)))?;
    if is_another_of_ours(&envelope, asked) {
        return Err(WrongAnswer::OtherMessage);
    }
    let said = Told::of(envelope.infcode).words();
    match said {
        Some(code) if adapter.means_success(&code) => {
            if reply.status != 200 {
                return Err(WrongAnswer::Status);
            }
            Ok(Verdict::Yes(envelope.output.map(ToOwned::to_owned)))
        }
        Some(code) => Ok(Verdict::No(rejection(&envelope, Some(code)))),
        None => {
            let no = rejection(&envelope, None);
            if no.message.is_empty() {
                return Err(WrongAnswer::NoVerdict);
            }
            Ok(Verdict::No(no))
        }
    }
}

/// Whether what came, although the connection broke behind it, is an answer from beginning to end.
pub(super) fn is_whole(reply: &Reply) -> bool {
    answer_text::text(&reply.body, reply.charset.as_deref()).is_ok_and(|text| {
        text.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(&text).is_ok()
    })
}

/// A number of our own form that is not the message's: the answer is to another one. The receiver's own number is none of ours.
fn is_another_of_ours(envelope: &Envelope<'_>, asked: &MessageId) -> bool {
    Told::of(envelope.inf_refmsgid)
        .words()
        .and_then(|text| MessageId::parse(&text).ok())
        .is_some_and(|named| named != *asked && named.is_of_the_institution_of(asked))
}

fn rejection(envelope: &Envelope<'_>, infcode: Option<String>) -> Rejection {
    let output = envelope.output;
    let inner: Output<'_> = output
        .filter(|raw| raw.get().starts_with('{'))
        .and_then(|raw| serde_json::from_str(raw.get()).ok())
        .unwrap_or_default();
    let first = |places: &[Option<&RawValue>]| {
        let mut told = places.iter().map(|place| Told::of(*place).words());
        told.find_map(|words| words)
    };
    let words = first(&[
        envelope.err_msg,
        inner.err_msg,
        inner.message,
        inner.msg,
        output,
    ]);
    let named = first(&[inner.code, envelope.err_code]);
    // -1 is what every refusal is called: no code of its own.
    let code = named.or(infcode.filter(|code| code != "-1"));
    let message = words.unwrap_or_default();
    match code {
        None => Rejection {
            code: UNNAMED.to_owned(),
            message,
        },
        Some(code) if is_code(&code) => Rejection { code, message },
        Some(words_for_a_code) => Rejection {
            code: UNNAMED.to_owned(),
            message: format!("{words_for_a_code} {message}")
                .trim_end()
                .to_owned(),
        },
    }
}

/// The code of a refusal that has none.
const UNNAMED: &str = "unnamed";

/// Codes stand in logs: what could name a person is none.
fn is_code(text: &str) -> bool {
    let mut row = 0;
    let longest_row = text.bytes().fold(0, |longest, byte| {
        row = if byte.is_ascii_digit() { row + 1 } else { 0 };
        longest.max(row)
    });
    text.len() <= LONGEST_CODE
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && longest_row < DIGITS_OF_A_PERSON
}

/// A page for people: one that asks for a password is a gateway's, which lets nobody through before.
fn page(text: &str) -> WrongAnswer {
    let lower = text.to_lowercase();
    let asks = [
        "type=\"password\"",
        "type='password'",
        "type=password",
        "登录",
        "login",
        "认证",
    ];
    if asks.iter().any(|word| lower.contains(word)) {
        WrongAnswer::LoginPage
    } else {
        WrongAnswer::Page
    }
}

/// Where reading stopped, never what stood there.
pub(super) fn place(error: &serde_json::Error) -> String {
    format!(
        "{:?} error at line {}, column {}",
        error.classify(),
        error.line(),
        error.column()
    )
}

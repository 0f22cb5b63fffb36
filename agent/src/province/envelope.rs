//! The envelope around every message, by the rows of the table: what stands in it, and the signature made at each attempt.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::adapter::SignatureKind;
use super::message::WireMessage;
use super::table::{Envelope, NotDressed, Unsigned};

/// First line of the signed text: another text another day begins otherwise.
const SIGNED_TEXT_VERSION: &str = "settlement-envelope-1";

/// The institution's secret with the province.
#[derive(Clone)]
pub(super) struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// At least 32 bytes in hex; white space around it is dropped.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(hex::decode(text.trim()).ok()?);
        (bytes.len() >= 32).then_some(Self(bytes))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Who sends from where, in which session, when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending<'a> {
    /// The transaction's code.
    pub(super) code: &'a str,
    pub(super) institution: &'a str,
    pub(super) division: &'a str,
    pub(super) terminal: &'a str,
    /// Empty where none is open.
    pub(super) session: &'a str,
    pub(super) now: Timestamp,
}

impl Sending<'_> {
    /// The `@` values of a table, save the signature.
    fn values(&self, message: &WireMessage, kind: SignatureKind) -> Map<String, Value> {
        let operator = message.operator();
        let msgid = message.msgid();
        let moment = rules::china_time::format_instant(self.now);
        [
            ("@transaction", self.code),
            ("@msgid", msgid.as_str()),
            ("@time", &moment),
            ("@operator_kind", operator.kind.name()),
            ("@operator", &operator.code),
            ("@operator_name", &operator.name),
            ("@institution", self.institution),
            ("@division", self.division),
            ("@insured_division", message.insured_division()),
            ("@terminal", self.terminal),
            ("@session", self.session),
            ("@signature_kind", kind.name()),
        ]
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .into_iter()
        .collect()
    }

    /// The whole message, signed, as JSON.
    pub(super) fn enclose(
        &self,
        message: &WireMessage,
        (envelope, kind): (&Envelope, SignatureKind),
        secret: &Secret,
    ) -> Result<String, NotDressed> {
        let body = message.input().get();
        let unsigned = envelope.with(self.values(message, kind))?;
        let signature = match kind {
            SignatureKind::HmacSha256 => mac(secret, &signed_text(&unsigned, body)),
        };
        unsigned.whole(&signature, body)
    }
}

/// The envelope's values in the table's order, one a line, without signature and body; at the end the body's SHA-256.
fn signed_text(unsigned: &Unsigned<'_>, body: &str) -> String {
    let mut lines = vec![SIGNED_TEXT_VERSION.to_owned()];
    lines.extend(unsigned.signed().into_iter().map(|(_, value)| value));
    lines.push(hex::encode(Sha256::digest(body.as_bytes())));
    lines.join("\n")
}

fn mac(secret: &Secret, text: &str) -> String {
    // HMAC takes a key of any length: the library's error cannot occur, and an empty MAC would be refused.
    Hmac::<Sha256>::new_from_slice(&secret.0).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(text.as_bytes());
            hex::encode(mac.finalize().into_bytes())
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::province::adapter::Adapter;
    use crate::province::message::{MessageOperator, MessageOperatorKind, Sender};
    use crate::province::transaction::Transaction;
    use crate::records::numbers::MessageId;

    fn enclosed(now: &str) -> serde_json::Value {
        let sender = Sender {
            operator: MessageOperator {
                kind: MessageOperatorKind::Cashier,
                code: "C01".to_owned(),
                name: "收费员".to_owned(),
            },
            insured_division: "650100".to_owned(),
        };
        let msgid = MessageId::parse("H43010300001202508201000000001").unwrap();
        let body = r#"{"version":1,"msgid":"X"}"#.to_owned();
        let message = WireMessage::compose(Transaction::OutcomeQuery, msgid, sender, body).unwrap();
        let sending = Sending {
            code: "9103",
            institution: "H43010300001",
            division: "430103",
            terminal: "430103000101",
            session: "S1",
            now: now.parse().unwrap(),
        };
        let adapter = Adapter::built_in().unwrap();
        let secret = Secret::parse(&"00112233445566778899aabbccddeeff".repeat(2)).unwrap();
        let whole = sending
            .enclose(&message, adapter.envelope(), &secret)
            .unwrap();
        serde_json::from_str(&whole).unwrap()
    }

    /// The expected MAC was computed with Python's hmac module over the sixteen lines.
    #[test]
    fn the_reference_envelope_is_signed_over_its_sixteen_lines() {
        let enclosed = enclosed("2025-08-20T02:00:00Z");
        let expected = serde_json::json!({
            "infver": "1.0",
            "infno": "9103",
            "msgid": "H43010300001202508201000000001",
            "recer_sys_code": "GSYD",
            "opter_type": "1",
            "opter": "C01",
            "opter_name": "收费员",
            "inf_time": "2025-08-20 10:00:00",
            "fixmedins_code": "H43010300001",
            "sign_no": "S1",
            "mdtrtarea_admvs": "430103",
            "insuplc_admdvs": "650100",
            "dev_no": "430103000101",
            "cainfo": "7fb02ec572dcda4f04caeeed3054c202bbcf3b9084aa3fbad58532e9d3c5cff7",
            "signtype": "HMAC-SHA256",
            "input": {"version": 1, "msgid": "X"},
        });
        assert_eq!(enclosed, expected);
    }

    #[test]
    fn envelope_times_are_chinas_whatever_the_machine() {
        let enclosed = enclosed("2025-08-20T16:30:05Z");
        assert_eq!(enclosed["inf_time"], "2025-08-21 00:30:05");
    }

    #[test]
    fn a_secret_shorter_than_32_bytes_is_refused() {
        assert!(Secret::parse("00112233").is_none());
        assert!(Secret::parse("not hex").is_none());
        assert_eq!(
            format!("{:?}", Secret::parse(&"ab".repeat(32)).unwrap()),
            "Secret"
        );
    }
}

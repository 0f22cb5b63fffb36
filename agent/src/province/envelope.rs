//! The envelope around every message: fixed fields, signature per attempt, the answer's outer form.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use rules::china_time::CHINA;
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::adapter::SignatureKind;

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

/// What goes out. Field names are those of the Jiangsu and national medical insurance sets.
#[derive(Serialize)]
pub(super) struct Request<'a> {
    pub(super) infver: &'a str,
    pub(super) infno: &'a str,
    pub(super) msgid: &'a str,
    pub(super) recer_sys_code: &'a str,
    pub(super) opter_type: &'a str,
    pub(super) opter: &'a str,
    pub(super) opter_name: &'a str,
    pub(super) inf_time: String,
    pub(super) fixmedins_code: &'a str,
    pub(super) sign_no: &'a str,
    pub(super) mdtrtarea_admvs: &'a str,
    pub(super) insuplc_admdvs: &'a str,
    pub(super) dev_no: &'a str,
    pub(super) cainfo: String,
    pub(super) signtype: &'a str,
    pub(super) input: &'a RawValue,
}

impl Request<'_> {
    /// Fills in `cainfo`: the MAC over every other field, one a line, the body by its SHA-256.
    pub(super) fn sign(&mut self, kind: SignatureKind, secret: &Secret) {
        self.cainfo = match kind {
            SignatureKind::HmacSha256 => mac(secret, &self.signed_text()),
        };
    }

    fn signed_text(&self) -> String {
        let body = hex::encode(Sha256::digest(self.input.get().as_bytes()));
        [
            SIGNED_TEXT_VERSION,
            self.infver,
            self.infno,
            self.msgid,
            self.recer_sys_code,
            self.opter_type,
            self.opter,
            self.opter_name,
            &self.inf_time,
            self.fixmedins_code,
            self.sign_no,
            self.mdtrtarea_admvs,
            self.insuplc_admdvs,
            self.dev_no,
            self.signtype,
            &body,
        ]
        .join("\n")
    }
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

/// `inf_time`: China's civil time.
pub(super) fn envelope_time(now: Timestamp) -> String {
    CHINA
        .to_datetime(now)
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(input: &RawValue) -> Request<'_> {
        Request {
            infver: "1.0",
            infno: "9103",
            msgid: "H43010300001202508201000000001",
            recer_sys_code: "GSYD",
            opter_type: "1",
            opter: "C01",
            opter_name: "收费员",
            inf_time: "2025-08-20 10:00:00".into(),
            fixmedins_code: "H43010300001",
            sign_no: "S1",
            mdtrtarea_admvs: "430103",
            insuplc_admdvs: "650100",
            dev_no: "430103000101",
            cainfo: String::new(),
            signtype: "HMAC-SHA256",
            input,
        }
    }

    /// The expected MAC was computed with Python's hmac module over the sixteen lines.
    #[test]
    fn the_signature_is_the_mac_of_the_sixteen_lines() {
        let input: Box<RawValue> = serde_json::from_str(r#"{"version":1,"msgid":"X"}"#).unwrap();
        let secret = Secret::parse(&"00112233445566778899aabbccddeeff".repeat(2)).unwrap();
        let mut request = request(&input);
        request.sign(SignatureKind::HmacSha256, &secret);
        assert_eq!(
            request.cainfo,
            "7fb02ec572dcda4f04caeeed3054c202bbcf3b9084aa3fbad58532e9d3c5cff7"
        );
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

    #[test]
    fn envelope_times_are_chinas_whatever_the_machine() {
        let now: Timestamp = "2025-08-20T16:30:05Z".parse().unwrap();
        assert_eq!(envelope_time(now), "2025-08-21 00:30:05");
    }
}

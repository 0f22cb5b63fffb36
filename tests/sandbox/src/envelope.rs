//! The envelope as the province reads and writes it: fixed fields, signature, yes or no.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// A message as it arrives. Every field is required.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    pub(crate) infver: String,
    pub(crate) infno: String,
    pub(crate) msgid: String,
    pub(crate) recer_sys_code: String,
    pub(crate) opter_type: String,
    pub(crate) opter: String,
    pub(crate) opter_name: String,
    pub(crate) inf_time: String,
    pub(crate) fixmedins_code: String,
    pub(crate) sign_no: String,
    pub(crate) mdtrtarea_admvs: String,
    pub(crate) insuplc_admdvs: String,
    pub(crate) dev_no: String,
    pub(crate) cainfo: String,
    pub(crate) signtype: String,
    pub(crate) input: Box<RawValue>,
}

/// What goes back.
#[derive(Serialize)]
pub(crate) struct Answer {
    pub(crate) infcode: i32,
    pub(crate) inf_refmsgid: String,
    pub(crate) refmsg_time: String,
    pub(crate) respond_time: String,
    pub(crate) err_msg: String,
    pub(crate) output: serde_json::Value,
}

/// The province's no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
        }
    }
}

impl Request {
    /// SHA-256 of the business body, byte for byte.
    pub(crate) fn body_hash(&self) -> [u8; 32] {
        Sha256::digest(self.input.get().as_bytes()).into()
    }

    /// Checks what does not depend on the transaction: versions, institution, id, signature.
    pub(crate) fn check(&self, institution: &str, secret: &[u8]) -> Result<(), Refusal> {
        if self.infver != "1.0" {
            return Err(Refusal::new("version_unknown", "接口版本不支持"));
        }
        if self.recer_sys_code != "GSYD" {
            return Err(Refusal::new("receiver_unknown", "接收方系统代码不正确"));
        }
        if self.fixmedins_code != institution {
            return Err(Refusal::new("institution_unknown", "机构编码未登记"));
        }
        let well_formed = self.msgid.len() == 30
            && self.msgid.starts_with(institution)
            && self.msgid.as_bytes()[12..].iter().all(u8::is_ascii_digit);
        if !well_formed {
            return Err(Refusal::new(
                "msgid_malformed",
                "报文编号应为机构编码加时间加四位序号",
            ));
        }
        if self.signtype != "HMAC-SHA256" {
            return Err(Refusal::new("signtype_unknown", "签名方式不支持"));
        }
        self.check_signature(secret)
    }

    fn check_signature(&self, secret: &[u8]) -> Result<(), Refusal> {
        let wrong = || Refusal::new("signature_wrong", "报文签名不正确");
        let body = hex::encode(self.body_hash());
        let lines = [
            "settlement-envelope-1",
            &self.infver,
            &self.infno,
            &self.msgid,
            &self.recer_sys_code,
            &self.opter_type,
            &self.opter,
            &self.opter_name,
            &self.inf_time,
            &self.fixmedins_code,
            &self.sign_no,
            &self.mdtrtarea_admvs,
            &self.insuplc_admdvs,
            &self.dev_no,
            &self.signtype,
            &body,
        ];
        let given = hex::decode(&self.cainfo).map_err(|_not_hex| wrong())?;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_any_length_fits| wrong())?;
        mac.update(lines.join("\n").as_bytes());
        mac.verify_slice(&given).map_err(|_differs| wrong())
    }
}

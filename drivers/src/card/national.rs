//! The national reader interface's string: eleven fields, each ended by `|`.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{CardDate, CardId, CardIdentity, SocialSecurityNumber};

/// 发卡地区行政区划代码|社会保障号码|卡号|卡识别码|姓名|卡复位信息|规范版本|发卡日期|有效期|终端机编号|终端设备号|
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct NationalString {
    city: String,
    number: SocialSecurityNumber,
    card_number: String,
    card_id: CardId,
    name: String,
    reset: String,
    version: String,
    issued: String,
    expires: String,
    terminal: String,
    device: String,
}

impl NationalString {
    /// The eleven fields of a card that was read; `None` where its EF06 stayed closed or its name is unreadable.
    ///
    /// `terminal` is 终端机编号, twelve zeros without a PSAM; `device` is 终端设备号.
    pub fn of(identity: &CardIdentity, terminal: &str, device: &str) -> Option<Self> {
        let holder = identity.holder.as_ref()?;
        let face = &identity.face;
        let date = |date: CardDate| {
            date.date()
                .map(|date| date.strftime("%Y%m%d").to_string())
                .unwrap_or_default()
        };
        Some(Self {
            city: face.card_id.city(),
            number: holder.number.clone(),
            card_number: face
                .card_number
                .as_ref()
                .map(|number| number.as_str().to_owned())
                .unwrap_or_default(),
            card_id: face.card_id.clone(),
            name: holder.name.clone()?,
            reset: face.reset.clone(),
            version: face.version_text.clone(),
            issued: date(face.issued),
            expires: date(face.expires),
            terminal: terminal.to_owned(),
            device: device.to_owned(),
        })
    }

    /// The string. It identifies a person: not for a log.
    pub fn to_text(&self) -> Zeroizing<String> {
        let id = Zeroizing::new(self.card_id.to_hex());
        let fields = [
            self.city.as_str(),
            self.number.as_str(),
            &self.card_number,
            &id,
            &self.name,
            &self.reset,
            &self.version,
            &self.issued,
            &self.expires,
            &self.terminal,
            &self.device,
        ];
        Zeroizing::new(fields.iter().flat_map(|field| [*field, "|"]).collect())
    }
}

impl std::fmt::Debug for NationalString {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NationalString(redacted)")
    }
}

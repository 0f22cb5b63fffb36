//! The cards one meets in a hall.

use anyhow::Result;

use crate::card::{Access, Addressing, Card, Proof};
use crate::files::{self, Holder, Record};

/// One kind of card. `clap` shows these names to the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Variant {
    /// 3.0: EF06 asks for external authentication.
    V30,
    /// 2.0: EF06 is free.
    V20,
    /// 1.0: EF06 is free, no name extension.
    V10,
    /// 2.0 whose version record reads `2.0` and a zero byte.
    V20ZeroByte,
    /// 2.0 whose nation, birthplace and birth date are filled with FF.
    BlankDetails,
    /// 2.0 with a name that needs GB 18030's four-byte form.
    FourByteName,
    /// 2.0 with a name that runs on in the extension.
    ExtendedName,
    /// 1.0 with an empty version record.
    EmptyVersion,
    /// 2.0 with a wrong check digit in the card number.
    WrongCheckDigit,
    /// 2.0 that expired on 2020-06-01.
    Expired,
    /// A bank's card, a bus card: it has no social security application.
    OtherCard,
    /// A reader's PSAM.
    Psam,
    /// 1.0 that finds records by number only, in an order of its own.
    ByNumber,
    /// 2.0 that finds files and records by short file identifier only.
    ByShortFile,
    /// 3.0 that answers SELECT with `61xx` and waits for GET RESPONSE.
    GetResponse,
    /// The same in portions of twelve bytes, each of which announces the next.
    Portions,
    /// 2.0 that selects files with P1 = 00 only.
    SelectByZero,
    /// 1.0 that finds records by number only; among them are blank ones and tags of the issuer's own.
    ForeignRecords,
    /// 2.0 that knows no internal authentication.
    Unproven,
    /// 3.0 with an answer to reset of another form, as a contactless reader makes one up; it speaks T=1.
    Contactless,
}

/// ATR of the specification's synthetic card.
const ATR: &[u8] = &[
    0x3B, 0x6D, 0x00, 0x00, 0x00, 0x81, 0x4A, 0x44, 0x46, 0x86, 0x60, 0x32, 0x01, 0x00, 0x00, 0x00,
    0x01,
];
/// ATR of a reader's PSAM.
const PSAM_ATR: &[u8] = &[
    0x3B, 0x6D, 0x00, 0x00, 0x00, 0x81, 0x54, 0x4C, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x01,
];
/// What a contactless reader makes of an ISO 14443-4 card with eight historical bytes (PC/SC part 3).
const CONTACTLESS_ATR: &[u8] = &[
    0x3B, 0x88, 0x80, 0x01, 0x00, 0x81, 0x4A, 0x44, 0x46, 0x86, 0x60, 0x00, 0x26,
];
const FCI_V30: &[u8] = &[
    0x6F, 0x1C, 0x84, 0x0F, 0x73, 0x78, 0x31, 0x2E, 0x73, 0x68, 0x2E, 0xC9, 0xE7, 0xBB, 0xE1, 0xB1,
    0xA3, 0xD5, 0xCF, 0xA5, 0x09, 0x88, 0x01, 0x1E, 0x9F, 0x0C, 0x03, 0x86, 0x01, 0x03,
];
const FCI_EARLIER: &[u8] = &[
    0x6F, 0x16, 0x84, 0x0F, 0x73, 0x78, 0x31, 0x2E, 0x73, 0x68, 0x2E, 0xC9, 0xE7, 0xBB, 0xE1, 0xB1,
    0xA3, 0xD5, 0xCF, 0xA5, 0x03, 0x88, 0x01, 0x1E,
];

impl Card {
    /// A card of this kind for this holder.
    ///
    /// # Errors
    ///
    /// A number of the wrong length, or a name that the card cannot hold.
    pub fn new(variant: Variant, holder: &Holder) -> Result<Self> {
        let mut card = match variant {
            Variant::V30 | Variant::GetResponse | Variant::Portions | Variant::Contactless => {
                Self::v30(holder)?
            }
            Variant::V10 | Variant::EmptyVersion | Variant::ByNumber | Variant::ForeignRecords => {
                Self::v10(holder)?
            }
            Variant::V20
            | Variant::V20ZeroByte
            | Variant::BlankDetails
            | Variant::FourByteName
            | Variant::ExtendedName
            | Variant::WrongCheckDigit
            | Variant::Expired
            | Variant::OtherCard
            | Variant::Psam
            | Variant::ByShortFile
            | Variant::Unproven
            | Variant::SelectByZero => Self::v20(holder)?,
        };
        card.vary(variant, holder)?;
        Ok(card)
    }

    fn vary(&mut self, variant: Variant, holder: &Holder) -> Result<()> {
        match variant {
            Variant::V30 | Variant::V20 | Variant::V10 => {}
            Variant::V20ZeroByte => files::replace(&mut self.ef05, 0x03, b"2.0\0")?,
            Variant::BlankDetails => {
                for (tag, length) in [(0x0B, 1), (0x0C, 3), (0x0D, 4)] {
                    files::replace(&mut self.ef06, tag, &vec![0xFF; length])?;
                }
            }
            Variant::FourByteName => {
                self.ef06 = files::ef06(&Holder {
                    name: "欧阳㛃𠮷".into(),
                    ..holder.clone()
                })?;
            }
            Variant::ExtendedName => {
                let name = "阿卜杜外力·买买提吐尔逊·阿不都热依木".into();
                self.ef06 = files::ef06(&Holder {
                    name,
                    ..holder.clone()
                })?;
            }
            Variant::EmptyVersion => files::replace(&mut self.ef05, 0x03, &[0; 4])?,
            Variant::WrongCheckDigit => files::replace(&mut self.ef05, 0x07, b"T00000012")?,
            Variant::Expired => files::replace(&mut self.ef05, 0x06, &[0x20, 0x20, 0x06, 0x01])?,
            Variant::OtherCard => self.access = Access::NoApplication,
            Variant::Psam => {
                self.atr = PSAM_ATR.to_vec();
                self.access = Access::NoApplication;
            }
            Variant::ByNumber => {
                self.addressing = Addressing::ByNumber;
                self.ef05.rotate_left(2);
                self.ef06.rotate_left(1);
            }
            Variant::ByShortFile => self.addressing = Addressing::ByShortFile,
            Variant::GetResponse => self.holds_back = Some(255),
            Variant::Portions => self.holds_back = Some(12),
            Variant::SelectByZero => self.selects_files_with_p1 = 0x00,
            Variant::Unproven => self.proof = Proof::None,
            Variant::ForeignRecords => {
                self.addressing = Addressing::ByNumber;
                for file in [&mut self.ef05, &mut self.ef06] {
                    file.insert(0, Record::new(files::BLANK, [0xFF; 16]));
                    file.insert(2, Record::new(0x7A, *b"issuer's own"));
                    file.push(Record::new(files::BLANK, [0xFF; 30]));
                }
            }
            Variant::Contactless => {
                self.atr = CONTACTLESS_ATR.to_vec();
                self.speaks_t1 = true;
            }
        }
        Ok(())
    }

    fn v30(holder: &Holder) -> Result<Self> {
        let files = (files::ef05(holder, b"3.00")?, files::ef06(holder)?);
        let mut card = Self::with_files(holder.card_id(), FCI_V30, files);
        card.access = Access::ExternalAuthentication;
        Ok(card.with_atr(ATR))
    }

    fn v20(holder: &Holder) -> Result<Self> {
        let files = (files::ef05(holder, b"2.00")?, files::ef06(holder)?);
        Ok(Self::with_files(holder.card_id(), FCI_EARLIER, files).with_atr(ATR))
    }

    fn v10(holder: &Holder) -> Result<Self> {
        let (ef05, mut ef06) = (files::ef05(holder, b"1.00")?, files::ef06(holder)?);
        ef06.retain(|record| record.tag != 0x4E);
        Ok(Self::with_files(holder.card_id(), FCI_EARLIER, (ef05, ef06)).with_atr(ATR))
    }
}

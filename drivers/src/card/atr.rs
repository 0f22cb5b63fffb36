//! The answer to reset, ISO 7816-3: its historical bytes are 卡复位信息.

/// A parsed answer to reset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Atr<'a> {
    historical: &'a [u8],
    offers_t1: bool,
}

impl<'a> Atr<'a> {
    /// Walks the interface bytes and takes the historical ones. Returns `None` where the bytes end before T0 says so, or
    /// where they cannot be an answer to reset; forms differ, so nothing else is asked of them.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (first, mut rest) = bytes.split_first()?;
        if !matches!(first, 0x3B | 0x3F) || bytes.len() > 33 {
            return None;
        }
        let format;
        (format, rest) = rest.split_first()?;
        let mut indicator = *format;
        let mut offers_t1 = false;
        while indicator & 0xF0 != 0 {
            let interface = usize::try_from((indicator >> 4).count_ones()).ok()?;
            let (bytes, after) = rest.split_at_checked(interface)?;
            rest = after;
            // TD, the last of the four, says whether more follow.
            indicator = if indicator & 0x80 == 0 {
                0
            } else {
                let next = *bytes.last()?;
                offers_t1 |= next & 0x0F == 1;
                next
            };
        }
        let historical = rest.get(..usize::from(format & 0x0F))?;
        Some(Self {
            historical,
            offers_t1,
        })
    }

    /// The historical bytes: on usual cards chip maker 2, COS 3, card maker 2, serial number 6.
    pub(crate) fn historical(&self) -> &'a [u8] {
        self.historical
    }

    /// Whether the card, or the contactless reader in its name, can speak T=1.
    pub(crate) fn offers_t1(&self) -> bool {
        self.offers_t1
    }

    /// Whether this is a reader's security module and nobody's card.
    pub(crate) fn is_psam(&self) -> bool {
        self.historical.starts_with(&[0x00, 0x81, 0x54, 0x4C, 0x00])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::hex;

    fn historical(text: &str) -> Option<String> {
        let bytes = hex::decode(text).expect("hexadecimal");
        Atr::parse(&bytes).map(|atr| hex::encode(atr.historical()))
    }

    #[test]
    fn the_historical_bytes_follow_the_interface_bytes() {
        let card = "3B6D000000814A44468660320100000001";
        assert_eq!(
            historical(card).as_deref(),
            Some("00814A44468660320100000001")
        );
        assert_eq!(
            historical("3B88800100814A444686600026").as_deref(),
            Some("00814A4446866000")
        );
        assert_eq!(historical("3B00").as_deref(), Some(""));
    }

    #[test]
    fn the_protocols_stand_in_the_interface_bytes() {
        let offers_t1 = |text| {
            let bytes = hex::decode(text).expect("hexadecimal");
            Atr::parse(&bytes).expect("answer to reset").offers_t1()
        };
        assert!(!offers_t1("3B6D000000814A44468660320100000001"));
        assert!(!offers_t1("3B8000"));
        assert!(offers_t1("3B88800100814A444686600026"));
        assert!(offers_t1("3B8101FF7E"));
    }

    #[test]
    fn an_answer_that_ends_too_early_is_none() {
        for text in [
            "",
            "3B",
            "3B6D",
            "3B6D00",
            "3B6D000000814A4446866032010000",
            "3B8880",
            "3BF0",
            "00",
            "FF6D0000",
        ] {
            assert_eq!(historical(text), None, "{text}");
        }
    }

    #[test]
    fn a_readers_psam_is_recognised() {
        let bytes = hex::decode("3B6D00000081544C000000000000000001").expect("hexadecimal");
        assert!(Atr::parse(&bytes).expect("answer to reset").is_psam());
        let bytes = hex::decode("3B6D000000814A44468660320100000001").expect("hexadecimal");
        assert!(!Atr::parse(&bytes).expect("answer to reset").is_psam());
    }
}

//! Tag, length, value: the card's records, and the BER-TLV of the answer to SELECT.

/// One record: one byte of tag, one of length, the value. What lies behind it is filling.
pub(crate) fn record(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let [tag, length, rest @ ..] = bytes else {
        return None;
    };
    Some((*tag, rest.get(..usize::from(*length))?))
}

/// The algorithm that the file control information names: tag 86 in 9F0C in A5 in 6F. 01 is DES, 02 SSF33, 03 SM4; cards
/// before 3.0 name none.
pub(crate) fn algorithm(control_information: &[u8]) -> Option<u8> {
    let template = find(control_information, 0x6F)?;
    let proprietary = find(template, 0xA5)?;
    let discretionary = find(proprietary, 0x9F0C)?;
    match find(discretionary, 0x86)? {
        [algorithm] => Some(*algorithm),
        _ => None,
    }
}

/// The value of the first element with this tag at this level.
fn find(mut bytes: &[u8], wanted: u16) -> Option<&[u8]> {
    while !bytes.is_empty() {
        let (tag, value, rest) = element(bytes)?;
        if tag == wanted {
            return Some(value);
        }
        bytes = rest;
    }
    None
}

/// Tag of one or two bytes, length of one to three, value, and what follows.
fn element(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (tag, rest) = if first & 0x1F == 0x1F {
        let (second, rest) = rest.split_first()?;
        (u16::from_be_bytes([*first, *second]), rest)
    } else {
        (u16::from(*first), rest)
    };
    let (length, rest) = match rest {
        [length @ 0..=0x7F, rest @ ..] | [0x81, length, rest @ ..] => (usize::from(*length), rest),
        [0x82, high, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        _ => return None,
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((tag, value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::hex;

    #[test]
    fn a_record_is_tag_length_value() {
        assert_eq!(record(&[0x02, 0x01, 0x33]), Some((0x02, &[0x33][..])));
        assert_eq!(
            record(&[0x02, 0x01, 0x33, 0xFF, 0xFF]),
            Some((0x02, &[0x33][..]))
        );
        assert_eq!(record(&[0x02, 0x00]), Some((0x02, &[][..])));
        assert_eq!(record(&[0x02, 0x02, 0x33]), None);
        assert_eq!(record(&[0x02]), None);
        assert_eq!(record(&[]), None);
    }

    #[test]
    fn the_algorithm_is_found_in_a_real_3_0_cards_answer() {
        let real = hex::decode("6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C03860103")
            .expect("hexadecimal");
        assert_eq!(algorithm(&real), Some(3));
        let earlier =
            hex::decode("6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388011E").expect("hexadecimal");
        assert_eq!(algorithm(&earlier), None);
    }

    #[test]
    fn lengths_that_run_past_the_end_find_nothing() {
        for text in [
            "6F",
            "6F1C",
            "6FFF00",
            "6F81",
            "6F82FF",
            "6F8400000000",
            "6F05A5039F0C05",
            "1F",
        ] {
            assert_eq!(
                algorithm(&hex::decode(text).expect("hexadecimal")),
                None,
                "{text}"
            );
        }
    }
}

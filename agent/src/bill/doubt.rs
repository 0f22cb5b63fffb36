//! Codes that no catalogue has: what they were before they were damaged, as far as the catalogue can tell.

use rules::ItemCode;

/// Characters that may be cut off as a suffix without a sign before it.
const LONGEST_SUFFIX: usize = 4;

/// A code shorter than this says too little to guess from.
const SHORTEST_STEM: usize = 6;

/// How a listed code is related to the one on the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kin {
    /// The same letters in another case.
    Case,
    /// The same with zeros before it: a spreadsheet took it for a number.
    Zeros,
    /// The same without what stands behind it.
    Suffix,
}

/// A code on the bill and the listed one that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    /// How it is related.
    pub kin: Kin,
    /// The catalogue's code.
    pub listed: ItemCode,
}

/// What related codes have in common: no zeros before them, letters of one case.
pub(crate) fn shape(code: &str) -> String {
    code.trim_start_matches('0').to_ascii_uppercase()
}

/// Every shape under which a relative of this code may be listed.
pub(crate) fn shapes(code: &str) -> Vec<String> {
    let mut shapes: Vec<String> = std::iter::once(code)
        .chain(stems(code))
        .map(shape)
        .filter(|shape| !shape.is_empty())
        .collect();
    shapes.dedup();
    shapes
}

/// The code without one suffix or another, the longest first.
fn stems(code: &str) -> impl Iterator<Item = &str> {
    let signed = code
        .rfind(|c: char| !c.is_ascii_alphanumeric())
        .and_then(|at| code.get(..at));
    let bare = (1..=LONGEST_SUFFIX).filter_map(|cut| code.get(..code.len().checked_sub(cut)?));
    signed
        .into_iter()
        .chain(bare)
        .filter(|stem| stem.len() >= SHORTEST_STEM)
}

/// How `listed` is related to `code`; none where it is not, or is the same.
pub(crate) fn kin(code: &str, listed: &str) -> Option<Kin> {
    if code == listed {
        None
    } else if code.eq_ignore_ascii_case(listed) {
        Some(Kin::Case)
    } else if shape(code) == shape(listed) {
        Some(Kin::Zeros)
    } else if stems(code).any(|stem| shape(stem) == shape(listed)) {
        Some(Kin::Suffix)
    } else {
        None
    }
}

/// The nearest relative of a code among listed ones; none where several are as near.
pub(crate) fn nearest<'c>(
    code: &ItemCode,
    listed: impl Iterator<Item = &'c ItemCode>,
) -> Option<Relative> {
    let mut related: Vec<(Kin, &ItemCode)> = listed
        .filter_map(|listed| Some((kin(code.as_str(), listed.as_str())?, listed)))
        .collect();
    related.sort_unstable();
    related.dedup();
    let (kin, listed) = *related.first()?;
    if related.get(1).is_some_and(|(next, _)| *next == kin) {
        return None;
    }
    Some(Relative {
        kin,
        listed: listed.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relatives_are_found_by_their_shape() {
        for (code, listed, expected) in [
            ("1101001020000", "001101001020000", Some(Kin::Zeros)),
            (
                "xb05bca101a001010100001",
                "XB05BCA101A001010100001",
                Some(Kin::Case),
            ),
            ("001101001020000-1", "001101001020000", Some(Kin::Suffix)),
            ("001101001020000A", "001101001020000", Some(Kin::Suffix)),
            ("1101001020000/03", "001101001020000", Some(Kin::Suffix)),
            ("001101001020000", "001101001020000", None),
            ("001101001020000", "001101001030000", None),
            ("A1", "A", None),
        ] {
            assert_eq!(kin(code, listed), expected, "{code}");
            let found = shapes(code).contains(&shape(listed));
            assert_eq!(found, expected.is_some() || code == listed, "{code}");
        }
    }

    #[test]
    fn of_several_relatives_none_is_taken() {
        let codes = |texts: &[&str]| -> Vec<ItemCode> {
            texts
                .iter()
                .map(|text| ItemCode::parse(text).unwrap())
                .collect()
        };
        let nearest = |code: &str, listed: &[&str]| {
            let listed = codes(listed);
            nearest(&ItemCode::parse(code).unwrap(), listed.iter())
                .map(|found| (found.kin, found.listed.as_str().to_owned()))
        };
        assert_eq!(nearest("ab", &["AB", "aB"]), None);
        assert_eq!(nearest("110100", &["00110100", "0110100"]), None);
        assert_eq!(
            nearest("110100a", &["110100A", "0110100"]),
            Some((Kin::Case, "110100A".to_owned()))
        );
        assert_eq!(nearest("XX", &["AB"]), None);
    }
}

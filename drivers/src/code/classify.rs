//! One code: right, wrong and which, or no code at all; good once and for a minute.

use std::fmt;
use std::time::Duration;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{CodeKind, Patterns};

/// The string of an electronic social security card: opaque, verified by the platform, wiped from memory after use.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct CardCode(String);

impl CardCode {
    /// The string, to be sent to the platform and nowhere else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CardCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardCode(redacted)")
    }
}

/// What a code is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Classified {
    /// Possibly an electronic social security card: the platform will tell. `hint` where a pattern says that it is one.
    CardCode {
        /// The code.
        token: CardCode,
        /// The pattern that fits, never a wrong kind.
        hint: Option<CodeKind>,
    },
    /// Not it.
    Rejected(Rejected),
}

impl Classified {
    /// The kind that a pattern takes it for.
    pub fn kind(&self) -> Option<CodeKind> {
        match self {
            Self::CardCode { hint, .. } => *hint,
            Self::Rejected(Rejected::WrongKind(kind)) => Some(*kind),
            Self::Rejected(
                Rejected::TooShort
                | Rejected::TooLong
                | Rejected::Unended
                | Rejected::Chinese
                | Rejected::Garbage,
            ) => None,
        }
    }
}

/// Why a code is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// A code known to be of another kind.
    #[error("a code of another kind: {0:?}")]
    WrongKind(CodeKind),
    /// Nothing, or a few characters only.
    #[error("the code is shorter than any token")]
    TooShort,
    /// Longer than any code.
    #[error("the code is longer than any token")]
    TooLong,
    /// A code without the line end that the scanner was to send.
    #[error("the code came without its line end")]
    Unended,
    /// Chinese characters: an input method has turned the keys into words, or the code is a text.
    #[error("the code holds Chinese characters")]
    Chinese,
    /// Bytes that no code has: a wrong speed, a broken cable, another device.
    #[error("the code holds characters that no code has")]
    Garbage,
}

/// No token is shorter; what is, is a slip of the finger.
const SHORTEST: usize = 8;
/// A QR code holds at most 4296 alphanumeric characters.
const LONGEST: usize = 4_296;

/// Says what `code` is. The same for a scanner's line and for what a keyboard-wedge scanner types into the page: spaces and line
/// ends, around it or inside, come from scanners and input methods, since no code has any, and full-width characters (U+FF01 to
/// U+FF5E) are meant as ASCII. Only a pattern of one's own that fits with its spaces keeps them.
pub fn classify(code: &str, patterns: &Patterns) -> Classified {
    let code: Zeroizing<String> = Zeroizing::new(code.trim().chars().map(narrow).collect());
    if code.len() > LONGEST {
        return Classified::Rejected(Rejected::TooLong);
    }
    if code.chars().any(is_chinese) {
        return Classified::Rejected(Rejected::Chinese);
    }
    if !code
        .bytes()
        .all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace())
    {
        return Classified::Rejected(Rejected::Garbage);
    }
    let closed: Zeroizing<String> =
        Zeroizing::new(code.chars().filter(|c| !c.is_ascii_whitespace()).collect());
    let code = if patterns.kind_of(&code).is_some() {
        code
    } else {
        closed
    };
    match patterns.kind_of(&code) {
        Some(kind) if kind.is_wrong() => Classified::Rejected(Rejected::WrongKind(kind)),
        None if code.len() < SHORTEST => Classified::Rejected(Rejected::TooShort),
        hint => Classified::CardCode {
            token: CardCode(patterns.in_its_case(&code)),
            hint,
        },
    }
}

/// A full-width character as the ASCII one that it means.
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(c) - 0xFF01 + u32::from('!')).unwrap_or(c)
        }
        _ => c,
    }
}

/// Han characters and the punctuation that Chinese input methods write.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{303F}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
        || matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·' | '￥')
}

/// A token with the time of its scan: it counts once, and not for long.
#[derive(Debug, PartialEq, Eq)]
pub struct ScannedCode {
    token: CardCode,
    scanned_at: Duration,
}

/// The code on the phone has changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the code was scanned {age:?} ago, more than {limit:?}")]
pub struct TooOld {
    /// How long ago.
    pub age: Duration,
    /// The limit.
    pub limit: Duration,
}

impl ScannedCode {
    /// The code changes about every minute.
    pub const USUAL_LIMIT: Duration = Duration::from_mins(1);

    /// A token scanned at this time of `CLOCK_BOOTTIME`, which goes on while the PC sleeps.
    pub fn new(token: CardCode, scanned_at: Duration) -> Self {
        Self { token, scanned_at }
    }

    /// Gives the token away, once, unless it is older than `limit` at `now` (`CLOCK_BOOTTIME`).
    ///
    /// # Errors
    ///
    /// [`TooOld`]; the token is wiped.
    pub fn redeem(self, now: Duration, limit: Duration) -> Result<CardCode, TooOld> {
        let age = now.saturating_sub(self.scanned_at);
        if age > limit {
            Err(TooOld { age, limit })
        } else {
            Ok(self.token)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Alphabet, Form, Pattern};

    fn kind(code: &str) -> Result<(), Rejected> {
        match classify(code, &Patterns::default()) {
            Classified::CardCode { .. } => Ok(()),
            Classified::Rejected(rejected) => Err(rejected),
        }
    }

    #[test]
    fn codes_of_another_kind_are_named() {
        let health = format!("{}:1", "0123456789abcdefABCDEF0123456789".repeat(2));
        assert_eq!(
            kind(&health),
            Err(Rejected::WrongKind(CodeKind::HealthCard))
        );
        assert_eq!(
            kind("11010519491231002x"),
            Err(Rejected::WrongKind(CodeKind::IdentityNumber))
        );
        assert_eq!(
            kind("HTTPS://example.org/q?x=1"),
            Err(Rejected::WrongKind(CodeKind::WebAddress))
        );
        assert_eq!(
            kind("6901234567892"),
            Err(Rejected::WrongKind(CodeKind::Barcode))
        );
        assert_eq!(
            kind("83012345678901234567"),
            Err(Rejected::WrongKind(CodeKind::Barcode))
        );
    }

    #[test]
    fn what_only_resembles_a_wrong_code_is_left_to_the_platform() {
        let health = format!("{}:2", "0123456789abcdefABCDEF0123456789".repeat(2));
        for code in [
            &health,
            "110105194912310021",
            "6901234567891",
            "73012345678901234567",
            "httpx://a.example",
        ] {
            assert_eq!(kind(code), Ok(()), "{code}");
        }
    }

    #[test]
    fn slips_garbage_and_endless_codes_are_refused() {
        assert_eq!(kind(""), Err(Rejected::TooShort));
        assert_eq!(kind("abc1234"), Err(Rejected::TooShort));
        assert_eq!(kind("abcdefgh\u{1}"), Err(Rejected::Garbage));
        assert_eq!(kind("电子社保卡二维码"), Err(Rejected::Chinese));
        assert_eq!(kind("ab12。cd34"), Err(Rejected::Chinese));
        assert_eq!(kind("abcdefgh\u{FFFD}"), Err(Rejected::Garbage));
        assert_eq!(kind(&"a".repeat(4_297)), Err(Rejected::TooLong));
    }

    /// The code that is sent to the province.
    fn token(code: &str, patterns: &Patterns) -> String {
        match classify(code, patterns) {
            Classified::CardCode { token, .. } => token.expose().to_owned(),
            Classified::Rejected(rejected) => format!("{rejected:?}"),
        }
    }

    #[test]
    fn what_scanners_and_input_methods_add_is_taken_away() {
        for code in [
            "ABCD1234efgh",
            " ABCD1234efgh\r\n",
            "ABCD1234efgh\r\r",
            "ABCD1234efgh\r\n\r\n",
            "ABCD 1234 efgh",
            "ABCD\t1234efgh",
            "\u{3000}ABCD1234efgh\u{3000}",
            "ＡＢＣＤ１２３４ｅｆｇｈ",
            "ABCD１２３４\u{3000}efgh",
        ] {
            assert_eq!(
                token(code, &Patterns::default()),
                "ABCD1234efgh",
                "{code:?}"
            );
        }
        assert_eq!(
            kind("6901 2345 67892"),
            Err(Rejected::WrongKind(CodeKind::Barcode))
        );
        assert_eq!(
            kind("１１０１０５１９４９１２３１００２Ｘ"),
            Err(Rejected::WrongKind(CodeKind::IdentityNumber))
        );
    }

    #[test]
    fn a_code_whose_letters_changed_case_is_turned_back_where_its_beginning_tells() {
        let ours = |prefix: &str| {
            Patterns::before_built_in(vec![Pattern {
                kind: CodeKind::ElectronicSocialSecurityCard,
                form: Form::Characters {
                    prefix: prefix.into(),
                    alphabet: Alphabet::Alphanumeric,
                    least: 4,
                    most: 40,
                    suffix: String::new(),
                },
            }])
        };
        for (prefix, code, expected) in [
            ("SSC", "SSCab12CD", "SSCab12CD"),
            // Caps Lock was on.
            ("SSC", "sscAB12cd", "SSCab12CD"),
            // Neither as it is nor turned round: left to the province.
            ("SSC", "SsCab12cd", "SsCab12cd"),
            ("42", "42ab12CD", "42ab12CD"),
        ] {
            assert_eq!(token(code, &ours(prefix)), expected);
        }
    }

    #[test]
    fn the_first_pattern_that_fits_decides() {
        let form = Form::Characters {
            prefix: "69".into(),
            alphabet: Alphabet::Digits,
            least: 11,
            most: 11,
            suffix: String::new(),
        };
        let ours = Pattern {
            kind: CodeKind::ElectronicSocialSecurityCard,
            form: form.clone(),
        };
        let theirs = Pattern {
            kind: CodeKind::MedicalInsurance,
            form,
        };
        let code = "6901234567892";
        let Classified::CardCode { token, hint } =
            classify(code, &Patterns::new(vec![ours.clone(), theirs.clone()]))
        else {
            panic!("taken");
        };
        assert_eq!(
            (token.expose(), hint),
            (code, Some(CodeKind::ElectronicSocialSecurityCard))
        );
        let other_order = classify(code, &Patterns::new(vec![theirs, ours]));
        assert_eq!(
            other_order,
            Classified::Rejected(Rejected::WrongKind(CodeKind::MedicalInsurance))
        );
    }

    #[test]
    fn a_token_is_good_for_a_minute_and_never_shown() {
        let token = || CardCode("a-token-of-the-phone".into());
        let scanned = || ScannedCode::new(token(), Duration::from_secs(100));
        let limit = ScannedCode::USUAL_LIMIT;
        assert_eq!(
            scanned().redeem(Duration::from_secs(160), limit),
            Ok(token())
        );
        let age = Duration::from_secs(61);
        assert_eq!(
            scanned().redeem(Duration::from_secs(161), limit),
            Err(TooOld { age, limit })
        );
        assert!(!format!("{:?}", scanned()).contains("phone"));
    }
}

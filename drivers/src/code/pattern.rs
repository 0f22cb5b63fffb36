//! The ordered list of patterns that tells which kind of code was shown.
//!
//! No public source tells the layout of the electronic social security card's string: it is whatever no pattern knows as
//! something else. A pattern describes length, alphabet, beginning and end; that is what the codes differ by.

use serde::Deserialize;

use crate::card::SocialSecurityNumber;

/// Which code was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// 电子社保卡: the right one, as a pattern of the configuration says.
    ElectronicSocialSecurityCard,
    /// 医保电子凭证.
    MedicalInsurance,
    /// 电子健康卡.
    HealthCard,
    /// An identity number, typed or from a printed code.
    IdentityNumber,
    /// A web address.
    WebAddress,
    /// A drug's or another ware's barcode.
    Barcode,
}

impl CodeKind {
    /// Whether this kind is known to be the wrong one.
    pub fn is_wrong(self) -> bool {
        match self {
            Self::ElectronicSocialSecurityCard => false,
            Self::MedicalInsurance
            | Self::HealthCard
            | Self::IdentityNumber
            | Self::WebAddress
            | Self::Barcode => true,
        }
    }
}

/// Which characters a code consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alphabet {
    /// 0 to 9.
    Digits,
    /// 0 to 9, A to F, a to f.
    Hexadecimal,
    /// Letters and digits.
    Alphanumeric,
    /// Whatever can be seen, ASCII.
    Visible,
}

impl Alphabet {
    fn holds(self, byte: u8) -> bool {
        match self {
            Self::Digits => byte.is_ascii_digit(),
            Self::Hexadecimal => byte.is_ascii_hexdigit(),
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::Visible => byte.is_ascii_graphic(),
        }
    }
}

/// How a code looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// `prefix`, then `least` to `most` characters of the alphabet, then `suffix`; letters of either case.
    Characters {
        /// What it begins with.
        prefix: String,
        /// What lies between consists of.
        alphabet: Alphabet,
        /// The fewest of them.
        least: usize,
        /// The most of them.
        most: usize,
        /// What it ends with.
        suffix: String,
    },
    /// 18 characters with the check digit of GB 11643.
    IdentityNumber,
    /// 8, 12 or 13 digits with the check digit of GB 12904 (EAN, UPC).
    ArticleNumber,
}

/// One pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// What it means.
    pub kind: CodeKind,
    /// How it looks.
    pub form: Form,
}

/// Patterns in the order in which they are tried; the first that fits decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patterns(Vec<Pattern>);

impl Patterns {
    /// A list of one's own.
    pub fn new(patterns: Vec<Pattern>) -> Self {
        Self(patterns)
    }

    /// These first, then the built-in ones: a pattern of one's own overrules them.
    pub fn before_built_in(mut patterns: Vec<Pattern>) -> Self {
        patterns.extend(Self::default().0);
        Self(patterns)
    }

    /// What the first one that fits means.
    pub(super) fn kind_of(&self, code: &str) -> Option<CodeKind> {
        self.first(code).map(|pattern| pattern.kind)
    }

    /// The code with its letters in the case in which they were, where a pattern's beginning shows that each was turned round:
    /// Caps Lock was on.
    pub(super) fn in_its_case(&self, code: &str) -> String {
        let turned: String = code.chars().map(turned).collect();
        match self.first(code).map(|pattern| &pattern.form) {
            Some(Form::Characters { prefix, .. })
                if !code.starts_with(prefix) && turned.starts_with(prefix) =>
            {
                turned
            }
            Some(Form::Characters { .. } | Form::IdentityNumber | Form::ArticleNumber) | None => {
                code.to_owned()
            }
        }
    }

    fn first(&self, code: &str) -> Option<&Pattern> {
        self.0.iter().find(|pattern| pattern.form.fits(code))
    }
}

/// The letter in its other case.
fn turned(c: char) -> char {
    if c.is_ascii_lowercase() {
        c.to_ascii_uppercase()
    } else {
        c.to_ascii_lowercase()
    }
}

impl Default for Patterns {
    /// What is known for sure: health cards (64 hexadecimal digits and `:1`), identity numbers, web addresses, article
    /// numbers, and drug tracing codes (20 digits beginning with 8). The layouts of 医保电子凭证 and 电子社保卡 are not public.
    fn default() -> Self {
        let characters =
            |prefix: &str, alphabet, length: (usize, usize), suffix: &str| Form::Characters {
                prefix: prefix.into(),
                alphabet,
                least: length.0,
                most: length.1,
                suffix: suffix.into(),
            };
        let pattern = |kind, form| Pattern { kind, form };
        Self(vec![
            pattern(
                CodeKind::HealthCard,
                characters("", Alphabet::Hexadecimal, (64, 64), ":1"),
            ),
            pattern(CodeKind::IdentityNumber, Form::IdentityNumber),
            pattern(
                CodeKind::WebAddress,
                characters("http://", Alphabet::Visible, (1, 4096), ""),
            ),
            pattern(
                CodeKind::WebAddress,
                characters("https://", Alphabet::Visible, (1, 4096), ""),
            ),
            pattern(CodeKind::Barcode, Form::ArticleNumber),
            pattern(
                CodeKind::Barcode,
                characters("8", Alphabet::Digits, (19, 19), ""),
            ),
        ])
    }
}

impl Form {
    fn fits(&self, code: &str) -> bool {
        match self {
            Self::Characters {
                prefix,
                alphabet,
                least,
                most,
                suffix,
            } => {
                let bytes = code.as_bytes();
                let begins = |bytes: &[u8]| {
                    bytes
                        .get(..prefix.len())
                        .is_some_and(|b| b.eq_ignore_ascii_case(prefix.as_bytes()))
                };
                let Some(end) = bytes.len().checked_sub(suffix.len()) else {
                    return false;
                };
                let (head, tail) = bytes.split_at(end);
                if !begins(head) || !tail.eq_ignore_ascii_case(suffix.as_bytes()) {
                    return false;
                }
                let middle = &head[prefix.len()..];
                (*least..=*most).contains(&middle.len())
                    && middle.iter().all(|byte| alphabet.holds(*byte))
            }
            Self::IdentityNumber => {
                SocialSecurityNumber::parse(code).is_ok_and(|n| n.has_right_check_digit())
            }
            Self::ArticleNumber => {
                matches!(code.len(), 8 | 12 | 13) && has_article_check_digit(code.as_bytes())
            }
        }
    }
}

/// From the right, without the check digit: weights 3, 1, 3, 1 …; the sum and the check digit make a multiple of 10.
fn has_article_check_digit(digits: &[u8]) -> bool {
    let mut sum = 0;
    for (place, byte) in digits.iter().rev().enumerate() {
        let Some(digit) = char::from(*byte).to_digit(10) else {
            return false;
        };
        sum += if place % 2 == 1 { digit * 3 } else { digit };
    }
    sum % 10 == 0
}

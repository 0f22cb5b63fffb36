//! The worker as the registry knows them, and what was presented at the counter.

use std::collections::BTreeSet;
use std::fmt;

use super::division::DivisionCode;
use crate::named::{named_enum, redacted_text};

redacted_text! {
    /// 社会保障号码: the citizen's 18 characters, or another number the agency gave. Its `Debug` shows nothing.
    pub struct SocialSecurityNumber, "社会保障号码不能为空"
}

impl SocialSecurityNumber {
    /// The same number, but for the case of a final x.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.as_str(), other.as_str());
        ours == theirs
            || match (
                ours.strip_suffix(['x', 'X']),
                theirs.strip_suffix(['x', 'X']),
            ) {
                (Some(ours), Some(theirs)) => ours == theirs,
                (Some(_) | None, _) => false,
            }
    }

    /// Whether it has 18 characters and fails GB 11643's check digit (ISO 7064 MOD 11-2). Other lengths are not checked.
    pub fn fails_its_check_digit(&self) -> bool {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        const CHECK: [u8; 11] = *b"10X98765432";
        if self.as_str().chars().count() != 18 {
            return false;
        }
        let Ok(characters) = <[u8; 18]>::try_from(self.as_str().as_bytes()) else {
            return true;
        };
        let mut sum = 0;
        for (digit, weight) in characters.iter().zip(WEIGHTS) {
            if !digit.is_ascii_digit() {
                return true;
            }
            sum += u32::from(digit - b'0') * weight;
        }
        CHECK[(sum % 11) as usize] != characters[17].to_ascii_uppercase()
    }
}

/// A person's name as a card or the registry has it. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(Box<str>);

impl PersonName {
    /// Takes any text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text itself: for a screen, a slip or an upload, never for a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same name once full-width forms (U+FF01 to U+FF5E) are ASCII and white space and the dots between a name's parts are
    /// gone. Case counts; nothing fuzzier.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.0 == other.0 || letters(&self.0).eq(letters(&other.0))
    }
}

/// What counts of a name.
fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().map(half_width).filter(|letter| {
        let dot = matches!(
            letter,
            '\u{B7}'
                | '\u{2022}'
                | '\u{30FB}'
                | '\u{FF65}'
                | '\u{2027}'
                | '\u{2219}'
                | '\u{22C5}'
                | '.'
        );
        !dot && !letter.is_whitespace()
    })
}

fn half_width(letter: char) -> char {
    match letter {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        '\0'..='\u{FF00}' | '\u{FF5F}'..=char::MAX => letter,
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

named_enum! {
    /// What a credential is.
    pub enum CredentialKind {
        /// 社会保障卡, in a reader.
        SocialSecurityCard = "social_security_card",
        /// 电子社保卡, its code scanned.
        ElectronicSocialSecurityCard = "electronic_social_security_card",
        /// 居民身份证: opens a visit, never settles one.
        IdentityCard = "identity_card",
    }
}

impl CredentialKind {
    /// Whether it settles, and is confirmed before it does (national 45, notice 6(3)).
    pub const fn settles(self) -> bool {
        match self {
            Self::SocialSecurityCard | Self::ElectronicSocialSecurityCard => true,
            Self::IdentityCard => false,
        }
    }
}

named_enum! {
    /// Why a card or code that was presented says nobody.
    pub enum CredentialFault {
        /// It cannot be read.
        Credential = "credential",
        /// The province rejects it: unknown, lost, void, forged.
        Denied = "denied",
        /// Only the province could have told whose it is, and does not answer.
        Network = "network",
    }
}

named_enum! {
    /// By whom a card or code was confirmed (rule B06).
    pub enum Verified {
        /// By the province or a PSAM, for this presentation.
        Now = "now",
        /// The same card as the province confirmed for this visit before.
        Earlier = "earlier",
        /// By nobody.
        No = "no",
    }
}

/// What was presented at the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// Nothing that identifies the worker.
    Nothing {
        /// What was wrong with a card or code, where one was presented.
        fault: Option<CredentialFault>,
    },
    /// A card or code whose holder is known.
    Presented {
        /// Which one.
        kind: CredentialKind,
        /// The holder's number.
        social_security_number: SocialSecurityNumber,
        /// The holder's name.
        name: PersonName,
        /// By whom it was confirmed; never for an identity card.
        verified: Verified,
    },
}

/// What a card says of its holder, where somebody else named the holder of the case: a card proves nothing, and is held
/// against the registry all the same (rule B02).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnCard {
    /// The number on it.
    pub social_security_number: SocialSecurityNumber,
    /// The name on it, where it can be read.
    pub name: Option<PersonName>,
}

named_enum! {
    /// 统筹层次: whether the insured place is a prefecture or the whole province (Hunan 2¶3).
    pub enum InsuredLevel {
        /// Insured in a prefecture.
        Prefecture = "prefecture",
        /// 省本级.
        Province = "province",
    }
}

named_enum! {
    /// What the agency has confirmed of the injury (national 4, Hunan 4).
    pub enum Confirmation {
        /// 工伤认定.
        InjuryRecognition = "injury_recognition",
        /// 工伤复发确认.
        Recurrence = "recurrence",
        /// 工伤康复确认.
        Rehabilitation = "rehabilitation",
        /// 辅助器具配置确认.
        AssistiveDevice = "assistive_device",
        /// 原工伤部位继续治疗 (Hunan 4).
        ContinuedTreatment = "continued_treatment",
        /// 老工伤 (Hunan 2¶2).
        LegacyInjury = "legacy_injury",
    }
}

named_enum! {
    /// 待遇资格, as the registry last knew it.
    pub enum Eligibility {
        /// Entitled.
        Eligible = "eligible",
        /// No longer entitled (Hunan 13¶2).
        Lost = "lost",
        /// The registry does not say.
        Unknown = "unknown",
    }
}

/// The worker's record in the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// 社会保障号码.
    pub social_security_number: SocialSecurityNumber,
    /// 姓名.
    pub name: PersonName,
    /// 参保地.
    pub insured_division: DivisionCode,
    /// Prefecture, or the province itself.
    pub insured_level: InsuredLevel,
    /// What has been confirmed.
    pub confirmations: BTreeSet<Confirmation>,
    /// Whether still entitled.
    pub eligibility: Eligibility,
    /// Direct settlement suspended for this person (national 49, Hunan 30).
    pub suspended: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> SocialSecurityNumber {
        SocialSecurityNumber::parse(text).unwrap()
    }

    #[test]
    fn numbers_agree_but_for_the_case_of_a_final_x() {
        assert!(number("11010519491231002X").agrees_with(&number("11010519491231002x")));
        assert!(number("Ax").agrees_with(&number("AX")));
        for (ours, theirs) in [
            ("ax1", "aX1"),
            ("1X", "1"),
            ("aX", "Ax"),
            ("1", "2"),
            ("xX", "X"),
        ] {
            assert!(
                !number(ours).agrees_with(&number(theirs)),
                "{ours} {theirs}"
            );
        }
    }

    #[test]
    fn the_check_digit_is_asked_of_eighteen_characters_only() {
        for text in [
            "650102199003070013",
            "11010519491231002X",
            "11010519491231002x",
            "M1234567",
            "810000",
        ] {
            assert!(!number(text).fails_its_check_digit(), "{text}");
        }
        for text in [
            "810000199003070019",
            "110105194912310021",
            "一二三四五六七八九十一二三四五六七八",
            "1101051949123100２X",
            "ABCDEFGHIJKLMNOPQX",
        ] {
            assert!(number(text).fails_its_check_digit(), "{text}");
        }
    }

    #[test]
    fn names_agree_once_widths_spaces_and_dots_are_gone() {
        for (ours, theirs) in [
            ("阿依古丽·买买提", "阿依古丽•买买提"),
            ("阿依古丽・买买提", "阿依古丽．买买提"),
            ("阿依古丽･买‧买∙提", "阿依古丽⋅买买提"),
            ("张　三", "张三"),
            ("Ａｎｎａ Lee", "AnnaLee"),
            ("李\u{2003}四\u{A0}", "李四"),
            ("", " · "),
        ] {
            assert!(
                PersonName::new(ours).agrees_with(&PersonName::new(theirs)),
                "{ours} {theirs}"
            );
        }
        for (ours, theirs) in [
            ("Anna", "anna"),
            ("测试一", "测式一"),
            ("李四", "李\u{200B}四"),
            ("张-三", "张三"),
            ("王", "王\u{FF5F}"),
        ] {
            assert!(
                !PersonName::new(ours).agrees_with(&PersonName::new(theirs)),
                "{ours} {theirs}"
            );
        }
    }

    #[test]
    fn numbers_and_names_do_not_print() {
        assert_eq!(
            format!("{:?}", number("11010519491231002X")),
            "SocialSecurityNumber(…)"
        );
        assert_eq!(format!("{:?}", PersonName::new("张三")), "PersonName(…)");
    }
}

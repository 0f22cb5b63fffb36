//! Passwords: which may be chosen, how they are kept, and those that are handed out once.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use super::error::{PasswordFault, StaffError};
use crate::counter::error::CounterError;
use crate::random;
use crate::records::staff::StaffNumber;
use crate::redacted::closed_debug;
use crate::settings;
use crate::visible_text::is_unseen;

/// The longest password, in characters.
const LONGEST: usize = 64;

/// Memory in KiB, passes, lanes: what OWASP names for argon2id.
const COST: (u32, u32, u32) = (19_456, 2, 1);

/// What a password that is handed out is written with: no two of these are mistaken for one another.
const CLEAR: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";

/// A password as somebody types it. It is wiped from memory when it is dropped.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

closed_debug!(Password);

impl Password {
    /// This text.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// A new one to be handed out, twelve characters in threes of four.
    pub(crate) fn random() -> Result<Self, CounterError> {
        let mut text = Zeroizing::new(String::new());
        let mut letters = 0;
        while letters < 12 {
            for byte in random::bytes::<32>()? {
                // Every letter as likely as any other.
                let Some(letter) = (byte < 248).then(|| CLEAR[usize::from(byte) % CLEAR.len()])
                else {
                    continue;
                };
                if letters == 12 {
                    break;
                }
                if letters > 0 && letters % 4 == 0 {
                    text.push('-');
                }
                text.push(char::from(letter));
                letters += 1;
            }
        }
        Ok(Self(text))
    }

    /// The text, to be shown to whom it is handed out.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether it is the same text.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// Its hash as a PHC string. Takes a tenth of a second.
    pub(crate) fn hash(&self) -> Result<String, CounterError> {
        let salt = random::bytes::<16>()?;
        let (memory, passes, lanes) = COST;
        let failed = |error: String| CounterError::Staff(StaffError::Hash(error));
        let params =
            Params::new(memory, passes, lanes, None).map_err(|error| failed(error.to_string()))?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_with_salt(self.0.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|error| failed(error.to_string()))
    }

    /// Whether this is the password of the hash. Takes as long.
    pub(crate) fn is_of(&self, hash: &str) -> bool {
        Argon2::default()
            .verify_password(self.0.as_bytes(), hash)
            .is_ok()
    }

    /// Whether it may be chosen, as far as that can be seen without its earlier ones.
    pub(crate) fn require_good(
        &self,
        rules: &settings::Staff,
        (number, name): (&StaffNumber, &str),
    ) -> Result<(), PasswordFault> {
        let length = self.0.chars().count();
        let least = rules.password_length;
        if length < usize::from(least) {
            return Err(PasswordFault::Short { least });
        }
        if length > LONGEST {
            return Err(PasswordFault::Long);
        }
        if self.0.chars().any(is_unseen) {
            return Err(PasswordFault::Unseen);
        }
        let kinds = rules.password_kinds;
        if self.kinds() < kinds {
            return Err(PasswordFault::Plain { kinds });
        }
        let plain = Zeroizing::new(self.0.to_ascii_uppercase());
        if plain.contains(number.as_str()) && number.as_str().len() > 2
            || plain.contains(&name.to_ascii_uppercase())
        {
            return Err(PasswordFault::OwnName);
        }
        Ok(())
    }

    fn kinds(&self) -> u8 {
        let kinds: [fn(char) -> bool; 4] = [
            char::is_uppercase,
            char::is_lowercase,
            |c| c.is_ascii_digit(),
            |c| !c.is_uppercase() && !c.is_lowercase() && !c.is_ascii_digit(),
        ];
        kinds
            .iter()
            .map(|kind| u8::from(self.0.chars().any(kind)))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(text: &str) -> Result<(), PasswordFault> {
        let number = StaffNumber::parse("A0017").unwrap();
        let password = Password::new(text.to_owned());
        password.require_good(&settings::Staff::default(), (&number, "张三"))
    }

    #[test]
    fn a_password_is_long_mixed_and_not_its_persons_own_name() {
        assert_eq!(good("Zhongnan-26"), Ok(()));
        assert_eq!(good("Ab3-efg"), Err(PasswordFault::Short { least: 8 }));
        assert_eq!(good(&"Ab3-".repeat(17)), Err(PasswordFault::Long));
        for plain in ["abcdefgh", "abcdefg1", "12345678", "ABCDEFG1"] {
            assert_eq!(
                good(plain),
                Err(PasswordFault::Plain { kinds: 3 }),
                "{plain}"
            );
        }
        assert_eq!(good("xX-a0017-"), Err(PasswordFault::OwnName));
        assert_eq!(good("Abc123张三"), Err(PasswordFault::OwnName));
        let latin = Password::new("26-Zhang-li".to_owned());
        let number = StaffNumber::parse("A0017").unwrap();
        let refused = latin.require_good(&settings::Staff::default(), (&number, "Zhang Li"));
        assert_eq!(refused, Ok(()), "the name is written otherwise");
        let refused = latin.require_good(&settings::Staff::default(), (&number, "Zhang"));
        assert_eq!(refused, Err(PasswordFault::OwnName));
        assert_eq!(good("Abc123\u{200b}-x"), Err(PasswordFault::Unseen));
    }

    #[test]
    fn a_hash_is_argon2id_salted_and_knows_its_own_password_alone() {
        let password = Password::new("Zhongnan-26".to_owned());
        let hash = password.hash().unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(password.is_of(&hash));
        assert!(!Password::new("zhongnan-26".to_owned()).is_of(&hash));
        assert!(!password.is_of("no hash"));
        assert_ne!(password.hash().unwrap(), hash);
        assert!(!format!("{password:?}").contains("Zhongnan"));
    }

    #[test]
    fn a_password_that_is_handed_out_is_twelve_clear_characters() {
        let (one, other) = (Password::random().unwrap(), Password::random().unwrap());
        assert_ne!(one.reveal(), other.reveal());
        let parts: Vec<&str> = one.reveal().split('-').collect();
        assert_eq!(parts.len(), 3);
        for part in parts {
            assert_eq!(part.len(), 4);
            assert!(part.bytes().all(|byte| CLEAR.contains(&byte)));
        }
    }
}

//! How the page names an upload in an address: its identifier, which could be guessed, with a tag that only this session can
//! have been given.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::guard::Cookie;

/// Hex digits of the tag: 64 bits.
const TAG: usize = 16;

/// The address's part for this message.
pub(super) fn of(cookie: &Cookie, message_id: &str) -> String {
    let tag = hex::encode(seal(cookie, message_id).finalize().into_bytes());
    format!("{message_id}-{}", &tag[..TAG])
}

/// The message that was named so, where the tag is this session's.
pub(super) fn message_id<'a>(cookie: &Cookie, handle: &'a str) -> Option<&'a str> {
    let (message_id, tag) = handle.rsplit_once('-')?;
    let tag = hex::decode(tag).ok().filter(|tag| tag.len() * 2 == TAG)?;
    seal(cookie, message_id)
        .verify_truncated_left(&tag)
        .is_ok()
        .then_some(message_id)
}

fn seal(cookie: &Cookie, message_id: &str) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut seal =
        Hmac::<Sha256>::new_from_slice(cookie.text.as_bytes()).expect("a key of any length");
    seal.update(b"upload");
    seal.update(message_id.as_bytes());
    seal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookie(text: &str) -> Cookie {
        Cookie {
            name: "name".to_owned(),
            text: text.to_owned(),
            user: 1_000,
        }
    }

    #[test]
    fn a_handle_serves_the_session_that_was_given_it() {
        let (own, another) = (cookie("00ff"), cookie("00fe"));
        let handle = of(&own, "H43010300001202612010816535101");
        assert_eq!(
            message_id(&own, &handle),
            Some("H43010300001202612010816535101")
        );
        assert_eq!(message_id(&another, &handle), None);
    }

    #[test]
    fn a_guessed_handle_names_nothing() {
        let own = cookie("00ff");
        let handle = of(&own, "H1");
        let (_, tag) = handle.rsplit_once('-').unwrap();
        for guessed in ["H1", "H1-", "H1-00", "H1-0000000000000000", "-"] {
            assert_eq!(message_id(&own, guessed), None, "{guessed}");
        }
        assert_eq!(message_id(&own, &format!("H2-{tag}")), None);
        assert_eq!(message_id(&own, &format!("H1-{}", &tag[..14])), None);
    }
}

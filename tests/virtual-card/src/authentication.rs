//! The computation on which the simulated card and the simulated province agree.
//!
//! A real 3.0 card and the province's HSM compute with the card's RKSSSE key, which is diversified inside the HSM from the
//! card id; neither keys nor diversification are public. Here an HMAC stands in for them: it has the same inputs and the
//! same length of output, so that the exchange on the wire is the real one though the cipher is not.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The key of every simulated card. It opens nothing real.
pub const TEST_KEY: [u8; 16] = *b"synthetic RKSSSE";

/// Who proves itself to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Internal authentication: the card proves itself to the province.
    Internal,
    /// External authentication: the province proves itself to the card.
    External,
}

/// The eight bytes that answer `raw` under `factor` for the card with this id: the first eight of
/// HMAC-SHA256([`TEST_KEY`], direction ‖ card id ‖ factor ‖ raw).
pub fn authentication_code(
    direction: Direction,
    card_id: &[u8; 16],
    factor: &[u8; 8],
    raw: &[u8; 8],
) -> [u8; 8] {
    // HMAC fills a key up to the hash's block with zeros; done here, so that its length is right by type.
    let mut block = [0; 64];
    block[..TEST_KEY.len()].copy_from_slice(&TEST_KEY);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(match direction {
        Direction::Internal => b"internal",
        Direction::External => b"external",
    });
    mac.update(card_id);
    mac.update(factor);
    mac.update(raw);
    let code = mac.finalize().into_bytes();
    let mut short = [0; 8];
    short.copy_from_slice(&code[..8]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_and_province_agree_on_eight_bytes() {
        // printf '%s' … | openssl dgst -sha256 -mac HMAC, computed apart from this code.
        let code = authentication_code(Direction::External, &[0x11; 16], &[0x22; 8], &[0x33; 8]);
        assert_eq!(hex::encode(code), "b7ebd25829b1d1fb");
        let code = authentication_code(Direction::Internal, &[0x11; 16], &[0x22; 8], &[0x33; 8]);
        assert_eq!(hex::encode(code), "3b8fd2fc3e356309");
    }
}

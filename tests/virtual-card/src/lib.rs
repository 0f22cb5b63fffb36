//! A social security card for the virtual PC/SC reader, byte for byte, and a private PC/SC service to put it into.
//!
//! [`Card`] answers commands as the cards of 《社会保障（个人）卡规范》 do; [`Variant`] lists the cards one meets.
//! [`Rig`] runs the real pcscd with Debian's virtual reader (vsmartcard-vpcd), and [`InsertedCard`] is a card in one of
//! its slots: it can be drawn out, stop answering, or talk nonsense.
//!
//! [`SerialDevice`] and [`IdentityCard`] stand at the far end of a serial line.
//!
//! All holders are synthetic.

mod asked;
mod authentication;
mod card;
mod files;
mod habit;
mod identity_reader;
mod inserted;
mod namespace;
mod rig;
mod serial_line;
mod variant;

pub use asked::Asked;
pub use authentication::{Direction, TEST_KEY, authentication_code};
pub use card::Card;
pub use files::Holder;
pub use identity_reader::IdentityCard;
pub use inserted::{InsertedCard, Trouble};
pub use namespace::{NotPrivate, require_private_namespace};
pub use rig::{Rig, RigError, Unplugged};
pub use serial_line::SerialDevice;
pub use variant::Variant;

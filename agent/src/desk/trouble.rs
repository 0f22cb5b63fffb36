//! Why a reader, or what was presented at it, is of no use: facts alone; people read what [`crate::wording::desk`] makes of them.

use std::sync::Arc;

use drivers::card::{OpenedBy, Remark, WithheldBecause};
use drivers::code::{Rejected, TooOld};
use drivers::identity_card::NotIdentityCard;
use drivers::reader::CardFault;
use drivers::serial::SerialFault;
use jiff::civil::Date;

use super::confirmation::ConfirmedBy;
use crate::province::PlatformError;

/// What is wrong with the card reader, or with the card in it.
#[derive(Debug, Clone)]
pub enum ReaderTrouble {
    /// Card, reader or service.
    Card(CardFault),
    /// The province does not accept the card.
    Denied(Arc<PlatformError>),
    /// Only the province could have told whose card it is, and it did not; with how the card was opened, or why it was not.
    Unnamed(Unanswered, OpenedBy),
    /// The card has no number by which the province could be asked: so many characters stand in its place, or none.
    NoCardNumber(Option<usize>),
}

/// Why the province names no holder.
#[derive(Debug, Clone)]
pub enum Unanswered {
    /// The card has no number to ask by.
    NoCardNumber,
    /// It answered, without a number that can be used.
    NoNumber,
    /// It did not answer the question.
    Failed(Arc<PlatformError>),
}

/// What is wrong with a scanner or an identity card reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceTrouble {
    /// The scanner's line.
    Scanner(SerialFault),
    /// The identity card reader's line.
    IdentityReader(SerialFault),
    /// The identity card reader is there and does not answer.
    IdentityReaderSilent,
    /// The system gives no thread for the device.
    NoThread(Device),
    /// A card reader beside the one that is in use, or the card in it.
    OtherReader(CardFault),
}

/// A device with a thread of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// A code scanner.
    Scanner,
    /// The identity card reader.
    IdentityReader,
}

/// Why something that was presented is not taken.
#[derive(Debug, Clone)]
pub enum Declined {
    /// Not a code of this kind, or not a whole one.
    Code(Rejected),
    /// A code that was scanned too long ago.
    CodeTooOld(TooOld),
    /// A code that was used before.
    CodeUsed,
    /// The province does not accept the code, or names no number for it.
    CodeRefused(Unanswered),
    /// The province did not say whose code it is.
    CodeNotVerified(Arc<PlatformError>),
    /// Not an identity card, or not a whole one.
    IdentityCard(NotIdentityCard),
    /// An identity card outside its validity: not a valid identity document (H16).
    IdentityCardOutsideValidity,
}

/// What the cashier should know of a card that can be used all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardRemark {
    /// By what it was confirmed.
    Confirmed(ConfirmedBy),
    /// What it says of its holder is not what the province says.
    Differs,
    /// Its holder could not be read from it.
    Withheld(WithheldBecause),
    /// It was valid until this day.
    Expired(Date),
    /// The driver's own remark.
    Odd(Remark),
    /// Its name, or the province's for its holder, had characters at former code points, which were made standard.
    FormerCharacters,
    /// In another reader lies another card, which was put in before this one: the readers' names.
    AnotherLies {
        /// Where this one lies.
        here: String,
        /// Where the other one lies.
        there: String,
    },
}

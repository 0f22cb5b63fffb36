//! PC/SC's error codes, as the situations they mean at the counter.

use crate::card::CardFault;

/// What a PC/SC error means for a read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// The service is gone: a new context is needed.
    Service,
    /// The reader says what is wrong.
    Known(CardFault),
    /// Another program reset the card, or switched it off, between two commands: worth another try.
    CardWasReset,
    /// Drawn out, unplugged, or broken: the reader's state will tell.
    Unclear(u32),
}

pub(super) fn classify(error: pcsc::Error) -> Failure {
    use pcsc::Error as E;
    const SERVICE: [E; 6] = [
        E::NoService,
        E::ServiceStopped,
        E::CommError,
        E::InvalidHandle,
        E::Shutdown,
        E::SystemCancelled,
    ];
    let known = |fault| Failure::Known(fault);
    if SERVICE.contains(&error) {
        Failure::Service
    } else if error == E::SharingViolation {
        known(CardFault::HeldByAnotherProgram)
    } else if [E::NoSmartcard, E::RemovedCard].contains(&error) {
        known(CardFault::DrawnOut)
    } else if [E::UnknownReader, E::ReaderUnavailable].contains(&error) {
        known(CardFault::ReaderUnplugged)
    } else if [E::UnresponsiveCard, E::UnsupportedCard].contains(&error) {
        known(CardFault::Mute)
    } else if [E::ResetCard, E::UnpoweredCard, E::ProtoMismatch].contains(&error) {
        // A program that ends while it has the card takes its power along: pcscd then knows no protocol any more.
        Failure::CardWasReset
    } else {
        Failure::Unclear(error as u32)
    }
}

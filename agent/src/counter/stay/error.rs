//! Why nobody was admitted, or an admission was not taken back.

use receipts::RenderError;

/// Why nobody was admitted, or an admission was not taken back.
#[derive(Debug, thiserror::Error)]
pub enum AdmissionError {
    /// This counter of this build does not serve that kind of visit.
    #[error("this kind of visit is not served here yet")]
    KindNotHere,
    /// A registration after now.
    #[error("the registration lies ahead of the clock")]
    TimeAhead,
    /// The key that names a press is empty, too long, or no text.
    #[error("not a key of a press")]
    PressKey,
    /// An entry that the settlement's slip could not show.
    #[error("the slip could not show this admission")]
    SlipEntry(#[source] RenderError),
    /// The worker already has an open visit here.
    #[error("the worker is already admitted as {visit}")]
    AlreadyAdmitted {
        /// That visit's number.
        visit: String,
    },
    /// The visit was settled once; that the settlement was voided since does not make the admission a mistake.
    #[error("the visit was settled before")]
    SettledOnce,
}

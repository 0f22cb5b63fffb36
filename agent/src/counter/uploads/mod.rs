//! What goes up to the province, as people see it, and what they do about it.

pub(crate) mod error;
mod matter;
pub(crate) mod remedy;
mod view;

pub use matter::{LATE_KEPT_DAYS, Reports, UploadMatter};
pub use remedy::{Remedied, Remedy};
pub use view::{Carries, LastTime, RegistrationTrouble, UploadProgress, UploadView};

pub(crate) use view::{registration_trouble, views};

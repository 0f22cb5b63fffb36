//! The cache of what the province knows: workers, filings, institution, catalogues, with their age.
//!
//! It may be thrown away at any time and is then fetched anew: a file that is damaged, of another layout or under
//! another key is replaced by an empty one, never repaired and never trusted. What it answers carries `as_of`, the moment
//! for which the province said it.

mod answers;
pub(crate) mod cache;
mod cached;
mod catalogue;
mod known;
mod pages;

pub use self::cache::{CacheKey, Rebuilt, RegistryError};
pub use self::cached::Registry;
pub use self::catalogue::{CatalogueItem, CatalogueOwner};
pub use self::known::{Ages, Faults, KnownInstitution, KnownWorker, ProvinceNo};
pub use self::pages::{Applied, Set};

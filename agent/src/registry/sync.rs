//! Fetching what is new, page by page; what an interruption leaves is gone on with.

use jiff::Timestamp;

use super::{Registry, RegistryError, Set};
use crate::platform::{Platform, PlatformError};

/// What a synchronisation brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Synchronised {
    /// Pages taken in.
    pub pages: usize,
    /// Records written.
    pub written: usize,
    /// Workers whose record cannot be read; asking for one of them is an error.
    pub unreadable: usize,
}

/// Why a synchronisation stopped. What was taken in before stays, with the age it had.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The province does not answer, or says no.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// The cache does not take it.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

/// Brings both sets up to date. `now` is asked before each page.
pub async fn synchronise(
    platform: &Platform,
    registry: &Registry,
    now: impl Fn() -> Timestamp,
) -> Result<Synchronised, SyncError> {
    let mut sum = Synchronised::default();
    for set in [Set::Registry, Set::Catalogue] {
        while !next_page(platform, registry, set, now(), &mut sum).await? {}
    }
    tracing::info!(
        pages = sum.pages,
        written = sum.written,
        unreadable = sum.unreadable,
        "registry synchronised"
    );
    Ok(sum)
}

/// Takes in one page; says whether it was the last.
async fn next_page(
    platform: &Platform,
    registry: &Registry,
    set: Set,
    now: Timestamp,
    sum: &mut Synchronised,
) -> Result<bool, SyncError> {
    let cursor = registry.aside(move |registry| registry.cursor(set)).await?;
    let taken = match set {
        Set::Registry => match platform.registry_page(cursor.as_deref(), now).await {
            Ok(page) => registry.aside(move |registry| registry.apply(&page)).await,
            Err(error) => return begin_anew(platform, registry, set, cursor, error).await,
        },
        Set::Catalogue => match platform.catalogue_page(cursor.as_deref(), now).await {
            Ok(page) => {
                let taken = registry.aside(move |registry| registry.apply_catalogue(&page));
                taken.await
            }
            Err(error) => return begin_anew(platform, registry, set, cursor, error).await,
        },
    };
    let applied = match taken {
        Ok(applied) => applied,
        // The province began another run under our cursor: take its first page.
        Err(RegistryError::PageOutOfOrder { .. }) if cursor.is_some() => {
            forget_cursor(registry, set).await?;
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    };
    sum.pages += 1;
    sum.written += applied.written;
    sum.unreadable += applied.unreadable;
    Ok(applied.complete)
}

/// A province that no longer knows our cursor is asked from the beginning; any other error is one.
async fn begin_anew(
    platform: &Platform,
    registry: &Registry,
    set: Set,
    cursor: Option<String>,
    error: PlatformError,
) -> Result<bool, SyncError> {
    if let (Some(_), PlatformError::Rejected { rejection, .. }) = (cursor, &error)
        && platform.adapter().means_cursor_unknown(&rejection.code)
    {
        tracing::info!(
            set = set.name(),
            "the province no longer knows the cursor, fetching everything"
        );
        forget_cursor(registry, set).await?;
        return Ok(false);
    }
    Err(error.into())
}

async fn forget_cursor(registry: &Registry, set: Set) -> Result<(), RegistryError> {
    let forgotten = registry.aside(move |registry| registry.forget_cursor(set));
    forgotten.await
}

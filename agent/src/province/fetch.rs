//! Fetching what is new, page by page; what an interruption leaves is gone on with.

use jiff::Timestamp;
use std::sync::Arc;

use super::chain::Chain;
use super::error::PlatformError;
use super::platform::Platform;
use crate::registry::{Applied, Registry, RegistryError, Set};

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
    Platform(Arc<PlatformError>),
    /// The cache does not take it.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The province goes on and on, or begins again and again.
    #[error("the pages of {set} have no end: {pages} taken, begun {begun} times")]
    Endless {
        /// Which set.
        set: &'static str,
        /// Pages taken in.
        pages: usize,
        /// How often the first of a run came, or had to be asked for.
        begun: usize,
    },
}

impl From<PlatformError> for SyncError {
    fn from(error: PlatformError) -> Self {
        Self::Platform(Arc::new(error))
    }
}

/// Pages of one set in one synchronisation. The largest catalogue known, 200,000 entries, has 2,000 of 100.
const MOST_PAGES: usize = 10_000;

/// How often one set may begin in one synchronisation: as it must, and once more where the province has lost our cursor.
const MOST_BEGINNINGS: usize = 3;

/// How far one set has come in this synchronisation.
#[derive(Debug, Default)]
struct Progress {
    pages: usize,
    begun: usize,
}

impl Progress {
    /// Refuses to follow the province any further where it leads nowhere.
    fn require_an_end(&self, set: Set) -> Result<(), SyncError> {
        if self.pages < MOST_PAGES && self.begun <= MOST_BEGINNINGS {
            return Ok(());
        }
        Err(SyncError::Endless {
            set: set.name(),
            pages: self.pages,
            begun: self.begun,
        })
    }
}

/// Brings both sets up to date, each for itself: where one cannot be fetched, the other is. `now` is asked before each page.
///
/// # Errors
/// The first of what went wrong.
pub async fn synchronise(
    platform: &Platform,
    registry: &Registry,
    now: impl Fn() -> Timestamp,
) -> Result<Synchronised, SyncError> {
    let mut sum = Synchronised::default();
    let mut failed = None;
    for set in [Set::Registry, Set::Catalogue] {
        if let Err(error) = synchronise_set(platform, registry, set, &mut sum, &now).await {
            tracing::warn!(set = set.name(), error = %Chain(&error), "a set could not be synchronised");
            failed = failed.or(Some(error));
        }
    }
    tracing::info!(
        pages = sum.pages,
        written = sum.written,
        unreadable = sum.unreadable,
        "registry synchronised"
    );
    failed.map_or(Ok(sum), Err)
}

async fn synchronise_set(
    platform: &Platform,
    registry: &Registry,
    set: Set,
    sum: &mut Synchronised,
    now: impl Fn() -> Timestamp,
) -> Result<(), SyncError> {
    let mut progress = Progress::default();
    loop {
        match next_page(platform, registry, set, now()).await? {
            Page::BegunAnew => progress.begun += 1,
            Page::Taken(applied) => {
                progress.pages += 1;
                progress.begun += usize::from(applied.first);
                sum.pages += 1;
                sum.written += applied.written;
                sum.unreadable += applied.unreadable;
                if applied.complete {
                    return Ok(());
                }
            }
        }
        progress.require_an_end(set)?;
    }
}

/// What came of asking for a page.
enum Page {
    Taken(Applied),
    /// The cursor was forgotten: the first page comes next.
    BegunAnew,
}

/// Takes in one page.
async fn next_page(
    platform: &Platform,
    registry: &Registry,
    set: Set,
    now: Timestamp,
) -> Result<Page, SyncError> {
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
    match taken {
        Ok(applied) => Ok(Page::Taken(applied)),
        // The province began another run under our cursor: take its first page.
        Err(RegistryError::PageOutOfOrder { .. }) if cursor.is_some() => {
            forget_cursor(registry, set).await?;
            Ok(Page::BegunAnew)
        }
        Err(error) => Err(error.into()),
    }
}

/// A province that no longer knows our cursor is asked from the beginning; any other error is one.
async fn begin_anew(
    platform: &Platform,
    registry: &Registry,
    set: Set,
    cursor: Option<String>,
    error: PlatformError,
) -> Result<Page, SyncError> {
    if let (Some(_), PlatformError::Rejected { rejection, .. }) = (cursor, &error)
        && platform.adapter().means_cursor_unknown(&rejection.code)
    {
        tracing::info!(
            set = set.name(),
            "the province no longer knows the cursor, fetching everything"
        );
        forget_cursor(registry, set).await?;
        return Ok(Page::BegunAnew);
    }
    Err(error.into())
}

async fn forget_cursor(registry: &Registry, set: Set) -> Result<(), RegistryError> {
    let forgotten = registry.aside(move |registry| registry.forget_cursor(set));
    forgotten.await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_ten_thousand_pages_and_three_beginnings_and_no_more() {
        for (pages, begun, ends) in [
            (9_999, 3, false),
            (10_000, 1, true),
            (0, 4, true),
            (1, 4, true),
        ] {
            let progress = Progress { pages, begun };
            let refused = progress.require_an_end(Set::Catalogue).is_err();
            assert_eq!(refused, ends, "{pages} pages, begun {begun} times");
        }
    }
}

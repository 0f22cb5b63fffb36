//! The cache as the agent has it open: one connection, and whose turn it is.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Transaction, TransactionBehavior};

use super::cache::{Cache, CacheKey, Rebuilt, RegistryError};

/// The cache; cheap to clone, one connection behind a lock. Its calls read or write a local file: whoever is on the runtime
/// makes them [`Registry::aside`].
#[derive(Debug, Clone)]
pub struct Registry(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Held by whoever is the next to have the cache.
    next: Mutex<()>,
    cache: Mutex<Cache>,
}

impl Registry {
    /// Opens the cache, or begins a new one where there is none that can be trusted; the second says why.
    pub fn open(path: &Path, key: &CacheKey) -> Result<(Self, Option<Rebuilt>), RegistryError> {
        let (cache, rebuilt) = Cache::open(path, key)?;
        let shared = Shared {
            next: Mutex::new(()),
            cache: Mutex::new(cache),
        };
        Ok((Self(Arc::new(shared)), rebuilt))
    }

    /// Does `work` on a thread that may wait for the disk; for callers on the runtime.
    ///
    /// # Errors
    /// What `work` gives, and [`RegistryError::Interrupted`] where it panics.
    pub async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, RegistryError> + Send + 'static,
    ) -> Result<T, RegistryError> {
        let registry = self.clone();
        tokio::task::spawn_blocking(move || work(&registry))
            .await
            .map_err(RegistryError::Interrupted)?
    }

    /// Whoever waits is the next: a long look-up that comes back for its next part does not overtake.
    fn lock(&self) -> MutexGuard<'_, Cache> {
        let _next = self.0.next.lock().unwrap_or_else(PoisonError::into_inner);
        // A panic under the lock rolls its transaction back: the connection stays good.
        self.0.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        self.lock().run(TransactionBehavior::Deferred, work)
    }

    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        self.lock().run(TransactionBehavior::Immediate, work)
    }
}

/// Numbers are compared but for the case of a final x (B02).
pub(super) fn cache_number(number: &str) -> String {
    number
        .strip_suffix('x')
        .map_or_else(|| number.to_owned(), |digits| format!("{digits}X"))
}

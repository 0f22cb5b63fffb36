//! The cache of what the province knows: workers, filings, institution, catalogues, with their age.
//!
//! It may be thrown away at any time and is then fetched anew: a file that is damaged, of another layout or under
//! another key is replaced by an empty one, never repaired and never trusted. What it answers carries `as_of`, the moment
//! for which the province said it.

mod cache;
mod catalogue;
mod convert;
pub(crate) mod sync;
mod views;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rules::{DivisionCode, ItemCode, SocialSecurityNumber};
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use crate::province::wire::answer::{
    CataloguePage, InstitutionRecord, PersonAnswer, RegistryPage, WorkerRecord,
};

pub use self::cache::{CacheKey, Rebuilt, RegistryError};
pub use self::catalogue::{CatalogueItem, CatalogueOwner};
pub use self::convert::Malformed;
pub use self::sync::{SyncError, Synchronised, synchronise};
pub use self::views::{Ages, DeviceNotice, InstitutionView, ProvinceNo, WorkerView};

use self::cache::Cache;
use self::convert::instant;

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

/// Items of a catalogue that are looked up in one go; then whoever waits has a turn. A run of pages is taken in page by page,
/// so that one look-up sees no more of it than several do.
const LOOKED_UP_AT_ONCE: usize = 256;

/// What is fetched by pages, each with a cursor and an age of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// Workers, filings, the institution, division names.
    Registry,
    /// Catalogues of all owners.
    Catalogue,
}

impl Set {
    fn name(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Catalogue => "catalogue",
        }
    }
}

/// What a page brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// Records written.
    pub written: usize,
    /// Records that cannot be read: asking for one of them is an error, not "unknown".
    pub unreadable: usize,
    /// Whether this was the last page of its run.
    pub complete: bool,
    /// It was the first page of a run.
    pub first: bool,
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

    /// Where the synchronisation of a set goes on; `None`: from the beginning.
    pub fn cursor(&self, set: Set) -> Result<Option<String>, RegistryError> {
        self.read(|transaction| {
            let query = "SELECT cursor FROM run WHERE name = ?1";
            Ok(transaction
                .query_row(query, [set.name()], |row| row.get(0))
                .optional()?
                .flatten())
        })
    }

    /// Begins a set anew at the next synchronisation; what is known stays until that one is complete.
    pub fn forget_cursor(&self, set: Set) -> Result<(), RegistryError> {
        self.write(|transaction| {
            transaction.execute(
                "UPDATE run SET cursor = NULL, page = 0 WHERE name = ?1",
                [set.name()],
            )?;
            Ok(())
        })
    }

    /// Takes in one page of workers, institution and division names, all or nothing.
    pub fn apply(&self, page: &RegistryPage) -> Result<Applied, RegistryError> {
        let as_of = instant("as_of", &page.as_of)?;
        self.write(|transaction| {
            let run = Run::enter(transaction, Set::Registry, page.full, page.page)?;
            let mut unreadable = 0;
            for worker in &page.workers {
                let readable = WorkerView::from_record(worker, as_of).is_ok();
                unreadable += usize::from(!readable);
                put_worker(transaction, worker, as_of, Some(run.generation))?;
            }
            for number in &page.withdrawn {
                let query = "DELETE FROM worker WHERE number = ?1 AND as_of_ms <= ?2";
                transaction
                    .execute(query, params![cache_number(number), as_of.as_millisecond()])?;
            }
            if let Some(institution) = &page.institution {
                put_institution(transaction, institution)?;
            }
            for division in &page.divisions {
                let query = "INSERT OR REPLACE INTO division (code, name) VALUES (?1, ?2)";
                transaction.execute(query, params![division.code, division.name])?;
            }
            run.leave(transaction, &page.cursor, page.more, as_of)?;
            Ok(Applied {
                written: page.workers.len(),
                unreadable,
                first: page.page == 1,
                complete: !page.more,
            })
        })
    }

    /// Takes in one page of catalogue entries, all or nothing. An entry that cannot be read stops the page: a
    /// catalogue with a hole in it would make the worker pay.
    pub fn apply_catalogue(&self, page: &CataloguePage) -> Result<Applied, RegistryError> {
        let as_of = instant("as_of", &page.as_of)?;
        self.write(|transaction| {
            let run = Run::enter(transaction, Set::Catalogue, page.full, page.page)?;
            for entry in &page.entries {
                catalogue::put(transaction, entry, run.generation)?;
            }
            run.leave(transaction, &page.cursor, page.more, as_of)?;
            Ok(Applied {
                written: page.entries.len(),
                unreadable: 0,
                first: page.page == 1,
                complete: !page.more,
            })
        })
    }

    /// Keeps a fresh answer about one worker; where the province knows nobody, forgets the number.
    pub fn remember(
        &self,
        number: &SocialSecurityNumber,
        answer: &PersonAnswer,
    ) -> Result<(), RegistryError> {
        let as_of = instant("as_of", &answer.as_of)?;
        self.write(|transaction| {
            let number = cache_number(number.as_str());
            transaction.execute("DELETE FROM refused WHERE number = ?1", [&number])?;
            if let Some(worker) = &answer.worker {
                return put_worker(transaction, worker, as_of, None);
            }
            transaction.execute("DELETE FROM worker WHERE number = ?1", [number])?;
            Ok(())
        })
    }

    /// Keeps that the province, asked about this number, refused. What was known before stays, and stands behind this.
    pub fn remember_no(
        &self,
        number: &SocialSecurityNumber,
        no: &ProvinceNo,
    ) -> Result<(), RegistryError> {
        self.write(|transaction| {
            let query = "INSERT OR REPLACE INTO refused (number, code, words, at_ms) VALUES (?1, ?2, ?3, ?4)";
            let number = cache_number(number.as_str());
            let at = no.at.as_millisecond();
            transaction.execute(query, params![number, no.code, no.words, at])?;
            Ok(())
        })
    }

    /// The province's refusal, where that is the last thing it answered when it was asked about this number. Being listed by a
    /// synchronisation later does not take it back: only an answer to the same question does.
    pub fn no_to(
        &self,
        number: &SocialSecurityNumber,
    ) -> Result<Option<ProvinceNo>, RegistryError> {
        let found: Option<(String, String, i64)> = self.read(|transaction| {
            let query = "SELECT code, words, at_ms FROM refused WHERE number = ?1";
            let number = cache_number(number.as_str());
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            Ok(transaction.query_row(query, [number], row).optional()?)
        })?;
        found
            .map(|(code, words, at_ms)| {
                let at = cache::moment(at_ms)?;
                Ok(ProvinceNo { code, words, at })
            })
            .transpose()
    }

    /// The worker with this number (a final x in either case), as last heard.
    pub fn worker(
        &self,
        number: &SocialSecurityNumber,
    ) -> Result<Option<WorkerView>, RegistryError> {
        let found: Option<(String, i64)> = self.read(|transaction| {
            let query = "SELECT record, CASE WHEN generation IS NULL THEN as_of_ms
                             ELSE max(as_of_ms, coalesce((SELECT as_of_ms FROM run WHERE name = 'registry'), 0)) END
                         FROM worker WHERE number = ?1";
            let number = cache_number(number.as_str());
            Ok(transaction.query_row(query, [number], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
        })?;
        let Some((record, as_of_ms)) = found else {
            return Ok(None);
        };
        let record: WorkerRecord = cache::stored(&record)?;
        Ok(Some(WorkerView::from_record(
            &record,
            cache::moment(as_of_ms)?,
        )?))
    }

    /// The institution's own record; `None` before the first synchronisation is complete.
    pub fn institution(&self) -> Result<Option<InstitutionView>, RegistryError> {
        let found: Option<(String, i64)> = self.read(|transaction| {
            let query = "SELECT record, as_of_ms FROM institution, run WHERE name = 'registry' AND as_of_ms IS NOT NULL";
            Ok(transaction.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
        })?;
        let Some((record, as_of_ms)) = found else {
            return Ok(None);
        };
        let record: InstitutionRecord = cache::stored(&record)?;
        Ok(Some(InstitutionView::from_record(
            &record,
            cache::moment(as_of_ms)?,
        )?))
    }

    /// The entries of an owner's catalogue for these items, all versions: E01's "version in force on the service
    /// date" is the split's choice, line by line.
    pub fn catalogue(
        &self,
        owner: CatalogueOwner,
        items: &[CatalogueItem],
    ) -> Result<Vec<rules::CatalogueEntry>, RegistryError> {
        let mut found = Vec::new();
        for wanted in catalogue::wanted(owner, items).chunks(LOOKED_UP_AT_ONCE) {
            found.extend(self.read(|transaction| catalogue::entries(transaction, owner, wanted))?);
        }
        Ok(found)
    }

    /// For each shape of codes (no zeros before them, letters all upper case) the codes of an owner's catalogue that have it.
    pub fn codes_alike(
        &self,
        owner: CatalogueOwner,
        shapes: &BTreeSet<String>,
    ) -> Result<HashMap<String, Vec<ItemCode>>, RegistryError> {
        let shapes: Vec<&String> = shapes.iter().collect();
        let mut alike = HashMap::new();
        for shapes in shapes.chunks(LOOKED_UP_AT_ONCE) {
            self.read(|transaction| {
                for shape in shapes {
                    let codes = catalogue::of_shape(transaction, owner, shape)?;
                    if !codes.is_empty() {
                        alike.insert((*shape).clone(), codes);
                    }
                }
                Ok(())
            })?;
        }
        Ok(alike)
    }

    /// 参保地 as the slip shows it: province and prefecture, the province alone where a code has no other name.
    pub fn division_name(&self, division: DivisionCode) -> Result<Option<String>, RegistryError> {
        let province = format!("{}0000", division.province());
        let place = division.place();
        self.read(|transaction| {
            let mut query =
                transaction.prepare_cached("SELECT name FROM division WHERE code = ?1")?;
            let mut name = |code: &str| {
                query
                    .query_row([code], |row| row.get::<_, String>(0))
                    .optional()
            };
            let above = name(&province)?;
            if place.as_str() == province {
                return Ok(above);
            }
            Ok(match (above, name(place.as_str())?) {
                (Some(above), Some(below)) => Some(above + &below),
                (Some(only), None) | (None, Some(only)) => Some(only),
                (None, None) => None,
            })
        })
    }

    /// When each set was last known to be current.
    pub fn ages(&self) -> Result<Ages, RegistryError> {
        self.read(|transaction| {
            let of = |set: Set| -> Result<Option<Timestamp>, RegistryError> {
                let query = "SELECT as_of_ms FROM run WHERE name = ?1";
                let found: Option<Option<i64>> = transaction
                    .query_row(query, [set.name()], |row| row.get(0))
                    .optional()?;
                found.flatten().map(cache::moment).transpose()
            };
            Ok(Ages {
                registry: of(Set::Registry)?,
                catalogue: of(Set::Catalogue)?,
            })
        })
    }

    /// Whoever waits is the next: a long look-up that comes back for its next part does not overtake.
    fn lock(&self) -> MutexGuard<'_, Cache> {
        let _next = self.0.next.lock().unwrap_or_else(PoisonError::into_inner);
        // A panic under the lock rolls its transaction back: the connection stays good.
        self.0.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        self.lock().run(TransactionBehavior::Deferred, work)
    }

    fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        self.lock().run(TransactionBehavior::Immediate, work)
    }
}

/// One page's place in a run of pages.
struct Run {
    set: Set,
    generation: i64,
    page: u32,
    full: bool,
}

impl Run {
    /// The first page of a full run begins a generation; any other must follow the page before it.
    fn enter(
        transaction: &Transaction<'_>,
        set: Set,
        full: bool,
        page: u32,
    ) -> Result<Self, RegistryError> {
        let query = "SELECT generation, page FROM run WHERE name = ?1";
        let (generation, last): (i64, u32) =
            transaction.query_row(query, [set.name()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if page == 1 {
            return Ok(Self {
                set,
                generation: generation + i64::from(full),
                page,
                full,
            });
        }
        if page != last + 1 {
            return Err(RegistryError::PageOutOfOrder {
                expected: last + 1,
                found: page,
            });
        }
        Ok(Self {
            set,
            generation,
            page,
            full,
        })
    }

    /// Keeps where to go on. The last page makes the age, and what a full run did not mention goes.
    fn leave(
        self,
        transaction: &Transaction<'_>,
        cursor: &str,
        more: bool,
        as_of: Timestamp,
    ) -> Result<(), RegistryError> {
        let query = "UPDATE run SET cursor = ?2, generation = ?3, page = ?4 WHERE name = ?1";
        transaction.execute(
            query,
            params![self.set.name(), cursor, self.generation, self.page],
        )?;
        if more {
            return Ok(());
        }
        let query = "UPDATE run SET as_of_ms = ?2 WHERE name = ?1";
        transaction.execute(query, params![self.set.name(), as_of.as_millisecond()])?;
        if self.full {
            let query = match self.set {
                Set::Registry => {
                    "DELETE FROM worker WHERE generation < ?1 OR (generation IS NULL AND as_of_ms < ?2)"
                }
                Set::Catalogue => "DELETE FROM catalogue WHERE generation < ?1 AND ?2 IS NOT NULL",
            };
            transaction.execute(query, params![self.generation, as_of.as_millisecond()])?;
        }
        Ok(())
    }
}

/// Writes a worker unless something newer is known. Only rows of a synchronisation have a generation: for them
/// the run's age counts as theirs; one learnt by asking keeps the age of its answer.
fn put_worker(
    transaction: &Transaction<'_>,
    worker: &WorkerRecord,
    as_of: Timestamp,
    generation: Option<i64>,
) -> Result<(), RegistryError> {
    let record = serde_json::to_string(worker).map_err(RegistryError::Compose)?;
    let mut query = transaction.prepare_cached(
        "INSERT INTO worker (number, record, as_of_ms, generation) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (number) DO UPDATE SET
             record = CASE WHEN excluded.as_of_ms >= as_of_ms THEN excluded.record ELSE record END,
             generation = coalesce(excluded.generation, generation),
             as_of_ms = max(as_of_ms, excluded.as_of_ms)",
    )?;
    let number = cache_number(&worker.social_security_number);
    query.execute(params![number, record, as_of.as_millisecond(), generation])?;
    Ok(())
}

fn put_institution(
    transaction: &Transaction<'_>,
    institution: &InstitutionRecord,
) -> Result<(), RegistryError> {
    InstitutionView::from_record(institution, Timestamp::UNIX_EPOCH)?;
    let record = serde_json::to_string(institution).map_err(RegistryError::Compose)?;
    transaction.execute(
        "INSERT OR REPLACE INTO institution (id, record) VALUES (1, ?1)",
        [record],
    )?;
    Ok(())
}

/// Numbers are compared but for the case of a final x (B02).
fn cache_number(number: &str) -> String {
    number
        .strip_suffix('x')
        .map_or_else(|| number.to_owned(), |digits| format!("{digits}X"))
}

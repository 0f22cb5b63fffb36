//! Taking in what a synchronisation brings, page by page.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::cache::RegistryError;
use super::cached::{Registry, cache_number};
use super::catalogue;
use crate::records::answers::{CataloguePage, Listed, ListedInstitution, Oddities, RegistryPage};

/// What is fetched by pages, each with a cursor and an age of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// Workers, filings, the institution, division names.
    Registry,
    /// Catalogues of all owners.
    Catalogue,
}

impl Set {
    /// Its name, in the cache and in the log.
    pub(crate) fn name(self) -> &'static str {
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
        let (as_of, place) = (page.as_of, &page.place);
        self.write(|transaction| {
            let run = Run::enter(transaction, Set::Registry, place.full, place.page)?;
            let mut unreadable = 0;
            for worker in &page.workers {
                unreadable += match worker {
                    Listed::Readable(_) => 0,
                    Listed::Unreadable { .. } => 1,
                };
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
            for (code, name) in &page.divisions {
                let query = "INSERT OR REPLACE INTO division (code, name) VALUES (?1, ?2)";
                transaction.execute(query, params![code.as_str(), name])?;
            }
            run.count(transaction, page.oddities)?;
            run.leave(transaction, &place.cursor, place.more, as_of)?;
            Ok(Applied {
                written: page.workers.len(),
                unreadable: unreadable + page.oddities.skipped,
                first: place.page == 1,
                complete: !place.more,
            })
        })
    }

    /// Takes in one page of catalogue entries, all or nothing.
    pub fn apply_catalogue(&self, page: &CataloguePage) -> Result<Applied, RegistryError> {
        let (as_of, place) = (page.as_of, &page.place);
        self.write(|transaction| {
            let run = Run::enter(transaction, Set::Catalogue, place.full, place.page)?;
            let unreadable = catalogue::put_all(transaction, &page.entries, run.generation)?;
            run.count(transaction, page.oddities)?;
            run.leave(transaction, &place.cursor, place.more, as_of)?;
            Ok(Applied {
                written: page.entries.len(),
                unreadable: unreadable + page.oddities.skipped,
                first: place.page == 1,
                complete: !place.more,
            })
        })
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

    /// Adds up what was not as agreed; a full run begins at nothing.
    fn count(&self, transaction: &Transaction<'_>, odd: Oddities) -> Result<(), RegistryError> {
        let anew = self.full && self.page == 1;
        let query = "UPDATE run SET repaired = CASE WHEN ?4 THEN 0 ELSE repaired END + ?2,
                         skipped = CASE WHEN ?4 THEN 0 ELSE skipped END + ?3 WHERE name = ?1";
        transaction.execute(
            query,
            params![
                self.set.name(),
                number(odd.repaired),
                number(odd.skipped),
                anew
            ],
        )?;
        Ok(())
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
            if let Set::Catalogue = self.set {
                let query = "DELETE FROM catalogue_unreadable WHERE generation < ?1";
                transaction.execute(query, [self.generation])?;
            }
        }
        Ok(())
    }
}

/// As the cache counts.
fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Writes a worker unless something newer is known. Only rows of a synchronisation have a generation: for them
/// the run's age counts as theirs; one learnt by asking keeps the age of its answer.
pub(super) fn put_worker(
    transaction: &Transaction<'_>,
    worker: &Listed,
    as_of: Timestamp,
    generation: Option<i64>,
) -> Result<(), RegistryError> {
    let (number, record, unreadable) = match worker {
        Listed::Readable(worker) => {
            let number = worker.worker.social_security_number.as_str();
            (number, Some(worker.encode()?), None)
        }
        Listed::Unreadable { number, field } => (number.as_str(), None, Some(field)),
    };
    let mut query = transaction.prepare_cached(
        "INSERT INTO worker (number, record, unreadable, as_of_ms, generation) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (number) DO UPDATE SET
             record = CASE WHEN excluded.as_of_ms >= as_of_ms THEN excluded.record ELSE record END,
             unreadable = CASE WHEN excluded.as_of_ms >= as_of_ms THEN excluded.unreadable ELSE unreadable END,
             generation = coalesce(excluded.generation, generation),
             as_of_ms = max(as_of_ms, excluded.as_of_ms)",
    )?;
    let as_of_ms = as_of.as_millisecond();
    query.execute(params![
        cache_number(number),
        record,
        unreadable,
        as_of_ms,
        generation
    ])?;
    Ok(())
}

fn put_institution(
    transaction: &Transaction<'_>,
    institution: &ListedInstitution,
) -> Result<(), RegistryError> {
    let (record, unreadable) = match institution {
        ListedInstitution::Readable(institution) => (Some(institution.encode()?), None),
        ListedInstitution::Unreadable { field } => (None, Some(field)),
    };
    transaction.execute(
        "INSERT OR REPLACE INTO institution (id, record, unreadable) VALUES (1, ?1, ?2)",
        params![record, unreadable],
    )?;
    Ok(())
}

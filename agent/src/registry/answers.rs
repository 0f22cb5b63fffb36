//! Asking the cache, and keeping what the province answered to a question about one person.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use rules::{DivisionCode, ItemCode, SocialSecurityNumber};
use rusqlite::{OptionalExtension, params};

use super::cache::{self, RegistryError};
use super::cached::{Registry, cache_number};
use super::catalogue::{self, CatalogueItem, CatalogueOwner};
use super::known::{Ages, Faults, KnownInstitution, KnownWorker, ProvinceNo};
use super::pages::{Set, put_worker};
use crate::records::answers::PersonAnswer;
use crate::records::institution::Institution;
use crate::records::worker::Worker;

/// Items of a catalogue that are looked up in one go; then whoever waits has a turn. A run of pages is taken in page by page,
/// so that one look-up sees no more of it than several do.
const LOOKED_UP_AT_ONCE: usize = 256;

impl Registry {
    /// Keeps a fresh answer about one worker; where the province knows nobody, forgets the number.
    pub fn remember(
        &self,
        number: &SocialSecurityNumber,
        answer: &PersonAnswer,
    ) -> Result<(), RegistryError> {
        self.write(|transaction| {
            let number = cache_number(number.as_str());
            transaction.execute("DELETE FROM refused WHERE number = ?1", [&number])?;
            if let Some(worker) = &answer.worker {
                return put_worker(transaction, worker, answer.as_of, None);
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
    ///
    /// # Errors
    /// [`RegistryError::Malformed`] where it is known that there is one, and what the province told cannot be read.
    pub fn worker(
        &self,
        number: &SocialSecurityNumber,
    ) -> Result<Option<KnownWorker>, RegistryError> {
        let found: Option<(Option<String>, Option<String>, i64)> = self.read(|transaction| {
            let query = "SELECT record, unreadable, CASE WHEN generation IS NULL THEN as_of_ms
                             ELSE max(as_of_ms, coalesce((SELECT as_of_ms FROM run WHERE name = 'registry'), 0)) END
                         FROM worker WHERE number = ?1";
            let number = cache_number(number.as_str());
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            Ok(transaction.query_row(query, [number], row).optional()?)
        })?;
        let Some((record, unreadable, as_of_ms)) = found else {
            return Ok(None);
        };
        let as_of = cache::moment(as_of_ms)?;
        match record {
            Some(record) => Ok(Some(KnownWorker {
                worker: Worker::decode(&record)?,
                as_of,
            })),
            None => Err(RegistryError::Malformed {
                field: unreadable.unwrap_or_default(),
            }),
        }
    }

    /// The institution's own record; `None` before the first synchronisation is complete.
    pub fn institution(&self) -> Result<Option<KnownInstitution>, RegistryError> {
        let found: Option<(Option<String>, Option<String>, i64)> = self.read(|transaction| {
            let query = "SELECT record, unreadable, as_of_ms FROM institution, run WHERE name = 'registry' AND as_of_ms IS NOT NULL";
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            Ok(transaction.query_row(query, [], row).optional()?)
        })?;
        let Some((record, unreadable, as_of_ms)) = found else {
            return Ok(None);
        };
        let record = record.ok_or_else(|| RegistryError::Malformed {
            field: unreadable.unwrap_or_default(),
        })?;
        Ok(Some(KnownInstitution {
            institution: Institution::decode(&record)?,
            as_of: cache::moment(as_of_ms)?,
        }))
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

    /// What of each set was not as agreed, as it is kept now.
    pub fn faults(&self) -> Result<Faults, RegistryError> {
        self.read(|transaction| {
            let query = "SELECT
                (SELECT count(*) FROM worker WHERE unreadable IS NOT NULL)
                    + (SELECT count(*) FROM institution WHERE unreadable IS NOT NULL)
                    + (SELECT skipped FROM run WHERE name = 'registry'),
                (SELECT count(*) FROM catalogue_unreadable) + (SELECT skipped FROM run WHERE name = 'catalogue'),
                (SELECT sum(repaired) FROM run)";
            let row = |row: &rusqlite::Row<'_>| {
                Ok(Faults {
                    registry: row.get(0)?,
                    catalogue: row.get(1)?,
                    repaired: row.get(2)?,
                })
            };
            Ok(transaction.query_row(query, [], row)?)
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
}

//! Parts of bills that the hospital's system sends one by one: kept in memory until they are closed, or forgotten.
//!
//! A part is known by its bill, its number and its content: sent again it changes nothing, with other content it is refused.
//! Nothing of it is on disk: a restart forgets it, and so does half an hour without another part.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::bill::LARGEST_FILE;

/// Minutes after its last part in which a bill's parts are kept.
pub const KEPT_MINUTES: u64 = 30;

/// Bills whose parts are kept at once; a counter has a handful of discharges in hand.
const MOST_BILLS: usize = 16;

/// Parts of one bill: the longest bill in parts of 200 lines.
pub(crate) const MOST_PARTS: u32 = 1000;

/// Bytes of all parts together: the largest bill twice.
const MOST_BYTES: usize = 2 * LARGEST_FILE;

/// Bytes of the key that names a bill.
const LONGEST_KEY: usize = 64;

/// Why a part was not kept, or a bill not closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartsFault {
    /// The name of a bill is empty, too long, or not of letters, digits, `-` and `_`.
    #[error("not the key of a bill")]
    Key,
    /// A part's number, or how many there are, is beyond [`MOST_PARTS`] or 0.
    #[error("not the number of a part")]
    Number,
    /// The part was sent before with other content.
    #[error("part {0} was sent before with other content")]
    Differs(u32),
    /// More than is kept.
    #[error("there is no room for more parts")]
    Full,
    /// Parts that did not come, or were forgotten.
    #[error("{} parts are missing", .0.len())]
    Missing(Vec<u32>),
    /// Parts beyond the number that the close names.
    #[error("there are parts beyond the last")]
    Beyond(u32),
}

/// A part that is kept.
#[derive(Clone)]
struct Part {
    body: Arc<[u8]>,
    digest: [u8; 32],
    lines: usize,
}

/// A part that a bill is made of.
#[derive(Clone, PartialEq, Eq)]
pub struct BillPart {
    /// Its number, from 1.
    pub(crate) number: u32,
    /// A body with `lines`.
    pub(crate) body: Arc<[u8]>,
}

/// Parts of one bill.
struct Bill {
    visit: String,
    key: String,
    parts: BTreeMap<u32, Part>,
    /// Boot time of its last part.
    last: Duration,
}

/// What is kept of a part, as its sender is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartKept {
    /// Its lines.
    pub lines: usize,
    /// SHA-256 of its body, in hexadecimal digits.
    pub digest: String,
    /// The numbers of all parts of the bill that are kept.
    pub kept: Vec<u32>,
}

/// Parts of all bills.
#[derive(Default)]
pub(crate) struct BillParts(Vec<Bill>);

crate::redacted::closed_debug!(BillPart, BillParts);

/// A bill's part as it is named.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) visit: &'a str,
    pub(crate) key: &'a str,
    pub(crate) number: u32,
}

impl Named<'_> {
    /// Refuses names that could not be told apart, or are no names.
    pub(crate) fn require(&self) -> Result<(), PartsFault> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if self.key.is_empty() || self.key.len() > LONGEST_KEY || !self.key.bytes().all(plain) {
            return Err(PartsFault::Key);
        }
        if self.number == 0 || self.number > MOST_PARTS {
            return Err(PartsFault::Number);
        }
        Ok(())
    }
}

impl BillParts {
    /// Whether this very part is kept already; one with other content is refused.
    pub(crate) fn known(
        &mut self,
        named: Named<'_>,
        body: &[u8],
        now: Duration,
    ) -> Result<Option<PartKept>, PartsFault> {
        named.require()?;
        self.forget(now);
        let Some(bill) = self.bill(named) else {
            return Ok(None);
        };
        let Some(part) = bill.parts.get(&named.number) else {
            return Ok(None);
        };
        if part.digest != digest(body) {
            return Err(PartsFault::Differs(named.number));
        }
        let kept = bill.told(part);
        bill.last = now;
        Ok(Some(kept))
    }

    /// Keeps a part that has so many lines.
    pub(crate) fn keep(
        &mut self,
        named: Named<'_>,
        body: Vec<u8>,
        lines: usize,
        now: Duration,
    ) -> Result<PartKept, PartsFault> {
        // Another request may have brought it meanwhile.
        if let Some(kept) = self.known(named, &body, now)? {
            return Ok(kept);
        }
        let held: usize = self.0.iter().map(Bill::bytes).sum();
        if held + body.len() > MOST_BYTES {
            return Err(PartsFault::Full);
        }
        if self.bill(named).is_none() {
            if self.0.len() == MOST_BILLS {
                return Err(PartsFault::Full);
            }
            self.0.push(Bill {
                visit: named.visit.to_owned(),
                key: named.key.to_owned(),
                parts: BTreeMap::new(),
                last: now,
            });
        }
        let part = Part {
            digest: digest(&body),
            body: body.into(),
            lines,
        };
        let bill = self.bill(named).ok_or(PartsFault::Full)?;
        if bill.bytes() + part.body.len() > LARGEST_FILE {
            return Err(PartsFault::Full);
        }
        bill.parts.insert(named.number, part.clone());
        bill.last = now;
        Ok(bill.told(&part))
    }

    /// The parts of a bill that has so many, in their order.
    pub(crate) fn of(
        &mut self,
        named: Named<'_>,
        now: Duration,
    ) -> Result<Vec<BillPart>, PartsFault> {
        named.require()?;
        self.forget(now);
        let count = named.number;
        let Some(bill) = self.bill(named) else {
            return Err(PartsFault::Missing((1..=count).collect()));
        };
        if let Some((beyond, _)) = bill.parts.range(count + 1..).next() {
            return Err(PartsFault::Beyond(*beyond));
        }
        let missing: Vec<u32> = (1..=count)
            .filter(|number| !bill.parts.contains_key(number))
            .collect();
        if !missing.is_empty() {
            return Err(PartsFault::Missing(missing));
        }
        let parts = bill.parts.iter();
        Ok(parts
            .map(|(number, part)| BillPart {
                number: *number,
                body: Arc::clone(&part.body),
            })
            .collect())
    }

    fn bill(&mut self, named: Named<'_>) -> Option<&mut Bill> {
        self.0
            .iter_mut()
            .find(|bill| bill.visit == named.visit && bill.key == named.key)
    }

    fn forget(&mut self, now: Duration) {
        let kept = Duration::from_secs(KEPT_MINUTES * 60);
        self.0.retain(|bill| now.saturating_sub(bill.last) < kept);
    }
}

impl Bill {
    fn bytes(&self) -> usize {
        self.parts.values().map(|part| part.body.len()).sum()
    }

    fn told(&self, part: &Part) -> PartKept {
        PartKept {
            lines: part.lines,
            digest: hex::encode(part.digest),
            kept: self.parts.keys().copied().collect(),
        }
    }
}

fn digest(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn named(key: &str, number: u32) -> Named<'_> {
        Named {
            visit: "V1",
            key,
            number,
        }
    }

    #[test]
    fn a_part_is_kept_once_and_its_content_stands() {
        let mut parts = BillParts::default();
        let now = MINUTE;
        let first = parts.keep(named("b", 1), b"one".to_vec(), 2, now).unwrap();
        let again = parts.keep(named("b", 1), b"one".to_vec(), 2, now).unwrap();
        assert_eq!(first, again);
        assert_eq!(first.kept, [1]);
        assert_eq!(
            parts.keep(named("b", 1), b"other".to_vec(), 2, now),
            Err(PartsFault::Differs(1))
        );
        let second = parts.keep(named("b", 2), b"two".to_vec(), 1, now).unwrap();
        assert_eq!(second.kept, [1, 2]);
        // Under another key, or for another visit, it is another bill.
        assert_eq!(
            parts.of(named("c", 1), now),
            Err(PartsFault::Missing(vec![1]))
        );
        let elsewhere = Named {
            visit: "V2",
            ..named("b", 1)
        };
        assert_eq!(parts.of(elsewhere, now), Err(PartsFault::Missing(vec![1])));
        let read = parts.of(named("b", 2), now).unwrap();
        assert_eq!(
            read.iter().map(|part| part.number).collect::<Vec<_>>(),
            [1, 2]
        );
        assert_eq!(&*read[1].body, b"two");
        assert_eq!(
            parts.of(named("b", 3), now),
            Err(PartsFault::Missing(vec![3]))
        );
        assert_eq!(parts.of(named("b", 1), now), Err(PartsFault::Beyond(2)));
    }

    #[test]
    fn parts_are_forgotten_half_an_hour_after_the_last() {
        let mut parts = BillParts::default();
        parts
            .keep(named("b", 1), b"one".to_vec(), 1, MINUTE)
            .unwrap();
        parts
            .keep(named("b", 2), b"two".to_vec(), 1, 20 * MINUTE)
            .unwrap();
        assert!(parts.of(named("b", 2), 49 * MINUTE).is_ok());
        assert_eq!(
            parts.of(named("b", 2), 50 * MINUTE),
            Err(PartsFault::Missing(vec![1, 2]))
        );
    }

    #[test]
    fn what_is_kept_has_bounds() {
        let mut parts = BillParts::default();
        for number in 0..MOST_BILLS {
            let key = format!("b{number}");
            parts
                .keep(named(&key, 1), b"x".to_vec(), 1, MINUTE)
                .unwrap();
        }
        assert_eq!(
            parts.keep(named("more", 1), b"x".to_vec(), 1, MINUTE),
            Err(PartsFault::Full)
        );
        let half = vec![b' '; LARGEST_FILE / 2 + 1];
        parts.keep(named("b0", 2), half.clone(), 1, MINUTE).unwrap();
        assert_eq!(
            parts.keep(named("b0", 3), half, 1, MINUTE),
            Err(PartsFault::Full)
        );
        for (key, number, fault) in [
            ("", 1, PartsFault::Key),
            ("a b", 1, PartsFault::Key),
            ("账单", 1, PartsFault::Key),
            ("b", 0, PartsFault::Number),
            ("b", MOST_PARTS + 1, PartsFault::Number),
        ] {
            assert_eq!(
                parts.keep(named(key, number), b"x".to_vec(), 1, MINUTE),
                Err(fault)
            );
        }
    }
}

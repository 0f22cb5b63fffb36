//! A bill as it came in: whose it is, what it is called, and whether its days are the stay's.
//!
//! A bill that names another 住院号 or another patient is refused. A line dated outside the stay is not of this stay, whatever
//! the split would make of it (an interpretation: the rules judge no line's date against the stay; N33 settles what was
//! done between admission and discharge). Days before the admission may be let in by the configuration, for emergency care
//! that led to it (急诊转住院).

use jiff::ToSpan;
use jiff::civil::Date;
use rules::{Bill, LineNumber, Money};
use sha2::{Digest, Sha256};

use crate::bill::whose::{same_but_zeros, same_name, same_number};
use crate::bill::{Found, RowPosition, Whose};
use crate::counter::aside::Weight;
use crate::counter::quote::parts::BillPart;
use crate::ledger::visits::Visit;
use crate::redacted::closed_debug;

/// Lines that a refusal names one by one.
const MOST_NAMED: usize = 8;

/// A bill's bytes, and what was said of them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct BillFile {
    /// The bill itself.
    pub bytes: Vec<u8>,
    /// Parts that it closes, with their numbers; none where it is the whole bill.
    pub parts: Vec<BillPart>,
    /// The file's name; none where it has none.
    pub name: Option<String>,
    /// 住院号 as the request says it, beside what the bill says.
    pub inpatient_number: Option<String>,
    /// 姓名 likewise.
    pub patient_name: Option<String>,
}

closed_debug!(BillFile, AnothersBill);

impl From<Vec<u8>> for BillFile {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            ..Self::default()
        }
    }
}

/// What is remembered of a file beside its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileMark {
    /// Its name.
    pub name: Option<String>,
    /// SHA-256 of its bytes.
    pub digest: [u8; 32],
    /// It, or the request, says which stay it is of.
    pub names_stay: bool,
}

impl BillFile {
    /// All its bytes: how much work it is.
    pub(crate) fn weight(&self) -> Weight {
        let parts = self.parts.iter().map(|part| part.body.len()).sum();
        if self.parts.is_empty() {
            Weight::of_bill(&self.bytes)
        } else {
            Weight::of_bytes(parts)
        }
    }

    fn digest(&self) -> [u8; 32] {
        let mut whole = Sha256::new();
        for part in &self.parts {
            whole.update(&part.body);
        }
        whole.update(&self.bytes);
        whole.finalize().into()
    }

    /// What is remembered of it, once it is known what it says of its patient.
    pub(crate) fn mark(&self, whose: &Whose) -> FileMark {
        FileMark {
            names_stay: !whose.numbers.is_empty() || !self.said().numbers.is_empty(),
            name: self.name.clone(),
            digest: self.digest(),
        }
    }

    /// What the request says, as if the bill said it.
    pub(crate) fn said(&self) -> Whose {
        let found = |text: &Option<String>| {
            let text = text.iter().filter(|text| !text.trim().is_empty());
            text.map(|text| Found {
                text: text.clone(),
                at: None,
            })
            .collect()
        };
        Whose {
            numbers: found(&self.inpatient_number),
            names: found(&self.patient_name),
        }
    }
}

/// A bill that says it is another's.
#[derive(Clone, PartialEq, Eq)]
pub struct AnothersBill {
    /// `住院号` or `姓名`.
    pub what: &'static str,
    /// What the bill says.
    pub found: String,
    /// Where; none at the head of a JSON body or in the request.
    pub at: Option<RowPosition>,
    /// What the visit has.
    pub own: String,
}

/// What a bill is, in figures that a person can compare with the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// How many lines.
    pub lines: usize,
    /// Their sum.
    pub total: Money,
    /// The first day and the last; none without lines.
    pub days: Option<(Date, Date)>,
}

impl Extent {
    /// Of this bill.
    pub fn of(bill: &Bill) -> Self {
        let days = || bill.lines.iter().map(|line| line.date);
        Self {
            lines: bill.lines.len(),
            total: bill.total(),
            days: days().min().zip(days().max()),
        }
    }
}

/// Refuses a bill of another visit; 住院号 on the bill where it lacks the zeros before it.
pub(crate) fn require_own(whose: &[&Whose], visit: &Visit) -> Result<Option<String>, AnothersBill> {
    let anothers = |what, found: &Found, own: &str| AnothersBill {
        what,
        found: found.text.clone(),
        at: found.at,
        own: own.to_owned(),
    };
    let mut zeros_lost = None;
    // A visit that an earlier version admitted may have no number: then there is nothing to compare.
    let own = visit.record.inpatient_number.as_str();
    if !own.is_empty() {
        for found in whose.iter().flat_map(|whose| &whose.numbers) {
            if same_but_zeros(&found.text, own) {
                zeros_lost = Some(found.text.clone());
            } else if !same_number(&found.text, own) {
                return Err(anothers("住院号", found, own));
            }
        }
    }
    for found in whose.iter().flat_map(|whose| &whose.names) {
        let name = visit.record.worker.name.as_str();
        if !same_name(&found.text, name) {
            return Err(anothers("姓名", found, name));
        }
    }
    Ok(zeros_lost)
}

/// Lines dated outside the stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideStay {
    /// The first of them, with their days.
    pub named: Vec<(LineNumber, Date)>,
    /// How many there are.
    pub count: usize,
    /// First day that is taken.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// Days before the admission that the configuration lets in.
    pub days_before: u8,
}

/// Refuses lines outside the stay; tells those that stand before it and are let in.
pub(crate) fn within_the_stay(
    bill: &Bill,
    (admitted, discharged): (Date, Date),
    days_before: u8,
) -> Result<Vec<LineNumber>, OutsideStay> {
    let from = admitted.saturating_sub(i64::from(days_before).days());
    let outside = |date: Date| date < from || date > discharged;
    let count = bill.lines.iter().filter(|line| outside(line.date)).count();
    if count > 0 {
        let named = bill.lines.iter().filter(|line| outside(line.date));
        return Err(OutsideStay {
            named: named
                .take(MOST_NAMED)
                .map(|line| (line.number, line.date))
                .collect(),
            count,
            from,
            to: discharged,
            days_before,
        });
    }
    let before = bill.lines.iter().filter(|line| line.date < admitted);
    Ok(before.map(|line| line.number).collect())
}

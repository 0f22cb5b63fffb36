//! The bill's codes against the catalogue: letters in the wrong case are put right, what may be damaged is pointed out, and a
//! bill that has lost its codes is held until a person has looked.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rules::{
    Bill, BillLine, Case, CaseFacts, Channel, ItemCode, LineColumn, LineNumber, MatrixColumn,
};

use crate::bill::doubt::{self, Kin, Relative};
use crate::counter::Counter;
use crate::counter::case::columns::{by_code, listed_in};
use crate::counter::case::question::Question;
use crate::counter::case::remarks::{ColumnDiffers, Remark};
use crate::counter::case::unlisted::{CodeDoubted, Unlisted};
use crate::counter::error::CounterError;
use crate::registry::{CatalogueItem, CatalogueOwner};

/// Different codes that relatives are looked for; a bill that has lost more of them is known by these.
const MOST_LOOKED_UP: usize = 5_000;

impl Counter {
    /// Puts the letters of codes into the catalogue's case, where only one listed code can be meant; says which lines.
    pub(crate) fn mend_case(
        &self,
        question: &mut Question,
        owner: CatalogueOwner,
    ) -> Result<Option<Remark>, CounterError> {
        let Some(bill) = &mut question.bill else {
            return Ok(None);
        };
        let unlisted = self.listed_nowhere(bill, owner)?;
        let known = self.relatives_of(&unlisted, owner)?;
        let mut mended = Vec::new();
        for line in &mut bill.lines {
            if let Some(Relative {
                kin: Kin::Case,
                listed,
            }) = known.get(&line.code)
            {
                line.code = listed.clone();
                mended.push(line.number);
            }
        }
        Ok((!mended.is_empty()).then_some(Remark::CaseMended(mended)))
    }

    /// What is to be said of lines that no catalogue has, and how much of the bill they are.
    pub(crate) fn doubts(
        &self,
        case: &Case,
        channel: Option<Channel>,
        elsewhere: &[ColumnDiffers],
    ) -> Result<(Vec<CodeDoubted>, Unlisted), CounterError> {
        let facts = case.facts();
        let (Some(bill), Some(owner)) = (&facts.bill, owner(facts, channel)) else {
            return Ok((Vec::new(), Unlisted::default()));
        };
        let listed = by_code(&facts.catalogue);
        let elsewhere: BTreeSet<LineNumber> =
            elsewhere.iter().map(|differs| differs.line).collect();
        let lines: Vec<&BillLine> = bill
            .lines
            .iter()
            // What is not for the injury is the worker's whatever its code; a reversal goes as its line goes.
            .filter(|line| line.treats_injury != Some(false) && line.reverses.is_none())
            .filter(|line| match line.column {
                LineColumn::Matrix(column) => {
                    listed_in(&listed, line, |listed| listed == column).is_none()
                }
                LineColumn::MealAllowance | LineColumn::TravelAndLodging => false,
            })
            .filter(|line| !elsewhere.contains(&line.number))
            .collect();
        let codes: BTreeSet<&ItemCode> = lines.iter().map(|line| &line.code).collect();
        let codes: Vec<ItemCode> = codes.into_iter().cloned().collect();
        let known = self.relatives_of(&codes, owner)?;
        let doubted = lines
            .iter()
            .filter_map(|line| {
                Some(CodeDoubted {
                    line: line.number,
                    relative: known.get(&line.code)?.clone(),
                })
            })
            .collect();
        Ok((doubted, unlisted(&lines, bill)))
    }

    /// The codes of the bill that the catalogue has in no column.
    fn listed_nowhere(
        &self,
        bill: &Bill,
        owner: CatalogueOwner,
    ) -> Result<Vec<ItemCode>, CounterError> {
        let codes: BTreeSet<&ItemCode> = bill.lines.iter().map(|line| &line.code).collect();
        let items = in_every_column(codes.iter().copied());
        let entries = self.0.registry.catalogue(owner, &items)?;
        let listed: BTreeSet<&ItemCode> = entries.iter().map(|entry| &entry.code).collect();
        Ok(codes
            .difference(&listed)
            .map(|code| (*code).clone())
            .collect())
    }

    /// For each code the one listed code that is nearest to it; none where several are as near.
    pub(super) fn relatives_of(
        &self,
        codes: &[ItemCode],
        owner: CatalogueOwner,
    ) -> Result<BTreeMap<ItemCode, Relative>, CounterError> {
        let looked_up = codes
            .get(..codes.len().min(MOST_LOOKED_UP))
            .unwrap_or_default();
        let shapes: BTreeSet<String> = looked_up
            .iter()
            .flat_map(|code| doubt::shapes(code.as_str()))
            .collect();
        let listed = self.0.registry.codes_alike(owner, &shapes)?;
        let nearest = |code: &ItemCode| {
            let shapes = doubt::shapes(code.as_str());
            let alike = shapes.iter().filter_map(|shape| listed.get(shape));
            Some((code.clone(), doubt::nearest(code, alike.flatten())?))
        };
        Ok(looked_up.iter().filter_map(nearest).collect())
    }

    /// Whose catalogue the bill of this question is held against; none where it is not settled here.
    pub(crate) fn owner_for(
        &self,
        question: &Question,
        at: Timestamp,
    ) -> Result<Option<CatalogueOwner>, CounterError> {
        let without_bill = Question {
            bill: None,
            ..question.clone()
        };
        let said = (None, Vec::new());
        let (case, judgement) = self.judge_question(&without_bill, said, at)?;
        let facts = case.facts();
        Ok(owner(
            facts,
            judgement.decision.and_then(|decision| decision.channel),
        ))
    }
}

fn owner(facts: &CaseFacts, channel: Option<Channel>) -> Option<CatalogueOwner> {
    CatalogueOwner::choose(
        channel?,
        facts.visit.kind,
        facts.institution.division,
        facts.worker.as_ref()?.insured_division,
    )
}

/// The codes, asked about in each column.
pub(super) fn in_every_column<'c>(codes: impl Iterator<Item = &'c ItemCode>) -> Vec<CatalogueItem> {
    codes
        .flat_map(|code| {
            MatrixColumn::ALL.iter().map(|column| CatalogueItem {
                column: *column,
                code: code.clone(),
            })
        })
        .collect()
}

/// How much of the bill these lines are. Reversals on either side are left out: they would make charges smaller than they are.
fn unlisted(lines: &[&BillLine], bill: &Bill) -> Unlisted {
    let charges = bill.lines.iter().filter(|line| line.reverses.is_none());
    let charges = charges.map(|line| line.amount);
    Unlisted {
        lines: lines.len(),
        amount: lines.iter().map(|line| line.amount).sum(),
        whole: charges.filter(|amount| !amount.is_negative()).sum(),
    }
}

//! A bill so far, looked at while the stay is open: what the fund will not pay and why, lines without a mark, restricted items that
//! nobody has answered for (N37, notice 4(2)). The ward can still act on it.
//!
//! Nothing is settled and nothing kept but the act in the journal; the last result of each visit is remembered until the daemon
//! ends. No card is asked for: reasons that speak of one are left out. A line without a mark is reckoned as treating the injury, and
//! named. Provinces send no remarks on lines in any message that the tables know; one that did would be shown here.

use std::sync::Arc;

use rules::{BillLine, CaseFacts, LineColumn, Outcome, Reason, Route, RuleId};
use serde::Serialize;

use crate::counter::Counter;
use crate::counter::actor::{Actor, Came};
use crate::counter::case::columns::by_code;
use crate::counter::case::objection::Judgement;
use crate::counter::case::question::Question;
use crate::counter::case::remarks::Remark;
use crate::counter::error::CounterError;
use crate::counter::quote::checked::{Checked, Marked};
use crate::counter::quote::error::QuoteError;
use crate::counter::quote::file::{self, BillFile};
use crate::counter::quote::make::open_generation;
use crate::counter::stay::forms::DischargeForm;
use crate::counter::views::VisitView;
use crate::ledger::journal;
use crate::records::staff::Role;

/// What the journal keeps of a check, version 1.
#[derive(Serialize)]
struct Body<'a> {
    v: u8,
    lines: usize,
    total: String,
    unmarked: usize,
    unanswered: usize,
    by: &'a str,
    came: Came,
}

impl Counter {
    /// Looks at a bill so far.
    ///
    /// # Errors
    /// As for a quote: the bill cannot be read or is another stay's, the visit is not open.
    pub async fn check_bill(
        &self,
        visit: &str,
        bill: BillFile,
        actor: &Actor,
    ) -> Result<Arc<Checked>, CounterError> {
        actor.require(Role::Cashier)?;
        let bill = self.with_parts(visit, bill)?;
        let weight = bill.weight();
        let (said, name) = (bill.said(), bill.name.clone());
        let read = self.aside(weight, move |counter| {
            Ok(bill
                .understood(&counter.0.settings.bill.mapping)
                .map_err(QuoteError::from)?)
        });
        let understood = read.await?;
        let visit = self.ledger_visit(visit).await?;
        open_generation(&visit)?;
        let lost_zeros =
            file::require_own(&[&understood.how.whose, &said], &visit).map_err(QuoteError::from)?;
        let mut noticed: Vec<Remark> = lost_zeros
            .map(Remark::NumberLostZeros)
            .into_iter()
            .collect();
        let so_far = DischargeForm {
            discharged_at: self.0.clock.now(),
            diagnosis: String::new(),
            diagnosis_code: String::new(),
            other_diagnoses: Vec::new(),
            // Whether the plan is uploaded is asked at discharge.
            rehabilitation_plan_uploaded: true,
        };
        noticed.extend(self.within_the_stay(&understood.bill, &visit, &so_far)?);
        let mut bill = understood.bill;
        let unmarked = Marked::of(bill.lines.iter().filter(|line| is_unmarked(line)));
        for line in &mut bill.lines {
            line.treats_injury.get_or_insert(true);
        }
        let question = self.discharge_question(&visit, &so_far, bill, None)?;
        let heard = self.ask_province(&question.number).await?;
        let (no, freshness) = (heard.no, heard.freshness);
        let how = understood.how;
        let checked = self
            .aside(weight, move |counter| {
                let view = VisitView::of(&visit);
                let (facts, judgement, remarks) = counter.judge_so_far(question, no, noticed)?;
                Ok(Arc::new(Checked {
                    unanswered: unanswered(&facts),
                    visit: view,
                    at: counter.0.clock.now(),
                    file: name,
                    how,
                    facts,
                    judgement,
                    freshness,
                    remarks,
                    unmarked,
                }))
            })
            .await?;
        self.keep_check(&checked, actor).await?;
        Ok(checked)
    }

    fn judge_so_far(
        &self,
        mut question: Question,
        no: Option<crate::registry::ProvinceNo>,
        mut remarks: Vec<Remark>,
    ) -> Result<(CaseFacts, Judgement, Vec<Remark>), CounterError> {
        let now = self.0.clock.now();
        if no.is_none()
            && let Some(owner) = self.owner_for(&question, now)?
        {
            remarks.extend(self.mend_case(&mut question, owner)?);
        }
        let (case, mut judgement) = self.judge_question(&question, (no, Vec::new()), now)?;
        if let Some(decision) = &mut judgement.decision {
            let columns = self.columns_that_differ(&case, decision)?;
            let (doubted, _) = self.doubts(&case, decision.channel, &columns)?;
            if !columns.is_empty() {
                remarks.push(Remark::ColumnsDiffer(columns));
            }
            if !doubted.is_empty() {
                remarks.push(Remark::CodesDoubted(doubted));
            }
            decision
                .reasons
                .retain(|reason| !speaks_of_the_card(reason));
            if decision.reasons.is_empty() {
                decision.outcome = Outcome::Allow;
                decision.route = Route::DirectSettlement;
            }
        }
        Ok((case.facts().clone(), judgement, remarks))
    }

    async fn keep_check(&self, checked: &Arc<Checked>, actor: &Actor) -> Result<(), CounterError> {
        let body = journal::json(&Body {
            v: 1,
            lines: checked.lines().len(),
            total: checked
                .facts
                .bill
                .as_ref()
                .map(rules::Bill::total)
                .unwrap_or_default()
                .to_string(),
            unmarked: checked.unmarked.lines.len(),
            unanswered: checked.unanswered.lines.len(),
            by: &actor.code,
            came: actor.came,
        })?;
        let visit = checked.visit.number.clone();
        let written = self.0.ledger.write(move |entry| {
            journal::append(entry, "bill_checked", &visit, &body)?;
            Ok::<_, CounterError>(())
        });
        written.await?;
        self.checks().keep(Arc::clone(checked));
        self.changed();
        Ok(())
    }

    /// What was found last in a bill of this visit, as long as the daemon remembers it.
    pub fn last_check(&self, visit: &str) -> Option<Arc<Checked>> {
        self.checks().of(visit)
    }
}

/// Nobody has said whether it treats the injury. A reversal goes as its line goes.
fn is_unmarked(line: &BillLine) -> bool {
    line.treats_injury.is_none() && line.reverses.is_none()
}

/// Reasons of the credential, which nobody presents before discharge.
fn speaks_of_the_card(reason: &Reason) -> bool {
    [RuleId::B01, RuleId::B02, RuleId::B03, RuleId::B06].contains(&reason.rule)
}

/// Restricted on the line's day, and nobody has said whether the condition is met: then it is not paid (E04).
fn unanswered(facts: &CaseFacts) -> Marked {
    let entries = by_code(&facts.catalogue);
    let bill = facts.bill.iter().flat_map(|bill| &bill.lines);
    Marked::of(bill.filter(|line| {
        let LineColumn::Matrix(column) = line.column else {
            return false;
        };
        let entry = entries.get(line.code.as_str()).and_then(|entries| {
            let in_force = entries
                .iter()
                .filter(|entry| entry.column == column && entry.in_force_on(line.date));
            in_force.max_by_key(|entry| entry.from)
        });
        let asked = line.treats_injury != Some(false)
            && line.reverses.is_none()
            && line.restriction_met.is_none();
        asked && entry.is_some_and(|entry| entry.restricted)
    }))
}

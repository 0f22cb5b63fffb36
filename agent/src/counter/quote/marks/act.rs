//! The act of marking: journalled, and another quote made of it.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::choices::{Choices, Tally};
use super::fault::MarksFault;
use super::given::Given;
use crate::counter::Counter;
use crate::counter::actor::{Actor, Came};
use crate::counter::case::remarks::Remark;
use crate::counter::error::CounterError;
use crate::counter::quote::error::QuoteError;
use crate::counter::quote::make::Amendment;
use crate::counter::quote::quoted::Quote;
use crate::counter::settle::error::SettleError;
use crate::ledger::bills::{self, ItemMark};
use crate::ledger::journal;
use crate::records::staff::Role;

/// What the journal keeps of an act of marking, version 1.
#[derive(Serialize)]
struct Body<'a> {
    v: u8,
    quote: &'a str,
    by: &'a str,
    came: Came,
    /// How many lines got which mark by which choice.
    marks: &'a [Tally],
    /// Lines that are still without.
    missing_injury: usize,
    missing_restriction: usize,
    missing_reversal: usize,
}

impl Counter {
    /// Marks lines of a quote's bill as a person chose. The quote that follows is another one, with another key, and stands
    /// in this one's place.
    ///
    /// # Errors
    /// [`QuoteError::Marks`] where a choice does not fit the bill, or none was made.
    pub async fn mark(
        &self,
        quote_id: &str,
        choices: Choices,
        actor: &Actor,
    ) -> Result<Arc<Quote>, CounterError> {
        actor.require(Role::Cashier)?;
        let quote = self.quote_in_hand(quote_id)?;
        let last = self.marked_last(&quote).await?;
        let lacking = Arc::clone(&quote);
        let marked = self
            .aside(quote.weight(), move |_| {
                let bill = lacking.question.bill.clone().unwrap_or_default();
                let catalogue = &lacking.case.facts().catalogue;
                choices
                    .apply(bill, catalogue, &last)
                    .map_err(|error| CounterError::Quote(QuoteError::Marks(error)))
            })
            .await?;
        let missing = marked.missing;
        let body = journal::json(&Body {
            v: 1,
            quote: &quote.id,
            by: &actor.code,
            came: actor.came,
            marks: &marked.tallies,
            missing_injury: missing.injury,
            missing_restriction: missing.restriction,
            missing_reversal: missing.reversal,
        })?;
        self.keep_act("bill_marked", &quote, body).await?;
        let mut given = quote.given.clone();
        let remark = Remark::Marked {
            by: actor.name.clone(),
            injury: marked.given.injury.len(),
            restriction: marked.given.restriction.len(),
            reversal: marked.given.reversal.len(),
        };
        given.extend(marked.given);
        let amendment = Amendment::Bill {
            bill: marked.bill,
            given,
            remark: Some(remark),
        };
        self.quote_again(&quote, amendment).await
    }

    /// Takes back all marks that people gave to this bill; what the file said stays.
    ///
    /// # Errors
    /// [`QuoteError::Marks`] where nobody gave any.
    pub async fn unmark(&self, quote_id: &str, actor: &Actor) -> Result<Arc<Quote>, CounterError> {
        let quote = self.quote_in_hand(quote_id)?;
        if quote.given.is_empty() {
            return Err(CounterError::Quote(QuoteError::Marks(
                MarksFault::NothingGiven,
            )));
        }
        let mut bill = quote.question.bill.clone().ok_or(SettleError::NoBill)?;
        quote.given.take_back(&mut bill);
        let given = &quote.given;
        let body = serde_json::json!({
            "v": 1, "quote": quote.id, "by": actor.code, "came": actor.came, "injury": given.injury.len(),
            "restriction": given.restriction.len(), "reversal": given.reversal.len(),
        });
        self.keep_act("bill_unmarked", &quote, body.to_string())
            .await?;
        let amendment = Amendment::Bill {
            bill,
            given: Given::default(),
            remark: None,
        };
        self.quote_again(&quote, amendment).await
    }

    /// How the items of a quote's bill were marked on the last settled bill that had them.
    pub async fn marked_last(
        &self,
        quote: &Quote,
    ) -> Result<HashMap<String, ItemMark>, CounterError> {
        let bill = quote.question.bill.as_ref();
        let mut codes: Vec<String> = bill
            .iter()
            .flat_map(|bill| &bill.lines)
            .map(|line| line.code.as_str().to_owned())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        self.0
            .ledger
            .read(move |conn| Ok(bills::marks(conn, codes.iter().map(String::as_str))?))
            .await
    }
}

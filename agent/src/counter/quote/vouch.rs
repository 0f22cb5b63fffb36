//! A person vouches for what holds a bill: looks at it, says why it is right, and is in the journal.

use std::sync::Arc;

use serde::Serialize;

use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::actor::Came;
use crate::counter::case::objection::Objection;
use crate::counter::case::remarks::Vouched;
use crate::counter::case::second_look::Matter;
use crate::counter::error::CounterError;
use crate::counter::quote::error::QuoteError;
use crate::counter::quote::make::Amendment;
use crate::counter::quote::quoted::Quote;
use crate::counter::texts::require;
use crate::ledger::journal;
use crate::records::staff::Role;

/// What the journal keeps of it, version 2; version 1 was about codes alone, and had its figures unnested.
#[derive(Serialize)]
struct Body<'a> {
    v: u8,
    quote: &'a str,
    about: About<'a>,
    reason: &'a str,
    by: &'a str,
    came: Came,
}

/// What was vouched for, with its figures.
#[derive(Serialize)]
#[serde(tag = "matter", rename_all = "snake_case")]
enum About<'a> {
    CodesUnlisted {
        lines: usize,
        amount: String,
        whole: String,
    },
    BillSumMissing {
        lines: usize,
        total: String,
    },
    SumImplausible {
        total: String,
        limit: u32,
    },
    SettledBefore {
        settlement: &'a str,
        same_file: bool,
        lines: usize,
        amount: String,
    },
}

impl<'a> About<'a> {
    fn of(objection: &'a Objection) -> Option<Self> {
        match objection {
            Objection::CodesUnlisted(unlisted) => Some(Self::CodesUnlisted {
                lines: unlisted.lines,
                amount: unlisted.amount.to_string(),
                whole: unlisted.whole.to_string(),
            }),
            Objection::SumMissing { lines, total } => Some(Self::BillSumMissing {
                lines: *lines,
                total: total.to_string(),
            }),
            Objection::SumImplausible { total, limit } => Some(Self::SumImplausible {
                total: total.to_string(),
                limit: *limit,
            }),
            Objection::SettledBefore(before) => Some(Self::SettledBefore {
                settlement: &before.settlement,
                same_file: before.same_file,
                lines: before.lines,
                amount: before.amount.to_string(),
            }),
            Objection::ProvinceRefuses(_)
            | Objection::RegistrationRefused { .. }
            | Objection::MarksMissing(_) => None,
        }
    }
}

impl Counter {
    /// Takes a person's word that what holds a quote's bill is right: `matter`, or what it waits for first. The quote that follows is another one, with another
    /// key, and stands in this one's place.
    ///
    /// # Errors
    /// [`QuoteError::NothingToVouch`] where the quote is not held for it; [`CounterError::RemedyWords`] where the reason is
    /// missing.
    pub async fn vouch(
        &self,
        quote_id: &str,
        matter: Option<Matter>,
        reason: &str,
        actor: &Actor,
    ) -> Result<Arc<Quote>, CounterError> {
        actor.require(Role::Cashier)?;
        let reason = reason.trim();
        require("原因", reason)?;
        let quote = self.quote_in_hand(quote_id)?;
        let matter = matter
            .or(quote.waits_for_vouching())
            .ok_or(CounterError::Quote(QuoteError::NothingToVouch))?;
        let about = held_for(&quote, matter).and_then(About::of);
        let body = journal::json(&Body {
            v: 2,
            quote: &quote.id,
            about: about.ok_or(CounterError::Quote(QuoteError::NothingToVouch))?,
            reason,
            by: &actor.code,
            came: actor.came,
        })?;
        self.keep_act("bill_vouched", &quote, body).await?;
        let vouched = Vouched {
            matter,
            by: actor.name.clone(),
            reason: reason.to_owned(),
        };
        self.quote_again(&quote, Amendment::Vouched(vouched)).await
    }
}

/// What holds the quote, of what a person can vouch for.
fn held_for(quote: &Quote, matter: Matter) -> Option<&Objection> {
    let mut held = quote.judgement.objections.iter();
    held.find(|own| own.matter() == Some(matter))
}

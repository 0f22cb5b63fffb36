//! A person vouches for a bill of which much is not listed: looks at the lines, says why they are right, and is in the journal.

use std::sync::Arc;

use serde::Serialize;

use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::actor::Came;
use crate::counter::case::objection::Objection;
use crate::counter::case::remarks::Vouched;
use crate::counter::case::unlisted::Unlisted;
use crate::counter::error::CounterError;
use crate::counter::quote::quoted::Quote;
use crate::counter::texts::require;
use crate::ledger::journal;

/// What the journal keeps of it, version 1.
#[derive(Serialize)]
struct Body<'a> {
    v: u8,
    quote: &'a str,
    lines: usize,
    amount: String,
    whole: String,
    reason: &'a str,
    by: &'a str,
    came: Came,
}

impl Counter {
    /// Takes a person's word that the codes of a quote's bill are right though no catalogue has them. The quote that follows
    /// is another one, with another key, and stands in this one's place.
    ///
    /// # Errors
    /// [`CounterError::NothingToVouch`] where the quote is not held for its codes; [`CounterError::RemedyWords`] where the
    /// reason is missing.
    pub async fn vouch(
        &self,
        quote_id: &str,
        reason: &str,
        actor: &Actor,
    ) -> Result<Arc<Quote>, CounterError> {
        let reason = reason.trim();
        require("原因", reason)?;
        let quote = self.quoted(quote_id).ok_or(CounterError::QuoteForgotten)?;
        if self.newer_quote(&quote).is_some() {
            return Err(CounterError::QuoteSuperseded);
        }
        let unlisted = held_for(&quote).ok_or(CounterError::NothingToVouch)?;
        let body = journal::json(&Body {
            v: 1,
            quote: &quote.id,
            lines: unlisted.lines,
            amount: unlisted.amount.to_string(),
            whole: unlisted.whole.to_string(),
            reason,
            by: &actor.user,
            came: actor.came,
        })?;
        let visit = quote.number.clone();
        self.0
            .ledger
            .write(move |entry| {
                journal::append(entry, "bill_vouched", visit.as_str(), &body)?;
                Ok::<_, CounterError>(())
            })
            .await?;
        let vouched = Vouched {
            by: actor.name.clone(),
            reason: reason.to_owned(),
        };
        self.quote_again(&quote, vouched).await
    }
}

/// How much of its bill is not listed, where that holds the quote.
fn held_for(quote: &Quote) -> Option<Unlisted> {
    quote.judgement.objections.iter().find_map(|own| match own {
        Objection::CodesUnlisted(unlisted) => Some(*unlisted),
        Objection::ProvinceRefuses(_) | Objection::RegistrationRefused { .. } => None,
    })
}

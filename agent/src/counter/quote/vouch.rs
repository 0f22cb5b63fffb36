//! A person vouches for a bill that only a look can tell to be right: one of which much is not listed, or that no sum closes. Who
//! looked, and why it is right, stands in the journal.

use std::sync::Arc;

use serde::Serialize;

use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::actor::Came;
use crate::counter::case::objection::Objection;
use crate::counter::case::remarks::Vouched;
use crate::counter::error::CounterError;
use crate::counter::quote::quoted::Quote;
use crate::counter::texts::require;
use crate::ledger::journal;

/// What the journal keeps of it, version 2. Version 1 knew of codes alone.
#[derive(Serialize)]
struct Body<'a> {
    v: u8,
    quote: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unlisted: Option<UnlistedBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    without_sum: Option<WithoutSumBody>,
    reason: &'a str,
    by: &'a str,
    came: Came,
}

#[derive(Serialize)]
struct UnlistedBody {
    lines: usize,
    amount: String,
    whole: String,
}

#[derive(Serialize)]
struct WithoutSumBody {
    lines: usize,
    total: String,
}

impl Counter {
    /// Takes a person's word that a quote's bill is right though no catalogue has its codes, or no sum closes it. The quote that follows
    /// is another one, with another key, and stands in this one's place.
    ///
    /// # Errors
    /// [`CounterError::NothingToVouch`] where the quote is not held for such a look; [`CounterError::RemedyWords`] where the
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
        let (unlisted, without_sum) = held_for(&quote);
        if unlisted.is_none() && without_sum.is_none() {
            return Err(CounterError::NothingToVouch);
        }
        let (codes, sum) = (unlisted.is_some(), without_sum.is_some());
        let body = journal::json(&Body {
            v: 2,
            quote: &quote.id,
            unlisted,
            without_sum,
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
            codes,
            sum,
        };
        self.quote_again(&quote, vouched).await
    }
}

/// What of its bill holds the quote until somebody has looked.
fn held_for(quote: &Quote) -> (Option<UnlistedBody>, Option<WithoutSumBody>) {
    let (mut unlisted, mut without_sum) = (None, None);
    for held in quote.held_for_a_look() {
        match held {
            Objection::CodesUnlisted(of) => {
                unlisted = Some(UnlistedBody {
                    lines: of.lines,
                    amount: of.amount.to_string(),
                    whole: of.whole.to_string(),
                });
            }
            Objection::SumMissing { lines, total } => {
                without_sum = Some(WithoutSumBody {
                    lines: *lines,
                    total: total.to_string(),
                });
            }
            Objection::ProvinceRefuses(_) | Objection::RegistrationRefused { .. } => {}
        }
    }
    (unlisted, without_sum)
}

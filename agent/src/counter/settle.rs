//! Settling: judged again, committed with its evidence, its journal entry and its uploads, and only then shown.
//!
//! The regulation speaks of the networked settlement in the province's system (N33). Here the commit of the agent is
//! that settlement: an interpretation, and a setting of the profile.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use offline_queue::{Deadline, Which};
use rules::{Bill, Case, Decision, Outcome, RuleSet, Split};

use crate::bill::Repair;
use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::aside::Weight;
use crate::counter::came;
use crate::counter::case::kept::{case_text, decision_text};
use crate::counter::case::objection::{Judgement, Objection};
use crate::counter::case::refusal::{RefusedAct, registration_refused};
use crate::counter::error::CounterError;
use crate::counter::quote::before;
use crate::counter::quote::error::QuoteError;
use crate::counter::quote::make::open_generation;
use crate::counter::quote::quoted::Quote;
use crate::counter::report::{self, Act};
use crate::counter::slip::facts::{self, InstitutionText, Particulars};
use crate::counter::uploads;
use crate::counter::uploads::{Carries, UploadView};
use crate::counter::views::{SettlementView, VisitView};
use crate::desk::{ConfirmedBy, Presented, PresentedCard};
use crate::ledger::bills::{self, KnownBill};
use crate::ledger::numbers::SettlementNumber;
use crate::ledger::settlements::{self, NewSettlement, Settlement, Totals};
use crate::ledger::{Entry, LedgerError, journal, moment, require_as_settled, visits};
use crate::records::evidence::{Evidence, EvidenceVersion};
use crate::records::slip::SlipFacts;

impl Counter {
    /// Settles a quote. The same quote settles once, however often and from however many windows it is pressed.
    ///
    /// # Errors
    /// [`CounterError::QuoteChanged`] where the rules, asked again inside the transaction, no longer say what was quoted;
    /// [`CounterError::QuoteExpired`] where its reading is too old; [`QuoteError::AnotherWorkersCard`] or
    /// [`CounterError::AnotherReading`] where another card has taken its place; [`QuoteError::Superseded`] where the
    /// visit was quoted again.
    pub async fn settle(
        &self,
        quote_id: &str,
        actor: &Actor,
    ) -> Result<SettlementView, CounterError> {
        self.require_sound_ledger()?;
        let number = if let Some(number) = self.settled_before(quote_id).await? {
            number
        } else {
            let quote = self
                .quoted(quote_id)
                .ok_or(CounterError::Quote(QuoteError::Forgotten))?;
            match self.commit(Arc::clone(&quote), actor.clone()).await {
                Err(CounterError::NotAllowed(judgement)) => {
                    let judged = (&quote.question.number, &*judgement);
                    let visit = quote.number.as_str();
                    self.keep_refusal(RefusedAct::Settlement, visit, judged, Some(actor))
                        .await?;
                    return Err(CounterError::NotAllowed(judgement));
                }
                done => done?,
            }
        };
        #[cfg(feature = "failpoints")]
        crate::failpoint::reached("settled");
        self.changed();
        self.settlement(number.as_str()).await
    }

    /// One settlement, with where its uploads stand.
    pub async fn settlement(&self, number: &str) -> Result<SettlementView, CounterError> {
        let number = SettlementNumber::parse(number).map_err(CounterError::NotANumber)?;
        let now = moment(&self.0.clock.times());
        self.0
            .ledger
            .read(move |conn| {
                let settlement =
                    settlements::find(conn, &number)?.ok_or(CounterError::SettlementUnknown)?;
                let visit =
                    visits::find(conn, &settlement.visit)?.ok_or(CounterError::VisitUnknown)?;
                let lane = offline_queue::list(conn, Which::Lane(visit.number.as_str()), &now)
                    .map_err(LedgerError::from)?;
                let uploads = uploads::views(lane);
                settlement_view(settlement, VisitView::of(&visit), uploads)
            })
            .await
    }

    /// The settlement's slip for the screen or the printer: the first pair, the same bytes every time.
    pub async fn slip(&self, number: &str, actor: &Actor) -> Result<Vec<u8>, CounterError> {
        self.drawn(number, actor, "slip_shown").await
    }

    /// The same for a file; that it was written is an act in the journal.
    pub async fn write_slip(&self, number: &str, actor: &Actor) -> Result<Vec<u8>, CounterError> {
        self.drawn(number, actor, "slip_written").await
    }

    /// Draws the slip, then journals the act, and only then hands it out: what could not be drawn was not shown, and what is
    /// shown stands in the journal.
    async fn drawn(
        &self,
        number: &str,
        actor: &Actor,
        act: &'static str,
    ) -> Result<Vec<u8>, CounterError> {
        self.require_sound_ledger()?;
        let number = SettlementNumber::parse(number).map_err(CounterError::NotANumber)?;
        let body = serde_json::json!({ "v": 1, "by": actor.user, "came": actor.came }).to_string();
        let wanted = number.clone();
        let (settlement, visit) = self
            .0
            .ledger
            .read(move |conn| {
                let found = settlements::find(conn, &wanted)?;
                let found = found.ok_or(CounterError::SettlementUnknown)?;
                require_as_settled(conn, &found)?;
                let visit = visits::find(conn, &found.visit)?.ok_or(CounterError::VisitUnknown)?;
                Ok((found, visit))
            })
            .await
            .inspect_err(|error| self.note_damage(error))?;
        let known = visit.registration.as_deref();
        let sheet = facts::sheet(&settlement, settlement.slip()?, known);
        let drawn = self
            .aside(Weight::Light, move |counter| {
                Ok(receipts::render(&sheet, &counter.0.fonts)?)
            })
            .await?;
        self.0
            .ledger
            .write(move |entry| {
                entry.require_sound()?;
                journal::append(entry, act, number.as_str(), &body)?;
                Ok::<_, CounterError>(())
            })
            .await?;
        Ok(drawn)
    }

    async fn settled_before(&self, key: &str) -> Result<Option<SettlementNumber>, CounterError> {
        let key = key.to_owned();
        self.0
            .ledger
            .read(move |conn| {
                Ok(settlements::find_by_key(conn, &key)?.map(|settlement| settlement.number))
            })
            .await
    }

    async fn commit(
        &self,
        quote: Arc<Quote>,
        actor: Actor,
    ) -> Result<SettlementNumber, CounterError> {
        let counter = self.clone();
        self.0
            .ledger
            .write(move |entry| {
                // The same press, twice at once.
                if let Some(before) = settlements::find_by_key(entry, &quote.id)? {
                    return Ok(before.number);
                }
                let act = counter.judge_again(entry, &quote, &actor)?;
                let settled = settlements::settle(entry, &act.new, |settlement| {
                    let by = (actor.user.as_str(), actor.came);
                    came::keep(entry, "settled", settlement.number.as_str(), by)?;
                    remember_bill(entry, settlement, &quote)?;
                    act.uploads(entry, settlement, &quote, &actor)
                })?;
                Ok(settled.settlement().number.clone())
            })
            .await
    }

    /// Asks the rules again, with the registry and the clock as they are now, inside the transaction.
    fn judge_again(
        &self,
        entry: &Entry<'_>,
        quote: &Quote,
        actor: &Actor,
    ) -> Result<Act, CounterError> {
        let visit = visits::find(entry, &quote.number)?.ok_or(CounterError::VisitUnknown)?;
        open_generation(&visit)?;
        if self.newer_quote(quote).is_some() {
            return Err(CounterError::Quote(QuoteError::Superseded));
        }
        let now = entry.now().civil;
        self.require_same_person(quote, now)?;
        // What the province has said since, of the person or of the visit's registration, stands in the way as it would have at
        // the quote.
        let no = self.0.registry.no_to(&quote.question.number)?;
        let refused = registration_refused(entry, &quote.number, entry.now())?;
        let mut held = quote.held_for_the_bill();
        held.extend(settled_meanwhile(entry, quote)?);
        let said = (no, refused.into_iter().chain(held).collect());
        let (case, judgement) = self.judge_question(&quote.question, said, now)?;
        if !judgement.objections.is_empty() {
            return Err(CounterError::NotAllowed(Box::new(judgement)));
        }
        let decision = match (judgement.decision, &quote.judgement.decision) {
            (Some(decision), Some(quoted))
                if decision.outcome == Outcome::Allow
                    && decision.split == quoted.split
                    && decision.filing == quoted.filing =>
            {
                decision
            }
            (decision, _) => {
                let judgement = Judgement {
                    objections: Vec::new(),
                    decision,
                };
                return Err(if quote.may_be_settled() {
                    CounterError::QuoteChanged(Box::new(judgement))
                } else {
                    CounterError::NotAllowed(Box::new(judgement))
                });
            }
        };
        let split = decision.split.as_ref().ok_or(CounterError::NoBill)?;
        let due_at = decision.upload_due_at.ok_or(CounterError::NoBill)?;
        let new = NewSettlement {
            visit: quote.number.clone(),
            generation: quote.generation,
            key: quote.id.clone(),
            settled_at: case.facts().at,
            settled_by: actor.name.clone(),
            totals: totals(split),
            discharged_at: case.facts().visit.discharged_at,
            evidence: Evidence {
                version: EvidenceVersion::Two,
                case: case_text(&case)?,
                result: decision_text(&decision)?,
                resolutions: Vec::new(),
                credential: quote.presented.as_ref().map(Presented::evidence),
                profile_hash: self.profile().hash(),
                rule_set: RuleSet::CURRENT.name().to_owned(),
            },
            slip: self.slip_facts(&visit, &case, &decision, actor)?,
        };
        let institution = self.signatory(entry)?;
        let lines_per_message = self.0.platform.adapter().fee_lines_per_message;
        Ok(Act {
            new,
            case,
            decision,
            due_at,
            institution,
            visit,
            lines_per_message,
        })
    }

    /// Whoever presented the card for this quote still counts as standing there: the reading is not too old, and no other
    /// card has gone in since, readable or not. That it was taken back is ordinary.
    fn require_same_person(&self, quote: &Quote, now: Timestamp) -> Result<(), CounterError> {
        if quote.expired(now) {
            return Err(CounterError::QuoteExpired {
                judged_at: quote.judged_at(),
            });
        }
        let (board, own) = (&self.0.board, quote.presented.as_ref());
        let same_card = |card: Option<&PresentedCard>| {
            let key = card.and_then(|card| card.key.as_ref());
            key.is_some() && key == own.and_then(|own| own.card.as_ref()?.key.as_ref())
        };
        match board.presented(now) {
            Some(presented) if same_card(presented.card.as_ref()) => Ok(()),
            Some(presented)
                if !presented
                    .social_security_number
                    .agrees_with(&quote.question.number) =>
            {
                Err(CounterError::Quote(QuoteError::AnotherWorkersCard))
            }
            // A confirmation lasts as long as the reading it belongs to: a card that nobody confirmed does not stand in for
            // the one that was.
            Some(presented)
                if presented.confirmed_by == ConfirmedBy::Nobody
                    && own.is_some_and(|own| own.confirmed_by != ConfirmedBy::Nobody) =>
            {
                Err(CounterError::AnotherReading)
            }
            Some(_) => Ok(()),
            None => match board.unnamed(now) {
                Some(unnamed) if same_card(Some(&unnamed.card)) => Ok(()),
                // A card went in that is not read yet, or cannot be, or is nobody's.
                Some(_) | None => Err(CounterError::AnotherReading),
            },
        }
    }

    fn slip_facts(
        &self,
        visit: &visits::Visit,
        case: &Case,
        decision: &Decision,
        actor: &Actor,
    ) -> Result<SlipFacts, CounterError> {
        let library = self
            .0
            .registry
            .institution()?
            .ok_or(CounterError::RegistryEmpty)?
            .institution;
        let worker = case
            .facts()
            .worker
            .as_ref()
            .ok_or(CounterError::RegistryEmpty)?;
        let place = self.place_name(library.institution.division)?;
        let province = self.province_name(library.institution.division)?;
        let insured_place = self.insured_place(worker)?;
        facts::freeze(
            case,
            decision,
            &Particulars {
                registration_number: visit.registration.as_deref().unwrap_or(""),
                department: &visit.record.department,
                inpatient_number: &visit.record.inpatient_number,
                institution: InstitutionText {
                    name: &library.name,
                    place: &place,
                    province: &province,
                    grade: &library.grade,
                },
                insured_place: &insured_place,
                operator: &actor.name,
                reviewer: &self.0.settings.slip.reviewer,
            },
        )
    }
}

impl Act {
    fn uploads(
        &self,
        entry: &Entry<'_>,
        settlement: &Settlement,
        quote: &Quote,
        actor: &Actor,
    ) -> Result<Vec<offline_queue::NewUpload>, CounterError> {
        // The 30 minutes run from the settlement (N33), whatever civil time does meanwhile.
        let deadline = Deadline::at(self.due_at, entry.now());
        report::settlement(entry, self, settlement, &quote.form, actor)?
            .iter()
            .map(|message| report::queued(message, deadline.clone()))
            .collect()
    }
}

/// The bill as it is remembered once it is settled.
fn known_bill(quote: &Quote) -> Option<KnownBill> {
    before::known(quote.question.bill.as_ref()?, quote.file.digest)
}

/// A bill that was settled for another visit since it was quoted.
fn settled_meanwhile(entry: &Entry<'_>, quote: &Quote) -> Result<Option<Objection>, CounterError> {
    let (Some(bill), Some(known)) = (&quote.question.bill, known_bill(quote)) else {
        return Ok(None);
    };
    let before = before::settled_before(entry, &quote.number, bill, &known)?;
    Ok(before
        .filter(|before| {
            quote.before.as_ref().map(|seen| &seen.settlement) != Some(&before.settlement)
        })
        .map(Objection::SettledBefore))
}

/// Keeps what the next bills are held against: this one's lines, and how its items were marked.
fn remember_bill(
    entry: &Entry<'_>,
    settlement: &Settlement,
    quote: &Quote,
) -> Result<(), CounterError> {
    let Some(bill) = &quote.question.bill else {
        return Ok(());
    };
    if let Some(known) = known_bill(quote) {
        bills::remember(entry, &settlement.number, &quote.number, &known)?;
    }
    bills::remember_marks(entry, item_marks(bill))?;
    keep_configured_marks(entry, quote)
}

/// Marks that the hospital's configuration gave stand in the journal as those that people gave, once they count.
fn keep_configured_marks(entry: &Entry<'_>, quote: &Quote) -> Result<(), CounterError> {
    let marks: Vec<_> = quote
        .how
        .notes
        .iter()
        .filter_map(|note| {
            let Repair::MarkConfigured(mark, value) = note.repair else {
                return None;
            };
            Some(serde_json::json!({
                "mark": mark.key(), "value": value, "by": "configuration", "lines": note.count,
            }))
        })
        .collect();
    if !marks.is_empty() {
        let body = serde_json::json!({ "v": 1, "quote": quote.id, "marks": marks }).to_string();
        journal::append(entry, "bill_marked", quote.number.as_str(), &body)?;
    }
    Ok(())
}

/// Each item's marks, none where its lines differ.
fn item_marks(bill: &Bill) -> impl Iterator<Item = (&str, Option<bool>, Option<bool>)> {
    let mut marks: BTreeMap<&str, (Option<bool>, Option<bool>)> = BTreeMap::new();
    for line in bill.lines.iter().filter(|line| line.reverses.is_none()) {
        let own = (line.treats_injury, line.restriction_met);
        marks
            .entry(line.code.as_str())
            .and_modify(|(injury, restriction)| {
                *injury = (*injury).filter(|mark| own.0 == Some(*mark));
                *restriction = (*restriction).filter(|mark| own.1 == Some(*mark));
            })
            .or_insert(own);
    }
    marks
        .into_iter()
        .map(|(code, (injury, restriction))| (code, injury, restriction))
}

fn totals(split: &Split) -> Totals {
    Totals {
        fund: split.fund.total().to_string(),
        self_pay: split.self_pay.total().to_string(),
        other: split.other.total().to_string(),
        total: split.total().to_string(),
        personal: split.personal().to_string(),
    }
}

fn settlement_view(
    settlement: Settlement,
    visit: VisitView,
    uploads: Vec<UploadView>,
) -> Result<SettlementView, CounterError> {
    let own = |upload: &&UploadView| upload.carries == Carries::Settlement;
    let upload_due_at = uploads
        .iter()
        .filter(own)
        .map(|upload| upload.due_at)
        .max()
        .ok_or(CounterError::SettlementUnknown)?;
    Ok(SettlementView {
        number: settlement.number.to_string(),
        visit,
        settled_at: settlement.settled_at,
        settled_by: settlement.settled_by,
        total: settlement.totals.total,
        fund: settlement.totals.fund,
        self_pay: settlement.totals.self_pay,
        other: settlement.totals.other,
        personal: settlement.totals.personal,
        upload_due_at,
        uploads,
    })
}

//! Discharge 出院结算: identity and filing are checked again (F02, N33), the bill is split, and the whole is quoted.

use std::sync::Arc;

use rules::case::china_time::civil_date;
use rules::{Bill, Case, Credential, Gate, Money, Settled, Visit};

use crate::bill::HowRead;
use crate::counter::Counter;
use crate::counter::aside::Weight;
use crate::counter::case::objection::Objection;
use crate::counter::case::question::Heard;
use crate::counter::case::question::Question;
use crate::counter::case::refusal::{RefusedAct, registration_refused};
use crate::counter::case::remarks::{Remark, SettledStay, Vouched};
use crate::counter::case::second_look::{Matter, SettledBefore};
use crate::counter::case::stays::{Stay, settled_as};
use crate::counter::error::CounterError;
use crate::counter::quote::before;
use crate::counter::quote::error::QuoteError;
use crate::counter::quote::file::{self, BillFile, FileMark};
use crate::counter::quote::marks::given::Given;
use crate::counter::quote::marks::missing::Missing;
use crate::counter::quote::quoted::Quote;
use crate::counter::settle::error::SettleError;
use crate::counter::stay::forms::DischargeForm;
use crate::counter::views::VisitView;
use crate::desk::Presented;
use crate::ledger::numbers::VisitNumber;
use crate::ledger::visits::{self, VisitState};
use crate::ledger::{journal, moment};
use crate::random;

/// What a person said of a quote's bill.
#[derive(Debug)]
pub(crate) enum Amendment {
    /// What holds it is right.
    Vouched(Vouched),
    /// Its lines have other marks.
    Bill {
        /// The bill as it is now.
        bill: Bill,
        /// All that people gave to it.
        given: Given,
        /// What was given now; none takes back what was said of earlier marks.
        remark: Option<Remark>,
    },
}

/// What a quote is made of, once the province was asked.
struct Asked {
    visit: visits::Visit,
    generation: u32,
    form: DischargeForm,
    question: Question,
    overlapping: Vec<SettledStay>,
    /// What was noticed of the file itself.
    noticed: Vec<Remark>,
    heard: Heard,
    objections: Vec<Objection>,
    presented: Option<Presented>,
    how: HowRead,
    file: FileMark,
    vouched: Vec<Vouched>,
    given: Given,
    before: Option<SettledBefore>,
    weight: Weight,
}

impl Counter {
    /// Reads the bill, asks the province and the rules, and quotes. Nothing is settled.
    ///
    /// # Errors
    /// [`CounterError::FormText`] where a text of the form cannot be taken; [`QuoteError::Bill`] where the bill cannot.
    pub async fn quote(
        &self,
        visit: &str,
        form: DischargeForm,
        bill: impl Into<BillFile>,
    ) -> Result<Arc<Quote>, CounterError> {
        let form = form.complete()?;
        let file = self.with_parts(visit, bill.into())?;
        let weight = file.weight();
        let said = file.said();
        let (understood, file) = self
            .aside(weight, move |counter| {
                #[cfg(feature = "failpoints")]
                crate::failpoint::hold("bill_read", weight == Weight::Long);
                let understood = file
                    .understood(&counter.0.settings.bill.mapping)
                    .map_err(QuoteError::from)?;
                let mark = file.mark(&understood.how.whose);
                Ok((understood, mark))
            })
            .await?;
        let visit = self.ledger_visit(visit).await?;
        let generation = open_generation(&visit)?;
        let mut noticed: Vec<Remark> = file::require_own(&[&understood.how.whose, &said], &visit)
            .map_err(QuoteError::from)?
            .map(Remark::NumberLostZeros)
            .into_iter()
            .collect();
        noticed.extend(self.within_the_stay(&understood.bill, &visit, &form)?);
        let presented = self.presented_for(&visit).await?;
        let mut question =
            self.discharge_question(&visit, &form, understood.bill, presented.as_ref())?;
        self.keep_confirmed_card(&visit, presented.as_ref()).await?;
        let stay = Stay {
            number: visit.record.worker.social_security_number.as_str(),
            hospital_number: &visit.record.inpatient_number,
            from: visit.record.registered_at,
            until: form.discharged_at,
        };
        let overlapping = self.settled_stays_overlapping(&stay).await?;
        question.visit.settled = settled_as(&overlapping);
        let before = self
            .settled_for_another(&visit.number, &question, &file)
            .await?;
        let heard = self.ask_province(&question.number).await?;
        let objections = self.unregistered(&visit.number).await?;
        let asked = Asked {
            visit,
            generation,
            form,
            question,
            overlapping,
            noticed,
            heard,
            objections,
            presented,
            how: understood.how,
            file,
            vouched: Vec::new(),
            given: Given::default(),
            before,
            weight,
        };
        let quote = self.judge_aside(asked).await?;
        let judged = (&quote.question.number, &quote.judgement);
        self.keep_refusal(RefusedAct::Quote, quote.number.as_str(), judged, None)
            .await?;
        Ok(quote)
    }

    /// The same bill and reading once more, with what a person said of it.
    pub(crate) async fn quote_again(
        &self,
        quote: &Quote,
        amendment: Amendment,
    ) -> Result<Arc<Quote>, CounterError> {
        let visit = self.ledger_visit(quote.number.as_str()).await?;
        let generation = open_generation(&visit)?;
        let number = quote.question.number.clone();
        let no = self
            .0
            .registry
            .aside(move |registry| registry.no_to(&number));
        let overlaps = quote.remarks.iter().filter_map(|remark| match remark {
            Remark::Overlaps(stay) => Some(stay.clone()),
            Remark::ColumnsDiffer(_)
            | Remark::CaseMended(_)
            | Remark::CodesDoubted(_)
            | Remark::BeforeAdmission { .. }
            | Remark::NumberLostZeros(_)
            | Remark::Marked { .. }
            | Remark::NotOnSlip { .. }
            | Remark::Vouched(_) => None,
        });
        let mut asked = Asked {
            generation,
            form: quote.form.clone(),
            question: quote.question.clone(),
            overlapping: overlaps.collect(),
            heard: Heard {
                freshness: quote.freshness.clone(),
                no: no.await?,
            },
            objections: self.unregistered(&visit.number).await?,
            presented: quote.presented.clone(),
            how: quote.how.clone(),
            file: quote.file.clone(),
            noticed: quote.noticed.clone(),
            vouched: quote.vouched.clone(),
            given: quote.given.clone(),
            before: quote.before.clone(),
            weight: quote.weight,
            visit,
        };
        match amendment {
            Amendment::Vouched(vouched) => asked.vouched.push(vouched),
            Amendment::Bill {
                bill,
                given,
                remark,
            } => {
                asked.question.bill = Some(bill);
                asked.given = given;
                // Which lines the catalogue is asked about follows from the marks.
                asked
                    .vouched
                    .retain(|vouched| vouched.matter != Matter::Codes);
                match remark {
                    Some(remark) => asked.noticed.push(remark),
                    None => asked
                        .noticed
                        .retain(|remark| !matches!(remark, Remark::Marked { .. })),
                }
            }
        }
        self.judge_aside(asked).await
    }

    /// The settlement of another visit that a bill is taken for.
    async fn settled_for_another(
        &self,
        visit: &VisitNumber,
        question: &Question,
        file: &FileMark,
    ) -> Result<Option<SettledBefore>, CounterError> {
        let Some(bill) = question.bill.clone() else {
            return Ok(None);
        };
        let Some(known) = before::known(&bill, file.digest) else {
            return Ok(None);
        };
        let visit = visit.clone();
        self.0
            .ledger
            .read(move |conn| before::settled_before(conn, &visit, &bill, &known))
            .await
    }

    async fn unregistered(&self, visit: &VisitNumber) -> Result<Vec<Objection>, CounterError> {
        let lane = visit.clone();
        let now = moment(&self.0.clock.times());
        let objection = self
            .0
            .ledger
            .read(move |conn| registration_refused(conn, &lane, &now));
        Ok(objection.await?.into_iter().collect())
    }

    async fn judge_aside(&self, asked: Asked) -> Result<Arc<Quote>, CounterError> {
        let weight = asked.weight;
        self.aside(weight, move |counter| {
            #[cfg(feature = "failpoints")]
            crate::failpoint::hold("bill_judged", weight == Weight::Long);
            let quote = Arc::new(counter.judge_bill(asked)?);
            counter.quotes().keep(Arc::clone(&quote));
            Ok(quote)
        })
        .await
    }

    fn judge_bill(&self, asked: Asked) -> Result<Quote, CounterError> {
        let now = self.0.clock.now();
        let mut question = asked.question;
        let overlapping = asked.overlapping.into_iter();
        let mut remarks: Vec<Remark> = overlapping.map(Remark::Overlaps).collect();
        remarks.extend(asked.noticed.iter().cloned());
        let visit = &asked.visit;
        remarks.extend(self.not_on_slip(
            visit.record.worker.name.as_str(),
            visit.registration.as_deref(),
        )?);
        if asked.heard.no.is_none()
            && let Some(owner) = self.owner_for(&question, now)?
        {
            remarks.extend(self.mend_case(&mut question, owner)?);
        }
        let said = (asked.heard.no, asked.objections);
        let (case, mut judgement) = self.judge_question(&question, said, now)?;
        if let Some(decision) = &judgement.decision {
            let columns = self.columns_that_differ(&case, decision)?;
            let (doubted, unlisted) = self.doubts(&case, decision.channel, &columns)?;
            if !columns.is_empty() {
                remarks.push(Remark::ColumnsDiffer(columns));
            }
            if !doubted.is_empty() {
                remarks.push(Remark::CodesDoubted(doubted));
            }
            let limit = self.0.settings.bill.unlisted_share_percent;
            judgement
                .objections
                .extend(Objection::to_unlisted(unlisted, limit));
            judgement.objections.extend(unsummed(&case, &asked.how));
        }
        let missing = Missing::of(&case);
        judgement
            .objections
            .extend(self.looked_at(&case, asked.before.clone()));
        judgement
            .objections
            .extend(Objection::to_missing(missing.count()));
        judgement.objections.retain(|own| {
            let matter = own.matter();
            matter.is_none()
                || asked
                    .vouched
                    .iter()
                    .all(|vouched| Some(vouched.matter) != matter)
        });
        remarks.extend(asked.vouched.iter().cloned().map(Remark::Vouched));
        Ok(Quote {
            id: hex::encode(random::bytes::<32>()?),
            visit: VisitView::of(&asked.visit),
            worker: self.worker_view(&case, &judgement)?,
            case,
            judgement,
            freshness: asked.heard.freshness,
            remarks,
            presented: asked.presented,
            how: asked.how,
            file: asked.file,
            missing,
            noticed: asked.noticed,
            vouched: asked.vouched,
            given: asked.given,
            before: asked.before,
            number: asked.visit.number,
            generation: asked.generation,
            question,
            form: asked.form,
            weight: asked.weight,
        })
    }

    /// What a person has to look at once more: a sum beyond what is plausible, a bill that was settled for another visit.
    fn looked_at(&self, case: &Case, before: Option<SettledBefore>) -> Vec<Objection> {
        let limit = self.0.settings.bill.second_look_above_yuan;
        let total = case.facts().bill.as_ref().map_or(Money::ZERO, Bill::total);
        let implausible = total.cents() > i128::from(limit) * 100;
        let sum = implausible.then_some(Objection::SumImplausible { total, limit });
        let before = before.map(Objection::SettledBefore);
        before.into_iter().chain(sum).collect()
    }

    /// The quote, while the visit has no later one.
    pub(crate) fn quote_in_hand(&self, id: &str) -> Result<Arc<Quote>, CounterError> {
        let quote = self
            .quoted(id)
            .ok_or(CounterError::Quote(QuoteError::Forgotten))?;
        if self.newer_quote(&quote).is_some() {
            return Err(CounterError::Quote(QuoteError::Superseded));
        }
        Ok(quote)
    }

    /// Keeps a person's act on a quote's bill in the journal.
    pub(crate) async fn keep_act(
        &self,
        kind: &'static str,
        quote: &Quote,
        body: String,
    ) -> Result<(), CounterError> {
        let visit = quote.number.clone();
        self.0
            .ledger
            .write(move |entry| {
                journal::append(entry, kind, visit.as_str(), &body)?;
                Ok(())
            })
            .await
    }

    /// A quote made before, while the daemon remembers it.
    pub fn quoted(&self, id: &str) -> Option<Arc<Quote>> {
        self.quotes().find(id)
    }

    /// The visit's quote that stands in this one's place: its bill or its discharge may have been corrected.
    pub fn newer_quote(&self, quote: &Quote) -> Option<Arc<Quote>> {
        self.quotes().newer(quote)
    }

    /// The discharge is after the admission and not ahead of the clock, and the bill's days are between them.
    pub(crate) fn within_the_stay(
        &self,
        bill: &Bill,
        visit: &visits::Visit,
        form: &DischargeForm,
    ) -> Result<Option<Remark>, CounterError> {
        if form.discharged_at > self.0.clock.now()
            || form.discharged_at < visit.record.registered_at
        {
            return Err(CounterError::Quote(QuoteError::DischargeTime {
                registered_at: visit.record.registered_at,
            }));
        }
        let stay = (
            civil_date(visit.record.registered_at),
            civil_date(form.discharged_at),
        );
        let days_before = self.0.settings.bill.days_before_admission;
        let lines = file::within_the_stay(bill, stay, days_before).map_err(QuoteError::from)?;
        Ok((!lines.is_empty()).then_some(Remark::BeforeAdmission {
            lines,
            admitted: stay.0,
        }))
    }

    pub(crate) fn discharge_question(
        &self,
        visit: &visits::Visit,
        form: &DischargeForm,
        bill: Bill,
        presented: Option<&Presented>,
    ) -> Result<Question, CounterError> {
        let record = &visit.record;
        let number = record.worker.social_security_number.clone();
        let credential = match presented {
            Some(presented) if !presented.social_security_number.agrees_with(&number) => {
                return Err(CounterError::Quote(QuoteError::AnotherWorkersCard));
            }
            Some(presented) => presented.credential(),
            // The rules say what follows: present the card, or the manual way where it is at fault (B01, B03).
            None => Credential::Nothing {
                fault: self.0.board.fault(),
            },
        };
        Ok(Question {
            gate: Gate::Discharge,
            credential,
            on_card: presented.and_then(Presented::on_card),
            number,
            visit: Visit {
                kind: record.kind,
                registered_at: record.registered_at,
                discharged_at: Some(form.discharged_at),
                third_party_liability: record.third_party_liability,
                emergency: record.emergency,
                force_majeure: record.force_majeure,
                settled: Settled::No,
                rehabilitation_plan_uploaded: form.rehabilitation_plan_uploaded,
                paid_by_worker: None,
                paid_by_medical_insurance: None,
            },
            bill: Some(bill),
        })
    }
}

/// The generation that the visit's next settlement has.
///
/// # Errors
/// The visit is settled, or closed without a settlement.
pub(crate) fn open_generation(visit: &visits::Visit) -> Result<u32, CounterError> {
    match &visit.state {
        VisitState::Open { generation } => Ok(*generation),
        VisitState::Settled {
            generation: _,
            settlement,
        } => Err(SettleError::AlreadySettled {
            settlement: settlement.to_string(),
        }
        .into()),
        VisitState::Closed { .. } => Err(CounterError::VisitClosed),
    }
}

/// A bill of which nothing tells whether it is whole waits until a person has compared it.
fn unsummed(case: &Case, how: &HowRead) -> Option<Objection> {
    let bill = case.facts().bill.as_ref()?;
    (!how.closed).then(|| Objection::SumMissing {
        lines: bill.lines.len(),
        total: bill.total(),
    })
}

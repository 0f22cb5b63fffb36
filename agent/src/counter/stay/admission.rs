//! Admission 入院登记: identity and filing are checked (F01, N33), the visit is recorded and registered with the province.

use jiff::Timestamp;
use offline_queue::{Deadline, Moment, Which};
use receipts::Grid;
use rules::{Gate, Outcome, Settled, SocialSecurityNumber, Visit, VisitKind};
use rusqlite::Connection;

use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::aside::Weight;
use crate::counter::came;
use crate::counter::case::question::Question;
use crate::counter::case::refusal::RefusedAct;
use crate::counter::case::remarks::Remark;
use crate::counter::case::stays::Stay;
use crate::counter::case::stays::settled_as;
use crate::counter::error::CounterError;
use crate::counter::report;
use crate::counter::stay::error::AdmissionError;
use crate::counter::stay::forms::{AdmissionForm, admits, record_of};
use crate::counter::uploads;
use crate::counter::views::{Judged, VisitView};
use crate::desk::{PresentationStamp, Presented};
use crate::ledger::numbers::VisitNumber;
use crate::ledger::visits::{self, Admitted, CloseReason, NewVisit};
use crate::ledger::{LedgerError, Refused, moment};
use crate::records::injury::Injury;
use crate::records::staff::Role;
use crate::redacted::masked_number;

/// Characters of a key; a UUID has 36.
pub(crate) const LONGEST_KEY: usize = 200;

/// A key that names a press: something, and not more than names it.
fn require_key(key: &str) -> Result<(), CounterError> {
    let plain = !key.trim().is_empty() && !key.chars().any(char::is_control);
    if plain && key.chars().count() <= LONGEST_KEY {
        Ok(())
    } else {
        Err(AdmissionError::PressKey.into())
    }
}

impl Counter {
    /// What the rules say of admitting whoever is on the desk. Nothing is written but the cache.
    pub async fn judge_admission(&self, form: &AdmissionForm) -> Result<Judged, CounterError> {
        let form = form.clone().so_far()?;
        self.judge(&form, &self.presented()?).await
    }

    async fn judge(
        &self,
        form: &AdmissionForm,
        presented: &Presented,
    ) -> Result<Judged, CounterError> {
        let mut question = self.admission_question(form, presented)?;
        let stay = Stay {
            number: question.number.as_str(),
            hospital_number: &form.inpatient_number,
            from: question.visit.registered_at,
            until: self.0.clock.now(),
        };
        let overlapping = self.settled_stays_overlapping(&stay).await?;
        question.visit.settled = settled_as(&overlapping);
        let heard = self.ask_province(&question.number).await?;
        let name = presented.name.clone();
        self.aside(Weight::Light, move |counter| {
            let now = counter.0.clock.now();
            let (case, judgement) =
                counter.judge_question(&question, (heard.no, Vec::new()), now)?;
            let worker = counter.worker_view(&case, &judgement)?;
            let mut remarks: Vec<Remark> = overlapping.into_iter().map(Remark::Overlaps).collect();
            remarks.extend(counter.not_on_slip(name.as_str(), None)?);
            Ok(Judged {
                case,
                judgement,
                freshness: heard.freshness,
                worker,
                remarks,
            })
        })
        .await
    }

    fn presented(&self) -> Result<Presented, CounterError> {
        self.0
            .board
            .presented(self.0.clock.now())
            .ok_or(CounterError::NothingPresented)
    }

    /// Admits whoever is on the desk, which must be whoever was there when the cashier looked: `looked_at` names that
    /// reading. `key` names this press of the button: pressed twice, it admits once.
    ///
    /// # Errors
    /// [`CounterError::AnotherReading`] where another card has been read since, of the same worker or not.
    /// [`CounterError::NotAllowed`] where the province refuses the person, or the rules refuse or hold; a hold that asks for a
    /// filing before discharge (H12¶2) admits all the same.
    /// [`Refused::KeyBelongsToAnother`] where the key admitted something else before.
    /// [`AdmissionError::PressKey`] where the key is none.
    /// [`CounterError::FormText`] and [`AdmissionError::SlipEntry`] where a text cannot be taken, or could not be printed on
    /// the settlement's slip.
    pub async fn admit(
        &self,
        form: AdmissionForm,
        key: String,
        looked_at: &PresentationStamp,
        actor: &Actor,
    ) -> Result<VisitView, CounterError> {
        actor.require(Role::Cashier)?;
        require_key(&key)?;
        let form = form.complete()?;
        self.require_sound_ledger()?;
        if let Some(before) = self.admitted_before(&form, &key, looked_at).await? {
            return Ok(VisitView::of(&before));
        }
        let presented = self.presented()?;
        if presented.stamp() != *looked_at {
            return Err(CounterError::AnotherReading);
        }
        self.require_printable(&form).await?;
        let judged = self.judge(&form, &presented).await?;
        if !may_be_admitted(&judged) {
            let asked = (&presented.social_security_number, &judged.judgement);
            self.keep_refusal(RefusedAct::Admission, &key, asked, Some(actor))
                .await?;
            return Err(CounterError::NotAllowed(Box::new(judged.judgement)));
        }
        let injury = self.injury_of(&presented.social_security_number).await?;
        let new = NewVisit {
            key,
            record: record_of(&form, (&judged.case, injury), &presented)?,
            admitted_by: actor.name.clone(),
        };
        let actor = actor.clone();
        let admitted = self
            .0
            .ledger
            .write(move |entry| {
                // The same press, twice at once.
                if let Some(before) = visits::find_by_key(entry, &new.key)? {
                    return if same_worker(&before, &presented) && admits(&before.record, &form) {
                        Ok(Admitted::Again(before))
                    } else {
                        Err(used_otherwise())
                    };
                }
                // Two admissions of one worker at once are one admission pressed in two windows.
                let earlier = visits::list_open(entry)?.into_iter().find(|open| {
                    open.record.worker.social_security_number
                        == new.record.worker.social_security_number
                        && open.key != new.key
                });
                if let Some(open) = earlier {
                    return Err(AdmissionError::AlreadyAdmitted {
                        visit: open.number.to_string(),
                    }
                    .into());
                }
                visits::admit(entry, &new, |visit| {
                    let by = (actor.code.as_str(), actor.came);
                    came::keep(entry, "admitted", visit.number.as_str(), by)?;
                    let message = report::visit_registration(entry, visit, &judged, &form, &actor)?;
                    let deadline = Deadline::after(entry.now(), report::REGISTRATION_DUE);
                    Ok::<_, CounterError>(vec![report::queued(&message, deadline)?])
                })
            })
            .await?;
        self.changed();
        Ok(VisitView::of(admitted.visit()))
    }

    /// The injury that a worker's visit treats, where there can be no doubt which; none where the province lists several, or none.
    async fn injury_of(
        &self,
        number: &SocialSecurityNumber,
    ) -> Result<Option<Injury>, CounterError> {
        let number = number.clone();
        let known = self
            .0
            .registry
            .aside(move |registry| registry.worker(&number));
        Ok(known
            .await?
            .and_then(|known| known.worker.only_injury().cloned()))
    }

    /// The slip must be able to show what is typed here (Annex 10: 科别, 住院号): once the stay is settled nothing can be
    /// typed anew. What is the worker's own refuses nobody.
    async fn require_printable(&self, form: &AdmissionForm) -> Result<(), CounterError> {
        let entries = typed_for_the_slip(form);
        self.aside(Weight::Light, move |counter| {
            receipts::try_grid(&entries, &counter.0.fonts)
                .map_err(|error| AdmissionError::SlipEntry(error).into())
        })
        .await
    }

    /// The visit that this press admitted before, whoever has presented since.
    ///
    /// # Errors
    /// The key admitted something else, or it is meant for another worker, whose reading was looked at and lies there.
    async fn admitted_before(
        &self,
        form: &AdmissionForm,
        key: &str,
        looked_at: &PresentationStamp,
    ) -> Result<Option<visits::Visit>, CounterError> {
        let key = key.to_owned();
        let before = self
            .0
            .ledger
            .read(move |conn| visits::find_by_key(conn, &key).map_err(CounterError::from))
            .await?;
        let Some(before) = before else {
            return Ok(None);
        };
        let lying = self.0.board.presented(self.0.clock.now());
        let meant = lying.filter(|presented| presented.stamp() == *looked_at);
        let same_person = meant.is_none_or(|presented| same_worker(&before, &presented));
        if same_person && admits(&before.record, form) {
            Ok(Some(before))
        } else {
            Err(used_otherwise())
        }
    }

    /// Visits that are not settled yet.
    pub async fn open_visits(&self) -> Result<Vec<VisitView>, CounterError> {
        let now = moment(&self.0.clock.times());
        self.0
            .ledger
            .read(move |conn| {
                let visits = visits::list_open(conn)?;
                let view = |visit| VisitView::with_registration(conn, visit, &now);
                visits.iter().map(view).collect()
            })
            .await
    }

    /// One visit.
    pub async fn visit(&self, number: &str) -> Result<VisitView, CounterError> {
        let visit = self.ledger_visit(number).await?;
        let now = moment(&self.0.clock.times());
        self.0
            .ledger
            .read(move |conn| VisitView::with_registration(conn, &visit, &now))
            .await
    }

    pub(crate) async fn ledger_visit(&self, number: &str) -> Result<visits::Visit, CounterError> {
        let number = VisitNumber::parse(number).map_err(CounterError::NotANumber)?;
        self.0
            .ledger
            .read(move |conn| visits::find(conn, &number))
            .await?
            .ok_or(CounterError::VisitUnknown)
    }

    fn admission_question(
        &self,
        form: &AdmissionForm,
        presented: &Presented,
    ) -> Result<Question, CounterError> {
        match form.kind {
            VisitKind::InpatientMedical | VisitKind::InpatientRehabilitation => {}
            VisitKind::OutpatientMedical
            | VisitKind::OutpatientRehabilitation
            | VisitKind::AssistiveDevice => {
                return Err(AdmissionError::KindNotHere.into());
            }
        }
        let now = self.0.clock.now();
        let registered_at = form.registered_at.unwrap_or(now);
        if registered_at > now {
            return Err(AdmissionError::TimeAhead.into());
        }
        Ok(Question {
            gate: Gate::Admission,
            credential: presented.credential(),
            on_card: presented.on_card(),
            number: presented.social_security_number.clone(),
            visit: opening_visit(form, registered_at),
            bill: None,
        })
    }
}

/// What of the slip is typed at admission.
fn typed_for_the_slip(form: &AdmissionForm) -> Grid {
    Grid {
        department: form.department.clone(),
        inpatient_number: form.inpatient_number.clone(),
        ..Grid::default()
    }
}

/// The key was used before, with other content.
fn used_otherwise() -> CounterError {
    LedgerError::from(Refused::KeyBelongsToAnother).into()
}

fn same_worker(before: &visits::Visit, presented: &Presented) -> bool {
    presented
        .social_security_number
        .agrees_with(&before.record.worker.social_security_number)
}

fn may_be_admitted(judged: &Judged) -> bool {
    match judged.judgement.outcome() {
        Outcome::Allow => true,
        Outcome::Hold => judged.judgement.route() == rules::Route::FileBeforeDischarge,
        Outcome::Refuse => false,
    }
}

fn opening_visit(form: &AdmissionForm, registered_at: Timestamp) -> Visit {
    Visit {
        kind: form.kind,
        registered_at,
        discharged_at: None,
        third_party_liability: form.third_party_liability,
        emergency: form.emergency,
        force_majeure: form.force_majeure,
        settled: Settled::No,
        rehabilitation_plan_uploaded: false,
        paid_by_worker: None,
        paid_by_medical_insurance: None,
    }
}

impl VisitView {
    /// The same, with what stands in the way of its 就医登记号.
    fn with_registration(
        conn: &Connection,
        visit: &visits::Visit,
        now: &Moment,
    ) -> Result<Self, CounterError> {
        let lane = offline_queue::list(conn, Which::Lane(visit.number.as_str()), now)
            .map_err(LedgerError::from)?;
        Ok(Self {
            registration_trouble: uploads::registration_trouble(&uploads::views(lane)),
            ..Self::of(visit)
        })
    }

    /// A visit of the ledger in words.
    pub(crate) fn of(visit: &visits::Visit) -> Self {
        let record = &visit.record;
        let state = match &visit.state {
            visits::VisitState::Open { generation: _ } => crate::counter::VisitStateView::Open,
            visits::VisitState::Settled {
                generation: _,
                settlement,
            } => crate::counter::VisitStateView::Settled {
                settlement: settlement.to_string(),
            },
            visits::VisitState::Closed {
                at,
                by,
                reason: CloseReason::RegisteredInError,
            } => crate::counter::VisitStateView::Cancelled {
                at: *at,
                by: by.clone(),
            },
            visits::VisitState::Closed {
                reason: CloseReason::ManualReimbursement,
                ..
            } => crate::counter::VisitStateView::Closed,
        };
        Self {
            number: visit.number.to_string(),
            registration_number: visit.registration.clone(),
            registration_trouble: None,
            name: record.worker.name.as_str().to_owned(),
            masked_number: masked_number(record.worker.social_security_number.as_str()),
            kind: record.kind,
            department: record.department.clone(),
            inpatient_number: record.inpatient_number.clone(),
            diagnosis: record.principal_diagnosis().to_owned(),
            registered_at: record.registered_at,
            state,
        }
    }
}

//! Admission 入院登记: identity and filing are checked (F01, N33), the visit is recorded and registered with the province.

use jiff::Timestamp;
use offline_queue::Deadline;
use rules::{Gate, Outcome, Settled, SocialSecurityNumber, Visit, VisitKind};

use super::error::CounterError;
use super::forms::{AdmissionForm, VisitFacts};
use super::judgement::{Question, case_text};
use super::views::{Judged, VisitView};
use super::{Counter, report};
use crate::ledger::numbers::VisitNumber;
use crate::ledger::visits::{self, NewVisit};
use crate::operators::Operator;

impl Counter {
    /// What the rules say of admitting whoever is on the desk. Nothing is written but the cache.
    pub async fn judge_admission(&self, form: &AdmissionForm) -> Result<Judged, CounterError> {
        let question = self.admission_question(form)?;
        let freshness = self.ask_province(&question.number).await?;
        let case = self.assemble(&question, self.0.clock.now())?;
        let decision = self.decide(&case);
        let worker = self.worker_view(&case, &decision)?;
        Ok(Judged {
            case,
            decision,
            freshness,
            worker,
        })
    }

    /// Admits whoever is on the desk. `key` names this press of the button: pressed twice, it admits once.
    ///
    /// # Errors
    /// [`CounterError::NotAllowed`] where the rules refuse or hold; a hold that asks for a filing before discharge
    /// (H12¶2) admits all the same.
    pub async fn admit(
        &self,
        form: AdmissionForm,
        key: String,
        operator: &Operator,
    ) -> Result<VisitView, CounterError> {
        let judged = self.judge_admission(&form).await?;
        if !may_be_admitted(&judged) {
            return Err(CounterError::NotAllowed(Box::new(judged.decision)));
        }
        let facts = judged.case.facts();
        let worker = facts.worker.as_ref().ok_or(CounterError::RegistryEmpty)?;
        let kept = VisitFacts::of(&form, case_text(&judged.case)?);
        let new = NewVisit {
            key,
            kind: form.kind.name().to_owned(),
            social_security_number: worker.social_security_number.as_str().to_owned(),
            name: worker.name.as_str().to_owned(),
            hospital_number: Some(form.inpatient_number.clone())
                .filter(|number| !number.is_empty()),
            registered_at: facts.visit.registered_at,
            admitted_by: operator.name.clone(),
            facts: kept.encode()?,
        };
        let operator = operator.clone();
        let admitted = self
            .0
            .ledger
            .write(move |entry| {
                // Two admissions of one worker at once are one admission pressed in two windows.
                let earlier = visits::list_open(entry)?.into_iter().find(|open| {
                    open.social_security_number == new.social_security_number && open.key != new.key
                });
                if let Some(open) = earlier {
                    return Err(CounterError::AlreadyAdmitted {
                        visit: open.number.to_string(),
                    });
                }
                visits::admit(entry, &new, |visit| {
                    let message =
                        report::visit_registration(entry, visit, &judged, &form, &operator)?;
                    let deadline = Deadline::after(entry.now(), report::REGISTRATION_DUE);
                    Ok::<_, CounterError>(vec![report::queued(&message, &visit.number, deadline)?])
                })
            })
            .await?;
        self.changed();
        self.0.uploads_due.notify_one();
        VisitView::of(admitted.visit())
    }

    /// Visits that are not settled yet.
    pub async fn open_visits(&self) -> Result<Vec<VisitView>, CounterError> {
        self.0
            .ledger
            .read(|conn| visits::list_open(conn)?.iter().map(VisitView::of).collect())
            .await
    }

    /// One visit.
    pub async fn visit(&self, number: &str) -> Result<VisitView, CounterError> {
        VisitView::of(&self.ledger_visit(number).await?)
    }

    pub(super) async fn ledger_visit(&self, number: &str) -> Result<visits::Visit, CounterError> {
        let number = VisitNumber::parse(number).map_err(CounterError::NotANumber)?;
        self.0
            .ledger
            .read(move |conn| visits::find(conn, &number))
            .await?
            .ok_or(CounterError::VisitUnknown)
    }

    fn admission_question(&self, form: &AdmissionForm) -> Result<Question, CounterError> {
        match form.kind {
            VisitKind::InpatientMedical | VisitKind::InpatientRehabilitation => {}
            VisitKind::OutpatientMedical
            | VisitKind::OutpatientRehabilitation
            | VisitKind::AssistiveDevice => {
                return Err(CounterError::KindNotHere);
            }
        }
        let now = self.0.clock.now();
        let presented = self
            .0
            .board
            .presented(now)
            .ok_or(CounterError::NothingPresented)?;
        let registered_at = form.registered_at.unwrap_or(now);
        if registered_at > now {
            return Err(CounterError::TimeAhead);
        }
        Ok(Question {
            gate: Gate::Admission,
            credential: presented.credential(),
            number: presented.social_security_number.clone(),
            visit: opening_visit(form, registered_at),
            bill: None,
        })
    }
}

fn may_be_admitted(judged: &Judged) -> bool {
    match judged.decision.outcome {
        Outcome::Allow => true,
        Outcome::Hold => judged.decision.route == rules::Route::FileBeforeDischarge,
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
    /// A visit of the ledger in words.
    pub(super) fn of(visit: &visits::Visit) -> Result<Self, CounterError> {
        let facts = VisitFacts::decode(&visit.facts)?;
        let state = match &visit.state {
            visits::VisitState::Open { generation: _ } => super::VisitState::Open,
            visits::VisitState::Settled {
                generation: _,
                settlement,
            } => super::VisitState::Settled {
                settlement: settlement.to_string(),
            },
            visits::VisitState::Closed { .. } => super::VisitState::Closed,
        };
        Ok(Self {
            number: visit.number.to_string(),
            registration_number: visit.registration.clone(),
            name: visit.name.clone(),
            masked_number: super::wording::masked_number(&visit.social_security_number),
            kind: VisitKind::parse(&visit.kind).map_err(CounterError::LedgerValue)?,
            department: facts.department,
            inpatient_number: facts.inpatient_number,
            diagnosis: facts.diagnosis,
            registered_at: visit.registered_at,
            state,
        })
    }
}

/// The worker's number of a visit, as the rules take it.
pub(super) fn number_of(visit: &visits::Visit) -> Result<SocialSecurityNumber, CounterError> {
    SocialSecurityNumber::parse(&visit.social_security_number).map_err(CounterError::LedgerValue)
}

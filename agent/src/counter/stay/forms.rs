//! What the cashier fills in, and the part of it that is kept with the visit.

use jiff::Timestamp;
use rules::{Case, RuleSet, ThirdPartyLiability, VisitKind};

use crate::counter::case::kept::case_text;
use crate::counter::error::CounterError;
use crate::counter::texts::WrongText;
use crate::counter::texts::{optional, required};
use crate::desk::Presented;
use crate::records;
use crate::records::injury::{Diagnosis, Injury};
use crate::records::registration::Person;
use crate::records::version::Version;
use crate::records::visit::Opening;
use crate::redacted::closed_debug;

/// The admission form 入院登记.
#[derive(Clone, PartialEq, Eq)]
pub struct AdmissionForm {
    /// `inpatient_medical` or `inpatient_rehabilitation`.
    pub kind: VisitKind,
    /// 科别.
    pub department: String,
    /// 住院号.
    pub inpatient_number: String,
    /// The principal admission diagnosis in words.
    pub diagnosis: String,
    /// Its ICD-10 code; may be empty.
    pub diagnosis_code: String,
    /// The other ones, in the hospital's order.
    pub other_diagnoses: Vec<Diagnosis>,
    /// What the worker declared.
    pub third_party_liability: ThirdPartyLiability,
    /// 急诊抢救, clearly marked in diagnosis or records (H12¶2).
    pub emergency: bool,
    /// 不可抗力 (H12¶2).
    pub force_majeure: bool,
    /// When the admission was registered; none means now.
    pub registered_at: Option<Timestamp>,
}

/// What is known at discharge, beside the bill.
#[derive(Clone, PartialEq, Eq)]
pub struct DischargeForm {
    /// 出院时间.
    pub discharged_at: Timestamp,
    /// The principal discharge diagnosis in words.
    pub diagnosis: String,
    /// Its ICD-10 code; may be empty.
    pub diagnosis_code: String,
    /// The other ones, in the hospital's order.
    pub other_diagnoses: Vec<Diagnosis>,
    /// 康复方案 uploaded (N33¶2).
    pub rehabilitation_plan_uploaded: bool,
}

impl AdmissionForm {
    /// What is filled in so far, its texts as they are kept; those that are still missing do not matter to the rules.
    ///
    /// # Errors
    /// [`WrongText`] where a text is too long or holds a character that nobody sees.
    pub(crate) fn so_far(self) -> Result<Self, WrongText> {
        Ok(Self {
            department: optional("科别", &self.department)?,
            inpatient_number: optional("住院号", &self.inpatient_number)?,
            diagnosis: optional("入院诊断", &self.diagnosis)?,
            diagnosis_code: optional("诊断编码", &self.diagnosis_code)?,
            other_diagnoses: others(&self.other_diagnoses)?,
            ..self
        })
    }

    /// The whole form, its texts as they are kept.
    ///
    /// # Errors
    /// [`WrongText`] as for a form that is not whole, and where 科别, 住院号 or 入院诊断 is missing.
    pub(crate) fn complete(self) -> Result<Self, WrongText> {
        Ok(Self {
            department: required("科别", &self.department)?,
            inpatient_number: required("住院号", &self.inpatient_number)?,
            diagnosis: required("入院诊断", &self.diagnosis)?,
            ..self.so_far()?
        })
    }
}

impl AdmissionForm {
    /// All diagnoses, the principal one first.
    pub(crate) fn diagnoses(&self) -> Vec<Diagnosis> {
        with_principal(&self.diagnosis, &self.diagnosis_code, &self.other_diagnoses)
    }
}

impl DischargeForm {
    /// All diagnoses, the principal one first.
    pub(crate) fn diagnoses(&self) -> Vec<Diagnosis> {
        with_principal(&self.diagnosis, &self.diagnosis_code, &self.other_diagnoses)
    }

    /// The whole form, its texts as they are kept.
    ///
    /// # Errors
    /// [`WrongText`] where 出院诊断 is missing, or a text is too long or holds a character that nobody sees.
    pub(crate) fn complete(self) -> Result<Self, WrongText> {
        Ok(Self {
            diagnosis: required("出院诊断", &self.diagnosis)?,
            diagnosis_code: optional("诊断编码", &self.diagnosis_code)?,
            other_diagnoses: others(&self.other_diagnoses)?,
            ..self
        })
    }
}

fn with_principal(name: &str, code: &str, others: &[Diagnosis]) -> Vec<Diagnosis> {
    let principal = Diagnosis {
        code: code.to_owned(),
        name: name.to_owned(),
    };
    std::iter::once(principal)
        .chain(others.iter().cloned())
        .collect()
}

/// The other diagnoses, their texts as they are kept.
fn others(diagnoses: &[Diagnosis]) -> Result<Vec<Diagnosis>, WrongText> {
    diagnoses
        .iter()
        .map(|diagnosis| {
            Ok(Diagnosis {
                code: optional("诊断编码", &diagnosis.code)?,
                name: required("其他诊断", &diagnosis.name)?,
            })
        })
        .collect()
}

/// What is kept of an admission.
pub(crate) fn record_of(
    form: &AdmissionForm,
    (case, injury): (&Case, Option<Injury>),
    presented: &Presented,
) -> Result<records::visit::Visit, CounterError> {
    let facts = case.facts();
    let worker = facts.worker.as_ref().ok_or(CounterError::RegistryEmpty)?;
    Ok(records::visit::Visit {
        version: Version,
        kind: form.kind,
        worker: Person {
            social_security_number: worker.social_security_number.clone(),
            name: worker.name.clone(),
        },
        registered_at: facts.visit.registered_at,
        department: form.department.clone(),
        inpatient_number: form.inpatient_number.clone(),
        diagnoses: form.diagnoses(),
        injury,
        third_party_liability: form.third_party_liability,
        emergency: form.emergency,
        force_majeure: form.force_majeure,
        opening: Opening {
            case: case_text(case)?,
            rule_set: RuleSet::CURRENT.name().to_owned(),
        },
        credential: Some(presented.evidence()),
        confirmed_card: presented.confirmed_card().cloned(),
    })
}

/// Whether a visit is what this form admits, in every field; where the form names no time, the time was that of the press.
pub(crate) fn admits(before: &records::visit::Visit, form: &AdmissionForm) -> bool {
    before.kind == form.kind
        && before.department == form.department
        && before.inpatient_number == form.inpatient_number
        && before.diagnoses == form.diagnoses()
        && before.third_party_liability == form.third_party_liability
        && before.emergency == form.emergency
        && before.force_majeure == form.force_majeure
        && form
            .registered_at
            .is_none_or(|at| at.as_millisecond() == before.registered_at.as_millisecond())
}

closed_debug!(AdmissionForm, DischargeForm);

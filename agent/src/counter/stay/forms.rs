//! What the cashier fills in, and the part of it that is kept with the visit.

use jiff::Timestamp;
use rules::{ParseError, RuleSet, ThirdPartyLiability, VisitKind};
use serde::{Deserialize, Serialize};

use crate::counter::texts::WrongText;
use crate::counter::texts::{optional, required};
use crate::desk::CardKey;
use crate::desk::Presented;
use crate::ledger::LedgerError;
use crate::ledger::journal;
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
    /// Admission diagnosis in words.
    pub diagnosis: String,
    /// Its ICD-10 code; may be empty.
    pub diagnosis_code: String,
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
    /// Discharge diagnosis in words.
    pub diagnosis: String,
    /// Its ICD-10 code; may be empty.
    pub diagnosis_code: String,
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

impl DischargeForm {
    /// The whole form, its texts as they are kept.
    ///
    /// # Errors
    /// [`WrongText`] where 出院诊断 is missing, or a text is too long or holds a character that nobody sees.
    pub(crate) fn complete(self) -> Result<Self, WrongText> {
        Ok(Self {
            diagnosis: required("出院诊断", &self.diagnosis)?,
            diagnosis_code: optional("诊断编码", &self.diagnosis_code)?,
            ..self
        })
    }
}

/// The admission's facts as they are kept with the visit, version 2; version 1 did not name its rule set, which was the first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VisitFacts {
    version: u32,
    pub(crate) department: String,
    pub(crate) inpatient_number: String,
    pub(crate) diagnosis: String,
    pub(crate) diagnosis_code: String,
    third_party_liability: String,
    pub(crate) emergency: bool,
    pub(crate) force_majeure: bool,
    /// The canonical case the admission was decided on.
    opening_case: String,
    /// The rules it was decided by, which are also whose format it has.
    #[serde(default = "first_rule_set")]
    opening_rule_set: String,
    /// How the credential was opened and confirmed; empty in version 1.
    #[serde(default)]
    opening_credential: String,
    /// The card that was confirmed at admission: in an outage the same one counts for the visit.
    #[serde(default)]
    pub(crate) confirmed_card: Option<CardKey>,
}

/// The visit's facts cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum VisitFactsError {
    /// Not the form that was written.
    #[error("the visit's facts are damaged")]
    Damaged(#[source] serde_json::Error),
    /// They could not be written.
    #[error("the visit's facts cannot be written")]
    Compose(#[source] serde_json::Error),
    /// Written by a later version of the program.
    #[error("the visit's facts have version {0}, this program reads 1 and 2")]
    Version(u32),
    /// A value that is not one of its kind.
    #[error("the visit's facts hold a value that is none of its kind")]
    Value(#[source] ParseError),
}

impl VisitFacts {
    /// What is kept of an admission.
    pub(crate) fn of(
        form: &AdmissionForm,
        opening_case: String,
        presented: &Presented,
    ) -> Result<Self, LedgerError> {
        Ok(Self {
            version: 2,
            department: form.department.clone(),
            inpatient_number: form.inpatient_number.clone(),
            diagnosis: form.diagnosis.clone(),
            diagnosis_code: form.diagnosis_code.clone(),
            third_party_liability: form.third_party_liability.name().to_owned(),
            emergency: form.emergency,
            force_majeure: form.force_majeure,
            opening_case,
            opening_rule_set: RuleSet::CURRENT.name().to_owned(),
            opening_credential: journal::json(&presented.evidence())?,
            confirmed_card: presented.confirmed_card().cloned(),
        })
    }

    /// Whether they are those of this form.
    pub(crate) fn admits(&self, form: &AdmissionForm) -> Result<bool, VisitFactsError> {
        // An earlier version kept texts with the blanks around them.
        Ok(self.department.trim() == form.department
            && self.inpatient_number.trim() == form.inpatient_number
            && self.diagnosis.trim() == form.diagnosis
            && self.diagnosis_code.trim() == form.diagnosis_code
            && self.third_party_liability()? == form.third_party_liability
            && self.emergency == form.emergency
            && self.force_majeure == form.force_majeure)
    }

    pub(crate) fn third_party_liability(&self) -> Result<ThirdPartyLiability, VisitFactsError> {
        ThirdPartyLiability::parse(&self.third_party_liability).map_err(VisitFactsError::Value)
    }

    pub(crate) fn encode(&self) -> Result<String, VisitFactsError> {
        serde_json::to_string(self).map_err(VisitFactsError::Compose)
    }

    pub(crate) fn decode(text: &str) -> Result<Self, VisitFactsError> {
        let facts: Self = serde_json::from_str(text).map_err(VisitFactsError::Damaged)?;
        match facts.version {
            1 | 2 => Ok(facts),
            later => Err(VisitFactsError::Version(later)),
        }
    }
}

fn first_rule_set() -> String {
    RuleSet::First.name().to_owned()
}

closed_debug!(AdmissionForm, DischargeForm, VisitFacts);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_version_1_are_read_and_were_decided_by_the_first_rule_set() {
        let kept = r#"{"version":1,"department":"骨科","inpatient_number":"ZY1","diagnosis":"骨折","diagnosis_code":"",
            "third_party_liability":"none","emergency":false,"force_majeure":false,"opening_case":"{}"}"#;
        let facts = VisitFacts::decode(kept).unwrap();
        assert_eq!(facts.opening_rule_set, "1");
        assert_eq!(facts.confirmed_card, None);
        assert!(matches!(
            VisitFacts::decode(&kept.replace("\"version\":1", "\"version\":3")),
            Err(VisitFactsError::Version(3))
        ));
    }
}

//! What the hospital's system asks, version 1: structs of their own, times as text.

use jiff::Timestamp;
use rules::case::china_time::parse_instant;
use rules::{ThirdPartyLiability, VisitKind};
use serde::Deserialize;

use super::wrong::{Expected, Wrong};
use crate::counter::{AdmissionForm, BillFile, DischargeForm, Matter};
use crate::records::injury::Diagnosis;

/// Admits whoever's card is on the desk.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Admission {
    /// Names this act; repeated, it admits once.
    pub(super) key: String,
    /// Account name of who admits.
    pub(super) operator: String,
    /// The reading that was looked at, as the desk names it: where another card has taken its place nobody is admitted.
    pub(super) reading: String,
    kind: String,
    department: String,
    inpatient_number: String,
    diagnosis: String,
    #[serde(default)]
    diagnosis_code: String,
    #[serde(default)]
    other_diagnoses: Vec<OtherDiagnosis>,
    third_party_liability: String,
    #[serde(default)]
    emergency: bool,
    #[serde(default)]
    force_majeure: bool,
    /// RFC 3339; absent means now.
    registered_at: Option<String>,
}

impl Admission {
    pub(super) fn form(&self) -> Result<AdmissionForm, Wrong> {
        let kind = VisitKind::parse(&self.kind).map_err(|_unknown| Wrong {
            field: "kind",
            expected: Expected::Kind,
        })?;
        let third_party_liability = ThirdPartyLiability::parse(&self.third_party_liability)
            .map_err(|_unknown| Wrong {
                field: "third_party_liability",
                expected: Expected::Liability,
            })?;
        let registered_at = self
            .registered_at
            .as_deref()
            .map(|text| time("registered_at", text))
            .transpose()?;
        Ok(AdmissionForm {
            kind,
            department: self.department.clone(),
            inpatient_number: self.inpatient_number.clone(),
            diagnosis: self.diagnosis.clone(),
            diagnosis_code: self.diagnosis_code.clone(),
            other_diagnoses: self.other_diagnoses.iter().map(Diagnosis::from).collect(),
            third_party_liability,
            emergency: self.emergency,
            force_majeure: self.force_majeure,
            registered_at,
        })
    }
}

/// A diagnosis beside the principal one; they are kept in the order in which they come.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherDiagnosis {
    diagnosis: String,
    #[serde(default)]
    diagnosis_code: String,
}

impl From<&OtherDiagnosis> for Diagnosis {
    fn from(other: &OtherDiagnosis) -> Self {
        Self {
            code: other.diagnosis_code.clone(),
            name: other.diagnosis.clone(),
        }
    }
}

/// What is known at discharge.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Discharge {
    /// RFC 3339.
    discharged_at: String,
    diagnosis: String,
    #[serde(default)]
    diagnosis_code: String,
    #[serde(default)]
    other_diagnoses: Vec<OtherDiagnosis>,
    #[serde(default)]
    rehabilitation_plan_uploaded: bool,
    /// 住院号 of the bill; one that is not the visit's is refused.
    inpatient_number: Option<String>,
    /// 姓名 likewise.
    patient_name: Option<String>,
    /// What the bill's file is called, for whoever looks at the quote.
    file_name: Option<String>,
    /// A bill of the folder, by its id there, instead of one in the body.
    offered: Option<String>,
}

/// A bill so far, looked at before discharge: who looks, and what is said of the bill as for a quote.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SoFar {
    /// Account name.
    pub(super) operator: String,
    inpatient_number: Option<String>,
    patient_name: Option<String>,
    file_name: Option<String>,
    offered: Option<String>,
}

/// What a request says of its bill.
pub(super) struct OfBill {
    /// A file of the folder instead of the body.
    pub(super) offered: Option<String>,
    inpatient_number: Option<String>,
    patient_name: Option<String>,
    file_name: Option<String>,
}

impl OfBill {
    /// The bill with what is said of it.
    pub(super) fn saying_of(self, bill: BillFile) -> BillFile {
        BillFile {
            name: self.file_name.or(bill.name),
            bytes: bill.bytes,
            parts: bill.parts,
            inpatient_number: self.inpatient_number,
            patient_name: self.patient_name,
        }
    }
}

impl SoFar {
    /// What it says of the bill.
    pub(super) fn bill(self) -> OfBill {
        OfBill {
            offered: self.offered,
            inpatient_number: self.inpatient_number,
            patient_name: self.patient_name,
            file_name: self.file_name,
        }
    }
}

impl Discharge {
    /// What it says of the bill.
    pub(super) fn bill(&self) -> OfBill {
        OfBill {
            offered: self.offered.clone(),
            inpatient_number: self.inpatient_number.clone(),
            patient_name: self.patient_name.clone(),
            file_name: self.file_name.clone(),
        }
    }

    pub(super) fn form(self) -> Result<DischargeForm, Wrong> {
        Ok(DischargeForm {
            discharged_at: time("discharged_at", &self.discharged_at)?,
            diagnosis: self.diagnosis,
            diagnosis_code: self.diagnosis_code,
            other_diagnoses: self.other_diagnoses.iter().map(Diagnosis::from).collect(),
            rehabilitation_plan_uploaded: self.rehabilitation_plan_uploaded,
        })
    }
}

fn time(field: &'static str, text: &str) -> Result<Timestamp, Wrong> {
    parse_instant(text).map_err(|_malformed| Wrong {
        field,
        expected: Expected::Instant,
    })
}

/// Who presses.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Press {
    /// Account name.
    pub(super) operator: String,
}

/// Takes a mistaken admission back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cancellation {
    /// Account name.
    pub(super) operator: String,
    /// Why.
    pub(super) reason: String,
}

/// A person's word for a bill's codes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vouch {
    /// Account name.
    pub(super) operator: String,
    /// Why it is right.
    pub(super) reason: String,
    /// What holds the quote: `codes_unlisted`, `bill_sum_missing`, `sum_implausible` or `settled_before`; absent, what it waits
    /// for first.
    matter: Option<String>,
}

impl Vouch {
    pub(super) fn matter(&self) -> Result<Option<Matter>, Wrong> {
        let Some(name) = &self.matter else {
            return Ok(None);
        };
        Matter::parse(name).map(Some).ok_or(Wrong {
            field: "matter",
            expected: Expected::Matter,
        })
    }
}

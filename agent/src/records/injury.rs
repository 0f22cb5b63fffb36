//! An injury that an agency has recognised (工伤认定), and the diagnoses of a visit.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::text;
use crate::redacted::closed_debug;

/// One recognised injury of a worker; a worker may have several.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Injury {
    /// 认定工伤决定书文（编）号.
    pub decision_number: String,
    /// 受伤日期; none where the decision names no day (most occupational diseases).
    #[serde(with = "text::optional")]
    pub injured_on: Option<Date>,
    /// 受伤部位, in the decision's words.
    pub body_part: String,
    /// 用人单位.
    pub employer: String,
    /// 职业病, and not an accident.
    pub occupational_disease: bool,
}

/// One diagnosis; a visit has them in the hospital's order, the principal one first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    /// ICD-10 code, empty where the hospital gave none.
    pub code: String,
    /// What the hospital wrote.
    pub name: String,
}

closed_debug!(Injury, Diagnosis);

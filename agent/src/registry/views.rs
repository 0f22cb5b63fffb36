//! What the registry answers: the rules' types, each with its age.

use jiff::Timestamp;
use jiff::civil::Date;
use rules::{
    Filing, FilingNumber, Institution, ItemCode, Money, NoticeNumber, NoticeReason, Worker,
};

use super::convert::{Malformed, instant};
use crate::province::wire::answer::PersonAnswer;
use crate::redacted::closed_debug;

/// One worker with everything the gates ask about.
#[derive(Debug, Clone)]
pub struct WorkerView {
    /// The registry's record of the worker.
    pub worker: Worker,
    /// All filings, whatever their place or state.
    pub filings: Vec<Filing>,
    /// Devices of the filings, each with its notice if there is one.
    pub notices: Vec<DeviceNotice>,
    /// The moment for which the province said it.
    pub as_of: Timestamp,
}

impl WorkerView {
    /// Reads a fresh answer; `None` where the province knows nobody. The moment is the answer's.
    pub fn from_answer(answer: &PersonAnswer) -> Result<(Option<Self>, Timestamp), Malformed> {
        let as_of = instant("as_of", &answer.as_of)?;
        let view = answer
            .worker
            .as_ref()
            .map(|record| Self::from_record(record, as_of))
            .transpose()?;
        Ok((view, as_of))
    }
}

/// A device named in a filing, and its notice 配置费用核付通知单 (N34). The bill's line joins it by the device's code.
#[derive(Debug, Clone)]
pub struct DeviceNotice {
    /// The notice; `None` where a device is filed and no notice was issued (E07).
    pub number: Option<NoticeNumber>,
    /// The filing that names the device.
    pub filing: FilingNumber,
    /// The device's catalogue code.
    pub device: ItemCode,
    /// Whether a fitting has been settled on it.
    pub used: bool,
    /// Why it was issued.
    pub reason: NoticeReason,
    /// Yuan per unit.
    pub limit: Money,
    /// Whole years before it may be replaced.
    pub minimum_years: u8,
    /// Day of the last fitting.
    pub last_fitted_on: Option<Date>,
}

/// The institution as the library has it.
#[derive(Debug, Clone)]
pub struct InstitutionView {
    /// What the rules ask.
    pub institution: Institution,
    /// Institution code.
    pub code: String,
    /// 医疗机构名称 of the slip.
    pub name: String,
    /// 医院等级 of the slip.
    pub grade: String,
    /// The moment for which the province said it.
    pub as_of: Timestamp,
}

/// The province's no to a person, in its own words. They may name the person: kept out of `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct ProvinceNo {
    /// The province's code.
    pub code: String,
    /// What it said, as it came.
    pub words: String,
    /// When.
    pub at: Timestamp,
}

closed_debug!(ProvinceNo);

/// When each set was last known to be current; `None` before its first complete synchronisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// Workers, filings, institution.
    pub registry: Option<Timestamp>,
    /// Catalogues.
    pub catalogue: Option<Timestamp>,
}

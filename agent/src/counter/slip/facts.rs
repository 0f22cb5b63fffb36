//! Annex 10 of a settlement: the facts frozen with it, and the sheet drawn from them whenever it is needed.

use jiff::civil::Date;
use receipts::{Amounts, Annex10, Foot, Grid, Institution, Issue, Matrix, Totals};
use rules::case::china_time::civil_date;
use rules::{Case, Channel, ColumnAmounts, Decision};
use serde::{Deserialize, Serialize};

use crate::wording::terms;

/// What Annex 10 prints, as text, kept with the settlement so that every copy is the same.
///
/// Version 1 of the form on disk; a later one must still read it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SlipFacts {
    version: u32,
    title: String,
    institution_name: String,
    institution_place: String,
    institution_grade: String,
    registration_number: String,
    name: String,
    person_category: String,
    insured_place: String,
    social_security_number: String,
    benefit_category: String,
    business_category: String,
    settled_at: String,
    department: String,
    inpatient_number: String,
    admitted_at: String,
    discharged_at: String,
    days: String,
    fund: Row,
    self_pay: Row,
    other: Row,
    total: String,
    personal: String,
    cashier: String,
    reviewer: String,
    preparer: String,
    printed_on: String,
    settled_unix_s: i64,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    drug: String,
    treatment: String,
    inpatient_service: String,
    rehabilitation: String,
    assistive_device: String,
    total: String,
}

/// The slip's facts cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum SlipFactsError {
    /// Not the form that was written.
    #[error("the slip's facts are damaged")]
    Damaged(#[source] serde_json::Error),
    /// They could not be written.
    #[error("the slip's facts cannot be written")]
    Compose(#[source] serde_json::Error),
    /// There is nothing to put on a slip.
    #[error("nothing was settled")]
    NothingSettled,
    /// Written by a later version of the program.
    #[error("the slip's facts have version {0}, this program reads 1")]
    Version(u32),
}

/// What the slip needs beside the case and its decision.
#[derive(Debug)]
pub(crate) struct Particulars<'a> {
    /// 就医登记号; empty where the province has not given one.
    pub(crate) registration_number: &'a str,
    /// 科别.
    pub(crate) department: &'a str,
    /// 住院号.
    pub(crate) inpatient_number: &'a str,
    /// As the library has it.
    pub(crate) institution: InstitutionText<'a>,
    /// 参保地 in words.
    pub(crate) insured_place: &'a str,
    /// 收款人、制单人.
    pub(crate) operator: &'a str,
    /// 审核人.
    pub(crate) reviewer: &'a str,
}

/// The institution in words.
#[derive(Debug)]
pub(crate) struct InstitutionText<'a> {
    pub(crate) name: &'a str,
    /// `长沙市`.
    pub(crate) place: &'a str,
    /// `湖南省`.
    pub(crate) province: &'a str,
    /// `三级甲等`.
    pub(crate) grade: &'a str,
}

impl SlipFacts {
    /// Freezes what the slip of this settlement prints.
    ///
    /// # Errors
    /// [`SlipFactsError::NothingSettled`] where the decision has no split or the case no worker.
    pub(crate) fn freeze(
        case: &Case,
        decision: &Decision,
        particulars: &Particulars<'_>,
    ) -> Result<Self, SlipFactsError> {
        let facts = case.facts();
        let visit = &facts.visit;
        let (Some(worker), Some(split), Some(channel)) =
            (&facts.worker, &decision.split, decision.channel)
        else {
            return Err(SlipFactsError::NothingSettled);
        };
        let filing = decision
            .filing
            .as_ref()
            .and_then(|number| facts.filings.iter().find(|filing| filing.number == *number));
        Ok(Self {
            version: 1,
            title: title(channel, particulars.institution.province),
            institution_name: particulars.institution.name.to_owned(),
            institution_place: particulars.institution.place.to_owned(),
            institution_grade: particulars.institution.grade.to_owned(),
            registration_number: particulars.registration_number.to_owned(),
            name: worker.name.as_str().to_owned(),
            person_category: filing.map_or_else(String::new, |filing| {
                terms::person_category(filing.basis).to_owned()
            }),
            insured_place: particulars.insured_place.to_owned(),
            social_security_number: worker.social_security_number.as_str().to_owned(),
            benefit_category: terms::benefit_category(visit.kind).to_owned(),
            business_category: terms::business_category(visit.kind).to_owned(),
            settled_at: terms::moment(facts.at),
            department: particulars.department.to_owned(),
            inpatient_number: particulars.inpatient_number.to_owned(),
            admitted_at: terms::moment(visit.registered_at),
            discharged_at: visit.discharged_at.map_or_else(String::new, terms::moment),
            days: visit.discharged_at.map_or_else(String::new, |discharged| {
                days(civil_date(visit.registered_at), civil_date(discharged)).to_string()
            }),
            fund: Row::of(&split.fund),
            self_pay: Row::of(&split.self_pay),
            other: Row::of(&split.other),
            total: split.total().to_string(),
            personal: split.personal().to_string(),
            cashier: particulars.operator.to_owned(),
            reviewer: particulars.reviewer.to_owned(),
            preparer: particulars.operator.to_owned(),
            printed_on: terms::day(facts.at),
            settled_unix_s: facts.at.as_second(),
        })
    }

    /// As it is kept with the settlement.
    pub(crate) fn encode(&self) -> Result<String, SlipFactsError> {
        serde_json::to_string(self).map_err(SlipFactsError::Compose)
    }

    /// Reads back what [`SlipFacts::encode`] wrote.
    pub(crate) fn decode(text: &str) -> Result<Self, SlipFactsError> {
        let facts: Self = serde_json::from_str(text).map_err(SlipFactsError::Damaged)?;
        match facts.version {
            1 => Ok(facts),
            later => Err(SlipFactsError::Version(later)),
        }
    }

    /// The sheet of this settlement.
    pub(crate) fn sheet(self, settlement_number: String, journal_head: String) -> Annex10 {
        Annex10 {
            title: self.title,
            institution: Institution {
                name: self.institution_name,
                place: self.institution_place,
                grade: self.institution_grade,
            },
            registration_number: self.registration_number,
            grid: Grid {
                name: self.name,
                person_category: self.person_category,
                insured_place: self.insured_place,
                social_security_number: self.social_security_number,
                benefit_category: self.benefit_category,
                business_category: self.business_category,
                settled_at: self.settled_at,
                department: self.department,
                inpatient_number: self.inpatient_number,
                admitted_at: self.admitted_at,
                discharged_at: self.discharged_at,
                days: self.days,
            },
            totals: Totals {
                total: self.total,
                fund: self.fund.total.clone(),
                personal: self.personal,
            },
            matrix: Matrix {
                fund: self.fund.amounts(),
                self_pay: self.self_pay.amounts(),
                other: self.other.amounts(),
            },
            foot: Foot {
                cashier: self.cashier,
                reviewer: self.reviewer,
                preparer: self.preparer,
                printed_on: self.printed_on,
            },
            remarks: Vec::new(),
            settlement_number,
            journal_head,
            issue: Issue::FirstPair,
            dated_unix_s: self.settled_unix_s,
        }
    }
}

impl Row {
    fn of(amounts: &ColumnAmounts) -> Self {
        Self {
            drug: amounts.drug.to_string(),
            treatment: amounts.treatment.to_string(),
            inpatient_service: amounts.inpatient_service.to_string(),
            rehabilitation: amounts.rehabilitation.to_string(),
            assistive_device: amounts.assistive_device.to_string(),
            total: amounts.total().to_string(),
        }
    }

    fn amounts(self) -> Amounts {
        Amounts {
            drug: self.drug,
            treatment: self.treatment,
            inpatient_service: self.inpatient_service,
            rehabilitation: self.rehabilitation,
            assistive_device: self.assistive_device,
            total: self.total,
        }
    }
}

/// The national form's title, with the treatment province's name; within Hunan the profile's (a reading).
fn title(channel: Channel, province: &str) -> String {
    match channel {
        Channel::IntraProvince => format!("{province}工伤保险省内异地就医结算单"),
        Channel::CrossProvince | Channel::Local | Channel::ProvincialLevel => {
            format!("{province}工伤保险跨省异地就医结算单")
        }
    }
}

/// 住院天数: discharge date − admission date, at least 1 (a reading).
fn days(admitted: Date, discharged: Date) -> i32 {
    (discharged - admitted).get_days().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stay_counts_nights_and_at_least_one_day() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(days(day("2025-08-10"), day("2025-08-20")), 10);
        assert_eq!(days(day("2025-12-31"), day("2026-01-01")), 1);
        assert_eq!(days(day("2025-08-10"), day("2025-08-10")), 1);
    }

    #[test]
    fn the_title_names_the_treatment_province() {
        assert_eq!(
            title(Channel::CrossProvince, "湖南省"),
            "湖南省工伤保险跨省异地就医结算单"
        );
        assert_eq!(
            title(Channel::IntraProvince, "湖南省"),
            "湖南省工伤保险省内异地就医结算单"
        );
    }
}

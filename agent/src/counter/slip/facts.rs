//! Annex 10 of a settlement: the facts frozen with it, and the sheet drawn from them whenever it is needed.

use jiff::Timestamp;
use jiff::civil::Date;
use receipts::{Amounts, Annex10, CopyFor, Foot, Grid, Institution, Issue, Matrix, Totals};
use rules::case::china_time::civil_date;
use rules::{Case, Channel, ColumnAmounts, Decision};

use crate::counter::actor::Actor;
use crate::counter::error::CounterError;
use crate::counter::settle::error::SettleError;
use crate::counter::slip::again::{Again, SlipCopy};
use crate::ledger::settlements::Settlement;
use crate::records::slip::{Row, SlipFacts};
use crate::records::version::Version;
use crate::wording::terms;

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

/// Freezes what the slip of this settlement prints.
///
/// # Errors
/// [`SettleError::NoBill`] where the decision has no split or the case no worker.
pub(crate) fn freeze(
    case: &Case,
    decision: &Decision,
    particulars: &Particulars<'_>,
) -> Result<SlipFacts, CounterError> {
    let facts = case.facts();
    let visit = &facts.visit;
    let (Some(worker), Some(split), Some(channel)) =
        (&facts.worker, &decision.split, decision.channel)
    else {
        return Err(SettleError::NoBill.into());
    };
    let filing = decision
        .filing
        .as_ref()
        .and_then(|number| facts.filings.iter().find(|filing| filing.number == *number));
    Ok(SlipFacts {
        version: Version,
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
        fund: row(&split.fund),
        self_pay: row(&split.self_pay),
        other: row(&split.other),
        total: split.total().to_string(),
        personal: split.personal().to_string(),
        cashier: particulars.operator.to_owned(),
        reviewer: particulars.reviewer.to_owned(),
        preparer: particulars.operator.to_owned(),
        printed_on: terms::day(facts.at),
        settled_unix_s: facts.at.as_second(),
    })
}

/// The sheet of this settlement. 就医登记号 that the province gave after it stands there too; what is frozen stays what it was, and the
/// check value covers that.
pub(crate) fn sheet(
    settlement: &Settlement,
    facts: SlipFacts,
    registration_number: Option<&str>,
) -> Annex10 {
    let registration_number = match (facts.registration_number.as_str(), registration_number) {
        ("", Some(known)) => known.to_owned(),
        (frozen, _) => frozen.to_owned(),
    };
    Annex10 {
        title: facts.title,
        institution: Institution {
            name: facts.institution_name,
            place: facts.institution_place,
            grade: facts.institution_grade,
        },
        registration_number,
        grid: Grid {
            name: facts.name,
            person_category: facts.person_category,
            insured_place: facts.insured_place,
            social_security_number: facts.social_security_number,
            benefit_category: facts.benefit_category,
            business_category: facts.business_category,
            settled_at: facts.settled_at,
            department: facts.department,
            inpatient_number: facts.inpatient_number,
            admitted_at: facts.admitted_at,
            discharged_at: facts.discharged_at,
            days: facts.days,
        },
        totals: Totals {
            total: facts.total,
            fund: facts.fund.total.clone(),
            personal: facts.personal,
        },
        matrix: Matrix {
            fund: amounts(facts.fund),
            self_pay: amounts(facts.self_pay),
            other: amounts(facts.other),
        },
        foot: Foot {
            cashier: facts.cashier,
            reviewer: facts.reviewer,
            preparer: facts.preparer,
            printed_on: facts.printed_on,
        },
        remarks: Vec::new(),
        settlement_number: settlement.number.to_string(),
        journal_head: settlement.head.to_string(),
        issue: Issue::FirstPair,
        dated_unix_s: facts.settled_unix_s,
    }
}

fn row(amounts: &ColumnAmounts) -> Row {
    Row {
        drug: amounts.drug.to_string(),
        treatment: amounts.treatment.to_string(),
        inpatient_service: amounts.inpatient_service.to_string(),
        rehabilitation: amounts.rehabilitation.to_string(),
        assistive_device: amounts.assistive_device.to_string(),
        total: amounts.total().to_string(),
    }
}

fn amounts(row: Row) -> Amounts {
    Amounts {
        drug: row.drug,
        treatment: row.treatment,
        inpatient_service: row.inpatient_service,
        rehabilitation: row.rehabilitation,
        assistive_device: row.assistive_device,
        total: row.total,
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

impl Again {
    /// The sheet as this copy shows it: marked, with today's 打印日期, and with all else as it was.
    pub(super) fn mark(&self, sheet: Annex10, at: Timestamp, actor: &Actor) -> Annex10 {
        let copy_for = match self.copy {
            SlipCopy::Institution => CopyFor::Institution,
            SlipCopy::Worker => CopyFor::Worker,
        };
        let mut sheet = sheet;
        sheet.foot.printed_on = terms::day(at);
        sheet.issue = Issue::Reprint {
            copy_for,
            printed_at: terms::moment(at),
            printed_by: actor.name.clone(),
        };
        sheet
    }
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

//! Bringing together what the rules judge: the registry's fresh or cached answer, the credential, the visit, the bill.

use jiff::Timestamp;
use rules::{
    Bill, BillLine, Case, CaseFacts, CatalogueEntry, Credential, Decision, DivisionCode,
    FilingNumber, Gate, InsuredLevel, LineColumn, SocialSecurityNumber, Visit, Worker, case_format,
    decide,
};

use super::error::CounterError;
use super::views::{Freshness, WorkerView};
use super::{Counter, wording};
use crate::registry::{CatalogueItem, CatalogueOwner, Registry};

/// What is asked, before the registry has spoken.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) gate: Gate,
    pub(super) credential: Credential,
    /// The worker's number: the credential's, or the visit's.
    pub(super) number: SocialSecurityNumber,
    pub(super) visit: Visit,
    pub(super) bill: Option<Bill>,
}

impl Counter {
    /// Asks the province about one number, with the gate's short time-out; the cache answers, with its age, where it
    /// does not (F01–F03; a reading).
    pub(super) async fn ask_province(
        &self,
        number: &SocialSecurityNumber,
    ) -> Result<Freshness, CounterError> {
        let inner = &self.0;
        match inner
            .platform
            .person(number.as_str(), inner.clock.now())
            .await
        {
            Ok(answer) => {
                let number = number.clone();
                let remembered = inner
                    .registry
                    .aside(move |registry| registry.remember(&number, &answer));
                remembered.await?;
                self.province_answered();
                Ok(Freshness::Asked)
            }
            Err(error) => {
                let why = self.province_failed(&error);
                let ages = inner.registry.aside(Registry::ages).await?;
                let as_of = ages.registry.ok_or(CounterError::RegistryEmpty)?;
                Ok(Freshness::Cached {
                    age: inner.clock.now().duration_since(as_of),
                    why,
                })
            }
        }
    }

    /// The case as the cache has it now. Reads the cache only: also done inside the settling transaction.
    pub(super) fn assemble(
        &self,
        question: &Question,
        at: Timestamp,
    ) -> Result<Case, CounterError> {
        let registry = &self.0.registry;
        let library = registry.institution()?.ok_or(CounterError::RegistryEmpty)?;
        let ages = registry.ages()?;
        let synchronised = ages.registry.ok_or(CounterError::RegistryEmpty)?;
        let (worker, filings, as_of) = match registry.worker(&question.number)? {
            Some(known) => (Some(known.worker), known.filings, known.as_of),
            None => (None, Vec::new(), synchronised),
        };
        let mut facts = CaseFacts {
            profile: self.profile_name(),
            at,
            gate: question.gate,
            registry_as_of: as_of.min(at),
            institution: library.institution,
            credential: question.credential.clone(),
            worker,
            filings,
            visit: question.visit.clone(),
            devices: Vec::new(),
            bill: None,
            catalogue: Vec::new(),
        };
        if let Some(bill) = &question.bill {
            // A bill is judged by the catalogue too: the older of the two ages counts.
            let catalogue = ages.catalogue.ok_or(CounterError::CatalogueEmpty)?;
            facts.registry_as_of = facts.registry_as_of.min(catalogue);
            facts.catalogue = self.catalogue_for(&facts, bill)?;
            facts.bill = Some(bill.clone());
        }
        Ok(Case::new(facts)?)
    }

    /// The catalogue that applies (E01), once the channel is known; nothing where the channel is not settled here.
    fn catalogue_for(
        &self,
        facts: &CaseFacts,
        bill: &Bill,
    ) -> Result<Vec<CatalogueEntry>, CounterError> {
        let Some(worker) = &facts.worker else {
            return Ok(Vec::new());
        };
        let without_bill = Case::new(facts.clone())?;
        let owner = self.decide(&without_bill).channel.and_then(|channel| {
            CatalogueOwner::choose(
                channel,
                facts.visit.kind,
                facts.institution.division,
                worker.insured_division,
            )
        });
        let items: Vec<CatalogueItem> = bill.lines.iter().filter_map(item).collect();
        match owner {
            Some(owner) => Ok(self.0.registry.catalogue(owner, &items)?),
            None => Ok(Vec::new()),
        }
    }

    pub(super) fn decide(&self, case: &Case) -> Decision {
        decide(case, self.profile())
    }

    /// The worker in words, for page and slip.
    pub(super) fn worker_view(
        &self,
        case: &Case,
        decision: &Decision,
    ) -> Result<Option<WorkerView>, CounterError> {
        let facts = case.facts();
        let Some(worker) = &facts.worker else {
            return Ok(None);
        };
        let filing = decision
            .filing
            .as_ref()
            .and_then(|number| filing_in_words(facts, number));
        Ok(Some(WorkerView {
            name: worker.name.as_str().to_owned(),
            masked_number: wording::masked_number(worker.social_security_number.as_str()),
            insured_place: self.insured_place(worker)?,
            filing,
        }))
    }

    /// 参保地 in words: province and prefecture, 省本级 where so.
    pub(super) fn insured_place(&self, worker: &Worker) -> Result<String, CounterError> {
        let division = worker.insured_division;
        let name = self
            .0
            .registry
            .division_name(division)?
            .unwrap_or_else(|| division.to_string());
        Ok(match worker.insured_level {
            InsuredLevel::Prefecture => name,
            InsuredLevel::Province => {
                let province = self.province_name(division)?;
                format!("{province}省本级")
            }
        })
    }

    /// The province's name, `湖南省`; its two digits where the registry has no name.
    pub(super) fn province_name(&self, division: DivisionCode) -> Result<String, CounterError> {
        let digits = division.province();
        let whole =
            DivisionCode::parse(&format!("{digits}0000")).map_err(CounterError::LedgerValue)?;
        Ok(self
            .0
            .registry
            .division_name(whole)?
            .unwrap_or_else(|| digits.to_string()))
    }

    /// The prefecture's name without its province, `长沙市`.
    pub(super) fn place_name(&self, division: DivisionCode) -> Result<String, CounterError> {
        let province = self.province_name(division)?;
        let full = self
            .0
            .registry
            .division_name(division)?
            .unwrap_or_else(|| division.to_string());
        Ok(match full.strip_prefix(&province) {
            Some(place) if !place.is_empty() => place.to_owned(),
            Some(_) | None => full,
        })
    }
}

/// The canonical case, as it is kept as evidence.
pub(super) fn case_text(case: &Case) -> Result<String, CounterError> {
    String::from_utf8(case_format::write_case(case)).map_err(CounterError::Evidence)
}

/// The decision, as it is kept as evidence.
pub(super) fn decision_text(decision: &Decision) -> Result<String, CounterError> {
    String::from_utf8(case_format::write_decision(decision)).map_err(CounterError::Evidence)
}

fn item(line: &BillLine) -> Option<CatalogueItem> {
    match line.column {
        LineColumn::Matrix(column) => Some(CatalogueItem {
            column,
            code: line.code.clone(),
        }),
        LineColumn::MealAllowance | LineColumn::TravelAndLodging => None,
    }
}

fn filing_in_words(facts: &CaseFacts, number: &FilingNumber) -> Option<String> {
    let filing = facts
        .filings
        .iter()
        .find(|filing| filing.number == *number)?;
    Some(format!(
        "{}（{}，有效期 {} 至 {}）",
        filing.number.as_str(),
        wording::person_category(filing.basis),
        filing.valid_from,
        filing.valid_to
    ))
}

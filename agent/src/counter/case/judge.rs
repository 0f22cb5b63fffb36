//! Bringing together what the rules judge: the registry's fresh or cached answer, the credential, the visit, the bill.

use jiff::Timestamp;
use rules::{
    Bill, BillLine, Case, CaseFacts, CatalogueEntry, Decision, DivisionCode, InsuredLevel,
    LineColumn, SocialSecurityNumber, Worker, decide, decide_beside_card,
};
use std::sync::Arc;

use crate::counter::Counter;
use crate::counter::case::objection::{Judgement, Objection};
use crate::counter::case::question::{Heard, Question};
use crate::counter::error::CounterError;
use crate::counter::views::{Freshness, WorkerView};
use crate::province::{PlatformError, Transaction};
use crate::records::province_names::province_name;
use crate::redacted::masked_number;
use crate::registry::{CatalogueItem, CatalogueOwner, ProvinceNo};

impl Counter {
    /// Asks the province about one number, with the gate's short time-out; the cache answers, with its age, where it
    /// does not (F01–F03; a reading). A province that says no has answered; so it has where it said no last and cannot be
    /// asked now.
    pub(crate) async fn ask_province(
        &self,
        number: &SocialSecurityNumber,
    ) -> Result<Heard, CounterError> {
        let inner = &self.0;
        let number = number.clone();
        match inner
            .platform
            .person(number.as_str(), inner.clock.now())
            .await
        {
            Ok(answer) => {
                let remembered = inner
                    .registry
                    .aside(move |registry| registry.remember(&number, &answer));
                remembered.await?;
                inner.trouble.is_over();
                Ok(Heard {
                    freshness: Freshness::Asked,
                    no: None,
                })
            }
            // Of this question, and no other: where the sign-in before it is refused, nothing was said of the person.
            Err(PlatformError::Rejected {
                transaction: Transaction::Person,
                rejection,
            }) => {
                inner.trouble.is_over();
                let no = ProvinceNo {
                    code: rejection.code,
                    words: rejection.message,
                    at: inner.clock.now(),
                };
                let kept = no.clone();
                let remembered = inner
                    .registry
                    .aside(move |registry| registry.remember_no(&number, &kept));
                remembered.await?;
                Ok(Heard {
                    freshness: Freshness::Asked,
                    no: Some(no),
                })
            }
            Err(error) => {
                let why = Arc::new(error);
                inner.trouble.failed(&why);
                let looked = inner
                    .registry
                    .aside(move |registry| Ok((registry.ages()?, registry.no_to(&number)?)));
                let (ages, no) = looked.await?;
                let as_of = match &no {
                    Some(no) => no.at,
                    None => ages.registry.ok_or(CounterError::RegistryEmpty)?,
                };
                Ok(Heard {
                    freshness: Freshness::Cached {
                        age: inner.clock.now().duration_since(as_of),
                        why,
                    },
                    no,
                })
            }
        }
    }

    /// What is said to the question at `at`. The rules are asked only where the province has not refused the person, with what
    /// the cache has now.
    pub(crate) fn judge_question(
        &self,
        question: &Question,
        (no, objections): (Option<ProvinceNo>, Vec<Objection>),
        at: Timestamp,
    ) -> Result<(Case, Judgement), CounterError> {
        if let Some(no) = no {
            return Ok((self.unknown_to_us(question, at)?, Judgement::refused(no)));
        }
        let case = self.assemble(question, at)?;
        let judgement = Judgement {
            objections,
            decision: Some(decide_beside_card(
                &case,
                self.profile(),
                question.on_card.as_ref(),
            )),
        };
        Ok((case, judgement))
    }

    /// The case of a person whom the province refuses: what was asked, and nothing that the cache knew of them before.
    fn unknown_to_us(&self, question: &Question, at: Timestamp) -> Result<Case, CounterError> {
        let library = self.0.registry.institution()?;
        Ok(Case::new(CaseFacts {
            profile: self.profile_name(),
            at,
            gate: question.gate,
            registry_as_of: at,
            institution: library
                .ok_or(CounterError::RegistryEmpty)?
                .institution
                .institution,
            credential: question.credential.clone(),
            worker: None,
            filings: Vec::new(),
            visit: question.visit.clone(),
            devices: Vec::new(),
            bill: question.bill.clone(),
            catalogue: Vec::new(),
        })?)
    }

    /// The case as the cache has it now. Reads the cache only: also done inside the settling transaction.
    fn assemble(&self, question: &Question, at: Timestamp) -> Result<Case, CounterError> {
        let registry = &self.0.registry;
        let library = registry.institution()?.ok_or(CounterError::RegistryEmpty)?;
        let ages = registry.ages()?;
        let synchronised = ages.registry.ok_or(CounterError::RegistryEmpty)?;
        let (worker, filings, as_of) = match registry.worker(&question.number)? {
            Some(known) => {
                let filings = known.worker.rules_filings();
                (Some(known.worker.worker), filings, known.as_of)
            }
            None => (None, Vec::new(), synchronised),
        };
        let mut facts = CaseFacts {
            profile: self.profile_name(),
            at,
            gate: question.gate,
            registry_as_of: as_of.min(at),
            institution: library.institution.institution,
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

    fn decide(&self, case: &Case) -> Decision {
        decide(case, self.profile())
    }

    /// The worker in words, for page and slip.
    pub(crate) fn worker_view(
        &self,
        case: &Case,
        judgement: &Judgement,
    ) -> Result<Option<WorkerView>, CounterError> {
        let facts = case.facts();
        let Some(worker) = &facts.worker else {
            return Ok(None);
        };
        let relied_on = judgement
            .decision
            .as_ref()
            .and_then(|said| said.filing.as_ref());
        let filing = relied_on
            .and_then(|number| facts.filings.iter().find(|filing| filing.number == *number))
            .cloned();
        Ok(Some(WorkerView {
            name: worker.name.as_str().to_owned(),
            masked_number: masked_number(worker.social_security_number.as_str()),
            insured_place: self.insured_place(worker)?,
            filing,
        }))
    }

    /// 参保地 in words: province and prefecture, 省本级 where so.
    pub(crate) fn insured_place(&self, worker: &Worker) -> Result<String, CounterError> {
        let division = worker.insured_division;
        let name = self.0.registry.division_name(division)?;
        Ok(match worker.insured_level {
            InsuredLevel::Prefecture => match name {
                Some(name) => name,
                // No name is known of the prefecture: its code stands beside the province's.
                None => format!("{}（{division}）", self.province_name(division)?),
            },
            InsuredLevel::Province => {
                let province = self.province_name(division)?;
                format!("{province}省本级")
            }
        })
    }

    /// The province's name, `湖南省`; its two digits where the registry has no name.
    pub(crate) fn province_name(&self, division: DivisionCode) -> Result<String, CounterError> {
        let digits = division.province();
        let whole =
            DivisionCode::parse(&format!("{digits}0000")).map_err(CounterError::LedgerValue)?;
        Ok(self
            .0
            .registry
            .division_name(whole)?
            .or_else(|| province_name(digits).map(str::to_owned))
            .unwrap_or_else(|| digits.to_string()))
    }

    /// The prefecture's name without its province, `长沙市`.
    pub(crate) fn place_name(&self, division: DivisionCode) -> Result<String, CounterError> {
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

fn item(line: &BillLine) -> Option<CatalogueItem> {
    match line.column {
        LineColumn::Matrix(column) => Some(CatalogueItem {
            column,
            code: line.code.clone(),
        }),
        LineColumn::MealAllowance | LineColumn::TravelAndLodging => None,
    }
}

//! What of the counter's facts a slip shows for ever, gathered when its settlement is committed.

use rules::{Case, Decision};

use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::error::CounterError;
use crate::counter::slip::facts::{self, InstitutionText, Particulars};
use crate::ledger::visits;
use crate::records::slip::SlipFacts;

impl Counter {
    pub(crate) fn slip_facts(
        &self,
        visit: &visits::Visit,
        case: &Case,
        decision: &Decision,
        actor: &Actor,
    ) -> Result<SlipFacts, CounterError> {
        let library = self
            .0
            .registry
            .institution()?
            .ok_or(CounterError::RegistryEmpty)?
            .institution;
        let worker = case
            .facts()
            .worker
            .as_ref()
            .ok_or(CounterError::RegistryEmpty)?;
        let place = self.place_name(library.institution.division)?;
        let province = self.province_name(library.institution.division)?;
        let insured_place = self.insured_place(worker)?;
        facts::freeze(
            case,
            decision,
            &Particulars {
                registration_number: visit.registration.as_deref().unwrap_or(""),
                department: &visit.record.department,
                inpatient_number: &visit.record.inpatient_number,
                institution: InstitutionText {
                    name: &library.name,
                    place: &place,
                    province: &province,
                    grade: &library.grade,
                },
                insured_place: &insured_place,
                operator: &actor.name,
                reviewer: &self.0.settings.slip.reviewer,
            },
        )
    }
}

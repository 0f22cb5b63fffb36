//! Reasons of the counter's own: what stands in the way of a visit beside the rules, and outside what `explain` judges.
//!
//! A province that answers has answered. Its "no" to a person, or to the registration of a visit, is no case for the rules:
//! it names no article, and nothing that the cache knows from before speaks against it.

use rules::{Decision, Money, Outcome, Reason, Route, Split, Verdict};

use crate::counter::case::second_look::{Matter, MissingCount, SettledBefore};
use crate::counter::case::unlisted::Unlisted;
use crate::redacted::closed_debug;
use crate::registry::ProvinceNo;

/// What stands in the way, of the counter's own knowledge.
#[derive(Clone, PartialEq, Eq)]
pub enum Objection {
    /// The province, asked about this person, refuses.
    ProvinceRefuses(ProvinceNo),
    /// The province refused to register this visit, and nobody has seen to it yet.
    RegistrationRefused {
        /// The province's code.
        code: String,
        /// The province's words.
        words: String,
    },
    /// More of the bill than the configuration allows is in no catalogue, and nobody has looked at it yet.
    CodesUnlisted(Unlisted),
    /// The bill's file has no sum: nobody can tell from it whether it was exported whole, and nobody has compared it yet.
    SumMissing {
        /// Lines that were read.
        lines: usize,
        /// What they come to.
        total: Money,
    },
    /// Lines lack marks that a person has to give.
    MarksMissing(MissingCount),
    /// The sum is beyond what the configuration takes for plausible, and nobody has looked at it yet.
    SumImplausible {
        /// The bill's.
        total: Money,
        /// The configured limit, in yuan.
        limit: u32,
    },
    /// The bill, or much of it, was settled for another visit, and nobody has said why it is right.
    SettledBefore(SettledBefore),
}

closed_debug!(Objection);

impl Objection {
    /// Its stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ProvinceRefuses(_) => "province_refuses",
            Self::RegistrationRefused { .. } => "registration_refused",
            Self::CodesUnlisted(_) => "codes_unlisted",
            Self::SumMissing { .. } => "bill_sum_missing",
            Self::MarksMissing(_) => "marks_missing",
            Self::SumImplausible { .. } => "sum_implausible",
            Self::SettledBefore(_) => "settled_before",
        }
    }

    /// That more of a bill is not listed than `limit` percent: a person has to look before it is settled.
    pub(crate) fn to_unlisted(unlisted: Unlisted, limit: u8) -> Option<Self> {
        let more = unlisted.amount.cents() * 100 > unlisted.whole.cents() * i128::from(limit);
        more.then_some(Self::CodesUnlisted(unlisted))
    }

    /// Whether it refuses, or holds until somebody has seen to it.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::ProvinceRefuses(_) => Verdict::Refuse,
            Self::RegistrationRefused { .. }
            | Self::CodesUnlisted(_)
            | Self::SumMissing { .. }
            | Self::MarksMissing(_)
            | Self::SumImplausible { .. }
            | Self::SettledBefore(_) => Verdict::Hold,
        }
    }

    /// A person has to give what marks are missing.
    pub(crate) fn to_missing(missing: MissingCount) -> Option<Self> {
        (missing != MissingCount::default()).then_some(Self::MarksMissing(missing))
    }

    /// What a person can vouch for so that it no longer stands in the way.
    pub(crate) fn matter(&self) -> Option<Matter> {
        match self {
            Self::CodesUnlisted(_) => Some(Matter::Codes),
            Self::SumMissing { .. } => Some(Matter::SumMissing),
            Self::SumImplausible { .. } => Some(Matter::Sum),
            Self::SettledBefore(_) => Some(Matter::SettledBefore),
            Self::ProvinceRefuses(_) | Self::RegistrationRefused { .. } | Self::MarksMissing(_) => {
                None
            }
        }
    }

    /// It is about this bill: it stands until the quote is replaced by another.
    pub(crate) fn is_about_the_bill(&self) -> bool {
        match self {
            Self::ProvinceRefuses(_) | Self::RegistrationRefused { .. } => false,
            Self::CodesUnlisted(_)
            | Self::SumMissing { .. }
            | Self::MarksMissing(_)
            | Self::SumImplausible { .. }
            | Self::SettledBefore(_) => true,
        }
    }

    /// What happens next where it is the first reason.
    pub fn route(&self) -> Route {
        match self {
            Self::ProvinceRefuses(_) | Self::RegistrationRefused { .. } => Route::AskAgency,
            Self::CodesUnlisted(_)
            | Self::SumMissing { .. }
            | Self::MarksMissing(_)
            | Self::SumImplausible { .. }
            | Self::SettledBefore(_) => Route::CorrectBill,
        }
    }
}

/// One reason, whosever it is.
#[derive(Debug, Clone, Copy)]
pub enum Ground<'a> {
    /// The counter's own.
    Own(&'a Objection),
    /// The rules'.
    Rule(&'a Reason),
}

impl Ground<'_> {
    fn verdict(self) -> Verdict {
        match self {
            Self::Own(objection) => objection.verdict(),
            Self::Rule(reason) => reason.verdict,
        }
    }

    fn route(self) -> Route {
        match self {
            Self::Own(objection) => objection.route(),
            Self::Rule(reason) => reason.route,
        }
    }
}

/// What is said to a case: by the rules, and by the counter beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The counter's own reasons.
    pub objections: Vec<Objection>,
    /// What the rules said; none where they were not asked, because the province refuses the person.
    pub decision: Option<Decision>,
}

impl Judgement {
    /// The province refuses this person: the rules are not asked.
    pub(crate) fn refused(no: ProvinceNo) -> Self {
        Self {
            objections: vec![Objection::ProvinceRefuses(no)],
            decision: None,
        }
    }

    /// Every reason, refusals first, the counter's own before the rules'.
    pub fn grounds(&self) -> Vec<Ground<'_>> {
        let rules = self.decision.iter().flat_map(|decision| &decision.reasons);
        let own = self.objections.iter().map(Ground::Own);
        let mut grounds: Vec<Ground<'_>> = own.chain(rules.map(Ground::Rule)).collect();
        grounds.sort_by_key(|ground| match ground.verdict() {
            Verdict::Refuse => 0,
            Verdict::Hold => 1,
        });
        grounds
    }

    /// Whether the visit may go on as a direct settlement.
    pub fn outcome(&self) -> Outcome {
        match self.grounds().first().map(|ground| ground.verdict()) {
            Some(Verdict::Refuse) => Outcome::Refuse,
            Some(Verdict::Hold) => Outcome::Hold,
            None => self
                .decision
                .as_ref()
                .map_or(Outcome::Refuse, |decision| decision.outcome),
        }
    }

    /// What happens next.
    pub fn route(&self) -> Route {
        match (self.grounds().first(), &self.decision) {
            (Some(Ground::Rule(_)) | None, Some(decision)) => decision.route,
            (Some(ground), _) => ground.route(),
            (None, None) => Route::AskAgency,
        }
    }

    /// The bill, split, where the rules did so.
    pub fn split(&self) -> Option<&Split> {
        self.decision.as_ref()?.split.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn no() -> Objection {
        Objection::ProvinceRefuses(ProvinceNo {
            code: "-1".to_owned(),
            words: "待遇冻结。".to_owned(),
            at: Timestamp::from_second(1_772_000_000).unwrap(),
        })
    }

    fn unregistered() -> Objection {
        Objection::RegistrationRefused {
            code: "diagnosis_unknown".to_owned(),
            words: String::new(),
        }
    }

    /// A stay across provinces with some fields changed, as the rules judge it.
    fn decided(changes: &[(&str, serde_json::Value)]) -> Decision {
        let scenario = include_str!("../../../../tests/scenarios/01-cross-transfer-valid.json");
        let mut case: serde_json::Value = serde_json::from_str(scenario).unwrap();
        let mut case = case["case"].take();
        for (pointer, value) in changes {
            *case.pointer_mut(pointer).unwrap() = value.clone();
        }
        let case = rules::case_format::parse_case(case.to_string().as_bytes()).unwrap();
        rules::decide(&case, rules::Profile::built_in(case.facts().profile))
    }

    #[test]
    fn the_counters_own_reasons_outweigh_what_the_rules_allow() {
        let liable = [("/visit/third_party_liability", serde_json::json!("full"))];
        for (objections, changes, outcome, route) in [
            (vec![], &[][..], Outcome::Allow, Route::DirectSettlement),
            (vec![unregistered()], &[], Outcome::Hold, Route::AskAgency),
            (vec![no()], &[], Outcome::Refuse, Route::AskAgency),
            (
                vec![unregistered()],
                &liable,
                Outcome::Refuse,
                Route::ManualReimbursement,
            ),
        ] {
            let judgement = Judgement {
                objections,
                decision: Some(decided(changes)),
            };
            assert_eq!(judgement.outcome(), outcome, "{judgement:?}");
            assert_eq!(judgement.route(), route, "{judgement:?}");
        }
        let Objection::ProvinceRefuses(no) = no() else {
            unreachable!("it is one");
        };
        let unasked = Judgement::refused(no);
        assert_eq!(unasked.outcome(), Outcome::Refuse);
        assert_eq!(unasked.route(), Route::AskAgency);
    }
}

//! What our records and questions say, field by field: the words that stand on the right of a table's rows.

use rules::{Channel, CredentialKind, Gate, MatrixColumn, ThirdPartyLiability, VisitKind};

use crate::province::message::MessageOperatorKind;
use crate::province::transaction::Transaction;

/// What a field holds, as far as a format must know.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holds {
    /// Words, or a number of somebody's.
    Words,
    /// A whole number.
    Count,
    /// Yes or no; a list of codes calls them `true` and `false`.
    Flag,
    /// A moment, in China's time.
    Moment,
    /// A day.
    Day,
    /// Yuan with two decimals.
    Yuan,
    /// A price per unit or a quantity: four decimals at most.
    Factor,
    /// One of these names.
    Name(fn() -> Vec<&'static str>),
}

/// One field of a message of ours.
#[derive(Debug, Clone, Copy)]
pub(super) struct OurField {
    /// Its place: names joined by dots, `[]` behind a list.
    pub(super) path: &'static str,
    pub(super) holds: Holds,
}

const fn field(path: &'static str, holds: Holds) -> OurField {
    OurField { path, holds }
}

/// 就医登记号, which becomes known after the record was queued.
pub(super) const REGISTRATION_NUMBER: &str = "$registration_number";

/// The message's body, in the envelope.
pub(super) const BODY: &str = "@body";

/// The signature over the envelope's other values.
pub(super) const SIGNATURE: &str = "@signature";

/// What is known when a message leaves, for the envelope around it.
pub(super) const ENVELOPE: &[OurField] = &[
    field("@transaction", Holds::Words),
    field("@msgid", Holds::Words),
    field("@time", Holds::Moment),
    field("@operator_kind", Holds::Name(operator_kinds)),
    field("@operator", Holds::Words),
    field("@operator_name", Holds::Words),
    field("@institution", Holds::Words),
    field("@division", Holds::Words),
    field("@insured_division", Holds::Words),
    field("@terminal", Holds::Words),
    field("@session", Holds::Words),
    field("@signature_kind", Holds::Words),
    field(SIGNATURE, Holds::Words),
    field(BODY, Holds::Words),
];

fn operator_kinds() -> Vec<&'static str> {
    let kinds = [
        MessageOperatorKind::Cashier,
        MessageOperatorKind::Unattended,
    ];
    kinds.map(MessageOperatorKind::name).to_vec()
}

fn visit_kinds() -> Vec<&'static str> {
    VisitKind::ALL.iter().map(|one| one.name()).collect()
}

fn channels() -> Vec<&'static str> {
    Channel::ALL.iter().map(|one| one.name()).collect()
}

/// A visit may be registered with no credential at all.
fn credential_kinds() -> Vec<&'static str> {
    let kinds = CredentialKind::ALL.iter().map(|one| one.name());
    kinds.chain(["none"]).collect()
}

fn liabilities() -> Vec<&'static str> {
    ThirdPartyLiability::ALL
        .iter()
        .map(|one| one.name())
        .collect()
}

fn columns() -> Vec<&'static str> {
    MatrixColumn::ALL.iter().map(|one| one.name()).collect()
}

/// Those at which a record is due.
fn settling_gates() -> Vec<&'static str> {
    let settling = Gate::ALL.iter().filter(|gate| gate.settles());
    settling.map(|one| one.name()).collect()
}

/// Everything that we can say in a transaction.
pub(super) fn of(transaction: Transaction) -> &'static [OurField] {
    match transaction {
        Transaction::SignIn => SIGN_IN,
        Transaction::SignOut | Transaction::LastHead => &[],
        Transaction::Person => PERSON,
        Transaction::RegistrySync | Transaction::CatalogueSync => PAGE,
        Transaction::CardAuthentication => CARD_AUTHENTICATION,
        Transaction::CodeVerification => CODE_VERIFICATION,
        Transaction::CardVerification => CARD_VERIFICATION,
        Transaction::VisitRegistration => VISIT_REGISTRATION,
        Transaction::VisitCancellation => VISIT_CANCELLATION,
        Transaction::FeeDetail => FEE_DETAIL,
        Transaction::Settlement => SETTLEMENT,
        Transaction::Reversal => REVERSAL,
        Transaction::OutcomeQuery => OUTCOME_QUERY,
    }
}

const SIGN_IN: &[OurField] = &[
    field("terminal", Holds::Words),
    field("program", Holds::Words),
    field("program_version", Holds::Words),
];

const PERSON: &[OurField] = &[field("social_security_number", Holds::Words)];

const PAGE: &[OurField] = &[field("cursor", Holds::Words)];

const CARD_AUTHENTICATION: &[OurField] = &[field("question", Holds::Words)];

const CODE_VERIFICATION: &[OurField] = &[field("code", Holds::Words)];

const CARD_VERIFICATION: &[OurField] = &[
    field("card_number", Holds::Words),
    field("card_id", Holds::Words),
    field("reset", Holds::Words),
    field("card_version", Holds::Words),
    field("internal_authentication.algorithm", Holds::Words),
    field("internal_authentication.factor", Holds::Words),
    field("internal_authentication.raw", Holds::Words),
    field("internal_authentication.result", Holds::Words),
];

const REVERSAL: &[OurField] = &[field("msgid", Holds::Words), field("reason", Holds::Words)];

const OUTCOME_QUERY: &[OurField] = &[field("msgid", Holds::Words)];

const VISIT_REGISTRATION: &[OurField] = &[
    field("visit", Holds::Words),
    field("kind", Holds::Name(visit_kinds)),
    field("channel", Holds::Name(channels)),
    field("registered_at", Holds::Moment),
    field("worker.social_security_number", Holds::Words),
    field("worker.name", Holds::Words),
    field("insured_division", Holds::Words),
    field("filing", Holds::Words),
    field("credential_kind", Holds::Name(credential_kinds)),
    field("department", Holds::Words),
    field("inpatient_number", Holds::Words),
    field("diagnoses[].code", Holds::Words),
    field("diagnoses[].name", Holds::Words),
    field("injury.decision_number", Holds::Words),
    field("injury.injured_on", Holds::Day),
    field("injury.body_part", Holds::Words),
    field("injury.employer", Holds::Words),
    field("injury.occupational_disease", Holds::Flag),
    field("third_party_liability", Holds::Name(liabilities)),
    field("emergency", Holds::Flag),
    field("force_majeure", Holds::Flag),
];

const VISIT_CANCELLATION: &[OurField] = &[
    field("visit", Holds::Words),
    field(REGISTRATION_NUMBER, Holds::Words),
    field("worker.social_security_number", Holds::Words),
    field("worker.name", Holds::Words),
    field("cancelled_at", Holds::Moment),
    field("reason", Holds::Words),
];

const FEE_DETAIL: &[OurField] = &[
    field("visit", Holds::Words),
    field(REGISTRATION_NUMBER, Holds::Words),
    field("settlement", Holds::Words),
    field("generation", Holds::Count),
    field("part", Holds::Count),
    field("parts", Holds::Count),
    field("lines[].id", Holds::Words),
    field("lines[].number", Holds::Count),
    field("lines[].date", Holds::Day),
    field("lines[].column", Holds::Name(columns)),
    field("lines[].code", Holds::Words),
    field("lines[].name", Holds::Words),
    field("lines[].unit_price", Holds::Factor),
    field("lines[].quantity", Holds::Factor),
    field("lines[].amount", Holds::Yuan),
    field("lines[].treats_injury", Holds::Flag),
    field("lines[].restriction_met", Holds::Flag),
    field("lines[].reverses", Holds::Count),
    field("lines[].fund", Holds::Yuan),
    field("lines[].self_pay", Holds::Yuan),
    field("lines[].other", Holds::Yuan),
    field("lines[].rule", Holds::Words),
];

const SETTLEMENT: &[OurField] = &[
    field("visit", Holds::Words),
    field(REGISTRATION_NUMBER, Holds::Words),
    field("settlement", Holds::Words),
    field("generation", Holds::Count),
    field("worker.social_security_number", Holds::Words),
    field("worker.name", Holds::Words),
    field("insured_division", Holds::Words),
    field("institution.code", Holds::Words),
    field("institution.name", Holds::Words),
    field("institution.division", Holds::Words),
    field("channel", Holds::Name(channels)),
    field("kind", Holds::Name(visit_kinds)),
    field("gate", Holds::Name(settling_gates)),
    field("filing", Holds::Words),
    field("diagnoses[].code", Holds::Words),
    field("diagnoses[].name", Holds::Words),
    field("injury.decision_number", Holds::Words),
    field("injury.injured_on", Holds::Day),
    field("injury.body_part", Holds::Words),
    field("injury.employer", Holds::Words),
    field("injury.occupational_disease", Holds::Flag),
    field("registered_at", Holds::Moment),
    field("discharged_at", Holds::Moment),
    field("settled_at", Holds::Moment),
    field("upload_due_at", Holds::Moment),
    field("matrix.fund.drug", Holds::Yuan),
    field("matrix.fund.treatment", Holds::Yuan),
    field("matrix.fund.inpatient_service", Holds::Yuan),
    field("matrix.fund.rehabilitation", Holds::Yuan),
    field("matrix.fund.assistive_device", Holds::Yuan),
    field("matrix.fund.total", Holds::Yuan),
    field("matrix.self_pay.drug", Holds::Yuan),
    field("matrix.self_pay.treatment", Holds::Yuan),
    field("matrix.self_pay.inpatient_service", Holds::Yuan),
    field("matrix.self_pay.rehabilitation", Holds::Yuan),
    field("matrix.self_pay.assistive_device", Holds::Yuan),
    field("matrix.self_pay.total", Holds::Yuan),
    field("matrix.other.drug", Holds::Yuan),
    field("matrix.other.treatment", Holds::Yuan),
    field("matrix.other.inpatient_service", Holds::Yuan),
    field("matrix.other.rehabilitation", Holds::Yuan),
    field("matrix.other.assistive_device", Holds::Yuan),
    field("matrix.other.total", Holds::Yuan),
    field("matrix.total", Holds::Yuan),
    field("matrix.personal", Holds::Yuan),
    field("line_count", Holds::Count),
    field("detail_parts", Holds::Count),
    field("decided_by.profile", Holds::Words),
    field("decided_by.profile_hash", Holds::Words),
    field("decided_by.rule_set", Holds::Words),
    field("decided_by.registry_as_of", Holds::Moment),
    field("journal.sequence", Holds::Count),
    field("journal.mac", Holds::Words),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::province::table::examples;

    /// Places of values, as a table names them.
    fn places(value: &Value, at: &str, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let dot = if at.is_empty() { "" } else { "." };
                    places(value, &format!("{at}{dot}{name}"), found);
                }
            }
            Value::Array(elements) => {
                for element in elements {
                    places(element, &format!("{at}[]"), found);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                found.insert(at.to_owned());
            }
        }
    }

    #[test]
    fn the_words_for_tables_are_exactly_what_the_records_and_questions_hold() {
        for transaction in Transaction::ALL {
            let mut held = BTreeSet::new();
            places(&examples::of(transaction).unwrap(), "", &mut held);
            let words: BTreeSet<String> = of(transaction)
                .iter()
                .map(|field| field.path)
                .filter(|path| *path != REGISTRATION_NUMBER)
                .map(str::to_owned)
                .collect();
            assert_eq!(words, held, "{}", transaction.name());
        }
    }
}

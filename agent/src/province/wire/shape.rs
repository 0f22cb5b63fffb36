//! The fields of each answer, by name and kind.

use crate::province::field::{Field, Kind};
use crate::province::wire::answer::{
    CardAuthenticationAnswer, CataloguePage, IdentityAnswer, LastHeadAnswer, OutcomeAnswer,
    PersonAnswer, Receipt, RegistryPage, SessionAnswer, SignedOut,
};

/// An answer's output, read by its fields.
pub(in crate::province) trait Answered: serde::de::DeserializeOwned {
    /// What it consists of.
    const FIELDS: &'static [Field];

    /// Keeps how many values were not as agreed and read all the same; most answers tell nobody.
    fn keep_oddities(&mut self, _sum: usize) {}
}

const INJURY: &[Field] = &[
    Field::new("decision_number", Kind::Text),
    Field::new("injured_on", Kind::OptionalDate),
    Field::new("body_part", Kind::BlankText),
    Field::new("employer", Kind::BlankText),
    Field::new("occupational_disease", Kind::Flag),
];

const FILING: &[Field] = &[
    Field::new("number", Kind::Text),
    Field::new("form", Kind::Code),
    Field::new("basis", Kind::Code),
    Field::new("care", Kind::OptionalCode),
    Field::new("place", Kind::Code),
    Field::new("status", Kind::Code),
    Field::new("approved_at", Kind::OptionalInstant),
    Field::new("cancelled_at", Kind::OptionalInstant),
    Field::new("valid_from", Kind::Date),
    Field::new("valid_to", Kind::Date),
    Field::new("back_filing", Kind::OptionalCode),
];

const NOTICE: &[Field] = &[
    Field::new("number", Kind::OptionalText),
    Field::new("filing_number", Kind::Text),
    Field::new("device_code", Kind::Text),
    Field::new("used", Kind::Flag),
    Field::new("reason", Kind::Code),
    Field::new("limit", Kind::Amount),
    Field::new("minimum_years", Kind::Count),
    Field::new("last_fitted_on", Kind::OptionalDate),
];

const WORKER: &[Field] = &[
    Field::key("social_security_number", Kind::Text),
    Field::new("name", Kind::Text),
    Field::new("insured_division", Kind::Code),
    Field::new("insured_level", Kind::Code),
    Field::new("confirmations", Kind::Texts),
    Field::new("eligibility", Kind::Code),
    Field::new("suspended", Kind::Flag),
    Field::new("filings", Kind::Records(FILING)),
    Field::new("notices", Kind::Records(NOTICE)),
    Field::may_lack("injuries", Kind::Records(INJURY)),
];

const INSTITUTION: &[Field] = &[
    Field::new("code", Kind::Text),
    Field::new("name", Kind::Text),
    Field::new("division", Kind::Code),
    Field::new("grade", Kind::BlankText),
    Field::new("status", Kind::Code),
    Field::new("status_since", Kind::OptionalDate),
    Field::new("channels", Kind::Texts),
    Field::new("kinds", Kind::Texts),
];

const DIVISION: &[Field] = &[
    Field::new("code", Kind::Code),
    Field::new("name", Kind::Text),
];

const ENTRY: &[Field] = &[
    Field::key("owner", Kind::Code),
    Field::key("column", Kind::Code),
    Field::key("code", Kind::Text),
    Field::may_lack("name", Kind::BlankText),
    Field::new("from", Kind::Date),
    Field::new("to", Kind::OptionalDate),
    Field::new("restricted", Kind::Flag),
    Field::may_lack("restriction", Kind::BlankText),
    Field::new("ceiling", Kind::OptionalAmount),
];

const RECEIPT: &[Field] = &[
    Field::new("receipt_number", Kind::Text),
    Field::new("received_at", Kind::InstantOrDay),
    Field::new("registration_number", Kind::OptionalText),
    Field::new("late_by_s", Kind::OptionalCount),
];

const HEAD: &[Field] = &[
    Field::new("sequence", Kind::Count),
    Field::new("mac", Kind::Code),
];

const HEAD_HELD: &[Field] = &[
    Field::new("settlement_number", Kind::Text),
    Field::new("journal", Kind::Record(HEAD)),
];

impl Answered for PersonAnswer {
    const FIELDS: &'static [Field] = &[
        Field::new("as_of", Kind::InstantOrDay),
        Field::new("worker", Kind::OptionalEach(WORKER)),
    ];
}

impl Answered for RegistryPage {
    const FIELDS: &'static [Field] = &[
        Field::new("as_of", Kind::InstantOrDay),
        Field::new("cursor", Kind::BlankText),
        Field::new("page", Kind::Count),
        Field::new("full", Kind::Flag),
        Field::new("more", Kind::Flag),
        Field::new("workers", Kind::Each(WORKER)),
        Field::new("withdrawn", Kind::Texts),
        Field::new("institution", Kind::OptionalEach(INSTITUTION)),
        Field::new("divisions", Kind::Each(DIVISION)),
    ];

    fn keep_oddities(&mut self, sum: usize) {
        self.repaired = sum;
    }
}

impl Answered for CataloguePage {
    const FIELDS: &'static [Field] = &[
        Field::new("as_of", Kind::InstantOrDay),
        Field::new("cursor", Kind::BlankText),
        Field::new("page", Kind::Count),
        Field::new("full", Kind::Flag),
        Field::new("more", Kind::Flag),
        Field::new("entries", Kind::Each(ENTRY)),
    ];

    fn keep_oddities(&mut self, sum: usize) {
        self.repaired = sum;
    }
}

impl Answered for IdentityAnswer {
    const FIELDS: &'static [Field] = &[
        Field::new("social_security_number", Kind::Text),
        Field::new("name", Kind::Text),
    ];
}

impl Answered for SessionAnswer {
    const FIELDS: &'static [Field] = &[
        Field::new("sign_no", Kind::Text),
        Field::new("valid_until", Kind::Instant),
    ];
}

impl Answered for SignedOut {
    const FIELDS: &'static [Field] = &[];
}

impl Answered for CardAuthenticationAnswer {
    const FIELDS: &'static [Field] = &[Field::new("answer", Kind::Text)];
}

impl Answered for Receipt {
    const FIELDS: &'static [Field] = RECEIPT;
}

impl Answered for OutcomeAnswer {
    const FIELDS: &'static [Field] = &[Field::new("receipt", Kind::OptionalRecord(RECEIPT))];
}

impl Answered for LastHeadAnswer {
    const FIELDS: &'static [Field] = &[Field::new("last", Kind::OptionalRecord(HEAD_HELD))];
}

//! The transactions the agent has with the province, by what they do rather than by code.

use serde::{Deserialize, Serialize};

/// One kind of exchange with the province; its code is the adapter's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transaction {
    /// Opens a session for this terminal.
    SignIn,
    /// Closes the terminal's session.
    SignOut,
    /// One worker with confirmations, eligibility, filings and notices (N33: identity and filing at the gates).
    Person,
    /// Workers with filings for this treatment place, the institution's own record, division names.
    RegistrySync,
    /// Catalogues by owning place (N32, H17).
    CatalogueSync,
    /// External authentication of a 3.0 card, relayed to the province's HSM.
    CardAuthentication,
    /// Whose electronic social security card a scanned code is.
    CodeVerification,
    /// Whose card it is, by card number, card id and what the card answered to internal authentication (notice 6(3)).
    CardVerification,
    /// Registers a visit; the answer carries 就医登记号.
    VisitRegistration,
    /// Takes a registration back of which nothing is settled.
    VisitCancellation,
    /// Bill lines with their split.
    FeeDetail,
    /// The settlement record (N33, N34: within 30 minutes).
    Settlement,
    /// Takes back a message whose outcome the sender does not know, by its msgid.
    Reversal,
    /// What became of a message, by its msgid.
    OutcomeQuery,
    /// The journal head that this terminal's last settlement record carried; not every province can be asked.
    LastHead,
}

impl Transaction {
    /// All of them.
    pub(crate) const ALL: [Self; 15] = [
        Self::SignIn,
        Self::SignOut,
        Self::Person,
        Self::RegistrySync,
        Self::CatalogueSync,
        Self::CardAuthentication,
        Self::CodeVerification,
        Self::CardVerification,
        Self::VisitRegistration,
        Self::VisitCancellation,
        Self::FeeDetail,
        Self::Settlement,
        Self::Reversal,
        Self::OutcomeQuery,
        Self::LastHead,
    ];

    /// The name under which adapters, queues and logs know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignOut => "sign_out",
            Self::Person => "person",
            Self::RegistrySync => "registry_sync",
            Self::CatalogueSync => "catalogue_sync",
            Self::CardAuthentication => "card_authentication",
            Self::CodeVerification => "code_verification",
            Self::CardVerification => "card_verification",
            Self::VisitRegistration => "visit_registration",
            Self::VisitCancellation => "visit_cancellation",
            Self::FeeDetail => "fee_detail",
            Self::Settlement => "settlement",
            Self::Reversal => "reversal",
            Self::OutcomeQuery => "outcome_query",
            Self::LastHead => "last_head",
        }
    }
}

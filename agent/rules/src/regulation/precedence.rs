//! The order in which reasons are told, and where each leads.

use crate::decision::{ReasonCode, Route, RuleId, Verdict};

/// Where a row leads.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Leads {
    /// The same at every gate.
    To(Route),
    /// Before the visit begins, and where it is settled.
    Gate { opening: Route, settling: Route },
}

/// A row of the precedence table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowFacts {
    pub(crate) rule: RuleId,
    pub(crate) code: ReasonCode,
    pub(crate) verdict: Verdict,
    pub(crate) leads: Leads,
}

/// Declares the rows in their order.
macro_rules! rows {
    ($( $row:ident: $rule:ident $verdict:ident $code:ident, $opening:ident $(/ $settling:ident)?; )+) => {
        /// What a rule can find, in the order of precedence: declaration order is the order of telling, refusals before holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Row { $( $row, )+ }

        impl Row {
            pub(crate) const ALL: &'static [Self] = &[ $( Self::$row, )+ ];

            pub(crate) const fn facts(self) -> RowFacts {
                match self {
                    $( Self::$row => RowFacts {
                        rule: RuleId::$rule,
                        code: ReasonCode::$code,
                        verdict: Verdict::$verdict,
                        leads: rows!(@leads $opening $($settling)?),
                    }, )+
                }
            }
        }
    };
    (@leads $route:ident) => { Leads::To(Route::$route) };
    (@leads $opening:ident $settling:ident) => {
        Leads::Gate { opening: Route::$opening, settling: Route::$settling }
    };
}

rows! {
    // These end the evaluation.
    WorkerUnknown: A00 Hold WorkerUnknown, CheckOnline;
    ProvincialLevel: A03 Refuse ProvincialLevel, ProvincialSettlement;
    SamePrefecture: A02 Refuse SamePrefecture, LocalSettlement;
    IntraProvinceNotOpen: A09 Refuse IntraProvinceNotOpen, ManualReimbursement;
    // These are told together.
    NotYetInForce: A08 Refuse NotYetInForce, ManualReimbursement;
    InstitutionNotActive: D01 Refuse InstitutionNotActive, OtherInstitution / ManualReimbursement;
    InstitutionNotInLibrary: D01 Refuse InstitutionNotInLibrary, OtherInstitution / ManualReimbursement;
    KindNotInAgreement: D01 Refuse KindNotInAgreement, OtherInstitution / ManualReimbursement;
    SuspendedDuringStay: D02 Hold SuspendedDuringStay, AskAgency;
    OutpatientCrossProvince: A04 Refuse OutpatientCrossProvince, ManualReimbursement;
    OutpatientNotOpen: A05 Refuse OutpatientNotOpen, ManualReimbursement;
    AlreadySettledDirectly: F08 Refuse AlreadySettledDirectly, None;
    AlreadyClaimedManually: F08 Refuse AlreadyClaimedManually, None;
    CredentialFault: B03 Refuse CredentialFault, PresentCard / ManualReimbursement;
    NoCredential: B01 Refuse NoCredential, PresentCard;
    CardRequired: B01 Refuse CardRequired, PresentCard;
    NumberDiffers: B02 Refuse NumberDiffers, AskAgency;
    NameDiffers: B02 Hold NameDiffers, AskAgency;
    PersonSuspended: C12 Refuse PersonSuspended, AskAgency;
    EligibilityLost: C10 Refuse EligibilityLost, AskAgency;
    EligibilityUnknown: C10 Hold EligibilityUnknown, CheckOnline;
    NotConfirmed: A07 Refuse NotConfirmed, FileFirst / ManualReimbursement;
    ThirdPartyLiable: A06 Refuse ThirdPartyLiable, ManualReimbursement;
    LiabilityUndeclared: A06 Hold LiabilityUndeclared, DeclareLiability;
    NotFiled: C01 Refuse NotFiled, FileFirst / ManualReimbursement;
    FilingPending: C01 Refuse FilingPending, FileFirst / ManualReimbursement;
    FiledAfterRegistration: C01 Refuse FiledAfterRegistration, ManualReimbursement;
    EmergencyNotCovered: C08 Refuse BackFilingNotAllowed, ManualReimbursement;
    FileBeforeDischarge: C08 Hold FileBeforeDischarge, FileBeforeDischarge;
    LateRecognitionNotCovered: C09 Refuse BackFilingNotAllowed, ManualReimbursement;
    NoLateRecognitionFiling: C09 Refuse NoLateRecognitionFiling, ManualReimbursement;
    FiledElsewhere: C02 Refuse FiledElsewhere, FileFirst / ManualReimbursement;
    CategoryMismatch: C03 Hold CategoryMismatch, AskAgency;
    FilingExpired: C04 Refuse FilingExpired, FileFirst / ManualReimbursement;
    FilingNotYetValid: C04 Refuse FilingNotYetValid, FileFirst / ManualReimbursement;
    FilingCancelledDuringStay: C07 Hold FilingCancelledDuringStay, AskAgency;
    NoNotice: E07 Refuse NoNotice, AskAgency;
    NoticeAlreadyUsed: E07 Hold NoticeAlreadyUsed, AskAgency;
    MinimumYearsNotReached: E08 Hold MinimumYearsNotReached, AskAgency;
    RegistryStale: F02 Hold RegistryStale, CheckOnline;
    MealAllowanceOnBill: E11 Refuse MealAllowanceOnBill, CorrectBill;
    TravelOnBill: E12 Refuse TravelOnBill, CorrectBill;
    InjuryUnmarked: E03 Refuse InjuryUnmarked, CorrectBill;
    LineAmountWrong: E13 Refuse LineAmountWrong, CorrectBill;
    ReversalExceedsLine: E13 Refuse ReversalExceedsLine, CorrectBill;
    LineSignWrong: E13 Refuse LineSignWrong, CorrectBill;
}

impl Row {
    pub(crate) const fn refuses(self) -> bool {
        matches!(self.facts().verdict, Verdict::Refuse)
    }

    /// The first row of this row's rule: rows of one rule count as one.
    pub(crate) fn first_of_its_rule(self) -> usize {
        FIRST_OF_RULE[self as usize]
    }
}

/// For each row, the index of the first row of its rule.
const FIRST_OF_RULE: [usize; Row::ALL.len()] = {
    let mut first = [0; Row::ALL.len()];
    let mut row = 0;
    while row < first.len() {
        while Row::ALL[first[row]].facts().rule as u8 != Row::ALL[row].facts().rule as u8 {
            first[row] += 1;
        }
        row += 1;
    }
    first
};

/// A set of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RowSet(u64);

impl RowSet {
    /// No row.
    pub(crate) const EMPTY: Self = Self(0);

    /// Adds a row; whether it was not there before.
    pub(crate) fn insert(&mut self, row: Row) -> bool {
        let bit = 1 << row as u64;
        let new = self.0 & bit == 0;
        self.0 |= bit;
        new
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The row that comes first in the order of precedence.
    pub(crate) fn first(self) -> Option<Row> {
        Row::ALL.get(self.0.trailing_zeros() as usize).copied()
    }

    /// Whether a row of the set refuses.
    pub(crate) const fn refuses(self) -> bool {
        self.0 & REFUSALS != 0
    }
}

/// The bits of the rows that refuse.
const REFUSALS: u64 = {
    let (mut bits, mut row) = (0, 0);
    while row < Row::ALL.len() {
        if Row::ALL[row].refuses() {
            bits |= 1 << row;
        }
        row += 1;
    }
    bits
};

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
    CredentialDenied: B03 Refuse CredentialDenied, PresentCard;
    CredentialNotAuthenticated: B03 Hold CredentialNotAuthenticated, CheckOnline;
    NoCredential: B01 Refuse NoCredential, PresentCard;
    CardRequired: B01 Refuse CardRequired, PresentCard;
    NumberDiffers: B02 Refuse NumberDiffers, AskAgency;
    NameDiffers: B02 Hold NameDiffers, AskAgency;
    CardNotVerified: B06 Hold CardNotVerified, CheckOnline;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The order of telling, written out: rule, code, verdict, route at opening gates, route at settling gates.
    const TABLE: &str = "\
        A00 worker_unknown hold check_online check_online
        A03 provincial_level refuse provincial_settlement provincial_settlement
        A02 same_prefecture refuse local_settlement local_settlement
        A09 intra_province_not_open refuse manual_reimbursement manual_reimbursement
        A08 not_yet_in_force refuse manual_reimbursement manual_reimbursement
        D01 institution_not_active refuse other_institution manual_reimbursement
        D01 institution_not_in_library refuse other_institution manual_reimbursement
        D01 kind_not_in_agreement refuse other_institution manual_reimbursement
        D02 suspended_during_stay hold ask_agency ask_agency
        A04 outpatient_cross_province refuse manual_reimbursement manual_reimbursement
        A05 outpatient_not_open refuse manual_reimbursement manual_reimbursement
        F08 already_settled_directly refuse none none
        F08 already_claimed_manually refuse none none
        B03 credential_fault refuse present_card manual_reimbursement
        B03 credential_denied refuse present_card present_card
        B03 credential_not_authenticated hold check_online check_online
        B01 no_credential refuse present_card present_card
        B01 card_required refuse present_card present_card
        B02 number_differs refuse ask_agency ask_agency
        B02 name_differs hold ask_agency ask_agency
        B06 card_not_verified hold check_online check_online
        C12 suspended refuse ask_agency ask_agency
        C10 eligibility_lost refuse ask_agency ask_agency
        C10 eligibility_unknown hold check_online check_online
        A07 not_confirmed refuse file_first manual_reimbursement
        A06 third_party_liable refuse manual_reimbursement manual_reimbursement
        A06 liability_undeclared hold declare_liability declare_liability
        C01 not_filed refuse file_first manual_reimbursement
        C01 filing_pending refuse file_first manual_reimbursement
        C01 filed_after_registration refuse manual_reimbursement manual_reimbursement
        C08 back_filing_not_allowed refuse manual_reimbursement manual_reimbursement
        C08 file_before_discharge hold file_before_discharge file_before_discharge
        C09 back_filing_not_allowed refuse manual_reimbursement manual_reimbursement
        C09 no_late_recognition_filing refuse manual_reimbursement manual_reimbursement
        C02 filed_elsewhere refuse file_first manual_reimbursement
        C03 category_mismatch hold ask_agency ask_agency
        C04 filing_expired refuse file_first manual_reimbursement
        C04 filing_not_yet_valid refuse file_first manual_reimbursement
        C07 filing_cancelled_during_stay hold ask_agency ask_agency
        E07 no_notice refuse ask_agency ask_agency
        E07 notice_already_used hold ask_agency ask_agency
        E08 minimum_years_not_reached hold ask_agency ask_agency
        F02 registry_stale hold check_online check_online
        E11 meal_allowance_on_bill refuse correct_bill correct_bill
        E12 travel_on_bill refuse correct_bill correct_bill
        E03 injury_unmarked refuse correct_bill correct_bill
        E13 line_amount_wrong refuse correct_bill correct_bill
        E13 reversal_exceeds_line refuse correct_bill correct_bill
        E13 line_sign_wrong refuse correct_bill correct_bill";

    #[test]
    fn the_rows_stand_in_the_order_of_precedence_with_their_routes() {
        let rows: Vec<String> = Row::ALL
            .iter()
            .map(|row| {
                let RowFacts {
                    rule,
                    code,
                    verdict,
                    leads,
                } = row.facts();
                let (opening, settling) = match leads {
                    Leads::To(route) => (route, route),
                    Leads::Gate { opening, settling } => (opening, settling),
                };
                format!("{rule} {code} {verdict} {opening} {settling}")
            })
            .collect();
        let expected: Vec<&str> = TABLE.lines().map(str::trim).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn rows_of_one_rule_count_as_one() {
        for (one, other, same) in [
            (Row::FilingPending, Row::FiledAfterRegistration, true),
            (Row::FilingExpired, Row::FilingNotYetValid, true),
            (Row::FiledElsewhere, Row::CategoryMismatch, false),
        ] {
            assert_eq!(one.first_of_its_rule() == other.first_of_its_rule(), same);
        }
    }

    #[test]
    fn a_set_of_rows_tells_its_first_and_whether_one_refuses() {
        let mut rows = RowSet::EMPTY;
        assert!(rows.is_empty() && rows.first().is_none() && !rows.refuses());
        assert!(rows.insert(Row::CategoryMismatch));
        assert!(!rows.insert(Row::CategoryMismatch) && !rows.refuses());
        assert!(rows.insert(Row::FiledElsewhere) && rows.refuses());
        assert_eq!(rows.first(), Some(Row::FiledElsewhere));
    }
}

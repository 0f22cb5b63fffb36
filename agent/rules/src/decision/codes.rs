//! Rule ids, what the rules can find, and where each finding leads.

use crate::named::named_enum;

named_enum! {
    /// A rule of the counter; A scope, B identity, C filing, D institution, E money, F process, R refund.
    pub enum RuleId {
        /// The registry knows the worker.
        A00 = "A00",
        /// Same prefecture.
        A02 = "A02",
        /// Insured at provincial level.
        A03 = "A03",
        /// Cross-province outpatient.
        A04 = "A04",
        /// Intra-province outpatient.
        A05 = "A05",
        /// Third-party liability.
        A06 = "A06",
        /// Confirmation of the injury.
        A07 = "A07",
        /// In force.
        A08 = "A08",
        /// Intra-province opened.
        A09 = "A09",
        /// Credential.
        B01 = "B01",
        /// Identity agrees.
        B02 = "B02",
        /// Credential's fault.
        B03 = "B03",
        /// Help to file.
        B04 = "B04",
        /// Check digit.
        B05 = "B05",
        /// Card authentication across provinces.
        B06 = "B06",
        /// The personal part alone.
        B07 = "B07",
        /// Filed in time.
        C01 = "C01",
        /// Filed for this place.
        C02 = "C02",
        /// Filed for this care.
        C03 = "C03",
        /// Within validity.
        C04 = "C04",
        /// Validity tested once.
        C05 = "C05",
        /// Cancelled during the stay.
        C07 = "C07",
        /// Emergency and force-majeure back-filing.
        C08 = "C08",
        /// Late-recognition back-filing.
        C09 = "C09",
        /// Eligibility.
        C10 = "C10",
        /// Suspended person.
        C12 = "C12",
        /// Institution in the library.
        D01 = "D01",
        /// Suspended during the stay.
        D02 = "D02",
        /// Same service.
        D03 = "D03",
        /// Whose catalogue.
        E01 = "E01",
        /// Paid by the fund.
        E02 = "E02",
        /// Not for the injury.
        E03 = "E03",
        /// Catalogue and ceilings.
        E04 = "E04",
        /// Proper care.
        E05 = "E05",
        /// Devices: filing and limit.
        E06 = "E06",
        /// Devices: notice.
        E07 = "E07",
        /// Devices: minimum years.
        E08 = "E08",
        /// No meals on the bill.
        E11 = "E11",
        /// No travel on the bill.
        E12 = "E12",
        /// The bill's own arithmetic.
        E13 = "E13",
        /// Checks at admission.
        F01 = "F01",
        /// Checks again, on a current registry.
        F02 = "F02",
        /// Checks before a device.
        F03 = "F03",
        /// Upload within 30 minutes.
        F04 = "F04",
        /// Rehabilitation plan.
        F05 = "F05",
        /// Across the new year.
        F06 = "F06",
        /// Annex 10 in two copies.
        F07 = "F07",
        /// Never paid twice.
        F08 = "F08",
        /// Next-day agreement.
        F09 = "F09",
        /// Monthly agreement.
        F10 = "F10",
        /// Deductions.
        F11 = "F11",
        /// High amounts.
        F12 = "F12",
        /// True, complete, in time.
        F13 = "F13",
        /// Archives.
        F14 = "F14",
        /// Meals and travel elsewhere.
        F15 = "F15",
        /// What was paid.
        R01 = "R01",
    }
}

named_enum! {
    /// What a reason does.
    pub enum Verdict {
        /// Direct settlement is refused.
        Refuse = "refuse",
        /// Somebody must answer first.
        Hold = "hold",
    }
}

named_enum! {
    /// What happens next.
    pub enum Route {
        /// Settle here and now.
        DirectSettlement = "direct_settlement",
        /// Help the worker to file before the visit begins.
        FileFirst = "file_first",
        /// File before discharge is settled.
        FileBeforeDischarge = "file_before_discharge",
        /// As any local injured worker.
        LocalSettlement = "local_settlement",
        /// By the province's own agency.
        ProvincialSettlement = "provincial_settlement",
        /// The bill goes to the insured place, which decides under its own rules.
        ManualReimbursement = "manual_reimbursement",
        /// Paid now, refunded once the injury is recognised.
        RefundAfterRecognition = "refund_after_recognition",
        /// Present the card.
        PresentCard = "present_card",
        /// Go to an institution whose agreement covers it.
        OtherInstitution = "other_institution",
        /// Ask the agency of the insured place.
        AskAgency = "ask_agency",
        /// Ask the platform.
        CheckOnline = "check_online",
        /// Have third-party liability declared.
        DeclareLiability = "declare_liability",
        /// Correct the bill.
        CorrectBill = "correct_bill",
        /// Nothing to do.
        None = "none",
    }
}

named_enum! {
    /// What a rule that refuses or holds can find.
    pub enum ReasonCode {
        /// A00: the registry knows no such worker.
        WorkerUnknown = "worker_unknown",
        /// A03: insured at provincial level, in their own province.
        ProvincialLevel = "provincial_level",
        /// A02: treated where insured.
        SamePrefecture = "same_prefecture",
        /// A09: the profile has not opened intra-province settlement.
        IntraProvinceNotOpen = "intra_province_not_open",
        /// A08: before the regulation is in force.
        NotYetInForce = "not_yet_in_force",
        /// D01: the agreement does not stand.
        InstitutionNotActive = "institution_not_active",
        /// D01: not in the library for this channel.
        InstitutionNotInLibrary = "institution_not_in_library",
        /// D01: the agreement does not cover this kind.
        KindNotInAgreement = "kind_not_in_agreement",
        /// D02: the agreement ended during the stay.
        SuspendedDuringStay = "suspended_during_stay",
        /// A04: cross-province outpatient care.
        OutpatientCrossProvince = "outpatient_cross_province",
        /// A05: the profile has no intra-province outpatient settlement.
        OutpatientNotOpen = "outpatient_not_open",
        /// F08: this visit was settled directly.
        AlreadySettledDirectly = "already_settled_directly",
        /// F08: this visit was claimed manually.
        AlreadyClaimedManually = "already_claimed_manually",
        /// B03: the card or code cannot be read.
        CredentialFault = "credential_fault",
        /// B03: the province rejects the card or code.
        CredentialDenied = "credential_denied",
        /// B03: only the province could have told whose it is, and does not answer.
        CredentialNotAuthenticated = "credential_not_authenticated",
        /// B01: nothing was presented.
        NoCredential = "no_credential",
        /// B01: an identity card does not settle.
        CardRequired = "card_required",
        /// B02: the card's number is not the registry's.
        NumberDiffers = "number_differs",
        /// B02: the card's name is not the registry's.
        NameDiffers = "name_differs",
        /// B06: nobody has confirmed the card or code.
        CardNotVerified = "card_not_verified",
        /// C12: the person's direct settlement is suspended.
        PersonSuspended = "suspended",
        /// C10: no longer entitled.
        EligibilityLost = "eligibility_lost",
        /// C10: nobody can say whether entitled.
        EligibilityUnknown = "eligibility_unknown",
        /// A07: no confirmation that fits the kind.
        NotConfirmed = "not_confirmed",
        /// A06: somebody else is liable.
        ThirdPartyLiable = "third_party_liable",
        /// A06: nobody has declared liability.
        LiabilityUndeclared = "liability_undeclared",
        /// C01: no filing of the right form.
        NotFiled = "not_filed",
        /// C01: not approved yet.
        FilingPending = "filing_pending",
        /// C01: approved only after registration.
        FiledAfterRegistration = "filed_after_registration",
        /// C08, C09: a back-filing that is not covered.
        BackFilingNotAllowed = "back_filing_not_allowed",
        /// C08: an emergency still to be filed.
        FileBeforeDischarge = "file_before_discharge",
        /// C09: a refund without a late-recognition filing.
        NoLateRecognitionFiling = "no_late_recognition_filing",
        /// C02: filed for another place.
        FiledElsewhere = "filed_elsewhere",
        /// C03: filed for other care.
        CategoryMismatch = "category_mismatch",
        /// C04: registered after the filing's last day.
        FilingExpired = "filing_expired",
        /// C04: registered before the filing's first day.
        FilingNotYetValid = "filing_not_yet_valid",
        /// C07: cancelled after registration.
        FilingCancelledDuringStay = "filing_cancelled_during_stay",
        /// E07: a filed device without a notice.
        NoNotice = "no_notice",
        /// E07: a notice that was used before.
        NoticeAlreadyUsed = "notice_already_used",
        /// E08: replaced before its minimum years.
        MinimumYearsNotReached = "minimum_years_not_reached",
        /// F02: the registry's copy is too old.
        RegistryStale = "registry_stale",
        /// E11: a meal allowance on the bill.
        MealAllowanceOnBill = "meal_allowance_on_bill",
        /// E12: travel and lodging on the bill.
        TravelOnBill = "travel_on_bill",
        /// E03: nobody has said whether a line treats the injury.
        InjuryUnmarked = "injury_unmarked",
        /// E13: an amount that is not price × quantity.
        LineAmountWrong = "line_amount_wrong",
        /// E13: a reversal beyond its line.
        ReversalExceedsLine = "reversal_exceeds_line",
        /// E13: a line of the wrong sign.
        LineSignWrong = "line_sign_wrong",
    }
}

named_enum! {
    /// What a rule that warns can find.
    pub enum WarningCode {
        /// A08: the regulation's two years are over.
        RegulationExpired = "regulation_expired",
        /// B01: an identity card opens, it does not settle.
        CardRequiredToSettle = "card_required_to_settle",
        /// B06: nobody has confirmed the card or code now.
        CardNotVerified = "card_not_verified",
        /// B05: 18 characters, wrong check digit.
        NumberChecksum = "number_checksum",
        /// C04: valid for longer than the insured province gives.
        ValidityUnusual = "validity_unusual",
        /// D02: the profile settles inpatients after suspension.
        SuspendedDuringStay = "suspended_during_stay",
        /// E04: nobody has said whether a restriction is met.
        RestrictionUnanswered = "restriction_unanswered",
        /// E06: a device that is not in the filing.
        DeviceNotInFiling = "device_not_in_filing",
        /// E06: the notice's limit is not the catalogue's ceiling.
        LimitDiffers = "limit_differs",
        /// E08: replaced early because the injury changed.
        EarlyReplacement = "early_replacement",
        /// F05: no rehabilitation plan uploaded.
        RehabilitationPlanMissing = "rehabilitation_plan_missing",
        /// F12: a high amount.
        HighAmount = "high_amount",
        /// R01: less was paid than the bill comes to.
        PaymentsDoNotCoverBill = "payments_do_not_cover_bill",
    }
}

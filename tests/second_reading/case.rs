//! One case as `explain` reads it, with the moments, days and figures that the second reading takes from its words.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

/// Declares plain enums that are written in the case's own words.
macro_rules! words {
    ($($(#[$about:meta])* $name:ident { $($word:ident),+ $(,)? })+) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $name { $($word),+ }
    )+};
}

words! {
    Profile { National, Hunan, Fujian }
    Gate { Admission, Outpatient, Discharge, DeviceAcceptance, DeviceSettlement, Refund }
    Kind { InpatientMedical, InpatientRehabilitation, OutpatientMedical, OutpatientRehabilitation, AssistiveDevice }
    Standing { Active, Suspended, Terminated, Closed }
    Network { CrossProvince, IntraProvince }
    Shown { SocialSecurityCard, ElectronicSocialSecurityCard, IdentityCard, None }
    Fault { Credential, Denied, Network }
    Verified { Now, Earlier, No }
    Level { Prefecture, Province }
    Confirmation { InjuryRecognition, Recurrence, Rehabilitation, AssistiveDevice, ContinuedTreatment, LegacyInjury }
    Eligibility { Eligible, Lost, Unknown }
    Form { Medical, Device }
    Basis { LongResidence, ResidentWork, Transfer }
    Care { Medical, Rehabilitation }
    Status { Approved, Pending, Rejected, Cancelled }
    BackFiling { Emergency, ForceMajeure, LateRecognition }
    Liability { None, Partial, Full, Undeclared }
    Settled { No, Direct, Manual }
    Notice { First, Replacement, ChangedInjury }
    Column { Drug, Treatment, InpatientService, Rehabilitation, AssistiveDevice, MealAllowance, TravelAndLodging }
}

/// A moment as it is written, with whatever offset.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Moment(pub(crate) String);

impl Moment {
    pub(crate) fn instant(&self) -> Timestamp {
        self.0.parse().unwrap()
    }

    /// The day in China.
    pub(crate) fn day(&self) -> Date {
        in_china(self.instant())
    }
}

/// The day in China at that instant.
pub(crate) fn in_china(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::fixed(CHINA)).date()
}

/// China's civil time.
pub(crate) const CHINA: Offset = Offset::constant(8);

/// A decimal as it is written.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Figure(pub(crate) String);

impl Figure {
    /// The figure in cents.
    pub(crate) fn cents(&self) -> i128 {
        self.scaled(2)
    }

    /// The figure in ten-thousandths.
    pub(crate) fn ten_thousandths(&self) -> i128 {
        self.scaled(4)
    }

    fn scaled(&self, places: usize) -> i128 {
        let (whole, fraction) = self.0.split_once('.').unwrap_or((&self.0, ""));
        assert!(fraction.len() <= places, "{} has too many places", self.0);
        format!("{whole}{fraction:0<places$}").parse().unwrap()
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Case {
    pub(crate) profile: Profile,
    pub(crate) at: Moment,
    pub(crate) gate: Gate,
    pub(crate) registry_as_of: Moment,
    pub(crate) institution: Institution,
    pub(crate) credential: Credential,
    pub(crate) worker: Option<Worker>,
    pub(crate) filings: Vec<Filing>,
    pub(crate) visit: Visit,
    pub(crate) devices: Vec<Device>,
    pub(crate) bill: Option<Bill>,
    pub(crate) catalogue: Vec<Entry>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Institution {
    pub(crate) division: String,
    pub(crate) status: Standing,
    pub(crate) status_since: Option<Date>,
    pub(crate) channels: Vec<Network>,
    pub(crate) kinds: Vec<Kind>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Credential {
    pub(crate) kind: Shown,
    pub(crate) social_security_number: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) fault: Option<Fault>,
    pub(crate) verified: Verified,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Worker {
    pub(crate) social_security_number: String,
    pub(crate) name: String,
    pub(crate) insured_division: String,
    pub(crate) insured_level: Level,
    pub(crate) confirmations: Vec<Confirmation>,
    pub(crate) eligibility: Eligibility,
    pub(crate) suspended: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(clippy::struct_field_names, reason = "the case's own words")]
pub(crate) struct Filing {
    pub(crate) number: String,
    pub(crate) form: Form,
    pub(crate) basis: Basis,
    pub(crate) care: Option<Care>,
    pub(crate) place: String,
    pub(crate) status: Status,
    pub(crate) approved_at: Option<Moment>,
    pub(crate) cancelled_at: Option<Moment>,
    pub(crate) valid_from: Date,
    pub(crate) valid_to: Date,
    pub(crate) back_filing: Option<BackFiling>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Visit {
    pub(crate) kind: Kind,
    pub(crate) registered_at: Moment,
    pub(crate) discharged_at: Option<Moment>,
    pub(crate) third_party_liability: Liability,
    pub(crate) emergency: bool,
    pub(crate) force_majeure: bool,
    pub(crate) settled: Settled,
    pub(crate) rehabilitation_plan_uploaded: bool,
    pub(crate) paid_by_worker: Option<Figure>,
    pub(crate) paid_by_medical_insurance: Option<Figure>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Device {
    pub(crate) line: u32,
    pub(crate) notice_number: Option<String>,
    pub(crate) notice_used: bool,
    pub(crate) notice_reason: Notice,
    pub(crate) notice_limit: Figure,
    pub(crate) minimum_years: i16,
    pub(crate) last_fitted_on: Option<Date>,
    pub(crate) in_filing: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Bill {
    pub(crate) lines: Vec<Line>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Line {
    pub(crate) number: u32,
    pub(crate) date: Date,
    pub(crate) column: Column,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) unit_price: Figure,
    pub(crate) quantity: Figure,
    pub(crate) amount: Figure,
    pub(crate) treats_injury: Option<bool>,
    pub(crate) restriction_met: Option<bool>,
    pub(crate) reverses: Option<u32>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Entry {
    pub(crate) column: Column,
    pub(crate) code: String,
    pub(crate) from: Date,
    pub(crate) to: Option<Date>,
    pub(crate) restricted: bool,
    pub(crate) ceiling: Option<Figure>,
}

impl Kind {
    pub(crate) fn outpatient(self) -> bool {
        matches!(
            self,
            Self::OutpatientMedical | Self::OutpatientRehabilitation
        )
    }

    /// The care that Annex 1 asks for; none for a device.
    pub(crate) fn care(self) -> Option<Care> {
        match self {
            Self::InpatientMedical | Self::OutpatientMedical => Some(Care::Medical),
            Self::InpatientRehabilitation | Self::OutpatientRehabilitation => {
                Some(Care::Rehabilitation)
            }
            Self::AssistiveDevice => None,
        }
    }
}

impl Gate {
    /// The gate settles a bill.
    pub(crate) fn settles(self) -> bool {
        matches!(
            self,
            Self::Outpatient | Self::Discharge | Self::DeviceSettlement | Self::Refund
        )
    }

    /// The gate opens a visit, so that its routes are those of an opening.
    pub(crate) fn opens(self) -> bool {
        matches!(
            self,
            Self::Admission | Self::Outpatient | Self::DeviceAcceptance
        )
    }
}

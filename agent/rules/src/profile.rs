//! What a province or an institution may set, each value with its reference: the profiles in `agent/rules/profiles`.

mod file;
mod setting;

use std::fmt::{self, Write as _};
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::case::ProfileName;
use crate::case::amounts::Money;
use crate::case::division::Province;
use setting::named;
pub use setting::{
    InpatientsAfterSuspension, ProfileError, Setting, SettlementAuthority, UnverifiedCard,
    ValidityMonths,
};

/// A province's profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: ProfileName,
    /// Intra-province settlement is open.
    pub intra_province: Setting<bool>,
    /// Intra-province outpatient visits too.
    pub outpatient_intra_province: Setting<bool>,
    /// Emergencies may be filed before discharge is settled.
    pub back_filing_emergency: Setting<bool>,
    /// Force majeure may be filed before discharge is settled.
    pub back_filing_force_majeure: Setting<bool>,
    /// A visit before the injury was recognised may be filed and refunded.
    pub late_recognition: Setting<bool>,
    /// A confirmation must fit the kind of visit.
    pub confirmation_binds: Setting<bool>,
    /// The filing's care must be the visit's.
    pub category_binds: Setting<bool>,
    /// Stays that began before the agreement ended.
    pub inpatients_after_suspension: Setting<InpatientsAfterSuspension>,
    /// Cards and codes that nobody has confirmed now.
    pub unverified_card: Setting<UnverifiedCard>,
    /// How old the registry's copy may be.
    pub registry_max_age_minutes: Setting<u32>,
    /// Minutes from a cross-province settlement to its upload.
    pub upload_minutes_cross: Setting<u32>,
    /// Minutes from an intra-province settlement to its upload; set where intra-province settlement is open.
    pub upload_minutes_intra: Setting<Option<u32>>,
    /// From which bill total a high amount is pointed out.
    pub high_amount: Setting<Option<Money>>,
    /// Whose commit is the settlement.
    pub settlement_authority: Setting<SettlementAuthority>,
    /// The slip's title where the settlement is intra-province.
    pub slip_title_intra: Setting<Option<String>>,
    /// Months of validity by insured province.
    pub validity_months: Vec<Setting<ValidityMonths>>,
    hash: [u8; 32],
}

static BUILT_IN: LazyLock<[Profile; 3]> = LazyLock::new(|| {
    [
        include_str!("../profiles/national.toml"),
        include_str!("../profiles/hunan.toml"),
        include_str!("../profiles/fujian.toml"),
    ]
    .map(|text| match Profile::parse(text) {
        Ok(profile) => profile,
        Err(error) => unreachable!("a built-in profile was tested: {error}"),
    })
});

impl Profile {
    /// One of the profiles that travel with the program.
    pub fn built_in(name: ProfileName) -> &'static Self {
        match name {
            ProfileName::National => &BUILT_IN[0],
            ProfileName::Hunan => &BUILT_IN[1],
            ProfileName::Fujian => &BUILT_IN[2],
        }
    }

    /// Reads a profile; every field must be there, no other may.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let file: file::Profile = toml::from_str(text)?;
        let hash = Sha256::digest(text.as_bytes()).into();
        if file.intra_province.value && file.upload_minutes_intra.value.is_none() {
            return Err(ProfileError::NoIntraDeadline);
        }
        Ok(Self {
            name: named("name", ProfileName::parse(&file.name))?,
            intra_province: file.intra_province.into(),
            outpatient_intra_province: file.outpatient_intra_province.into(),
            back_filing_emergency: file.back_filing_emergency.into(),
            back_filing_force_majeure: file.back_filing_force_majeure.into(),
            late_recognition: file.late_recognition.into(),
            confirmation_binds: file.confirmation_binds.into(),
            category_binds: file.category_binds.into(),
            inpatients_after_suspension: file
                .inpatients_after_suspension
                .try_map("inpatients_after_suspension", |text| {
                    InpatientsAfterSuspension::parse(&text)
                })?,
            unverified_card: file
                .unverified_card
                .try_map("unverified_card", |text| UnverifiedCard::parse(&text))?,
            registry_max_age_minutes: file.registry_max_age_minutes.into(),
            upload_minutes_cross: file.upload_minutes_cross.into(),
            upload_minutes_intra: file.upload_minutes_intra.into(),
            high_amount: file.high_amount.try_map("high_amount", |text| {
                text.map(|text| Money::parse_unsigned(&text)).transpose()
            })?,
            settlement_authority: file
                .settlement_authority
                .try_map("settlement_authority", |text| {
                    SettlementAuthority::parse(&text)
                })?,
            slip_title_intra: file.slip_title_intra.into(),
            validity_months: file
                .validity_months
                .into_iter()
                .map(file::ValidityMonths::read)
                .collect::<Result<_, _>>()?,
            hash,
        })
    }

    /// SHA-256 of the profile's text in lower-case hexadecimal: evidence of what a settlement was decided by.
    pub fn hash(&self) -> String {
        self.hash
            .iter()
            .fold(String::with_capacity(64), |mut text, byte| {
                // Writing to a String cannot fail.
                if write!(text, "{byte:02x}").is_err() {
                    unreachable!("a String takes what it is given");
                }
                text
            })
    }

    /// Months of validity where the insured province is known.
    pub(crate) fn validity_in(&self, province: Province) -> Option<&Setting<ValidityMonths>> {
        self.validity_months
            .iter()
            .find(|months| months.value.province == province)
    }

    /// Every knob with its value as text, for people: name, value, reference, whether an interpretation.
    pub fn settings(&self) -> Vec<(&'static str, String, &str, bool)> {
        fn shown<T: fmt::Display>(value: Option<&T>) -> String {
            value.map_or_else(|| "–".into(), ToString::to_string)
        }
        macro_rules! rows {
            ($($knob:ident: $value:expr),+ $(,)?) => {
                vec![$((stringify!($knob), $value, self.$knob.reference.as_str(), self.$knob.interpretation)),+]
            };
        }
        let mut rows = rows![
            intra_province: self.intra_province.value.to_string(),
            outpatient_intra_province: self.outpatient_intra_province.value.to_string(),
            back_filing_emergency: self.back_filing_emergency.value.to_string(),
            back_filing_force_majeure: self.back_filing_force_majeure.value.to_string(),
            late_recognition: self.late_recognition.value.to_string(),
            confirmation_binds: self.confirmation_binds.value.to_string(),
            category_binds: self.category_binds.value.to_string(),
            inpatients_after_suspension: self.inpatients_after_suspension.value.to_string(),
            unverified_card: self.unverified_card.value.to_string(),
            registry_max_age_minutes: self.registry_max_age_minutes.value.to_string(),
            upload_minutes_cross: self.upload_minutes_cross.value.to_string(),
            upload_minutes_intra: shown(self.upload_minutes_intra.value.as_ref()),
            high_amount: shown(self.high_amount.value.as_ref()),
            settlement_authority: self.settlement_authority.value.to_string(),
            slip_title_intra: shown(self.slip_title_intra.value.as_ref()),
        ];
        for months in &self.validity_months {
            let ValidityMonths {
                province,
                transfer,
                others,
            } = &months.value;
            let value = format!("{province}: transfer {transfer}, others {others}");
            rows.push((
                "validity_months",
                value,
                &months.reference,
                months.interpretation,
            ));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_profiles_set_what_the_regulations_give_them() {
        for (name, opens, intra_minutes, title) in [
            (ProfileName::National, false, None, None),
            (ProfileName::Fujian, false, None, None),
            (
                ProfileName::Hunan,
                true,
                Some(30),
                Some("湖南省工伤保险省内异地就医结算单"),
            ),
        ] {
            let profile = Profile::built_in(name);
            assert_eq!(profile.name, name);
            for knob in [
                &profile.intra_province,
                &profile.outpatient_intra_province,
                &profile.back_filing_emergency,
                &profile.back_filing_force_majeure,
                &profile.late_recognition,
            ] {
                assert_eq!(knob.value, opens);
            }
            assert!(profile.confirmation_binds.value && profile.confirmation_binds.interpretation);
            assert!(profile.category_binds.value && profile.category_binds.interpretation);
            assert_eq!(
                profile.inpatients_after_suspension.value,
                InpatientsAfterSuspension::Ask
            );
            assert_eq!(profile.unverified_card.value, UnverifiedCard::SameCard);
            assert!(profile.unverified_card.interpretation);
            assert_eq!(profile.registry_max_age_minutes.value, 1440);
            assert!(profile.registry_max_age_minutes.interpretation);
            assert_eq!(profile.upload_minutes_cross.value, 30);
            assert_eq!(profile.upload_minutes_intra.value, intra_minutes);
            assert_eq!(profile.high_amount.value, None);
            assert_eq!(
                profile.settlement_authority.value,
                SettlementAuthority::Terminal
            );
            assert_eq!(profile.slip_title_intra.value.as_deref(), title);
            let months = &profile.validity_in(Province::HUNAN).unwrap().value;
            assert_eq!((months.transfer, months.others), (3, 6));
            assert!(
                profile
                    .validity_in(Province::parse("35").unwrap())
                    .is_none()
            );
        }
    }

    #[test]
    fn profiles_differ_by_their_hash() {
        let [national, hunan, fujian] = &*BUILT_IN;
        assert_eq!(national.hash().len(), 64);
        assert_ne!(national.hash(), hunan.hash());
        assert_ne!(national.hash(), fujian.hash());
    }

    #[test]
    fn a_profile_that_says_too_little_or_too_much_is_refused() {
        let hunan = include_str!("../profiles/hunan.toml");
        for (from, to) in [
            ("name = \"hunan\"", "name = \"hubei\""),
            ("category_binds", "category_bind"),
            ("value = \"ask\"", "value = \"wait\""),
            ("value = \"same_card\"", "value = \"any_card\""),
            ("value = \"terminal\"", "value = \"paper\""),
            (
                "upload_minutes_intra = { value = 30, ",
                "upload_minutes_intra = { ",
            ),
            ("high_amount = { ", "high_amount = { value = \"100000\", "),
            ("province = \"43\"", "province = \"hunan\""),
            ("value = 1440", "value = -1"),
            ("reference = \"annex1\", ", ""),
        ] {
            assert!(hunan.contains(from), "{from}");
            assert!(
                Profile::parse(&hunan.replace(from, to)).is_err(),
                "{from} → {to}"
            );
        }
    }
}

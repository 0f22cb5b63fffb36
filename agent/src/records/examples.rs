//! Records for tests: one worker, one stay, one slip.

use rules::{PersonName, RuleSet, SocialSecurityNumber, ThirdPartyLiability, VisitKind};

use super::credential::{Card, CardKey, Credential, Says};
use super::injury::{Diagnosis, Injury};
use super::registration::Person;
use super::slip::{Row, SlipFacts};
use super::version::Version;
use super::visit::{Opening, Visit};

/// 测试一.
pub(crate) fn person() -> Person {
    Person {
        social_security_number: SocialSecurityNumber::parse("320100199003070062").unwrap(),
        name: PersonName::new("测试一"),
    }
}

/// A recognised accident.
pub(crate) fn injury() -> Injury {
    Injury {
        decision_number: "乌人社工伤认〔2025〕0812号".to_owned(),
        injured_on: "2025-08-09".parse().ok(),
        body_part: "左小腿".to_owned(),
        employer: "乌鲁木齐示范建筑公司".to_owned(),
        occupational_disease: false,
    }
}

/// Two, the principal one first.
pub(crate) fn diagnoses() -> Vec<Diagnosis> {
    [("S82.201", "左胫腓骨开放性骨折"), ("", "软组织挫伤")]
        .map(|(code, name)| Diagnosis {
            code: code.to_owned(),
            name: name.to_owned(),
        })
        .to_vec()
}

/// A card that proved itself.
pub(crate) fn credential() -> Credential {
    let card = CardKey {
        number: "T0000001X".to_owned(),
        id: "320100D15600000500000001FFFFFFFF".to_owned(),
    };
    Credential {
        version: Version,
        kind: "social_security_card".to_owned(),
        social_security_number: "320100199003070062".to_owned(),
        name: "测试一".to_owned(),
        confirmed_by: "cryptogram".to_owned(),
        card: Some(Card {
            key: Some(card),
            opened_by: "psam".to_owned(),
            says: Some(Says {
                social_security_number: "320100199003070062".to_owned(),
                name: Some("测试一".to_owned()),
            }),
        }),
    }
}

/// A stay that began on 20 November 2026.
pub(crate) fn visit() -> Visit {
    let credential = credential();
    Visit {
        version: Version,
        kind: VisitKind::InpatientMedical,
        worker: person(),
        registered_at: "2026-11-20T01:30:00Z".parse().unwrap(),
        department: "骨科".to_owned(),
        inpatient_number: "ZY000123".to_owned(),
        diagnoses: diagnoses(),
        injury: Some(injury()),
        third_party_liability: ThirdPartyLiability::None,
        emergency: false,
        force_majeure: false,
        opening: Opening {
            case: "{}".to_owned(),
            rule_set: RuleSet::CURRENT.name().to_owned(),
        },
        confirmed_card: credential.card.as_ref().and_then(|card| card.key.clone()),
        credential: Some(credential),
    }
}

/// A slip whose 就医登记号 was not known yet.
pub(crate) fn slip() -> SlipFacts {
    let text = |text: &str| text.to_owned();
    let row = |total: &str| Row {
        drug: text("0.00"),
        treatment: text(total),
        inpatient_service: text("0.00"),
        rehabilitation: text("0.00"),
        assistive_device: text("0.00"),
        total: text(total),
    };
    SlipFacts {
        version: Version,
        title: text("湖南省工伤保险跨省异地就医结算单"),
        institution_name: text("长沙市工伤定点示范医院"),
        institution_place: text("长沙市"),
        institution_grade: text("三级甲等"),
        registration_number: text(""),
        name: text("测试一"),
        person_category: text("异地转诊转院"),
        insured_place: text("新疆维吾尔自治区乌鲁木齐市"),
        social_security_number: text("320100199003070062"),
        benefit_category: text("工伤医疗"),
        business_category: text("住院"),
        settled_at: text("2026-11-22 10:00:00"),
        department: text("骨科"),
        inpatient_number: text("ZY000123"),
        admitted_at: text("2026-11-20 09:30:00"),
        discharged_at: text("2026-11-22 09:00:00"),
        days: text("2"),
        fund: row("26100.00"),
        self_pay: row("3200.00"),
        other: row("200.00"),
        total: text("29500.00"),
        personal: text("3400.00"),
        cashier: text("李敏"),
        reviewer: text("王复核"),
        preparer: text("李敏"),
        printed_on: text("2026-11-22"),
        settled_unix_s: 1_795_312_800,
    }
}

//! Every record is read as it was written, and a later version of it is refused in words.

use jiff::Timestamp;
use rules::{
    BackFiling, Basis, BillLine, Care, Channel, Confirmation, DivisionCode, Eligibility,
    FilingForm, FilingNumber, FilingStatus, Gate, InsuredLevel, ItemCode, LineColumn, LineNumber,
    LineRule, MatrixColumn, Money, NoticeNumber, NoticeReason, Quantity, Shares, SplitLine,
    UnitPrice, VisitKind,
};

use super::evidence::{Evidence, EvidenceVersion};
use super::examples;
use super::fee_lines::{FeeLine, FeeLineId, FeeLines};
use super::institution::Institution;
use super::message::{Content, Message, QueuedForm, SentBy};
use super::numbers::{InstitutionCode, MessageId, SettlementNumber, VisitNumber};
use super::registration::Registration;
use super::settlement::{DecidedBy, JournalHead, Matrix, Settlement, Signatory, Sums};
use super::slip::SlipFacts;
use super::version::{RecordError, Version};
use super::visit::{Beside, Visit};
use super::worker::{DeviceNotice, Filing, Worker};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn yuan(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn filing(number: &str, form: FilingForm, status: FilingStatus) -> Filing {
    Filing(rules::Filing {
        number: FilingNumber::parse(number).unwrap(),
        form,
        basis: Basis::Transfer,
        place: DivisionCode::parse("430100").unwrap(),
        status,
        valid_from: "2026-11-01".parse().unwrap(),
        valid_to: "2027-01-31".parse().unwrap(),
        back_filing: Some(BackFiling::Emergency),
    })
}

fn worker() -> Worker {
    let (early, late) = (at("2026-11-01T01:00:00Z"), at("2026-11-05T02:00:00.5Z"));
    let medical = FilingForm::Medical {
        care: Care::Rehabilitation,
    };
    Worker {
        version: Version,
        worker: rules::Worker {
            social_security_number: examples::person().social_security_number,
            name: examples::person().name,
            insured_division: DivisionCode::parse("650100").unwrap(),
            insured_level: InsuredLevel::Prefecture,
            confirmations: [Confirmation::Recurrence, Confirmation::LegacyInjury].into(),
            eligibility: Eligibility::Unknown,
            suspended: true,
        },
        filings: vec![
            filing("1", medical, FilingStatus::Approved { at: early }),
            filing("2", medical, FilingStatus::Pending { noted_at: None }),
            filing(
                "3",
                FilingForm::Device,
                FilingStatus::Rejected {
                    noted_at: Some(late),
                },
            ),
            filing(
                "4",
                FilingForm::Device,
                FilingStatus::Cancelled {
                    approved_at: early,
                    at: late,
                },
            ),
        ],
        notices: vec![DeviceNotice {
            number: NoticeNumber::parse("HF-1").ok(),
            filing: FilingNumber::parse("4").unwrap(),
            device: ItemCode::parse("FJ010100000001").unwrap(),
            used: false,
            reason: NoticeReason::Replacement,
            limit: yuan("15500.00"),
            minimum_years: 3,
            last_fitted_on: "2020-02-29".parse().ok(),
        }],
        injuries: vec![examples::injury()],
    }
}

fn numbers() -> (VisitNumber, SettlementNumber) {
    (
        VisitNumber::parse("V032611221000000001").unwrap(),
        SettlementNumber::parse("S032611221000000001").unwrap(),
    )
}

fn line() -> FeeLine {
    let number = LineNumber::new(12).unwrap();
    let line = BillLine {
        number,
        date: "2026-11-21".parse().unwrap(),
        column: LineColumn::Matrix(MatrixColumn::Drug),
        code: ItemCode::parse("XJ01DBA041A001010100001").unwrap(),
        name: "注射用头孢".into(),
        unit_price: UnitPrice::parse("12.3456").unwrap(),
        quantity: Quantity::parse("-2.5").unwrap(),
        amount: yuan("-30.86"),
        treats_injury: Some(true),
        restriction_met: None,
        reverses: LineNumber::new(3).ok(),
    };
    let split = SplitLine {
        number,
        shares: Shares {
            fund: yuan("-30.86"),
            ..Shares::default()
        },
        rule: LineRule::E02,
        article: rules::Article::Annex1,
    };
    FeeLine::of(FeeLineId::new(&numbers().0, 2, number), &line, &split).unwrap()
}

fn sums(treatment: &str) -> Sums {
    Sums {
        drug: Money::default(),
        treatment: yuan(treatment),
        inpatient_service: Money::default(),
        rehabilitation: Money::default(),
        assistive_device: Money::default(),
        total: yuan(treatment),
    }
}

fn settlement() -> Settlement {
    let (visit, settlement) = numbers();
    Settlement {
        visit,
        settlement,
        generation: 2,
        worker: examples::person(),
        insured_division: DivisionCode::parse("650100").unwrap(),
        institution: Signatory {
            code: InstitutionCode::parse("H43010000001").unwrap(),
            name: "长沙市工伤定点示范医院".to_owned(),
            division: DivisionCode::parse("430103").unwrap(),
        },
        channel: Channel::CrossProvince,
        kind: VisitKind::InpatientMedical,
        gate: Gate::Discharge,
        filing: FilingNumber::parse("430100-2026-000001").ok(),
        diagnoses: examples::diagnoses(),
        injury: Some(examples::injury()),
        registered_at: at("2026-11-20T01:30:00Z"),
        discharged_at: Some(at("2026-11-22T01:00:00Z")),
        settled_at: at("2026-11-22T02:00:00.123Z"),
        upload_due_at: at("2026-11-22T02:30:00.123Z"),
        matrix: Matrix {
            fund: sums("26100.00"),
            self_pay: sums("3200.00"),
            other: sums("200.00"),
            total: yuan("29500.00"),
            personal: yuan("3400.00"),
        },
        line_count: 401,
        detail_parts: 3,
        decided_by: DecidedBy {
            profile: "hunan".to_owned(),
            profile_hash: "5f1c".to_owned(),
            rule_set: "2".to_owned(),
            registry_as_of: at("2026-11-22T01:59:00Z"),
        },
        journal: JournalHead {
            sequence: 8,
            mac: "65d09cba1455c6b5".to_owned(),
        },
    }
}

fn registration() -> Registration {
    let visit = examples::visit();
    Registration {
        visit: numbers().0,
        kind: visit.kind,
        channel: Channel::IntraProvince,
        registered_at: visit.registered_at,
        worker: visit.worker,
        insured_division: DivisionCode::parse("650100").unwrap(),
        filing: None,
        credential_kind: "none".to_owned(),
        department: visit.department,
        inpatient_number: visit.inpatient_number,
        diagnoses: visit.diagnoses,
        injury: None,
        third_party_liability: visit.third_party_liability,
        emergency: true,
        force_majeure: false,
    }
}

fn message(content: Content) -> Message {
    Message {
        version: Version,
        msgid: MessageId::parse("H43010000001202611221000000300").unwrap(),
        sent_by: SentBy {
            code: "limin".to_owned(),
            name: "李敏".to_owned(),
        },
        insured_division: DivisionCode::parse("650100").unwrap(),
        content,
    }
}

#[test]
fn a_worker_is_read_as_it_was_written() {
    let worker = worker();
    let text = worker.encode().unwrap();
    assert!(Worker::decode(&text).unwrap() == worker);
    assert!(text.contains(r#""injured_on":"2025-08-09""#), "{text}");
    let strange = text.replace("\"suspended\"", "\"surprise\":1,\"suspended\"");
    assert!(Worker::decode(&strange).is_err());
    let wrong = text.replace("\"rehabilitation\"", "\"massage\"");
    assert!(Worker::decode(&wrong).is_err());
}

#[test]
fn only_a_single_injury_is_that_of_a_visit_without_anybody_choosing() {
    let mut worker = worker();
    assert!(worker.only_injury() == Some(&examples::injury()));
    worker.injuries.push(examples::injury());
    assert!(worker.only_injury().is_none());
    worker.injuries.clear();
    assert!(worker.only_injury().is_none());
}

#[test]
fn an_institution_is_read_as_it_was_written() {
    let institution = Institution {
        version: Version,
        institution: rules::Institution {
            division: DivisionCode::parse("430103").unwrap(),
            standing: rules::InstitutionStatus::Suspended {
                since: "2026-11-01".parse().unwrap(),
            },
            channels: [rules::case::institution::AgreedChannel::CrossProvince].into(),
            kinds: [VisitKind::InpatientMedical, VisitKind::AssistiveDevice].into(),
        },
        code: "H43010000001".to_owned(),
        name: "长沙市工伤定点示范医院".to_owned(),
        grade: "三级甲等".to_owned(),
    };
    let text = institution.encode().unwrap();
    assert_eq!(Institution::decode(&text).unwrap(), institution);
}

#[test]
fn what_is_queued_is_read_as_it_was_written() {
    let (visit, settlement_number) = numbers();
    let lines = FeeLines {
        visit,
        settlement: settlement_number,
        generation: 2,
        part: 1,
        parts: 3,
        lines: vec![line()],
    };
    for content in [
        Content::Registration(registration()),
        Content::FeeLines(lines),
        Content::Settlement(Box::new(settlement())),
    ] {
        let message = message(content);
        let bytes = message.encode().unwrap();
        assert!(Message::decode(&bytes).unwrap() == message);
        assert_eq!(Message::form_of(&bytes).unwrap(), QueuedForm::Record);
        let text = String::from_utf8(bytes).unwrap();
        let later = text.replacen("\"version\":2", "\"version\":3", 1);
        assert!(matches!(
            Message::form_of(later.as_bytes()),
            Err(RecordError::Newer {
                found: 3,
                known: 2,
                ..
            })
        ));
    }
    let of_before = br#"{"version":1,"transaction":"settlement","msgid":"x"}"#;
    assert_eq!(Message::form_of(of_before).unwrap(), QueuedForm::Body);
    assert!(Message::form_of(b"{}").is_err());
}

#[test]
fn a_lines_identifier_names_visit_generation_and_line_and_nothing_else_is_one() {
    let line = line();
    assert_eq!(line.id.as_str(), "V032611221000000001-2-12");
    let read = |id: &str| {
        let text = serde_json::to_string(&line)
            .unwrap()
            .replace(line.id.as_str(), id);
        serde_json::from_str::<FeeLine>(&text).is_ok()
    };
    assert!(read("V032611221000000001-3-200000"));
    for wrong in [
        "",
        "12",
        "V032611221000000001-2",
        "V032611221000000001-2-0",
        "V032611221000000001-02-1",
        "X-2-12",
    ] {
        assert!(!read(wrong), "{wrong}");
    }
}

#[test]
fn a_visit_is_read_as_it_was_written_and_one_of_before_with_what_stood_beside_it() {
    let visit = examples::visit();
    let elsewhere = Beside {
        kind: "inpatient_rehabilitation",
        social_security_number: "320100199003070063",
        name: "测试二",
        registered_at: at("2026-11-19T01:30:00Z"),
    };
    let text = visit.encode().unwrap();
    assert!(Visit::decode(&text, &elsewhere).unwrap() == visit);
    let later = text.replacen("\"version\":3", "\"version\":4", 1);
    assert!(matches!(
        Visit::decode(&later, &elsewhere),
        Err(RecordError::Newer {
            record: "visit",
            found: 4,
            known: 3,
        })
    ));
    let first = r#"{"version":1,"department":" 骨科 ","inpatient_number":"ZY1","diagnosis":"骨折","diagnosis_code":"S82",
        "third_party_liability":"none","emergency":false,"force_majeure":true,"opening_case":"{}"}"#;
    let read = Visit::decode(first, &elsewhere).unwrap();
    assert_eq!(read.kind, VisitKind::InpatientRehabilitation);
    assert_eq!(read.worker.name.as_str(), "测试二");
    assert_eq!(read.registered_at, elsewhere.registered_at);
    assert_eq!(read.department, "骨科");
    assert_eq!(read.principal_diagnosis(), "骨折");
    assert_eq!(read.opening.rule_set, "1");
    assert!(read.credential.is_none() && read.injury.is_none() && read.force_majeure);
    let second = first.replace(
        "\"version\":1",
        &format!(
            "\"version\":2,\"opening_rule_set\":\"2\",\"opening_credential\":{}",
            serde_json::to_string(&examples::credential().encode().unwrap()).unwrap()
        ),
    );
    let read = Visit::decode(&second, &elsewhere).unwrap();
    assert_eq!(read.opening.rule_set, "2");
    assert!(read.credential == Some(examples::credential()));
    let none = Beside {
        kind: "massage",
        ..elsewhere
    };
    assert!(Visit::decode(first, &none).is_err());
}

#[test]
fn a_slip_is_read_as_it_was_written() {
    let slip = examples::slip();
    let text = slip.encode().unwrap();
    assert!(SlipFacts::decode(&text).unwrap() == slip);
    assert!(SlipFacts::decode(&text.replace("\"version\":1", "\"version\":2")).is_err());
}

#[test]
fn evidence_of_before_has_no_resolutions_and_that_of_a_later_version_is_refused() {
    assert_eq!(EvidenceVersion::of(None).unwrap(), EvidenceVersion::One);
    assert_eq!(EvidenceVersion::of(Some(2)).unwrap(), EvidenceVersion::Two);
    assert!(EvidenceVersion::of(Some(3)).is_err());
    assert_eq!(Evidence::decode_resolutions(None).unwrap(), Vec::new());
    assert_eq!(
        Evidence::decode_resolutions(Some("[]")).unwrap(),
        Vec::new()
    );
    assert!(Evidence::decode_resolutions(Some("[\"anything\"]")).is_err());
}

#[test]
fn records_print_no_patient() {
    let shown = format!(
        "{:?} {:?} {:?}",
        worker(),
        examples::visit(),
        message(Content::Registration(registration()))
    );
    for hidden in ["3201", "测试", "骨"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

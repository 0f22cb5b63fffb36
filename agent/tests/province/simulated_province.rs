//! A sandbox of its own for each test, and the messages of one small stay.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rules::{
    Channel, DivisionCode, Gate, ItemCode, LineNumber, LineRule, Money, PersonName, Quantity,
    SocialSecurityNumber, ThirdPartyLiability, UnitPrice, VisitKind,
};
use sandbox::{Effect, Fault, Options, Sandbox};
use settlement_agent::province::translate::dress::wire_message;
use settlement_agent::province::{
    Adapter, ConnectError, Known, MessageOperator, MessageOperatorKind, Platform, PlatformSettings,
    Sender, WireMessage,
};
use settlement_agent::records::fee_lines::{FeeLine, FeeLineId, FeeLines};
use settlement_agent::records::injury::Diagnosis;
use settlement_agent::records::message::{Content, Message, SentBy};
use settlement_agent::records::numbers::{
    Asker, MessageId, SettlementNumber, Terminal, VisitNumber,
};
use settlement_agent::records::registration::{Person, Registration};
use settlement_agent::records::settlement::{
    DecidedBy, JournalHead, Matrix, Settlement, Signatory, Sums,
};
use settlement_agent::records::version::Version;

/// One province and its folder.
pub(crate) struct SimulatedProvince {
    pub(crate) sandbox: Sandbox,
    folder: tempfile::TempDir,
}

impl SimulatedProvince {
    pub(crate) async fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::start(Options::in_folder(folder.path()))
            .await
            .unwrap();
        Self { sandbox, folder }
    }

    /// Ends the province and starts it again on the same folder.
    pub(crate) async fn restart(self) -> Self {
        self.sandbox.stop().await;
        let sandbox = Sandbox::start(Options::in_folder(self.folder.path()))
            .await
            .unwrap();
        Self {
            sandbox,
            folder: self.folder,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.sandbox.clock().now()
    }

    pub(crate) fn platform(&self) -> Platform {
        self.platform_with(|_| {})
    }

    pub(crate) fn platform_with(&self, change: impl FnOnce(&mut PlatformSettings)) -> Platform {
        self.connect_with(change).unwrap()
    }

    pub(crate) fn connect_with(
        &self,
        change: impl FnOnce(&mut PlatformSettings),
    ) -> Result<Platform, ConnectError> {
        let ready = self.sandbox.ready();
        let mut settings = PlatformSettings {
            url: ready.url.clone(),
            authority_file: ready.authority_file.clone(),
            revocation_list_file: None,
            certificate_file: ready.certificate_file.clone(),
            key_file: ready.key_file.clone(),
            secret_file: ready.secret_file.clone(),
            adapter_file: None,
            terminal: terminal(),
            division: "430103".into(),
            operator: operator(),
            asker: Asker::Daemon,
            connect_timeout: Duration::from_secs(5),
            answer_timeout: Duration::from_secs(20),
            gate_timeout: Duration::from_secs(10),
        };
        change(&mut settings);
        Platform::connect(settings)
    }

    /// Ids of queued messages: the same number, the same id.
    pub(crate) fn msgid(sequence: u16) -> MessageId {
        let fixed: Timestamp = "2025-08-20T10:00:00+08:00".parse().unwrap();
        MessageId::compose(terminal().institution(), fixed, sequence)
    }

    pub(crate) fn sender() -> Sender {
        Sender {
            operator: operator(),
            insured_division: "650100".into(),
        }
    }
}

fn terminal() -> Terminal {
    Terminal::new("H43010300001", 1).unwrap()
}

fn operator() -> MessageOperator {
    MessageOperator {
        kind: MessageOperatorKind::Cashier,
        code: "C01".into(),
        name: "收费员".into(),
    }
}

/// One fault for the next message of a code.
pub(crate) fn fault(effect: Effect, infno: &str) -> Fault {
    Fault {
        effect,
        infno: Some(infno.into()),
        containing: None,
        count: 1,
    }
}

fn visit() -> VisitNumber {
    VisitNumber::parse("V012508100100000001").unwrap()
}

fn worker() -> Person {
    Person {
        social_security_number: SocialSecurityNumber::parse("650102199003070013").unwrap(),
        name: PersonName::new("测试一"),
    }
}

fn diagnoses() -> Vec<Diagnosis> {
    [("S82.201", "胫骨骨折"), ("", "软组织挫伤")]
        .map(|(code, name)| Diagnosis {
            code: code.into(),
            name: name.into(),
        })
        .to_vec()
}

fn division(code: &str) -> DivisionCode {
    DivisionCode::parse(code).unwrap()
}

fn yuan(text: &str) -> Money {
    Money::parse(text).unwrap()
}

/// The record under this identifier.
pub(crate) fn message(sequence: u16, content: Content) -> Message {
    Message {
        version: Version,
        msgid: SimulatedProvince::msgid(sequence),
        sent_by: SentBy {
            code: "C01".into(),
            name: "收费员".into(),
        },
        insured_division: division("650100"),
        content,
    }
}

fn dressed(sequence: u16, content: Content) -> WireMessage {
    let adapter = Adapter::built_in().unwrap();
    wire_message(&adapter, &message(sequence, content), &Known::default()).unwrap()
}

pub(crate) fn registration(sequence: u16) -> WireMessage {
    dressed(sequence, Content::Registration(registration_record()))
}

pub(crate) fn registration_record() -> Registration {
    Registration {
        visit: visit(),
        kind: VisitKind::InpatientMedical,
        channel: Channel::CrossProvince,
        registered_at: "2025-08-10T09:00:00+08:00".parse().unwrap(),
        worker: worker(),
        insured_division: division("650100"),
        filing: None,
        credential_kind: "social_security_card".into(),
        department: "骨科".into(),
        inpatient_number: "ZY0001".into(),
        diagnoses: diagnoses(),
        injury: None,
        third_party_liability: ThirdPartyLiability::None,
        emergency: false,
        force_majeure: false,
    }
}

/// The six lines of the first worked scenario.
pub(crate) fn fee_detail(sequence: u16) -> WireMessage {
    dressed(sequence, Content::FeeLines(fee_lines()))
}

pub(crate) fn fee_lines() -> FeeLines {
    let lines = [
        (
            "drug",
            "7200.00",
            ["7200.00", "0.00", "0.00"],
            LineRule::E02,
        ),
        ("drug", "800.00", ["0.00", "800.00", "0.00"], LineRule::E04),
        ("drug", "900.00", ["0.00", "0.00", "900.00"], LineRule::E03),
        (
            "treatment",
            "8500.00",
            ["8500.00", "0.00", "0.00"],
            LineRule::E02,
        ),
        (
            "treatment",
            "11500.00",
            ["10000.00", "1500.00", "0.00"],
            LineRule::E04,
        ),
        (
            "inpatient_service",
            "600.00",
            ["400.00", "200.00", "0.00"],
            LineRule::E04,
        ),
    ];
    let line = |(number, (column, amount, [fund, self_pay, other], rule)): (
        u64,
        (&str, &str, [&str; 3], LineRule),
    )| {
        let number = LineNumber::new(number).unwrap();
        FeeLine {
            id: FeeLineId::new(&visit(), 1, number),
            number,
            date: "2025-08-12".parse().unwrap(),
            column: column.into(),
            code: ItemCode::parse("X").unwrap(),
            name: "项目".into(),
            unit_price: UnitPrice::parse(amount).unwrap(),
            quantity: Quantity::parse("1").unwrap(),
            amount: yuan(amount),
            treats_injury: rule != LineRule::E03,
            restriction_met: None,
            reverses: None,
            fund: yuan(fund),
            self_pay: yuan(self_pay),
            other: yuan(other),
            rule,
        }
    };
    FeeLines {
        visit: visit(),
        settlement: SettlementNumber::parse("S012508200200000001").unwrap(),
        generation: 1,
        part: 1,
        parts: 1,
        lines: (1..).zip(lines).map(line).collect(),
    }
}

fn sums(drug: &str, treatment: &str, inpatient_service: &str, total: &str) -> Sums {
    Sums {
        drug: yuan(drug),
        treatment: yuan(treatment),
        inpatient_service: yuan(inpatient_service),
        rehabilitation: yuan("0.00"),
        assistive_device: yuan("0.00"),
        total: yuan(total),
    }
}

/// The settlement of those lines; `total` is 29500.00 where it is right.
pub(crate) fn settlement(sequence: u16, settled_at: Timestamp, total: &str) -> WireMessage {
    let record = Settlement {
        visit: visit(),
        settlement: SettlementNumber::parse("S012508200200000001").unwrap(),
        generation: 1,
        worker: worker(),
        insured_division: division("650100"),
        institution: Signatory {
            code: terminal().institution().clone(),
            name: "长沙市工伤定点示范医院".into(),
            division: division("430103"),
        },
        channel: Channel::CrossProvince,
        kind: VisitKind::InpatientMedical,
        gate: Gate::Discharge,
        filing: None,
        diagnoses: diagnoses(),
        injury: None,
        registered_at: "2025-08-10T09:00:00+08:00".parse().unwrap(),
        discharged_at: "2025-08-20T09:00:00+08:00".parse().ok(),
        settled_at,
        upload_due_at: settled_at + SignedDuration::from_mins(30),
        matrix: Matrix {
            fund: sums("7200.00", "18500.00", "400.00", "26100.00"),
            self_pay: sums("800.00", "1500.00", "200.00", "2500.00"),
            other: sums("900.00", "0.00", "0.00", "900.00"),
            total: yuan(total),
            personal: yuan("3400.00"),
        },
        line_count: 6,
        detail_parts: 1,
        decided_by: DecidedBy {
            profile: "hunan".into(),
            profile_hash: "00".repeat(32),
            rule_set: "1".into(),
            registry_as_of: settled_at,
        },
        journal: JournalHead {
            sequence: 7,
            mac: "0011223344556677".into(),
        },
    };
    dressed(sequence, Content::Settlement(Box::new(record)))
}

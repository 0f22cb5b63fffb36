//! A sandbox of its own for each test, and the messages of one small stay.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sandbox::{Effect, Fault, Options, Sandbox};
use settlement_agent::province::wire::BodyVersion;
use settlement_agent::province::wire::upload::{
    ColumnSums, DecidedBy, Diagnosis, FeeDetail, FeeLine, InstitutionIdentity, JournalHead, Matrix,
    Settlement, VisitRegistration, WorkerIdentity,
};
use settlement_agent::province::{
    ConnectError, FrozenMessage, InstitutionCode, MessageId, Operator, OperatorKind, Platform,
    PlatformSettings, Sender,
};

/// One province and its folder.
pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    folder: tempfile::TempDir,
}

impl Stage {
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
            certificate_file: ready.certificate_file.clone(),
            key_file: ready.key_file.clone(),
            secret_file: ready.secret_file.clone(),
            adapter_file: None,
            institution: institution(),
            terminal: "430103000101".into(),
            division: "430103".into(),
            operator: operator(),
            question_sequence: 50..=99,
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
        MessageId::compose(&institution(), fixed, sequence)
    }

    pub(crate) fn sender() -> Sender {
        Sender {
            operator: operator(),
            insured_division: "650100".into(),
        }
    }
}

fn institution() -> InstitutionCode {
    InstitutionCode::parse("H43010300001").unwrap()
}

fn operator() -> Operator {
    Operator {
        kind: OperatorKind::Cashier,
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

fn worker() -> WorkerIdentity {
    WorkerIdentity {
        social_security_number: "650102199003070013".into(),
        name: "测试一".into(),
    }
}

fn diagnoses() -> Vec<Diagnosis> {
    vec![Diagnosis {
        code: "S82.201".into(),
        name: "胫骨骨折".into(),
    }]
}

pub(crate) fn registration(sequence: u16) -> FrozenMessage {
    let body = VisitRegistration {
        version: BodyVersion,
        visit_number: "0101-1-000001".into(),
        visit_kind: "inpatient_medical".into(),
        channel: "cross_province".into(),
        registered_at: "2025-08-10T09:00:00+08:00".into(),
        worker: worker(),
        insured_division: "650100".into(),
        filing_number: None,
        credential_kind: "social_security_card".into(),
        department: "骨科".into(),
        inpatient_number: "ZY0001".into(),
        diagnoses: diagnoses(),
        third_party_liability: "none".into(),
        emergency: false,
        force_majeure: false,
    };
    FrozenMessage::visit_registration(Stage::msgid(sequence), Stage::sender(), &body).unwrap()
}

/// The six lines of the first worked scenario.
pub(crate) fn fee_detail(sequence: u16) -> FrozenMessage {
    let lines = [
        ("drug", "7200.00", ["7200.00", "0.00", "0.00"], "E02"),
        ("drug", "800.00", ["0.00", "800.00", "0.00"], "E04"),
        ("drug", "900.00", ["0.00", "0.00", "900.00"], "E03"),
        ("treatment", "8500.00", ["8500.00", "0.00", "0.00"], "E02"),
        (
            "treatment",
            "11500.00",
            ["10000.00", "1500.00", "0.00"],
            "E04",
        ),
        (
            "inpatient_service",
            "600.00",
            ["400.00", "200.00", "0.00"],
            "E04",
        ),
    ];
    let line = |(index, (column, amount, [fund, self_pay, other], rule)): (
        usize,
        (&str, &str, [&str; 3], &str),
    )| FeeLine {
        number: index as u64 + 1,
        date: "2025-08-12".into(),
        column: column.into(),
        code: "X".into(),
        name: "项目".into(),
        unit_price: amount.into(),
        quantity: "1".into(),
        amount: amount.into(),
        treats_injury: rule != "E03",
        restriction_met: None,
        reverses: None,
        fund: fund.into(),
        self_pay: self_pay.into(),
        other: other.into(),
        rule: rule.into(),
    };
    let body = FeeDetail {
        version: BodyVersion,
        visit_number: "0101-1-000001".into(),
        registration_number: None,
        settlement_number: "JS-0101-1-000001".into(),
        generation: 1,
        part: 1,
        parts: 1,
        lines: lines.into_iter().enumerate().map(line).collect(),
    };
    FrozenMessage::fee_detail(Stage::msgid(sequence), Stage::sender(), &body).unwrap()
}

fn sums(drug: &str, treatment: &str, inpatient_service: &str, total: &str) -> ColumnSums {
    ColumnSums {
        drug: drug.into(),
        treatment: treatment.into(),
        inpatient_service: inpatient_service.into(),
        rehabilitation: "0.00".into(),
        assistive_device: "0.00".into(),
        total: total.into(),
    }
}

/// The settlement of those lines; `total` is 29500.00 where it is right.
pub(crate) fn settlement(sequence: u16, settled_at: Timestamp, total: &str) -> FrozenMessage {
    let body = Settlement {
        version: BodyVersion,
        visit_number: "0101-1-000001".into(),
        registration_number: None,
        settlement_number: "JS-0101-1-000001".into(),
        generation: 1,
        worker: worker(),
        insured_division: "650100".into(),
        institution: InstitutionIdentity {
            code: "H43010300001".into(),
            name: "长沙市工伤定点示范医院".into(),
            division: "430103".into(),
        },
        channel: "cross_province".into(),
        visit_kind: "inpatient_medical".into(),
        gate: "discharge".into(),
        filing_number: None,
        diagnoses: diagnoses(),
        registered_at: "2025-08-10T09:00:00+08:00".into(),
        discharged_at: Some("2025-08-20T09:00:00+08:00".into()),
        settled_at: settled_at.to_string(),
        upload_due_at: (settled_at + SignedDuration::from_mins(30)).to_string(),
        matrix: Matrix {
            fund: sums("7200.00", "18500.00", "400.00", "26100.00"),
            self_pay: sums("800.00", "1500.00", "200.00", "2500.00"),
            other: sums("900.00", "0.00", "0.00", "900.00"),
            total: total.into(),
            personal: "3400.00".into(),
        },
        line_count: 6,
        detail_parts: 1,
        decided_by: DecidedBy {
            profile: "hunan".into(),
            profile_hash: "00".repeat(32),
            rule_set_version: "1".into(),
            registry_as_of: settled_at.to_string(),
        },
        journal: JournalHead {
            sequence: 7,
            mac: "0011223344556677".into(),
        },
    };
    FrozenMessage::settlement(Stage::msgid(sequence), Stage::sender(), &body).unwrap()
}

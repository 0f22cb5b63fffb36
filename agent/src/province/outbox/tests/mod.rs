//! The uploader with a simulated province behind it and a clock that the test moves.

mod acknowledgement;
mod outage;
mod own_trouble;

use std::time::Duration;

use jiff::Timestamp;
use offline_queue::{Deadline, NewUpload};
use rules::{Channel, DivisionCode, PersonName, SocialSecurityNumber};
use sandbox::{Effect, Fault, Options, Sandbox};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::Outbox;
use super::slots::SendingSlots;
use crate::clock::{Clock, movable::Hand};
use crate::counter::Actor;
use crate::counter::uploads::UploadView;
use crate::counter::{Counter, CounterError, report};
use crate::daemon;
use crate::doors::page::tests::window::{FIRST_WORKER, settings};
use crate::ledger::numbers::next_message_id;
use crate::ledger::visits::{self, NewVisit};
use crate::province::trouble::Trouble;
use crate::records::message::{Content, Message, SentBy};
use crate::records::numbers::{MessageId, VisitNumber};
use crate::records::registration::{Person, Registration};
use crate::records::version::Version;
use crate::records::{self, examples};

/// The registration of a visit.
const REGISTRATION: &str = "2201";

/// A counter with a queue, its clock and its province.
struct OutboxUnderTest {
    counter: Counter,
    outbox: Outbox,
    trouble: Trouble,
    hand: Hand,
    province: Sandbox,
    _folder: TempDir,
}

impl OutboxUnderTest {
    async fn open() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = TempDir::new().unwrap();
        let province = Sandbox::start(Options::in_folder(&folder.path().join("province")))
            .await
            .unwrap();
        let (clock, hand) = Clock::with_hand().unwrap();
        let settings = settings(folder.path(), province.ready(), "");
        let opened = daemon::open(settings, clock).unwrap();
        Self {
            counter: opened.counter,
            trouble: opened.outbox.0.with.trouble.clone(),
            outbox: opened.outbox,
            hand,
            province,
            _folder: folder,
        }
    }

    /// Starts sending, so many at a time.
    fn send(&self, places: SendingSlots) -> JoinHandle<()> {
        tokio::spawn(self.outbox.clone().run_senders(places))
    }

    fn fault(&self, effect: Effect, infno: &str, count: u32) {
        self.fault_of(effect, infno, count, None);
    }

    /// One that hits only messages which contain this text.
    fn fault_of(&self, effect: Effect, infno: &str, count: u32, containing: Option<&str>) {
        self.province.add_fault(Fault {
            effect,
            infno: Some(infno.to_owned()),
            containing: containing.map(str::to_owned),
            count,
        });
    }

    /// Admits visits, one registration each, due after so many seconds; their numbers.
    async fn admit(&self, due_in_seconds: Vec<u64>) -> Vec<String> {
        let admitted = self.counter.ledger().write(move |entry| {
            let mut visits = Vec::new();
            for due in due_in_seconds {
                let new = new_visit(&format!("press {due} {}", next_message_id(entry)?));
                let admitted = visits::admit(entry, &new, |visit| {
                    let deadline = Deadline::after(entry.now(), Duration::from_secs(due));
                    let msgid = next_message_id(entry)?;
                    Ok::<_, CounterError>(vec![queued(msgid, &visit.number, deadline)?])
                })?;
                visits.push(admitted.visit().number.to_string());
            }
            Ok::<_, CounterError>(visits)
        });
        admitted.await.unwrap()
    }

    /// Looks at what is open whenever something changes, until it is as wanted.
    async fn until<T>(&self, wanted: impl Fn(&[UploadView]) -> Option<T>) -> T {
        let mut changes = self.counter.changes();
        loop {
            changes.borrow_and_update();
            if let Some(found) = wanted(&self.counter.uploads().await.unwrap()) {
                return found;
            }
            changes.changed().await.unwrap();
        }
    }

    async fn until_all_is_up(&self) {
        self.until(|open| open.is_empty().then_some(())).await;
    }

    /// Waits until the counter tells this trouble with the province.
    async fn until_trouble(&self, code: &str) {
        self.trouble.until(code).await;
    }

    /// Visits in the order in which the province has taken their registrations.
    fn taken(&self) -> Vec<String> {
        let accepted = self.province.accepted();
        let number = |body: &str| -> String {
            let body: serde_json::Value = serde_json::from_str(body).unwrap();
            body["visit_number"].as_str().unwrap().to_owned()
        };
        accepted
            .iter()
            .map(|message| number(message.body.get()))
            .collect()
    }
}

fn cashier() -> Actor {
    Actor::for_tests("cashier", "张收款")
}

fn new_visit(key: &str) -> NewVisit {
    NewVisit {
        key: key.to_owned(),
        record: records::visit::Visit {
            worker: first_worker(),
            ..examples::visit()
        },
        admitted_by: "张收款".to_owned(),
    }
}

fn first_worker() -> Person {
    Person {
        social_security_number: SocialSecurityNumber::parse(FIRST_WORKER.0).unwrap(),
        name: PersonName::new(FIRST_WORKER.1),
    }
}

/// A registration as the queue keeps it.
fn queued(
    msgid: MessageId,
    visit: &VisitNumber,
    deadline: Deadline,
) -> Result<NewUpload, CounterError> {
    let insured_division = DivisionCode::parse("650100").unwrap();
    let of = examples::visit();
    let registration = Registration {
        visit: visit.clone(),
        kind: of.kind,
        channel: Channel::CrossProvince,
        registered_at: of.registered_at,
        worker: first_worker(),
        insured_division,
        filing: None,
        credential_kind: "social_security_card".into(),
        department: of.department,
        inpatient_number: of.inpatient_number,
        diagnoses: of.diagnoses,
        injury: None,
        third_party_liability: of.third_party_liability,
        emergency: false,
        force_majeure: false,
    };
    let message = Message {
        version: Version,
        msgid,
        sent_by: SentBy {
            code: "C01".into(),
            name: "收费员".into(),
        },
        insured_division,
        content: Content::Registration(registration),
    };
    report::queued(&message, deadline)
}

fn reject(code: &str, message: &str) -> Effect {
    Effect::Reject {
        code: code.to_owned(),
        message: message.to_owned(),
    }
}

/// As many as anybody will ever meet.
const ALWAYS: u32 = u32::MAX;

fn minutes(minutes: u64) -> Duration {
    Duration::from_mins(minutes)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn civil(under_test: &OutboxUnderTest) -> Timestamp {
    under_test.counter.clock().now()
}

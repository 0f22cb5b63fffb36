//! The stage of the card tests: a private pcscd, the card process, a province that answers as it is told.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use drivers::card::CardIdentity;
use drivers::reader::{
    CardEvent, CardEvents, CardFault, CardProcess, CardReaders, CardReading, CardSettings,
    ChildCommand, RelayAnswer, RelayFailure, RelayQuestion,
};
use tokio::time::{Instant, timeout};
use virtual_card::{Card, Direction, Holder, Rig, Variant, authentication_code};

/// What the issue grants: a fault is told, or over, within three seconds.
pub(crate) const THREE_SECONDS: Duration = Duration::from_secs(3);

/// A card of this kind for the synthetic holder.
pub(crate) fn card(variant: Variant) -> Card {
    Card::new(variant, &Holder::default()).expect("the synthetic card")
}

/// How the province answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Province {
    Authenticates,
    ComputesWrongly,
    AnswersAnotherQuestion,
    Refuses,
    CannotBeReached,
    NeverAnswers,
}

/// Readers under test, and what they report.
pub(crate) struct ReadersUnderTest {
    pub(crate) rig: Rig,
    pub(crate) readers: CardReaders,
    events: CardEvents,
}

impl ReadersUnderTest {
    pub(crate) fn open(reader_names: &[&str], settings: CardSettings, province: Province) -> Self {
        let rig = Rig::start(reader_names).expect("tests run inside tests/in-namespace");
        Self::around(rig, settings, province)
    }

    pub(crate) fn around(rig: Rig, settings: CardSettings, province: Province) -> Self {
        Self::with_environment(rig, settings, province, &[])
    }

    /// With variables of the card process's own.
    pub(crate) fn with_environment(
        rig: Rig,
        settings: CardSettings,
        province: Province,
        variables: &[(&str, &str)],
    ) -> Self {
        let mut environment = rig.environment();
        // What a vendor's library says is GB 18030, unless it is told otherwise.
        environment.extend(variables.iter().map(|(name, value)| {
            if let Some(name) = name.strip_suffix("_UTF_8") {
                (name.into(), (*value).into())
            } else {
                let value = encoding_rs::GB18030.encode(value).0.into_owned();
                ((*name).into(), OsString::from_vec(value))
            }
        }));
        let child = ChildCommand {
            program: PathBuf::from(env!("CARGO_BIN_EXE_card-process")),
            arguments: Vec::new(),
            environment,
            account: None,
        };
        Self::with_process(rig, settings, province, child)
    }

    /// With a card process that is started in another way.
    pub(crate) fn with_process(
        rig: Rig,
        settings: CardSettings,
        province: Province,
        process: impl Into<CardProcess>,
    ) -> Self {
        let (readers, events) = CardReaders::start(settings, process, move |question| {
            answer(province, question)
        });
        Self {
            rig,
            readers,
            events,
        }
    }

    /// The next event, which must come within ten seconds.
    pub(crate) async fn next(&mut self) -> CardEvent {
        timeout(Duration::from_secs(10), self.events.next())
            .await
            .expect("an event within ten seconds")
            .expect("the readers are open")
    }

    /// Events until one is accepted; returns what was accepted.
    pub(crate) async fn until<T>(&mut self, mut accept: impl FnMut(&CardEvent) -> Option<T>) -> T {
        loop {
            let event = self.next().await;
            if let Some(accepted) = accept(&event) {
                return accepted;
            }
        }
    }

    /// The next reading; a fault on the way fails the test.
    pub(crate) async fn reading(&mut self) -> CardReading {
        self.until(|event| match event {
            CardEvent::Read { reading, .. } => Some((**reading).clone()),
            CardEvent::Fault { fault, .. } => panic!("a fault instead of a reading: {fault}"),
            CardEvent::Readers(_)
            | CardEvent::Inserted { .. }
            | CardEvent::Removed { .. }
            | CardEvent::Ready => None,
        })
        .await
    }

    /// As [`Self::reading`], but only who the card says its holder is.
    pub(crate) async fn identity(&mut self) -> CardIdentity {
        self.reading().await.identity
    }

    /// The next reading, whatever faults come first.
    pub(crate) async fn reading_after_faults(&mut self) -> CardReading {
        self.until(|event| match event {
            CardEvent::Read { reading, .. } => Some((**reading).clone()),
            CardEvent::Readers(_)
            | CardEvent::Inserted { .. }
            | CardEvent::Removed { .. }
            | CardEvent::Fault { .. }
            | CardEvent::Ready => None,
        })
        .await
    }

    /// The next fault.
    pub(crate) async fn fault(&mut self) -> CardFault {
        self.broken_off().await.0
    }

    /// The next fault, and the names of the steps until then.
    pub(crate) async fn broken_off(&mut self) -> (CardFault, Vec<String>) {
        self.until(|event| match event {
            CardEvent::Fault { fault, steps, .. } => {
                let names = steps.iter().map(|step| step.name.to_string()).collect();
                Some((fault.clone(), names))
            }
            CardEvent::Read { .. } => panic!("a reading instead of a fault"),
            CardEvent::Readers(_)
            | CardEvent::Inserted { .. }
            | CardEvent::Removed { .. }
            | CardEvent::Ready => None,
        })
        .await
    }

    /// Until the readers are watched.
    pub(crate) async fn watched(&mut self) -> Vec<String> {
        self.until(|event| match event {
            CardEvent::Readers(readers) if !readers.is_empty() => Some(readers.clone()),
            _ => None,
        })
        .await
    }

    /// Until a card was put in.
    pub(crate) async fn inserted(&mut self) -> String {
        self.until(|event| match event {
            CardEvent::Inserted { reader } => Some(reader.clone()),
            _ => None,
        })
        .await
    }

    /// Until the card was taken out.
    pub(crate) async fn removed(&mut self) {
        self.until(|event| matches!(event, CardEvent::Removed { .. }).then_some(()))
            .await;
    }
}

/// Another program that holds the card of a reader. Closing its standard input ends it.
pub(crate) struct OtherProgram(Child);

impl OtherProgram {
    /// `manner` is `hold-exclusive` or `hold-transaction`. Returns when the card is held.
    pub(crate) fn start(rig: &Rig, manner: &str, reader: &str) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_card-process"))
            .args([manner, reader])
            .envs(rig.environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the other program");
        let mut said = String::new();
        let stdout = program.stdout.take().expect("standard output");
        BufReader::new(stdout)
            .read_line(&mut said)
            .expect("a word of the other program");
        assert_eq!(said, "held\n");
        Self(program)
    }

    pub(crate) fn end(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().expect("the other program's end").success());
    }
}

/// Runs `work`, which must end within three seconds.
pub(crate) async fn within_three_seconds<T>(work: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let done = timeout(THREE_SECONDS, work).await;
    let took = begun.elapsed();
    // Shown by `cargo test -- --nocapture`, or where the test fails.
    eprintln!("{}: {} ms", thread_name(), took.as_millis());
    done.unwrap_or_else(|_| panic!("not within three seconds but {took:?}"))
}

fn thread_name() -> String {
    std::thread::current().name().unwrap_or_default().to_owned()
}

async fn answer(province: Province, question: RelayQuestion) -> Result<RelayAnswer, RelayFailure> {
    let eight = |text: &str| -> [u8; 8] {
        hex::decode(text)
            .expect("hex")
            .try_into()
            .expect("eight bytes")
    };
    let card_id = *question.card_id().expect("card id").as_bytes();
    // A vendor's library does not tell the inner original; the province then has nothing to verify.
    if !question.inner_raw.is_empty() {
        let (factor, raw) = (eight(&question.inner_factor), eight(&question.inner_raw));
        let inner = authentication_code(Direction::Internal, &card_id, &factor, &raw);
        assert_eq!(
            eight(&question.inner_result),
            inner,
            "the card proves itself to the province"
        );
        assert_eq!(question.algorithm, "03", "as the card's FCI has it");
    }
    let outer = authentication_code(
        Direction::External,
        &card_id,
        &eight(&question.outer_factor),
        &eight(&question.outer_raw),
    );
    let mut outer = hex::encode_upper(outer);
    let mut raw = question.outer_raw.clone();
    match province {
        Province::Authenticates => {}
        Province::ComputesWrongly => outer = "0000000000000000".into(),
        Province::AnswersAnotherQuestion => raw = "0000000000000000".into(),
        Province::Refuses => return Err(RelayFailure::Refused),
        Province::CannotBeReached => return Err(RelayFailure::Unreachable),
        Province::NeverAnswers => std::future::pending().await,
    }
    let text = format!(
        "{}{:0<16}|{outer}{raw}|",
        question.inner_result, question.inner_raw
    );
    Ok(RelayAnswer::parse(&text)?)
}

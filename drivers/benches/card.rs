//! From insertion to identity, beside the bare exchange of the same commands with the same card; and what the card process
//! costs while nothing happens.
//!
//! Both begin when PC/SC tells that the card is there; how soon it does is pcscd's business (it looks every 400 ms).
//! The bare exchange is a process of its own that connects, sends the commands one after the other, computes the
//! authentication itself, and disconnects. The driver's figure ends with the identity in the agent's hands: child process,
//! pipe, relay, transaction and parsing included.

use std::ffi::CString;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use drivers::reader::{
    CardEvent, CardEvents, CardReaders, CardSettings, ChildCommand, RelayAnswer, RelayFailure,
    RelayQuestion,
};
use pcsc::{Context, Disposition, Protocols, ReaderState, Scope, ShareMode, State};
use rustix::time::{ClockId, clock_gettime};
use virtual_card::{Card, Direction, Holder, Rig, Variant, authentication_code};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const ROUNDS: usize = 50;
const LIMIT: f64 = 1.2;
const IDLE: Duration = Duration::from_mins(1);

fn main() -> Outcome<()> {
    if std::env::args().nth(1).as_deref() == Some("bare") {
        return bare();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    // Like the agent's own listener, a task among the runtime's.
    runtime
        .block_on(runtime.spawn(async { compare().await.map_err(|error| error.to_string()) }))??;
    Ok(())
}

fn now() -> Duration {
    let time = clock_gettime(ClockId::Monotonic);
    Duration::new(
        time.tv_sec.try_into().unwrap_or(0),
        time.tv_nsec.try_into().unwrap_or(0),
    )
}

async fn compare() -> Outcome<()> {
    let rig = Rig::start(&["Counter"])?;
    let child = ChildCommand {
        program: PathBuf::from(env!("CARGO_BIN_EXE_card-process")),
        arguments: Vec::new(),
        environment: rig.environment(),
        account: None,
    };
    let settings = CardSettings {
        reader: Some("00 00".into()),
        ..CardSettings::default()
    };
    let (_readers, mut events) =
        CardReaders::start(settings, child, |question| async move { answer(&question) });
    let (mut bare, mut bare_times) = start_bare(&rig)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let card = rig.insert(0, Card::new(Variant::V30, &Holder::default())?)?;
        ours.push(identity(&mut events).await?);
        card.draw_out();
        let card = rig.insert(1, Card::new(Variant::V30, &Holder::default())?)?;
        let mut line = String::new();
        bare_times.read_line(&mut line)?;
        theirs.push(Duration::from_nanos(line.trim().parse()?));
        card.draw_out();
    }
    bare.kill()?;
    bare.wait()?;
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    let mut out = io::stdout();
    writeln!(
        out,
        "figure: card seen to identity {} µs, bare exchange {} µs: {ratio:.2} times (limit {LIMIT}, median of {ROUNDS})",
        ours.as_micros(),
        theirs.as_micros()
    )?;
    let busy = idle_cost()?;
    let share = busy.as_secs_f64() / IDLE.as_secs_f64() * 100.0;
    writeln!(
        out,
        "figure: card process idle for {} s: {} µs of CPU ({share:.4} %)",
        IDLE.as_secs(),
        busy.as_micros()
    )?;
    if ratio > LIMIT {
        return Err(format!("{ratio:.2} times the bare exchange is more than {LIMIT}").into());
    }
    Ok(())
}

/// From the card being seen to the identity being here.
async fn identity(events: &mut CardEvents) -> Outcome<Duration> {
    let mut read = None;
    while let Some(event) = events.next().await {
        match event {
            CardEvent::Read { reading, .. } => {
                let took = now().saturating_sub(reading.seen_at);
                reading
                    .identity
                    .holder
                    .as_ref()
                    .ok_or("EF06 stayed closed")?;
                read = Some(took);
                break;
            }
            CardEvent::Fault { fault, .. } => return Err(fault.into()),
            CardEvent::Readers(_)
            | CardEvent::Inserted { .. }
            | CardEvent::Removed { .. }
            | CardEvent::Ready => {}
        }
    }
    read.ok_or_else(|| "the readers were closed".into())
}

fn answer(question: &RelayQuestion) -> Result<RelayAnswer, RelayFailure> {
    let eight = |text: &str| {
        hex::decode(text)
            .ok()
            .and_then(|bytes| <[u8; 8]>::try_from(bytes).ok())
    };
    let (Some(id), Some(factor), Some(raw)) = (
        question.card_id(),
        eight(&question.outer_factor),
        eight(&question.outer_raw),
    ) else {
        return Err(RelayFailure::Nonsense);
    };
    let code = hex::encode(authentication_code(
        Direction::External,
        id.as_bytes(),
        &factor,
        &raw,
    ));
    let (inner, inner_raw, outer_raw) = (
        &question.inner_result,
        &question.inner_raw,
        &question.outer_raw,
    );
    Ok(RelayAnswer::parse(&format!(
        "{inner}{inner_raw}|{code}{outer_raw}|"
    ))?)
}

fn start_bare(rig: &Rig) -> Outcome<(Child, BufReader<ChildStdout>)> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("bare")
        .envs(rig.environment())
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = child.stdout.take().ok_or("standard output")?;
    Ok((child, BufReader::new(stdout)))
}

/// Exchanges the commands with each card put into the second slot, and prints the nanoseconds.
fn bare() -> Outcome<()> {
    let context = Context::establish(Scope::User)?;
    let name = CString::new("Counter 00 01")?;
    let mut state = [ReaderState::new(name.clone(), State::UNAWARE)];
    loop {
        context.get_status_change(None, &mut state)?;
        state[0].sync_current_state();
        let count = state[0].event_count();
        if state[0].event_state().contains(State::PRESENT) && count % 2 == 1 {
            let begun = now();
            exchange(&context, &name)?;
            let took = now().saturating_sub(begun);
            writeln!(io::stdout(), "{}", took.as_nanos())?;
            // Until the card is out.
            while state[0].event_count() == count {
                context.get_status_change(None, &mut state)?;
                state[0].sync_current_state();
            }
        }
    }
}

/// The commands of a read, and nothing else.
fn exchange(context: &Context, reader: &CString) -> Outcome<()> {
    let card = context.connect(reader, ShareMode::Shared, Protocols::ANY)?;
    let send = |command: &str| -> Outcome<Vec<u8>> {
        let mut buffer = [0; pcsc::MAX_BUFFER_SIZE];
        let answer = card.transmit(&hex::decode(command)?, &mut buffer)?;
        answer
            .strip_suffix(&[0x90, 0x00])
            .map(<[u8]>::to_vec)
            .ok_or_else(|| command.to_owned().into())
    };
    send("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")?;
    send("00A4020002EF05")?;
    let id = send("00B2010012")?;
    for record in ["00B2030006", "00B2050006", "00B2060006", "00B207000B"] {
        send(record)?;
    }
    let raw = send("0084000008")?;
    let factor = send("0084000008")?;
    send(&format!(
        "0088000010{}{}",
        hex::encode(&factor),
        hex::encode(&raw)
    ))?;
    let factor = send("0084000008")?;
    let raw = send("0084000008")?;
    let id = <[u8; 16]>::try_from(&id[2..])?;
    let code = authentication_code(
        Direction::External,
        &id,
        &factor.as_slice().try_into()?,
        &raw.as_slice().try_into()?,
    );
    send(&format!(
        "0082000A10{}{}",
        hex::encode(code),
        hex::encode(&raw)
    ))?;
    for record in ["00A4020002EF06", "00B2080014", "00B2090020", "00B24E0016"] {
        send(record)?;
    }
    card.disconnect(Disposition::LeaveCard)
        .map_err(|(_, error)| error)?;
    Ok(())
}

/// CPU time of the card process's threads over a minute without a card.
fn idle_cost() -> Outcome<Duration> {
    let tasks = PathBuf::from("/proc")
        .join(card_process()?.to_string())
        .join("task");
    let cpu = || -> Outcome<Duration> {
        let mut sum = Duration::ZERO;
        for task in std::fs::read_dir(&tasks)? {
            let stat = std::fs::read_to_string(task?.path().join("schedstat"))?;
            sum += Duration::from_nanos(stat.split(' ').next().unwrap_or("0").parse()?);
        }
        Ok(sum)
    };
    let before = cpu()?;
    std::thread::sleep(IDLE);
    Ok(cpu()?.saturating_sub(before))
}

/// The process id of the child that reads cards.
fn card_process() -> Outcome<u32> {
    let own = std::process::id().to_string();
    for entry in std::fs::read_dir("/proc")?.flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let Some((_, rest)) = stat.rsplit_once(") ") else {
            continue;
        };
        if stat.contains("(card-process)") && rest.split(' ').nth(1) == Some(own.as_str()) {
            return Ok(entry.file_name().to_string_lossy().parse()?);
        }
    }
    Err("the card process is not there".into())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

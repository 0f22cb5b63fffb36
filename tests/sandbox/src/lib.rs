//! The province, simulated: HTTPS with client certificates, its own authority, the transaction set, and faults.
//!
//! It keeps what it accepts on disk and really checks what it is sent: certificate, signature, session, message ids,
//! visits and generations, sums to the cent, the 30 minutes. Tests start it in their own process ([`Sandbox::start`]);
//! the demo runs the program of the same name.

mod accepted;
mod authority;
mod bodies;
mod books;
mod cards;
mod catalogue;
mod cents;
mod clock;
mod control;
mod door;
mod envelope;
mod faults;
mod population;
mod province;
mod records;
mod sessions;
mod simulation;
mod store;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use accepted::{Accepted, Receipt, Upload};
pub use authority::files;
pub use clock::Clock;
pub use faults::{Effect, Fault};
pub use population::INSTITUTION;
pub use records::{Filing, Institution, Notice, Worker};

use door::Door;
use envelope::{Answer, Request};
use faults::Faults;
use province::Province;
use simulation::{Simulation, lock};

/// How to start.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of certificates, secret and what was accepted; made where it is not there.
    pub dir: PathBuf,
    /// Where agents connect.
    pub listen: SocketAddr,
    /// Where tests and the demo switch faults; loopback.
    pub control: SocketAddr,
    /// The province's date, if not the machine's.
    pub today: Option<Date>,
}

impl Options {
    /// Free ports of the loopback interface, the machine's date.
    pub fn in_folder(dir: &Path) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            dir: dir.to_owned(),
            listen: any,
            control: any,
            today: None,
        }
    }
}

/// The ready line: where everything is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ready {
    /// Always 1.
    pub version: u32,
    /// `https://…` for agents.
    pub url: String,
    /// `http://…` for faults, the clock and what was received.
    pub control_url: String,
    /// Institution code.
    pub institution: String,
    /// The authority's certificate.
    pub authority_file: PathBuf,
    /// The agent's certificate.
    pub certificate_file: PathBuf,
    /// Its key.
    pub key_file: PathBuf,
    /// The institution's secret.
    pub secret_file: PathBuf,
}

/// A running province; it ends when it is stopped or dropped with its runtime.
pub struct Sandbox {
    simulation: Arc<Simulation>,
    ready: Ready,
    control: tokio::task::JoinHandle<()>,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox")
            .field("ready", &self.ready)
            .finish_non_exhaustive()
    }
}

#[derive(Clone)]
struct Counter {
    province: Arc<Mutex<Province>>,
    faults: Arc<Mutex<Faults>>,
    clock: Arc<Clock>,
}

impl Sandbox {
    /// Makes or reads certificates and what was accepted before, and opens both doors.
    pub async fn start(options: Options) -> Result<Self> {
        let dir = &options.dir;
        authority::prepare(dir, INSTITUTION)?;
        let secret = std::fs::read_to_string(dir.join(files::SECRET))?;
        let secret = hex::decode(secret.trim()).context("institution.secret is not hex")?;
        let clock = Arc::new(Clock::new(options.today)?);
        let province = Arc::new(Mutex::new(Province::open(dir, secret, clock.today())?));
        let faults = Arc::new(Mutex::new(Faults::default()));
        let refuse_certificates = Arc::new(AtomicBool::new(false));
        let counter = Counter {
            province: Arc::clone(&province),
            faults: Arc::clone(&faults),
            clock: Arc::clone(&clock),
        };
        let router = Router::new()
            .route("/transactions", post(transact))
            .layer(DefaultBodyLimit::max(8 * 1024 * 1024))
            .with_state(counter);
        let tls = door::tls(dir, Arc::clone(&refuse_certificates))?;
        let door = Door::open_at(options.listen, tls, router).await?;
        let simulation = Arc::new(Simulation {
            province,
            faults,
            clock,
            refuse_certificates,
            door,
        });
        let (control_address, control) =
            control::open(options.control, Arc::clone(&simulation)).await?;
        let ready = Ready {
            version: 1,
            url: format!("https://{}", simulation.door.address()),
            control_url: format!("http://{control_address}"),
            institution: INSTITUTION.to_owned(),
            authority_file: dir.join(files::AUTHORITY),
            certificate_file: dir.join(files::CLIENT),
            key_file: dir.join(files::CLIENT_KEY),
            secret_file: dir.join(files::SECRET),
        };
        Ok(Self {
            simulation,
            ready,
            control,
        })
    }

    /// Where everything is.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// The province's clock.
    pub fn clock(&self) -> &Clock {
        &self.simulation.clock
    }

    /// Switches a fault on.
    pub fn add_fault(&self, fault: Fault) {
        lock(&self.simulation.faults).add(fault);
    }

    /// Switches all faults off.
    pub fn clear_faults(&self) {
        lock(&self.simulation.faults).clear();
    }

    /// Everything taken so far, in order.
    pub fn accepted(&self) -> Vec<Accepted> {
        lock(&self.simulation.province).accepted().to_vec()
    }

    /// Lays a JSON object over a worker's record.
    pub fn change_worker(
        &self,
        number: &str,
        change: serde_json::Map<String, serde_json::Value>,
    ) -> Result<()> {
        lock(&self.simulation.province).change_worker(number, change)
    }

    /// Refuses, from now on, whoever asks about this person, in these words; without words it answers again.
    pub fn freeze(&self, number: &str, words: Option<&str>) -> Result<()> {
        lock(&self.simulation.province).freeze(number, words.map(str::to_owned))
    }

    /// Shows an electronic code on a worker's telephone.
    pub fn issue_code(&self, number: &str) -> Result<String> {
        lock(&self.simulation.province).issue_code(number, self.simulation.clock.now())
    }

    /// Forgets every session.
    pub fn expire_sessions(&self) {
        lock(&self.simulation.province).expire_sessions();
    }

    /// Refuses or accepts client certificates; connections open now are broken.
    pub async fn refuse_certificates(&self, refuse: bool) -> Result<()> {
        self.simulation.refuse_certificates(refuse).await
    }

    /// Stops listening, or listens again at the same address.
    pub async fn set_listening(&self, listening: bool) -> Result<()> {
        self.simulation.set_listening(listening).await
    }

    /// Shuts both doors. What was accepted stays in the folder.
    pub async fn stop(self) {
        self.simulation.door.shut().await;
        self.control.abort();
    }
}

/// One message: faults first, then the province.
async fn transact(State(counter): State<Counter>, body: Bytes) -> Response {
    let request: Request = match serde_json::from_slice(&body) {
        Ok(request) => request,
        Err(error) => {
            tracing::info!(%error, "not an envelope");
            return (StatusCode::BAD_REQUEST, "not an envelope\n").into_response();
        }
    };
    let effects = lock(&counter.faults).strike(&request.infno, request.input.get());
    for effect in &effects {
        match effect {
            Effect::Delay { delay_ms } => {
                tokio::time::sleep(Duration::from_millis(*delay_ms)).await;
            }
            Effect::LoseRequest => return broken_connection(),
            Effect::SwallowAnswer
            | Effect::Reject { .. }
            | Effect::RegistrationNumber { .. }
            | Effect::GatewayPage
            | Effect::Put { .. }
            | Effect::EndlessPages => {}
        }
    }
    let now = counter.clock.now();
    let rejected = effects.iter().find_map(|effect| match effect {
        Effect::Reject { code, message } => Some(envelope::Refusal::new(code, message.clone())),
        Effect::Delay { .. }
        | Effect::LoseRequest
        | Effect::SwallowAnswer
        | Effect::RegistrationNumber { .. }
        | Effect::GatewayPage
        | Effect::Put { .. }
        | Effect::EndlessPages => None,
    });
    let mut outcome = match rejected {
        Some(refusal) => Err(refusal),
        None => lock(&counter.province).answer(&request, now),
    };
    if let Ok(output) = &mut outcome {
        name_registration(output, &effects);
    }
    tell(&request, &outcome);
    if effects.contains(&Effect::SwallowAnswer) {
        return broken_connection();
    }
    if effects.contains(&Effect::GatewayPage) {
        return gateway_page();
    }
    let (infcode, err_msg, output) = said(outcome, &effects);
    Json(Answer {
        infcode,
        inf_refmsgid: request.msgid,
        refmsg_time: clock::written(now),
        respond_time: clock::written(counter.clock.now()),
        err_msg,
        output,
    })
    .into_response()
}

fn gateway_page() -> Response {
    let page = "<html><body>502 Bad Gateway</body></html>";
    (
        StatusCode::BAD_GATEWAY,
        [(header::CONTENT_TYPE, "text/html")],
        page,
    )
        .into_response()
}

/// Code, message and output of an answer.
fn said(
    outcome: Result<serde_json::Value, envelope::Refusal>,
    effects: &[Effect],
) -> (i32, String, serde_json::Value) {
    match outcome {
        Ok(mut output) => {
            for effect in effects {
                if let Effect::Put { at, value } = effect
                    && let Some(place) = output.pointer_mut(at)
                {
                    *place = value.clone();
                }
            }
            if effects.contains(&Effect::EndlessPages)
                && let Some(more) = output.get_mut("more")
            {
                *more = true.into();
            }
            (0, String::new(), output)
        }
        Err(refusal) => (
            -1,
            refusal.message,
            serde_json::json!({ "code": refusal.code }),
        ),
    }
}

/// What was answered, for the log.
fn tell(request: &Request, outcome: &Result<serde_json::Value, envelope::Refusal>) {
    match outcome {
        Ok(_) => tracing::info!(infno = request.infno, msgid = request.msgid, "taken"),
        Err(refusal) => tracing::info!(
            infno = request.infno,
            msgid = request.msgid,
            code = refusal.code,
            "refused"
        ),
    }
}

/// Where an effect says so, puts another 就医登记号 into an answer, or into the receipt that it brings.
fn name_registration(output: &mut serde_json::Value, effects: &[Effect]) {
    let mut numbers = effects.iter().filter_map(|effect| {
        if let Effect::RegistrationNumber { number } = effect {
            Some(number)
        } else {
            None
        }
    });
    let Some(number) = numbers.next() else {
        return;
    };
    let receipt = match output.get_mut("receipt") {
        Some(receipt) => receipt,
        None => output,
    };
    if let Some(named) = receipt.get_mut("registration_number") {
        *named = serde_json::json!(number);
    }
}

/// A body that fails before its first byte: the connection breaks and not even the head is seen.
fn broken_connection() -> Response {
    let cut = std::io::Error::other("the connection is cut on purpose");
    let body = Body::from_stream(tokio_stream::once(Err::<Bytes, _>(cut)));
    Response::new(body)
}

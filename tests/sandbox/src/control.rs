//! The control interface: what was received, faults, the clock; plain HTTP and JSON, loopback only.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Context as _, Result, ensure};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::task::JoinHandle;

use crate::accepted::Upload;
use crate::clock::written;
use crate::faults::Fault;
use crate::simulation::{Simulation, lock};

/// Opens the interface; it lives as long as the task.
pub(crate) async fn open(
    listen: SocketAddr,
    simulation: Arc<Simulation>,
) -> Result<(SocketAddr, JoinHandle<()>)> {
    ensure!(
        listen.ip().is_loopback(),
        "the control interface belongs on the loopback interface, not on {listen}"
    );
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/state", get(state))
        .route("/accepted", get(accepted))
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/certificates", put(certificates))
        .route("/listening", put(listening))
        .route("/clock", put(set_clock))
        .route("/sessions", axum::routing::delete(expire_sessions))
        .route("/codes/{number}", post(issue_code))
        .route("/frozen/{number}", put(freeze).delete(thaw))
        .route("/workers/{number}", axum::routing::patch(change_worker))
        .with_state(simulation);
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the control interface ended");
        }
    });
    Ok((address, task))
}

type Shared = State<Arc<Simulation>>;

/// A request that cannot be done, in words.
struct CannotDo(anyhow::Error);

impl From<anyhow::Error> for CannotDo {
    fn from(error: anyhow::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for CannotDo {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": format!("{:#}", self.0) }));
        (StatusCode::UNPROCESSABLE_ENTITY, body).into_response()
    }
}

async fn state(State(simulation): Shared) -> Json<Value> {
    let listening = simulation.door.is_open().await;
    let province = lock(&simulation.province);
    let count = |upload: Upload| {
        province
            .accepted()
            .iter()
            .filter(|message| message.upload == upload)
            .count()
    };
    let late = province
        .accepted()
        .iter()
        .filter(|message| message.receipt.late_by_s.is_some())
        .count();
    Json(json!({
        "now": written(simulation.clock.now()),
        "listening": listening,
        "certificates_refused": simulation.refuse_certificates.load(Ordering::SeqCst),
        "acknowledged": {
            "visit_registrations": count(Upload::VisitRegistration),
            "visit_cancellations": count(Upload::VisitCancellation),
            "fee_details": count(Upload::FeeDetail),
            "settlements": count(Upload::Settlement),
            "reversals": count(Upload::Reversal),
            "late": late,
        },
    }))
}

async fn accepted(State(simulation): Shared) -> Response {
    Json(lock(&simulation.province).accepted()).into_response()
}

async fn faults(State(simulation): Shared) -> Response {
    Json(lock(&simulation.faults).list()).into_response()
}

async fn add_fault(State(simulation): Shared, Json(fault): Json<Fault>) -> StatusCode {
    lock(&simulation.faults).add(fault);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(simulation): Shared) -> StatusCode {
    lock(&simulation.faults).clear();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Certificates {
    refused: bool,
}

async fn certificates(
    State(simulation): Shared,
    Json(wanted): Json<Certificates>,
) -> Result<StatusCode, CannotDo> {
    simulation.refuse_certificates(wanted.refused).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listening {
    listening: bool,
}

async fn listening(
    State(simulation): Shared,
    Json(wanted): Json<Listening>,
) -> Result<StatusCode, CannotDo> {
    simulation.set_listening(wanted.listening).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ClockMove {
    Now(Timestamp),
    AdvanceSeconds(i64),
}

async fn set_clock(State(simulation): Shared, Json(wanted): Json<ClockMove>) -> Json<Value> {
    match wanted {
        ClockMove::Now(moment) => simulation.clock.set(moment),
        ClockMove::AdvanceSeconds(seconds) => simulation.clock.advance(seconds),
    }
    Json(json!({ "now": written(simulation.clock.now()) }))
}

async fn expire_sessions(State(simulation): Shared) -> StatusCode {
    lock(&simulation.province).expire_sessions();
    StatusCode::NO_CONTENT
}

async fn issue_code(
    State(simulation): Shared,
    Path(number): Path<String>,
) -> Result<Json<Value>, CannotDo> {
    let code = lock(&simulation.province).issue_code(&number, simulation.clock.now())?;
    Ok(Json(json!({ "code": code })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frozen {
    words: String,
}

async fn freeze(
    State(simulation): Shared,
    Path(number): Path<String>,
    Json(Frozen { words }): Json<Frozen>,
) -> Result<StatusCode, CannotDo> {
    lock(&simulation.province).freeze(&number, Some(words))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn thaw(
    State(simulation): Shared,
    Path(number): Path<String>,
) -> Result<StatusCode, CannotDo> {
    lock(&simulation.province).freeze(&number, None)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn change_worker(
    State(simulation): Shared,
    Path(number): Path<String>,
    Json(change): Json<Map<String, Value>>,
) -> Result<StatusCode, CannotDo> {
    lock(&simulation.province).change_worker(&number, change)?;
    Ok(StatusCode::NO_CONTENT)
}

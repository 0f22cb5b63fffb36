//! Local HTTP interface for the hospital's own system (HIS): the counter's acts as JSON, behind a token of its own.

mod token;
mod wire;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use crate::counter::{Counter, CounterError, ReadingStamp, bill_csv};
use crate::notice::Notice;
use crate::operators::{Operator, Operators};

pub use token::{Token, TokenError};
use wire::{
    Admission, DeskWire, Discharge, Press, QuoteWire, SettlementWire, Standing, UploadWire,
    VisitWire, Wrong,
};

/// What the routes share.
#[derive(Debug, Clone)]
struct Hospital {
    counter: Counter,
    operators: Arc<Operators>,
    token: Option<Token>,
}

/// The routes below `/his/v1`; without a token all of them are closed.
pub fn router(counter: Counter, operators: Arc<Operators>, token: Option<Token>) -> Router {
    let hospital = Hospital {
        counter,
        operators,
        token,
    };
    Router::new()
        .route("/his/v1/standing", get(standing))
        .route("/his/v1/desk", get(desk))
        .route("/his/v1/admissions", post(admit))
        .route("/his/v1/visits", get(visits))
        .route("/his/v1/visits/{number}", get(visit))
        .route("/his/v1/visits/{number}/quote", post(quote))
        .route("/his/v1/quotes/{id}/settle", post(settle))
        .route("/his/v1/settlements/{number}", get(settlement))
        .route("/his/v1/settlements/{number}/slip", post(slip))
        .route("/his/v1/uploads", get(uploads))
        .layer(DefaultBodyLimit::max(bill_csv::LARGEST_FILE))
        .layer(middleware::from_fn_with_state(hospital.clone(), authorised))
        .with_state(hospital)
}

/// Why the interface did not do what was asked; always a notice as JSON.
enum Refusal {
    Counter(CounterError),
    Unauthorised,
    Closed,
    NoSuchOperator,
    Wrong(Wrong),
}

impl From<CounterError> for Refusal {
    fn from(error: CounterError) -> Self {
        Self::Counter(error)
    }
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, notice, reasons) = match &self {
            Self::Counter(error) => {
                if error.status().is_server_error() {
                    tracing::error!(%error, "hospital interface");
                }
                let reasons = error.decision().map(wire::reasons).unwrap_or_default();
                (error.status(), Notice::from(error), reasons)
            }
            Self::Unauthorised => (
                StatusCode::UNAUTHORIZED,
                Notice::new(
                    "his_token",
                    "接口令牌不对。",
                    "请在请求头 Authorization 中带上配置的令牌。",
                ),
                Vec::new(),
            ),
            Self::Closed => (
                StatusCode::FORBIDDEN,
                Notice::new(
                    "his_closed",
                    "医院系统接口没有开通。",
                    "请信息科在配置 local.his_token_file 中设置令牌文件。",
                ),
                Vec::new(),
            ),
            Self::NoSuchOperator => (
                StatusCode::UNPROCESSABLE_ENTITY,
                Notice::new(
                    "no_such_operator",
                    "operator 不是本窗口的经办人。",
                    "请填写配置 [[operator]] 中的账户名。",
                ),
                Vec::new(),
            ),
            Self::Wrong(wrong) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                Notice::new(
                    "field_wrong",
                    format!("{} 填写不对：{}。", wrong.field, wrong.expected),
                    "请改正后重试。",
                ),
                Vec::new(),
            ),
        };
        (
            status,
            Json(serde_json::json!({ "notice": notice, "reasons": reasons })),
        )
            .into_response()
    }
}

impl Hospital {
    fn operator(&self, user: &str) -> Result<Operator, Refusal> {
        self.operators
            .by_user(user)
            .cloned()
            .ok_or(Refusal::NoSuchOperator)
    }
}

async fn authorised(
    State(hospital): State<Hospital>,
    headers: HeaderMap,
    request: axum::extract::Request,
    next: Next,
) -> Response {
    let Some(token) = &hospital.token else {
        return Refusal::Closed.into_response();
    };
    let presented = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    if presented.is_some_and(|presented| token.is(presented)) {
        next.run(request).await
    } else {
        Refusal::Unauthorised.into_response()
    }
}

async fn standing(State(hospital): State<Hospital>) -> Result<Json<Standing>, Refusal> {
    Ok(Json(Standing::from(&hospital.counter.standing().await?)))
}

async fn desk(State(hospital): State<Hospital>) -> Json<DeskWire> {
    let desk = hospital.counter.desk();
    let shown = DeskWire::from(&*desk.borrow());
    Json(shown)
}

async fn admit(
    State(hospital): State<Hospital>,
    Json(admission): Json<Admission>,
) -> Result<Json<VisitWire>, Refusal> {
    let operator = hospital.operator(&admission.operator)?;
    let form = admission.form()?;
    let looked_at = ReadingStamp::from(admission.reading);
    let visit = hospital
        .counter
        .admit(form, admission.key, &looked_at, &operator)
        .await?;
    Ok(Json(VisitWire::from(&visit)))
}

async fn visits(State(hospital): State<Hospital>) -> Result<Json<Vec<VisitWire>>, Refusal> {
    let visits = hospital.counter.open_visits().await?;
    Ok(Json(visits.iter().map(VisitWire::from).collect()))
}

async fn visit(
    State(hospital): State<Hospital>,
    Path(number): Path<String>,
) -> Result<Json<VisitWire>, Refusal> {
    Ok(Json(VisitWire::from(
        &hospital.counter.visit(&number).await?,
    )))
}

/// The bill is the body, as a CSV file; what else is known at discharge stands in the query.
async fn quote(
    State(hospital): State<Hospital>,
    Path(number): Path<String>,
    Query(discharge): Query<Discharge>,
    bill: Bytes,
) -> Result<Json<QuoteWire>, Refusal> {
    let quote = hospital
        .counter
        .quote(&number, discharge.form()?, &bill)
        .await?;
    Ok(Json(QuoteWire::from(&*quote)))
}

async fn settle(
    State(hospital): State<Hospital>,
    Path(id): Path<String>,
    Json(press): Json<Press>,
) -> Result<Json<SettlementWire>, Refusal> {
    let operator = hospital.operator(&press.operator)?;
    Ok(Json(SettlementWire::from(
        &hospital.counter.settle(&id, &operator).await?,
    )))
}

async fn settlement(
    State(hospital): State<Hospital>,
    Path(number): Path<String>,
) -> Result<Json<SettlementWire>, Refusal> {
    Ok(Json(SettlementWire::from(
        &hospital.counter.settlement(&number).await?,
    )))
}

async fn slip(
    State(hospital): State<Hospital>,
    Path(number): Path<String>,
    Json(press): Json<Press>,
) -> Result<Response, Refusal> {
    let operator = hospital.operator(&press.operator)?;
    let pdf = hospital.counter.write_slip(&number, &operator).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response())
}

async fn uploads(State(hospital): State<Hospital>) -> Result<Json<Vec<UploadWire>>, Refusal> {
    let uploads = hospital.counter.uploads().await?;
    Ok(Json(uploads.iter().map(UploadWire::from).collect()))
}

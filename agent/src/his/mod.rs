//! Local HTTP interface for the hospital's own system (HIS): the counter's acts as JSON, behind a token of its own.

mod refusal;
mod token;
mod wire;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};

use crate::counter::{Counter, ReadingStamp, bill_csv};
use crate::operators::{Operator, Operators};

use refusal::Refusal;
pub use token::{Token, TokenError};
use wire::{
    Admission, DeskWire, Discharge, Press, QuoteWire, SettlementWire, Standing, UploadWire,
    VisitWire,
};

/// What the routes share.
#[derive(Debug, Clone)]
struct Hospital {
    counter: Counter,
    operators: Arc<Operators>,
    token: Option<Token>,
}

/// Bodies other than a bill are a few hundred bytes.
const LARGEST_JSON: usize = 64 * 1024;

/// Everything below `/his`; without a token all of it is closed. What goes wrong there is always a notice as JSON.
pub(crate) fn router(counter: Counter, operators: Arc<Operators>, token: Option<Token>) -> Router {
    let hospital = Hospital {
        counter,
        operators,
        token,
    };
    let bill_limit = DefaultBodyLimit::max(bill_csv::LARGEST_FILE);
    Router::new()
        .route("/his/v1/standing", get(standing))
        .route("/his/v1/desk", get(desk))
        .route("/his/v1/admissions", post(admit))
        .route("/his/v1/visits", get(visits))
        .route("/his/v1/visits/{number}", get(visit))
        .route(
            "/his/v1/visits/{number}/quote",
            post(quote).layer(bill_limit),
        )
        .route("/his/v1/quotes/{id}/settle", post(settle))
        .route("/his/v1/settlements/{number}", get(settlement))
        .route("/his/v1/settlements/{number}/slip", post(slip))
        .route("/his/v1/uploads", get(uploads))
        .route("/his", any(nothing_here))
        .route("/his/", any(nothing_here))
        .route("/his/{*elsewhere}", any(nothing_here))
        .method_not_allowed_fallback(other_method)
        .layer(DefaultBodyLimit::max(LARGEST_JSON))
        .layer(middleware::from_fn_with_state(hospital.clone(), authorised))
        .with_state(hospital)
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

async fn nothing_here() -> Refusal {
    Refusal::NoSuchAddress
}

async fn other_method() -> Refusal {
    Refusal::OtherMethod
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
    admission: Result<Json<Admission>, JsonRejection>,
) -> Result<Json<VisitWire>, Refusal> {
    let Json(admission) = admission?;
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
    number: Result<Path<String>, PathRejection>,
) -> Result<Json<VisitWire>, Refusal> {
    let Path(number) = number?;
    Ok(Json(VisitWire::from(
        &hospital.counter.visit(&number).await?,
    )))
}

/// The bill is the body, as a CSV file; what else is known at discharge stands in the query.
async fn quote(
    State(hospital): State<Hospital>,
    number: Result<Path<String>, PathRejection>,
    discharge: Result<Query<Discharge>, QueryRejection>,
    bill: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let (Path(number), Query(discharge)) = (number?, discharge?);
    let quote = hospital
        .counter
        .quote(&number, discharge.form()?, bill?.into())
        .await?;
    let weight = quote.weight();
    let written = move |_: &Counter| Ok(Json(QuoteWire::from(&*quote)).into_response());
    Ok(hospital.counter.aside(weight, written).await?)
}

async fn settle(
    State(hospital): State<Hospital>,
    id: Result<Path<String>, PathRejection>,
    press: Result<Json<Press>, JsonRejection>,
) -> Result<Json<SettlementWire>, Refusal> {
    let (Path(id), Json(press)) = (id?, press?);
    let operator = hospital.operator(&press.operator)?;
    Ok(Json(SettlementWire::from(
        &hospital.counter.settle(&id, &operator).await?,
    )))
}

async fn settlement(
    State(hospital): State<Hospital>,
    number: Result<Path<String>, PathRejection>,
) -> Result<Json<SettlementWire>, Refusal> {
    let Path(number) = number?;
    Ok(Json(SettlementWire::from(
        &hospital.counter.settlement(&number).await?,
    )))
}

async fn slip(
    State(hospital): State<Hospital>,
    number: Result<Path<String>, PathRejection>,
    press: Result<Json<Press>, JsonRejection>,
) -> Result<Response, Refusal> {
    let (Path(number), Json(press)) = (number?, press?);
    let operator = hospital.operator(&press.operator)?;
    let pdf = hospital.counter.write_slip(&number, &operator).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response())
}

async fn uploads(State(hospital): State<Hospital>) -> Result<Json<Vec<UploadWire>>, Refusal> {
    let uploads = hospital.counter.uploads().await?;
    Ok(Json(uploads.iter().map(UploadWire::from).collect()))
}

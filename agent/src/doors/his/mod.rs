//! Local HTTP interface for the hospital's own system (HIS): the counter's acts as JSON, behind a token of its own.

mod asked;
mod attempts;
mod bills;
mod check;
mod gate;
mod hospital;
mod marks;
mod parts;
pub(crate) mod problem;
pub(crate) mod shut;
mod token;
pub(crate) mod wire;
pub(crate) mod wrong;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post, put};
use axum::{Extension, Json, Router};

use crate::bill;
use crate::counter::{Came, Counter};
use crate::desk::PresentationStamp;
use crate::doors::access::callers::Hosts;
use crate::doors::access::callers::object::{Object, ObjectRejection};
use crate::doors::access::room;
use crate::doors::upload_wire::UploadWire;

use asked::{Admission, Cancellation, Discharge, Press, Vouch};
pub(crate) use hospital::Admitted;
use hospital::Hospital;
use marks::MarksGiven;
use problem::{LARGEST_JSON, Problem};
pub use token::{BearerToken, BearerTokenError, SHORTEST_TOKEN};
use wire::{CounterWire, DeskWire, QuoteWire, SettlementWire, VisitWire};

/// Marks of a long bill's lines, one by one.
const LARGEST_MARKS: usize = 4 * 1024 * 1024;

/// Everything below `/his`, on the port that has these names, or without them on the Unix socket; without a token all of
/// it is closed. What goes wrong there is always a notice as JSON.
pub(crate) fn router(counter: Counter, admitted: Admitted, hosts: Option<Hosts>) -> Router {
    let hospital = Hospital {
        counter,
        admitted,
        hosts,
    };
    let bill_limit = DefaultBodyLimit::max(bill::LARGEST_FILE);
    let room = middleware::from_fn_with_state(hospital.clone(), room_for_bill);
    let [quote, check, part] = [post(quote), post(check::check), put(parts::take)]
        .map(|bill| bill.layer(bill_limit).layer(room.clone()));
    Router::new()
        .route("/his/v1/standing", get(standing))
        .route("/his/v1/desk", get(desk))
        .route("/his/v1/admissions", post(admit))
        .route("/his/v1/bills", get(bills::folder))
        .route("/his/v1/visits", get(visits))
        .route("/his/v1/visits/{number}", get(visit))
        .route("/his/v1/visits/{number}/cancel", post(cancel))
        .route("/his/v1/quotes/{id}/settle", post(settle))
        .route("/his/v1/quotes/{id}/vouch", post(vouch))
        .route(
            "/his/v1/quotes/{id}/marks",
            post(marks).layer(DefaultBodyLimit::max(LARGEST_MARKS)),
        )
        .route("/his/v1/settlements/{number}", get(settlement))
        .route("/his/v1/settlements/{number}/slip", post(slip))
        .route("/his/v1/uploads", get(uploads))
        .route("/his/v1/visits/{number}/bills/{bill}/parts/{part}", part)
        .route_layer(middleware::from_fn(gate::without_query))
        // These take parameters, and refuse those they do not know themselves.
        .route("/his/v1/visits/{number}/quote", quote)
        .route("/his/v1/visits/{number}/check", check)
        .route("/his", any(nothing_here))
        .route("/his/", any(nothing_here))
        .route("/his/{*elsewhere}", any(nothing_here))
        .method_not_allowed_fallback(other_method)
        .layer(DefaultBodyLimit::max(LARGEST_JSON))
        .layer(middleware::from_fn_with_state(
            hospital.clone(),
            gate::check,
        ))
        .with_state(hospital)
}

/// Before the body is received.
async fn room_for_bill(
    State(hospital): State<Hospital>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    Ok(room::wait_for(&hospital.counter, request, next).await?)
}

async fn nothing_here() -> Problem {
    Problem::NoSuchAddress
}

async fn other_method() -> Problem {
    Problem::OtherMethod
}

async fn standing(State(hospital): State<Hospital>) -> Result<Json<CounterWire>, Problem> {
    Ok(Json(CounterWire::from(&hospital.counter.state().await?)))
}

async fn desk(State(hospital): State<Hospital>) -> Json<DeskWire> {
    let desk = hospital.counter.desk();
    let shown = DeskWire::from(&*desk.borrow());
    Json(shown)
}

async fn admit(
    State(hospital): State<Hospital>,
    Extension(came): Extension<Came>,
    admission: Result<Object<Admission>, ObjectRejection>,
) -> Result<Json<VisitWire>, Problem> {
    let Object(admission) = admission?;
    let operator = hospital.operator(&admission.operator, came)?;
    let form = admission.form()?;
    let looked_at = PresentationStamp::from(admission.reading);
    let visit = hospital
        .counter
        .admit(form, admission.key, &looked_at, &operator)
        .await?;
    Ok(Json(VisitWire::from(&visit)))
}

async fn visits(State(hospital): State<Hospital>) -> Result<Json<Vec<VisitWire>>, Problem> {
    let visits = hospital.counter.open_visits().await?;
    Ok(Json(visits.iter().map(VisitWire::from).collect()))
}

async fn visit(
    State(hospital): State<Hospital>,
    number: Result<Path<String>, PathRejection>,
) -> Result<Json<VisitWire>, Problem> {
    let Path(number) = number?;
    Ok(Json(VisitWire::from(
        &hospital.counter.visit(&number).await?,
    )))
}

/// A mistaken admission, while nothing is settled. Done again it changes nothing.
async fn cancel(
    State(hospital): State<Hospital>,
    Extension(came): Extension<Came>,
    number: Result<Path<String>, PathRejection>,
    cancellation: Result<Object<Cancellation>, ObjectRejection>,
) -> Result<Json<VisitWire>, Problem> {
    let (Path(number), Object(cancellation)) = (number?, cancellation?);
    let operator = hospital.operator(&cancellation.operator, came)?;
    Ok(Json(VisitWire::from(
        &hospital
            .counter
            .cancel_admission(&number, &cancellation.reason, &operator)
            .await?,
    )))
}

/// The bill is the body, a file as hospitals export it or JSON, or it lies in the bill folder; what else is known at discharge stands in the query.
async fn quote(
    State(hospital): State<Hospital>,
    number: Result<Path<String>, PathRejection>,
    discharge: Result<Query<Discharge>, QueryRejection>,
    headers: HeaderMap,
    bill: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let (Path(number), Query(discharge), bill) = (number?, discharge?, bill?);
    let file = bills::of_request(&hospital, &number, discharge.bill(), (&headers, bill)).await?;
    let quote = hospital
        .counter
        .quote(&number, discharge.form()?, file)
        .await?;
    let weight = quote.weight();
    let written = move |_: &Counter| Ok(Json(QuoteWire::from(&*quote)).into_response());
    Ok(hospital.counter.aside(weight, written).await?)
}

async fn settle(
    State(hospital): State<Hospital>,
    Extension(came): Extension<Came>,
    id: Result<Path<String>, PathRejection>,
    press: Result<Object<Press>, ObjectRejection>,
) -> Result<Json<SettlementWire>, Problem> {
    let (Path(id), Object(press)) = (id?, press?);
    let operator = hospital.operator(&press.operator, came)?;
    Ok(Json(SettlementWire::from(
        &hospital.counter.settle(&id, &operator).await?,
    )))
}

/// A person has looked at the lines that no catalogue has, and says why they are right.
async fn vouch(
    State(hospital): State<Hospital>,
    Extension(came): Extension<Came>,
    id: Result<Path<String>, PathRejection>,
    word: Result<Object<Vouch>, ObjectRejection>,
) -> Result<Json<QuoteWire>, Problem> {
    let (Path(id), Object(word)) = (id?, word?);
    let operator = hospital.operator(&word.operator, came)?;
    let quote = hospital
        .counter
        .vouch(&id, word.matter()?, &word.reason, &operator)
        .await?;
    Ok(Json(QuoteWire::from(&*quote)))
}

/// Marks that the bill lacked, as the hospital's system knows them.
async fn marks(
    State(hospital): State<Hospital>,
    Extension(came): Extension<Came>,
    id: Result<Path<String>, PathRejection>,
    given: Result<Object<MarksGiven>, ObjectRejection>,
) -> Result<Response, Problem> {
    let (Path(id), Object(given)) = (id?, given?);
    let operator = hospital.operator(&given.operator, came)?;
    let quote = hospital
        .counter
        .mark(&id, given.choices()?, &operator)
        .await?;
    let weight = quote.weight();
    let written = move |_: &Counter| Ok(Json(QuoteWire::from(&*quote)).into_response());
    Ok(hospital.counter.aside(weight, written).await?)
}

async fn settlement(
    State(hospital): State<Hospital>,
    number: Result<Path<String>, PathRejection>,
) -> Result<Json<SettlementWire>, Problem> {
    let Path(number) = number?;
    Ok(Json(SettlementWire::from(
        &hospital.counter.settlement(&number).await?,
    )))
}

async fn slip(
    State(hospital): State<Hospital>,
    Extension(came): Extension<Came>,
    number: Result<Path<String>, PathRejection>,
    press: Result<Object<Press>, ObjectRejection>,
) -> Result<Response, Problem> {
    let (Path(number), Object(press)) = (number?, press?);
    let operator = hospital.operator(&press.operator, came)?;
    let pdf = hospital
        .counter
        .write_slip(&number, None, &operator)
        .await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response())
}

async fn uploads(State(hospital): State<Hospital>) -> Result<Json<Vec<UploadWire>>, Problem> {
    let uploads = hospital.counter.uploads().await?;
    Ok(Json(uploads.iter().map(UploadWire::from).collect()))
}

//! The socket's server: link, slip, uploads and what became of refused ones, for the users the kernel vouches for.

use std::sync::Arc;

use axum::extract::connect_info::ConnectInfo;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path as UrlPath, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use super::catalogue::{Asked, CatalogueSays, LineAsked, MOST_ASKED};
use super::client::{ClockCheck, ClockLine, Heads, JournalLine, RemedyLine, SlipWanted};
use super::staff::{self, StaffAct, StaffDone, StaffLine};
use crate::counter::{Actor, Again, Came, Counter, CounterError, Door, JournalVerified};
use crate::doors::access::callers::Caller;
use crate::doors::access::callers::object::{Object, ObjectRejection};
use crate::doors::access::operators::{Operator, Operators};
use crate::doors::page::session::Sessions;
use crate::doors::page::who;
use crate::doors::status::status;
use crate::doors::upload_wire::UploadWire;
use crate::records::staff::{Role, Roles};
use crate::wording::counter_state::{ledger_state, province_trouble};
use crate::wording::journal;
use crate::wording::notice::Notice;
use crate::wording::terms;

/// What the routes share.
#[derive(Debug, Clone)]
pub(super) struct Console {
    pub(super) counter: Counter,
    pub(super) operators: Arc<Operators>,
    pub(super) sessions: Arc<Sessions>,
    /// `http://127.0.0.1:PORT`, as bound.
    pub(super) page_origin: String,
}

/// The console's routes, for [`crate::doors::access::callers::serve_socket`].
pub(crate) fn router(
    counter: Counter,
    operators: Arc<Operators>,
    sessions: Arc<Sessions>,
    page_origin: String,
) -> Router {
    routes(Console {
        counter,
        operators,
        sessions,
        page_origin,
    })
}

fn routes(console: Console) -> Router {
    Router::new()
        .route("/v1/link", post(link))
        .route("/v1/catalogue", post(catalogue_matches))
        .route("/v1/slip", post(slip))
        .route("/v1/uploads", get(uploads))
        .route("/v1/troubles", get(troubles))
        .route("/v1/uploads/{message_id}/remedy", post(remedy))
        .route("/v1/clock", post(accept_clock))
        .route("/v1/journal", post(verify_journal))
        .route("/v1/staff", get(people).post(keep_people))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(console)
}

/// Why a request of the command line is not carried out.
#[derive(Debug)]
pub(crate) enum ConsoleError {
    /// An account that is none of the counter's operators.
    Stranger,
    /// People are set up, and none of them is signed in at the page under this account.
    NobodySignedIn,
    /// Only root, or the daemon's own account, does this.
    NotRoot,
    /// The counter said no.
    Counter(CounterError),
    /// The kernel gives no random bytes.
    NoRandomness,
    /// This is not a journal head.
    NotAHead(String),
    /// What was asked for is unknown here: another version's client.
    Unknown,
}

impl From<CounterError> for ConsoleError {
    fn from(error: CounterError) -> Self {
        Self::Counter(error)
    }
}

impl IntoResponse for ConsoleError {
    fn into_response(self) -> Response {
        let code = match &self {
            Self::Stranger | Self::NobodySignedIn | Self::NotRoot => StatusCode::FORBIDDEN,
            Self::Counter(error) => status(error),
            Self::NoRandomness => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotAHead(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unknown => StatusCode::NOT_FOUND,
        };
        (code, Json(self.notice())).into_response()
    }
}

impl Console {
    fn operator(&self, peer: &Caller) -> Result<(&Operator, Came), ConsoleError> {
        let account = peer.account.ok_or(ConsoleError::Stranger)?;
        let operator = self
            .operators
            .by_uid(account)
            .ok_or(ConsoleError::Stranger)?;
        let door = Door::Console;
        Ok((operator, Came { account, door }))
    }

    /// Who acts: where people are set up, whoever is signed in at the page under the same account.
    fn actor(&self, peer: &Caller) -> Result<Actor, ConsoleError> {
        let (operator, came) = self.operator(peer)?;
        if !self.counter.has_staff() {
            return Ok(operator.come(came));
        }
        who::under_account(&self.counter, &self.sessions, came).ok_or(ConsoleError::NobodySignedIn)
    }

    /// Root, to whom the list of people is open.
    fn root(peer: &Caller) -> Result<Actor, ConsoleError> {
        let account = peer
            .account
            .filter(|account| Operators::is_caretaker(*account));
        let account = account.ok_or(ConsoleError::NotRoot)?;
        Ok(Actor {
            code: format!("uid {account}"),
            name: "root".to_owned(),
            roles: Roles::of([Role::Administrator]),
            came: Came {
                account,
                door: Door::Console,
            },
        })
    }

    fn may_look(&self, peer: &Caller) -> Result<(), ConsoleError> {
        if peer.account.is_some_and(Operators::is_caretaker) {
            return Ok(());
        }
        self.operator(peer).map(drop)
    }
}

async fn link(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<Caller>,
) -> Result<Json<super::client::Link>, ConsoleError> {
    let (operator, _) = console.operator(&peer)?;
    let now = console.counter.clock().now();
    let token = console
        .sessions
        .grant_link(operator.clone(), now)
        .map_err(|error| {
            tracing::error!(%error, "console: no link");
            ConsoleError::NoRandomness
        })?;
    let url = format!("{}/enter?link={}", console.page_origin, token.reveal());
    Ok(Json(super::client::Link { url }))
}

async fn slip(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<Caller>,
    wanted: Result<Object<SlipWanted>, ObjectRejection>,
) -> Result<Response, ConsoleError> {
    let actor = console.actor(&peer)?;
    let Object(wanted) = wanted.map_err(|_unreadable| ConsoleError::Unknown)?;
    let again = wanted
        .again
        .map(|wanted| Again::wanted(wanted.copy, &wanted.reason))
        .transpose()
        .map_err(CounterError::from)?;
    let pdf = console
        .counter
        .write_slip(&wanted.settlement, again, &actor)
        .await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response())
}

async fn catalogue_matches(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<Caller>,
    asked: Result<Object<Asked>, ObjectRejection>,
) -> Result<Json<Vec<CatalogueSays>>, ConsoleError> {
    console.may_look(&peer)?;
    let Object(Asked { lines }) = asked.map_err(|_unreadable| ConsoleError::Unknown)?;
    if lines.len() > MOST_ASKED {
        return Err(ConsoleError::Unknown);
    }
    let lines = lines
        .iter()
        .map(LineAsked::parse)
        .collect::<Option<Vec<_>>>()
        .ok_or(ConsoleError::Unknown)?;
    let found = console.counter.catalogue_matches(lines).await?;
    Ok(Json(found.iter().map(CatalogueSays::from).collect()))
}

async fn unknown() -> ConsoleError {
    ConsoleError::Unknown
}

async fn uploads(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<Caller>,
) -> Result<Json<Vec<UploadWire>>, ConsoleError> {
    console.may_look(&peer)?;
    let uploads = console.counter.uploads().await?;
    Ok(Json(uploads.iter().map(UploadWire::from).collect()))
}

/// What hinders recording and sending at present.
async fn troubles(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<Caller>,
) -> Result<Json<Vec<Notice>>, ConsoleError> {
    console.may_look(&peer)?;
    let ledger = ledger_state(&console.counter.ledger_state());
    let province = console.counter.state().await?.province_trouble;
    let province = province.as_ref().map(province_trouble);
    Ok(Json(ledger.into_iter().chain(province).collect()))
}

async fn remedy(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<Caller>,
    message_id: Result<UrlPath<String>, PathRejection>,
    remedy: Result<Object<RemedyLine>, ObjectRejection>,
) -> Result<Json<UploadWire>, ConsoleError> {
    let actor = console.actor(&peer)?;
    let UrlPath(message_id) = message_id.map_err(|_unreadable| ConsoleError::Unknown)?;
    let Object(remedy) = remedy.map_err(|_unreadable| ConsoleError::Unknown)?;
    let remedied = remedy.of_message(message_id);
    let upload = console.counter.remedy(remedied, &actor, None).await?;
    Ok(Json(UploadWire::from(&upload)))
}

async fn people(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<Caller>,
) -> Result<Json<Vec<StaffLine>>, ConsoleError> {
    Console::root(&peer)?;
    let people = console.counter.staff();
    Ok(Json(people.iter().map(StaffLine::from).collect()))
}

async fn keep_people(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<Caller>,
    act: Result<Object<StaffAct>, ObjectRejection>,
) -> Result<Json<StaffDone>, ConsoleError> {
    let root = Console::root(&peer)?;
    let Object(act) = act.map_err(|_unreadable| ConsoleError::Unknown)?;
    let done = staff::keep(&console.counter, act, &root).await?;
    done.map(Json).ok_or(ConsoleError::Unknown)
}

async fn verify_journal(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<Caller>,
    heads: Result<Object<Heads>, ObjectRejection>,
) -> Result<Json<JournalLine>, ConsoleError> {
    console.may_look(&peer)?;
    let Object(Heads { heads }) = heads.map_err(|_unreadable| ConsoleError::Unknown)?;
    let known = heads
        .into_iter()
        .map(|text| {
            text.parse()
                .map_err(|_not_a_head| ConsoleError::NotAHead(text))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let verified = console.counter.verify_journal(known).await?;
    Ok(Json(match verified {
        JournalVerified::Sound { head, given } => JournalLine {
            say: journal::sound(head.as_ref(), given),
            broken: None,
        },
        JournalVerified::Broken {
            sequence,
            subject,
            fault,
        } => JournalLine {
            say: String::new(),
            broken: Some(journal::broken(sequence, &subject, fault)),
        },
    }))
}

/// The clock is the IT staff's: the caretaker may say so too.
async fn accept_clock(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<Caller>,
    check: Result<Object<ClockCheck>, ObjectRejection>,
) -> Result<Json<ClockLine>, ConsoleError> {
    console.may_look(&peer)?;
    let Object(check) = check.map_err(|_unreadable| ConsoleError::Unknown)?;
    let account = peer.account.ok_or(ConsoleError::Stranger)?;
    let who = match console.operator(&peer) {
        Ok((operator, _)) => operator.user.clone(),
        Err(_caretaker) => format!("uid {account}"),
    };
    let door = Door::Console;
    let accepted = console
        .counter
        .accept_clock(&who, Came { account, door }, &check.reason)
        .await?;
    Ok(Json(ClockLine {
        last: terms::moment(accepted.last),
        now: terms::moment(accepted.now),
    }))
}

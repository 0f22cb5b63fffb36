//! The socket's server: link, slip, uploads and what became of refused ones, for the users the kernel vouches for.

use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::connect_info::ConnectInfo;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path as UrlPath, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use tokio::net::UnixListener;

use super::client::{ClockCheck, ClockLine, RemedyLine, SlipWanted};
use crate::callers::{self, UnixCaller};
use crate::counter::{Counter, CounterError, wording};
use crate::notice::Notice;
use crate::operators::{Operator, Operators};
use crate::page::session::Sessions;

/// Why the socket could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The path cannot be bound.
    #[error("socket {path} cannot be opened")]
    Bind {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl From<&ConsoleError> for Notice {
    fn from(error: &ConsoleError) -> Self {
        match error {
            ConsoleError::Bind { path, source } => Notice::new(
                "console_socket_unavailable",
                format!("本机套接字 {} 打不开：{source}。", path.display()),
                "请检查所在目录是否存在、运行账户是否有写权限。",
            ),
        }
    }
}

/// What the routes share.
#[derive(Debug, Clone)]
pub(super) struct Console {
    pub(super) counter: Counter,
    pub(super) operators: Arc<Operators>,
    pub(super) sessions: Arc<Sessions>,
    /// `http://127.0.0.1:PORT`, as bound.
    pub(super) page_origin: String,
}

/// Opens the socket; the future serves it until the process ends.
pub fn serve(
    path: &Path,
    counter: Counter,
    operators: Arc<Operators>,
    sessions: Arc<Sessions>,
    page_origin: String,
) -> Result<impl Future<Output = std::io::Result<()>> + use<>, ConsoleError> {
    let bind = |path: &Path| {
        // The ledger's lock is held: whoever left this socket is gone.
        match std::fs::symlink_metadata(path) {
            Ok(found) if found.file_type().is_socket() => std::fs::remove_file(path)?,
            // Anything else at that path is not ours: binding says that it is in the way.
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let listener = UnixListener::bind(path)?;
        // Everybody may connect: the peer's user id decides, not the file's mode.
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o666))?;
        Ok(listener)
    };
    let listener = bind(path).map_err(|source| ConsoleError::Bind {
        path: path.to_owned(),
        source,
    })?;
    let console = Console {
        counter,
        operators,
        sessions,
        page_origin,
    };
    Ok(callers::serve_console(listener, router(console)))
}

fn router(console: Console) -> Router {
    Router::new()
        .route("/v1/link", post(link))
        .route("/v1/slip", post(slip))
        .route("/v1/uploads", get(uploads))
        .route("/v1/uploads/{message_id}/remedy", post(remedy))
        .route("/v1/clock", post(accept_clock))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(console)
}

enum Refusal {
    Stranger,
    Counter(CounterError),
    NoRandomness,
    /// What was asked for is unknown here: another version's client.
    Unknown,
}

impl From<CounterError> for Refusal {
    fn from(error: CounterError) -> Self {
        Self::Counter(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, notice) = match self {
            Self::Stranger => (
                StatusCode::FORBIDDEN,
                Notice::new(
                    "not_an_operator",
                    "当前登录账户不是本窗口的经办人。",
                    "请用配置文件 [[operator]] 中的账户登录，或请信息科加上该账户。",
                ),
            ),
            Self::Counter(error) => (error.status(), Notice::from(&error)),
            Self::NoRandomness => (
                StatusCode::INTERNAL_SERVER_ERROR,
                Notice::new("no_randomness", "本机取不到随机数。", "请联系信息科。"),
            ),
            Self::Unknown => (
                StatusCode::NOT_FOUND,
                Notice::new(
                    "console_request_unknown",
                    "本机的结算程序不认识这个请求，可能是另一个版本。",
                    "请重新启动：systemctl restart settlement-agent，再试一次。",
                ),
            ),
        };
        (status, Json(notice)).into_response()
    }
}

impl Console {
    fn operator(&self, peer: &UnixCaller) -> Result<Operator, Refusal> {
        peer.user
            .and_then(|uid| self.operators.by_uid(uid))
            .cloned()
            .ok_or(Refusal::Stranger)
    }

    fn may_look(&self, peer: &UnixCaller) -> Result<(), Refusal> {
        if peer.user.is_some_and(Operators::is_caretaker) {
            return Ok(());
        }
        self.operator(peer).map(drop)
    }
}

async fn link(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<UnixCaller>,
) -> Result<Json<super::client::Link>, Refusal> {
    let operator = console.operator(&peer)?;
    let now = console.counter.clock().now();
    let token = console
        .sessions
        .grant_link(operator, now)
        .map_err(|error| {
            tracing::error!(%error, "console: no link");
            Refusal::NoRandomness
        })?;
    let url = format!("{}/enter?link={}", console.page_origin, token.reveal());
    Ok(Json(super::client::Link { url }))
}

async fn slip(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<UnixCaller>,
    wanted: Result<Json<SlipWanted>, JsonRejection>,
) -> Result<Response, Refusal> {
    let operator = console.operator(&peer)?;
    let Json(wanted) = wanted.map_err(|_unreadable| Refusal::Unknown)?;
    let pdf = console
        .counter
        .write_slip(&wanted.settlement, &operator)
        .await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response())
}

async fn unknown() -> Refusal {
    Refusal::Unknown
}

async fn uploads(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<UnixCaller>,
) -> Result<Json<Vec<super::client::UploadLine>>, Refusal> {
    console.may_look(&peer)?;
    let uploads = console.counter.uploads().await?;
    Ok(Json(
        uploads
            .iter()
            .map(super::client::UploadLine::from)
            .collect(),
    ))
}

async fn remedy(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<UnixCaller>,
    message_id: Result<UrlPath<String>, PathRejection>,
    remedy: Result<Json<RemedyLine>, JsonRejection>,
) -> Result<Json<super::client::UploadLine>, Refusal> {
    let operator = console.operator(&peer)?;
    let UrlPath(message_id) = message_id.map_err(|_unreadable| Refusal::Unknown)?;
    let Json(remedy) = remedy.map_err(|_unreadable| Refusal::Unknown)?;
    let remedied = remedy.of_message(message_id);
    let upload = console.counter.remedy(remedied, &operator).await?;
    Ok(Json(super::client::UploadLine::from(&upload)))
}

/// The clock is the IT staff's: the caretaker may say so too.
async fn accept_clock(
    State(console): State<Console>,
    ConnectInfo(peer): ConnectInfo<UnixCaller>,
    check: Result<Json<ClockCheck>, JsonRejection>,
) -> Result<Json<ClockLine>, Refusal> {
    console.may_look(&peer)?;
    let Json(check) = check.map_err(|_unreadable| Refusal::Unknown)?;
    let who = match (console.operator(&peer), peer.user) {
        (Ok(operator), _) => operator.user,
        (Err(_), Some(uid)) => format!("uid {uid}"),
        (Err(stranger), None) => return Err(stranger),
    };
    let accepted = console.counter.accept_clock(&who, &check.reason).await?;
    Ok(Json(ClockLine {
        last: wording::moment(accepted.last),
        now: wording::moment(accepted.now),
    }))
}

//! Why the interface did not do what was asked: always a notice as JSON, with the status that goes with it.

use axum::Json;
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::shut::Shut;
use super::wire;
use super::wrong::Wrong;
use crate::counter::CounterError;
use crate::doors::access::callers::object::ObjectRejection;
use crate::doors::status::status;

/// Bodies other than a bill are a few hundred bytes.
pub(crate) const LARGEST_JSON: usize = 64 * 1024;

/// Why not.
pub(crate) enum Problem {
    /// The counter said no.
    Counter(CounterError),
    /// Whoever calls may not come in.
    Gate(Shut),
    /// An account that is none of the counter's operators.
    NoSuchOperator,
    /// A staff number that nobody of this counter has, or that is disabled.
    NoSuchPerson,
    /// A field's value.
    Wrong(Wrong),
    /// No such address.
    NoSuchAddress,
    /// The address is there, for another method.
    OtherMethod,
    /// The body is not declared as JSON.
    NotJson,
    /// The body is JSON, but a list.
    NotAnObject,
    /// The address takes no parameters.
    Parameters,
    /// Body or query cannot be read as what is expected here.
    Unreadable {
        /// Which, in Chinese.
        what: &'static str,
        /// 400 where it is malformed, 422 where it does not hold what it should.
        status: StatusCode,
        /// The parser's words, for whoever writes the hospital's system.
        detail: String,
    },
    /// The body is larger than anything this address takes.
    TooLarge,
    /// The body ended before it was whole.
    BrokenOff,
}

impl From<Shut> for Problem {
    fn from(shut: Shut) -> Self {
        Self::Gate(shut)
    }
}

impl From<CounterError> for Problem {
    fn from(error: CounterError) -> Self {
        Self::Counter(error)
    }
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<PathRejection> for Problem {
    fn from(_unreadable: PathRejection) -> Self {
        Self::NoSuchAddress
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::Unreadable {
            what: "地址中的查询参数",
            status: rejection.status(),
            detail: rejection.body_text(),
        }
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            _broken => Self::BrokenOff,
        }
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        if let JsonRejection::MissingJsonContentType(_) = rejection {
            return Self::NotJson;
        }
        if let JsonRejection::BytesRejection(rejection) = rejection {
            return rejection.into();
        }
        Self::Unreadable {
            what: "请求的 JSON ",
            status: rejection.status(),
            detail: rejection.body_text(),
        }
    }
}

impl From<ObjectRejection> for Problem {
    fn from(rejection: ObjectRejection) -> Self {
        match rejection {
            ObjectRejection::Json(rejection) => rejection.into(),
            ObjectRejection::NotAnObject => Self::NotAnObject,
        }
    }
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::Counter(error) => status(error),
            Self::Gate(shut) => shut.status(),
            Self::NoSuchOperator | Self::NoSuchPerson | Self::Wrong(_) | Self::NotAnObject => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::NoSuchAddress => StatusCode::NOT_FOUND,
            Self::OtherMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unreadable { status, .. } => *status,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BrokenOff | Self::Parameters => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut reasons = Vec::new();
        if let Self::Counter(error) = &self {
            if status(error).is_server_error() {
                tracing::error!(%error, "hospital interface");
            }
            reasons = error.judgement().map(wire::reasons).unwrap_or_default();
        }
        let body = serde_json::json!({ "notice": self.notice(), "reasons": reasons });
        let mut response = (self.status(), Json(body)).into_response();
        if let Self::Gate(Shut::Unauthorised) = self {
            let scheme = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

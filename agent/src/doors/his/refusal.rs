//! Why the interface did not do what was asked: always a notice as JSON, with the status that goes with it.

use axum::Json;
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::shut::Shut;
use super::wire;
use super::wrong::Wrong;
use crate::bill;
use crate::counter::CounterError;
use crate::doors::access::callers::object::ObjectRejection;
use crate::doors::status::status;
use crate::wording::notice::Notice;

/// Bodies other than a bill are a few hundred bytes.
pub(super) const LARGEST_JSON: usize = 64 * 1024;

/// Why not.
pub(super) enum Refusal {
    /// The counter said no.
    Counter(CounterError),
    /// Whoever calls may not come in.
    Gate(Shut),
    /// An account that is none of the counter's operators.
    NoSuchOperator,
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

impl From<Shut> for Refusal {
    fn from(shut: Shut) -> Self {
        Self::Gate(shut)
    }
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

impl From<PathRejection> for Refusal {
    fn from(_unreadable: PathRejection) -> Self {
        Self::NoSuchAddress
    }
}

impl From<QueryRejection> for Refusal {
    fn from(rejection: QueryRejection) -> Self {
        Self::Unreadable {
            what: "地址中的查询参数",
            status: rejection.status(),
            detail: rejection.body_text(),
        }
    }
}

impl From<BytesRejection> for Refusal {
    fn from(rejection: BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            _broken => Self::BrokenOff,
        }
    }
}

impl From<JsonRejection> for Refusal {
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

impl From<ObjectRejection> for Refusal {
    fn from(rejection: ObjectRejection) -> Self {
        match rejection {
            ObjectRejection::Json(rejection) => rejection.into(),
            ObjectRejection::NotAnObject => Self::NotAnObject,
        }
    }
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Counter(error) => status(error),
            Self::Gate(shut) => shut.status(),
            Self::NoSuchOperator | Self::Wrong(_) | Self::NotAnObject => {
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

    fn notice(&self) -> Notice {
        match self {
            Self::Counter(error) => Notice::from(error),
            Self::Gate(shut) => shut.notice(),
            Self::NoSuchOperator => Notice::new(
                "no_such_operator",
                "operator 不是本窗口的经办人。",
                "请填写配置 [[operator]] 中的账户名。",
            ),
            Self::Wrong(wrong) => Notice::new(
                "field_wrong",
                format!("{} 填写不对：{}。", wrong.field, wrong.expected),
                "请改正后重试。",
            ),
            Self::NoSuchAddress => Notice::new(
                "his_address",
                "医院系统接口没有这个地址。",
                "请医院系统的维护方核对地址；接口的地址都以 /his/v1/ 开头。",
            ),
            Self::OtherMethod => Notice::new(
                "his_method",
                "医院系统接口的这个地址不接受这种请求方法。",
                "请医院系统的维护方改用响应头 Allow 中列出的方法。",
            ),
            Self::NotJson => Notice::new(
                "his_content_type",
                "请求内容没有标明是 JSON。",
                "请医院系统的维护方在请求头中写明 Content-Type: application/json。",
            ),
            Self::NotAnObject => Notice::new(
                "his_not_an_object",
                "请求的 JSON 是列表，这里要一个对象，没有办理任何业务。",
                "请医院系统的维护方按接口发送带字段名的对象：{…}，不要发送 […]。",
            ),
            Self::Parameters => Notice::new(
                "his_parameters",
                "这个地址不接受查询参数，没有查询，也没有办理任何业务。",
                "请医院系统的维护方去掉地址中“?”及以后的内容，在收到的结果中查找。",
            ),
            Self::Unreadable { what, detail, .. } => Notice::new(
                "his_unreadable",
                format!("{what}读不懂，没有办理任何业务。"),
                format!("请医院系统的维护方按接口改正：{detail}"),
            ),
            Self::TooLarge => Notice::new(
                "his_too_large",
                format!(
                    "请求内容太大：账单文件不能超过 {} MB，其他请求不能超过 {} KB。",
                    bill::LARGEST_FILE / (1024 * 1024),
                    LARGEST_JSON / 1024
                ),
                "请确认发送的是本次就诊的账单；没有任何内容被保存。",
            ),
            Self::BrokenOff => Notice::new(
                "his_broken_off",
                "请求内容没有收完整，没有办理任何业务。",
                "请重新发送。",
            ),
        }
    }
}

impl IntoResponse for Refusal {
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

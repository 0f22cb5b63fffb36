//! A JSON object with the fields that are expected: a list in its place, which the parser would take in order, is none.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

/// The body of a request, a JSON object.
#[derive(Debug)]
pub(crate) struct Object<T>(pub(crate) T);

/// Why the body is none.
#[derive(Debug)]
pub(crate) enum ObjectRejection {
    /// It cannot be read, or lacks what it must have.
    Json(JsonRejection),
    /// It is a list.
    NotAnObject,
}

impl From<JsonRejection> for ObjectRejection {
    fn from(rejection: JsonRejection) -> Self {
        Self::Json(rejection)
    }
}

/// Each door says it in its own words; these are for a handler that does not.
impl IntoResponse for ObjectRejection {
    fn into_response(self) -> Response {
        match self {
            Self::Json(rejection) => rejection.into_response(),
            Self::NotAnObject => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Object<T> {
    type Rejection = ObjectRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, ObjectRejection> {
        let (parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(whole, state)
            .await
            .map_err(JsonRejection::from)?;
        let is_list = bytes.trim_ascii_start().first() == Some(&b'[');
        let read = Request::from_parts(parts, Body::from(bytes));
        let Json(read) = Json::from_request(read, state).await?;
        if is_list {
            return Err(ObjectRejection::NotAnObject);
        }
        Ok(Self(read))
    }
}

//! Room for a request's body before any of it is received: what comes at once from many sides does not take the memory of all.

use axum::body::HttpBody as _;
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::Response;
use tokio_stream::StreamExt as _;

use crate::bill::LARGEST_FILE;
use crate::counter::{Counter, CounterError};

/// Answers a request once there is room for its body. Where there is none, the body is received and thrown away piece by piece:
/// who is still sending hears no answer.
pub(crate) async fn wait_for(
    counter: &Counter,
    request: Request,
    next: Next,
) -> Result<Response, CounterError> {
    match counter.room_for(length(&request)).await {
        Ok(room) => Ok(room.during(next.run(request)).await),
        Err(error) => {
            let mut pieces = request.into_body().into_data_stream();
            while let Some(Ok(_)) = pieces.next().await {}
            Err(error)
        }
    }
}

/// Of the body; one that does not say may be as long as the longest.
fn length(request: &Request) -> u64 {
    if request.body().is_end_stream() {
        return 0;
    }
    let declared = request.headers().get(CONTENT_LENGTH);
    let declared = declared.and_then(|length| length.to_str().ok()?.parse().ok());
    declared.unwrap_or(u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX))
}

//! Stylesheet, script and icon, in the binary: nothing is fetched from anywhere else.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

pub(super) async fn css() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("assets/page.css"),
    )
}

pub(super) async fn js() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("assets/page.js"),
    )
}

pub(super) async fn scanner() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("assets/scanner.js"),
    )
}

pub(super) async fn alarm() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("assets/alarm.js"),
    )
}

pub(super) async fn icon() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "image/svg+xml")],
        include_str!("assets/icon.svg"),
    )
}

//! The cashier's page: templates, assets, live events.

pub mod session;

use std::net::SocketAddr;
use std::sync::Arc;

use crate::counter::Counter;

/// stub
pub fn router(_: Counter, _: Arc<session::Sessions>, _: SocketAddr) -> axum::Router {
    axum::Router::new()
}

//! The cashier's page: templates, assets, live events.

pub mod session;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;

use crate::counter::Counter;

/// The page's routes on the local `address`; none yet.
pub fn router(
    _counter: Counter,
    _sessions: Arc<session::Sessions>,
    _address: SocketAddr,
) -> Router {
    Router::new()
}

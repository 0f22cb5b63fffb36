//! What every handler of the page has.

use std::sync::Arc;

use super::session::Sessions;
use crate::counter::Counter;
use crate::doors::access::callers::Hosts;

/// What every handler has.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub(super) counter: Counter,
    pub(super) sessions: Arc<Sessions>,
    pub(super) hosts: Hosts,
}

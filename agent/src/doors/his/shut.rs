//! Why whoever calls at the hospital's interface may not come in.

use std::net::SocketAddr;

use axum::http::StatusCode;

/// Why whoever calls may not come in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shut {
    /// The address was called by another name.
    Host {
        /// What it is called.
        address: SocketAddr,
    },
    /// The account that calls is none of those configured.
    Stranger,
    /// Nobody can say which account of this PC calls.
    UnknownCaller,
    /// No token, or not the configured one.
    Unauthorised,
    /// No token is configured.
    Closed,
}

impl Shut {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Unauthorised => StatusCode::UNAUTHORIZED,
            Self::Host { .. } | Self::Stranger | Self::UnknownCaller | Self::Closed => {
                StatusCode::FORBIDDEN
            }
        }
    }
}

//! The client of the province and the registry, against the sandbox, over real TLS with client certificates.

#![expect(clippy::unwrap_used, reason = "what cannot go on in a test ends there")]

#[path = "platform/connection.rs"]
mod connection;
#[path = "platform/registry.rs"]
mod registry;
#[path = "platform/stage.rs"]
mod stage;
#[path = "platform/uploads.rs"]
mod uploads;

/// The holder of the synthetic card.
const HOLDER: &str = "650102199003070013";

//! The client of the province and the registry, against the sandbox, over real TLS with client certificates.

#![expect(clippy::unwrap_used, reason = "what cannot go on in a test ends there")]

#[path = "province/answers.rs"]
mod answers;
#[path = "province/connection.rs"]
mod connection;
#[path = "province/odd_server.rs"]
mod odd_server;
#[path = "province/records.rs"]
mod records;
#[path = "province/registry.rs"]
mod registry;
#[path = "province/simulated_province.rs"]
mod simulated_province;
#[path = "province/trust.rs"]
mod trust;
#[path = "province/uploads.rs"]
mod uploads;

/// The holder of the synthetic card.
const HOLDER: &str = "650102199003070013";

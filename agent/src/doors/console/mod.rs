//! The Unix socket for the people of this PC: who asks is known by the kernel, not by a password.
//!
//! It hands out the page's one-time links, documents and the state of the queue, and takes what a person says of a refused
//! message. Every connection carries the
//! peer's user id; only root, the daemon's own user and the configured operators are answered.

pub(crate) mod catalogue;
pub mod client;
pub(crate) mod server;
pub(crate) mod staff;

pub(crate) use server::router;

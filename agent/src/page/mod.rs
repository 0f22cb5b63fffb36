//! The cashier's page: templates, assets, live events.

pub mod session;

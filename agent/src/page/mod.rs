//! The cashier's page: templates, assets, live events.

//! The cashier's page in a real Chromium, by keyboard alone; every screen's picture lies in `target/screenshots` afterwards.

mod burst;
mod cancelled;
mod driver;
mod input_method;
mod marks;
mod people;
mod policy;
mod refused;
mod scanners;
mod session;
mod throw_away;
mod trouble;
mod two_windows;
mod whole_stay;

//! The cashier's page: server-rendered, in Chinese, for one PC's browser; live events say when to look again.
//!
//! Without script everything works but the live parts and the function keys.

mod admission;
mod admitted;
mod assets;
mod bills;
mod cancellation;
mod check;
mod code;
mod copy;
mod desk;
mod discharge;
mod door;
mod events;
mod fields;
mod frame;
mod guard;
mod handle;
mod home;
mod judgement;
mod lines;
mod marks;
mod person;
pub(crate) mod plain;
mod quote;
mod remedy;
pub mod session;
mod session_file;
mod settlement;
mod sign_in;
mod staff;
mod state;
mod uploads;
pub(crate) mod who;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::bill;
use crate::counter::Counter;
use crate::doors::access::callers::Hosts;
use session::Sessions;
use state::Page;

/// Forms other than the bill's are a few hundred bytes.
const LARGEST_FORM: usize = 64 * 1024;

/// The page's routes, behind their door, for [`crate::doors::access::callers::serve`] on the port with these names; the fallback is the page's
/// too.
pub(crate) fn router(counter: Counter, sessions: Arc<Sessions>, hosts: Hosts) -> Router {
    let page = Page {
        counter,
        sessions,
        hosts,
    };
    let bill_limit = DefaultBodyLimit::max(bill::LARGEST_FILE + LARGEST_FORM);
    Router::new()
        .route("/", get(home::show).post(home::find))
        .route("/next", post(admitted::next))
        .route("/visits/{number}/admitted", get(admitted::show))
        .route(
            "/visits/{number}/cancel",
            get(cancellation::show).post(cancellation::act),
        )
        .route("/leave", post(door::leave))
        .route("/sign-in", get(sign_in::show).post(sign_in::act))
        .route("/sign-out", post(sign_in::out))
        .route(
            "/password",
            get(sign_in::show_password).post(sign_in::choose_password),
        )
        .route("/staff", get(staff::show).post(staff::act))
        .route("/resume", post(door::resume))
        .route("/events", get(events::events))
        .route("/code", post(code::present))
        .route("/admission", get(admission::show).post(admission::act))
        .route(
            "/visits/{number}/quote",
            get(discharge::back)
                .post(discharge::quote)
                .layer(bill_limit)
                .layer(from_fn_with_state(page.clone(), discharge::room_for_bill)),
        )
        .route("/quotes/{id}/settle", get(quote::back).post(quote::settle))
        .route("/quotes/{id}/vouch", get(quote::back).post(quote::vouch))
        .route("/quotes/{id}/marks", get(marks::show).post(marks::mark))
        .route("/quotes/{id}/unmark", get(quote::back).post(marks::unmark))
        .route("/settlements/{number}", get(settlement::show))
        .route("/settlements/{number}/slip", get(settlement::slip))
        .route(
            "/settlements/{number}/copy",
            get(copy::show).post(copy::act),
        )
        .route("/bills", get(bills::show))
        .route("/uploads", get(uploads::show))
        .route("/uploads/now", get(uploads::back).post(uploads::send_now))
        .route("/uploads/{handle}", get(remedy::show).post(remedy::act))
        .route("/assets/page.css", get(assets::css))
        .route("/assets/page.js", get(assets::js))
        .route("/assets/scanner.js", get(assets::scanner))
        .route("/assets/alarm.js", get(assets::alarm))
        .route("/assets/icon.svg", get(assets::icon))
        .route_layer(from_fn(guard::without_query))
        // These take parameters, and refuse those they do not know themselves.
        .route("/enter", get(door::enter).head(door::look))
        .route("/visits/{number}", get(discharge::show))
        .route(
            "/visits/{number}/check",
            post(check::act)
                .layer(bill_limit)
                .layer(from_fn_with_state(page.clone(), discharge::room_for_bill))
                .get(check::show),
        )
        .route("/quotes/{id}", get(quote::show))
        .fallback(door::nothing_here)
        .method_not_allowed_fallback(door::not_that_way)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(from_fn_with_state(page.clone(), guard::check))
        .with_state(page)
}

#[cfg(test)]
pub(crate) mod tests;

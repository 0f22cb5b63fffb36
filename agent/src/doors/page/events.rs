//! Live events: that something has changed, never what; the page then asks again, through the same door as ever.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::Event;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::guard::Cookie;
use super::state::Page;
use super::who::{self, Who};
use crate::counter::{Came, Door};
use crate::desk::Presented;

/// How often the page is told to look again, so that what is left of a deadline stays right to the minute.
const TICK: Duration = Duration::from_secs(15);

/// `session` first, with what the page shows at [`super::door::resume`] if its cookie is lost; then `tick` at once and now and then, `desk` when a card or the reader changed, `counter` when visits, uploads or the registry
/// did, `bye` when the session has ended; each with the stamp of the reading on the desk, `-` where there is none.
pub(super) async fn events(
    State(page): State<Page>,
    Extension(cookie): Extension<Cookie>,
) -> Sse<ReceiverStream<Result<Event, Infallible>>> {
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(tell(page, cookie, sender));
    Sse::new(ReceiverStream::new(receiver))
}

/// Whether the session still is, and somebody is signed in at it where people are set up.
fn is_open(page: &Page, cookie: &Cookie) -> bool {
    let now = page.counter.clock().now();
    let Some(operator) = page.sessions.operator(&cookie.text, cookie.user, now) else {
        return false;
    };
    let came = Came {
        account: cookie.user,
        door: Door::Page,
    };
    match who::at_window(
        &page.counter,
        &page.sessions,
        &cookie.text,
        (&operator, came),
    ) {
        Who::Account(_) | Who::Person(_) | Who::MustChoose(_) => true,
        Who::Nobody => false,
    }
}

/// Ends when the browser is gone, the session has ended, or the counter has.
async fn tell(page: Page, cookie: Cookie, sender: mpsc::Sender<Result<Event, Infallible>>) {
    let (mut desk, mut changes) = (page.counter.desk(), page.counter.changes());
    let mut ended = page.sessions.ended();
    let clock = page.counter.clock().clone();
    let kept = Event::default().event("session").data(&cookie.text);
    if sender.send(Ok(kept)).await.is_err() {
        return;
    }
    let mut next = "tick";
    loop {
        if !is_open(&page, &cookie) {
            next = "bye";
        }
        let reading = desk
            .borrow_and_update()
            .presented
            .as_ref()
            .map(Presented::stamp);
        let event = Event::default()
            .event(next)
            .data(reading.map_or_else(|| "-".to_owned(), |stamp| stamp.to_string()));
        if sender.send(Ok(event)).await.is_err() || next == "bye" {
            return;
        }
        next = tokio::select! {
            () = sender.closed() => return,
            told = desk.changed() => match told {
                Ok(()) => "desk",
                Err(_counter_is_gone) => return,
            },
            told = changes.changed() => match told {
                Ok(()) => "counter",
                Err(_counter_is_gone) => return,
            },
            told = ended.changed() => match told {
                Ok(()) => "tick",
                Err(_sessions_are_gone) => return,
            },
            () = clock.pause(TICK) => "tick",
        };
    }
}

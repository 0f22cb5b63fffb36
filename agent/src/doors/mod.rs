//! The local doors, each with what is behind it: page and hospital interface on the loopback port, the interface again on
//! its Unix socket, the console on its own.

pub mod access;
pub mod console;
pub mod his;
pub mod page;
mod status;
pub(crate) mod upload_wire;

use std::io::Result;
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::counter::Counter;
use access::callers::sockets::Sockets;
use access::callers::{self, ConnectionSlots, Hosts, Keeping, Patience, Reserved};
use his::Admitted;
use page::session::Sessions;

/// Serves them all until one of them ends.
///
/// # Errors
/// The sockets do not say their addresses; the future's own: a door does not go on.
pub(crate) fn serve(
    sockets: Sockets,
    counter: Counter,
    admitted: Admitted,
) -> Result<impl Future<Output = Result<()>> + use<>> {
    let first = sockets.first()?;
    let hosts = Hosts::new(&sockets.addresses()?, first);
    let keeping = Keeping {
        places: ConnectionSlots::new(Reserved {
            operators: admitted.operators.accounts(),
            hospital: admitted.accounts.as_ref().clone(),
        }),
        patience: Patience::AT_THE_COUNTER,
    };
    let sessions = Arc::new(Sessions::kept_in(
        &counter.settings().sessions_file(),
        &admitted.operators,
        counter.clock().now(),
    ));
    let console = console::router(
        counter.clone(),
        Arc::clone(&admitted.operators),
        Arc::clone(&sessions),
        format!("http://{first}"),
    );
    let port = page::router(counter.clone(), sessions, hosts.clone()).merge(his::router(
        counter.clone(),
        admitted.clone(),
        Some(hosts),
    ));
    let hospital = his::router(counter, admitted, None);
    Ok(async move {
        let mut doors = JoinSet::new();
        for listener in sockets.page {
            doors.spawn(callers::serve(listener, port.clone(), keeping.clone()));
        }
        doors.spawn(callers::serve_socket(
            sockets.console,
            console,
            keeping.clone(),
        ));
        doors.spawn(callers::serve_socket(sockets.hospital, hospital, keeping));
        match doors.join_next().await {
            Some(ended) => ended.map_err(std::io::Error::other)?,
            None => Ok(()),
        }
    })
}

//! The keeper of a card process in an account of its own, which the agent may not kill: it kills it when the agent hangs up.

use std::io;
use std::process::{Command, ExitStatus};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::net::sockopt::socket_peercred;
use rustix::process::{DumpableBehavior, Pid, Signal, kill_process, set_dumpable_behavior};

use super::ChildCommand;

/// The card process cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// Standard input is no socket of the agent's.
    #[error("this command is started by systemd when the agent connects")]
    NotConnected,
    /// The card process, or the thread that waits for the agent's end.
    #[error("the card process cannot be started")]
    Io(#[from] io::Error),
}

/// Starts the card process on this process's standard input and output, a socket to the agent, and waits for its end. Where the
/// agent hangs up, or ends, the card process is killed, whatever it hangs in.
///
/// # Errors
///
/// Standard input is no socket, or the card process cannot be started.
pub fn run_keeper(command: &ChildCommand) -> Result<ExitStatus, KeeperError> {
    socket_peercred(io::stdin()).or(Err(KeeperError::NotConnected))?;
    // The card process has this account: it must not reach into the keeper's memory.
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(io::Error::from)?;
    let mut child = Command::new(&command.program)
        .args(&command.arguments)
        .env_clear()
        .envs(
            command
                .environment
                .iter()
                .map(|(name, value)| (name, value)),
        )
        .spawn()?;
    let id = Pid::from_child(&child);
    std::thread::Builder::new()
        .name("agent".into())
        .spawn(move || kill_when_the_agent_hangs_up(id))?;
    Ok(child.wait()?)
}

/// The process ends when the child has been waited for: until then its id is nobody else's.
fn kill_when_the_agent_hangs_up(child: Pid) {
    let stdin = io::stdin();
    loop {
        let mut agent = [PollFd::new(&stdin, PollFlags::RDHUP)];
        match poll(&mut agent, None) {
            Err(rustix::io::Errno::INTR) => {}
            Ok(_) | Err(_) => break,
        }
    }
    if let Err(error) = kill_process(child, Signal::KILL) {
        tracing::warn!(%error, "the card process cannot be killed");
    }
}

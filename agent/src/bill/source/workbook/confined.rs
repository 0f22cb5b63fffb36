//! What the process that reads workbooks gives up before it sees one: memory and time beyond a bound, and every call to the
//! kernel but those by which a program computes, reads its one pipe and writes the other.

use std::collections::BTreeMap;

use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

use crate::bill::bounds::{MOST_MEMORY, MOST_SECONDS};

/// Why the limits could not be set although the kernel has them.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfinedError {
    /// A limit of memory, time, files or processes.
    #[error("limits: {0}")]
    Limit(#[from] rustix::io::Errno),
    /// Seccomp refused.
    #[error("seccomp: {0}")]
    Seccomp(#[from] seccompiler::Error),
    /// This processor's system calls are not known to the filter.
    #[error("seccomp: {0}")]
    Filter(#[from] seccompiler::BackendError),
}

/// Confines this process for good. It must have one thread.
pub(super) fn confine() -> Result<(), ConfinedError> {
    // Where memory is short all the same, the kernel takes this process before any other.
    if let Err(error) = std::fs::write("/proc/self/oom_score_adj", "1000") {
        tracing::debug!(%error, "the kernel takes another process first");
    }
    for (resource, most) in [
        (Resource::As, MOST_MEMORY),
        (Resource::Cpu, MOST_SECONDS),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Nproc, 0),
    ] {
        let most = Rlimit {
            current: Some(most),
            // The kernel warns by a signal that nobody here takes, and kills a second later.
            maximum: Some(most.saturating_add(1)),
        };
        setrlimit(resource, most)?;
    }
    let architecture: TargetArch = std::env::consts::ARCH.try_into()?;
    let mut rules: BTreeMap<_, _> = CALLS.iter().map(|call| (*call, Vec::new())).collect();
    let own = SeccompCondition::new(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Eq,
        u64::from(std::process::id()),
    )?;
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![own])?]);
    let filter = SeccompFilter::new(
        rules,
        SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        SeccompAction::Allow,
        architecture,
    )?;
    let program: seccompiler::BpfProgram = filter.try_into()?;
    match apply_filter(&program) {
        // A kernel without filters: the limits stand.
        Err(seccompiler::Error::Prctl(error) | seccompiler::Error::Seccomp(error))
            if matches!(error.raw_os_error(), Some(libc::EINVAL | libc::ENOSYS)) =>
        {
            Ok(())
        }
        applied => Ok(applied?),
    }
}

/// Memory, the pipes, the end. A process whose memory is refused ends itself by a signal, and must be able to.
const CALLS: [libc::c_long; 23] = [
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_futex,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_sigaltstack,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

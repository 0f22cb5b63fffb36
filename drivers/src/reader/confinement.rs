//! What the card process may still do once it knows its task: a vendor's library in it shall find no key, no network, and
//! nobody to harm.
//!
//! Landlock leaves it the system's libraries, the devices and the vendor's own folder; seccomp takes from it what Landlock does
//! not cover: new processes, other processes, other sockets than local ones, and the modes and owners of files.

use std::collections::BTreeMap;
use std::env;
use std::fs::File;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, LandlockStatus,
    PathBeneath, PathFd, RestrictionStatus, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError,
    Scope, path_beneath_rules,
};
use seccompiler::{
    SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

use super::service::SOCKET_VARIABLE;
use super::settings::Provider;

/// Rights that newer kernels know and older ones pass over. Sockets can be told apart from version 9 on.
const NEWEST: ABI = ABI::V9;

/// Libraries and what they read: fonts of characters, time zones, lists of readers. No folder that holds a service's keys.
const SYSTEM: [&str; 20] = [
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/ld.so.preload",
    "/etc/localtime",
    "/etc/locale.alias",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/group",
    "/etc/libccid_Info.plist",
    "/etc/reader.conf.d",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys",
    "/run/udev/data",
];

/// Where devices are listed. Not all that lies below is granted: memory that programs share does, too (`/dev/shm`).
const LISTED: &str = "/dev";

/// USB readers, which come and go, and what libraries take for granted. Which of them this account may open is the system's business.
const DEVICES: [&str; 6] = [
    "/dev/bus/usb",
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
];

/// How the names of serial lines and HID readers begin. One that is plugged in later the next card process can open.
const LINES: [&str; 4] = ["ttyS", "ttyUSB", "ttyACM", "hidraw"];

/// Where pcscd listens, unless a variable names another place.
const SERVICE: &str = "/run/pcscd";

/// The kernel can confine the card process, and how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confinement {
    /// The version of Landlock; 0 where the kernel has none.
    pub landlock: u8,
    /// Whether system calls can be refused.
    pub seccomp: bool,
}

impl Confinement {
    /// Whether a vendor's library in the card process can be kept from files that its account may read.
    pub fn keeps_files_away(self) -> bool {
        self.landlock > 0
    }
}

/// How far this process was confined, and what it can open all the same.
#[derive(Debug)]
pub(super) struct Confined {
    by: Confinement,
    /// Something that it is to be kept from can be opened.
    leaks: bool,
}

impl Confined {
    /// Whether a vendor's library in this process does not reach what it is to be kept from: by the kernel's confinement, or since
    /// `apart`, in an account of its own, it may not open it.
    pub(super) fn keeps_what_is_to_be_kept(&self, apart: bool) -> bool {
        let kept = !self.leaks && (apart || (self.by.keeps_files_away() && self.by.seccomp));
        if kept {
            tracing::info!(
                landlock = self.by.landlock,
                seccomp = self.by.seccomp,
                apart,
                "card process confined"
            );
        } else {
            tracing::warn!(
                landlock = self.by.landlock,
                seccomp = self.by.seccomp,
                apart,
                "card process not confined: a vendor's library in it could read the agent's keys, and is not loaded"
            );
        }
        kept
    }
}

/// Why the card process could not be confined although the kernel can.
#[derive(Debug, thiserror::Error)]
pub enum ConfinementError {
    /// Landlock refused.
    #[error("Landlock: {0}")]
    Landlock(#[from] RulesetError),
    /// Seccomp refused.
    #[error("seccomp: {0}")]
    Seccomp(#[from] seccompiler::Error),
    /// This processor's system calls are not known to the filter.
    #[error("seccomp: {0}")]
    Filter(#[from] seccompiler::BackendError),
    /// The thread that asks the kernel did not answer.
    #[error("the kernel could not be asked")]
    NotAsked,
}

/// Confines this process for good. It must have one thread only, and has not loaded anybody's library yet.
pub(super) fn confine(
    providers: &[Provider],
    keep_from: &[PathBuf],
) -> Result<Confined, ConfinementError> {
    let status = restrict_files(providers, keep_from)?;
    let by = Confinement {
        landlock: version(status.landlock),
        seccomp: restrict_calls()?,
    };
    let mut leaks = false;
    for path in keep_from {
        // Looked at, not believed: an open folder above could have let it through.
        if File::open(path).is_ok() {
            leaks = true;
            tracing::warn!(path = %path.display(), "the card process can open what it is to be kept from");
        }
    }
    Ok(Confined { by, leaks })
}

/// What this kernel can do; nothing is restricted by asking.
///
/// # Errors
///
/// The kernel gives no sensible answer.
pub fn confinement_here() -> Result<Confinement, ConfinementError> {
    // Only a thread that restricts itself is told the version: one that does nothing else, and ends.
    let asked = std::thread::spawn(|| {
        Ruleset::default()
            .handle_access(AccessFs::MakeBlock)?
            .create()?
            .restrict_self()
    });
    let status = asked
        .join()
        .map_err(|_panic| ConfinementError::NotAsked)??;
    Ok(Confinement {
        landlock: version(status.landlock),
        seccomp: Path::new("/proc/sys/kernel/seccomp/actions_avail").exists(),
    })
}

fn version(status: LandlockStatus) -> u8 {
    match status {
        LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => 0,
        // The crate's own count of versions ends somewhere; ours needs no more than "some".
        LandlockStatus::Available { effective_abi, .. } => {
            u8::try_from(effective_abi as i32).unwrap_or(u8::MAX)
        }
    }
}

fn restrict_files(
    providers: &[Provider],
    keep_from: &[PathBuf],
) -> Result<RestrictionStatus, RulesetError> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let device = read | AccessFs::WriteFile | AccessFs::IoctlDev;
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        .add_rules(path_beneath_rules(SYSTEM, read))?
        .add_rules(path_beneath_rules([LISTED], AccessFs::ReadDir))?
        .add_rules(path_beneath_rules(devices(), device))?
        .add_rules(path_beneath_rules(service(), AccessFs::ResolveUnix))?;
    for (path, access) in vendors(providers, keep_from, read) {
        // A library that is not there is told when it is to be loaded.
        if let Ok(opened) = PathFd::new(&path) {
            rules = rules.add_rule(PathBeneath::new(opened, access))?;
        }
    }
    rules.restrict_self()
}

fn devices() -> Vec<PathBuf> {
    let is_line = |name: &str| LINES.iter().any(|line| name.starts_with(line));
    // Where they cannot be listed there are none.
    let listed = std::fs::read_dir(LISTED).into_iter().flatten().flatten();
    let lines = listed.filter(|device| device.file_name().to_str().is_some_and(is_line));
    let lines = lines.map(|device| device.path());
    DEVICES.iter().map(PathBuf::from).chain(lines).collect()
}

/// The service's socket: its folder, or the one that the variable names.
fn service() -> Vec<PathBuf> {
    let named = env::var_os(SOCKET_VARIABLE).map(PathBuf::from);
    named
        .and_then(|socket| socket.parent().map(Path::to_owned))
        .into_iter()
        .chain([SERVICE.into()])
        .collect()
}

/// The folders of the vendors' libraries and of those they need. Of one that also holds what the process is to be kept from,
/// the library alone.
fn vendors(
    providers: &[Provider],
    keep_from: &[PathBuf],
    read: BitFlags<AccessFs>,
) -> Vec<(PathBuf, BitFlags<AccessFs>)> {
    let mut granted = Vec::new();
    for provider in providers {
        let Provider::VendorLibrary(vendor) = provider else {
            continue;
        };
        let resolved = vendor.library.canonicalize().ok();
        for library in [Some(vendor.library.clone()), resolved]
            .into_iter()
            .flatten()
        {
            match library.parent() {
                Some(folder) if is_harmless(folder, keep_from) => {
                    granted.push((folder.to_owned(), read));
                }
                Some(_) | None => granted.push((library, AccessFs::ReadFile.into())),
            }
        }
    }
    let searched = env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    let searched = env::split_paths(&searched).filter(|folder| is_harmless(folder, keep_from));
    granted.extend(searched.map(|folder| (folder, read)));
    granted
}

/// Whether nothing of what is to be kept lies in or below the folder, by its name or in truth.
fn is_harmless(folder: &Path, keep_from: &[PathBuf]) -> bool {
    let Ok(folder) = folder.canonicalize() else {
        return false;
    };
    let names = |path: &PathBuf| [Some(path.clone()), path.canonicalize().ok()];
    folder.is_absolute()
        && !keep_from
            .iter()
            .flat_map(names)
            .flatten()
            .any(|path| path.starts_with(&folder) || folder.starts_with(&path))
}

/// False where the kernel has no filters.
fn restrict_calls() -> Result<bool, ConfinementError> {
    let refused = libc_error(libc::EPERM);
    // glibc asks for these first and does without where they do not exist.
    let unknown = libc_error(libc::ENOSYS);
    let no_such_family = libc_error(libc::EAFNOSUPPORT);
    for (rules, answer) in [
        (refused_calls()?, refused),
        (every(&UNKNOWN), unknown),
        (sockets()?, no_such_family),
    ] {
        let filter = SeccompFilter::new(rules, SeccompAction::Allow, answer, architecture()?)?;
        let program: seccompiler::BpfProgram = filter.try_into()?;
        match apply_filter(&program) {
            Ok(()) => {}
            Err(seccompiler::Error::Prctl(error) | seccompiler::Error::Seccomp(error))
                if matches!(error.raw_os_error(), Some(libc::EINVAL | libc::ENOSYS)) =>
            {
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}

fn libc_error(number: i32) -> SeccompAction {
    SeccompAction::Errno(number.unsigned_abs())
}

fn architecture() -> Result<TargetArch, seccompiler::BackendError> {
    env::consts::ARCH.try_into()
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Each of these calls, whatever its arguments.
fn every(calls: &[libc::c_long]) -> Rules {
    calls
        .iter()
        .flat_map(|call| as_numbered(*call))
        .map(|call| (call, Vec::new()))
        .collect()
}

/// On x86-64 a second set of numbers, x32, leads to the same calls.
fn as_numbered(call: libc::c_long) -> Vec<i64> {
    if cfg!(target_arch = "x86_64") {
        vec![call, call | 0x4000_0000]
    } else {
        vec![call]
    }
}

fn refused_calls() -> Result<Rules, seccompiler::BackendError> {
    let mut rules = every(&REFUSED);
    #[cfg(target_arch = "x86_64")]
    rules.extend(every(&REFUSED_ON_X86_64));
    let own = u64::from(std::process::id());
    let is_not =
        |number| SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, number);
    // A library may end the process it is in, and no other.
    for call in [
        libc::SYS_kill,
        libc::SYS_tgkill,
        libc::SYS_rt_sigqueueinfo,
        libc::SYS_rt_tgsigqueueinfo,
    ] {
        for call in as_numbered(call) {
            rules.insert(call, vec![SeccompRule::new(vec![is_not(own)?])?]);
        }
    }
    let of_another = SeccompRule::new(vec![is_not(own)?, is_not(0)?])?;
    for call in as_numbered(libc::SYS_prlimit64) {
        rules.insert(call, vec![of_another.clone()]);
    }
    // Threads are started by this call too, and stay allowed.
    let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
    let a_process = SeccompCondition::new(
        0,
        SeccompCmpArgLen::Qword,
        SeccompCmpOp::MaskedEq(thread),
        0,
    )?;
    for call in as_numbered(libc::SYS_clone) {
        rules.insert(call, vec![SeccompRule::new(vec![a_process.clone()])?]);
    }
    Ok(rules)
}

/// Everything but local sockets.
fn sockets() -> Result<Rules, seccompiler::BackendError> {
    let local = u64::from(libc::AF_UNIX.unsigned_abs());
    let other = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, local)?;
    let rule = SeccompRule::new(vec![other])?;
    Ok(as_numbered(libc::SYS_socket)
        .into_iter()
        .map(|call| (call, vec![rule.clone()]))
        .collect())
}

const UNKNOWN: [libc::c_long; 4] = [
    libc::SYS_clone3,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
];

/// Other programs and processes; modes, owners and marks of files, which Landlock leaves to their owner; the kernel's own matters.
const REFUSED: [libc::c_long; 48] = [
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_kcmp,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_tkill,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_fchmodat2,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    libc::SYS_utimensat,
    libc::SYS_open_by_handle_at,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_setpriority,
    libc::SYS_sched_setscheduler,
    libc::SYS_sched_setattr,
    libc::SYS_quotactl,
];

/// The same under older names and, behind the mark of x32, other numbers: execve, ptrace, sigqueueinfo and their kin.
#[cfg(target_arch = "x86_64")]
const REFUSED_ON_X86_64: [libc::c_long; 15] = [
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
    520,
    521,
    524,
    536,
    539,
    540,
    545,
];

//! What is said of files in other hands than they should be, with the command that mends it, and of secrets that cannot be read.

use std::path::Path;

use nix::unistd::{Uid, User};

use super::system::system;
use crate::custody::{Fault, Finding, Thing, daemons_account};
use crate::secret_file::SecretFileError;
use crate::wording::notice::Notice;

impl From<&Finding> for Notice {
    fn from(finding: &Finding) -> Self {
        let (what, path) = (what(finding.thing), finding.path.display());
        let mend = mend(finding);
        match finding.fault {
            Fault::Mode { mode } => {
                let (code, harm) = match finding.thing {
                    Thing::Secret => ("secret_open", "别的账户也能读写"),
                    Thing::State => ("state_open", "别的账户也能进入"),
                    Thing::Configuration | Thing::Library | Thing::Above => {
                        ("file_open", "别的账户也能改动")
                    }
                };
                let seen = match finding.thing {
                    Thing::Secret => {
                        "可能已被别人看到的令牌和平台密钥要更换；台账密钥不要更换，换了打不开台账。"
                    }
                    Thing::Configuration | Thing::Library | Thing::State | Thing::Above => "",
                };
                Self::new(
                    code,
                    format!("{what} {path} 的权限是 {mode:04o}，{harm}。"),
                    format!("请以 root 执行：{mend} 。{seen}"),
                )
            }
            Fault::Owner { uid } => Self::new(
                "file_owner",
                format!("{what} {path} 属于{}，不是本程序或 root 的。", account(uid)),
                format!("请先核对内容是否被改过，再以 root 执行：{mend} 。"),
            ),
            Fault::Kind => Self::new(
                "file_kind",
                format!(
                    "{what} {path} 不是普通{}。",
                    if finding.thing == Thing::State {
                        "目录"
                    } else {
                        "文件"
                    }
                ),
                format!("请用 {mend} 查看，并改正配置中的路径。"),
            ),
        }
    }
}

fn what(thing: Thing) -> &'static str {
    match thing {
        Thing::Secret => "密钥文件",
        Thing::Configuration => "配置文件",
        Thing::Library => "厂商读卡库",
        Thing::State => "数据目录",
        Thing::Above => "目录",
    }
}

fn mend(finding: &Finding) -> String {
    let path = quoted(&finding.path);
    match (finding.fault, finding.thing) {
        (Fault::Kind, _) => format!("ls -ld {path}"),
        (Fault::Mode { .. }, Thing::Secret) => format!("chmod 600 {path}"),
        (Fault::Mode { .. }, Thing::State) => format!("chmod 700 {path}"),
        (Fault::Mode { .. }, Thing::Configuration | Thing::Library | Thing::Above) => {
            format!("chmod go-w {path}")
        }
        (Fault::Owner { .. }, Thing::State) => format!("chown {}: {path}", daemons_account()),
        (
            Fault::Owner { .. },
            Thing::Secret | Thing::Configuration | Thing::Library | Thing::Above,
        ) => format!("chown root: {path}"),
    }
}

/// As a shell takes it for one word.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@".contains(c);
    if text.chars().all(is_plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

fn account(uid: u32) -> String {
    match User::from_uid(Uid::from_raw(uid)) {
        Ok(Some(account)) => format!("账户 {}", account.name),
        Ok(None) | Err(_) => format!("编号 {uid} 的账户"),
    }
}

impl From<&SecretFileError> for Notice {
    fn from(error: &SecretFileError) -> Self {
        match error {
            SecretFileError::File {
                doing: _,
                path,
                source,
            } => Self::new(
                "secret_unreadable",
                format!("密钥文件 {} 读不出来：{}。", path.display(), system(source)),
                "请检查配置中的路径和该文件的权限。",
            ),
            SecretFileError::Custody(finding) => Self::from(finding),
            SecretFileError::TooLong { path } => Self::new(
                "secret_too_long",
                format!("密钥文件 {} 太长，不是密钥。", path.display()),
                "请检查配置中的路径。",
            ),
        }
    }
}

//! What is said of the doors: who may come in, where they are, and what answers behind the command line's socket.

use std::io::ErrorKind;

use super::system::system;
use crate::doors::access::callers::sockets::SocketError;
use crate::doors::access::operators::OperatorsError;
use crate::doors::console::client::ClientError;
use crate::doors::his::{BearerTokenError, SHORTEST_TOKEN};
use crate::secret_file::SecretFileError;
use crate::wording::notice::Notice;

impl From<&SocketError> for Notice {
    fn from(error: &SocketError) -> Self {
        match error {
            SocketError::Listen { address, source } if source.kind() == ErrorKind::AddrInUse => {
                Self::new(
                    "port_in_use",
                    format!("本机端口 {address} 已被别的程序占用。"),
                    "请停掉占用该端口的程序，或在配置 local.listen 中换一个端口。",
                )
            }
            SocketError::Listen { address, source } => Self::new(
                "cannot_listen",
                format!("不能监听 {address}：{}。", system(source)),
                "请检查配置 local.listen。",
            ),
            SocketError::Bind { path, source } => Self::new(
                "socket_unavailable",
                format!("本机套接字 {} 打不开：{}。", path.display(), system(source)),
                "请检查所在目录是否存在、运行账户是否有写权限。",
            ),
            SocketError::HandedOver(source) => Self::new(
                "sockets_unusable",
                format!("systemd 交来的套接字用不了：{}。", system(source)),
                "请重新安装 systemd 单元文件，执行 systemctl daemon-reload 后再启动。",
            ),
            SocketError::Missing { name } => Self::new(
                "socket_missing",
                format!("systemd 没有交来套接字 {name}。"),
                format!(
                    "请执行 systemctl enable --now settlement-agent-{name}.socket，再重新启动。"
                ),
            ),
            SocketError::TwinMissing { twin } => Self::new(
                "socket_twin_missing",
                format!("systemd 没有占住 {twin}：本机别的账户可以占用它，骗走医院系统的令牌。"),
                format!(
                    "请用 systemctl edit settlement-agent-page.socket 补上一行 ListenStream={twin}，再执行 systemctl restart settlement-agent-page.socket settlement-agent。"
                ),
            ),
            SocketError::Differs {
                name,
                key,
                held,
                configured,
            } => Self::new(
                "socket_differs",
                format!("配置 {key} 是 {configured}，systemd 占住的却是 {held}。"),
                format!(
                    "请用 systemctl edit settlement-agent-{name}.socket 改成一致（或改正配置），再执行 systemctl restart settlement-agent-{name}.socket settlement-agent。"
                ),
            ),
        }
    }
}

impl From<&OperatorsError> for Notice {
    fn from(error: &OperatorsError) -> Self {
        match error {
            OperatorsError::NoSuchAccount(user) => Notice::new(
                "operator_account_missing",
                format!("配置中的经办人账户“{user}”在本机不存在。"),
                "请先建立该账户，或改正配置文件 [[operator]] 的 user。",
            ),
            OperatorsError::NoSuchHospitalAccount(user) => Notice::new(
                "his_account_missing",
                format!("配置中医院系统的账户“{user}”在本机不存在。"),
                "请先建立该账户，或改正配置 local.his_accounts。",
            ),
            OperatorsError::Accounts(_) => Notice::new(
                "accounts_unreadable",
                "本机账户信息读不出来。",
                "请让信息科检查 /etc/passwd 和名称服务后重新启动。",
            ),
        }
    }
}

impl From<&BearerTokenError> for Notice {
    fn from(error: &BearerTokenError) -> Self {
        match error {
            BearerTokenError::Secret(SecretFileError::Custody(finding)) => Self::from(finding),
            BearerTokenError::Secret(SecretFileError::File {
                path,
                source,
                doing: _,
            }) => Self::new(
                "his_token_file",
                format!(
                    "接口令牌文件 {} 读不出来：{}。",
                    path.display(),
                    system(source)
                ),
                "请检查配置 local.his_token_file 的路径和权限。",
            ),
            BearerTokenError::Secret(SecretFileError::TooLong { path }) => Self::new(
                "his_token_file",
                format!("接口令牌文件 {} 太长，不是令牌。", path.display()),
                "请检查配置 local.his_token_file 的路径。",
            ),
            BearerTokenError::TooShort { path } => Self::new(
                "his_token_short",
                format!(
                    "接口令牌文件 {} 中的令牌少于 {SHORTEST_TOKEN} 个字符。",
                    path.display()
                ),
                "请换一个更长的随机令牌，例如 openssl rand -hex 32 的输出。",
            ),
        }
    }
}

impl From<&ClientError> for Notice {
    fn from(error: &ClientError) -> Self {
        match error {
            ClientError::Unreachable { path, source: _ } => Notice::new(
                "daemon_unreachable",
                format!("连不上本机的结算程序（{}）。", path.display()),
                "请先启动：systemctl start settlement-agent，或检查配置文件 local.socket。",
            ),
            ClientError::Unreadable { path, source: _ } => Notice::new(
                "daemon_unreadable",
                format!("{} 上的程序答非所问，可能是另一个版本。", path.display()),
                "请重新启动：systemctl restart settlement-agent，再试一次。",
            ),
            ClientError::Refused(notice) => notice.clone(),
        }
    }
}

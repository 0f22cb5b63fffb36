//! What the command line is told where the daemon does not do what it asks.

use crate::doors::console::server::ConsoleError;
use crate::wording::notice::Notice;

impl ConsoleError {
    /// What is wrong, and what to do.
    pub(crate) fn notice(&self) -> Notice {
        match self {
            Self::Stranger => Notice::new(
                "not_an_operator",
                "当前登录账户不是本窗口的经办人。",
                "请用配置文件 [[operator]] 中的账户登录，或请信息科加上该账户。",
            ),
            Self::NobodySignedIn => Notice::new(
                "nobody_signed_in",
                "本窗口已设置人员，而当前账户的页面上没有人登录（或登录了不止一人）。",
                "请先在页面上用工号登录，再执行这个命令；也可以直接在页面上办理。",
            ),
            Self::NotRoot => Notice::new(
                "not_root",
                "只有 root 能在终端管理人员。",
                "请信息科用 root 执行，或请管理人员在页面“人员”中办理。",
            ),
            Self::Counter(error) => Notice::from(error),
            Self::NoRandomness => {
                Notice::new("no_randomness", "本机取不到随机数。", "请联系信息科。")
            }
            Self::NotAHead(text) => Notice::new(
                "not_a_head",
                format!("“{text}”不是台账校验码。"),
                "请照结算单上的“台账校验码”输入，例如 12-00ff00ff00ff00ff。",
            ),
            Self::Unknown => Notice::new(
                "console_request_unknown",
                "本机的结算程序不认识这个请求，可能是另一个版本。",
                "请重新启动：systemctl restart settlement-agent，再试一次。",
            ),
        }
    }
}

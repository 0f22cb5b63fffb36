//! What is said where the daemon does not start, or had to stop.

use receipts::FontError;

use super::ledger::ledger;
use super::system::system;
use crate::daemon::StartError;
use crate::wording::notice::Notice;

impl From<&StartError> for Notice {
    fn from(error: &StartError) -> Self {
        match error {
            StartError::Clock(_) | StartError::Signals(_) => {
                Self::new("system", "本机系统信息读不出来。", "请联系信息科。")
            }
            StartError::Operators(error) => Self::from(error),
            StartError::Ledger(error) => ledger(error),
            StartError::Terminal(_) => Self::new(
                "configuration_invalid",
                "机构编码或终端号不对。",
                "请改正配置 institution.code 和 terminal.number。",
            ),
            StartError::Registry(error) => error.notice(),
            StartError::Platform(error) => error.notice(),
            StartError::Font(error) => font(error),
            StartError::Sockets(error) => Self::from(error),
            StartError::BearerToken(error) => Self::from(error),
            StartError::NoThread => Self::new(
                "no_thread",
                "系统不允许本程序再建线程，没有启动。",
                "请信息科检查运行账户的进程数限制（nproc、TasksMax）后重新启动。",
            ),
            StartError::Task(_) => Self::new(
                "task_ended",
                "程序有一部分意外停止，整个程序因此退出。",
                "程序会自动重启，已结算的记录没有丢失；反复出现请联系信息科查看日志。",
            ),
            StartError::Served(_) => Self::new(
                "served",
                "本机接口意外停止。",
                "程序会自动重启；反复出现请联系信息科。",
            ),
        }
    }
}

fn font(error: &FontError) -> Notice {
    let (path, what) = match error {
        FontError::Read { path, source } => (path, format!("读不出来：{}", system(source))),
        FontError::NotAFont { path } => (path, "不是可用的字体".to_owned()),
        FontError::LacksFormText { path, character } => {
            (path, format!("没有结算单需要的字“{character}”"))
        }
    };
    Notice::new(
        "font_unusable",
        format!("结算单字体 {} {what}。", path.display()),
        "请安装 fonts-noto-cjk，或在配置 slip.font 中指定一个简体中文字体。",
    )
}

//! `card-child`: the process that reads cards for the daemon, which starts, watches and kills it.

use std::fs::File;
use std::sync::Mutex;

use super::ground;
use crate::wording::notice::Notice;
use crate::wording::system::system;

pub(super) fn run() -> Result<(), Notice> {
    drivers::reader::close_inherited_files().map_err(|error| {
        Notice::new(
            "card_child",
            format!("读卡子进程不能关闭继承的文件：{}。", system(&error)),
            "请信息科查看日志；程序会自动重试。",
        )
    })?;
    // Standard error is taken away from the vendors' libraries: the log needs another way to it.
    match rustix::io::dup(std::io::stderr()) {
        Ok(log) => ground::log_to(Mutex::new(File::from(log))),
        Err(error) => tracing::debug!(%error, "no log"),
    }
    match drivers::reader::run_child() {
        Ok(never) => match never {},
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the card process ends"
            );
            Err(Notice::new(
                "card_child",
                "读卡子进程不能工作，已结束；详情见日志。",
                "这个子命令由结算程序自己启动，不需要手工运行。",
            ))
        }
    }
}

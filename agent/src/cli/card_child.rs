//! `card-child`: the process that reads cards for the daemon, which starts, watches and kills it.

use crate::notice::Notice;

pub(super) fn run() -> Result<(), Notice> {
    match drivers::reader::run_child() {
        Ok(never) => match never {},
        Err(error) => Err(Notice::new(
            "card_child",
            format!("读卡子进程结束：{error}。"),
            "这个子命令由结算程序自己启动，不需要手工运行。",
        )),
    }
}

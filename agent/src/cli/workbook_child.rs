//! `workbook-child`: the process that reads a workbook for the daemon or a command, which starts it.

use crate::bill;
use crate::wording::notice::Notice;

pub(super) fn run() -> Result<(), Notice> {
    let read = drivers::reader::close_inherited_files()
        .map_err(bill::WorkbookProcessError::Pipe)
        .and_then(|()| bill::read_for_the_parent());
    read.map_err(|error| {
        Notice::new(
            "workbook_child",
            format!("读表格文件的子进程结束：{error}。"),
            "这个子命令由程序自己启动，不需要手工运行。",
        )
    })
}

//! What the subcommands say where they do not get on.

use std::io::Error;
use std::path::Path;

use super::system::system;
use crate::wording::notice::Notice;

/// The program has no thread or runtime of its own.
pub(crate) fn not_started(error: &Error) -> Notice {
    Notice::new(
        "system",
        format!("程序无法启动：{}。", system(error)),
        "请联系信息科。",
    )
}

/// What the command prints goes nowhere.
pub(crate) fn output(error: &Error) -> Notice {
    Notice::new(
        "output",
        format!("结果写不出来：{}。", system(error)),
        "请检查输出到的文件或磁盘。",
    )
}

/// What comes in over standard input breaks off.
pub(crate) fn input(error: &Error) -> Notice {
    Notice::new(
        "input",
        format!("标准输入读不出来：{}。", system(error)),
        "请检查送来案例的程序或文件。",
    )
}

/// The file of a case.
pub(crate) fn case_unreadable(path: &Path, error: &Error) -> Notice {
    Notice::new(
        "case_unreadable",
        format!("案例文件 {} 读不出来：{}。", path.display(), system(error)),
        "请核对路径和权限。",
    )
}

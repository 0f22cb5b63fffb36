//! What the system answered, in Chinese: its own words are English and belong into the log.

use std::io::{Error, ErrorKind};

/// A half sentence for an error of the system, with its number where that says more than we know.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the standard library's kinds, of which the rest are told by their number"
)]
pub(crate) fn system(error: &Error) -> String {
    let words = match error.kind() {
        ErrorKind::NotFound => "没有这个文件或目录",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::AlreadyExists => "已经存在",
        ErrorKind::IsADirectory => "是目录，不是文件",
        ErrorKind::NotADirectory => "路径中有一段不是目录",
        ErrorKind::DirectoryNotEmpty => "目录不是空的",
        ErrorKind::ReadOnlyFilesystem => "所在的文件系统只能读",
        ErrorKind::StorageFull => "磁盘已满",
        ErrorKind::QuotaExceeded => "超过了磁盘配额",
        ErrorKind::FileTooLarge => "文件太大",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "正被别的程序占用",
        ErrorKind::InvalidData => "内容不对，或不是 UTF-8 的文本",
        ErrorKind::UnexpectedEof => "内容不完整",
        ErrorKind::OutOfMemory => "内存不够",
        ErrorKind::TimedOut => "等了太久，没有应答",
        ErrorKind::WouldBlock => "系统暂时给不出所要的资源",
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => {
            "对方已经断开"
        }
        ErrorKind::ConnectionRefused => "对方没有接受连接",
        ErrorKind::AddrInUse => "地址已被别的程序占用",
        ErrorKind::AddrNotAvailable => "本机没有这个地址",
        ErrorKind::InvalidFilename => "文件名不对",
        // The standard library may learn of others; each has the system's number.
        _ => return unnamed(error),
    };
    words.to_owned()
}

/// By its number alone, which the system's manual explains (`errno -l`).
fn unnamed(error: &Error) -> String {
    match error.raw_os_error() {
        Some(EIO) => "设备读写出错".to_owned(),
        Some(EMFILE | ENFILE) => "打开的文件太多".to_owned(),
        Some(number) => format!("系统错误（编号 {number}）"),
        None => "系统错误".to_owned(),
    }
}

const EIO: i32 = 5;
const ENFILE: i32 = 23;
const EMFILE: i32 = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_system_is_said_in_chinese_and_what_we_do_not_know_by_its_number() {
        for (number, words) in [
            (2, "没有这个文件或目录"),
            (13, "没有权限"),
            (1, "没有权限"),
            (28, "磁盘已满"),
            (5, "设备读写出错"),
            (24, "打开的文件太多"),
            (71, "系统错误（编号 71）"),
        ] {
            assert_eq!(system(&Error::from_raw_os_error(number)), words);
        }
        let own = Error::new(ErrorKind::InvalidData, "stream did not contain valid UTF-8");
        assert_eq!(system(&own), "内容不对，或不是 UTF-8 的文本");
        assert_eq!(system(&Error::other("anything")), "系统错误");
    }
}

//! What people read of the bill folder: why it cannot be looked into, and why a file in it is offered nowhere.

use std::io::Error;
use std::path::Path;

use super::notice::Notice;
use super::system::system;
use crate::bill::folder::{FolderTrouble, Unfit};
use crate::counter::NotOffered;

/// Why nothing is offered from the folder.
pub(crate) fn trouble(trouble: FolderTrouble, path: &Path) -> Notice {
    let path = path.display();
    let meanwhile = "在此期间请在出院结算页面另选账单文件；文件夹恢复后本机会自己继续。";
    match trouble {
        FolderTrouble::Missing => Notice::new(
            "bill_folder_missing",
            format!("账单文件夹 {path} 不在了，或网络共享没有挂上。"),
            format!("请信息科检查该文件夹和配置 bill.folder。{meanwhile}"),
        ),
        FolderTrouble::NotAFolder => Notice::new(
            "bill_folder_wrong",
            format!("配置的账单文件夹 {path} 不是文件夹，或是一个符号链接。"),
            format!("请信息科在配置 bill.folder 中写文件夹本身的完整路径。{meanwhile}"),
        ),
        FolderTrouble::Forbidden => Notice::new(
            "bill_folder_forbidden",
            format!("本机结算程序没有权限打开账单文件夹 {path}。"),
            format!("请信息科给账户 settlement-agent 读取该文件夹的权限。{meanwhile}"),
        ),
        FolderTrouble::Fails(kind) => Notice::new(
            "bill_folder_fails",
            format!(
                "账单文件夹 {path} 读不出来（{}）。",
                system(&Error::from(kind))
            ),
            format!("请信息科检查该磁盘或网络共享。{meanwhile}"),
        ),
        FolderTrouble::Silent => Notice::new(
            "bill_folder_silent",
            format!("账单文件夹 {path} 没有响应，多半是网络共享断了。"),
            format!("请信息科检查网络共享。{meanwhile}"),
        ),
    }
}

/// No bill was chosen, in whichever way.
pub(crate) fn none_chosen() -> Notice {
    Notice::new(
        "bill_not_chosen",
        "没有选账单文件，或者选的文件是空的。",
        "请选医院系统导出的账单，再按“试算”。",
    )
}

/// One that lies in the folder and one of the browser's.
pub(crate) fn two_chosen() -> Notice {
    Notice::new(
        "bill_chosen_twice",
        "账单文件夹里的账单和另选的文件都选上了，不知道用哪一份。",
        "要用另选的文件，请先点选“另选文件”；要用文件夹里的，请刷新页面后只选那一份。",
    )
}

/// The packaged unit does not see that part of the tree.
pub(crate) fn unseen(path: &Path) -> Notice {
    Notice::new(
        "bill_folder_unseen",
        format!(
            "账单文件夹 {} 在 /home、/root 或 /tmp 之下，作为系统服务运行的结算程序看不到这些目录。",
            path.display()
        ),
        "请把账单放到别处，例如 /srv/bills，并改正配置 bill.folder。",
    )
}

/// Every account of the PC can put a bill there.
pub(crate) fn open_to_all(path: &Path) -> Notice {
    Notice::new(
        "bill_folder_open",
        format!(
            "本机任何账户都能往账单文件夹 {} 里放文件或替换其中的账单。",
            path.display()
        ),
        format!("请只让医院系统的账户能写：chmod o-w {}", path.display()),
    )
}

/// Why a file is offered at no stay, and what to do about it.
pub(crate) fn not_offered(why: &NotOffered) -> String {
    match why {
        NotOffered::Unfit(unfit) => unfit_file(*unfit),
        NotOffered::NoBill(error) => Notice::from(&**error).say,
        NotOffered::Nobodys(numbers) if numbers.is_empty() => {
            "文件名和内容里都没有在院登记的住院号；请医院系统把住院号写进文件名或表头。".to_owned()
        }
        NotOffered::Nobodys(numbers) => format!(
            "文件里的住院号是 {}，没有这个号的在院登记。",
            numbers.join("、")
        ),
        NotOffered::Several(numbers) => format!(
            "分不清是哪一次住院的账单：对得上的住院号有 {}；请一次住院导出一份。",
            numbers.join("、")
        ),
        NotOffered::Disagree { name, inside } => format!(
            "文件名里的住院号是 {name}，内容里的是 {inside}，两者不一致；请在医院系统中核对后重新导出。"
        ),
    }
}

fn unfit_file(unfit: Unfit) -> String {
    match unfit {
        Unfit::Link => "是符号链接，本机不打开；请放文件本身。".to_owned(),
        Unfit::Special => "不是普通文件，本机不打开。".to_owned(),
        Unfit::Empty => "文件是空的。".to_owned(),
        Unfit::TooLarge => format!(
            "超过 {} MB，不是一次就诊的账单。",
            crate::bill::LARGEST_FILE / (1024 * 1024)
        ),
        Unfit::Unreadable(kind) => format!(
            "读不出来（{}）；请信息科检查权限。",
            system(&Error::from(kind))
        ),
    }
}

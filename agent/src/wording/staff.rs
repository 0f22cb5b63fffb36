//! What is said to the people of this counter: at the sign-in, of a password, of the list.

use crate::counter::{PasswordFault, SecondFault, StaffError};
use crate::records::staff::Role;
use crate::wording::notice::Notice;

/// The role as people call it.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Cashier => "收款",
        Role::Reviewer => "复核",
        Role::Administrator => "管理",
    }
}

/// The role of this stable name, as people call it; a name that is not known, as it is.
pub(crate) fn role_named(name: &str) -> &str {
    match Role::parse(name) {
        Some(known) => role(known),
        None => name,
    }
}

/// The role that somebody means by this word.
///
/// # Errors
/// It is none.
pub(crate) fn role_called(word: &str) -> Result<Role, Notice> {
    let word = word.trim();
    Role::ALL
        .into_iter()
        .find(|each| role(*each) == word || each.name() == word)
        .ok_or_else(|| {
            Notice::new(
                "role_unknown",
                format!("没有“{word}”这项权限。"),
                "请写 收款、复核、管理 中的一项或几项，用逗号分开，例如 --roles 收款,管理。",
            )
        })
}

impl From<&StaffError> for Notice {
    fn from(error: &StaffError) -> Self {
        match error {
            StaffError::NotRight { left } => Self::new(
                "sign_in_wrong",
                "工号或密码不对。",
                match left {
                    Some(left) => format!("请重新输入；再错 {left} 次，这个工号会被锁定。"),
                    None => "请重新输入；忘记密码的，请管理人员重置。".to_owned(),
                },
            ),
            StaffError::Locked { minutes } => Self::new(
                "sign_in_locked",
                format!("密码错的次数太多，这个工号已锁定，还有 {minutes} 分钟。"),
                "请到时再试，或请管理人员重置密码。",
            ),
            StaffError::Disabled => Self::new(
                "person_disabled",
                "这个工号已停用，不能登录。",
                "需要恢复的，请管理人员重置密码。",
            ),
            StaffError::RoleMissing(needed) => Self::new(
                "role_missing",
                format!("您没有“{}”的权限，没有办理。", role(*needed)),
                "请换有权限的人员登录办理，或请管理人员调整您的权限。",
            ),
            StaffError::Second(fault) => second(*fault),
            StaffError::Password(fault) => password(*fault),
            StaffError::NumberTaken => Self::new(
                "staff_number_taken",
                "这个工号已经有人用。",
                "请核对工号；恢复停用人员的，请重置他的密码。",
            ),
            StaffError::NotANumber => Self::new(
                "staff_number_wrong",
                "工号不对：须是 1 到 20 位字母或数字。",
                "请照工作证上的工号填写。",
            ),
            StaffError::Unknown => Self::new(
                "staff_unknown",
                "没有这个工号。",
                "请核对工号；新来的人员请先增加。",
            ),
            StaffError::NoRole => Self::new(
                "staff_without_role",
                "没有选权限。",
                "请至少选一项：收款、复核、管理。",
            ),
            StaffError::LastAdministrator => Self::new(
                "last_administrator",
                "这是最后一名管理人员：停用或去掉权限后，就没有人能管理人员了，没有改动。",
                "请先给另一名人员加上“管理”权限。",
            ),
            StaffError::NoneYet => Self::new(
                "no_staff_yet",
                "本窗口还没有设置人员，现在按本机账户办理。",
                "请信息科用 root 增加第一名管理人员：settlement-agent staff add 工号 --name 姓名 --roles 管理。",
            ),
            StaffError::Hash(_) => Self::new(
                "password_not_kept",
                "密码没有存下，没有改动。",
                "请再试一次；仍不行时请联系信息科。",
            ),
        }
    }
}

fn password(fault: PasswordFault) -> Notice {
    let say = match fault {
        PasswordFault::Short { least } => format!("新密码太短：至少 {least} 个字符。"),
        PasswordFault::Long => "新密码太长：最多 64 个字符。".to_owned(),
        PasswordFault::Plain { kinds } => {
            format!("新密码太简单：大写字母、小写字母、数字、其他符号中至少要有 {kinds} 种。")
        }
        PasswordFault::OwnName => "新密码里不能有自己的工号或姓名。".to_owned(),
        PasswordFault::UsedBefore => "这个密码最近用过。".to_owned(),
        PasswordFault::Differ => "两次输入的新密码不一样。".to_owned(),
        PasswordFault::Unseen => "新密码里有看不见的字符。".to_owned(),
    };
    Notice::new("password_not_taken", say, "请另定一个新密码。")
}

fn second(fault: SecondFault) -> Notice {
    match fault {
        SecondFault::Missing => Notice::new(
            "second_person_missing",
            "这件事须由两个人办理：还没有复核人，没有登记。",
            "请复核人在页面上输入自己的工号和密码，再登记一次。",
        ),
        SecondFault::SamePerson => Notice::new(
            "same_person_twice",
            "经办人和复核人是同一人，没有登记。",
            "请另一名有“复核”权限的人员输入工号和密码。",
        ),
        SecondFault::NotReady => Notice::new(
            "second_person_not_ready",
            "复核人还没有定自己的密码，没有登记。",
            "请复核人先登录一次页面，定好密码再来复核。",
        ),
    }
}

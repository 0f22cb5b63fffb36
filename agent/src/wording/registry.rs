//! What a person at the counter reads when the cache does not answer.

use crate::province::SyncError;
use crate::registry::RegistryError;
use crate::wording::notice::Notice;

impl RegistryError {
    /// Code, sentence and next step.
    pub fn notice(&self) -> Notice {
        match self {
            Self::File { path, .. } => Notice::new(
                "registry_file_unusable",
                format!("备案缓存文件 {} 不能使用。", path.display()),
                "请信息科检查该目录的权限和磁盘空间。已结算的记录不受影响。",
            ),
            Self::Database(_) => Notice::new(
                "registry_unavailable",
                "备案缓存暂时读不出来。",
                "请稍后再试；仍不行时请信息科查看日志和磁盘空间。已结算的记录不受影响。",
            ),
            Self::BegunAnew(_) => Notice::new(
                "registry_begun_anew",
                "备案缓存已损坏，程序已另建一份空的。",
                "请等待与省平台同步完成后再试；联网时可以直接在线查询。已结算的记录不受影响。",
            ),
            Self::Malformed { field } => Notice::new(
                "registry_record_malformed",
                format!("省平台给出的资料不合约定（{field}），不能据此判断。"),
                "请在线重新查询；仍不行时请与经办机构联系核对该职工的资料。",
            ),
            Self::MalformedEntry { code, field } => Notice::new(
                "catalogue_entry_malformed",
                format!(
                    "省平台目录里 {code} 这一条的内容不合约定（{field}），带这个编码的账单现在不能分割。"
                ),
                "请与经办机构联系更正目录，更正并同步后再试；急着出院的，按手工报销办理。其他编码不受影响。",
            ),
            Self::PageOutOfOrder { .. } => Notice::new(
                "registry_page_out_of_order",
                "与省平台同步备案资料时次序不对，本次没有采用。",
                "程序会从头同步；反复出现时请信息科与平台的技术支持联系。",
            ),
            Self::Interrupted(_) => Notice::new(
                "registry_interrupted",
                "备案缓存的读写中断了。",
                "请再试一次；仍不行时请信息科查看日志。已结算的记录不受影响。",
            ),
            Self::Record(_) => Notice::new(
                "registry_record_not_kept",
                "一条备案资料无法存入缓存，或读不出来。",
                "请在线查询该职工；并请信息科把日志交给程序的维护方。",
            ),
        }
    }
}

impl SyncError {
    /// Code, sentence and next step.
    pub fn notice(&self) -> Notice {
        match self {
            Self::Platform(error) => error.notice(),
            Self::Registry(error) => error.notice(),
            Self::Endless { .. } => endless(),
        }
    }
}

/// The registry's pages do not end.
pub(crate) fn endless() -> Notice {
    Notice::new(
        "registry_endless",
        "省平台给出的备案资料没有尽头，或一再从头开始，本次没有取完。",
        "在线查询仍可使用；请信息科与平台的技术支持联系，核对同步交易的分页。",
    )
}

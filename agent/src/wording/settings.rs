//! What is said of a configuration that cannot be taken: which key, what is expected, what to do.

use super::system::system;
use super::toml::toml;
use crate::bill::{CodesFault, Mapping, MappingError};
use crate::settings::{Invalid, ItemCodesFault, SettingsError, Unit};
use crate::wording::notice::Notice;

impl From<&SettingsError> for Notice {
    fn from(error: &SettingsError) -> Self {
        match error {
            SettingsError::Unreadable { path, source } => Self::new(
                "configuration_unreadable",
                format!("配置文件 {} 读不出来：{}。", path.display(), system(source)),
                "请检查路径和读取权限，改好后重新启动。",
            ),
            SettingsError::Syntax { path, fault } => Self::new(
                "configuration_invalid",
                format!("配置文件 {} 有误，{}。", path.display(), toml(fault)),
                "请按提示的行改正（不认识的项要删去），再用 settlement-agent check-config 检查。",
            ),
            SettingsError::Invalid { key, why } => Self::new(
                "configuration_invalid",
                format!("配置项 {key} 不对：{}。", invalid(why)),
                "请改正后用 settlement-agent check-config 检查，再重新启动。",
            ),
        }
    }
}

fn invalid(why: &Invalid) -> String {
    match why {
        Invalid::Empty => "不能为空",
        Invalid::NotWholePath => "须是从 / 开始的完整路径",
        Invalid::TerminalNumber => "须是 1 到 49 的整数，同一机构内不得重复",
        Invalid::NoOperator => "至少要有一名经办人（[[operator]]，含 user 和 name）",
        Invalid::UnnamedOperator => "user（本机账户）和 name（姓名）都不能为空",
        Invalid::WitnessBesideLedger => {
            "不能与 storage.directory 相同或互相包含：见证要与台账分开存放"
        }
        Invalid::InstitutionCode => "须是平台分配的 12 位机构编码（字母和数字）",
        Invalid::Division => "须是 6 位行政区划代码",
        Invalid::UnknownProfile => "没有这样的省份设置，可用 national、hunan、fujian",
        Invalid::NotHttps => "须以 https:// 开头",
        Invalid::VendorLibraryMissing => "认证方式用到 vendor 时须写明厂商读卡库的路径",
        Invalid::NotAnAddress => "须是 127.0.0.1:端口 的形式",
        Invalid::NotLoopback => "只能监听本机回环地址，例如 127.0.0.1:8730",
        Invalid::SocketsEqual => "不能与 local.socket 相同",
        Invalid::NoHospitalAccount => {
            "须写明医院系统在本机用哪个账户运行，例如 [\"his\"]；有令牌而账户不对的，一律拒绝"
        }
        Invalid::PatternLength => {
            "shortest 须不小于 1、不大于 longest，longest 不超过 4296（不含 prefix 和 suffix）"
        }
        Invalid::Speed => "须是 9600、19200、38400、57600 或 115200",
        Invalid::SerialAddress => {
            "须是 /dev/serial/by-id 下名称的一部分、USB 的 厂商:产品 编号（lsusb 可见）或固定的设备路径"
        }
        Invalid::VolatileAddress(path) => {
            return format!(
                "{path} 的编号每次插拔都可能改变，请改用 /dev/serial/by-id 下的名称"
            );
        }
        Invalid::Outside { least, most, unit } => return outside(*least, *most, *unit),
        Invalid::ItemCodes { path, why } => return item_codes_file(path, why),
        Invalid::Mapping(error) => return mapping(error),
    }
    .to_owned()
}

fn outside(least: u64, most: u64, unit: Unit) -> String {
    let unit = match unit {
        Unit::Milliseconds => " 毫秒",
        Unit::Seconds => " 秒",
        Unit::Minutes => " 分钟",
        Unit::Percent => "%",
        Unit::Hours => " 小时",
        Unit::Days => " 天",
        Unit::Characters => " 个字符",
        Unit::Kinds => " 种",
        Unit::Passwords => " 个",
        Unit::Tries => " 次",
    };
    format!("须在 {least} 到 {most}{unit} 之间")
}

fn item_codes_file(path: &std::path::Path, why: &ItemCodesFault) -> String {
    let why = match why {
        ItemCodesFault::Unreadable(error) => system(error),
        ItemCodesFault::NotText => "不是 UTF-8、GBK 或 UTF-16 的文本，或是空的".to_owned(),
    };
    format!("文件 {} 读不出来：{why}", path.display())
}

fn mapping(error: &MappingError) -> String {
    match error {
        MappingError::NoSuchColumn(name) => {
            format!("没有名为“{name}”的列；可用：{}", Mapping::column_names())
        }
        MappingError::NoSuchCategory(name) => format!(
            "没有名为“{name}”的类别；可用：{}",
            Mapping::category_names()
        ),
        MappingError::Codes { line, fault } => {
            let why = match fault {
                CodesFault::NotAPair => "应为“本院编码,目录编码”两列",
                CodesFault::NothingListed => "目录编码是空的",
                CodesFault::TwoMeanings => "这个本院编码前面已对应到另一个目录编码",
            };
            format!("第 {line} 行：{why}")
        }
    }
}

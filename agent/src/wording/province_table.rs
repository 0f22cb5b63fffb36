//! What is wrong with a province's table, by message and line, as IT staff correct it.

use crate::province::error::AdapterFault;
use crate::province::trial::TrialError;
use crate::province::{FormatFault, NotDressed, RowFault, RowTrouble};
use crate::wording::notice::Notice;

/// What a trial says that came to nothing.
impl From<&TrialError> for Notice {
    fn from(error: &TrialError) -> Self {
        match error {
            TrialError::NoTransaction(transaction) => Self::new(
                "table_no_transaction",
                format!("这张接口代码表里没有交易 {}。", transaction.name()),
                "省平台有这个交易的，请在 [transactions] 里写上代码，并补上报文对照行。",
            ),
            TrialError::NotOurs(error) => Self::new(
                "message_not_ours",
                format!(
                    "文件不是这种报文的本机写法，错在第 {} 行第 {} 列附近：{}。",
                    error.line(),
                    error.column(),
                    not_ours(error)
                ),
                "请以 settlement-agent province example --transaction 交易名 的输出为底稿修改，字段不能多也不能少。",
            ),
            TrialError::NotBuilt(error) => {
                let source = std::error::Error::source(error);
                let why = source.and_then(|source| source.downcast_ref::<NotDressed>());
                error.notice().with_details(why.map(not_dressed))
            }
        }
    }
}

fn not_dressed(why: &NotDressed) -> String {
    match why {
        NotDressed::NoRows => "接口代码表里没有这种报文的对照行".to_owned(),
        NotDressed::Missing(field) => format!("缺少字段 {field}"),
        NotDressed::Unwritable(field) => format!("字段 {field} 的值不能按它的格式写出"),
        NotDressed::Json(_) => "写不成 JSON".to_owned(),
    }
}

/// The parser's words on fields; never a value, which may be a patient's.
fn not_ours(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let field = words.split('`').nth(1).unwrap_or_default();
    if words.starts_with("missing field") {
        format!("缺少字段 {field}")
    } else if words.starts_with("unknown field") {
        format!("没有字段 {field}")
    } else if error.is_data() {
        "值不对".to_owned()
    } else {
        "不是完整的 JSON".to_owned()
    }
}

/// Half sentences, one for each fault.
pub(super) fn adapter_fault(fault: &AdapterFault) -> String {
    match fault {
        AdapterFault::Version => {
            "version 须是 2（旧版接口代码表没有报文对照行，请以 settlement-agent province example 的输出为底稿重做）".to_owned()
        }
        AdapterFault::Path => "path 须以 / 开头".to_owned(),
        AdapterFault::FeeLines => "fee_lines_per_message 须不小于 1".to_owned(),
        AdapterFault::NoCode(transaction) => format!("{} 没有代码", transaction.name()),
        AdapterFault::SameCode(one, other) => {
            format!("{} 和 {} 用了同一个代码", one.name(), other.name())
        }
        AdapterFault::Format(fault) => format(fault),
        AdapterFault::Rows(faults) => faults.iter().map(row).collect::<Vec<_>>().join("；"),
    }
}

fn format(fault: &FormatFault) -> String {
    match fault {
        FormatFault::Name(name) => {
            format!("[formats] 和 [codes] 中的名称 {name} 重复，或是保留的名称 ours")
        }
        FormatFault::NotOne(name) => {
            format!("[formats] 的 {name} 须写 time、number、text 中的一个，且只写一个")
        }
        FormatFault::Time(name) => format!(
            "[formats] 的 {name} 不是可用的时间格式：只能用 yyyy、MM、dd、HH、mm、ss、XXX，年月日都要有，其他字母写在单引号里"
        ),
        FormatFault::Decimals(name) => format!("[formats] 的 {name} 小数位数太多，最多 8 位"),
    }
}

fn row(fault: &RowFault) -> String {
    let what = trouble(&fault.why);
    match fault.line {
        Some(line) => format!("第 {line} 行（{}）：{what}", fault.message),
        None => format!("{} 部分：{what}", fault.message),
    }
}

fn trouble(why: &RowTrouble) -> String {
    match why {
        RowTrouble::NoRows => "有交易代码，没有报文对照行".to_owned(),
        RowTrouble::NoTransaction => "有报文对照行，[transactions] 中没有代码".to_owned(),
        RowTrouble::Parts => {
            "一行须是 [对方字段, 本机字段] 或 [对方字段, 本机字段, 格式]；固定值不带格式".to_owned()
        }
        RowTrouble::Theirs(name) => format!(
            "对方字段 {name} 写法不对：各级用点隔开，列表名后加 []，一个字段最多在一层列表里，末级不能是列表"
        ),
        RowTrouble::Twice(name) => {
            format!("对方字段 {name} 已经有了，或者它既有值又有下级字段")
        }
        RowTrouble::Unknown(name) => format!("本机的这种报文里没有字段 {name}"),
        RowTrouble::Constant => {
            "固定值写法不对：文字写成 ='文字'，整数写成 =1，是否写成 =true 或 =false".to_owned()
        }
        RowTrouble::List(name) => format!(
            "{name}：本机列表里的字段须放在对方的列表（[]）里，对方的一个列表只能对应本机的一个列表"
        ),
        RowTrouble::NoFormat(name) => {
            format!("字段 {name} 要写明格式或代码对照，照本机原样发送的写 ours")
        }
        RowTrouble::NoSuchFormat(name) => format!("[formats] 和 [codes] 中都没有 {name}"),
        RowTrouble::WrongFormat { ours, format } => format!("字段 {ours} 不能用格式 {format}"),
        RowTrouble::LosesDigits {
            ours,
            format,
            decimals,
        } => format!("字段 {ours} 有 {decimals} 位小数，格式 {format} 会丢掉小数"),
        RowTrouble::NoCode { map, values } => {
            format!("[codes.{map}] 缺少这些值的代码：{}", values.join("、"))
        }
        RowTrouble::NoValue { map, entries } => {
            format!("[codes.{map}] 中这些不是该字段的值：{}", entries.join("、"))
        }
        RowTrouble::MustStand(name) => format!("信封里必须有 {name}，不能列入 drop"),
        RowTrouble::Unmapped(fields) => format!(
            "本机的这些字段既没有发送，也没有列入 drop：{}",
            fields.join("、")
        ),
        RowTrouble::SentAndDropped(name) => format!("字段 {name} 既发送又列入了 drop"),
    }
}

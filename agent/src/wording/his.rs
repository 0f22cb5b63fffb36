//! What the hospital's interface says where it did not do what was asked: for whoever wrote the hospital's system.

use crate::bill;
use crate::doors::his::problem::LARGEST_JSON;
use crate::doors::his::problem::Problem;
use crate::doors::his::shut::Shut;
use crate::doors::his::wrong::Expected;
use crate::wording::notice::Notice;

impl Problem {
    /// What is wrong, and what to do.
    pub(crate) fn notice(&self) -> Notice {
        match self {
            Self::Counter(error) => Notice::from(error),
            Self::Gate(shut) => shut.notice(),
            Self::NoSuchOperator => Notice::new(
                "no_such_operator",
                "operator 不是本窗口的经办人。",
                "请填写配置 [[operator]] 中的账户名。",
            ),
            Self::NoSuchPerson => Notice::new(
                "no_such_person",
                "operator 不是本窗口人员的工号，或这个工号已停用。",
                "请填写办理人的工号；新来的人员请管理人员先在页面“人员”中增加。",
            ),
            Self::Wrong(wrong) => Notice::new(
                "field_wrong",
                format!("{} 填写不对：{}。", wrong.field, expected(wrong.expected)),
                "请改正后重试。",
            ),
            Self::NoSuchAddress => Notice::new(
                "his_address",
                "医院系统接口没有这个地址。",
                "请医院系统的维护方核对地址；接口的地址都以 /his/v1/ 开头。",
            ),
            Self::OtherMethod => Notice::new(
                "his_method",
                "医院系统接口的这个地址不接受这种请求方法。",
                "请医院系统的维护方改用响应头 Allow 中列出的方法。",
            ),
            Self::NotJson => Notice::new(
                "his_content_type",
                "请求内容没有标明是 JSON。",
                "请医院系统的维护方在请求头中写明 Content-Type: application/json。",
            ),
            Self::NotAnObject => Notice::new(
                "his_not_an_object",
                "请求的 JSON 是列表，这里要一个对象，没有办理任何业务。",
                "请医院系统的维护方按接口发送带字段名的对象：{…}，不要发送 […]。",
            ),
            Self::Parameters => Notice::new(
                "his_parameters",
                "这个地址不接受查询参数，没有查询，也没有办理任何业务。",
                "请医院系统的维护方去掉地址中“?”及以后的内容，在收到的结果中查找。",
            ),
            Self::Unreadable { what, detail, .. } => Notice::new(
                "his_unreadable",
                format!("{what}读不懂，没有办理任何业务。"),
                format!("请医院系统的维护方按接口改正：{detail}"),
            ),
            Self::TooLarge => Notice::new(
                "his_too_large",
                format!(
                    "请求内容太大：账单文件不能超过 {} MB，其他请求不能超过 {} KB。",
                    bill::LARGEST_FILE / (1024 * 1024),
                    LARGEST_JSON / 1024
                ),
                "请确认发送的是本次就诊的账单；没有任何内容被保存。",
            ),
            Self::BrokenOff => Notice::new(
                "his_broken_off",
                "请求内容没有收完整，没有办理任何业务。",
                "请重新发送。",
            ),
        }
    }
}

impl Shut {
    /// Why whoever calls may not come in, and what to do.
    pub(crate) fn notice(self) -> Notice {
        match self {
            Self::Host { address } => Notice::new(
                "wrong_host",
                "请求的地址不是本机医院系统接口的地址，没有办理任何业务。",
                format!(
                    "请医院系统的维护方把接口地址写成 http://{address}/his/v1/，不要用 localhost 或其他名称。"
                ),
            ),
            Self::Stranger => Notice::new(
                "his_account",
                "发出请求的本机账户不是配置的医院系统账户，没有办理任何业务。",
                "请在配置的账户下运行医院系统，或请信息科把该账户写进配置 local.his_accounts。",
            ),
            Self::UnknownCaller => Notice::new(
                "caller_unknown",
                "查不到是本机哪个账户发出的请求，没有办理任何业务。",
                "请重新发送，收到答复前不要断开连接；仍不行时请信息科查看日志。",
            ),
            Self::Unauthorised => Notice::new(
                "his_token",
                "接口令牌不对。",
                "请在请求头 Authorization 中带上配置的令牌。",
            ),
            Self::Closed => Notice::new(
                "his_closed",
                "医院系统接口没有开通。",
                "请信息科在配置 local.his_token_file 中设置令牌文件。",
            ),
        }
    }
}

fn expected(expected: Expected) -> &'static str {
    match expected {
        Expected::Kind => "应为 inpatient_medical 或 inpatient_rehabilitation",
        Expected::Liability => "应为 none、partial、full 或 undeclared",
        Expected::OneBill => "账单在文件夹里时请求体须为空；账单在请求体里时不要带 offered",
        Expected::Matter => {
            "应为 codes_unlisted、bill_sum_missing、sum_implausible 或 settled_before"
        }
        Expected::LineNumber => "行号应为正整数",
        Expected::Code => "编码不能为空",
        Expected::OneMarkForCode => "同一编码写了两种标记",
        Expected::OneMarkForRest => "其余各行写了两种标记",
        Expected::OneLine => "只能写给一行：lines 里只有一个行号",
        Expected::Instant => "应为带时区的时间，例如 2025-08-20T10:00:00+08:00",
    }
}

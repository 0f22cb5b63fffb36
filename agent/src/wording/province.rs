//! What a person at the counter reads when the province cannot be reached or says no.

use std::path::Path;

use super::province_table::adapter_fault;
use super::system::system;
use super::toml::toml;
use crate::province::error::{OtherForm, Rejection, TlsTrouble, WrongAnswer, WrongSetting};
use crate::province::outbox::OutboxError;
use crate::province::{ConnectError, PlatformError};
use crate::wording::ledger::ledger;
use crate::wording::notice::Notice;

/// What came of an upload was not written down.
impl From<&OutboxError> for Notice {
    fn from(error: &OutboxError) -> Self {
        match error {
            OutboxError::Ledger(error) => ledger(error),
            OutboxError::Lane(_) => Self::new(
                "not_a_number",
                "编号格式不对。",
                "请不要反复重试，记下代码并联系信息科。",
            ),
            OutboxError::NoRandomness(_) => Self::new(
                "no_randomness",
                "本机取不到随机数。",
                "请不要反复重试，记下代码并联系信息科。",
            ),
        }
    }
}

impl PlatformError {
    /// Code, sentence and next step.
    #[expect(
        clippy::too_many_lines,
        reason = "one flat table: a line or two for each error"
    )]
    pub fn notice(&self) -> Notice {
        match self {
            Self::CertificateRefused { .. } => Notice::new(
                self.code(),
                "省平台不接受本机的客户端证书（可能已过期、被吊销或不是本机构的证书）。",
                "请信息科核对配置中的证书和私钥文件，必要时向经办机构申领新证书。已结算的记录保存在本机，证书恢复后自动上传。",
            ),
            Self::AuthorityMismatch(_) => Notice::new(
                self.code(),
                "对方出示的证书不是省平台的证书，未发送任何数据。",
                "请信息科核对省平台地址和根证书文件；在查清之前不要改用其他网络。",
            ),
            Self::NotTrusted { why, .. } => not_trusted(self.code(), why),
            Self::NameUnresolved(_) => Notice::new(
                self.code(),
                "找不到省平台的网络地址（域名无法解析）。",
                "请信息科检查专网连接和域名解析。已结算的记录保存在本机，网络恢复后自动上传。",
            ),
            Self::Unreachable(_) => Notice::new(
                self.code(),
                "连接不上省平台，数据没有发出。",
                "请检查网络；已结算的记录保存在本机，网络恢复后自动上传。",
            ),
            Self::ConnectTimedOut(_) => Notice::new(
                self.code(),
                "连接省平台超时，数据没有发出。",
                "请检查网络；已结算的记录保存在本机，网络恢复后自动上传。",
            ),
            Self::AnswerTimedOut(_) => Notice::new(
                self.code(),
                "省平台没有及时应答，是否收到尚不清楚。",
                "不需要重新结算。程序会先向省平台查询，再决定是否重发。",
            ),
            Self::ConnectionLost(_) => Notice::new(
                self.code(),
                "等待省平台应答时连接中断，是否收到尚不清楚。",
                "不需要重新结算。程序会先向省平台查询，再决定是否重发。",
            ),
            Self::NotSignedIn(why) => not_signed_in(self, why),
            Self::SessionLost { rejection } => Notice::new(
                self.code(),
                format!(
                    "省平台刚让本机签到，又说没有签到：{}（代码 {}）。",
                    rejection.words(),
                    rejection.code
                ),
                "不用重新结算，程序会自动再试；半小时后仍这样，请与经办机构联系，并记下代码。",
            ),
            Self::PutOff { rejection, .. } => Notice::new(
                self.code(),
                format!(
                    "省平台请稍后再试：{}（代码 {}）。",
                    rejection.words(),
                    rejection.code
                ),
                "不用重新结算，程序会自动再试。",
            ),
            Self::TakenBefore { rejection, .. } => Notice::new(
                self.code(),
                format!(
                    "省平台说这一条已经收过：{}（代码 {}）。",
                    rejection.words(),
                    rejection.code
                ),
                "不用重新结算，程序会先向省平台查询收到与否。",
            ),
            Self::Rejected { rejection, .. } => Notice::new(
                self.code(),
                format!(
                    "省平台不予受理：{}（代码 {}）",
                    rejection.words(),
                    rejection.code
                ),
                "请按省平台的说明更正；不能更正的，请与经办机构联系，并记下代码。",
            ),
            Self::NotTheEnvelope { status, reason } => not_envelope(self.code(), *status, reason),
            Self::AnswerMalformed { .. } => Notice::new(
                self.code(),
                "省平台的应答缺少约定的内容。",
                "请信息科把日志交给平台的技术支持，核对接口版本；程序会先查询再重发，不需要重新结算。",
            ),
            Self::Compose(_) => Notice::new(
                self.code(),
                "本机无法生成要发送的报文，数据没有发出。",
                "请信息科把日志交给程序的维护方。",
            ),
        }
    }
}

impl Rejection {
    /// The province's words; that it said none, where it did not.
    pub(crate) fn words(&self) -> &str {
        if self.message.is_empty() {
            "省平台没有说明原因"
        } else {
            &self.message
        }
    }
}

/// Somebody answers at the platform's address, and cannot be trusted, or not be understood.
fn not_trusted(code: &'static str, why: &TlsTrouble) -> Notice {
    let (say, next) = match why {
        TlsTrouble::Expired => (
            "省平台的证书已过有效期，未发送任何数据。".to_owned(),
            "请先核对本机的日期和时间；时间没错的，请信息科联系省平台更换证书。",
        ),
        TlsTrouble::NotYetValid => (
            "省平台的证书还没有到生效日期，未发送任何数据。".to_owned(),
            "多半是本机的日期和时间慢了：请先核对；时间没错的，请信息科联系省平台。",
        ),
        TlsTrouble::OtherName(names) if names.is_empty() => (
            "省平台的证书不是发给配置中这个地址的，未发送任何数据。".to_owned(),
            "请信息科核对配置中的省平台地址（platform.url）。",
        ),
        TlsTrouble::OtherName(names) => (
            format!(
                "省平台的证书不是发给配置中这个地址的，而是发给 {} 的，未发送任何数据。",
                names.join("、")
            ),
            "请信息科核对配置中的省平台地址（platform.url），改用证书上的名称。",
        ),
        TlsTrouble::NoName => (
            "省平台的证书里没有写主机名（缺少 subjectAltName），不能确认是不是省平台，未发送任何数据。"
                .to_owned(),
            "请信息科联系省平台换发带 subjectAltName 的证书。",
        ),
        TlsTrouble::IntermediateMissing => (
            "省平台只发来自己的证书，没有发来签发它的中间证书，接不到配置的根证书上，未发送任何数据。"
                .to_owned(),
            "请信息科联系省平台把中间证书配全；也可向省平台索取中间证书，加到根证书文件里。在查清之前不要改用其他网络。",
        ),
        TlsTrouble::OldVersion => (
            "省平台的证书是 X.509 v1 格式，不能用来建立连接，未发送任何数据。".to_owned(),
            "请信息科联系省平台换发 v3 证书。",
        ),
        TlsTrouble::Revoked => (
            "省平台的证书已被吊销，未发送任何数据。".to_owned(),
            "请信息科联系省平台；在查清之前不要改用其他网络。",
        ),
        TlsTrouble::RevocationUnknown => (
            "配置的吊销列表里查不到省平台的证书有没有被吊销，未发送任何数据。".to_owned(),
            "请信息科向省平台索取现行的吊销列表，换上配置 platform.revocation_list_file 指的文件；省平台不发吊销列表的，去掉这一项。",
        ),
        TlsTrouble::Unusable => (
            "省平台的证书不能用来建立连接，未发送任何数据。".to_owned(),
            "请信息科把日志交给省平台的技术支持，核对证书的用途和算法。",
        ),
        TlsTrouble::NothingInCommon => (
            "本机和省平台没有共同的 TLS 版本或加密套件，连接建立不起来，数据没有发出。".to_owned(),
            "请信息科联系省平台开通 TLS 1.2 或 1.3；也请检查网络中的代理设备。",
        ),
        TlsTrouble::NotTls => (
            "省平台这个地址和端口上的不是 HTTPS 服务，数据没有发出。".to_owned(),
            "请信息科核对配置中的地址和端口（platform.url），并检查网络中的代理设备。",
        ),
    };
    Notice::new(code, say, next)
}

/// What came back instead of the envelope.
fn not_envelope(code: &'static str, status: u16, reason: &WrongAnswer) -> Notice {
    let what = match reason {
        WrongAnswer::LoginPage => {
            return Notice::new(
                code,
                format!(
                    "应答的不是省平台，是一个要求登录的网页（HTTP {status}）：本机到省平台之间有网关要先登录。"
                ),
                "请信息科在网关上登录或放行本机；程序会先查询再重发，不需要重新结算。",
            );
        }
        WrongAnswer::Page => "是一个网页",
        WrongAnswer::Empty => "是空的",
        WrongAnswer::TooLong => "超过 16 MB",
        WrongAnswer::Compression => "压缩过，解不开",
        WrongAnswer::Charset => "既不是 UTF-8 也不是 GB18030 编码",
        WrongAnswer::NotARecord | WrongAnswer::NotJson(_) => "不是约定的 JSON",
        WrongAnswer::NoVerdict => "没有说成功还是失败",
        WrongAnswer::Status => "内容说成功，HTTP 状态却是失败",
        WrongAnswer::OtherMessage => "应答的是另一条报文",
    };
    Notice::new(
        code,
        format!("省平台的应答不是约定的报文（HTTP {status}）：{what}。"),
        "请信息科检查平台地址和网络中的代理设备；程序会先查询再重发，不需要重新结算。",
    )
}

/// It is the terminal that was not let in, whatever it had to send.
fn not_signed_in(error: &PlatformError, why: &PlatformError) -> Notice {
    if let PlatformError::Rejected { rejection, .. } = why {
        Notice::new(
            error.code(),
            format!(
                "省平台没有让本机签到：{}（代码 {}）。",
                rejection.words(),
                rejection.code
            ),
            "不用重新结算。程序会自动再签到，签到后自动上传；半小时后仍签不上，请与经办机构联系，并记下代码。",
        )
    } else {
        Notice::new(
            error.code(),
            format!("签到没有成功：{}", why.notice().say),
            "不用重新结算。程序会自动再签到，签到后自动上传；一直签不上，请信息科查看日志。",
        )
    }
}

impl ConnectError {
    /// Code, sentence and next step.
    #[expect(
        clippy::too_many_lines,
        reason = "one flat table: a line or two for each error"
    )]
    pub fn notice(&self) -> Notice {
        match self {
            Self::Unreadable { path, source } => Notice::new(
                "platform_file_unreadable",
                format!("文件 {} 读不出来：{}。", path.display(), system(source)),
                "请信息科检查该文件是否存在、程序的用户是否有读取权限。",
            ),
            Self::Pem { path, .. } => Notice::new(
                "platform_pem_invalid",
                format!("文件 {} 里没有可用的 PEM 证书或私钥。", path.display()),
                "请信息科核对文件内容，证书和私钥都应是 PEM 格式。",
            ),
            Self::Certificate { path, .. } => Notice::new(
                "platform_certificate_unusable",
                format!("证书 {} 不能使用，或与私钥不是一对。", path.display()),
                "请信息科核对证书、私钥和根证书文件。",
            ),
            Self::SecretFile(error) => Notice::from(error),
            Self::Form { path, form } => form_notice(path, *form),
            Self::KeyKind { path, .. } => Notice::new(
                "platform_key_kind",
                format!(
                    "私钥 {} 不是 RSA、ECDSA 或 Ed25519 的，程序不能用它建立连接。",
                    path.display()
                ),
                "请向省平台申请这几种算法之一的证书（国密 SM2 证书目前不支持）。",
            ),
            Self::NotAPair { path, key } => Notice::new(
                "platform_not_a_pair",
                format!(
                    "证书 {} 和私钥 {} 不是一对。",
                    path.display(),
                    key.display()
                ),
                "请核对是否混用了别的证书的私钥，换成同一次下发的证书和私钥。",
            ),
            Self::OldCertificate { path } => Notice::new(
                "platform_certificate_old",
                format!(
                    "证书 {} 是 X.509 v1 格式，不能用来建立连接。",
                    path.display()
                ),
                "请向省平台换发 v3 证书；用 openssl x509 -text -in 可查看版本。",
            ),
            Self::Secret { path } => Notice::new(
                "platform_secret_invalid",
                format!(
                    "机构密钥文件 {} 应为至少 32 字节的十六进制文本。",
                    path.display()
                ),
                "请信息科核对经办机构下发的密钥文件。",
            ),
            Self::Adapter { path, fault } => Notice::new(
                "platform_adapter_invalid",
                format!("接口代码表 {} 有错误，{}。", path.display(), toml(fault)),
                "请信息科对照随程序提供的代码表更正。",
            ),
            Self::AdapterValue { path, why } => Notice::new(
                "platform_adapter_invalid",
                format!(
                    "接口代码表 {} 有错误：{}。",
                    path.display(),
                    adapter_fault(why)
                ),
                "请信息科对照随程序提供的代码表更正。",
            ),
            Self::Setting { setting } => Notice::new(
                "platform_setting_invalid",
                format!("省平台配置项 {}。", wrong_setting(*setting)),
                "请信息科更正配置文件。",
            ),
            Self::Client(_) => Notice::new(
                "platform_client_unusable",
                "无法按配置建立到省平台的安全连接。",
                "请信息科查看日志并核对省平台的配置。",
            ),
        }
    }
}

fn wrong_setting(setting: WrongSetting) -> &'static str {
    match setting {
        WrongSetting::Url => {
            "platform.url 有错误：须是 https://主机 或 https://主机:端口，后面不带路径"
        }
    }
}

/// What the file is, and how to make PEM of it.
fn form_notice(path: &Path, form: OtherForm) -> Notice {
    let path = path.display();
    let (is, next) = match form {
        OtherForm::Der => (
            "是 DER（二进制）格式，程序要 PEM 格式",
            format!(
                "请转换：证书用 openssl x509 -inform DER -in {path} -out 新文件，私钥用 openssl pkey -inform DER -in {path} -out 新文件。"
            ),
        ),
        OtherForm::Pkcs12 => (
            "是 PKCS#12（.p12、.pfx）格式，程序要分开的 PEM 证书和私钥",
            format!(
                "请转换：openssl pkcs12 -in {path} -nokeys -out 证书文件；openssl pkcs12 -in {path} -nocerts -nodes -out 私钥文件。"
            ),
        ),
        OtherForm::Passphrase => (
            "有密码保护，程序启动时没有人输入密码",
            format!(
                "请去掉密码：openssl pkey -in {path} -out 新文件，再把新文件设为只有属主可读（chmod 600）。"
            ),
        ),
    };
    Notice::new("platform_file_form", format!("文件 {path} {is}。"), next)
}

//! What `read-card` prints: a reading, masked unless asked, and its steps with times and status words, never a payload.

use drivers::card::{CardDate, CardIdentity, NationalString, OpenedBy};
use drivers::reader::{CardReading, CardSettings, Provider, Step};

use crate::visible_text::in_one_line;
use crate::wording::card::{odd, step_name, withheld};

/// 终端机编号 of a reader without a PSAM.
const NO_TERMINAL: &str = "000000000000";

/// Which readers are watched, and how a 3.0 card is to be opened.
pub(crate) fn intention(settings: &CardSettings) -> String {
    let readers = match &settings.reader {
        Some(part) => format!("名称含“{part}”的"),
        None => "全部".to_owned(),
    };
    let ways: Vec<String> = settings
        .providers
        .iter()
        .map(|provider| match provider {
            Provider::Relay => "省平台".to_owned(),
            Provider::VendorLibrary(vendor) => {
                format!("厂商程序库 {}", vendor.library.display())
            }
        })
        .collect();
    let ways = if ways.is_empty() {
        "不认证，只读卡号".to_owned()
    } else {
        ways.join("，其次")
    };
    format!("使用的读卡器：{readers}；3.0 卡的认证：{ways}")
}

/// The reading as text.
pub(crate) fn reading(reading: &CardReading, unmasked: bool) -> String {
    let mut text = String::new();
    for (label, value) in fields(&reading.identity, unmasked) {
        line(&mut text, &format!("{label}：{}", in_one_line(&value)));
    }
    line(&mut text, &opened(reading.identity.opened_by));
    for remark in &reading.identity.remarks {
        line(&mut text, &format!("注意：{}", odd(*remark)));
    }
    line(&mut text, "");
    text.push_str(&table(&reading.steps));
    line(
        &mut text,
        &row("从看到卡到读完", reading.took.as_micros(), ""),
    );
    text.trim_end().to_owned()
}

/// The steps of a read that did not end well.
pub(crate) fn broken_off(steps: &[Step]) -> String {
    let mut text = "读卡中断，已完成的步骤：\n".to_owned();
    text.push_str(&table(steps));
    text.trim_end().to_owned()
}

/// The eleven fields as one string, as the national reader interface has it.
pub(crate) fn national_string(identity: &CardIdentity) -> String {
    match NationalString::of(identity, NO_TERMINAL, "") {
        Some(national) => format!("\n国家读卡接口字符串：{}", national.to_text().as_str()),
        None => "\n国家读卡接口字符串：没有读出持卡人，无法组成。".to_owned(),
    }
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

fn table(steps: &[Step]) -> String {
    let mut text = String::new();
    line(&mut text, &format!("{}  状态字", head()));
    for step in steps {
        let status = match step.status {
            Some(status) => format!("{status:04X}{}", meaning(status)),
            None => String::new(),
        };
        line(
            &mut text,
            &row(&step_name(step.name), step.took.as_micros(), &status),
        );
    }
    text
}

/// Columns are aligned by what a terminal shows: a Chinese character takes two places.
const NAME_WIDTH: usize = 24;

fn head() -> String {
    format!("{}{:>8}", padded("步骤"), "微秒")
}

fn row(name: &str, microseconds: u128, status: &str) -> String {
    format!("{}{microseconds:>10}  {status}", padded(name))
        .trim_end()
        .to_owned()
}

fn padded(name: &str) -> String {
    let width: usize = name.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    let mut text = name.to_owned();
    for _ in width..NAME_WIDTH {
        text.push(' ');
    }
    text
}

/// What a card says with it, where an IT person will wonder.
fn meaning(status: u16) -> String {
    let [high, low] = status.to_be_bytes();
    let words = match (high, low) {
        (0x61, length) => return format!(" 还有 {length} 字节，继续取"),
        (0x6C, length) => return format!(" 长度应为 {length}，重发"),
        (0x63, 0x00) => "认证不通过",
        (0x69, 0x81) => "文件类型不符",
        (0x69, 0x82) => "需要认证",
        (0x69, 0x83) => "已锁定",
        (0x69, 0x85) => "条件不满足",
        (0x69, 0x86) => "没有选中文件",
        (0x6A, 0x81) => "不支持此功能",
        (0x6A, 0x82) => "没有这个文件",
        (0x6A, 0x83) => "没有这条记录",
        (0x6A, 0x86) => "参数不对",
        (0x6D, 0x00) => "不支持此命令",
        (0x6E, 0x00) => "不支持此类别",
        (0x6F, _) => "卡内部错误",
        _ => return String::new(),
    };
    format!(" {words}")
}

/// How the holder came to be read, or why not.
fn opened(opened_by: OpenedBy) -> String {
    match opened_by {
        OpenedBy::Free => "持卡人信息：不用认证即可读取。".to_owned(),
        OpenedBy::Relay => "持卡人信息：经省平台认证后读出。".to_owned(),
        OpenedBy::Psam => "持卡人信息：经读卡器里的PSAM认证，由厂商程序库读出。".to_owned(),
        OpenedBy::VendorLibrary => "持卡人信息：由厂商程序库读出。".to_owned(),
        OpenedBy::Withheld(because) => format!(
            "持卡人信息：没有读出，{}。只读到卡号，结算时由省平台凭卡号查询。",
            withheld(because)
        ),
    }
}

fn fields(identity: &CardIdentity, unmasked: bool) -> Vec<(&'static str, String)> {
    let face = &identity.face;
    let blank = || "（空）".to_owned();
    let card_number = face.card_number.as_ref().map_or_else(blank, |number| {
        if unmasked {
            number.as_str().to_owned()
        } else {
            number.masked()
        }
    });
    let mut fields = vec![
        (
            "规范版本",
            if face.version_text.is_empty() {
                blank()
            } else {
                face.version_text.clone()
            },
        ),
        ("卡号", card_number),
        (
            "卡识别码",
            if unmasked {
                face.card_id.to_hex()
            } else {
                face.card_id.masked()
            },
        ),
        ("发卡地区", face.card_id.city()),
        ("发卡日期", date(face.issued)),
        ("卡有效期", date(face.expires)),
    ];
    if let Some(holder) = &identity.holder {
        let number = if unmasked {
            holder.number.as_str().to_owned()
        } else {
            holder.number.masked()
        };
        let name = holder.name.as_ref().map_or_else(blank, |name| {
            if unmasked { name.clone() } else { masked(name) }
        });
        fields.push(("社会保障号码", number));
        fields.push(("姓名", name));
    }
    fields
}

/// Keeps the family name's first character.
fn masked(name: &str) -> String {
    name.chars()
        .enumerate()
        .map(|(place, c)| if place == 0 { c } else { '*' })
        .collect()
}

fn date(date: CardDate) -> String {
    match date {
        CardDate::On(date) => date.to_string(),
        CardDate::Blank => "（空）".to_owned(),
        CardDate::Unreadable => "（不是日期）".to_owned(),
    }
}

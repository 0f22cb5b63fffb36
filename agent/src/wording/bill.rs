//! What people read of a bill at the counter: whose it is, what it amounts to, and what a person still has to say.

use jiff::civil::Date;
use rules::LineNumber;

use crate::counter::quote::file::{AnothersBill, Extent, OutsideStay};
use crate::wording::notice::Notice;

/// Numbers named in a sentence before it only counts.
const MOST_NAMED: usize = 8;

/// The bill of another stay, or of another patient.
pub(crate) fn of_another(bill: &AnothersBill) -> Notice {
    let AnothersBill {
        what,
        found,
        at,
        own,
    } = bill;
    let place = at.map_or_else(String::new, |at| format!("（{at}）"));
    Notice::new(
        "bill_of_another",
        format!(
            "账单上的{what}是“{found}”{place}，这次就诊的{what}是“{own}”，两者不一致，没有试算。"
        ),
        "请核对是不是拿错了账单；账单没有错的，请核对打开的是不是这位职工的就诊。",
    )
}

/// Lines outside the stay.
pub(crate) fn outside_stay(outside: &OutsideStay) -> Notice {
    let OutsideStay {
        named,
        count,
        from,
        to,
        days_before,
    } = outside;
    let lines: Vec<String> = named
        .iter()
        .map(|(line, date)| format!("第 {line} 号（{date}）"))
        .collect();
    let more = if *count > lines.len() { "等" } else { "" };
    let grace = match days_before {
        0 => String::new(),
        days => format!("，含配置允许的入院前 {days} 天"),
    };
    Notice::new(
        "line_outside_stay",
        format!(
            "账单有 {count} 行明细的日期不在本次住院（{from} 至 {to}{grace}）之内：{}{more}。没有试算（规程未明确，按默认口径）。",
            lines.join("、")
        ),
        "请在医院系统中改正日期，或把不属于本次住院的费用移出，再重新导出账单。急诊转住院的，请信息科看配置 bill.days_before_admission。",
    )
}

/// The bill has no number of its stay.
pub(crate) const NUMBER_NOT_ON_BILL: &str =
    "账单里没有住院号，本机不能核对是不是这次就诊的账单；请对照文件名、合计和日期。";

/// The number on the bill lacks the zeros before it.
pub(crate) fn number_lost_zeros(found: &str) -> String {
    format!(
        "账单上的住院号“{found}”少了前面的 0（表格软件会去掉），其余一致，按这次就诊的账单办理。"
    )
}

/// Lines before the admission that the configuration lets in.
pub(crate) fn before_admission(lines: &[LineNumber], admitted: Date) -> String {
    format!(
        "账单第 {} 号明细（共 {} 行）的日期早于入院日（{admitted}），按急诊转住院计入本次住院（规程未明确，按默认口径；允许的天数由本院配置）。",
        named(lines.iter().copied()),
        lines.len()
    )
}

/// A bill's figures.
pub(crate) fn extent(extent: &Extent) -> String {
    let days = match extent.days {
        None => String::new(),
        Some((first, last)) if first == last => format!("，日期 {first}"),
        Some((first, last)) => format!("，日期 {first} 至 {last}"),
    };
    format!("{} 行，合计 {} 元{days}", extent.lines, extent.total)
}

/// The first few lines by their numbers.
pub(crate) fn named(lines: impl ExactSizeIterator<Item = LineNumber>) -> String {
    let more = if lines.len() > MOST_NAMED { "等" } else { "" };
    let named: Vec<String> = lines
        .take(MOST_NAMED)
        .map(|line| line.get().to_string())
        .collect();
    format!("{}{more}", named.join("、"))
}

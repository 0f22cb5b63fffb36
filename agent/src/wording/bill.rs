//! What people read of a bill at the counter: whose it is, what it amounts to, and what a person still has to say.

use jiff::civil::Date;
use rules::{LineNumber, Money};

use crate::counter::case::second_look::{Matter, MissingCount, SettledBefore};
use crate::counter::quote::file::{AnothersBill, Extent, OutsideStay};
use crate::counter::quote::marks::fault::MarksFault;
use crate::counter::quote::parts::{KEPT_MINUTES, MOST_PARTS, PartsFault};
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

/// Marks that lines lack.
pub(crate) fn marks_missing(missing: MissingCount) -> String {
    let mut parts = Vec::new();
    if missing.injury > 0 {
        parts.push(format!("{} 行没有标“治疗工伤”", missing.injury));
    }
    if missing.restriction > 0 {
        parts.push(format!(
            "{} 行限定支付项目没有标“限制条件”是否符合",
            missing.restriction
        ));
    }
    if missing.reversal > 0 {
        parts.push(format!("{} 行退费没有写冲销哪一行", missing.reversal));
    }
    format!(
        "账单有 {}。请按“补标”一次标多行；本机不替您默认。",
        parts.join("，")
    )
}

/// A sum beyond the configured limit.
pub(crate) fn sum_implausible(total: Money, limit: u32) -> String {
    format!(
        "账单合计 {total} 元，超过本院配置的 {limit} 元，可能是重复导出或金额、数量有误。\
         请再核对一次；确实没有错的，由核对的人写明情况，再结算。"
    )
}

/// A bill that was settled for another visit.
pub(crate) fn settled_before(before: &SettledBefore) -> String {
    let SettledBefore {
        settlement,
        same_file,
        lines,
        amount,
    } = before;
    let what = if *same_file {
        "这份账单文件".to_owned()
    } else {
        format!("账单中有 {lines} 行、{amount} 元")
    };
    format!(
        "{what}已在另一次就诊中结算过（结算编号 {settlement}）。请核对是不是拿错了账单、有没有重复收费；\
         确认没有错的，由核对的人写明原因，再结算。"
    )
}

/// What a person vouched for.
pub(crate) fn vouched(matter: Matter, by: &str, reason: &str) -> String {
    let what = match matter {
        Matter::Codes => "已看过不在目录里的明细，认为编码没有错",
        Matter::SumMissing => "已核对过没有合计行的账单的行数和总金额",
        Matter::Sum => "已再次核对账单合计，认为没有错",
        Matter::SettledBefore => "已核对与另一次就诊相同的费用，认为可以结算",
    };
    format!("{by} {what}：{reason}")
}

/// Marks that a person gave.
pub(crate) fn marked(by: &str, injury: usize, restriction: usize, reversal: usize) -> String {
    let mut parts = Vec::new();
    for (lines, what) in [
        (injury, "治疗工伤"),
        (restriction, "限制条件"),
        (reversal, "冲销序号"),
    ] {
        if lines > 0 {
            parts.push(format!("“{what}” {lines} 行"));
        }
    }
    format!("{by} 补标了{}。", parts.join("、"))
}

/// Choices that were not taken.
pub(crate) fn marks(fault: &MarksFault) -> Notice {
    let nothing = "没有标任何一行。";
    match fault {
        MarksFault::NothingChosen => Notice::new(
            "marks_nothing_chosen",
            format!("没有选任何标记，{nothing}"),
            "请在“其余各行”“按类别”“按编码”或“行号”中选好，再按 F9。",
        ),
        MarksFault::NothingGiven => Notice::new(
            "marks_nothing_given",
            "这份账单没有人工补标的标记可以撤销。",
            "文件里带来的标记请在医院系统中改正，重新导出账单。",
        ),
        MarksFault::NotLines(text) => Notice::new(
            "marks_not_lines",
            format!("“{text}”不是行号，{nothing}"),
            "行号请写成 3、17、20-25 这样，用逗号或顿号隔开。",
        ),
        MarksFault::NotMissing(line) => Notice::new(
            "marks_not_missing",
            format!("第 {line} 号明细不在账单上，或者不缺这个标记，{nothing}"),
            "请对照下面列出的明细核对行号。",
        ),
        MarksFault::BothWays(line) => Notice::new(
            "marks_both_ways",
            format!("第 {line} 号明细两边都写了，{nothing}"),
            "请只留一边。",
        ),
        MarksFault::NotReversible { line, reversed } => Notice::new(
            "marks_not_reversible",
            format!(
                "第 {line} 号明细不能冲销第 {reversed} 号：编码、单价不同，已经冲销完，或日期更晚；{nothing}"
            ),
            "请从列出的明细中选；都不对的，请在医院系统中改正账单。",
        ),
    }
}

/// What a person is asked who vouches, and what the button says.
pub(crate) const fn vouching(matter: Matter) -> (&'static str, &'static str) {
    match matter {
        Matter::Codes => ("编码没有错的原因", "我已看过，编码没有错"),
        Matter::SumMissing => ("行数和总金额没有错的原因", "我已核对，账单没有错"),
        Matter::Sum => ("再次核对的情况", "我已再核对，合计没有错"),
        Matter::SettledBefore => ("可以结算的原因", "我已核对，不是重复结算"),
    }
}

/// What stands over a quote whose bill lacks marks alone, and what to do.
pub(crate) const UNMARKED: (&str, &str) = ("还缺标记", "请补标（F9），不用重新导出账单。");

/// A line that another could reverse.
pub(crate) fn candidate(line: &rules::BillLine) -> String {
    format!(
        "第 {} 号，{}，{} × {} = {} 元",
        line.number, line.date, line.unit_price, line.quantity, line.amount
    )
}

/// Parts of a bill that were not kept, or not closed.
pub(crate) fn parts(fault: &PartsFault) -> Notice {
    match fault {
        PartsFault::Key => Notice::new(
            "bill_part_key",
            "分段账单的名称不对，没有保存。",
            "名称由医院系统自定，用 1 至 64 个字母、数字、- 或 _，一张账单一个。",
        ),
        PartsFault::Number => Notice::new(
            "bill_part_number",
            "分段账单的段号或段数不对，没有保存。",
            format!("段号从 1 起，至多 {MOST_PARTS} 段。"),
        ),
        PartsFault::Differs(part) => Notice::new(
            "bill_part_differs",
            format!("第 {part} 段以前收到过，内容与这次不同，没有采用这次的。"),
            "账单改过的，请换一个名称，从第 1 段起重新发送。",
        ),
        PartsFault::Full => Notice::new(
            "bill_parts_full",
            "暂存的分段账单太多或太大，这一段没有保存。",
            format!("请先收尾或等 {KEPT_MINUTES} 分钟，再重新发送这一段。"),
        ),
        PartsFault::Missing(parts) => {
            let named: Vec<String> = parts.iter().take(MOST_NAMED).map(u32::to_string).collect();
            let more = if parts.len() > MOST_NAMED { "等" } else { "" };
            Notice::new(
                "bill_parts_missing",
                format!(
                    "第 {}{more} 段没有收到，或已不再保留（最后一段之后 {KEPT_MINUTES} 分钟，或程序重启），账单没有收尾。",
                    named.join("、")
                ),
                "请重新发送这些分段，再收尾。",
            )
        }
        PartsFault::Beyond(part) => Notice::new(
            "bill_parts_beyond",
            format!("收到过第 {part} 段，超出收尾写的段数，账单没有收尾。"),
            "请核对段数 parts；账单改过的，请换一个名称，从第 1 段起重新发送。",
        ),
    }
}

//! What people read of a bill that was looked at before discharge.

use rules::LineNumber;

use crate::counter::{Checked, Marked};

/// Line numbers that a sentence names.
const MOST_NAMED: usize = 20;

/// What the ward can still do, a sentence each; empty where nothing is open.
pub(crate) fn open_points(checked: &Checked) -> Vec<String> {
    let mut points = Vec::new();
    if !checked.unmarked.lines.is_empty() {
        points.push(format!(
            "{}没有标“治疗工伤”：这里先按治疗工伤计算。请在医院系统中标明是不是治疗工伤，不是的由个人承担。",
            some(&checked.unmarked)
        ));
    }
    if !checked.unanswered.lines.is_empty() {
        points.push(format!(
            "{}是限定支付项目，没有说明是否符合限定条件：按不符合计入自费。符合的请在医院系统中标明“符合”。",
            some(&checked.unanswered)
        ));
    }
    if !checked.how.closed {
        points
            .push("文件没有合计行，看不出是否导出完整，请与医院系统核对行数和总金额。".to_owned());
    }
    points
}

fn some(marked: &Marked) -> String {
    let more = if marked.lines.len() > MOST_NAMED {
        "等"
    } else {
        ""
    };
    let named = marked.lines.iter().take(MOST_NAMED);
    let named: Vec<String> = named
        .copied()
        .map(LineNumber::get)
        .map(|number| number.to_string())
        .collect();
    format!(
        "第 {}{more} 号明细（共 {} 行，{} 元）",
        named.join("、"),
        marked.lines.len(),
        marked.amount
    )
}

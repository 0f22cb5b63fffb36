//! The table at the end: what was decided under which article, the sums by column, the times, the slip.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use end_to_end::BillRow;
use serde_json::Value;

use crate::narration::{Narration, left, right, took};

/// What the table tells.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) quote: Value,
    pub(crate) rows: Vec<BillRow>,
    pub(crate) record: Value,
    pub(crate) settlement: String,
    pub(crate) slip: PathBuf,
    pub(crate) timing: Timing,
}

/// Times at discharge.
#[derive(Debug)]
pub(crate) struct Timing {
    /// From the moment the agent saw the card to the identity, as the agent measures it.
    pub(crate) read: Duration,
    /// From the card's insertion, as all that follow: pcscd's polling for the card is in it.
    pub(crate) decided: Duration,
    pub(crate) committed: Duration,
    pub(crate) slip: Duration,
    pub(crate) acknowledged: Duration,
}

/// Annex 10's columns, as the record names them and as the form does.
const COLUMNS: [(&str, &str); 6] = [
    ("drug", "药品"),
    ("treatment", "诊疗项目"),
    ("inpatient_service", "住院服务标准"),
    ("rehabilitation", "康复服务项目"),
    ("assistive_device", "辅助器具费用"),
    ("total", "合计"),
];

/// Annex 10's rows.
const ROWS: [(&str, &str); 3] = [
    ("fund", "fund 基金支付"),
    ("self_pay", "self-pay 自费"),
    ("other", "other 其他"),
];

pub(crate) fn table(narration: &Narration, outcome: &Outcome) {
    narration.plain(&format!(
        "\n=== Settlement 结算 {} ===\n",
        outcome.settlement
    ));
    decisions(narration, outcome);
    matrix(narration, &outcome.record["matrix"]);
    times(narration, &outcome.timing);
    narration.plain(&format!("\nSlip 结算单: {}\n", outcome.slip.display()));
}

/// Every line that is not all the fund's, and how many are, by rule and article.
fn decisions(narration: &Narration, outcome: &Outcome) {
    let names: BTreeMap<u64, &BillRow> = outcome.rows.iter().map(|row| (row.number, row)).collect();
    let mut by_rule: BTreeMap<(String, String), usize> = BTreeMap::new();
    narration.plain(&format!(
        "{} {} {} {} {}  rule, article",
        right("line", 4),
        left("item", 34),
        right("fund 基金", 11),
        right("self 自费", 10),
        right("other 其他", 10)
    ));
    for line in outcome.quote["lines"].as_array().into_iter().flatten() {
        let field = |name: &str| line[name].as_str().unwrap_or("?").to_owned();
        let (rule, article) = (field("rule"), field("article"));
        *by_rule.entry((rule.clone(), article.clone())).or_default() += 1;
        let number = line["number"].as_u64().unwrap_or(0);
        let Some(row) = names.get(&number) else {
            continue;
        };
        let whole = field("self_pay") == "0.00" && field("other") == "0.00";
        if whole && !row.amount.starts_with('-') {
            continue;
        }
        narration.plain(&format!(
            "{} {} {} {} {}  {rule} {article}",
            right(&number.to_string(), 4),
            left(&row.name, 34),
            right(&field("fund"), 11),
            right(&field("self_pay"), 10),
            right(&field("other"), 10)
        ));
    }
    for ((rule, article), count) in by_rule {
        narration.plain(&format!(
            "     {count} lines under {rule} ({article}): {}",
            meaning(&rule)
        ));
    }
}

/// What a rule of the split says, in a few words.
fn meaning(rule: &str) -> &'static str {
    match rule {
        "E02" => "listed, the fund pays: no deductible, no share by class",
        "E03" => "not for the injury: other 其他",
        "E04" => "outside the catalogue or above its standard: self-pay 自费",
        "E06" => "a device, up to its notice's limit",
        _ => "see `settlement-agent explain`",
    }
}

fn matrix(narration: &Narration, matrix: &Value) {
    let mut head = left("\n金额单位：元", 18);
    for (_, name) in COLUMNS {
        head.push_str(&right(name, 14));
    }
    narration.plain(&head);
    for (row, name) in ROWS {
        let mut line = left(name, 18);
        for (column, _) in COLUMNS {
            line.push_str(&right(matrix[row][column].as_str().unwrap_or("?"), 14));
        }
        narration.plain(&line);
    }
    narration.plain(&format!(
        "total 总费用 {} = fund {} + worker pays 个人支付 {}",
        matrix["total"].as_str().unwrap_or("?"),
        matrix["fund"]["total"].as_str().unwrap_or("?"),
        matrix["personal"].as_str().unwrap_or("?")
    ));
}

fn times(narration: &Narration, timing: &Timing) {
    narration.plain(&format!(
        "\ncard seen to identity              {}",
        took(timing.read)
    ));
    let steps = [
        ("card inserted to decision         ", timing.decided),
        ("card inserted to commit           ", timing.committed),
        ("card inserted to slip on disk     ", timing.slip),
        ("card inserted to acknowledgement  ", timing.acknowledged),
    ];
    for (what, time) in steps {
        narration.plain(&format!("{what} {}", took(time)));
    }
}

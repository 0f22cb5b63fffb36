//! What is wrong with a table that somebody typed, by line and key.

use crate::toml_text::{TomlFault, Wrong};

/// A half sentence.
pub(crate) fn toml(fault: &TomlFault) -> String {
    let what = wrong(&fault.wrong);
    match fault.line {
        Some(line) => format!("第 {line} 行：{what}"),
        None => what,
    }
}

fn wrong(wrong: &Wrong) -> String {
    match wrong {
        Wrong::UnknownKey { key, known } if known.is_empty() => format!("不认识的项 {key}"),
        Wrong::UnknownKey { key, known } => {
            format!("不认识的项 {key}，可用：{}", known.join("、"))
        }
        Wrong::MissingKey { key } => format!("缺少 {key}"),
        Wrong::RepeatedKey => "同一项写了两次".to_owned(),
        Wrong::Value { expected } => match kind(expected) {
            Some(kind) => format!("值不对，须是{kind}"),
            None => "值不对".to_owned(),
        },
        Wrong::Choice { known } => format!("值不对，只能是：{}", known.join("、")),
        Wrong::Grammar => "写法不对，不是 TOML（文字要加引号，每行一项）".to_owned(),
    }
}

/// What serde expects, as whoever fills the table in knows it.
fn kind(expected: &str) -> Option<&'static str> {
    match expected {
        "u8" => Some("0 到 255 的整数"),
        "u16" | "u32" | "u64" | "usize" => Some("不带负号的整数"),
        "i8" | "i16" | "i32" | "i64" => Some("整数"),
        "a string" | "path string" | "a character" => Some("加引号的文字"),
        "a boolean" => Some(" true 或 false"),
        "a sequence" => Some("方括号中的列表"),
        "a map" => Some("一张表"),
        expected if expected.starts_with("struct ") => Some("一张表"),
        _ => None,
    }
}

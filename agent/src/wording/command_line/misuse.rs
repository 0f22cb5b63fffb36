//! What is said of a command that was typed wrongly.

use std::num::{IntErrorKind, ParseIntError};

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::wording::notice::Notice;

/// The notice for a command line that clap does not take. Help and version are no errors and are clap's to print.
pub(crate) fn misuse(error: &Error) -> Notice {
    let notice = Notice::new("command_line", say(error), next(error));
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else {
        return notice;
    };
    let usage = super::usage(&usage.to_string());
    notice.with_details(usage.lines().map(|line| format!("用法：{}", line.trim())))
}

fn say(error: &Error) -> String {
    let arg = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => format!("没有“{arg}”这个参数或选项。"),
        ErrorKind::InvalidSubcommand => format!(
            "没有“{}”这个子命令。",
            context(error, ContextKind::InvalidSubcommand)
        ),
        ErrorKind::MissingSubcommand => "没有写子命令。".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("缺少 {arg}。"),
        ErrorKind::ArgumentConflict => conflict(error, &arg),
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 没有写值。"),
        ErrorKind::InvalidValue => match context(error, ContextKind::ValidValue) {
            choice if choice.is_empty() => format!("{arg} 不能是“{value}”。"),
            choice => format!("{arg} 不能是“{value}”，只能是：{choice}。"),
        },
        ErrorKind::ValueValidation => format!("{arg} 不能是“{value}”：{}。", wanted(error)),
        ErrorKind::NoEquals => format!("{arg} 的值要用等号写在后面。"),
        ErrorKind::TooManyValues => format!("{arg} 后面多了“{value}”。"),
        ErrorKind::TooFewValues => format!(
            "{arg} 至少要有 {} 个值。",
            context(error, ContextKind::MinValues)
        ),
        ErrorKind::WrongNumberOfValues => format!(
            "{arg} 要有 {} 个值。",
            context(error, ContextKind::ExpectedNumValues)
        ),
        ErrorKind::InvalidUtf8 => "命令里有不是 UTF-8 的字符。".to_owned(),
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion
        | ErrorKind::Io
        | ErrorKind::Format => "说明没有写出来。".to_owned(),
        // clap may learn of other mistakes; that it is one is certain.
        _ => "命令写得不对。".to_owned(),
    }
}

fn conflict(error: &Error, arg: &str) -> String {
    let arg = match arg {
        "" => context(error, ContextKind::InvalidSubcommand),
        arg => arg.to_owned(),
    };
    match context(error, ContextKind::PriorArg) {
        prior if prior == arg => format!("{arg} 只能写一次。"),
        prior if prior.is_empty() => format!("{arg} 不能与其他选项同用。"),
        prior => format!("{arg} 不能与 {prior} 同用。"),
    }
}

/// What a value should have been, as far as its parser tells.
fn wanted(error: &Error) -> &'static str {
    let source = std::error::Error::source(error);
    let number = source.and_then(|source| source.downcast_ref::<ParseIntError>());
    match number.map(ParseIntError::kind) {
        Some(IntErrorKind::PosOverflow | IntErrorKind::NegOverflow) => "数值太大或太小",
        Some(_) => "须是整数",
        None if source.is_some() => "数值超出范围，或写法不对",
        None => "写法不对",
    }
}

fn next(error: &Error) -> String {
    let suggested = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    .map(|kind| context(error, kind))
    .find(|word| !word.is_empty());
    match (suggested, error.kind()) {
        (Some(word), _) => format!("要写的可能是“{word}”；加 --help 可看说明。"),
        (None, ErrorKind::InvalidSubcommand) => {
            "请执行 settlement-agent --help 查看有哪些子命令。".to_owned()
        }
        (None, _) => "请按用法改正后再执行；加 --help 可看说明。".to_owned(),
    }
}

/// A part of what clap knows of the error, as it was typed.
fn context(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join("、"),
        Some(ContextValue::Number(number)) => number.to_string(),
        Some(ContextValue::StyledStr(word)) => word.to_string(),
        _ => String::new(),
    }
}

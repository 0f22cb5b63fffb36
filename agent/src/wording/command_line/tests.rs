//! Every help and every mistake is Chinese.

use clap::Command;
use clap::error::ErrorKind;

use super::*;
use crate::cli::tests::command_line;

/// Words that an English sentence does not do without, and those that clap puts over its lists.
const ENGLISH: [&str; 30] = [
    "the",
    "a",
    "an",
    "is",
    "are",
    "of",
    "to",
    "for",
    "with",
    "not",
    "and",
    "or",
    "this",
    "from",
    "cannot",
    "was",
    "were",
    "found",
    "required",
    "value",
    "values",
    "print",
    "usage",
    "options",
    "commands",
    "arguments",
    "error",
    "tip",
    "default",
    "possible",
];

#[track_caller]
fn is_chinese(text: &str) {
    // A command that is to be typed has English words in it: `ledger backup --to`, `--open`.
    for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_') {
        let word = word.to_ascii_lowercase();
        assert!(!ENGLISH.contains(&word.as_str()), "“{word}” in: {text}");
    }
    assert!(text.chars().any(|c| c >= '\u{4e00}'), "{text}");
}

fn each(command: &Command, path: &str, look: &mut impl FnMut(&Command, &str)) {
    look(command, path);
    for below in command.get_subcommands() {
        let below_path = format!("{path} {}", below.get_name());
        each(below, below_path.trim_start(), look);
    }
}

#[test]
fn every_command_and_option_explains_itself_in_chinese() {
    let mut seen = 0;
    each(&command_line(), "", &mut |command, path| {
        seen += 1;
        let page = page(path).unwrap_or_else(|| panic!("no page for “{path}” in pages.rs"));
        for arg in command.get_arguments() {
            let id = arg.get_id();
            assert!(
                argument(arg, Some(page)).is_some(),
                "no word on “{id}” of “{path}” in pages.rs"
            );
        }
        for argument in page.arguments {
            let has = |arg: &Arg| arg.get_id().as_str() == argument.id;
            assert!(command.get_arguments().any(has), "{path} {}", argument.id);
        }
        is_chinese(&command.clone().render_long_help().to_string());
        let help = command.clone().render_help().to_string();
        is_chinese(&help);
        for part in ["用法：", "例如：", "退出状态："] {
            assert!(help.contains(part), "{path} lacks {part}: {help}");
        }
        assert!(page.who.is_empty() == command.has_subcommands() || path == "queue");
    });
    assert_eq!(seen, PAGES.len(), "a page of a command that is not there");
}

#[test]
fn examples_are_commands_that_are_taken() {
    for page in PAGES {
        for example in page.examples {
            let words = example.split(" < ").next().unwrap().split_whitespace();
            let taken = command_line().try_get_matches_from(words);
            match taken {
                Ok(_) => {}
                Err(error) => assert_eq!(error.kind(), ErrorKind::DisplayHelp, "{example}"),
            }
        }
    }
}

#[test]
fn a_mistake_is_said_in_chinese_with_what_was_typed() {
    for (typed, kind, named) in [
        ("que", ErrorKind::InvalidSubcommand, "queue"),
        ("run --confi x", ErrorKind::UnknownArgument, "--config"),
        ("run x", ErrorKind::UnknownArgument, "x"),
        ("slip", ErrorKind::MissingRequiredArgument, "<结算编号>"),
        ("scan --baud fast", ErrorKind::ValueValidation, "须是整数"),
        (
            "scan --baud 99999999999",
            ErrorKind::ValueValidation,
            "超出范围",
        ),
        (
            "scan --ends never",
            ErrorKind::InvalidValue,
            "line、silence",
        ),
        ("scan --baud", ErrorKind::InvalidValue, "没有写值"),
        (
            "scan --baud 1 --baud 2",
            ErrorKind::ArgumentConflict,
            "只能写一次",
        ),
        (
            "scan --id a --device b",
            ErrorKind::ArgumentConflict,
            "同用",
        ),
        ("explain x --lines", ErrorKind::ArgumentConflict, "同用"),
        (
            "page --browser x",
            ErrorKind::MissingRequiredArgument,
            "--open",
        ),
        ("page --open=x", ErrorKind::TooManyValues, "多了"),
    ] {
        let words = std::iter::once("settlement-agent").chain(typed.split(' '));
        let error = command_line().try_get_matches_from(words).unwrap_err();
        assert_eq!(error.kind(), kind, "{typed}");
        assert_eq!(error.exit_code(), 2, "{typed}");
        let notice = misuse(&error).to_string();
        is_chinese(&notice);
        assert!(notice.contains(named), "{typed}: {notice}");
    }
}

#[test]
fn whatever_kind_of_mistake_clap_finds_there_is_a_sentence_for_it() {
    for kind in [
        ErrorKind::InvalidValue,
        ErrorKind::UnknownArgument,
        ErrorKind::InvalidSubcommand,
        ErrorKind::NoEquals,
        ErrorKind::ValueValidation,
        ErrorKind::TooManyValues,
        ErrorKind::TooFewValues,
        ErrorKind::WrongNumberOfValues,
        ErrorKind::ArgumentConflict,
        ErrorKind::MissingRequiredArgument,
        ErrorKind::MissingSubcommand,
        ErrorKind::InvalidUtf8,
        ErrorKind::DisplayHelp,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
        ErrorKind::DisplayVersion,
        ErrorKind::Io,
        ErrorKind::Format,
    ] {
        is_chinese(
            &misuse(&clap::Error::new(kind))
                .to_string()
                .replace("command_line", ""),
        );
    }
}

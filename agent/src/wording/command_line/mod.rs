//! The command line in Chinese: what `--help` says, and what is said of a command that was typed wrongly.

mod misuse;
mod pages;

use clap::{Arg, ArgAction, Command};

pub(crate) use misuse::misuse;
use pages::{Argument, PAGES, Page, SHARED};

/// The order of a page. Headings are those that [`in_chinese`] gives the arguments.
const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}\n";

/// The command with every word of it in Chinese.
pub(crate) fn in_chinese(command: Command) -> Command {
    let mut command = explained(command, "");
    // The usage line shows the whole path and the order of the arguments, which are known only now.
    command.build();
    with_usage(command)
}

fn explained(command: Command, path: &str) -> Command {
    let page = page(path);
    let command = with_built_in(command, path.is_empty()).mut_args(|arg| said(arg, page));
    let command = match page {
        Some(page) => command.about(page.does).after_help(ending(page)),
        None => command,
    };
    let has_subcommands = command.has_subcommands();
    command
        .long_about(None::<&str>)
        .help_template(TEMPLATE)
        .subcommand_help_heading("子命令")
        .subcommand_value_name("子命令")
        .next_line_help(!has_subcommands)
        .mut_subcommands(|below| {
            let below_path = format!("{path} {}", below.get_name());
            explained(below, below_path.trim_start())
        })
}

fn page(path: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.path == path)
}

/// clap's own options cannot be given other words: these stand in their place.
fn with_built_in(command: Command, is_root: bool) -> Command {
    let command = command
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help),
        );
    if !is_root {
        return command;
    }
    command.arg(
        Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version),
    )
}

fn said(arg: Arg, page: Option<&'static Page>) -> Arg {
    let heading = if arg.is_positional() {
        "参数"
    } else {
        "选项"
    };
    let takes_a_value = arg.get_action().takes_values();
    let arg = arg
        .help_heading(heading)
        .hide_default_value(takes_a_value)
        .hide_possible_values(takes_a_value)
        .long_help(None::<&str>);
    let Some(Argument { value, says, .. }) = argument(&arg, page) else {
        return arg;
    };
    let says = match usual(&arg) {
        Some(usual) => format!("{says}（不写时为 {usual}）"),
        None => (*says).to_owned(),
    };
    let arg = arg.help(says);
    if value.is_empty() {
        arg
    } else {
        arg.value_name(*value)
    }
}

fn argument(arg: &Arg, page: Option<&'static Page>) -> Option<&'static Argument> {
    let id = arg.get_id().as_str();
    let own = page.map_or(&[][..], |page| page.arguments);
    own.iter().chain(SHARED).find(|argument| argument.id == id)
}

/// What is taken where the option is not given.
fn usual(arg: &Arg) -> Option<String> {
    let values = arg.get_default_values();
    let is_switch = !arg.get_action().takes_values();
    let words: Vec<_> = values
        .iter()
        .map(|value| value.to_string_lossy())
        .filter(|word| !word.is_empty())
        .collect();
    (!is_switch && !words.is_empty()).then(|| words.join(" "))
}

/// Who runs it, examples, how it ends.
fn ending(page: &Page) -> String {
    let examples = page.examples.join("\n  ");
    let who = match page.who {
        "" => "每个子命令后面加 --help 可看它的说明。".to_owned(),
        who => format!("由谁运行：{who}"),
    };
    format!("{who}\n\n例如：\n  {examples}\n\n退出状态：{}", page.ends)
}

/// The usage line without clap's English.
fn with_usage(mut command: Command) -> Command {
    let usage = usage(&command.render_usage().to_string());
    command.override_usage(usage).mut_subcommands(with_usage)
}

/// As [`with_usage`]; also for the one that an error holds.
fn usage(rendered: &str) -> String {
    rendered
        .trim_start_matches("Usage:")
        .trim()
        .replace("[OPTIONS]", "[选项]")
}

#[cfg(test)]
mod tests;

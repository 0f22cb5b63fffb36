//! `rules`: every rule of the counter, with what it asks, its articles, and who sets it.

use std::io::{self, Write};
use std::process::ExitCode;

use ::rules::{Article, Profile, ProfileName, RULES, Rule, RuleSet, SetBy};

use super::ground;
use crate::wording::commands;

/// Writes the list to standard output.
pub(super) fn run() -> ExitCode {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match list(&mut out).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read it has gone: nothing is left to say.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(error) => ground::ended(Err(commands::output(&error))),
    }
}

fn list(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "结算规则，第{}版，共{}条",
        RuleSet::CURRENT,
        RULES.len()
    )?;
    for rule in RULES {
        writeln!(out)?;
        one(out, rule)?;
    }
    for name in ProfileName::ALL {
        let profile = Profile::built_in(*name);
        writeln!(out, "\n参数 {name}（{}）", profile.hash())?;
        for (knob, value, reference, reading) in profile.settings() {
            let basis = if reading {
                "规程未明确，按默认口径，参照"
            } else {
                "依据"
            };
            writeln!(out, "  {knob} = {value}（{basis} {reference}）")?;
        }
    }
    Ok(())
}

fn one(out: &mut impl Write, rule: &Rule) -> io::Result<()> {
    writeln!(out, "{} {}", rule.id, rule.asks)?;
    for (article, quote) in rule.quotes {
        writeln!(out, "  {article} “{quote}”")?;
    }
    match rule.set_by {
        SetBy::Nation if of_hunan_too(rule) => {
            writeln!(
                out,
                "  规定：国家；省内异地为湖南省（其他省份：规程未明确，按默认口径）"
            )
        }
        SetBy::Nation => writeln!(out, "  规定：国家"),
        SetBy::Hunan => writeln!(out, "  规定：湖南省（其他省份：规程未明确，按默认口径）"),
        SetBy::Profile(knobs) => writeln!(
            out,
            "  规定：由省份或本机构参数设定（{}）",
            knobs.join("、")
        ),
        SetBy::Interpretation => writeln!(out, "  规定：规程未明确，按默认口径"),
    }
}

/// Whether Hunan's own procedure says it as well, for what happens within the province.
fn of_hunan_too(rule: &Rule) -> bool {
    rule.quotes
        .iter()
        .any(|(article, _)| matches!(article, Article::Hunan(..)))
}

//! `check-config`: loads everything that the daemon loads at its start and tells at once what is wrong with it.

use std::path::Path;

use super::ground;
use crate::readiness;
use crate::settings::Settings;
use crate::wording::notice::Notice;

pub(super) fn run(config: &Path) -> Result<(), Notice> {
    let settings = match Settings::load(config) {
        Ok(settings) => readiness::with_sources(settings),
        Err(wrong) => return ground::all_said(wrong.iter().map(Notice::from).collect()),
    };
    let mut findings = readiness::custody(config, &settings, &settings.state_folders());
    for fault in readiness::faults(&settings) {
        // What lies open is found by its owner and mode, and again by whoever reads it.
        if !findings.contains(&fault) {
            findings.push(fault);
        }
    }
    for hint in readiness::hints(&settings) {
        if !findings.contains(&hint) {
            ground::say(std::io::stderr(), &format!("提醒：{hint}"));
        }
    }
    ground::all_said(findings)?;
    ground::say(std::io::stdout(), "配置可用。");
    Ok(())
}

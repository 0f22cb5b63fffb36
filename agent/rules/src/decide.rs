//! The way of one decision: the rules in their order, then the money, then what is worth a warning.

use crate::case::Case;
use crate::case::bill::BillLine;
use crate::case::filing::Filing;
use crate::case::people::OnCard;
use crate::case::visit::Gate;
use crate::decision::{Channel, Decision, Outcome, Reason, Route, Verdict};
use crate::profile::Profile;
use crate::regulation::circumstances::Circumstances;
use crate::regulation::finding::{Findings, Warnings};
use crate::regulation::settlement::reversal::Reversals;
use crate::regulation::settlement::split::SoundBill;
use crate::regulation::settlement::{self, devices, identity, once, refund, upload};
use crate::regulation::{
    annexes, care, chosen_filing, filing, general, notice, oversight, supplementary,
};
use crate::rule_set::RuleSet;

/// Decides a case under a profile. The same case and profile always give the same decision.
pub fn decide(case: &Case, profile: &Profile) -> Decision {
    judge(case, profile, RuleSet::CURRENT, None)
}

/// The same, where the card itself says something of its holder beside what the case holds: B02 looks at both.
pub fn decide_beside_card(case: &Case, profile: &Profile, on_card: Option<&OnCard>) -> Decision {
    judge(case, profile, RuleSet::CURRENT, on_card)
}

/// Decides a case that was kept as evidence by the rules of its own day: newer ones are not applied to it.
pub fn decide_again(case: &Case, profile: &Profile, rules: RuleSet) -> Decision {
    judge(case, profile, rules, None)
}

fn judge(case: &Case, profile: &Profile, rules: RuleSet, on_card: Option<&OnCard>) -> Decision {
    let facts = case.facts();
    let Some(worker) = &facts.worker else {
        let mut found = Findings::told();
        identity::a00_unknown(&mut found);
        return stopped(None, found.into_reasons(facts.gate, rules));
    };
    let c = Circumstances::new(facts, worker, profile, (rules, on_card));
    let mut found = Findings::told();
    general::a03_provincial_level(&c, &mut found);
    general::a02_same_prefecture(&c, &mut found);
    supplementary::a09_intra_province_open(&c, &mut found);
    if !found.rows().is_empty() {
        return stopped(Some(c.channel), found.into_reasons(facts.gate, rules));
    }
    let filing = ask_the_gate(&c, &mut found);
    let bill = ask_the_bill(&c, &mut found);
    conclude(&c, filing, bill.as_ref(), found)
}

/// Everything but the bill; the filing relied on.
fn ask_the_gate<'a>(c: &Circumstances<'a>, found: &mut Findings) -> Option<&'a Filing> {
    supplementary::a08_in_force(c, found);
    care::d01_institution(c, found);
    care::d02_suspended_during_stay(c, found);
    general::a04_cross_province_outpatient(c, found);
    general::a05_intra_province_outpatient(c, found);
    once::f08_settled_already(c, found);
    once::b03_fault(c, found);
    care::b01_credential(c, found);
    identity::b02_identity(c, found);
    notice::b06_card_verified(c, found);
    oversight::c12_suspended(c, found);
    identity::c10_eligibility(c, found);
    general::a07_confirmed(c, found);
    general::a06_third_party(c, found);
    let filing = chosen_filing::choose(c, found);
    devices::e07_notice(c, found);
    devices::e08_minimum_years(c, found);
    identity::f02_registry_age(c, found);
    filing
}

/// What is wrong with the bill itself; the bill, where there is one and nothing is, so that it can be split.
fn ask_the_bill<'a>(c: &Circumstances<'a>, found: &mut Findings) -> Option<SoundBill<'a>> {
    let bill = c.case.bill.as_ref()?;
    let reversals = Reversals::of(bill);
    let mut faults = Findings::told();
    // One pass settles it for nearly every bill; only otherwise each rule goes over the lines to name them.
    if !bill.lines.iter().all(line_is_sound) {
        settlement::bill::e11_e12_foreign_lines(c, bill, &mut faults);
        annexes::e03_unmarked(bill, &mut faults);
        annexes::e13_lines(bill, &mut faults);
    }
    annexes::e13_reversals(bill, &reversals, &mut faults);
    let sound = faults.rows().is_empty();
    found.extend(faults);
    sound.then_some(SoundBill { bill, reversals })
}

/// Nothing is wrong with a line by itself.
fn line_is_sound(line: &BillLine) -> bool {
    settlement::bill::belongs(line) && annexes::line_is_sound(line)
}

fn conclude(
    c: &Circumstances<'_>,
    filing: Option<&Filing>,
    bill: Option<&SoundBill<'_>>,
    found: Findings,
) -> Decision {
    let mut warnings = Warnings::under(c.rules);
    let split = bill.map(|bill| settlement::split::split(c, bill, &mut warnings));
    let reasons = found.into_reasons(c.case.gate, c.rules);
    let (outcome, route) = match reasons.first() {
        None => (Outcome::Allow, Route::DirectSettlement),
        Some(first) => match first.verdict {
            Verdict::Refuse => (Outcome::Refuse, first.route),
            Verdict::Hold => (Outcome::Hold, first.route),
        },
    };
    let allowed = outcome == Outcome::Allow;
    let refund = split
        .as_ref()
        .filter(|_| allowed && c.case.gate == Gate::Refund)
        .map(|split| refund::r01_refund(c, split.fund.total()));
    if let Some(split) = &split {
        notice::f12_high_amount(c, split.total(), &mut warnings);
        if refund.is_some() {
            refund::r01_payments(c, split.total(), &mut warnings);
        }
    }
    warn(c, filing, &mut warnings);
    Decision {
        channel: Some(c.channel),
        outcome,
        route,
        filing: filing.map(|filing| filing.number.clone()),
        reasons,
        warnings: warnings.into_sorted(),
        split,
        refund,
        upload_due_at: if allowed { upload::f04_due(c) } else { None },
    }
}

/// The warnings that need no split.
fn warn(c: &Circumstances<'_>, filing: Option<&Filing>, warnings: &mut Warnings) {
    supplementary::a08_expired(c, warnings);
    care::b01_card_will_be_required(c, warnings);
    devices::e06_not_in_filing(c, warnings);
    notice::b06_card_not_verified(c, warnings);
    identity::b05_check_digit(c, warnings);
    if let Some(filing) = filing {
        filing::c04_unusual(c, filing, warnings);
    }
    care::d02_settles_all_the_same(c, warnings);
    devices::e08_early_replacement(c, warnings);
    upload::f05_rehabilitation_plan(c, warnings);
}

/// A rule that ends the evaluation: one reason, no warning, no split.
fn stopped(channel: Option<Channel>, reasons: Vec<Reason>) -> Decision {
    let (outcome, route) = match reasons.first().map(|first| (first.verdict, first.route)) {
        Some((Verdict::Hold, route)) => (Outcome::Hold, route),
        Some((Verdict::Refuse, route)) => (Outcome::Refuse, route),
        None => (Outcome::Refuse, Route::None),
    };
    Decision {
        channel,
        outcome,
        route,
        filing: None,
        reasons,
        warnings: Vec::new(),
        split: None,
        refund: None,
        upload_due_at: None,
    }
}

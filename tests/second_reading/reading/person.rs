//! B01 to B06, C10, C12 and A07: who stands at the counter, and whether the registry still vouches for the injury.

use super::places::province;
use super::{Findings, View};
use crate::case::{Care, Confirmation, Eligibility, Fault, Shown, Verified};

pub(super) fn rules(view: &View<'_>, findings: &mut Findings) {
    credential(view, findings);
    identity(view, findings);
    verification(view, findings);
    if view.worker.suspended {
        findings.refuse("C12", "suspended", "ask_agency");
    }
    match view.worker.eligibility {
        Eligibility::Eligible => {}
        Eligibility::Lost => findings.refuse("C10", "eligibility_lost", "ask_agency"),
        Eligibility::Unknown => findings.hold("C10", "eligibility_unknown", "check_online"),
    }
    if !confirmed(view) {
        let medical = view.case.visit.kind.care() == Some(Care::Medical);
        let route = if medical && view.hunan_intra() {
            "refund_after_recognition"
        } else {
            view.route("file_first", "manual_reimbursement")
        };
        findings.refuse("A07", "not_confirmed", route);
    }
    let number = &view.worker.social_security_number;
    if number.chars().count() == 18 && !check_digit_fits(number) {
        findings.warn("B05", "number_checksum");
    }
}

/// B03 and B01: what was shown at all.
fn credential(view: &View<'_>, findings: &mut Findings) {
    let shown = &view.case.credential;
    match (shown.kind, shown.fault) {
        (Shown::None, Some(Fault::Credential)) => {
            findings.refuse(
                "B03",
                "credential_fault",
                view.route("present_card", "manual_reimbursement"),
            );
        }
        (Shown::None, Some(Fault::Denied)) => {
            findings.refuse("B03", "credential_denied", "present_card");
        }
        (Shown::None, Some(Fault::Network)) => {
            findings.hold("B03", "credential_not_authenticated", "check_online");
        }
        (Shown::None, None) => findings.refuse("B01", "no_credential", "present_card"),
        (Shown::IdentityCard, _) if view.case.gate.settles() => {
            findings.refuse("B01", "card_required", "present_card");
        }
        (Shown::IdentityCard, _) => findings.warn("B01", "card_required_to_settle"),
        (Shown::SocialSecurityCard | Shown::ElectronicSocialSecurityCard, _) => {}
    }
}

/// B02: the number and the name against the registry's.
fn identity(view: &View<'_>, findings: &mut Findings) {
    let shown = &view.case.credential;
    if shown.social_security_number.as_ref().is_some_and(|number| {
        with_large_x(number) != with_large_x(&view.worker.social_security_number)
    }) {
        findings.refuse("B02", "number_differs", "ask_agency");
    }
    if shown
        .name
        .as_ref()
        .is_some_and(|name| folded(name) != folded(&view.worker.name))
    {
        findings.hold("B02", "name_differs", "ask_agency");
    }
}

fn with_large_x(number: &str) -> String {
    number
        .strip_suffix('x')
        .map_or_else(|| number.to_owned(), |front| format!("{front}X"))
}

/// A name with full-width signs made narrow, and then without white space and dots.
fn folded(name: &str) -> String {
    name.chars()
        .map(|sign| match u32::from(sign) {
            code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFF01 + 0x21).unwrap(),
            _ => sign,
        })
        .filter(|sign| !sign.is_whitespace() && !"·•・･‧∙⋅.".contains(*sign))
        .collect()
}

/// B06: whether the card or code was confirmed.
fn verification(view: &View<'_>, findings: &mut Findings) {
    let shown = &view.case.credential;
    if !matches!(
        shown.kind,
        Shown::SocialSecurityCard | Shown::ElectronicSocialSecurityCard
    ) {
        return;
    }
    match shown.verified {
        Verified::No if view.case.gate.settles() => {
            findings.hold("B06", "card_not_verified", "check_online");
        }
        Verified::No | Verified::Earlier => findings.warn("B06", "card_not_verified"),
        Verified::Now => {}
    }
}

/// A07: a confirmation that fits the kind.
fn confirmed(view: &View<'_>) -> bool {
    let held = |wanted: &[Confirmation]| {
        wanted
            .iter()
            .any(|one| view.worker.confirmations.contains(one))
    };
    match view.case.visit.kind.care() {
        None => held(&[Confirmation::AssistiveDevice]),
        Some(Care::Rehabilitation) => held(&[Confirmation::Rehabilitation]),
        Some(Care::Medical) => {
            held(&[Confirmation::InjuryRecognition, Confirmation::Recurrence])
                || province(&view.worker.insured_division) == "43"
                    && held(&[Confirmation::ContinuedTreatment, Confirmation::LegacyInjury])
        }
    }
}

/// GB 11643: the eighteenth sign closes a sum modulo 11.
fn check_digit_fits(number: &str) -> bool {
    let values: Option<Vec<u32>> = number
        .chars()
        .enumerate()
        .map(|(place, sign)| match sign {
            'X' | 'x' if place == 17 => Some(10),
            _ => sign.to_digit(10),
        })
        .collect();
    values.is_some_and(|values| {
        // The weight of a place is two to the power of how far it stands from the end.
        values
            .iter()
            .rev()
            .zip(0..)
            .map(|(value, power)| value * (1 << power))
            .sum::<u32>()
            % 11
            == 1
    })
}

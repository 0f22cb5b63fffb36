//! Workers, what the registry holds of them, and the card or code that they show.

use super::{Dice, Scene, confirmations};
use crate::case::{Credential, Eligibility, Fault, Shown, Verified, Worker};

/// Numbers whose check digit fits.
const NUMBERS: [&str; 4] = [
    "650102199003070013",
    "430402198811120032",
    "11010519491231002X",
    "11010519491231002x",
];
/// Numbers that have none, or one that does not fit.
const UNUSUAL: [&str; 6] = [
    "650102199003070014",
    "430402198811120132",
    "A1010519491231002X",
    "HK12345678",
    "1101051949123100xX",
    "7x",
];
const NAMES: [&str; 5] = [
    "测试一",
    "阿卜杜拉·麦麦提",
    "Li Ming",
    "古丽．娜尔",
    "ＡＢｃ・d",
];
/// What a name may have or lack.
const DROPPED: [char; 15] = [
    '·', '•', '・', '･', '‧', '∙', '⋅', '.', '．', ' ', '\u{3000}', '\u{a0}', '\u{2028}', '\u{85}',
    '\u{1680}',
];
/// What looks like nothing, or like a dot, and counts.
const COUNTED: [char; 8] = [
    '\u{200b}', '\u{feff}', '。', '-', '。', '\u{180e}', '｟', '\u{2060}',
];

pub(super) fn worker(dice: &mut Dice, scene: &Scene) -> Worker {
    let usual = *dice.pick(&NUMBERS);
    Worker {
        social_security_number: dice.mostly(usual, &UNUSUAL).to_owned(),
        name: (*dice.pick(&NAMES)).to_owned(),
        insured_division: scene.insured.to_owned(),
        insured_level: scene.level,
        confirmations: confirmations(dice, scene),
        eligibility: dice.mostly(
            Eligibility::Eligible,
            &[
                Eligibility::Lost,
                Eligibility::Unknown,
                Eligibility::Unknown,
            ],
        ),
        suspended: dice.odd(),
    }
}

pub(super) fn credential(dice: &mut Dice, scene: &Scene, worker: &Worker) -> Credential {
    let cards = [
        Shown::SocialSecurityCard,
        Shown::SocialSecurityCard,
        Shown::ElectronicSocialSecurityCard,
    ];
    let card = if !scene.gate.settles() && dice.percent(15) {
        Shown::IdentityCard
    } else {
        *dice.pick(&cards)
    };
    let kind = dice.mostly(card, &[Shown::None, Shown::None, Shown::IdentityCard]);
    if kind == Shown::None {
        let faults = [
            None,
            Some(Fault::Credential),
            Some(Fault::Denied),
            Some(Fault::Network),
        ];
        let fault = *dice.pick(&faults);
        return Credential {
            kind,
            social_security_number: None,
            name: None,
            fault,
            verified: Verified::No,
        };
    }
    let verified = if kind == Shown::IdentityCard {
        Verified::No
    } else if dice.percent(20) {
        Verified::Earlier
    } else {
        dice.mostly(Verified::Now, &[Verified::No])
    };
    Credential {
        kind,
        social_security_number: Some(number(dice, &worker.social_security_number)),
        name: Some(name(dice, &worker.name)),
        fault: None,
        verified,
    }
}

fn number(dice: &mut Dice, registered: &str) -> String {
    if dice.odd() {
        return (*dice.pick(&[
            "650102199003070013",
            "11010519491231002X",
            "1101051949123100XX",
            "7X",
        ]))
        .to_owned();
    }
    match registered.strip_suffix(['x', 'X']) {
        Some(front) if dice.percent(50) => format!("{front}{}", dice.pick(&["x", "X"])),
        Some(_) | None => registered.to_owned(),
    }
}

/// The name as some other office may write it.
fn name(dice: &mut Dice, registered: &str) -> String {
    let mut signs: Vec<char> = registered.chars().collect();
    if dice.percent(30) {
        let place = dice.below(signs.len() as u64 + 1);
        signs.insert(usize::try_from(place).unwrap(), *dice.pick(&DROPPED));
    }
    if dice.percent(15) {
        signs.retain(|sign| !DROPPED.contains(sign));
    }
    if dice.percent(20) {
        for sign in &mut signs {
            if dice.percent(50) {
                *sign = other_width(*sign);
            }
        }
    }
    if dice.odd() {
        let place = usize::try_from(dice.below(signs.len() as u64)).unwrap();
        signs[place] = match signs[place] {
            sign if sign.is_ascii_lowercase() => sign.to_ascii_uppercase(),
            _ => *dice.pick(&COUNTED),
        };
    }
    signs.into_iter().collect()
}

/// A narrow sign wide, or a wide one narrow.
fn other_width(sign: char) -> char {
    let code = u32::from(sign);
    let other = match code {
        0x21..=0x7E => code + 0xFEE0,
        0xFF01..=0xFF5E => code - 0xFEE0,
        _ => code,
    };
    char::from_u32(other).unwrap()
}

//! What holds whatever the bill: sums, signs, full reversals, lines that are not for the injury, order, and the registry's age.

use proptest::collection::vec;
use proptest::prelude::*;
use rules::case_format::{parse_case, write_decision};
use rules::{
    BillLine, Case, CaseFacts, ColumnAmounts, Decision, ItemCode, LineColumn, LineNumber,
    MatrixColumn, Money, Outcome, Profile, Quantity, Split, SplitLine, UnitPrice, decide,
};

const STAY: &str = include_str!("../../../../tests/scenarios/01-cross-transfer-valid.json");

fn stay() -> CaseFacts {
    let scenario: serde_json::Value = serde_json::from_str(STAY).unwrap();
    parse_case(scenario["case"].to_string().as_bytes())
        .unwrap()
        .into_facts()
}

/// A line's makings: price and quantity in ten-thousandths, how far the amount lies off in cents, which item, whether it
/// treats the injury, whether its restriction is met, and how much of it is taken back, in hundredths.
type Makings = (u32, u32, i8, u8, bool, Option<bool>, Vec<u8>);

fn makings() -> impl Strategy<Value = Makings> {
    (
        0..2_000_000u32,
        1..300_000u32,
        -1..=1i8,
        0..6u8,
        prop::bool::weighted(0.8),
        any::<Option<bool>>(),
        vec(1..60u8, 0..3),
    )
}

const ITEMS: [(&str, MatrixColumn); 6] = [
    ("plain", MatrixColumn::Drug),
    ("ceiling", MatrixColumn::InpatientService),
    ("low ceiling", MatrixColumn::Treatment),
    ("restricted", MatrixColumn::Drug),
    ("not listed", MatrixColumn::Rehabilitation),
    ("device in a stay", MatrixColumn::AssistiveDevice),
];

/// Price × quantity to the cent, half away from zero; both in ten-thousandths.
fn cents(price: u32, quantity: u64) -> i64 {
    i64::try_from((u128::from(price) * u128::from(quantity) + 500_000) / 1_000_000).unwrap()
}

fn line(number: u64, makings: &Makings) -> BillLine {
    let (price, quantity, off, item, treats_injury, restriction_met, _) = makings;
    let (code, column) = ITEMS[usize::from(*item)];
    let amount = (cents(*price, u64::from(*quantity)) + i64::from(*off)).max(0);
    BillLine {
        number: LineNumber::new(number).unwrap(),
        date: jiff::civil::date(2025, 8, 12),
        column: LineColumn::Matrix(column),
        code: ItemCode::parse(code).unwrap(),
        name: "".into(),
        unit_price: UnitPrice::parse(&decimal(u64::from(*price))).unwrap(),
        quantity: Quantity::parse(&decimal(u64::from(*quantity))).unwrap(),
        amount: Money::from_cents(amount),
        treats_injury: Some(*treats_injury),
        restriction_met: *restriction_met,
        reverses: None,
    }
}

/// Ten-thousandths as text.
fn decimal(value: u64) -> String {
    format!("{}.{:04}", value / 10_000, value % 10_000)
}

/// A reversal of `quantity` ten-thousandths of a line.
fn reversal(number: u64, of: &BillLine, quantity: u64, amount: i64) -> BillLine {
    BillLine {
        number: LineNumber::new(number).unwrap(),
        quantity: Quantity::parse(&format!("-{}", decimal(quantity))).unwrap(),
        amount: Money::from_cents(-amount),
        reverses: Some(of.number),
        ..of.clone()
    }
}

/// Lines and the reversals of parts of them that E13 lets pass.
fn bill(lines: &[Makings]) -> Vec<BillLine> {
    let mut bill = Vec::new();
    for (index, makings) in lines.iter().enumerate() {
        let number = index as u64 * 10 + 1;
        let line = line(number, makings);
        let (price, quantity, ..) = *makings;
        let (mut quantity_left, mut amount_left) = (
            u64::from(quantity),
            i64::try_from(line.amount.cents()).unwrap(),
        );
        for (step, hundredths) in makings.6.iter().enumerate() {
            let part = u64::from(quantity) * u64::from(*hundredths) / 100;
            let amount = cents(price, part);
            if part == 0 || part > quantity_left || amount > amount_left {
                continue;
            }
            quantity_left -= part;
            amount_left -= amount;
            bill.push(reversal(number + 1 + step as u64, &line, part, amount));
        }
        bill.push(line);
    }
    bill
}

fn facts(lines: Vec<BillLine>) -> CaseFacts {
    let mut facts = stay();
    let mut entry = facts.catalogue[0].clone();
    facts.catalogue = ITEMS
        .iter()
        .filter(|(code, _)| *code != "not listed")
        .map(|(code, column)| {
            entry.column = *column;
            entry.code = ItemCode::parse(code).unwrap();
            entry.restricted = *code == "restricted";
            entry.ceiling = match *code {
                "ceiling" => Some(Money::from_cents(4_000)),
                "low ceiling" => Some(Money::from_cents(3)),
                _ => None,
            };
            entry.clone()
        })
        .collect();
    facts.bill = Some(rules::Bill { lines });
    facts
}

fn decided(facts: CaseFacts) -> Decision {
    let case = Case::new(facts).unwrap();
    decide(&case, Profile::built_in(case.facts().profile))
}

fn split(lines: Vec<BillLine>) -> Split {
    let decision = decided(facts(lines));
    let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.code).collect();
    decision
        .split
        .unwrap_or_else(|| panic!("no split: {codes:?}"))
}

fn rows(split: &Split) -> [ColumnAmounts; 3] {
    [split.fund, split.self_pay, split.other]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_matrix_and_totals_add_up_to_the_cent(makings in vec(makings(), 0..12)) {
        let lines = bill(&makings);
        let split = split(lines.clone());
        let amounts: i128 = lines.iter().map(|line| line.amount.cents()).sum();
        prop_assert_eq!(split.total().cents(), amounts);
        prop_assert_eq!((split.fund.total() + split.personal()).cents(), amounts);
        prop_assert_eq!(split.personal(), split.self_pay.total() + split.other.total());
        for (line, shares) in lines.iter().zip(&split.lines) {
            prop_assert_eq!(line.number, shares.number);
            prop_assert_eq!(shares.shares.total(), line.amount);
        }
        for column in MatrixColumn::ALL {
            let of_column = |share: fn(&SplitLine) -> Money| -> Money {
                lines
                    .iter()
                    .zip(&split.lines)
                    .filter(|(line, _)| line.column == LineColumn::Matrix(*column))
                    .map(|(_, shares)| share(shares))
                    .sum()
            };
            prop_assert_eq!(split.fund.of(*column), of_column(|line| line.shares.fund));
            prop_assert_eq!(split.self_pay.of(*column), of_column(|line| line.shares.self_pay));
            prop_assert_eq!(split.other.of(*column), of_column(|line| line.shares.other));
        }
        // And what is written says the same.
        let decision = decided(facts(lines));
        let written: serde_json::Value = serde_json::from_slice(&write_decision(&decision)).unwrap();
        prop_assert_eq!(written["split"]["total"].as_str().unwrap(), Money::from_cents(i64::try_from(amounts).unwrap()).to_string());
    }

    #[test]
    fn no_share_of_a_line_nor_fund_and_other_of_a_column_has_the_wrong_sign(makings in vec(makings(), 0..12)) {
        let lines = bill(&makings);
        let split = split(lines.clone());
        for (line, SplitLine { shares, .. }) in lines.iter().zip(&split.lines) {
            for share in [shares.fund, shares.self_pay, shares.other] {
                match line.reverses {
                    None => prop_assert!(share >= Money::ZERO),
                    Some(_) => prop_assert!(share <= Money::ZERO),
                }
            }
        }
        for column in MatrixColumn::ALL {
            prop_assert!(split.fund.of(*column) >= Money::ZERO);
            prop_assert!(split.other.of(*column) >= Money::ZERO);
        }
    }

    #[test]
    fn a_line_taken_back_whole_in_one_leaves_nothing(makings in vec(makings(), 1..12)) {
        let mut lines: Vec<BillLine> =
            makings.iter().zip(1..).map(|(makings, number)| line(number, makings)).collect();
        let whole = lines.clone();
        for (line, (_, quantity, ..)) in whole.iter().zip(&makings) {
            let amount = i64::try_from(line.amount.cents()).unwrap();
            lines.push(reversal(line.number.get() + 1000, line, u64::from(*quantity), amount));
        }
        for row in rows(&split(lines)) {
            prop_assert_eq!(row, ColumnAmounts::default());
        }
    }

    #[test]
    fn a_line_that_is_not_for_the_injury_never_changes_the_fund(makings in vec(makings(), 0..12), added in makings()) {
        let mut lines = bill(&makings);
        let before = split(lines.clone());
        let mut foreign = line(5000, &added);
        foreign.treats_injury = Some(false);
        lines.push(foreign);
        let after = split(lines);
        prop_assert_eq!(after.fund, before.fund);
        prop_assert_eq!(after.self_pay, before.self_pay);
    }

    #[test]
    fn the_order_of_lines_never_changes_a_sum((lines, shuffled) in vec(makings(), 0..12).prop_map(|makings| bill(&makings)).prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle()))) {
        prop_assert_eq!(rows(&split(lines)), rows(&split(shuffled)));
    }

    #[test]
    fn registry_age_alone_never_turns_refuse_into_allow(disturbance in 0..8u8, minutes in 0..100_000i64, other in 0..100_000i64) {
        let aged = |minutes: i64| {
            let mut facts = stay();
            facts.registry_as_of = facts.at - jiff::SignedDuration::from_mins(minutes);
            let Some(worker) = &mut facts.worker else { unreachable!("the scenario has a worker") };
            match disturbance {
                0 => worker.suspended = true,
                1 => worker.eligibility = rules::Eligibility::Lost,
                2 => worker.confirmations.clear(),
                3 => facts.filings.clear(),
                4 => facts.visit.settled = rules::Settled::Manual,
                5 => facts.visit.third_party_liability = rules::ThirdPartyLiability::Full,
                6 => facts.institution.channels.clear(),
                _ => {}
            }
            decided(facts)
        };
        let (one, two) = (aged(minutes), aged(other));
        if one.outcome == Outcome::Refuse {
            prop_assert_eq!(two.outcome, Outcome::Refuse);
            prop_assert_eq!(two.route, one.route);
        }
        let stale = |minutes: i64| minutes > 1440;
        prop_assert_eq!(one.outcome == Outcome::Allow, disturbance > 6 && !stale(minutes));
    }
}

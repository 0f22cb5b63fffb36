//! What a workbook's binary fractions can do to an amount: nothing that a cent could tell.

use proptest::prelude::*;
use rules::{Money, UnitPrice};

use crate::bill::cell::{self, Read};

/// As calamine hands a number on: read as a binary fraction, written as the shortest decimal that means it.
fn through_a_workbook(text: &str) -> String {
    text.parse::<f64>().unwrap().to_string()
}

fn taken(text: &str) -> Option<Money> {
    match cell::amount(&through_a_workbook(text)) {
        Read::Taken(amount, _) => Some(amount),
        Read::Refused(_) => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_amount_that_a_bill_can_have_comes_through_as_it_was_written(
        cents in -99_999_999_999_999_i64..=99_999_999_999_999
    ) {
        let amount = Money::from_cents(cents);
        prop_assert_eq!(taken(&amount.to_string()), Some(amount));
    }

    #[test]
    fn every_price_that_a_bill_can_have_comes_through_as_it_was_written(
        whole in 0..=99_999_999_u32, parts in 0..=9_999_u32
    ) {
        let text = format!("{whole}.{parts:04}");
        let price = match cell::unit_price(&through_a_workbook(&text)) {
            Read::Taken(price, _) => Some(price),
            Read::Refused(_) => None,
        };
        prop_assert_eq!(price, UnitPrice::parse(&text).ok());
    }

    #[test]
    fn a_number_with_more_digits_than_a_workbook_holds_is_refused_or_meant_that_amount(
        whole in 0..=999_999_999_999_u64, fraction in "[0-9]{3,17}", near in any::<bool>(), cents in 0..100_u8
    ) {
        // Half of them as computations leave them: a hair beside a cent.
        let fraction = if near {
            format!("{cents:02}{}", fraction.chars().map(|digit| if digit < '5' { '0' } else { '9' }).collect::<String>())
        } else {
            fraction
        };
        if let Some(amount) = taken(&format!("{whole}.{fraction}")) {
            const SCALE: u32 = 20;
            let digits = u32::try_from(fraction.len()).unwrap();
            let written = i128::from(whole) * 10_i128.pow(SCALE)
                + fraction.parse::<i128>().unwrap() * 10_i128.pow(SCALE - digits);
            let read = amount.cents() * 10_i128.pow(SCALE - 2);
            // Beside the amount by less than the sixteenth of its digits, and so by much less than half a cent.
            let far = (written - read).abs();
            prop_assert!(far * 10_i128.pow(14) <= written, "{whole}.{fraction}: {amount}");
            prop_assert!(far * 2 < 10_i128.pow(SCALE - 2), "{whole}.{fraction}: {amount}");
        }
    }
}

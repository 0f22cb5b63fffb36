//! The figures of the rules: nanoseconds a line, microseconds a gate, and cases a second beside the bare parse of the same JSON.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program that prints its figures, and ends where its own cases are not cases"
)]

use std::hint::black_box;
use std::time::Duration;

use rules::case_format::{parse_case, write_case, write_decision};
use rules::{Case, CaseFacts, FilingNumber, ItemCode, LineNumber, Profile, decide};

const STAY: &str = include_str!("../../../tests/scenarios/01-cross-transfer-valid.json");

/// Most entries of the catalogue beside a bill; a small bill has as many as it needs.
const CATALOGUE: usize = 2_000;

fn main() {
    println!("Medians of repeated runs; a loaded machine shows in the longest.");
    bills();
    gates();
    explain();
}

/// Time of one run; the only clock in this program.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn timed(mut run: impl FnMut()) -> Duration {
    let start = std::time::Instant::now();
    run();
    start.elapsed()
}

/// The median of `rounds` runs.
fn median(rounds: usize, mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..rounds).map(|_| timed(&mut run)).collect();
    times.sort_unstable();
    times[rounds / 2]
}

fn stay() -> CaseFacts {
    let scenario: serde_json::Value = serde_json::from_str(STAY).expect("the scenario is JSON");
    let case = parse_case(scenario["case"].to_string().as_bytes()).expect("the scenario is a case");
    case.into_facts()
}

/// A stay with so many bill lines: nine in ten listed, one in ten a reversal of the line before it.
fn stay_with_bill(lines: usize) -> Case {
    let mut facts = stay();
    let entries = lines.min(CATALOGUE);
    let code = |index: usize| {
        ItemCode::parse(&format!("XN{:08}", index % (entries * 10 / 9))).expect("not empty")
    };
    let entry = facts.catalogue[0].clone();
    facts.catalogue = (0..entries)
        .map(|index| {
            let mut entry = entry.clone();
            entry.code = code(index);
            entry.ceiling = (index % 3 == 0).then(|| rules::Money::from_cents(6_000));
            entry
        })
        .collect();
    let bill = facts.bill.as_mut().expect("the scenario has a bill");
    let first = bill.lines[0].clone();
    bill.lines = (0..lines)
        .map(|index| {
            let mut line = first.clone();
            line.number = LineNumber::new(index as u64 + 1).expect("from 1");
            line.code = code(index);
            if index % 10 == 9 {
                line.code = code(index - 1);
                line.reverses = LineNumber::new(index as u64).ok();
                line.quantity = -line.quantity;
                line.amount = -line.amount;
            }
            line
        })
        .collect();
    Case::new(facts).expect("a case")
}

fn decide_it(case: &Case) {
    black_box(decide(
        black_box(case),
        Profile::built_in(case.facts().profile),
    ));
}

fn bills() {
    for (lines, rounds) in [(100, 2001), (10_000, 101), (200_000, 11)] {
        let case = stay_with_bill(lines);
        let decided = median(rounds, || decide_it(&case));
        let bill = case.facts().bill.as_ref().expect("a bill");
        let summed = median(rounds, || {
            black_box(black_box(bill).total());
        });
        let per_line = |time: Duration| time.as_nanos() as usize / lines;
        let (whole, each, bare) = (milliseconds(decided), per_line(decided), per_line(summed));
        println!(
            "figure: bill of {lines} lines: {whole} ms, {each} ns a line; sum of its amounts alone: {bare} ns a line"
        );
    }
}

fn gates() {
    // Short runs: a long one is interrupted, and its median with it.
    const RUNS: u32 = 50;
    for filings in [1, 10, 200] {
        for (name, place) in [("allowed", "430100"), ("refused", "430200")] {
            let mut facts = stay();
            facts.bill = None;
            let mut filing = facts.filings[0].clone();
            filing.place = rules::DivisionCode::parse(place).expect("six digits");
            facts.filings = (0..filings)
                .map(|index| {
                    let mut filing = filing.clone();
                    filing.number =
                        FilingNumber::parse(&format!("F-{index:04}")).expect("not empty");
                    filing
                })
                .collect();
            let case = Case::new(facts).expect("a case");
            let time = median(1001, || (0..RUNS).for_each(|_| decide_it(&case))) / RUNS;
            println!(
                "figure: gate with {filings} filings, {name}: {:.2} µs a decision",
                micros(time)
            );
        }
    }
}

fn explain() {
    for (name, lines) in [
        ("scenario", 0),
        ("100 lines", 100),
        ("10,000 lines", 10_000),
    ] {
        let case = if lines == 0 {
            Case::new(stay()).expect("a case")
        } else {
            stay_with_bill(lines)
        };
        let json = write_case(&case);
        let runs = u32::try_from((20_000 / (lines + 10)).max(1)).expect("at most 2,000");
        let each = |run: &mut dyn FnMut()| {
            median(31, || (0..runs).for_each(|_| run())).as_secs_f64() / f64::from(runs)
        };
        let whole = each(&mut || {
            let case = parse_case(black_box(&json)).expect("a case");
            let decision = decide(&case, Profile::built_in(case.facts().profile));
            black_box(write_decision(&decision));
        });
        let parsed = each(&mut || {
            black_box(parse_case(black_box(&json)).expect("a case"));
        });
        let bare = each(&mut || {
            black_box(serde_json::from_slice::<serde_json::Value>(black_box(&json)).expect("JSON"));
        });
        println!(
            "figure: explain, {name}, {} bytes: {:.0} cases/s; bare serde_json::Value: {:.0} cases/s; time {:.2} times the bare parse ({:.2} for parse_case alone)",
            json.len(),
            1.0 / whole,
            1.0 / bare,
            whole / bare,
            parsed / bare,
        );
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64() * 1e3)
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

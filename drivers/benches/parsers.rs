//! A million random and mutated inputs to every parser.

mod hostile;

use std::io::{self, Write as _};
use std::time::Instant;

const INPUTS: u32 = 1_000_000;

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn main() -> io::Result<()> {
    let begun = Instant::now();
    hostile::run(INPUTS);
    hostile::run_on();
    let seconds = begun.elapsed().as_secs_f64();
    writeln!(
        io::stdout(),
        "figure: {INPUTS} random and mutated inputs to every parser: no panic, no memory kept, {seconds:.0} s"
    )
}

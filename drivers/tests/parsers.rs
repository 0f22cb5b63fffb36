//! Every parser over random and mutated bytes; the bench of the same name does it a million times.

#[path = "../benches/hostile/mod.rs"]
mod hostile;

#[test]
fn no_parser_panics_or_runs_on_whatever_the_bytes() {
    hostile::run(4_000);
}

#[test]
fn no_parser_keeps_much_of_an_input_without_an_end() {
    hostile::run_on();
}

//! `settlement-agent`: the binary, as thin as it can be.

use std::process::ExitCode;

fn main() -> ExitCode {
    settlement_agent::cli::main()
}

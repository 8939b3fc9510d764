//! `portico-ops`: the operator's program (docs/operations.md). Each change is shown with account, region and stack first,
//! waits for a yes, and is on record with who made it.
#![allow(clippy::print_stdout, reason = "a program talks to its user on standard output")]

mod program;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let options = program::Options::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(program::run(options)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

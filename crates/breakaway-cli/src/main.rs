//! The program.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    breakaway_cli::main(std::env::args_os()).into()
}

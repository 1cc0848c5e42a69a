//! The command line: what was typed becomes a request, its answer is printed. The program `breakaway` is
//! [`main`]; the Python package carries the same command.

#![forbid(unsafe_code)]

mod args;
mod ask;
mod commands;
mod fail;
mod output;
mod requests;

use args::Args;
use ask::Session;
use clap::Parser;
use std::ffi::OsString;

/// Runs the command of a command line whose first word is the program's name, and returns the exit code.
/// Help, the version and a word that is not known end the process.
pub fn main(line: impl IntoIterator<Item = OsString>) -> u8 {
    let args = Args::parse_from(line);
    let result = Session::new(args.threads).and_then(|session| commands::run(args.command, &session));
    match result {
        Ok(()) => 0,
        Err(fail) => fail.report(),
    }
}

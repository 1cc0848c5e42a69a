//! The command line: what was typed becomes a request, its answer is printed.

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
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    let result = Session::new(args.threads).and_then(|session| commands::run(args.command, &session));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(fail) => fail.report(),
    }
}

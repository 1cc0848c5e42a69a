//! The command line: what was typed becomes what it means, then runs.

mod args;
mod check;
mod compare;
mod explain;
mod fail;
mod findings;
mod history;
mod init;
mod params;
mod replay;
mod report;
mod run;
mod show;
mod update;
mod validate;
mod words;

use args::{Args, Command};
use clap::{CommandFactory, Parser};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    let result = match args.command {
        Command::Run(args) => run::run(&args),
        Command::Check(args) => check::check(&args),
        Command::Params(args) => params::params(&args),
        Command::Replay(args) => replay::replay(&args),
        Command::Show(args) => show::show(&args),
        Command::Report(args) => report::report(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Compare(args) => compare::compare(&args),
        Command::Sweep(args) => compare::sweep(&args),
        Command::Condition(args) => update::condition(&args),
        Command::Branch(args) => update::branch(&args),
        Command::Score(args) => update::score(&args),
        Command::Calibrate(args) => history::calibrate(&args),
        Command::Hindcast(args) => history::hindcast(&args),
        Command::Validate(args) => validate::validate(&args),
        Command::Init { folder } => init::init(&folder),
        Command::Schema { name } => params::schema(name),
        Command::Completions { shell } => {
            let mut command = Args::command();
            clap_complete::generate(shell, &mut command, "breakaway", &mut std::io::stdout());
            Ok(())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(fail) => fail.report(),
    }
}

//! Each command: a request, its answer, what is printed and kept.

use crate::args::{Args, Command, Format, ReportArgs, RunArgs};
use crate::ask::Session;
use crate::fail::Fail;
use crate::output::{answer, findings, keep_with, note, print, splice, width};
use crate::requests::{self, is_run, lines, quoted};
use breakaway::named::{schema, schema_names};
use breakaway::prelude::*;
use breakaway::request::init;
use breakaway::words::{claims, parameters, render, trajectory};
use clap::CommandFactory;
use std::fs;
use std::path::Path;

/// Runs a command.
pub fn run(command: Command, session: &Session) -> Result<(), Fail> {
    match command {
        Command::Run(args) => run_scenario(&args, session),
        Command::Merge(args) => {
            let found = session.ask(&Merge { folders: args.folders, folder: args.out })?;
            print_answers(&found, &args.output)
        }
        Command::Show(args) => print_answers(&session.ask(&Show { run: args.run })?, &args.output),
        Command::Check(args) => {
            let found = session.ask(&Check { scenario: requests::scenario(&args)? })?;
            print(&found.lines.join("\n"))
        }
        Command::Params(args) => {
            let found = session.ask(&requests::parameters(&args)?)?;
            let described = Parameters::describe(&found);
            let table = || parameters::terminal(&found.specs, &found.priors, width());
            answer(&described, &args.output, table, || render::json(&described))
        }
        Command::Replay(args) => {
            let (scenario, design) = (requests::scenario(&args.scenario)?, requests::design(&args.design));
            let one = session.ask(&Replay::of(scenario, design, args.member))?;
            match args.format {
                Format::Table => print(&trajectory::terminal(&one.scenario, one.design, &one.trajectory)),
                Format::Json => print(&trajectory::json(&one.scenario, &one.trajectory).to_string()),
                Format::Csv => print(&trajectory::csv(&one.scenario, &one.trajectory)),
            }
        }
        Command::Report(args) => report(&args, session),
        Command::Explain(args) => {
            let tables = args.claim.is_some() || args.tables;
            let question = Explain { run: args.run.clone(), claim: args.claim, members: args.members };
            ask_and_keep(&question, session, &args.output, tables, Some(&args.run))
        }
        Command::Compare(args) if is_run(&args.scenario) => {
            let question = requests::compare_runs(&args)?;
            let run = args.add_to.as_deref().or(Some(&args.scenario));
            ask_and_keep(&question, session, &args.output, true, run)
        }
        Command::Compare(args) => {
            let run = own(&args.add_to, &args.scenario)?;
            ask_and_keep(&requests::compare(&args)?, session, &args.output, true, run)
        }
        Command::Sweep(args) => {
            let run = own(&args.add_to, &args.scenario.scenario)?;
            ask_and_keep(&requests::sweep(&args)?, session, &args.output, true, run)
        }
        Command::Condition(args) => {
            let question = Condition { run: args.run.clone(), observed: args.observed };
            ask_and_keep(&question, session, &args.output, true, Some(&args.run))
        }
        Command::Branch(args) => {
            let day = breakaway::request::DayOrDate::Text(args.day);
            let question = Branch { run: args.run.clone(), member: args.member, day, futures: args.futures };
            ask_and_keep(&question, session, &args.output, true, Some(&args.run))
        }
        Command::Score(args) => {
            let first = args.runs.first().cloned();
            ask_and_keep(&Score { runs: args.runs }, session, &args.output, true, first.as_deref())
        }
        Command::Calibrate(args) => {
            let settings = requests::calibration(&args.how);
            if let Some(truths) = args.rehearse {
                let question = Rehearse { cases: args.cases, truths, settings };
                return ask_and_keep(&question, session, &args.output, true, None);
            }
            let question = Calibrate { cases: args.cases, folder: args.out.clone(), settings };
            ask_and_keep(&question, session, &args.output, true, None)?;
            let posterior = quoted(&args.out.display().to_string());
            note(&format!("posterior: breakaway run SCENARIO --posterior {posterior}"));
            Ok(())
        }
        Command::Hindcast(args) => {
            let page = args.into.as_deref().map(|path| Ok::<_, Fail>((path, read(path)?))).transpose()?;
            if let Some((path, text)) = &page {
                splice(path, text, "hindcast", "")?;
            }
            let settings = requests::calibration(&args.how);
            let found = session.ask(&Hindcast { cases: args.cases, folder: args.out, settings })?;
            let described = Hindcast::describe(&found);
            findings(&described, &args.output, true)?;
            let Some((path, text)) = page else { return Ok(()) };
            let block: String = described.iter().map(render::markdown).collect();
            write(path, &splice(path, &text, "hindcast", &block)?)
        }
        Command::Validate(args) if args.coverage => {
            let found = session.ask(&Coverage { quick: args.quick })?;
            findings(&Coverage::describe(&found), &args.output, true)?;
            match found.intervals.iter().filter(|one| !one.holds()).count() {
                0 => Ok(()),
                n => Err(Fail::Broken(format!(
                    "{n} of {} kinds of intervals do not cover",
                    found.intervals.len()
                ))),
            }
        }
        Command::Validate(args) => {
            let found = session.ask(&Validate { quick: args.quick })?;
            findings(&Validate::describe(&found), &args.output, true)?;
            match &found.failed()[..] {
                [] => {
                    note(&format!("all {} results hold", found.checks.len()));
                    Ok(())
                }
                broken => {
                    let (n, all) = (broken.len(), found.checks.len());
                    let broken: Vec<&str> = broken.iter().map(|check| check.what.as_str()).collect();
                    Err(Fail::Broken(format!("{n} of {all} results do not hold: {}", broken.join("; "))))
                }
            }
        }
        Command::Init { folder } => {
            init(&folder)?;
            let folder = quoted(&folder.display().to_string());
            print(&format!(
                "made {folder}\n  edit {folder}/scenario.toml, regions.csv, claims.toml\n  check it: breakaway check {folder}\n  run it:   breakaway run {folder}"
            ))
        }
        Command::Schema { name } => match schema(&name) {
            Some(schema) => print(&format!("{schema:#}")),
            None => Err(Fail::input(format!("there is no schema `{name}`"), schema_names().join(", "))),
        },
        Command::Completions { shell } => {
            let mut script = vec![];
            clap_complete::generate(shell, &mut Args::command(), "breakaway", &mut script);
            print(&String::from_utf8_lossy(&script))
        }
    }
}

/// Answers a question, prints what was found, and keeps it with a run.
fn ask_and_keep<Q: Question>(
    question: &Q,
    session: &Session,
    output: &crate::args::OutputArgs,
    tables: bool,
    run: Option<&Path>,
) -> Result<(), Fail> {
    let described = Q::describe(&session.ask(question)?);
    findings(&described, output, tables)?;
    keep_with(run, &described)
}

fn run_scenario(args: &RunArgs, session: &Session) -> Result<(), Fail> {
    let question = requests::run(args)?;
    match session.ask(&question)? {
        RunAnswer::Share(done) => {
            let described = Run::describe(&RunAnswer::Share(done));
            findings(&described, &args.output, true)
        }
        RunAnswer::Whole(found) => {
            print_answers(&found, &args.output)?;
            if !args.report {
                return Ok(());
            }
            report(&ReportArgs { run: found.run.clone().into(), output: None }, session)
        }
    }
}

fn print_answers(found: &Answers, output: &crate::args::OutputArgs) -> Result<(), Fail> {
    let json = || serde_json::to_string_pretty(found).unwrap_or_default();
    answer(&[claims::finding(found)], output, || claims::terminal(found, width()), json)
}

fn report(args: &ReportArgs, session: &Session) -> Result<(), Fail> {
    let stored = StoredRun::open(&args.run)?;
    let request: Option<Run> = serde_json::from_value(stored.manifest().request.clone()).ok();
    let (made_by, replayed_by) = request.as_ref().map(lines).unzip();
    let question = Report { run: args.run.clone(), file: args.output.clone(), made_by, replayed_by };
    let path = session.ask(&question)?;
    note(&format!("report: {}", path.display()));
    Ok(())
}

/// A run that a finding about a scenario may be kept with.
fn own<'a>(run: &'a Option<std::path::PathBuf>, scenario: &Path) -> Result<Option<&'a Path>, Fail> {
    let Some(run) = run else { return Ok(None) };
    let stored = StoredRun::open(run)?;
    let (name, wanted) = (&stored.manifest().scenario, ScenarioSource::of(scenario).load()?.0.name);
    if *name != wanted {
        let message = format!("{} is a run of `{name}`, not of `{wanted}`", run.display());
        return Err(Fail::input(message, "`--add-to` names a run of the scenario asked about"));
    }
    Ok(Some(run))
}

fn read(path: &Path) -> Result<String, Fail> {
    let help = "`--into` names a page that exists";
    fs::read_to_string(path).map_err(|e| Fail::input(format!("{}: {e}", path.display()), help))
}

fn write(path: &Path, text: &str) -> Result<(), Fail> {
    Ok(breakaway::request::publish(path, text.as_bytes())?)
}

//! `calibrate` and `hindcast`: the model held against history.

use crate::args::{CalibrateArgs, CalibrationArgs, HindcastArgs};
use crate::fail::Fail;
use crate::findings;
use breakaway_ensemble::posterior::FILE;
use breakaway_history::calibrate::{Calibration, Settings, publish};
use breakaway_history::hindcast::{finding, hindcast as forecast};
use breakaway_history::matching::Bank;
use breakaway_history::smc::Course;
use breakaway_history::space::Space;
use breakaway_history::{Case, diagnostics, rehearsal};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// Most simulations of a calibration: their numbers stay below those set aside for truths and forecasts.
const MOST_SIMULATIONS: u64 = 200_000_000;
/// Most truths of a rehearsal, each with numbers of its own.
const MOST_TRUTHS: u32 = 1000;

/// Runs `calibrate`.
pub fn calibrate(args: &CalibrateArgs) -> Result<(), Fail> {
    let cases = cases(&args.cases)?;
    let settings = settings(&args.how)?;
    let bar = Bar::new();
    let progress = |what: &str, done: u32, all: u32| bar.show(what, done, all);
    if let Some(truths) = args.rehearse {
        if !(20..=MOST_TRUTHS).contains(&truths) {
            let help = format!("between 20, of which ranks say anything, and {MOST_TRUTHS}");
            return Err(Fail::input(format!("`--rehearse {truths}`"), help));
        }
        let found = within(args.how.threads, || rehearsal::rehearse(&cases, settings, truths, &progress))??;
        bar.finish();
        return findings::print(&[found.finding(&cases)], args.format, true);
    }
    prepare(&args.out)?;
    let space = Space::new(cases.iter().collect(), settings.seed);
    let start = || Calibration::run(&space, settings, Bank::default(), Some(&args.out), &progress);
    let calibration = within(args.how.threads, start)??;
    bar.finish();
    let posterior = calibration.posterior(&space);
    let found = within(args.how.threads, || diagnostics::diagnose(&calibration, &space))?;
    let made = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "cases": cases.iter().map(|case| json!({ "id": case.id, "hash": case.scenario.hash })).collect::<Vec<_>>(),
        "settings": settings,
        "finding": found.json(),
    });
    write(&args.out.join("calibration.json"), &(serde_json::to_string_pretty(&made)? + "\n"))?;
    write(&args.out.join(FILE), &posterior.text())?;
    findings::print(&[found], args.format, true)?;
    eprintln!("posterior: breakaway run SCENARIO --posterior {}", args.out.display());
    Ok(())
}

/// Runs `hindcast`.
pub fn hindcast(args: &HindcastArgs) -> Result<(), Fail> {
    let folders = if args.cases.is_empty() { known()? } else { args.cases.clone() };
    let cases = cases(&folders)?;
    let settings = settings(&args.how)?;
    let page = args.into.as_deref().map(|path| Ok::<_, Fail>((path, read(path)?))).transpose()?;
    if let Some((path, text)) = &page {
        findings::splice(path, text, "hindcast", "")?;
    }
    prepare(&args.out)?;
    let bar = Bar::new();
    let progress = |what: &str, done: u32, all: u32| bar.show(what, done, all);
    let all = within(args.how.threads, || forecast(&cases, settings, Some(&args.out), &progress))??;
    bar.finish();
    let found = finding(&all);
    write(&args.out.join("hindcast.json"), &(serde_json::to_string_pretty(&found.json())? + "\n"))?;
    if let Some((path, text)) = &page {
        write(path, &findings::splice(path, text, "hindcast", &findings::markdown(&found))?)?;
    }
    findings::print(&[found], args.format, true)
}

fn cases(folders: &[PathBuf]) -> Result<Vec<Case>, Fail> {
    let cases: Vec<Case> = folders.iter().map(|folder| Case::load(folder)).collect::<Result<_, _>>()?;
    for (k, case) in cases.iter().enumerate() {
        if cases[..k].iter().any(|other| other.id == case.id) {
            return Err(Fail::input(format!("two cases are called `{}`", case.id), "name each folder once"));
        }
    }
    Ok(cases)
}

/// The folders of `cases` and `scenarios` that say what happened.
fn known() -> Result<Vec<PathBuf>, Fail> {
    let folders = ["cases", "scenarios"].into_iter().flat_map(fs::read_dir).flatten().flatten();
    let mut all: Vec<PathBuf> =
        folders.map(|entry| entry.path()).filter(|path| path.join("outcomes.csv").exists()).collect();
    all.sort();
    if all.is_empty() {
        let help = "name folders of cases, or run this where `cases` is";
        return Err(Fail::input("no folder of `cases` or `scenarios` here has an outcomes.csv", help));
    }
    Ok(all)
}

fn settings(args: &CalibrationArgs) -> Result<Settings, Fail> {
    let least = |name: &str, value: u32, low: u32, high: u32| {
        if (low..=high).contains(&value) {
            return Ok(());
        }
        Err(Fail::input(format!("`--{name} {value}`"), format!("between {low} and {high}")))
    };
    least("draws", args.draws, 20, 1_000_000)?;
    least("replicates", args.replicates, 2, 1000)?;
    least("particles", args.particles, 20, 100_000)?;
    least("rounds", args.rounds, 1, 1000)?;
    let course = Course { rounds: args.rounds, ..Course::default() };
    let CalibrationArgs { draws, replicates, particles, seed, .. } = *args;
    let rounds = u64::from(args.rounds) * u64::from(course.steps) * u64::from(particles);
    let simulations = u64::from(draws) * u64::from(replicates) + rounds;
    if simulations > MOST_SIMULATIONS {
        let help = format!("at most {MOST_SIMULATIONS}: fewer draws, particles or rounds");
        return Err(Fail::input(format!("these settings ask for up to {simulations} simulations"), help));
    }
    Ok(Settings { seed, draws, replicates, particles, course })
}

fn within<T: Send>(threads: Option<usize>, work: impl FnOnce() -> T + Send) -> Result<T, Fail> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(crate::words::threads(threads)?).build();
    let pool = pool.map_err(|e| Fail::Other(anyhow::anyhow!("the threads cannot be started: {e}")))?;
    Ok(pool.install(work))
}

fn write(path: &Path, text: &str) -> Result<(), Fail> {
    Ok(publish(path, text.as_bytes())?)
}

fn read(path: &Path) -> Result<String, Fail> {
    let help = "`--into` names a page that is there";
    fs::read_to_string(path).map_err(|e| Fail::input(format!("{}: {e}", path.display()), help))
}

/// Makes a folder for what is to be kept, unless it holds a run.
fn prepare(folder: &Path) -> Result<(), Fail> {
    if folder.join("manifest.json").exists() {
        let message = format!("{} holds a run", folder.display());
        return Err(Fail::input(message, "choose another folder with `--out`"));
    }
    fs::create_dir_all(folder).map_err(|e| {
        Fail::input(format!("{} cannot be made: {e}", folder.display()), "`--out` names a folder")
    })
}

/// Progress with the time left, of one phase after the other.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Bar {
        let bar = ProgressBar::new(1);
        let style = "{spinner} {msg}: {human_pos} of {human_len} [{bar:24}] at most {eta} left";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Bar(bar)
    }

    fn show(&self, what: &str, done: u32, all: u32) -> bool {
        if self.0.message() != what {
            self.0.reset();
            self.0.set_message(what.to_string());
        }
        self.0.set_length(all.into());
        self.0.set_position(done.into());
        true
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}

//! `calibrate` and `hindcast`: the model held against history.

use crate::args::{CalibrateArgs, CalibrationArgs, HindcastArgs};
use crate::fail::Fail;
use crate::findings;
use breakaway_ensemble::posterior::{FILE, STATE};
use breakaway_history::calibrate::{Calibration, DIAGNOSTICS, Settings};
use breakaway_history::checkpoint::publish;
use breakaway_history::hindcast::{finding, hindcast as forecast};
use breakaway_history::matching::Bank;
use breakaway_history::smc::Course;
use breakaway_history::space::Space;
use breakaway_history::{Case, rehearsal};
use indicatif::{ProgressBar, ProgressStyle};
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
    vacant(&args.out, &CALIBRATION)?;
    let space = Space::new(cases.iter().collect(), settings.seed);
    let make = || {
        let known = Bank::default();
        Calibration::run(&space, settings, known, Some(&args.out), &progress)?.publish(&space, &args.out)
    };
    let found = within(args.how.threads, make)??;
    bar.finish();
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
    vacant(&args.out, &HINDCAST)?;
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
        if let Some(other) = cases[..k].iter().find(|other| other.scenario.hash == case.scenario.hash) {
            let what = format!("`{}` and `{}` are the same case", other.id, case.id);
            return Err(Fail::input(what, "its history would count twice: name it once"));
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

/// What a calibration leaves in its folder, and a hindcast.
const CALIBRATION: [&str; 3] = [STATE, DIAGNOSTICS, FILE];
const HINDCAST: [&str; 2] = [STATE, "hindcast.json"];

/// Refuses a folder that holds anything but the like of what is to be kept there.
fn vacant(folder: &Path, own: &[&str]) -> Result<(), Fail> {
    let help = "choose another folder with `--out`";
    if folder.exists() && !folder.is_dir() {
        return Err(Fail::input(format!("{} is not a folder", folder.display()), "`--out` names a folder"));
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let left_out = own == HINDCAST && name.starts_with("without-");
        if !own.contains(&name.as_str()) && !left_out && !name.ends_with(".tmp") {
            return Err(Fail::input(format!("{} holds something else: {name}", folder.display()), help));
        }
    }
    Ok(())
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
        self.0.set_length(all.into());
        self.0.set_position(done.into());
        if self.0.message() != what {
            // What was done before, by an earlier command, tells nothing of the pace.
            self.0.reset_elapsed();
            self.0.reset_eta();
            self.0.set_message(what.to_string());
        }
        true
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}

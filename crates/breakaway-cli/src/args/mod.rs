//! What can be typed.

mod analyses;
mod history;

pub use analyses::*;
pub use history::{CalibrateArgs, CalibrationArgs, HindcastArgs};

use breakaway::prelude::Shard;
use breakaway::request::DesignKind;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Simulates thousands of possible futures of a state at war and gives each claim of a narrative a
/// probability.
#[derive(Parser)]
#[command(name = "breakaway", version, propagate_version = true)]
pub struct Args {
    /// Threads (default: one for each processor); results do not depend on them.
    #[arg(long, global = true, value_name = "N")]
    pub threads: Option<usize>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Simulate a scenario and give each of its claims a probability.
    #[command(
        after_help = "Examples:\n  breakaway run scenarios/autumn-2022\n  breakaway run scenarios/autumn-2022 --with scenarios/autumn-2022/overlays/no-mobilisation.toml\n  breakaway run scenarios/three-regions --members 1000 --set combat.attrition=0.002\n  breakaway run scenarios/three-regions --rare regime-falls\n\nIf a run is interrupted, repeat the command and it resumes. With --shard the shares of a run are simulated one by one, on any machines; `merge` makes the run of them."
    )]
    Run(RunArgs),
    /// Make the run of the folders that its shares were simulated into.
    #[command(
        after_help = "Example:\n  breakaway run scenarios/three-regions --shard 1/2 --out runs/one\n  breakaway run scenarios/three-regions --shard 2/2 --out runs/two\n  breakaway merge runs/one runs/two --out runs/whole"
    )]
    Merge(MergeArgs),
    /// Check a scenario and say what was read.
    Check(ScenarioArgs),
    /// List the parameters: value, prior, unit, source.
    Params(ParamsArgs),
    /// Show one simulation of a run again: its story and its days.
    #[command(
        after_help = "Example:\n  breakaway replay runs/first --member 3\n\nWithout the run: give the same scenario, overlays, seed, draws and replicates as for it."
    )]
    Replay(ReplayArgs),
    /// Print the answers of a stored run again.
    Show(ShowArgs),
    /// Write a stored run as one page of charts that opens without a network.
    Report(ReportArgs),
    /// Explain the claims of a stored run: chance or what we do not know, which assumptions matter,
    /// what would have to be true, what to watch, which mechanisms produce them.
    #[command(
        after_help = "Examples:\n  breakaway explain runs/first --claim regime-falls\n  breakaway explain runs/first --format json\n\nThe findings are kept with the run and shown in its report."
    )]
    Explain(ExplainArgs),
    /// Compare a scenario with itself changed, or with another, on common random numbers; or two stored
    /// runs.
    #[command(
        after_help = "Examples:\n  breakaway compare scenarios/autumn-2022 --with scenarios/autumn-2022/overlays/no-mobilisation.toml\n  breakaway compare scenarios/three-regions --set combat.attrition=0.004\n  breakaway compare scenarios/three-regions --with change.toml --attribute\n  breakaway compare runs/first runs/second"
    )]
    Compare(CompareArgs),
    /// Show how the probability of a claim depends on one or two parameters or dates of levers.
    #[command(
        after_help = "Examples:\n  breakaway sweep scenarios/three-regions --claim rout --over combat.attrition=0.001..0.004\n  breakaway sweep scenarios/autumn-2022 --claim front-collapse --over lever.congress=2022-10-01..2023-06-01 --over combat.attrition=0.001..0.004 --steps 4"
    )]
    Sweep(SweepArgs),
    /// Give the claims of a stored run new probabilities, given what has been seen since.
    #[command(
        after_help = "The table of observations has the columns date, observable, of, value, error, source."
    )]
    Condition(ConditionArgs),
    /// Take one simulated history up to a date and simulate the future from there many times.
    Branch(BranchArgs),
    /// Score the claims of stored runs against what happened.
    Score(ScoreArgs),
    /// Look for parameters with which the model reproduces cases of history.
    #[command(
        after_help = "Examples:\n  breakaway calibrate cases/austria-hungary-1918 cases/russia-1917\n  breakaway run scenarios/autumn-2022 --posterior runs/posterior\n  breakaway calibrate cases/austria-hungary-1918 --rehearse 100 --particles 200\n\nHistory matching, then sequential Monte Carlo. If a calibration is interrupted, repeat the command and it resumes."
    )]
    Calibrate(CalibrateArgs),
    /// Forecast each case of history from the others, and score it beside simple rules.
    #[command(
        after_help = "Example:\n  breakaway hindcast\n\nThe posterior of all cases but one is in runs/hindcast/without-CASE."
    )]
    Hindcast(HindcastArgs),
    /// Check published results (Lanchester, Engel, Granovetter, Kuran, Watts, Epstein, ...) by the
    /// mechanisms' own code. It fails where one does not hold.
    Validate(ValidateArgs),
    /// Make a new scenario folder that runs at once.
    Init {
        /// Folder to make.
        folder: PathBuf,
    },
    /// Print the JSON Schema of a scenario's file, or of a request of the library.
    Schema {
        /// scenario, overlay, claims, base-rates, run, compare, ...
        name: String,
    },
    /// Print a completion script for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// For spreadsheets: the first table.
    Csv,
}

/// Form of the output.
#[derive(clap::Args)]
pub struct OutputArgs {
    /// Form of the output: a table for people, JSON for programs, CSV for spreadsheets (the first table).
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Write every table as a CSV file of its own into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub csv_into: Option<PathBuf>,
}

/// A scenario and what changes it.
#[derive(clap::Args)]
pub struct ScenarioArgs {
    /// Scenario folder.
    pub scenario: PathBuf,
    /// What changes it.
    #[command(flatten)]
    pub change: ChangeArgs,
}

/// What changes a scenario (in a comparison the second).
#[derive(clap::Args)]
pub struct ChangeArgs {
    /// Overlay that changes the scenario; several are applied in order.
    #[arg(long = "with", value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// Parameter: a value, or a range `low..high` (`low..high:log` where every order of magnitude is equally likely).
    #[arg(long = "set", value_name = "PARAM=VALUE")]
    pub set: Vec<String>,
    /// Posterior of a calibration (its folder or file), instead of the model's priors.
    #[arg(long, value_name = "FILE")]
    pub posterior: Option<PathBuf>,
}

/// The kinds of design, by their names.
fn kinds() -> impl TypedValueParser<Value = DesignKind> {
    PossibleValuesParser::new(DesignKind::ALL.map(DesignKind::name))
        .map(|name| DesignKind::ALL.into_iter().find(|kind| kind.name() == name).unwrap_or_default())
}

/// The simulations of an ensemble.
#[derive(clap::Args)]
pub struct DesignArgs {
    /// Parameter sets. In a radial design base points, each of which is simulated once more for every
    /// free parameter (or mechanism), and once for its second point.
    #[arg(long, default_value_t = 200, conflicts_with = "members")]
    pub draws: u32,
    /// How parameter sets are spread: one in each slice of each parameter (latin-hypercube), more evenly
    /// (sobol, from 1,024 on), or in a radial design for the effects of parameters (saltelli) or of all
    /// parameters of a mechanism together (grouped).
    #[arg(long, value_parser = kinds(), default_value = DesignKind::default().name())]
    pub design: DesignKind,
    /// Simulations for each parameter set (repeats), which differ by chance only.
    #[arg(long, default_value_t = 10)]
    pub replicates: u32,
    /// Simulations in all: as many parameter sets as that takes.
    #[arg(long, value_name = "N")]
    pub members: Option<u32>,
    /// Seed of parameters and chance.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Arguments of `run`.
#[derive(clap::Args)]
pub struct RunArgs {
    /// Scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// Design.
    #[command(flatten)]
    pub design: DesignArgs,
    /// Folder of the run (default: runs/SCENARIO-KEY).
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
    /// Also write the page of charts: report.html in the run's folder.
    #[arg(long)]
    pub report: bool,
    /// Simulate only share K of N of the run, into a folder of its own or one that shares have in
    /// common; `merge` makes the run of all shares.
    #[arg(long, value_name = "K/N", requires = "out", conflicts_with = "report")]
    pub shard: Option<Shard>,
    /// Claim that is likely to be rare, or `all`: simulations that come near it are split until enough of
    /// them reach it. By itself a run does so for conditions that fewer than 200 of its simulations meet; `none`
    /// keeps it from that.
    #[arg(long, value_name = "CLAIM")]
    pub rare: Vec<String>,
    /// Run even if the run needs more memory or disk than the machine has free.
    #[arg(long)]
    pub beyond_limits: bool,
    /// Vector instructions, for tests; results do not depend on them.
    #[arg(long, hide = true)]
    pub simd: Option<String>,
}

/// Arguments of `params`.
#[derive(clap::Args)]
pub struct ParamsArgs {
    /// Scenario whose own values are shown; the model's priors without it.
    pub scenario: Option<PathBuf>,
    /// Overlay that changes the scenario.
    #[arg(long = "with", value_name = "FILE", requires = "scenario")]
    pub with: Vec<PathBuf>,
    /// Parameter: a value, or a range.
    #[arg(long = "set", value_name = "PARAM=VALUE")]
    pub set: Vec<String>,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments of `replay`.
#[derive(clap::Args)]
pub struct ReplayArgs {
    /// Scenario, or folder of a run.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// Number of the simulation, from 0.
    #[arg(long, value_name = "N")]
    pub member: u32,
    /// Design of the run.
    #[command(flatten)]
    pub design: DesignArgs,
    /// Form of the output: the story, story and days (json), or the days (csv).
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Arguments of `show`.
#[derive(clap::Args)]
pub struct ShowArgs {
    /// Folder of the run.
    pub run: PathBuf,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments of `merge`.
#[derive(clap::Args)]
pub struct MergeArgs {
    /// Folders with the shares of one run.
    #[arg(required = true)]
    pub folders: Vec<PathBuf>,
    /// Folder of the run: new, or one of those with shares.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments of `report`.
#[derive(clap::Args)]
pub struct ReportArgs {
    /// Folder of the run.
    pub run: PathBuf,
    /// File to write (default: report.html in the run's folder).
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

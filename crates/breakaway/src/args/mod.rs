//! What can be typed.

mod analyses;
mod history;

pub use analyses::*;
pub use history::{CalibrateArgs, CalibrationArgs, HindcastArgs};

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Simulates a narrative of break-up thousands of times and prices its claims.
#[derive(Parser)]
#[command(name = "breakaway", version, propagate_version = true)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Simulate a scenario and price its claims.
    #[command(
        after_help = "Examples:\n  breakaway run scenarios/autumn-2022\n  breakaway run scenarios/autumn-2022 --with scenarios/autumn-2022/overlays/no-mobilisation.toml\n  breakaway run scenarios/three-regions --members 1000 --set combat.attrition=0.002\n\nA run that was stopped goes on from its finished blocks when the same command is given again."
    )]
    Run(RunArgs),
    /// Check a scenario and say what was read.
    Check(ScenarioArgs),
    /// List the parameters: value, prior, unit, source.
    Params(ParamsArgs),
    /// Live through one member of a run again: its story and its days.
    #[command(
        after_help = "Give the same scenario, overlays, seed, draws and replicates as the run that the member belongs to."
    )]
    Replay(ReplayArgs),
    /// Print the table of a stored run again.
    Show(ShowArgs),
    /// Write a stored run as one page of charts that opens without a network.
    Report(ReportArgs),
    /// Explain the claims of a stored run: luck or ignorance, which assumptions matter, what would
    /// have to be true, what to watch, which mechanisms carry them.
    #[command(
        after_help = "Examples:\n  breakaway explain runs/first --claim regime-falls\n  breakaway explain runs/first --format json\n\nThe findings are kept with the run and shown in its report."
    )]
    Explain(ExplainArgs),
    /// Compare a scenario with itself changed, or with another, on the same luck.
    #[command(
        after_help = "Examples:\n  breakaway compare scenarios/autumn-2022 --with scenarios/autumn-2022/overlays/no-mobilisation.toml\n  breakaway compare scenarios/three-regions --set combat.attrition=0.004"
    )]
    Compare(CompareArgs),
    /// Price a claim along one or two parameters or dates of levers, on the same luck.
    #[command(
        after_help = "Examples:\n  breakaway sweep scenarios/three-regions --claim rout --over combat.attrition=0.001..0.004\n  breakaway sweep scenarios/autumn-2022 --claim front-collapse --over lever.congress=2022-10-01..2023-06-01 --over combat.attrition=0.001..0.004 --steps 4"
    )]
    Sweep(SweepArgs),
    /// Update a stored run on what has been seen since.
    #[command(
        after_help = "The table of observations has the columns date, observable, of, value, error, source."
    )]
    Condition(ConditionArgs),
    /// Live on from a member's past many times, with fresh luck.
    Branch(BranchArgs),
    /// Score the claims of stored runs against what happened.
    Score(ScoreArgs),
    /// Look for parameters with which the model lives through cases of history as they happened.
    #[command(
        after_help = "Examples:\n  breakaway calibrate cases/austria-hungary-1918 cases/russia-1917\n  breakaway run scenarios/autumn-2022 --posterior runs/posterior\n  breakaway calibrate cases/austria-hungary-1918 --rehearse 100 --particles 200\n\nHistory matching, then sequential Monte Carlo. A calibration that was stopped goes on when the same command is given again."
    )]
    Calibrate(CalibrateArgs),
    /// Forecast each case of history from the others, and score it beside simple rules.
    #[command(
        after_help = "Example:\n  breakaway hindcast\n\nLeaves the posterior of all cases but one in runs/hindcast/without-CASE."
    )]
    Hindcast(HindcastArgs),
    /// Check published results (Lanchester, Engel, Granovetter, Kuran, Watts, Epstein, ...) by the
    /// mechanisms' own code; fails where one does not hold.
    Validate(ValidateArgs),
    /// Make a new scenario folder that runs at once.
    Init {
        /// Folder to make.
        folder: PathBuf,
    },
    /// Print the JSON Schema of a file, for editors.
    Schema {
        /// Which file.
        name: SchemaName,
    },
    /// Print a completion script for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// Files that have a schema.
#[derive(Clone, Copy, ValueEnum)]
pub enum SchemaName {
    /// scenario.toml
    Scenario,
    /// Overlays (`--with`)
    Overlay,
    /// claims.toml
    Claims,
    /// base-rates.toml
    BaseRates,
}

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
}

/// A scenario and what changes it.
#[derive(clap::Args)]
pub struct ScenarioArgs {
    /// Scenario folder.
    pub scenario: PathBuf,
    /// Overlay that changes the scenario; several are laid one over the other.
    #[arg(long = "with", value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// Parameter: a value, or a range `low..high` (`low..high:log` for every order of magnitude alike).
    #[arg(long = "set", value_name = "PARAM=VALUE")]
    pub set: Vec<String>,
    /// Posterior of a calibration (its folder or file), in the place of the model's priors.
    #[arg(long, value_name = "FILE")]
    pub posterior: Option<PathBuf>,
}

/// How the draws of a design lie.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DesignKind {
    /// Evenly.
    Sobol,
    /// Radial, one parameter after the other.
    Saltelli,
    /// Radial, one mechanism after the other.
    Grouped,
}

/// The members of an ensemble.
#[derive(clap::Args)]
pub struct DesignArgs {
    /// Parameter draws; in a radial design base points, each of which is simulated once more for
    /// every free parameter (or mechanism), and once for its second point.
    #[arg(long, default_value_t = 200, conflicts_with = "members")]
    pub draws: u32,
    /// How the draws lie: evenly, or in a radial design for the effects of parameters (saltelli)
    /// or of all parameters of a mechanism together (grouped).
    #[arg(long, value_enum, default_value_t = DesignKind::Sobol)]
    pub design: DesignKind,
    /// Members per draw, which differ by luck only.
    #[arg(long, default_value_t = 10)]
    pub replicates: u32,
    /// Members in all: short for as many draws as that takes.
    #[arg(long, value_name = "N")]
    pub members: Option<u32>,
    /// Seed of parameters and luck.
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
    /// Threads (default: all); the results do not depend on them.
    #[arg(long)]
    pub threads: Option<usize>,
    /// Folder of the run (default: runs/SCENARIO-KEY).
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// How the answers are printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Write the page of charts too, beside the tables: report.html in the run's folder.
    #[arg(long)]
    pub report: bool,
    /// Members per block, for tests; the results do not depend on it.
    #[arg(long, hide = true)]
    pub block: Option<u32>,
    /// Vector instructions, for tests; the results do not depend on them.
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
    /// How the table is printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Arguments of `replay`.
#[derive(clap::Args)]
pub struct ReplayArgs {
    /// Scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// Number of the member, from 0.
    #[arg(long, value_name = "N")]
    pub member: u32,
    /// Design of the run.
    #[command(flatten)]
    pub design: DesignArgs,
    /// How it is printed: the story; or story and days (json); or the days (csv).
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Arguments of `show`.
#[derive(clap::Args)]
pub struct ShowArgs {
    /// Folder of the run.
    pub run: PathBuf,
    /// How the answers are printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
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

//! Arguments of analyses.

use super::{ChangeArgs, DesignArgs, OutputArgs, ScenarioArgs};
use breakaway::request::Varied;
use std::path::PathBuf;

/// Arguments of `explain`.
#[derive(clap::Args)]
pub struct ExplainArgs {
    /// Folder of the run.
    pub run: PathBuf,
    /// Claim to explain, with its tables (default: all, in sentences only).
    #[arg(long, value_name = "ID")]
    pub claim: Option<String>,
    /// Simulations that are made once more without each mechanism.
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub members: u32,
    /// Print the tables of all claims too.
    #[arg(long)]
    pub tables: bool,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments of `compare`.
#[derive(clap::Args)]
pub struct CompareArgs {
    /// Scenario folder, or folder of a run.
    pub scenario: PathBuf,
    /// Another scenario to compare it with (default: itself, changed); of a run another run.
    pub other: Option<PathBuf>,
    /// What changes the second.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Design.
    #[command(flatten)]
    pub design: DesignArgs,
    /// Say also what each changed line of the scenario does alone to the claims that change.
    #[arg(long)]
    pub attribute: bool,
    /// Keep the finding with this run, for its report.
    #[arg(long, value_name = "RUN")]
    pub add_to: Option<PathBuf>,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments of `sweep`.
#[derive(clap::Args)]
pub struct SweepArgs {
    /// Scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// The claim.
    #[arg(long, value_name = "ID")]
    pub claim: String,
    /// What is varied: `PARAM=LOW..HIGH` or `lever.NAME=DATE..DATE`; once for a curve, twice for a map.
    #[arg(long, value_name = "WHAT=RANGE", required = true)]
    pub over: Vec<Varied>,
    /// Values along each.
    #[arg(long, default_value_t = 5)]
    pub steps: u32,
    /// Simulations at each value.
    #[command(flatten)]
    pub design: DesignArgs,
    /// Keep the finding with this run, for its report.
    #[arg(long, value_name = "RUN")]
    pub add_to: Option<PathBuf>,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments of `condition`.
#[derive(clap::Args)]
pub struct ConditionArgs {
    /// Folder of the run.
    pub run: PathBuf,
    /// Table of observations (CSV).
    #[arg(long, value_name = "FILE")]
    pub observed: PathBuf,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments of `branch`.
#[derive(clap::Args)]
pub struct BranchArgs {
    /// Folder of the run.
    pub run: PathBuf,
    /// Number of the simulation, from 0.
    #[arg(long, value_name = "N")]
    pub member: u32,
    /// The last day of the common past: a date, or the number of the day from 0.
    #[arg(long, value_name = "DATE")]
    pub day: String,
    /// Number of futures.
    #[arg(long, value_name = "K", default_value_t = 1000)]
    pub futures: u32,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments of `score`.
#[derive(clap::Args)]
pub struct ScoreArgs {
    /// Folders of the runs.
    #[arg(required = true)]
    pub runs: Vec<PathBuf>,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments of `validate`.
#[derive(clap::Args)]
pub struct ValidateArgs {
    /// Leave out the long runs.
    #[arg(long)]
    pub quick: bool,
    /// Measure instead whether intervals cover what they claim to.
    #[arg(long)]
    pub coverage: bool,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
}

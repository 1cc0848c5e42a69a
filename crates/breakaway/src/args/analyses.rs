//! Arguments of what is asked of scenarios and stored runs beyond their tables.

use super::{DesignArgs, Format, ScenarioArgs};
use std::path::PathBuf;

/// Arguments of `explain`.
#[derive(clap::Args)]
pub struct ExplainArgs {
    /// Folder of the run.
    pub run: PathBuf,
    /// Claim to explain, with its tables (default: all, in sentences).
    #[arg(long, value_name = "ID")]
    pub claim: Option<String>,
    /// Members that are simulated once more without each mechanism.
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub members: u32,
    /// Print the tables of all claims too.
    #[arg(long)]
    pub tables: bool,
    /// How the findings are printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Arguments of `compare`.
#[derive(clap::Args)]
pub struct CompareArgs {
    /// Scenario folder.
    pub scenario: PathBuf,
    /// Another scenario to compare it with (default: itself, changed).
    pub other: Option<PathBuf>,
    /// Overlay that changes the second; several are laid one over the other.
    #[arg(long = "with", value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// Parameter of the second: a value, or a range.
    #[arg(long = "set", value_name = "PARAM=VALUE")]
    pub set: Vec<String>,
    /// Posterior of a calibration (its folder or file), in the place of the second's priors.
    #[arg(long, value_name = "FILE")]
    pub posterior: Option<PathBuf>,
    /// Design.
    #[command(flatten)]
    pub design: DesignArgs,
    /// Keep the finding with this run, for its report.
    #[arg(long, value_name = "RUN")]
    pub add_to: Option<PathBuf>,
    /// How the finding is printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Arguments of `sweep`.
#[derive(clap::Args)]
pub struct SweepArgs {
    /// Scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// Claim that is priced.
    #[arg(long, value_name = "ID")]
    pub claim: String,
    /// What is varied: `PARAM=LOW..HIGH` or `lever.NAME=DATE..DATE`; once for a curve, twice for a map.
    #[arg(long, value_name = "WHAT=RANGE", required = true)]
    pub over: Vec<String>,
    /// Values along each.
    #[arg(long, default_value_t = 5)]
    pub steps: u32,
    /// Design of each value's members.
    #[command(flatten)]
    pub design: DesignArgs,
    /// Keep the finding with this run, for its report.
    #[arg(long, value_name = "RUN")]
    pub add_to: Option<PathBuf>,
    /// How the finding is printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Arguments of `condition`.
#[derive(clap::Args)]
pub struct ConditionArgs {
    /// Folder of the run.
    pub run: PathBuf,
    /// Table of observations (CSV).
    #[arg(long, value_name = "FILE")]
    pub observed: PathBuf,
    /// How the finding is printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Arguments of `branch`.
#[derive(clap::Args)]
pub struct BranchArgs {
    /// Folder of the run.
    pub run: PathBuf,
    /// Number of the member, from 0.
    #[arg(long, value_name = "N")]
    pub member: u32,
    /// The last day of the common past, from 0.
    #[arg(long, value_name = "D")]
    pub day: u32,
    /// Number of futures.
    #[arg(long, value_name = "K", default_value_t = 1000)]
    pub futures: u32,
    /// How the finding is printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Arguments of `score`.
#[derive(clap::Args)]
pub struct ScoreArgs {
    /// Folders of the runs.
    #[arg(required = true)]
    pub runs: Vec<PathBuf>,
    /// How the finding is printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Arguments of `validate`.
#[derive(clap::Args)]
pub struct ValidateArgs {
    /// Leave out the long runs of agents.
    #[arg(long)]
    pub quick: bool,
    /// How the table is printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

//! Arguments of calibration and hindcast.

use super::OutputArgs;
use std::path::PathBuf;

/// How a calibration is made.
#[derive(clap::Args)]
pub struct CalibrationArgs {
    /// Parameter sets that history matching judges, 20 to 1,000,000.
    #[arg(long, default_value_t = 4000)]
    pub draws: u32,
    /// Simulations of each case with each of them, 2 to 1000.
    #[arg(long, default_value_t = 4)]
    pub replicates: u32,
    /// Particles of the posterior, 20 to 100,000.
    #[arg(long, default_value_t = 1000)]
    pub particles: u32,
    /// Most rounds of sequential Monte Carlo, 1 to 1000.
    #[arg(long, default_value_t = 20)]
    pub rounds: u32,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Arguments of `calibrate`.
#[derive(clap::Args)]
pub struct CalibrateArgs {
    /// Folders of cases: scenarios with an outcomes.csv.
    #[arg(required = true)]
    pub cases: Vec<PathBuf>,
    /// Folder for the posterior and the state of an unfinished calibration.
    #[arg(long, value_name = "FOLDER", default_value = "runs/posterior", conflicts_with = "rehearse")]
    pub out: PathBuf,
    /// How it is made.
    #[command(flatten)]
    pub how: CalibrationArgs,
    /// Rehearse instead: look for this many truths drawn from the prior (simulation-based calibration), 20 to 1000; nothing is kept.
    #[arg(long, value_name = "TRUTHS")]
    pub rehearse: Option<u32>,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments of `hindcast`.
#[derive(clap::Args)]
pub struct HindcastArgs {
    /// Folders of cases (default: all in `cases` and `scenarios` that have an outcomes.csv).
    pub cases: Vec<PathBuf>,
    /// Folder for the posteriors and the state of what is unfinished.
    #[arg(long, value_name = "FOLDER", default_value = "runs/hindcast")]
    pub out: PathBuf,
    /// How each calibration is made.
    #[command(flatten)]
    pub how: CalibrationArgs,
    /// Write the tables into this file too, between its lines `<!-- hindcast -->` and `<!-- end of hindcast -->`.
    #[arg(long, value_name = "FILE")]
    pub into: Option<PathBuf>,
    /// Form of the output.
    #[command(flatten)]
    pub output: OutputArgs,
}

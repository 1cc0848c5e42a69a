//! The model held against history: calibration, its rehearsal, hindcast.

use crate::question::Question;
use breakaway_ensemble::{Context, Rejected};
use breakaway_history::rehearsal::check_truths;
use breakaway_history::smc::SmcSettings;
use breakaway_history::{
    CalibrationReport, Case, Hindcast as HindcastAnswer, Rehearsal, Settings, calibrate, case, hindcast,
    rehearse,
};
use breakaway_scenario::Scenario;
use breakaway_store::Error;
use breakaway_text::{Finding, calibration, hindcast as hindcast_text, rehearsal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// How a calibration is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CalibrationRequest {
    /// Parameter sets of the prior that history matching judges.
    pub draws: u32,
    /// Simulations of each case with each of them.
    pub replicates: u32,
    /// Particles of the posterior.
    pub particles: u32,
    /// Most rounds of sequential Monte Carlo.
    pub rounds: u32,
    /// Seed.
    pub seed: u64,
}

impl Default for CalibrationRequest {
    fn default() -> CalibrationRequest {
        let Settings { seed, draws, replicates, particles, smc } = Settings::default();
        CalibrationRequest { draws, replicates, particles, rounds: smc.rounds, seed }
    }
}

impl CalibrationRequest {
    pub(super) fn settings(&self) -> Settings {
        let CalibrationRequest { draws, replicates, particles, rounds, seed } = *self;
        Settings { seed, draws, replicates, particles, smc: SmcSettings { rounds, ..SmcSettings::default() } }
    }
}

/// The error of history as the library knows it.
pub(super) fn plain(fault: breakaway_history::Error) -> Error {
    match fault {
        breakaway_history::Error::RuledOut(rejected) => rejected.into(),
        breakaway_history::Error::Other(other) => other,
    }
}

/// Whether a scenario with outcomes can serve as a case of history.
pub(crate) fn check_case(scenario: &Scenario) -> Result<(), Rejected> {
    Case::of("the case".into(), scenario.clone()).map(|_| ())
}

/// Looks for parameters with which the model reproduces cases of history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calibrate {
    /// Folders of cases: scenarios with an outcomes.csv.
    pub cases: Vec<PathBuf>,
    /// Folder for the posterior and for what is kept of an unfinished calibration.
    pub folder: PathBuf,
    /// How it is made.
    #[serde(default)]
    pub settings: CalibrationRequest,
}

pub(super) const RESUMES: &str = "Finished steps are kept; repeat the command, and it resumes.";

impl Question for Calibrate {
    type Answer = CalibrationReport;

    fn check(&self) -> Result<(), Rejected> {
        self.settings.settings().check()
    }

    fn answer(&self, context: &Context) -> Result<CalibrationReport, Error> {
        let cases = case::load_all(&self.cases).map_err(plain)?;
        calibrate(&cases, self.settings.settings(), &self.folder, context).map_err(plain)
    }

    fn describe(answer: &CalibrationReport) -> Vec<Finding> {
        vec![calibration::calibration(answer)]
    }

    fn kept_when_stopped(&self) -> String {
        RESUMES.into()
    }
}

/// Rehearses a calibration where the truth is known (simulation-based calibration).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rehearse {
    /// Folders of cases.
    pub cases: Vec<PathBuf>,
    /// Truths that are drawn from the prior and looked for.
    pub truths: u32,
    /// How each calibration is made.
    #[serde(default)]
    pub settings: CalibrationRequest,
}

impl Question for Rehearse {
    type Answer = Rehearsal;

    fn check(&self) -> Result<(), Rejected> {
        check_truths(self.truths)?;
        self.settings.settings().check()
    }

    fn answer(&self, context: &Context) -> Result<Rehearsal, Error> {
        let cases = case::load_all(&self.cases).map_err(plain)?;
        rehearse(&cases, self.settings.settings(), self.truths, context).map_err(plain)
    }

    fn describe(answer: &Rehearsal) -> Vec<Finding> {
        vec![rehearsal::rehearsal(answer)]
    }
}

/// Forecasts each case of history from the others and scores it beside simple rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hindcast {
    /// Folders of cases; all in `cases` and `scenarios` that have an outcomes.csv where none is named.
    #[serde(default)]
    pub cases: Vec<PathBuf>,
    /// Folder for the posteriors and for what is kept of an unfinished hindcast.
    pub folder: PathBuf,
    /// How each calibration is made.
    #[serde(default)]
    pub settings: CalibrationRequest,
}

impl Hindcast {
    /// The folders of its cases.
    pub(super) fn folders(&self) -> Result<Vec<PathBuf>, Rejected> {
        match self.cases.is_empty() {
            true => case::known_in(&[Path::new("cases"), Path::new("scenarios")]),
            false => Ok(self.cases.clone()),
        }
    }
}

impl Question for Hindcast {
    type Answer = HindcastAnswer;

    fn check(&self) -> Result<(), Rejected> {
        self.settings.settings().check()
    }

    fn answer(&self, context: &Context) -> Result<HindcastAnswer, Error> {
        let cases = case::load_all(&self.folders()?).map_err(plain)?;
        hindcast(&cases, self.settings.settings(), Some(&self.folder), context).map_err(plain)
    }

    fn describe(answer: &HindcastAnswer) -> Vec<Finding> {
        vec![hindcast_text::hindcast(answer)]
    }

    fn kept_when_stopped(&self) -> String {
        RESUMES.into()
    }
}

//! A stored run, given what has been seen since.

use crate::question::Question;
use breakaway_analysis::LoadedRun;
use breakaway_analysis::questions::condition::{Conditioned, condition};
use breakaway_ensemble::{Context, Rejected};
use breakaway_scenario::observed;
use breakaway_store::Error;
use breakaway_text::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Gives the claims of a stored run new probabilities, given what has been seen since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Folder of the run.
    pub run: PathBuf,
    /// Table of observations (CSV) with the columns date, observable, of, value, error, source.
    pub observed: PathBuf,
}

impl Question for Condition {
    type Answer = Conditioned;

    fn check(&self) -> Result<(), Rejected> {
        Ok(())
    }

    fn answer(&self, context: &Context) -> Result<Conditioned, Error> {
        let loaded = LoadedRun::open(&self.run)?;
        let observations = observed::load(&self.observed, &loaded.scenario)?;
        let id = self.observed.file_stem().map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
        condition(&loaded, &observations, &id, context)
    }

    fn describe(answer: &Conditioned) -> Vec<Finding> {
        vec![breakaway_text::condition::condition(answer)]
    }
}

//! Many futures of one simulated history.

use super::setting::DayOrDate;
use crate::question::Question;
use breakaway_analysis::LoadedRun;
use breakaway_analysis::questions::branch::{Branches, branch};
use breakaway_ensemble::{Context, Rejected};
use breakaway_store::Error;
use breakaway_text::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Takes one simulated history up to a day and simulates the future from there many times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Folder of the run.
    pub run: PathBuf,
    /// Number of the simulation, from 0.
    pub member: u32,
    /// The last day of the common past.
    pub day: DayOrDate,
    /// Number of futures.
    #[serde(default = "thousand")]
    pub futures: u32,
}

fn thousand() -> u32 {
    1000
}

impl Question for Branch {
    type Answer = Branches;

    fn check(&self) -> Result<(), Rejected> {
        Ok(())
    }

    fn answer(&self, context: &Context) -> Result<Branches, Error> {
        let loaded = LoadedRun::open(&self.run)?;
        let day = self.day.number(loaded.scenario.start)?;
        branch(&loaded, self.member, day, self.futures, context)
    }

    fn describe(answer: &Branches) -> Vec<Finding> {
        vec![breakaway_text::branch::branch(answer)]
    }
}

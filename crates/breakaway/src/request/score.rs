//! The claims of stored runs against what happened.

use crate::question::Question;
use breakaway_analysis::questions::score::{ScoreCard, score};
use breakaway_ensemble::{Context, Rejected};
use breakaway_store::{Error, StoredRun};
use breakaway_text::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Scores the claims of stored runs against what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Folders of the runs.
    pub runs: Vec<PathBuf>,
}

impl Question for Score {
    type Answer = (ScoreCard, usize);

    fn check(&self) -> Result<(), Rejected> {
        match self.runs.is_empty() {
            true => Err(Rejected::new("no run is named", "one run, or several")),
            false => Ok(()),
        }
    }

    fn answer(&self, _: &Context) -> Result<(ScoreCard, usize), Error> {
        self.check()?;
        let runs = self.runs.iter().map(|run| StoredRun::open(run)).collect::<Result<Vec<_>, _>>()?;
        Ok((score(&runs)?, runs.len()))
    }

    fn describe((found, runs): &(ScoreCard, usize)) -> Vec<Finding> {
        vec![breakaway_text::score::score(found, *runs)]
    }
}

//! The claims of a stored run, explained.

use crate::question::Question;
use breakaway_analysis::LoadedRun;
use breakaway_analysis::questions::explain::{Explanation, explain};
use breakaway_ensemble::{Context, Rejected};
use breakaway_store::Error;
use breakaway_text::{Finding, explanation};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Explains the claims of a stored run: chance or what we do not know, which assumptions matter, what
/// would have to be true, what to watch, which mechanisms produce them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Explain {
    /// Folder of the run.
    pub run: PathBuf,
    /// One claim, by its identifier; all where none.
    #[serde(default)]
    pub claim: Option<String>,
    /// Simulations that are made once more without each mechanism; 0 for none.
    #[serde(default = "some")]
    pub members: u32,
}

fn some() -> u32 {
    500
}

impl Question for Explain {
    type Answer = Vec<Explanation>;

    fn check(&self) -> Result<(), Rejected> {
        Ok(())
    }

    fn answer(&self, context: &Context) -> Result<Vec<Explanation>, Error> {
        explain(&LoadedRun::open(&self.run)?, self.claim.as_deref(), self.members, context)
    }

    fn describe(answer: &Vec<Explanation>) -> Vec<Finding> {
        answer.iter().map(explanation::explanation).collect()
    }
}

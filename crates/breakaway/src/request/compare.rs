//! Two scenarios, or one without and with a change.

use super::scenario::{DesignRequest, ScenarioSource};
use crate::question::Question;
use breakaway_analysis::questions::compare::{Comparison, Side, compare};
use breakaway_ensemble::{Context, Rejected};
use breakaway_store::Error;
use breakaway_text::{Finding, comparison};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Compares two scenarios on common random numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compare {
    /// The first scenario.
    pub before: ScenarioSource,
    /// The second: the first with changes, or another.
    pub after: ScenarioSource,
    /// Simulations of each.
    #[serde(default)]
    pub design: DesignRequest,
}

impl Question for Compare {
    type Answer = Comparison;

    fn check(&self) -> Result<(), Rejected> {
        if self.before == self.after {
            return Err(Rejected::new(
                "the two scenarios are the same: there is nothing to compare",
                "give a second scenario, an overlay, a parameter's value, or a posterior",
            ));
        }
        self.design.check()
    }

    fn answer(&self, context: &Context) -> Result<Comparison, Error> {
        self.check()?;
        let (before, was) = self.before.load()?;
        let (after, is) = self.after.load()?;
        let design = self.design.paired(&was)?;
        let mut change = self.after.change();
        if self.before.folder != self.after.folder {
            let name = self.after.folder.file_name().map(|name| name.to_string_lossy().into_owned());
            let all = [Some(change).filter(|change| !change.is_empty()), name];
            change = all.into_iter().flatten().collect::<Vec<_>>().join(", ");
        }
        let was = Side { scenario: &before, source: &was };
        let is = Side { scenario: &after, source: &is };
        compare(&was, &is, design, &change, context)
    }

    fn describe(answer: &Comparison) -> Vec<Finding> {
        vec![comparison::comparison(answer)]
    }
}

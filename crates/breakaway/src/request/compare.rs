//! Two scenarios, one without and with a change, or two stored runs.

use super::scenario::{DesignRequest, ScenarioSource};
use super::setting::with_settings;
use crate::question::Question;
use breakaway_analysis::questions::attribution::Line;
use breakaway_analysis::questions::compare::{Comparison, Side, compare};
use breakaway_analysis::questions::compare_runs::compare_runs;
use breakaway_ensemble::{Context, ParameterSource, Rejected};
use breakaway_scenario::lines::changed_lines;
use breakaway_store::{Error, StoredRun};
use breakaway_text::{Finding, comparison};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

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
    /// Whether to say what each changed line of the scenario does alone to the claims that change beyond chance. Each
    /// line is simulated once more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub attribute: bool,
}

impl Compare {
    /// Each line by which the second scenario differs, alone on the first.
    fn lines(&self, was: &Side, is: &Side) -> Result<Vec<Line>, Error> {
        let mut all = vec![];
        for line in changed_lines(was.scenario, is.scenario) {
            // What the first scenario has of its own stays, the second's priors do not come along.
            let world = line.scenario().ok().map(|scenario| {
                let own = scenario.priors.iter().zip(&was.scenario.priors).zip(&was.source.priors);
                let priors = own.map(|((new, old), drawn)| if new == old { *drawn } else { *new }).collect();
                let source = ParameterSource { priors, posterior: was.source.posterior.clone() };
                (scenario, source)
            });
            all.push(Line { label: line.label, world });
        }
        for (name, setting) in &self.after.parameters {
            if self.before.parameters.get(name) != Some(setting) {
                let alone = [(name.clone(), setting.clone())].into_iter().collect();
                let priors = with_settings(&was.scenario.specs(), was.source.priors.clone(), &alone)?;
                let source = ParameterSource { priors, posterior: was.source.posterior.clone() };
                all.push(Line {
                    label: format!("{name} = {setting}"),
                    world: Some((was.scenario.clone(), source)),
                });
            }
        }
        if self.before.posterior != self.after.posterior {
            let source =
                ParameterSource { priors: was.source.priors.clone(), posterior: is.source.posterior.clone() };
            all.push(Line { label: "the posterior".into(), world: Some((was.scenario.clone(), source)) });
        }
        Ok(all)
    }
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
        let lines = || self.lines(&was, &is);
        let lines: Option<&dyn Fn() -> Result<Vec<Line>, Error>> =
            if self.attribute { Some(&lines) } else { None };
        compare(&was, &is, design, &change, lines, context)
    }

    fn describe(answer: &Comparison) -> Vec<Finding> {
        vec![comparison::comparison(answer)]
    }
}

/// Compares two stored runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompareRuns {
    /// Folder of the first.
    pub before: PathBuf,
    /// Folder of the second.
    pub after: PathBuf,
}

impl Question for CompareRuns {
    type Answer = Comparison;

    fn check(&self) -> Result<(), Rejected> {
        Ok(())
    }

    fn answer(&self, _: &Context) -> Result<Comparison, Error> {
        compare_runs(&StoredRun::open(&self.before)?, &StoredRun::open(&self.after)?)
    }

    fn describe(answer: &Comparison) -> Vec<Finding> {
        vec![comparison::comparison(answer)]
    }
}

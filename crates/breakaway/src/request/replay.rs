//! One simulation, from the start to the end.

use super::scenario::{DesignRequest, ScenarioSource};
use crate::question::Question;
use breakaway_ensemble::replay::{Trajectory, replay};
use breakaway_ensemble::{Context, Design, Plan, Rejected};
use breakaway_model::dispatch::Simd;
use breakaway_scenario::Scenario;
use breakaway_store::{Entities, Error, StoredRun};
use breakaway_text::{Dates, Finding, events, trajectory};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use std::path::PathBuf;

/// Simulates one member of a run again: its story and its days. The run is a stored one, or that of a
/// scenario and a design.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// Folder of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<PathBuf>,
    /// The scenario, where no run is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<ScenarioSource>,
    /// The design, where no run is named.
    #[serde(default)]
    pub design: DesignRequest,
    /// Number of the simulation, from 0.
    pub member: u32,
}

impl Replay {
    /// A simulation of a scenario and a design; or of the run whose folder stands in the scenario's place,
    /// with nothing changed.
    pub fn of(scenario: ScenarioSource, design: DesignRequest, member: u32) -> Replay {
        let folder = &scenario.folder;
        let plain = scenario == ScenarioSource::of(folder) && design == DesignRequest::default();
        if plain && StoredRun::is_in(folder) {
            return Replay { run: Some(scenario.folder), member, ..Replay::default() };
        }
        Replay { scenario: Some(scenario), design, member, run: None }
    }
}

/// One simulation, with the scenario that it belongs to.
#[derive(Clone, Debug)]
pub struct ReplayAnswer {
    /// The scenario.
    pub scenario: Scenario,
    /// The design.
    pub design: Design,
    /// The simulation.
    pub trajectory: Trajectory,
}

/// Claims, events, parameters, and every day of every series.
impl Serialize for ReplayAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        trajectory::json(&self.scenario, &self.trajectory).serialize(serializer)
    }
}

impl Question for Replay {
    type Answer = ReplayAnswer;

    fn check(&self) -> Result<(), Rejected> {
        if self.run.is_some() == self.scenario.is_some() {
            return Err(Rejected::new("a replay is of a run or of a scenario", "name one of the two"));
        }
        self.design.check()
    }

    fn answer(&self, context: &Context) -> Result<ReplayAnswer, Error> {
        self.check()?;
        let (scenario, source, design) = match &self.run {
            Some(folder) => {
                let run = StoredRun::open(folder)?;
                let (scenario, source) = run.scenario()?;
                (scenario, source, run.manifest().design)
            }
            None => {
                let (scenario, source) = self.scenario.clone().unwrap_or_default().load()?;
                let design = self.design.design(&source)?;
                (scenario, source, design)
            }
        };
        if self.member >= design.members() {
            let help = format!("the run has simulations 0 to {}", design.members() - 1);
            return Err(Rejected::new(format!("there is no simulation {}", self.member), help).into());
        }
        let plan = Plan::new(&scenario, source, design, Simd::best());
        let trajectory = replay(&plan, self.member, context)?;
        Ok(ReplayAnswer { scenario: scenario.clone(), design, trajectory })
    }

    fn describe(answer: &ReplayAnswer) -> Vec<Finding> {
        let entities = Entities::of(&answer.scenario);
        let dates = Dates::from(&answer.scenario.start.to_string());
        let number = answer.trajectory.member;
        let mut finding = Finding::new(
            &format!("simulation-{number}"),
            format!("{}, simulation {number}", answer.scenario.name),
        );
        for event in &answer.trajectory.events {
            finding.push_sentence(events::sentence(event, &entities, &dates));
        }
        vec![finding]
    }
}

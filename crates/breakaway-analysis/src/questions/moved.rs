//! Parameters moved alone: what a claim does when one is set to the lower and to the upper end of its range and all
//! else, chance included, stays as it was.

use super::sensitivity::{ParameterEffect, Sensitivity};
use crate::LoadedRun;
use crate::methods::paired_difference::{Difference, beyond_chance, difference};
use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, Simulated, simulate};
use breakaway_ensemble::{Context, Stopped};
use breakaway_model::params::Spec;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Between these quantiles of its values a parameter is moved.
const ENDS: [f64; 2] = [0.05, 0.95];

/// A claim with one parameter moved from the lower to the upper end of its range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// The ends: 5 and 95 % of the parameter sets' values lie below.
    pub ends: [f64; 2],
    /// The claim at the lower end (before) and at the upper end (after).
    pub difference: Difference,
}

/// Some of a run's members with one parameter after the other moved.
pub(crate) struct MovedAlone {
    members: Vec<u32>,
    /// By parameter: its ends, and the members at each.
    runs: BTreeMap<usize, ([f64; 2], [Vec<Simulated>; 2])>,
}

impl MovedAlone {
    /// Simulates so many members, evenly over the parameter sets, with each of some parameters moved.
    ///
    /// # Errors
    /// [`Stopped`] where the context was cancelled.
    pub(crate) fn of(
        loaded: &LoadedRun,
        members: u32,
        parameters: &[usize],
        context: &Context,
    ) -> Result<MovedAlone, Stopped> {
        let members = loaded.run.subsample(members as usize);
        let specs: Vec<MemberSpec> = members.iter().copied().map(MemberSpec::of).collect();
        let mut runs = BTreeMap::new();
        let task = context.task("parameters moved alone", parameters.len() as u64);
        for &place in parameters {
            let mut values = loaded.members.parameters[place].clone();
            values.sort_by(f32::total_cmp);
            let ends = ENDS.map(|q| values[((values.len() - 1) as f64 * q).round() as usize]);
            let stage = context.stage("parameters moved alone");
            let at = |value: f32| {
                let mut plan = loaded.plan();
                plan.fixed = vec![(place, value)];
                simulate(&plan, &specs, &Outputs::default(), &stage, "simulations")
            };
            runs.insert(place, (ends.map(f64::from), [at(ends[0])?, at(ends[1])?]));
            task.advance(1)?;
        }
        Ok(MovedAlone { members, runs })
    }

    /// A claim with a parameter moved; none where it was not.
    pub(crate) fn claim(&self, loaded: &LoadedRun, claim: usize, parameter: usize) -> Option<Moved> {
        let (ends, [low, high]) = self.runs.get(&parameter)?;
        let sound: Vec<usize> =
            (0..self.members.len()).filter(|k| !low[*k].failed && !high[*k].failed).collect();
        let groups: Vec<u32> = sound.iter().map(|k| loaded.group(self.members[*k])).collect();
        let verdicts =
            |at: &[Simulated]| sound.iter().map(|k| at[*k].verdicts[claim]).collect::<Vec<Verdict>>();
        Some(Moved { ends: *ends, difference: difference(&groups, &verdicts(low), &verdicts(high)) })
    }
}

impl Sensitivity {
    /// The places in the table of the parameters that are to be moved.
    pub(crate) fn candidates(&self, specs: &[Spec]) -> Vec<usize> {
        let place = |one: &ParameterEffect| specs.iter().position(|spec| spec.key() == one.parameter);
        self.parameters.iter().filter_map(place).collect()
    }

    /// Keeps of the parameters those whose effects can be told from none, where they were not moved.
    pub(crate) fn keep_what_stands_out(&mut self) {
        self.parameters.retain(|one| one.stands_out);
    }

    /// Keeps of the parameters those that change the claim beyond chance when they are moved alone, all tests taken
    /// together.
    pub(crate) fn confirm(&mut self, moved: impl Fn(&str) -> Option<Moved>) {
        self.parameters.iter_mut().for_each(|one| one.moved = moved(&one.parameter));
        let all: Vec<Moved> = self.parameters.iter().filter_map(|one| one.moved.clone()).collect();
        let beyond = beyond_chance(&all.iter().map(|moved| &moved.difference).collect::<Vec<_>>());
        let mut beyond = beyond.into_iter();
        let before = self.parameters.len();
        self.parameters.retain(|one| one.moved.is_some() && beyond.next().unwrap_or(false));
        self.unconfirmed = (before - self.parameters.len()) as u32;
        let size = |one: &ParameterEffect| {
            one.moved.as_ref().and_then(|moved| moved.difference.growth).unwrap_or(0.0).abs()
        };
        self.parameters.sort_by(|a, b| size(b).total_cmp(&size(a)));
    }
}

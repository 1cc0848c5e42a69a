//! What has been seen since: the run's simulations weighed by how well they agree with it, or, where too few do, others
//! that are moved to where they agree.

use super::tempered::tempered;
use super::{Interval, interval};
use crate::{Error, LoadedRun};
use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, Simulated, simulate};
use breakaway_ensemble::tally::FEWEST_CONDITIONAL;
use breakaway_ensemble::{Context, Plan, Rejected, Share, Stopped};
use breakaway_model::entity::Entity;
use breakaway_scenario::observed::Observation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Effective simulations of the run below which others are made (judgement).
const FEW: f64 = 200.0;
/// Errors from the nearest simulation beyond which none matches (judgement; three standard
/// deviations as in history matching, Pukelsheim 1994).
const BEYOND: f64 = 3.0;

/// A run given what has been seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conditioned {
    /// Name of the observations.
    pub id: String,
    /// Each observation beside what the simulations show.
    pub observations: Vec<Fit>,
    /// Simulations that did not fail.
    pub simulations: usize,
    /// As many of them, each with the weight of another, would be as precise.
    pub effective_of_run: f64,
    /// The simulations that the answers rest on.
    pub made: Made,
    /// As many of those would be as precise, each with the weight of another; those that are the same count as one.
    pub effective: f64,
    /// Claims before and after.
    pub claims: Vec<ConditionedClaim>,
}

/// Which simulations the answers rest on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Made {
    /// Those of the run, weighed.
    Weighed,
    /// Others that were moved to where they agree with what was seen (tempered sequential Monte Carlo).
    Moved {
        /// Simulations.
        simulations: usize,
        /// Stages at which what was seen counted more.
        stages: u32,
        /// Share of the moves that were made.
        moves: f64,
    },
}

/// An observation beside what the simulations show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// Date.
    pub date: String,
    /// Observable.
    pub observable: String,
    /// Identifier of its entity.
    pub entity: String,
    /// Name of its entity.
    pub entity_name: String,
    /// What was seen.
    pub seen: f64,
    /// Its error, one standard deviation.
    pub error: f64,
    /// Median of the simulations.
    pub median: Option<f64>,
    /// Errors between what was seen and the nearest simulation.
    pub nearest: f64,
}

/// A claim before and after what was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConditionedClaim {
    /// Identifier.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// Probability in the run.
    pub prior: Option<f64>,
    /// Probability given what was seen; none where too few simulations count.
    pub probability: Option<f64>,
    /// Its 95 % interval; simulations of one parameter set, or that descend from one, are alike.
    pub interval: Interval,
    /// The same of those that count.
    pub effective: f64,
}

/// Gives every claim of a run a new probability, given what was seen. `id` names the observations.
///
/// # Errors
/// Where no simulation comes near an observation, or where the context was cancelled.
pub fn condition(
    loaded: &LoadedRun,
    observations: &[Observation],
    id: &str,
    context: &Context,
) -> Result<Conditioned, Error> {
    let plan = loaded.plan();
    let members: Vec<MemberSpec> = (0..loaded.members.draws.len() as u32)
        .filter(|&i| !loaded.members.failed[i as usize])
        .map(MemberSpec::of)
        .collect();
    let seen = look(&plan, &members, observations, context)?;
    let fits = fit(loaded, observations, &seen)?;
    let logs: Vec<f64> = seen.iter().map(|values| log_likelihood(observations, values)).collect();
    let weights = normalised(&logs);
    let effective_of_run = effective(&weights);
    let (made, verdicts, origins, weights, all) = if effective_of_run >= FEW {
        let of = |spec: &MemberSpec| -> Vec<Verdict> {
            loaded.members.verdicts.iter().map(|claim| claim[spec.member as usize]).collect()
        };
        let origins = members.iter().map(|spec| origin(loaded, spec.member)).collect();
        (Made::Weighed, members.iter().map(of).collect(), origins, weights, effective_of_run)
    } else {
        let found = tempered(loaded, &members, &logs, observations, context)?;
        let sound = found.ends.into_iter().zip(found.origins).filter(|(end, _)| !end.failed);
        let (sound, origins): (Vec<Vec<Verdict>>, Vec<u32>) =
            sound.map(|(end, origin)| (end.verdicts, origin)).unzip();
        let weights = vec![1.0 / sound.len().max(1) as f64; sound.len()];
        let made = Made::Moved { simulations: sound.len(), stages: found.stages, moves: found.moved };
        (made, sound, origins, weights, found.effective)
    };
    let kish = effective(&weights).max(1e-9);
    let claim = |(k, claim): (usize, &breakaway_scenario::Claim)| {
        let counted = || {
            let each = verdicts.iter().zip(&origins).zip(&weights);
            each.filter(|((verdicts, _), _)| verdicts[k].counts)
                .map(|((verdicts, origin), w)| (*origin, verdicts[k].day.is_some(), *w))
        };
        // Those that are the same count as one, also among those that count.
        let effective = effective(&counted().map(|(_, _, w)| w).collect::<Vec<f64>>()) * all / kish;
        let share = share(counted(), effective).filter(|_| effective >= f64::from(FEWEST_CONDITIONAL));
        ConditionedClaim {
            id: claim.id.clone(),
            text: claim.text.clone(),
            prior: loaded.tally(k).probability(),
            interval: share.and_then(|share| interval(share.interval())),
            probability: share.map(|share| share.value),
            effective,
        }
    };
    Ok(Conditioned {
        id: id.into(),
        observations: fits,
        simulations: members.len(),
        effective_of_run,
        made,
        effective: all,
        claims: loaded.scenario.claims.iter().enumerate().map(claim).collect(),
    })
}

/// What each simulation shows of each observation.
pub(super) fn look(
    plan: &Plan,
    specs: &[MemberSpec],
    observations: &[Observation],
    context: &Context,
) -> Result<Vec<Vec<f32>>, Stopped> {
    let mut days: Vec<u32> = observations.iter().map(|o| o.day).collect();
    days.dedup();
    let series: Vec<_> = observations.iter().map(|o| (o.observable, o.entity)).collect();
    let until = days.last().copied();
    let outputs = Outputs { series, days: days.clone(), until };
    let pick = |one: Simulated| -> Vec<f32> {
        if one.failed {
            return vec![f32::NAN; observations.len()];
        }
        let of = |(k, o): (usize, &Observation)| {
            let day = days.iter().position(|day| *day == o.day).unwrap_or(0);
            one.values[day * observations.len() + k]
        };
        observations.iter().enumerate().map(of).collect()
    };
    let task = format!("until {}", plan.scenario.date(until.unwrap_or(0)));
    Ok(simulate(plan, specs, &outputs, context, &task)?.into_iter().map(pick).collect())
}

/// Errors between a value and what was seen.
fn misfit(observation: &Observation, value: f32) -> f64 {
    (f64::from(value) - observation.value) / observation.error
}

/// Normal errors, independent of each other; a simulation that failed agrees with nothing.
pub(super) fn log_likelihood(observations: &[Observation], values: &[f32]) -> f64 {
    let sum: f64 = observations.iter().zip(values).map(|(o, x)| -0.5 * misfit(o, *x).powi(2)).sum();
    if sum.is_finite() { sum } else { f64::NEG_INFINITY }
}

/// Weights that add up to 1; all zero where nothing agrees.
pub(super) fn normalised(logs: &[f64]) -> Vec<f64> {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return vec![0.0; logs.len()];
    }
    let weights: Vec<f64> = logs.iter().map(|log| (log - most).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|w| w / sum).collect()
}

/// Effective sample size of weights (Kish 1965).
pub(super) fn effective(weights: &[f64]) -> f64 {
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// What a simulation of the run has in common with others: its parameter set, where there are several.
pub(super) fn origin(loaded: &LoadedRun, member: u32) -> u32 {
    if loaded.manifest().design.draws > 1 { loaded.cluster(member) } else { member }
}

/// The share of weighed simulations in which a claim holds (origin, whether it holds, weight). Those of one origin are
/// alike: parameter sets of the run, or what descends from one (Lee & Whiteley 2018, "Variance estimation in the
/// particle filter"). None of fewer than two.
fn share(simulations: impl Iterator<Item = (u32, bool, f64)>, effective: f64) -> Option<Share> {
    let mut origins: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for (origin, holds, weight) in simulations {
        let (all, held) = origins.entry(origin).or_default();
        (*all, *held) = (*all + weight, *held + if holds { weight } else { 0.0 });
    }
    let all: f64 = origins.values().map(|(all, _)| all).sum();
    let scale = if all > 0.0 { effective / all } else { 0.0 };
    let share = Share::of_groups(origins.values().map(|(all, held)| (all * scale, held * scale)))?;
    let weights: Vec<f64> = origins.values().map(|(all, _)| *all).collect();
    let number = self::effective(&weights);
    // Where all agree, their differences say nothing of how precise they are.
    let agree = share.value <= 0.0 || share.value >= 1.0;
    let counted = if agree { share.counted.min(number) } else { share.counted };
    Some(Share { counted, freedom: (number - 1.0).max(1.0), ..share })
}

/// Each observation beside what the simulations show; a refusal where none comes near.
fn fit(loaded: &LoadedRun, observations: &[Observation], seen: &[Vec<f32>]) -> Result<Vec<Fit>, Rejected> {
    let one = |(k, o): (usize, &Observation)| {
        let mut values: Vec<f32> = seen.iter().map(|values| values[k]).collect();
        values.sort_by(f32::total_cmp);
        let nearest = values.iter().map(|x| misfit(o, *x).abs()).fold(f64::INFINITY, f64::min);
        let date = loaded.scenario.date(o.day).to_string();
        let entity = loaded.manifest().entities.get(Entity { kind: o.observable.of, index: o.entity });
        if nearest > BEYOND || values.is_empty() {
            let (low, high) = (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0));
            return Err(Rejected::new(
                format!(
                    "no simulation comes within {BEYOND} errors of `{}` of {} on {date}: {} was seen, simulations show {low} to {high}",
                    o.observable.name, entity.name, o.value
                ),
                "a wider `error` (it is smaller than the distance between simulations), wider priors, or a model that is wrong here",
            ));
        }
        Ok(Fit {
            date,
            observable: o.observable.name.into(),
            entity: entity.id.clone(),
            entity_name: entity.name.clone(),
            seen: o.value,
            error: o.error,
            median: values.get(values.len() / 2).map(|x| f64::from(*x)),
            nearest,
        })
    };
    observations.iter().enumerate().map(one).collect()
}

/// Systematic resampling (Kitagawa 1996): which of the weighted each of so many places goes to.
pub(super) fn systematic(weights: &[f64], places: usize, start: f64) -> Vec<usize> {
    let (mut sum, mut at) = (weights.first().copied().unwrap_or(0.0), 0);
    (0..places)
        .map(|k| {
            let target = (k as f64 + start) / places as f64;
            while sum < target && at + 1 < weights.len() {
                at += 1;
                sum += weights[at];
            }
            at
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_follow_the_misfit() {
        let weights = normalised(&[0.0, -0.5, -1e9]);
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12 && weights[2] == 0.0);
        assert!((weights[0] / weights[1] - 0.5_f64.exp()).abs() < 1e-12);
        assert!((effective(&[0.25; 4]) - 4.0).abs() < 1e-12);
        assert!((effective(&[1.0, 0.0, 0.0]) - 1.0).abs() < 1e-12);
        let one = share([(1, true, 0.25), (2, false, 0.75)].into_iter(), 2.0).expect("two origins");
        assert!((one.value - 0.25).abs() < 1e-12 && (one.counted - 2.0).abs() < 1e-12);
        assert_eq!(share([(1, true, 0.25), (1, false, 0.75)].into_iter(), 2.0), None);
        assert_eq!(normalised(&[f64::NEG_INFINITY; 2]), [0.0, 0.0]);
        assert_eq!(effective(&[0.0, 0.0]), 0.0);
    }

    #[test]
    fn resampling_keeps_the_shares() {
        assert_eq!(systematic(&[0.5, 0.0, 0.25, 0.25], 4, 0.5), [0, 0, 2, 3]);
        assert_eq!(systematic(&[1.0, 0.0, 0.0], 3, 0.99), [0, 0, 0]);
    }
}

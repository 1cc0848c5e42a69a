//! What has been seen since: simulations weighed by how well they agree with it, and a particle
//! filter that goes on from the best with fresh chance (Gordon, Salmond & Smith 1993, "Novel approach
//! to nonlinear/non-Gaussian Bayesian state estimation", IEE Proceedings F 140).

use crate::methods::bootstrap::random;
use crate::{Error, LoadedRun};
use breakaway_ensemble::numbers::FRESH;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, Simulated, simulate};
use breakaway_ensemble::{Context, Plan, Rejected, Stopped};
use breakaway_model::entity::Entity;
use breakaway_scenario::observed::Observation;
use rand::RngExt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Effective simulations below which an answer by weights is a warning more than an answer (judgement).
const FEW: f64 = 50.0;
/// Effective simulations of a claim below which no weighted share is given (judgement).
const FEWEST: f64 = 5.0;
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
    /// The number of simulations that weigh as much.
    pub effective: f64,
    /// Dates at which the particle filter resampled.
    pub resamples: u32,
    /// Simulations whose parameters are left in the filter.
    pub ancestors: usize,
    /// Claims before and after.
    pub claims: Vec<ConditionedClaim>,
}

impl Conditioned {
    /// Whether the weighted answers rest on few simulations.
    pub fn few(&self) -> bool {
        self.effective < FEW
    }
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
    /// Probability by weights; none where it would rest on a handful of simulations.
    pub weighted: Option<f64>,
    /// Probability by the particle filter.
    pub filtered: Option<f64>,
    /// The number of counting simulations that weigh as much.
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
    let Filtered { ends, resamples, ancestors } = filter(&plan, members.clone(), observations, context)?;
    let claim = |(k, claim): (usize, &breakaway_scenario::Claim)| {
        let verdict = |spec: &MemberSpec| loaded.members.verdicts[k][spec.member as usize];
        let by_weight: Vec<_> = members.iter().map(verdict).zip(weights.iter().copied()).collect();
        let weighted = share(by_weight.iter().filter(|(v, _)| v.counts).map(|(v, w)| (v.day.is_some(), *w)));
        let ends = ends.iter().filter(|(end, _)| !end.failed).map(|(end, w)| (end.verdicts[k], *w));
        let counted: Vec<f64> = by_weight.iter().filter(|(v, _)| v.counts).map(|(_, w)| *w).collect();
        let counted = effective(&counted);
        ConditionedClaim {
            id: claim.id.clone(),
            text: claim.text.clone(),
            prior: loaded.tally(k).probability(),
            // A share of one or two simulations is none.
            weighted: weighted.filter(|_| counted >= FEWEST),
            filtered: share(ends.filter(|(v, _)| v.counts).map(|(v, w)| (v.day.is_some(), w))),
            effective: counted,
        }
    };
    Ok(Conditioned {
        id: id.into(),
        observations: fits,
        simulations: members.len(),
        effective: effective(&weights),
        resamples,
        ancestors,
        claims: loaded.scenario.claims.iter().enumerate().map(claim).collect(),
    })
}

/// What each simulation shows of each observation.
fn look(
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
fn log_likelihood(observations: &[Observation], values: &[f32]) -> f64 {
    let sum: f64 = observations.iter().zip(values).map(|(o, x)| -0.5 * misfit(o, *x).powi(2)).sum();
    if sum.is_finite() { sum } else { f64::NEG_INFINITY }
}

/// Weights that add up to 1; all zero where nothing agrees.
fn normalised(logs: &[f64]) -> Vec<f64> {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return vec![0.0; logs.len()];
    }
    let weights: Vec<f64> = logs.iter().map(|log| (log - most).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|w| w / sum).collect()
}

/// Effective sample size of weights (Kish 1965).
fn effective(weights: &[f64]) -> f64 {
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

fn share(held: impl Iterator<Item = (bool, f64)>) -> Option<f64> {
    let (all, yes) =
        held.fold((0.0, 0.0), |(all, yes), (held, w)| (all + w, yes + if held { w } else { 0.0 }));
    (all > 0.0).then(|| yes / all)
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

/// What the particle filter came to.
struct Filtered {
    /// Ends with their weights.
    ends: Vec<(Simulated, f64)>,
    resamples: u32,
    /// Simulations of the run whose parameters are left.
    ancestors: usize,
}

/// Weighs simulations at each date, resamples them where fewer than half are effective, with fresh
/// chance from that date on, and simulates them to the end.
fn filter(
    plan: &Plan,
    mut specs: Vec<MemberSpec>,
    observations: &[Observation],
    context: &Context,
) -> Result<Filtered, Error> {
    let mut logs = vec![0.0; specs.len()];
    let mut resamples = 0;
    let mut random = random(1);
    for together in observations.chunk_by(|a, b| a.day == b.day) {
        let seen = look(plan, &specs, together, context)?;
        for (log, values) in logs.iter_mut().zip(&seen) {
            *log += log_likelihood(together, values);
        }
        let weights = normalised(&logs);
        let left = effective(&weights);
        if left == 0.0 {
            let date = plan.scenario.date(together[0].day);
            let what = format!("no simulation agrees with what was seen until {date}");
            return Err(Rejected::new(what, "wider errors, or more simulations").into());
        }
        if left >= specs.len() as f64 / 2.0 {
            continue;
        }
        let n = specs.len();
        let numbers = |n: u32| {
            let first = FRESH.start.checked_add(n.checked_mul(resamples)?)?;
            first.checked_add(n).map(|_| first)
        };
        let first = u32::try_from(n).ok().and_then(numbers).ok_or_else(|| {
            Rejected::new("there are too many dates for so many simulations", "fewer dates or simulations")
        })?;
        let start: f64 = random.random();
        let parents = systematic(&weights, start);
        let fresh = |(k, parent): (usize, usize)| specs[parent].reseeded(together[0].day, first + k as u32);
        specs = parents.into_iter().enumerate().map(fresh).collect();
        logs.fill(0.0);
        resamples += 1;
    }
    let weights = normalised(&logs);
    let ancestors: BTreeSet<u32> = specs.iter().map(|spec| spec.member).collect();
    let ends = simulate(plan, &specs, &Outputs::default(), context, "to the end")?.into_iter().zip(weights);
    Ok(Filtered { ends: ends.collect(), resamples, ancestors: ancestors.len() })
}

/// Systematic resampling (Kitagawa 1996): which of the weighted each place goes to.
fn systematic(weights: &[f64], start: f64) -> Vec<usize> {
    let n = weights.len();
    let (mut sum, mut at) = (weights.first().copied().unwrap_or(0.0), 0);
    (0..n)
        .map(|k| {
            let target = (k as f64 + start) / n as f64;
            while sum < target && at + 1 < n {
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
        assert_eq!(share([(true, 0.25), (false, 0.75)].into_iter()), Some(0.25));
        assert_eq!(share([].into_iter()), None);
        assert_eq!(normalised(&[f64::NEG_INFINITY; 2]), [0.0, 0.0]);
        assert_eq!(effective(&[0.0, 0.0]), 0.0);
    }

    #[test]
    fn resampling_keeps_the_shares() {
        assert_eq!(systematic(&[0.5, 0.0, 0.25, 0.25], 0.5), [0, 0, 2, 3]);
        assert_eq!(systematic(&[1.0, 0.0, 0.0], 0.99), [0, 0, 0]);
    }
}

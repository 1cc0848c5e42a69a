//! Simulations that agree with what has been seen, where too few of a run's own do: tempered sequential Monte Carlo (Neal
//! 2001, "Annealed importance sampling"; Del Moral, Doucet & Jasra 2006, "Sequential Monte Carlo samplers").
//!
//! What was seen counts at first a little, then more and more. At each stage those that agree are taken more often, and
//! then moved: parameters a little way from where they are, chance anew from some day on. A move is made or not so that
//! parameters and chance keep the distribution that they are to have (Metropolis et al. 1953).

use super::condition::{effective, log_likelihood, look, normalised, origin, systematic};
use crate::LoadedRun;
use crate::methods::bootstrap::random;
use breakaway_ensemble::numbers::FRESH;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, Simulated, simulate};
use breakaway_ensemble::{Context, Plan, Stopped};
use breakaway_model::params::Prior;
use breakaway_scenario::observed::Observation;
use rand::RngExt;
use rand_pcg::Pcg64Mcg;
use statrs::distribution::{ContinuousCDF, Normal};
use std::collections::BTreeMap;

/// Simulations that are kept.
const KEPT: usize = 1000;
/// Sweeps of moves after a stage, at most, and the share of simulations that are to have moved.
const SWEEPS: usize = 12;
const MOVED: f64 = 0.95;
/// Stages, at most.
const STAGES: u32 = 40;

/// What came of it.
pub(super) struct Tempered {
    /// The simulations, to the scenario's last day; each weighs as much as another.
    pub(super) ends: Vec<Simulated>,
    /// The parameter set of the run from which each descends.
    pub(super) origins: Vec<u32>,
    /// As many would be as precise, where those that are the same count as one.
    pub(super) effective: f64,
    /// Stages.
    pub(super) stages: u32,
    /// Share of the moves that were made.
    pub(super) moved: f64,
}

/// A simulation: parameters by their place in the unit cube, and chance.
#[derive(Clone)]
struct Particle {
    point: Vec<f64>,
    /// From the end of which day on it has the chance of which number.
    chance: Vec<(u32, u32)>,
    log: f64,
    /// Whether it was moved since it was last taken.
    moved: bool,
    /// Who it is: the same for all that are the same.
    name: u32,
    /// The parameter set of the run from which it descends.
    origin: u32,
}

struct Sampler<'a> {
    loaded: &'a LoadedRun,
    observations: &'a [Observation],
    context: &'a Context,
    random: Pcg64Mcg,
    /// Numbers of fresh chance, and names.
    next: u32,
    /// How far parameters are moved, as a share of the way to a point of their own.
    reach: f64,
}

/// Moves a run's members to where they agree with what was seen. `logs` are how well each of some members does.
///
/// # Errors
/// [`Stopped`] where the context was cancelled.
pub(super) fn tempered(
    loaded: &LoadedRun,
    members: &[MemberSpec],
    logs: &[f64],
    observations: &[Observation],
    context: &Context,
) -> Result<Tempered, Stopped> {
    let design = loaded.manifest().design;
    let mut all: Vec<Particle> = members
        .iter()
        .zip(logs)
        .enumerate()
        .map(|(name, (spec, log))| Particle {
            point: point(loaded, design.draw_of(spec.member)),
            chance: vec![(0, spec.member)],
            log: *log,
            moved: false,
            name: name as u32,
            origin: origin(loaded, spec.member),
        })
        .collect();
    let first = all.len() as u32;
    let mut sampler = Sampler { loaded, observations, context, random: random(1), next: first, reach: 0.4 };
    let task = context.task("what was seen", 100);
    let (mut power, mut stages, mut tried, mut made) = (0.0, 0, 0.0, 0.0);
    while power < 1.0 {
        // The last stage takes what is left at once: few are effective then, and that is said.
        let step = if stages + 1 < STAGES { next_power(&all, power) } else { 1.0 };
        let weights = normalised(&all.iter().map(|one| (step - power) * one.log).collect::<Vec<_>>());
        let start: f64 = sampler.random.random();
        all = systematic(&weights, KEPT, start).into_iter().map(|k| all[k].clone()).collect();
        all.iter_mut().for_each(|one| one.moved = false);
        task.advance(((step * 100.0) as u64).saturating_sub((power * 100.0) as u64))?;
        (power, stages) = (step, stages + 1);
        for _ in 0..SWEEPS {
            let accepted = sampler.sweep(&mut all, power)?;
            (tried, made) = (tried + all.len() as f64, made + accepted);
            let share = accepted / all.len() as f64;
            sampler.reach = (sampler.reach * if share < 0.2 { 0.7 } else { 1.2 }).clamp(0.02, 0.95);
            // The last stage takes all its sweeps: what is left of common ancestors fades.
            let moved = all.iter().filter(|one| one.moved).count() as f64;
            if power < 1.0 && moved >= MOVED * all.len() as f64 {
                break;
            }
        }
    }
    let mut same: BTreeMap<u32, f64> = BTreeMap::new();
    all.iter().for_each(|one| *same.entry(one.name).or_default() += 1.0);
    let (plan, specs) = sampler.specs(&all);
    Ok(Tempered {
        ends: simulate(&plan, &specs, &Outputs::default(), context, "to the end")?,
        origins: all.iter().map(|one| one.origin).collect(),
        effective: effective(&same.into_values().collect::<Vec<_>>()),
        stages,
        moved: made / f64::max(tried, 1.0),
    })
}

/// The point of a draw in the unit cube; with a posterior the first coordinate says which particle it has.
fn point(loaded: &LoadedRun, draw: u32) -> Vec<f64> {
    let design = loaded.manifest().design;
    let mut point = design.point(&loaded.source.priors, draw);
    if let Some(first) = point.first_mut().filter(|_| loaded.source.posterior.is_some()) {
        *first = (f64::from(draw) + 0.5) / f64::from(design.draws);
    }
    point
}

/// The largest power of the likelihood at which half of the simulations are effective.
fn next_power(all: &[Particle], power: f64) -> f64 {
    let left =
        |to: f64| effective(&normalised(&all.iter().map(|one| (to - power) * one.log).collect::<Vec<_>>()));
    let enough = (all.len() as f64 / 2.0).min(KEPT as f64 / 2.0);
    if left(1.0) >= enough {
        return 1.0;
    }
    let (mut low, mut high) = (power, 1.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if left(middle) >= enough { low = middle } else { high = middle }
    }
    // A step that rounding would swallow is made nevertheless.
    low.max(power + 1e-6).min(1.0)
}

impl Sampler<'_> {
    /// A plan with the parameters of some simulations, and what makes each of them.
    fn specs(&self, all: &[Particle]) -> (Plan<'_>, Vec<MemberSpec>) {
        let mut plan = self.loaded.plan();
        plan.further = all.iter().map(|one| self.parameters(&one.point)).collect();
        let spec = |k: usize| MemberSpec { member: plan.member_of(k), reseeds: all[k].chance.clone() };
        let specs = (0..all.len()).map(spec).collect();
        (plan, specs)
    }

    /// The parameters at a point of the unit cube; of a posterior its particle, the first coordinate says which.
    fn parameters(&self, point: &[f64]) -> Vec<f32> {
        let source = &self.loaded.source;
        let mut values: Vec<f32> =
            source.priors.iter().zip(point).map(|(prior, u)| prior.quantile(*u) as f32).collect();
        if source.posterior.is_some() {
            let draws = self.loaded.manifest().design.draws;
            let draw = ((point.first().copied().unwrap_or(0.0) * f64::from(draws)) as u32).min(draws - 1);
            source.update(draw, &mut values);
        }
        values
    }

    /// Proposes a move of every simulation, and makes those that are to be made: how many.
    fn sweep(&mut self, all: &mut [Particle], power: f64) -> Result<f64, Stopped> {
        let proposed: Vec<Particle> = all.iter().map(|one| self.proposal(one)).collect();
        let (plan, specs) = self.specs(&proposed);
        let seen = look(&plan, &specs, self.observations, self.context)?;
        let logs: Vec<f64> = seen.iter().map(|values| log_likelihood(self.observations, values)).collect();
        drop(plan);
        let mut accepted = 0.0;
        for ((one, mut moved), log) in all.iter_mut().zip(proposed).zip(logs) {
            let u: f64 = self.random.random();
            if libm::log(u) < power * (log - one.log) {
                moved.log = log;
                *one = moved;
                accepted += 1.0;
            }
        }
        Ok(accepted)
    }

    /// Parameters part of the way to a random point, such that a random point stays one (Cotter, Roberts, Stuart & White
    /// 2013, "MCMC methods for functions"); chance anew from a random day on, or not at all.
    fn proposal(&mut self, one: &Particle) -> Particle {
        let (reach, keep) = (self.reach, (1.0 - self.reach * self.reach).sqrt());
        let mut point = one.point.clone();
        for (u, prior) in point.iter_mut().zip(&self.loaded.source.priors) {
            let fresh: f64 = self.random.random();
            if !matches!(prior, Prior::Fixed(_)) {
                *u = distribution(keep * normal(*u) + reach * normal(fresh));
            }
        }
        let mut chance = one.chance.clone();
        let mut days: Vec<u32> = [0].into_iter().chain(self.observations.iter().map(|o| o.day)).collect();
        days.dedup();
        // The last day: chance stays what it was for all that was seen.
        let from = days[self.random.random_range(0..days.len())];
        if Some(&from) != days.last() || days.len() == 1 {
            chance.retain(|(day, _)| *day < from);
            chance.push((from, FRESH.start + self.next));
        }
        self.next += 1;
        Particle { point, chance, log: f64::NEG_INFINITY, moved: true, name: self.next, origin: one.origin }
    }
}

fn normal(u: f64) -> f64 {
    Normal::new(0.0, 1.0).map_or(0.0, |law| law.inverse_cdf(u.clamp(1e-9, 1.0 - 1e-9)))
}

fn distribution(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

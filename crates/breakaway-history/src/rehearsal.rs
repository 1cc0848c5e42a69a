//! A calibration rehearsed where the truth is known: simulation-based calibration (Talts,
//! Betancourt, Simpson, Vehtari & Gelman 2018, "Validating Bayesian inference algorithms with
//! simulation-based calibration").
//!
//! A truth is drawn from the prior, the cases are simulated with it, what happened there
//! becomes history, and the calibration looks for the truth. Over many truths, the rank of each
//! true parameter among the particles is uniform where the calibration claims as much as it
//! knows, and the particles are nearer to the truth than the prior was where there is anything
//! to know. It rehearses sequential Monte Carlo, from the prior; history matching is left out.

use crate::Error;
use crate::case::Case;
use crate::settings::Settings;
use crate::smc::Population;
use crate::space::{Point, Space};
use crate::summary::{EventDays, distance};
use breakaway_ensemble::numbers::TRUTHS;
use breakaway_ensemble::{Context, Rejected, Stopped};
use breakaway_model::params::table;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ChiSquared, ContinuousCDF};
use std::ops::RangeInclusive;

/// The numbers of truths that a rehearsal can have: from 20 on ranks show something, and each has
/// numbers of its own.
pub const TRUTHS_ALLOWED: RangeInclusive<u32> = 20..=1000;
/// Bins of ranks.
pub const BINS: usize = 10;
/// Parameters that are recovered best, by which ranks are judged.
pub const INFORMED: usize = 5;
/// Particles that ranks are taken among: fewer than there are, so that copies of one particle do not
/// count twice.
const THINNED: usize = 50;
/// Draws of the prior that are simulated at once.
const BATCH: usize = 1024;

/// What became of rehearsals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// Cases that it was made on.
    pub cases: Vec<String>,
    /// What the coordinates are.
    pub dimensions: Vec<Dimension>,
    /// Coordinates of the truths.
    pub truths: Vec<Point>,
    /// Rank of each truth's coordinates among thinned particles, 0 to their number.
    pub ranks: Vec<Vec<usize>>,
    /// Mean of the particles' coordinates, for each truth.
    pub means: Vec<Point>,
    /// Particles that ranks were taken among.
    pub among: usize,
}

/// A coordinate of the space of what is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimension {
    /// The case whose unknown quantity it is; none of a parameter of the model.
    pub case: Option<String>,
    /// Full name.
    pub key: String,
    /// Meaning.
    pub meaning: String,
}

/// Whether a rehearsal can have so many truths.
///
/// # Errors
/// Names the bounds.
pub fn check_truths(truths: u32) -> Result<(), Rejected> {
    if TRUTHS_ALLOWED.contains(&truths) {
        return Ok(());
    }
    let help = format!(
        "`truths` is between {} (fewer ranks show nothing) and {}",
        TRUTHS_ALLOWED.start(),
        TRUTHS_ALLOWED.end()
    );
    Err(Rejected::new(format!("`truths` is {truths}"), help))
}

/// Rehearses a calibration on cases with so many truths. Nothing is kept in files.
///
/// # Errors
/// Where settings or truths cannot serve, where every truth failed, or where the context was
/// cancelled.
pub fn rehearse(
    cases: &[Case],
    settings: Settings,
    truths: u32,
    context: &Context,
) -> Result<Rehearsal, Error> {
    settings.check()?;
    check_truths(truths)?;
    if cases.is_empty() {
        return Err(Error::rejected("there is no case to rehearse on", "name at least one case"));
    }
    let space = Space::new(cases.iter().collect(), settings.seed);
    let drawn = space.draws(0..settings.draws, context)?;
    let simulated = simulate_all(&space, &drawn, context)?;
    let among = THINNED.min(settings.particles as usize);
    let mut all = Rehearsal {
        cases: cases.iter().map(|case| case.id.clone()).collect(),
        dimensions: dimensions(cases),
        truths: vec![],
        ranks: vec![],
        means: vec![],
        among,
    };
    let task = context.task("truths", truths.into());
    for t in 0..truths {
        let truth = space.draw(TRUTHS.start + t);
        // Chance of its own for each truth.
        let seed = settings.seed ^ u64::from(t + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        if let Some(pretended) = pretend(&space, &truth, TRUTHS.start + t, context)? {
            let distances = distances(&pretended, &simulated, drawn.len(), context)?;
            let mut population = Population::new(drawn.clone(), distances, 0);
            let space = Space::new(pretended.iter().collect(), seed);
            let size = settings.particles as usize;
            while !population.done(&settings.smc) {
                population = population.next_round(&space, &settings.smc, size, seed, context)?;
            }
            all.add(truth, &population.points);
        }
        task.advance(1)?;
    }
    if all.truths.is_empty() {
        let what = "every truth failed: no case could be simulated with it";
        return Err(Error::rejected(what, "a run of the case says why"));
    }
    Ok(all)
}

/// What the coordinates of the space of some cases are.
fn dimensions(cases: &[Case]) -> Vec<Dimension> {
    let shared = table().map(|spec| Dimension { case: None, key: spec.key(), meaning: spec.doc.to_string() });
    let own = cases.iter().flat_map(|case| {
        case.scenario.unknowns.iter().map(|own| Dimension {
            case: Some(case.id.clone()),
            key: format!("unknown.{}", own.id),
            meaning: own.text.clone(),
        })
    });
    shared.chain(own).collect()
}

/// Simulates all cases at draws of the prior; by case.
fn simulate_all(
    space: &Space,
    drawn: &[Point],
    context: &Context,
) -> Result<Vec<Vec<Option<EventDays>>>, Stopped> {
    let numbered: Vec<(&Point, u32)> = drawn.iter().zip(0..).collect();
    let total = space.cases.len() * drawn.len();
    let task = context.task("parameter sets of the prior", total as u64);
    let of_case = |c: usize| {
        let mut all = vec![];
        for batch in numbered.chunks(BATCH) {
            all.extend(space.simulate(c, batch, context)?);
            task.advance(batch.len() as u64)?;
        }
        Ok(all)
    };
    (0..space.cases.len()).map(of_case).collect()
}

/// The cases, in which that happened which a simulation with the truth had; none where one fails.
fn pretend(
    space: &Space,
    truth: &Point,
    number: u32,
    context: &Context,
) -> Result<Option<Vec<Case>>, Stopped> {
    let mut all = vec![];
    for (c, case) in space.cases.iter().enumerate() {
        let Some(days) = space.simulate(c, &[(truth, number)], context)?.remove(0) else { return Ok(None) };
        let mut pretended = (*case).clone();
        pretended.groups.iter_mut().zip(days).for_each(|(group, days)| group.days = days);
        all.push(pretended);
    }
    Ok(Some(all))
}

/// How far each of so many draws is from what happened in the cases.
fn distances(
    cases: &[Case],
    simulated: &[Vec<Option<EventDays>>],
    draws: usize,
    context: &Context,
) -> Result<Vec<f64>, Stopped> {
    let far = |k: usize| {
        context.check()?;
        let each = cases.iter().zip(simulated).map(|(case, simulated)| {
            simulated[k].as_ref().map_or(f64::INFINITY, |days| distance(case, days))
        });
        Ok(each.sum::<f64>() / cases.len() as f64)
    };
    (0..draws).map(far).collect()
}

impl Rehearsal {
    /// Adds a truth, and the particles that were found when looking for it.
    fn add(&mut self, truth: Point, particles: &[Point]) {
        let thinned: Vec<&Point> =
            (0..self.among).map(|i| &particles[i * particles.len() / self.among]).collect();
        let rank = |d: usize| thinned.iter().filter(|point| point[d] < truth[d]).count();
        let mean = |d: usize| particles.iter().map(|point| point[d]).sum::<f64>() / particles.len() as f64;
        self.ranks.push((0..truth.len()).map(rank).collect());
        self.means.push((0..truth.len()).map(mean).collect());
        self.truths.push(truth);
    }

    /// Correlation of truths with the particles' means, by dimension.
    pub fn recovery(&self) -> Vec<f64> {
        let n = self.truths.len() as f64;
        let dimensions = self.truths.first().map_or(0, Vec::len);
        let correlation = |d: usize| {
            let mean = |rows: &[Point]| rows.iter().map(|row| row[d]).sum::<f64>() / n;
            let (a, b) = (mean(&self.truths), mean(&self.means));
            let pairs = || self.truths.iter().zip(&self.means).map(|(x, y)| (x[d] - a, y[d] - b));
            let product: f64 = pairs().map(|(x, y)| x * y).sum();
            let (x, y): (f64, f64) = (pairs().map(|(x, _)| x * x).sum(), pairs().map(|(_, y)| y * y).sum());
            if x * y > 0.0 { product / (x * y).sqrt() } else { 0.0 }
        };
        (0..dimensions).map(correlation).collect()
    }

    /// The dimensions that are recovered best.
    pub fn informed(&self) -> Vec<usize> {
        let recovery = self.recovery();
        let mut order: Vec<usize> = (0..recovery.len()).collect();
        order.sort_by(|&a, &b| recovery[b].total_cmp(&recovery[a]));
        order.truncate(INFORMED);
        order
    }

    /// How often ranks fall into each of the bins, over some dimensions.
    pub fn histogram(&self, dimensions: &[usize]) -> [usize; BINS] {
        let mut bins = [0; BINS];
        for ranks in &self.ranks {
            for &d in dimensions {
                bins[self.bin(ranks[d])] += 1;
            }
        }
        bins
    }

    fn bin(&self, rank: usize) -> usize {
        (rank * BINS / (self.among + 1)).min(BINS - 1)
    }

    /// The probability of ranks as uneven as these, or more, if they are uniform: of one dimension.
    pub fn evenness(&self, dimension: usize) -> f64 {
        let expected: Vec<f64> = (0..BINS)
            .map(|bin| {
                let share = (0..=self.among).filter(|&rank| self.bin(rank) == bin).count() as f64;
                share / (self.among + 1) as f64 * self.ranks.len() as f64
            })
            .collect();
        let seen = self.histogram(&[dimension]);
        let far: f64 = seen.iter().zip(&expected).map(|(n, e)| (*n as f64 - e).powi(2) / e).sum();
        ChiSquared::new(BINS as f64 - 1.0).map_or(f64::NAN, |law| law.sf(far))
    }

    /// The smallest [`Rehearsal::evenness`] of the dimensions that are recovered best.
    pub fn least_evenness(&self) -> f64 {
        self.informed().iter().map(|&d| self.evenness(d)).fold(1.0, f64::min)
    }

    /// Share of the truths inside the middle half of the particles, over all dimensions, and the share
    /// that would be if ranks are uniform: a rank is a whole number.
    pub fn inside_half(&self) -> (f64, f64) {
        let middle = self.among as f64 * 0.25..=self.among as f64 * 0.75;
        let inside = |rank: &usize| middle.contains(&(*rank as f64));
        let all = self.ranks.iter().flatten();
        let share = all.clone().filter(|rank| inside(rank)).count() as f64 / all.count().max(1) as f64;
        (share, (0..=self.among).filter(inside).count() as f64 / (self.among + 1) as f64)
    }
}

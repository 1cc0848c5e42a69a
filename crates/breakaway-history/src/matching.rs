//! History matching: draws of the prior that history rules out (Craig et al. 1997; Vernon,
//! Goldstein & Bower 2010, "Galaxy formation: a Bayesian uncertainty analysis").
//!
//! Each case is simulated a few times at each draw. A number of a case (how many had left, when, in
//! which order) is implausible at a draw by `|mean - observed| / sqrt(chance + discrepancy)`, where
//! chance is the variance of the mean and of a single simulation, and discrepancy what a good model may
//! still be wrong by. A draw is ruled out where the second largest of its implausibilities, over
//! all numbers of all cases, is above 3 (Pukelsheim 1994, "The three sigma rule").

use crate::Error;
use crate::case::Case;
use crate::space::{Point, Space};
use crate::summary::{EventDays, GroupSummary, distance, summarize};
use breakaway_ensemble::{Context, Rejected, Stopped};
use breakaway_model::entity::EntityKind;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// Implausibility above which a draw is ruled out.
pub const CUT_OFF: f64 = 3.0;
/// What a good model may still be wrong by, as a standard deviation: of shares and times (judgement).
const DISCREPANCY: f64 = 0.10;
/// The same of orders: no simulation follows history pair by pair (judgement).
const ORDER_DISCREPANCY: f64 = 0.15;

/// What is measured of a kind of event in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Share of the entities to which it happened.
    Share,
    /// When, on average, as a share of the case's days.
    When,
    /// Share of the pairs of entities that come in history's order.
    Order,
}

impl Measure {
    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Measure::Share => "share",
            Measure::When => "when",
            Measure::Order => "order",
        }
    }
}

/// Which number of which case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputName {
    /// Case.
    pub case: String,
    /// Kind of event, as files name it.
    pub event: String,
    /// To which polity or side; none of events of regions.
    pub of: Option<String>,
    /// What is measured.
    pub measure: Measure,
}

impl fmt::Display for OutputName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.case, self.event)?;
        if let Some(of) = &self.of {
            write!(f, " {of}")?;
        }
        write!(f, " {}", self.measure.name())
    }
}

/// A number of a case that history gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Position of the case.
    pub case: usize,
    /// Which number.
    pub name: OutputName,
    /// History's.
    pub observed: f64,
    /// What a good model may be wrong by, as a standard deviation.
    pub discrepancy: f64,
}

/// Draws of the prior, simulated in all cases.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PriorSimulations {
    /// Points.
    pub points: Vec<Point>,
    /// Distance of each point's first simulation from history, by case.
    pub distances: Vec<Vec<f64>>,
    /// Each output of each point's first simulation; not a number where it failed.
    pub firsts: Vec<Vec<f64>>,
    /// Implausibility of each point, by output.
    pub implausible: Vec<Vec<f64>>,
}

/// The implausibility of a number (fixture: mean 0.35, observed 0.5, deviations 0.03, 0.04 and 0.02
/// give 2.785430).
pub fn implausibility(mean: f64, observed: f64, variances: &[f64]) -> f64 {
    (mean - observed).abs() / variances.iter().sum::<f64>().sqrt()
}

/// The numbers that history gives of some cases.
pub fn outputs(cases: &[&Case]) -> Vec<Output> {
    let mut all = vec![];
    for (c, case) in cases.iter().enumerate() {
        for (g, group) in case.groups.iter().enumerate() {
            let GroupSummary { share, when, order } = summarize(case, g, &group.days);
            let mut add = |measure: Measure, observed: f64, discrepancy: f64| {
                let of = match group.kind.entity_kind() {
                    EntityKind::Region => None,
                    EntityKind::Polity | EntityKind::SectorSide => {
                        Some(case.name(group.kind, group.entities[0]))
                    }
                };
                let name = OutputName { case: case.id.clone(), event: group.kind.name().into(), of, measure };
                all.push(Output { case: c, name, observed, discrepancy });
            };
            // Of one entity, when says whether.
            if group.entities.len() > 1 {
                add(Measure::Share, share, DISCREPANCY);
            }
            add(Measure::When, when, DISCREPANCY);
            if order.is_some() {
                add(Measure::Order, 1.0 - ORDER_DISCREPANCY, ORDER_DISCREPANCY);
            }
        }
    }
    all
}

/// The same numbers of a simulation.
pub(crate) fn outputs_of(case: &Case, simulated: &EventDays) -> Vec<f64> {
    let mut all = vec![];
    for (g, days) in simulated.iter().enumerate() {
        let GroupSummary { share, when, order } = summarize(case, g, days);
        all.extend((days.len() > 1).then_some(share));
        all.push(when);
        all.extend(order);
    }
    all
}

impl PriorSimulations {
    /// Simulates all cases at some draws of the prior, by their numbers, each `replicates` times.
    ///
    /// # Errors
    /// [`Stopped`] where the context was cancelled.
    pub fn of_draws(
        space: &Space,
        numbers: Range<u32>,
        replicates: u32,
        context: &Context,
    ) -> Result<PriorSimulations, Stopped> {
        let first = numbers.start;
        let mut new = PriorSimulations { points: space.draws(numbers, context)?, ..Default::default() };
        for rows in [&mut new.distances, &mut new.firsts, &mut new.implausible] {
            *rows = vec![vec![]; new.points.len()];
        }
        let outputs = outputs(&space.cases);
        for (c, case) in space.cases.iter().enumerate() {
            let own: Vec<&Output> = outputs.iter().filter(|output| output.case == c).collect();
            let asked: Vec<(&Point, u32)> = new
                .points
                .iter()
                .enumerate()
                .flat_map(|(k, point)| {
                    (0..replicates).map(move |r| (point, (first + k as u32) * replicates + r))
                })
                .collect();
            let simulated = space.simulate(c, &asked, context)?;
            for (k, repeats) in simulated.chunks(replicates as usize).enumerate() {
                context.check()?;
                new.distances[k].push(repeats[0].as_ref().map_or(f64::INFINITY, |days| distance(case, days)));
                let first = repeats[0].as_ref().map(|days| outputs_of(case, days));
                let all: Vec<Vec<f64>> =
                    repeats.iter().flatten().map(|days| outputs_of(case, days)).collect();
                for (i, output) in own.iter().enumerate() {
                    let values: Vec<f64> = all.iter().map(|values| values[i]).collect();
                    let n = values.len() as f64;
                    let mean = values.iter().sum::<f64>() / n;
                    let chance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
                    let variances = [chance * (1.0 + 1.0 / n), output.discrepancy.powi(2)];
                    new.firsts[k].push(first.as_ref().map_or(f64::NAN, |values| values[i]));
                    new.implausible[k].push(implausibility(mean, output.observed, &variances));
                }
            }
        }
        Ok(new)
    }

    /// Adds the draws that follow.
    pub fn append(&mut self, next: PriorSimulations) {
        self.points.extend(next.points);
        self.distances.extend(next.distances);
        self.firsts.extend(next.firsts);
        self.implausible.extend(next.implausible);
    }

    /// All but so many of the first draws.
    pub fn skip(mut self, draws: usize) -> PriorSimulations {
        let draws = draws.min(self.points.len());
        self.points.drain(..draws);
        for rows in [&mut self.distances, &mut self.firsts, &mut self.implausible] {
            rows.drain(..draws);
        }
        self
    }

    /// The same draws of the space of some of the cases.
    pub fn of_cases(&self, space: &Space, cases: &[usize]) -> PriorSimulations {
        let outputs = outputs(&space.cases);
        let chosen: Vec<usize> = cases
            .iter()
            .flat_map(|&c| {
                outputs.iter().enumerate().filter(move |(_, output)| output.case == c).map(|(i, _)| i)
            })
            .collect();
        let point = |point: &Point| -> Point {
            let own = cases.iter().flat_map(|&c| &point[space.own(c)]);
            point[..space.shared].iter().chain(own).copied().collect()
        };
        let of = |rows: &[Vec<f64>], columns: &[usize]| -> Vec<Vec<f64>> {
            rows.iter().map(|row| columns.iter().map(|&k| row[k]).collect()).collect()
        };
        PriorSimulations {
            points: self.points.iter().map(point).collect(),
            distances: of(&self.distances, cases),
            firsts: of(&self.firsts, &chosen),
            implausible: of(&self.implausible, &chosen),
        }
    }

    /// The draws that some cases do not rule out.
    pub fn plausible(&self, outputs: &[Output], cases: &[usize]) -> Vec<usize> {
        let second = |row: &[f64]| {
            let chosen = row.iter().zip(outputs).filter(|(_, output)| cases.contains(&output.case));
            let mut all: Vec<f64> =
                chosen.map(|(x, _)| if x.is_nan() { f64::INFINITY } else { *x }).collect();
            all.sort_by(|a, b| b.total_cmp(a));
            all.get(1).or(all.first()).copied().unwrap_or(0.0)
        };
        (0..self.points.len()).filter(|&k| second(&self.implausible[k]) <= CUT_OFF).collect()
    }

    /// The outputs of some cases that no draw comes near: no parameter can produce them.
    pub fn out_of_reach<'a>(&self, outputs: &'a [Output], cases: &[usize]) -> Vec<(&'a Output, f64)> {
        let least = |i: usize| self.implausible.iter().map(|row| row[i]).fold(f64::INFINITY, f64::min);
        let chosen = outputs.iter().enumerate().filter(|(_, output)| cases.contains(&output.case));
        chosen.map(|(i, output)| (output, least(i))).filter(|(_, least)| *least > CUT_OFF).collect()
    }

    /// The mean distance of a draw's first simulations of some cases.
    pub fn distance(&self, draw: usize, cases: &[usize]) -> f64 {
        cases.iter().map(|&c| self.distances[draw][c]).sum::<f64>() / cases.len() as f64
    }
}

/// Whether parameters can produce what was observed.
///
/// # Errors
/// [`Error::RuledOut`] names the observations that no draw comes near.
pub fn check(simulated: &PriorSimulations, outputs: &[Output], cases: &[usize]) -> Result<(), Error> {
    let beyond = simulated.out_of_reach(outputs, cases);
    if beyond.is_empty() {
        return Ok(());
    }
    let one = |(output, least): &(&Output, f64)| {
        format!("{} (observed {:.2}; implausibility at least {least:.1})", output.name, output.observed)
    };
    let all: Vec<String> = beyond.iter().map(one).collect();
    Err(Error::RuledOut(Rejected::new(
        format!("no parameter set of the prior comes near what happened: {}", all.join("; ")),
        "check the outcome; widen the priors or the unknown quantities of the case; or leave the case out",
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn implausibility_is_that_of_the_fixture() {
        let found = implausibility(0.35, 0.5, &[0.03_f64.powi(2), 0.04_f64.powi(2), 0.02_f64.powi(2)]);
        assert!((found - 2.785_430).abs() < 1e-6, "{found}");
    }
}

//! History matching: draws of the prior that history rules out (Craig et al. 1997; Vernon,
//! Goldstein & Bower 2010, "Galaxy formation: a Bayesian uncertainty analysis").
//!
//! Each draw lives through each case a few times. A number of a case (how many had left, when, in
//! which order) is implausible at a draw by `|mean - observed| / sqrt(luck + discrepancy)`, where
//! luck is the variance of the mean and of a single course, and discrepancy what a good model may
//! still be wrong by. A draw is ruled out where the second largest of its implausibilities, over
//! all numbers of all cases, is above 3 (Pukelsheim 1994, "The three sigma rule").

use crate::Error;
use crate::case::Case;
use crate::space::{Point, Space};
use crate::summary::{Numbers, Seen, distance, numbers};
use breakaway_model::event::Scope;
use serde::{Deserialize, Serialize};

/// Implausibility above which a draw is ruled out.
pub const CUT_OFF: f64 = 3.0;
/// What a good model may still be wrong by, as a standard deviation: of shares and times (judgement).
const DISCREPANCY: f64 = 0.10;
/// The same of orders: no course follows history pair by pair (judgement).
const ORDER_DISCREPANCY: f64 = 0.15;

/// A number of a case that history tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// Case.
    pub case: usize,
    /// Which, in words.
    pub name: String,
    /// What history says.
    pub observed: f64,
    /// What a good model may be wrong by, as a standard deviation.
    pub discrepancy: f64,
}

/// Draws of the prior, lived through.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bank {
    /// Points.
    pub points: Vec<Point>,
    /// Distance of each point's first course from history, by case.
    pub distances: Vec<Vec<f64>>,
    /// Each output of each point's first course; not a number where it failed.
    pub firsts: Vec<Vec<f64>>,
    /// Implausibility of each point, by output.
    pub implausible: Vec<Vec<f64>>,
}

/// The implausibility of a number (fixture: mean 0.35, observed 0.5, deviations 0.03, 0.04 and 0.02
/// give 2.785430).
pub fn implausibility(mean: f64, observed: f64, variances: &[f64]) -> f64 {
    (mean - observed).abs() / variances.iter().sum::<f64>().sqrt()
}

/// What history tells of some cases.
pub fn outputs(cases: &[&Case]) -> Vec<Output> {
    let mut all = vec![];
    for (c, case) in cases.iter().enumerate() {
        for (g, group) in case.groups.iter().enumerate() {
            let Numbers { share, when, order } = numbers(case, g, &group.days);
            let mut add = |what: &str, observed: f64, discrepancy: f64| {
                let who = match group.kind.scope() {
                    Scope::Region => String::new(),
                    _ => format!(" {}", case.name(group.kind, group.entities[0])),
                };
                let name = format!("{}: {}{who} {what}", case.id, group.kind.name());
                all.push(Output { case: c, name, observed, discrepancy });
            };
            // Of one entity, when says whether.
            if group.entities.len() > 1 {
                add("share", share, DISCREPANCY);
            }
            add("when", when, DISCREPANCY);
            if order.is_some() {
                add("order", 1.0 - ORDER_DISCREPANCY, ORDER_DISCREPANCY);
            }
        }
    }
    all
}

/// The same numbers of a course.
pub(crate) fn lived_of(case: &Case, seen: &Seen) -> Vec<f64> {
    let mut all = vec![];
    for (g, days) in seen.iter().enumerate() {
        let Numbers { share, when, order } = numbers(case, g, days);
        all.extend((days.len() > 1).then_some(share));
        all.push(when);
        all.extend(order);
    }
    all
}

impl Bank {
    /// Lives through all cases at further draws of the prior, each `replicates` times.
    pub fn extend(&mut self, space: &Space, draws: u32, replicates: u32) {
        let first = self.points.len() as u32;
        let points: Vec<Point> = (first..first + draws).map(|k| space.draw(k)).collect();
        let mut distances = vec![vec![]; points.len()];
        let mut firsts = vec![vec![]; points.len()];
        let mut implausible = vec![vec![]; points.len()];
        let told = outputs(&space.cases);
        for (c, case) in space.cases.iter().enumerate() {
            let told: Vec<&Output> = told.iter().filter(|output| output.case == c).collect();
            let asked: Vec<(&Point, u32)> = points
                .iter()
                .enumerate()
                .flat_map(|(k, point)| {
                    (0..replicates).map(move |r| (point, (first + k as u32) * replicates + r))
                })
                .collect();
            for (k, courses) in space.live(c, &asked).chunks(replicates as usize).enumerate() {
                distances[k].push(courses[0].as_ref().map_or(f64::INFINITY, |seen| distance(case, seen)));
                let first = courses[0].as_ref().map(|seen| lived_of(case, seen));
                let lived: Vec<Vec<f64>> =
                    courses.iter().flatten().map(|seen| lived_of(case, seen)).collect();
                for (i, output) in told.iter().enumerate() {
                    let values: Vec<f64> = lived.iter().map(|values| values[i]).collect();
                    let n = values.len() as f64;
                    let mean = values.iter().sum::<f64>() / n;
                    let luck = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
                    let variances = [luck * (1.0 + 1.0 / n), output.discrepancy.powi(2)];
                    firsts[k].push(first.as_ref().map_or(f64::NAN, |values| values[i]));
                    implausible[k].push(implausibility(mean, output.observed, &variances));
                }
            }
        }
        self.points.extend(points);
        self.distances.extend(distances);
        self.firsts.extend(firsts);
        self.implausible.extend(implausible);
    }

    /// The same draws of the space of some of the cases.
    pub fn of_cases(&self, space: &Space, cases: &[usize]) -> Bank {
        let told = outputs(&space.cases);
        let chosen: Vec<usize> = cases
            .iter()
            .flat_map(|&c| {
                told.iter().enumerate().filter(move |(_, output)| output.case == c).map(|(i, _)| i)
            })
            .collect();
        let point = |point: &Point| -> Point {
            let own = cases.iter().flat_map(|&c| &point[space.own(c)]);
            point[..space.shared].iter().chain(own).copied().collect()
        };
        let of = |rows: &[Vec<f64>], columns: &[usize]| -> Vec<Vec<f64>> {
            rows.iter().map(|row| columns.iter().map(|&k| row[k]).collect()).collect()
        };
        Bank {
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

    /// The mean distance of a draw's first courses of some cases.
    pub fn distance(&self, draw: usize, cases: &[usize]) -> f64 {
        cases.iter().map(|&c| self.distances[draw][c]).sum::<f64>() / cases.len() as f64
    }
}

/// Refuses observations that no parameter can produce.
pub fn check(bank: &Bank, outputs: &[Output], cases: &[usize]) -> Result<(), Error> {
    let beyond = bank.out_of_reach(outputs, cases);
    if beyond.is_empty() {
        return Ok(());
    }
    let one = |(output, least): &(&Output, f64)| {
        format!("{} (observed {:.2}; implausibility at least {least:.1})", output.name, output.observed)
    };
    Err(Error::RuledOut(
        format!("no draw of the prior comes near: {}", beyond.iter().map(one).collect::<Vec<_>>().join("; ")),
        "check the outcome; widen the priors or the unknown quantities of the case; or leave the case out"
            .into(),
    ))
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

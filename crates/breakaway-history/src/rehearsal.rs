//! A calibration rehearsed where the truth is known: simulation-based calibration (Talts,
//! Betancourt, Simpson, Vehtari & Gelman 2018, "Validating Bayesian inference algorithms with
//! simulation-based calibration").
//!
//! A truth is drawn from the prior, the cases are lived through with it, what happened there
//! becomes history, and the calibration looks for the truth. Over many truths, the rank of each
//! true parameter among the particles is uniform where the calibration claims as much as it
//! knows, and the particles lie nearer to the truth than the prior did where there is anything
//! to know. It rehearses sequential Monte Carlo, from the prior; history matching is left out.

use crate::Error;
use crate::calibrate::{Progress, Settings};
use crate::case::Case;
use crate::smc::Population;
use crate::space::{Point, Space};
use crate::summary::{Seen, distance};
use breakaway_analysis::Finding;
use breakaway_analysis::finding::{Cell, Table, number};
use breakaway_model::params::{Spec, table};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Numbers of truths, and of their luck.
const TRUTH: u32 = 1 << 28;
/// Bins of ranks.
const BINS: usize = 10;
/// Parameters that history tells most of, by which ranks are judged.
const INFORMED: usize = 5;
/// Particles that ranks are taken among: fewer than there are, so that copies of one particle do not
/// count twice.
const THINNED: usize = 50;

/// What became of rehearsals.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// Coordinates of the truths.
    pub truths: Vec<Point>,
    /// Rank of each truth's coordinates among thinned particles, 0 to their number.
    pub ranks: Vec<Vec<usize>>,
    /// Mean of the particles' coordinates, for each truth.
    pub means: Vec<Point>,
    /// Particles that ranks were taken among.
    pub among: usize,
}

/// Rehearses a calibration on cases with so many truths.
pub fn rehearse(
    cases: &[Case],
    settings: Settings,
    truths: u32,
    progress: &Progress,
) -> Result<Rehearsal, Error> {
    let space = Space::new(cases.iter().collect(), settings.seed);
    let drawn: Vec<Point> = (0..settings.draws).map(|k| space.draw(k)).collect();
    let numbered: Vec<(&Point, u32)> = drawn.iter().zip(0..).collect();
    let lived: Vec<Vec<Option<Seen>>> = (0..cases.len()).map(|c| space.live(c, &numbered)).collect();
    let among = THINNED.min(settings.particles as usize);
    let mut all = Rehearsal { truths: vec![], ranks: vec![], means: vec![], among };
    for t in 0..truths {
        if !progress("truths", t, truths) {
            return Err(Error::Stopped);
        }
        let truth = space.draw(TRUTH + t);
        let told: Option<Vec<Case>> = (0..cases.len())
            .map(|c| Some(told(&cases[c], space.live(c, &[(&truth, TRUTH + t)]).remove(0)?)))
            .collect();
        let Some(told) = told else { continue };
        // Luck of its own for each truth.
        let seed = settings.seed ^ u64::from(t + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let pretended = Space::new(told.iter().collect(), seed);
        let far = |k: usize| -> f64 {
            let each = told
                .iter()
                .zip(&lived)
                .map(|(case, lived)| lived[k].as_ref().map_or(f64::INFINITY, |seen| distance(case, seen)));
            each.sum::<f64>() / told.len() as f64
        };
        let distances = (0..drawn.len()).map(far).collect();
        let mut population = Population::new(drawn.clone(), distances, 0);
        while !population.done(&settings.course) {
            population.round(&pretended, &settings.course, settings.particles as usize, seed);
        }
        let thinned: Vec<&Point> =
            (0..among).map(|i| &population.points[i * population.points.len() / among]).collect();
        let rank = |d: usize| thinned.iter().filter(|point| point[d] < truth[d]).count();
        let mean = |d: usize| {
            population.points.iter().map(|point| point[d]).sum::<f64>() / population.points.len() as f64
        };
        all.ranks.push((0..truth.len()).map(rank).collect());
        all.means.push((0..truth.len()).map(mean).collect());
        all.truths.push(truth);
    }
    if all.truths.is_empty() {
        let what = "every truth failed: no case could be lived through with it";
        return Err(Error::Refused(what.into(), "`breakaway run` on the case says why".into()));
    }
    Ok(all)
}

/// A case in which that happened which a member lived.
fn told(case: &Case, seen: Seen) -> Case {
    let mut told = case.clone();
    told.groups.iter_mut().zip(seen).for_each(|(group, days)| group.days = days);
    told
}

impl Rehearsal {
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
                bins[(ranks[d] * BINS / (self.among + 1)).min(BINS - 1)] += 1;
            }
        }
        bins
    }

    /// The probability of ranks as uneven as these, or more, if they are uniform: of one dimension.
    pub fn evenness(&self, dimension: usize) -> f64 {
        let expected: Vec<f64> = (0..BINS)
            .map(|bin| {
                let of = |rank: usize| (rank * BINS / (self.among + 1)).min(BINS - 1) == bin;
                let share = (0..=self.among).filter(|&rank| of(rank)).count() as f64;
                share / (self.among + 1) as f64 * self.ranks.len() as f64
            })
            .collect();
        let seen = self.histogram(&[dimension]);
        let far: f64 = seen.iter().zip(&expected).map(|(n, e)| (*n as f64 - e).powi(2) / e).sum();
        ChiSquared::new(BINS as f64 - 1.0).map_or(f64::NAN, |law| law.sf(far))
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

    /// Sentences and tables.
    pub fn finding(&self, cases: &[Case]) -> Finding {
        let names: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
        let mut out = Finding::new("rehearsal", format!("Calibration rehearsed on {}", names.join(", ")));
        let own: Vec<(String, String)> = table()
            .map(|spec: &Spec| (spec.key(), spec.doc.to_string()))
            .chain(cases.iter().flat_map(|case| {
                let unknowns = case.scenario.unknowns.iter();
                unknowns.map(|own| (format!("{}: unknown.{}", case.id, own.id), own.text.clone()))
            }))
            .collect();
        let recovery = self.recovery();
        let informed = self.informed();
        let columns = ["parameter", "correlation", "evenness of ranks", "meaning"];
        let caption = "Parameters recovered best: correlation of truth and mean of the particles, and the probability of \
                       ranks as uneven as seen if they are uniform";
        let mut best = Table::new("recovered", caption, &columns);
        for &d in &informed {
            best.row([
                Cell::text(&own[d].0),
                Cell::Number(recovery[d]),
                Cell::Number(self.evenness(d)),
                Cell::text(&own[d].1),
            ]);
        }
        let all: Vec<usize> = (0..recovery.len()).collect();
        let mut ranks = Table::new(
            "ranks",
            "How often the truth's rank falls into each tenth of the particles: of all dimensions, and of those recovered best",
            &["tenth", "all", "recovered best"],
        );
        let (of_all, of_best) = (self.histogram(&all), self.histogram(&informed));
        let sum = |bins: &[usize; BINS]| bins.iter().sum::<usize>().max(1) as f64;
        for bin in 0..BINS {
            ranks.row([
                Cell::Count(bin as i64 + 1),
                Cell::Share(of_all[bin] as f64 / sum(&of_all)),
                Cell::Share(of_best[bin] as f64 / sum(&of_best)),
            ]);
        }
        let (inside, uniform) = self.inside_half();
        let least = informed.iter().map(|&d| self.evenness(d)).fold(1.0, f64::min);
        out.say(format!(
            "{} truths, looked for by sequential Monte Carlo from the prior; history matching, which only chooses where it sets out, is not \
             rehearsed. Of all dimensions {} of the truths lie inside the middle half of the particles ({} if ranks are \
             uniform). Ranks of the {} parameters recovered best are {} (least probability {}; {} is the bound for one in \
             twenty of them).",
            self.truths.len(),
            Cell::Share(inside).said(),
            Cell::Share(uniform).said(),
            informed.len(),
            if least > 0.05 / INFORMED as f64 { "even" } else { "uneven" },
            number(least),
            number(0.05 / INFORMED as f64),
        ));
        let first = informed.first().map_or(0, |d| *d);
        out.say(format!(
            "Recovered best of {}: {} (correlation of truth and estimate {}).",
            recovery.len(),
            own[first].0,
            number(recovery[first])
        ));
        out.tables.extend([best, ranks]);
        out
    }
}

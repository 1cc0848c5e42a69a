//! What a calibration came to, and how far it can be trusted.

use crate::calibrate::Calibration;
use crate::matching::{CUT_OFF, lived_of};
use crate::normal::cdf;
use crate::space::{Point, Space};
use breakaway_analysis::Finding;
use breakaway_analysis::finding::{Cell, Table, number};
use breakaway_analysis::resample::quantile;
use breakaway_model::params::{Spec, table};

/// Parameters shown: those that history moved most.
const SHOWN: usize = 25;
/// Luck of posterior predictive courses, beyond that of any round.
const PREDICTIVE: u32 = 1 << 30;

/// Sentences and tables.
pub fn diagnose(calibration: &Calibration, space: &Space) -> Finding {
    let names: Vec<&str> = space.cases.iter().map(|case| case.id.as_str()).collect();
    let mut finding = Finding::new("calibration", format!("Calibrated on {}", names.join(", ")));
    let (bank, population) = (&calibration.bank, &calibration.population);
    finding.say(format!(
        "History matching: {} of {} draws of the prior are not ruled out (second largest implausibility at most {}).",
        calibration.plausible.len(),
        bank.points.len(),
        number(CUT_OFF)
    ));
    let (first, last) = (population.rounds.first(), population.rounds.last());
    if let (Some(first), Some(last)) = (first, last) {
        finding.say(format!(
            "Sequential Monte Carlo: after {} rounds the mean distance from history is at most {} (first round: {}; the \
             prior's median: {}); {} of {} particles are distinct, {} of the steps are taken; {} simulations of all cases.",
            population.rounds.len(),
            number(last.tolerance),
            number(first.tolerance),
            number(prior_median(calibration, space)),
            distinct(&population.points),
            population.points.len(),
            Cell::Share(last.accepted).said(),
            last.simulated,
        ));
    }
    finding.tables.push(rounds(calibration));
    finding.tables.push(predictive(calibration, space));
    let moved = parameters(&population.points, space);
    finding.say(format!(
        "History moved {} of {} parameters by more than luck would in one of twenty such calibrations; the common \
         parts of the particles stray as {} independent ones would.",
        moved.1,
        space.shared,
        effective(&population.points).round()
    ));
    finding.tables.push(moved.0);
    finding
}

fn prior_median(calibration: &Calibration, space: &Space) -> f64 {
    let all: Vec<usize> = (0..space.cases.len()).collect();
    let draws = 0..calibration.bank.points.len();
    quantile(draws.map(|draw| calibration.bank.distance(draw, &all)).collect(), 0.5)
}

/// Different particles.
pub(crate) fn distinct(points: &[Point]) -> usize {
    let mut firsts: Vec<u64> = points.iter().map(|point| point[0].to_bits()).collect();
    firsts.sort_unstable();
    firsts.dedup();
    firsts.len()
}

/// How many independent particles would stray as far in their means as these do, by the median
/// coordinate: siblings are near copies.
pub(crate) fn effective(points: &[Point]) -> f64 {
    let n = points.len() as f64;
    let mean = |d: usize| points.iter().map(|point| point[d]).sum::<f64>() / n;
    let squares = (0..points[0].len()).map(|d| mean(d).powi(2)).collect();
    // The median of a squared standard normal number is 0.455.
    (0.455 / quantile(squares, 0.5)).clamp(1.0, n)
}

fn rounds(calibration: &Calibration) -> Table {
    let columns =
        ["round", "tolerance", "survivors", "steps taken", "particles moved", "step", "simulations"];
    let mut out = Table::new("rounds", "The rounds of sequential Monte Carlo", &columns);
    for (k, round) in calibration.population.rounds.iter().enumerate() {
        out.row([
            Cell::Count(k as i64 + 1),
            Cell::Number(round.tolerance),
            Cell::Count(round.survivors.into()),
            Cell::Share(round.accepted),
            Cell::Share(round.moved),
            Cell::Number(round.step),
            Cell::Count(round.simulated.into()),
        ]);
    }
    out
}

/// What the cases look like before and after, beside what happened.
fn predictive(calibration: &Calibration, space: &Space) -> Table {
    let caption = "What history tells, and what courses of the prior and of the posterior tell: middle and 5-95 %; \
                   p is the posterior share of courses below history, a tie counting half";
    let columns =
        ["number", "history", "prior", "prior 5-95 %", "posterior", "posterior 5-95 %", "p", "ruled out"];
    let mut out = Table::new("predictive", caption, &columns);
    let mut after: Vec<Vec<f64>> = vec![];
    for (c, case) in space.cases.iter().enumerate() {
        let points = calibration.population.points.iter().enumerate();
        let asked: Vec<(&Point, u32)> = points.map(|(k, point)| (point, PREDICTIVE + k as u32)).collect();
        let courses: Vec<Vec<f64>> =
            space.live(c, &asked).iter().flatten().map(|seen| lived_of(case, seen)).collect();
        let numbers = courses.first().map_or(0, Vec::len);
        after.extend((0..numbers).map(|i| courses.iter().map(|course| course[i]).collect()));
    }
    for (i, output) in calibration.outputs.iter().enumerate() {
        let before: Vec<f64> =
            calibration.bank.firsts.iter().map(|first| first[i]).filter(|x| x.is_finite()).collect();
        let none = vec![];
        let after = after.get(i).unwrap_or(&none);
        let share = |of: &dyn Fn(f64) -> f64| after.iter().map(|x| of(*x)).sum::<f64>() / after.len() as f64;
        let order = output.name.ends_with(" order");
        let target = if order { 1.0 } else { output.observed };
        let below = share(&|x| {
            if x < target {
                1.0
            } else if x == target {
                0.5
            } else {
                0.0
            }
        });
        let kept = calibration.bank.implausible.iter().filter(|row| row[i] <= CUT_OFF).count() as f64;
        let of = |values: &[f64], p: f64| quantile(values.to_vec(), p);
        out.row([
            Cell::text(&output.name),
            Cell::Number(target),
            Cell::Number(of(&before, 0.5)),
            Cell::text(format!("{} to {}", number(of(&before, 0.05)), number(of(&before, 0.95)))),
            Cell::Number(of(after, 0.5)),
            Cell::text(format!("{} to {}", number(of(after, 0.05)), number(of(after, 0.95)))),
            // No course follows history pair by pair.
            if order { Cell::Nothing } else { Cell::Number(below) },
            Cell::Share(1.0 - kept / calibration.bank.points.len() as f64),
        ]);
    }
    out
}

/// The parameters that history moved most, and how many it moved beyond luck.
fn parameters(points: &[Point], space: &Space) -> (Table, usize) {
    let caption = "The parameters that history moved most: quantiles of prior and of the posterior for another case; \
                   distance is the largest between the distribution functions of prior and posterior of the part that \
                   all cases share (Kolmogorov-Smirnov)";
    let columns =
        ["parameter", "prior 5-95 %", "posterior 5-95 %", "prior", "posterior", "distance", "meaning"];
    let mut out = Table::new("parameters", caption, &columns);
    let another: Vec<Point> = (0..).zip(points).map(|(k, point)| space.of_another(point, k)).collect();
    let sorted = |points: &[Point], k: usize| -> Vec<f64> {
        let mut u: Vec<f64> = points.iter().map(|point| cdf(point[k])).collect();
        u.sort_by(f64::total_cmp);
        u
    };
    let mut all: Vec<(f64, &Spec, Vec<f64>)> = table()
        .enumerate()
        .take(space.shared)
        .map(|(k, spec)| (from_uniform(&sorted(points, k)), spec, sorted(&another, k)))
        .collect();
    // At one of twenty shared by all parameters (Bonferroni).
    let n = effective(points);
    let limit = (-0.5 * (0.025 / space.shared as f64).ln() / n).sqrt();
    let moved = all.iter().filter(|(distance, ..)| *distance > limit).count();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (distance, spec, u) in all.into_iter().take(SHOWN) {
        let at = |p: f64| spec.prior.quantile(p);
        let after = |p: f64| at(quantile(u.clone(), p));
        out.row([
            Cell::text(spec.key()),
            Cell::text(format!("{} to {}", number(at(0.05)), number(at(0.95)))),
            Cell::text(format!("{} to {}", number(after(0.05)), number(after(0.95)))),
            Cell::Number(at(0.5)),
            Cell::Number(after(0.5)),
            Cell::Number(distance),
            Cell::text(&*spec.doc),
        ]);
    }
    (out, moved)
}

/// The largest distance of the distribution of sorted values in (0, 1) from the uniform one.
fn from_uniform(sorted: &[f64]) -> f64 {
    let n = sorted.len() as f64;
    let each = sorted.iter().enumerate().map(|(i, &u)| (u - i as f64 / n).max((i as f64 + 1.0) / n - u));
    each.fold(0.0, f64::max)
}

//! What a calibration came to, and how far it can be trusted.

use crate::calibrate::Calibration;
use crate::checkpoint::CaseRecord;
use crate::matching::{CUT_OFF, Measure, OutputName, outputs_of};
use crate::normal::cdf;
use crate::settings::Settings;
use crate::smc::Round;
use crate::space::{Point, Space};
use breakaway_analysis::methods::bootstrap::quantile;
use breakaway_ensemble::numbers::PREDICTIONS;
use breakaway_ensemble::{Context, Stopped};
use breakaway_model::params::{Spec, table};
use serde::{Deserialize, Serialize};

/// Parameters of which details are reported: those that history moved most.
const MOST_MOVED: usize = 25;

/// What a calibration came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationReport {
    /// Version of the program.
    pub version: String,
    /// Cases that it was made on.
    pub cases: Vec<CaseRecord>,
    /// Settings.
    pub settings: Settings,
    /// Parameter sets of the prior that history matching judged.
    pub judged: usize,
    /// Those of them that history does not rule out.
    pub plausible: usize,
    /// Second largest implausibility above which one is ruled out.
    pub cut_off: f64,
    /// Median distance of the prior's parameter sets from history; none where most simulations failed.
    pub prior_distance: Option<f64>,
    /// The rounds of sequential Monte Carlo.
    pub rounds: Vec<Round>,
    /// Particles.
    pub particles: usize,
    /// Particles that differ from each other.
    pub distinct: usize,
    /// The number of independent particles whose means would vary as much as those of the part that
    /// all cases share.
    pub effective: f64,
    /// Numbers of the cases before and after, beside what happened.
    pub predictive: Vec<PredictiveRow>,
    /// Parameters of the model.
    pub parameters: usize,
    /// Those of them that history moved by more than chance would in one of twenty such calibrations.
    pub moved: usize,
    /// The parameters that history moved most.
    pub most_moved: Vec<MovedParameter>,
}

/// Median, and the ends of the middle 90 %.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Median.
    pub median: f64,
    /// 5 % quantile.
    pub low: f64,
    /// 95 % quantile.
    pub high: f64,
}

impl Spread {
    /// That of a function of probabilities.
    fn of(quantile: impl Fn(f64) -> f64) -> Spread {
        Spread { median: quantile(0.5), low: quantile(0.05), high: quantile(0.95) }
    }

    /// That of some values; none of nothing.
    fn of_values(values: &[f64]) -> Option<Spread> {
        (!values.is_empty()).then(|| Spread::of(|p| quantile(values.to_vec(), p)))
    }
}

/// A number of a case: what happened, and what the prior and the posterior predict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictiveRow {
    /// Which number.
    pub name: OutputName,
    /// What happened; of an order, 1.
    pub history: f64,
    /// Simulations of the prior; none where all failed.
    pub prior: Option<Spread>,
    /// Simulations of the posterior; none where all failed.
    pub posterior: Option<Spread>,
    /// Share of the posterior's simulations below history, a tie counting half; none of an order, which
    /// no simulation follows pair by pair.
    pub below: Option<f64>,
    /// Share of the prior's parameter sets that this number alone makes implausible.
    pub ruled_out: f64,
}

/// A parameter before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MovedParameter {
    /// Full name.
    pub key: String,
    /// Meaning.
    pub meaning: String,
    /// Prior.
    pub prior: Spread,
    /// Posterior for another case.
    pub posterior: Spread,
    /// The largest distance between the distribution functions of prior and posterior of the part that
    /// all cases share (Kolmogorov-Smirnov).
    pub distance: f64,
}

impl Calibration {
    /// What it came to.
    ///
    /// # Errors
    /// [`Stopped`] where the context was cancelled.
    pub fn diagnose(&self, space: &Space, context: &Context) -> Result<CalibrationReport, Stopped> {
        let points = &self.population.points;
        let predictive = self.predictive(space, context)?;
        let (moved, most_moved) = self.moved(space, context)?;
        Ok(CalibrationReport {
            version: env!("CARGO_PKG_VERSION").into(),
            cases: CaseRecord::all(space),
            settings: self.settings,
            judged: self.prior.points.len(),
            plausible: self.plausible.len(),
            cut_off: CUT_OFF,
            prior_distance: Some(self.prior_distance(space)).filter(|distance| distance.is_finite()),
            rounds: self.population.rounds.clone(),
            particles: points.len(),
            distinct: distinct(points),
            effective: effective(points),
            predictive,
            parameters: space.shared,
            moved,
            most_moved,
        })
    }

    fn prior_distance(&self, space: &Space) -> f64 {
        let all: Vec<usize> = (0..space.cases.len()).collect();
        let draws = 0..self.prior.points.len();
        quantile(draws.map(|draw| self.prior.distance(draw, &all)).collect(), 0.5)
    }

    /// What the cases look like before and after, beside what happened.
    fn predictive(&self, space: &Space, context: &Context) -> Result<Vec<PredictiveRow>, Stopped> {
        let task = context.task("predictions of the posterior", space.cases.len() as u64);
        let mut after: Vec<Vec<f64>> = vec![];
        for (c, case) in space.cases.iter().enumerate() {
            let points = self.population.points.iter().enumerate();
            let asked: Vec<(&Point, u32)> =
                points.map(|(k, point)| (point, PREDICTIONS.start + k as u32)).collect();
            let simulated = space.simulate(c, &asked, context)?;
            let all: Vec<Vec<f64>> = simulated.iter().flatten().map(|days| outputs_of(case, days)).collect();
            let own = self.outputs.iter().filter(|output| output.case == c).count();
            after.extend((0..own).map(|i| all.iter().map(|values| values[i]).collect()));
            task.advance(1)?;
        }
        let mut rows = vec![];
        for (i, (output, after)) in self.outputs.iter().zip(&after).enumerate() {
            context.check()?;
            let before: Vec<f64> =
                self.prior.firsts.iter().map(|first| first[i]).filter(|x| x.is_finite()).collect();
            let order = output.name.measure == Measure::Order;
            let history = if order { 1.0 } else { output.observed };
            let one = |x: f64| f64::from(u8::from(x < history)) + 0.5 * f64::from(u8::from(x == history));
            let below = after.iter().map(|x| one(*x)).sum::<f64>() / after.len() as f64;
            let kept = self.prior.implausible.iter().filter(|row| row[i] <= CUT_OFF).count() as f64;
            rows.push(PredictiveRow {
                name: output.name.clone(),
                history,
                prior: Spread::of_values(&before),
                posterior: Spread::of_values(after),
                below: (!order && !after.is_empty()).then_some(below),
                ruled_out: 1.0 - kept / self.prior.points.len() as f64,
            });
        }
        Ok(rows)
    }

    /// How many parameters history moved beyond chance, and those that it moved most.
    fn moved(&self, space: &Space, context: &Context) -> Result<(usize, Vec<MovedParameter>), Stopped> {
        let points = &self.population.points;
        let another = self.of_another(space, context)?;
        let sorted = |points: &[Point], k: usize| -> Vec<f64> {
            let mut u: Vec<f64> = points.iter().map(|point| cdf(point[k])).collect();
            u.sort_by(f64::total_cmp);
            u
        };
        let mut all: Vec<(f64, usize, &Spec)> = vec![];
        for (k, spec) in table().enumerate().take(space.shared) {
            context.check()?;
            all.push((from_uniform(&sorted(points, k)), k, spec));
        }
        // At one of twenty shared by all parameters (Bonferroni).
        let limit = (-0.5 * (0.025 / space.shared as f64).ln() / effective(points)).sqrt();
        let moved = all.iter().filter(|(distance, ..)| *distance > limit).count();
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut most = vec![];
        for (distance, k, spec) in all.into_iter().take(MOST_MOVED) {
            context.check()?;
            let u = sorted(&another, k);
            most.push(MovedParameter {
                key: spec.key(),
                meaning: spec.doc.to_string(),
                prior: Spread::of(|p| spec.prior.quantile(p)),
                posterior: Spread::of(|p| spec.prior.quantile(quantile(u.clone(), p))),
                distance,
            });
        }
        Ok((moved, most))
    }
}

/// The number of different particles.
pub(crate) fn distinct(points: &[Point]) -> usize {
    let mut firsts: Vec<u64> = points.iter().map(|point| point[0].to_bits()).collect();
    firsts.sort_unstable();
    firsts.dedup();
    firsts.len()
}

/// The number of independent particles whose means would be as far from zero as these, by the median
/// coordinate: siblings are near copies.
pub(crate) fn effective(points: &[Point]) -> f64 {
    let n = points.len() as f64;
    let mean = |d: usize| points.iter().map(|point| point[d]).sum::<f64>() / n;
    let squares = (0..points[0].len()).map(|d| mean(d).powi(2)).collect();
    // The median of a squared standard normal number is 0.455.
    (0.455 / quantile(squares, 0.5)).clamp(1.0, n)
}

/// The largest distance of the distribution of sorted values in (0, 1) from the uniform one.
fn from_uniform(sorted: &[f64]) -> f64 {
    let n = sorted.len() as f64;
    let each = sorted.iter().enumerate().map(|(i, &u)| (u - i as f64 / n).max((i as f64 + 1.0) / n - u));
    each.fold(0.0, f64::max)
}

//! Simple rules that a model of mechanisms has to beat, fitted on the same cases.
//!
//! Both give each region a constant hazard: one for all (the base rate of the other cases), or one
//! that follows from the region's attributes by a logit regression in discrete time (Allison 1982,
//! "Discrete-time methods for the analysis of event histories"; ridge: Hoerl & Kennard 1970).

use crate::case::{Case, Group};
use nalgebra::{DMatrix, DVector};

/// Days of a step of discrete time.
pub const STEP_DAYS: f64 = 7.0;

/// Attributes of a region that the regression uses, all knowable on a case's first day.
pub const ATTRIBUTES: [&str; 10] = [
    "share of the communities at home",
    "grievance",
    "deputies",
    "organisation",
    "income",
    "share of the polity's people",
    "guards per thousand",
    "openness",
    "regime strength",
    "at war",
];

/// Strengths of the ridge, in standardised attributes, among which the cases themselves choose; the
/// first where there is one case only (judgement: from a pseudo-region's worth to hundreds).
const RIDGES: [f64; 6] = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0];

/// A region at risk: its attributes, steps at risk, and whether the event came.
#[derive(Clone, Debug)]
pub struct AtRisk {
    /// Attributes.
    pub attributes: Vec<f64>,
    /// Steps at risk.
    pub steps: f64,
    /// Whether it happened.
    pub happened: bool,
}

/// The regions of a group of a case.
pub fn at_risk(case: &Case, group: &Group) -> Vec<AtRisk> {
    let days = f64::from(case.scenario.world.days);
    let each = group.entities.iter().zip(&group.days);
    each.map(|(&r, day)| AtRisk {
        attributes: attributes_of(case, r),
        // The step in which it happens is at risk as a whole.
        steps: day.map_or(days / STEP_DAYS, |day| (f64::from(day) / STEP_DAYS).ceil()),
        happened: day.is_some(),
    })
    .collect()
}

/// A region's attributes, in the order of [`ATTRIBUTES`].
pub fn attributes_of(case: &Case, r: usize) -> Vec<f64> {
    let world = &case.scenario.world;
    let region = &world.regions[r];
    let polity = &world.polities[region.polity];
    let fights = world.sectors.iter().flat_map(|s| &s.sides).any(|side| side.polity == region.polity);
    let grievance = f64::from(region.identity) / f64::from(region.community_share).max(1e-9);
    vec![
        region.community_share.into(),
        grievance,
        region.deputies.into(),
        region.organisation.into(),
        region.income.into(),
        region.weight.into(),
        1000.0 * f64::from(region.guards) / f64::from(region.population.max(1)),
        polity.openness.first().copied().unwrap_or(0.0).into(),
        polity.strength.into(),
        f64::from(u8::from(fights)),
    ]
}

/// The base rate: one hazard a step for all, events over steps at risk.
pub fn base_rate(seen: &[AtRisk]) -> f64 {
    let events = seen.iter().filter(|one| one.happened).count() as f64;
    let steps: f64 = seen.iter().map(|one| one.steps).sum();
    (events / steps.max(1e-9)).clamp(1e-9, 1.0 - 1e-9)
}

/// A logit regression of the hazard a step on attributes.
#[derive(Clone, Debug)]
pub struct Regression {
    means: Vec<f64>,
    scales: Vec<f64>,
    /// The constant, then a coefficient a standardised attribute.
    pub coefficients: Vec<f64>,
}

impl Regression {
    /// Fits on some cases, with the ridge by which each of them is forecast best from the others.
    pub fn fit(cases: &[Vec<AtRisk>]) -> Regression {
        let without = |c: usize| -> Vec<AtRisk> {
            let others = cases.iter().enumerate().filter(|(k, _)| *k != c);
            others.flat_map(|(_, seen)| seen.iter().cloned()).collect()
        };
        let likelihood = |ridge: f64| -> f64 {
            let each = cases.iter().enumerate();
            each.map(|(c, seen)| Regression::ridge(&without(c), ridge).likelihood(seen)).sum()
        };
        let mut best = (RIDGES[0], f64::NEG_INFINITY);
        if cases.len() > 1 {
            for ridge in RIDGES {
                let likelihood = likelihood(ridge);
                best = if likelihood > best.1 { (ridge, likelihood) } else { best };
            }
        }
        Regression::ridge(&cases.concat(), best.0)
    }

    /// The logarithm of the likelihood of what happened, in nats.
    fn likelihood(&self, seen: &[AtRisk]) -> f64 {
        let of = |one: &AtRisk| {
            let hazard = self.hazard(&one.attributes);
            let events = f64::from(u8::from(one.happened));
            events * libm::log(hazard) + (one.steps - events) * libm::log1p(-hazard)
        };
        seen.iter().map(of).sum()
    }

    /// Fits by Newton's method. An attribute that does not vary has no effect.
    fn ridge(seen: &[AtRisk], ridge: f64) -> Regression {
        let n = seen.len() as f64;
        let width = seen.first().map_or(0, |one| one.attributes.len());
        let column = |k: usize| seen.iter().map(move |one| one.attributes[k]);
        let means: Vec<f64> = (0..width).map(|k| column(k).sum::<f64>() / n).collect();
        let spread = |k: usize| (column(k).map(|x| (x - means[k]).powi(2)).sum::<f64>() / n).sqrt();
        // What is constant may still vary by the rounding of single precision.
        let varies = |k: &usize| spread(*k) > 1e-6 * means[*k].abs();
        let scales: Vec<f64> =
            (0..width).map(|k| if varies(&k) { spread(k) } else { f64::INFINITY }).collect();
        let base = base_rate(seen);
        let mut fit = Regression { means, scales, coefficients: vec![0.0; width + 1] };
        fit.coefficients[0] = (base / (1.0 - base)).ln();
        let rows: Vec<Vec<f64>> = seen.iter().map(|one| fit.row(&one.attributes)).collect();
        for _ in 0..50 {
            let mut gradient = DVector::zeros(width + 1);
            let mut hessian = DMatrix::zeros(width + 1, width + 1);
            for (one, row) in seen.iter().zip(&rows) {
                let p = logistic(row.iter().zip(&fit.coefficients).map(|(x, b)| x * b).sum());
                let events = f64::from(u8::from(one.happened));
                let x = DVector::from_column_slice(row);
                gradient += &x * (events - one.steps * p);
                hessian += &x * x.transpose() * (one.steps * p * (1.0 - p));
            }
            for k in 1..=width {
                gradient[k] -= ridge * fit.coefficients[k];
                hessian[(k, k)] += ridge;
            }
            let Some(step) = hessian.cholesky().map(|own| own.solve(&gradient)) else { break };
            // No further than what keeps the logits in reach of each other.
            let length = step.amax();
            let damped = step * (2.0 / length.max(2.0));
            fit.coefficients.iter_mut().zip(damped.iter()).for_each(|(b, d)| *b += d);
            if length < 1e-9 {
                break;
            }
        }
        fit
    }

    fn row(&self, attributes: &[f64]) -> Vec<f64> {
        let standard = attributes.iter().zip(&self.means).zip(&self.scales).map(|((x, m), s)| (x - m) / s);
        std::iter::once(1.0).chain(standard).collect()
    }

    /// The hazard a step of a region with these attributes.
    pub fn hazard(&self, attributes: &[f64]) -> f64 {
        let row = self.row(attributes);
        logistic(row.iter().zip(&self.coefficients).map(|(x, b)| x * b).sum()).clamp(1e-9, 1.0 - 1e-9)
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Days on which an event of a constant hazard a step comes, as so many equally likely ones; those
/// beyond the case's end count as never.
pub fn days(case: &Case, hazard: f64, n: usize) -> Vec<f64> {
    let day = |k: usize| {
        let p = (k as f64 + 0.5) / n as f64;
        let steps = libm::log1p(-p) / libm::log1p(-hazard);
        (steps * STEP_DAYS).ceil().max(1.0).min(case.never())
    };
    (0..n).map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal::{cdf, normals};

    #[test]
    fn the_regression_finds_what_made_the_events() {
        // Hazard a step: logit = -3 + 1.2 x; the second attribute has no effect, the third is constant.
        let mut seen = vec![];
        for i in 0..4000 {
            let z = normals(3, 1, i, 3);
            let hazard = logistic(-3.0 + 1.2 * z[0]);
            let steps = (libm::log(1.0 - cdf(z[2])) / libm::log(1.0 - hazard)).ceil().max(1.0);
            let happened = steps <= 40.0;
            seen.push(AtRisk { attributes: vec![z[0], z[1], 5.0], steps: steps.min(40.0), happened });
        }
        let fit = Regression::ridge(&seen, 1.0);
        let found: Vec<f64> = fit.coefficients.clone();
        assert!((found[0] + 3.0).abs() < 0.08, "{found:?}");
        assert!((found[1] - 1.2).abs() < 0.08, "{found:?}");
        assert!(found[2].abs() < 0.08 && found[3] == 0.0, "{found:?}");
        let mean = base_rate(&seen);
        assert!(fit.hazard(&[2.0, 0.0, 5.0]) > mean && fit.hazard(&[-2.0, 0.0, 5.0]) < mean);
    }

    #[test]
    fn what_is_constant_but_for_rounding_has_no_effect() {
        // 0.3 in single precision, in every other row its neighbour.
        let attribute = |k: u32| f64::from(f32::from_bits(0.3_f32.to_bits() + k % 2));
        let row =
            |k: u32| AtRisk { attributes: vec![attribute(k)], steps: 10.0, happened: k.is_multiple_of(2) };
        let all: Vec<AtRisk> = (0..40).map(row).collect();
        assert!(attribute(0) != attribute(1));
        assert_eq!(Regression::ridge(&all, 1.0).coefficients[1], 0.0);
    }

    #[test]
    fn everything_that_happened_can_be_fitted() {
        let one = |x: f64, happened| AtRisk { attributes: vec![x], steps: 10.0, happened };
        let all: Vec<AtRisk> = (0..20).map(|k| one(f64::from(k), true)).collect();
        assert!(Regression::ridge(&all, 1.0).hazard(&[3.0]) > 0.05);
        let none: Vec<AtRisk> = (0..20).map(|k| one(f64::from(k), false)).collect();
        assert!(Regression::ridge(&none, 1.0).hazard(&[3.0]) < 0.01);
        let parted: Vec<AtRisk> = (0..20).map(|k| one(f64::from(k), k > 9)).collect();
        let fit = Regression::ridge(&parted, 1.0);
        assert!(fit.hazard(&[19.0]) > 10.0 * fit.hazard(&[0.0]), "{fit:?}");
    }

    #[test]
    fn an_attribute_that_misleads_across_cases_is_reined_in() {
        // Within each case the attribute is one number; in the first two it goes with many events, in
        // the third with none.
        let case = |x: f64, happened| -> Vec<AtRisk> {
            (0..20)
                .map(|k| AtRisk { attributes: vec![x + f64::from(k) * 1e-3], steps: 10.0, happened })
                .collect()
        };
        let cases = [case(1.0, true), case(0.9, true), case(1.1, false), case(0.2, false)];
        let (chosen, loose) = (Regression::fit(&cases), Regression::ridge(&cases.concat(), RIDGES[0]));
        assert!(chosen.coefficients[1].abs() < 0.5 * loose.coefficients[1].abs(), "{chosen:?} {loose:?}");
        let one = Regression::fit(&cases[..1]);
        assert_eq!(one.coefficients, Regression::ridge(&cases[0], RIDGES[0]).coefficients);
    }
}

//! How the probability of a rare claim differs between parameter sets: what we do not know.

use super::{Goal, bare, climb};
use crate::context::{Context, Stopped};
use crate::design::{Design, DesignKind};
use crate::mixture::{RangeEnd, UnknownRange};
use crate::plan::Plan;
use statrs::distribution::{Binomial, DiscreteCDF};

/// Parameter sets: enough for a 95 % interval of the 95 % quantile, whatever the distribution.
const SETS: u32 = 100;
/// Simulations of each set (judgement).
const EACH: u32 = 16;
/// Levels after which a set counts as one in which it does not happen: less than one in a million.
const LEVELS: u32 = 20;

/// The 5-95 % range of each goal's probability over parameter sets, every one of which is split on its own. The
/// intervals of its ends are those of order statistics (Thompson 1936, "On confidence ranges for the median and other
/// expectation distributions for populations of unknown distribution form"): they assume no shape.
///
/// # Errors
/// [`Stopped`] where the context was cancelled.
pub fn over_parameter_sets(
    plan: &Plan,
    goals: &[Goal],
    context: &Context,
) -> Result<Vec<UnknownRange>, Stopped> {
    let design =
        Design { draws: SETS, replicates: EACH, kind: DesignKind::LatinHypercube, seed: plan.design.seed };
    let plan = bare(plan, goals, design);
    let begun: Vec<(u32, f64)> = (0..design.members()).map(|member| (member, 1.0)).collect();
    let set_of = |member: u32| design.draw_of(member) as usize;
    let found = climb(&plan, goals, &begun, &set_of, (design.members(), LEVELS), context)?;
    let sorted = |groups: &[super::Group]| {
        let mut all: Vec<f64> = groups.iter().map(|group| group.probability.min(1.0)).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    Ok(found.iter().map(|split| quantiles(&sorted(&split.groups))).collect())
}

/// The 5 and 95 % quantiles of a sorted sample, each with its interval.
fn quantiles(sorted: &[f64]) -> UnknownRange {
    let end = |q: f64| {
        let (from, to) = ranks(sorted.len(), q);
        let at = |rank: usize| sorted.get(rank).copied().unwrap_or(0.0);
        RangeEnd { value: at((q * (sorted.len() - 1) as f64).round() as usize), from: at(from), to: at(to) }
    };
    UnknownRange { low: end(0.05), high: end(0.95) }
}

/// The places (from 0) in a sorted sample between which a quantile lies in at least 95 % of samples.
fn ranks(n: usize, q: f64) -> (usize, usize) {
    let last = n.saturating_sub(1);
    let Ok(law) = Binomial::new(q, n as u64) else { return (0, last) };
    let from = (0..n).rev().find(|k| law.cdf(*k as u64) <= 0.025).unwrap_or(0);
    let to = (0..n).find(|k| law.cdf(*k as u64) >= 0.975).unwrap_or(last);
    (from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_statistics_hold_the_quantile_as_often_as_they_say() {
        for q in [0.05, 0.95] {
            let (from, to) = ranks(SETS as usize, q);
            // More than `from` and at most `to` of the sample lie below the quantile.
            let law = Binomial::new(q, u64::from(SETS)).expect("a law");
            let held = law.cdf(to as u64) - law.cdf(from as u64);
            assert!((0.95..0.99).contains(&held), "{q}: {from} to {to} hold it in {held}");
        }
        let all: Vec<f64> = (0..100).map(f64::from).collect();
        let range = quantiles(&all);
        assert!((range.low.value, range.high.value) == (5.0, 94.0), "{range:?}");
    }
}

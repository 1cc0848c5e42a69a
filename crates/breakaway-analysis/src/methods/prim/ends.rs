//! The ends of a box: which of them chance alone could have made.

use super::{Cases, Limits, Restriction};
use statrs::distribution::{Binomial, DiscreteCDF};

/// The ends of a box, each with its quasi-p (Bryant & Lempert 2010). Members of one case share
/// their parameters and resemble each other: `design_effect` is how many count for one.
pub fn restrictions(cases: &Cases, limits: &Limits, design_effect: f64) -> Vec<Restriction> {
    let counted = |x: f64| (x / design_effect).round().max(0.0);
    let (members, hits) = cases.within(limits);
    let one = |(column, above): (usize, bool)| {
        let (wide, wide_hits) = cases.within(&limits.without(column, above));
        let quasi_p = at_least(counted(hits), counted(members), wide_hits / wide.max(1e-300));
        Restriction { column, above, value: limits.end(column, above), quasi_p }
    };
    limits.ends().into_iter().map(one).collect()
}

/// A box without the ends that chance alone could have made.
pub fn simplify(cases: &Cases, limits: &Limits, design_effect: f64, most: f64) -> Limits {
    let mut limits = limits.clone();
    loop {
        let weakest = restrictions(cases, &limits, design_effect)
            .into_iter()
            .filter(|end| end.quasi_p > most)
            .max_by(|a, b| a.quasi_p.total_cmp(&b.quasi_p));
        match weakest {
            Some(end) => limits = limits.without(end.column, end.above),
            None => return limits,
        }
    }
}

/// Probability of at least so many hits.
pub(super) fn at_least(hits: f64, cases: f64, share: f64) -> f64 {
    let (hits, cases) = (hits as u64, cases as u64);
    if hits == 0 {
        return 1.0;
    }
    Binomial::new(share.clamp(0.0, 1.0), cases).map_or(1.0, |law| law.sf(hits - 1))
}

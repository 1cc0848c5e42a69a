//! Boxes of parameters, sought on some draws and judged on those that were left out.

use crate::methods::bootstrap::folds;
use crate::methods::given_data::{correlation_ratio, ranks};
use crate::methods::prim::{Cases, Found, Limits, peel};

/// Smallest share of the members that a box may hold.
const LEAST_MASS: f64 = 0.05;
/// Parameters in which a box is sought.
const SCREENED: usize = 6;
/// Parts of the cross-validation.
pub(super) const FOLDS: usize = 5;

/// The boxes among the parameters that alone tell most: with more parameters than draws, a box is
/// easily made of what happened to lie well.
pub(super) fn search(cases: &Cases) -> Vec<Found> {
    let shares: Vec<f64> = cases.hits.iter().zip(&cases.members).map(|(hits, n)| hits / n).collect();
    let rows: Vec<u32> = (0..shares.len() as u32).collect();
    let tells = |column: &Vec<f32>| ranks(column).map_or(0.0, |u| correlation_ratio(&u, &shares, &rows));
    let mut order: Vec<(f64, usize)> =
        cases.columns.iter().enumerate().map(|(k, column)| (tells(column), k)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut kept: Vec<usize> = order.into_iter().take(SCREENED).map(|(_, k)| k).collect();
    kept.sort_unstable();
    let narrow = Cases { columns: kept.iter().map(|&k| cases.columns[k].clone()).collect(), ..cases.clone() };
    let whole = |found: Found| {
        let mut limits = Limits::none(cases.columns.len());
        for (place, &k) in kept.iter().enumerate() {
            limits.low[k] = found.limits.low[place];
            limits.high[k] = found.limits.high[place];
        }
        Found { limits, ..found }
    };
    peel(&narrow, LEAST_MASS).into_iter().map(whole).collect()
}

/// What became of draws that were left out.
#[derive(Clone, Copy, Default)]
pub(super) struct LeftOut {
    /// In the box: members and hits.
    inside: (f64, f64),
    /// In all: members and hits.
    all: (f64, f64),
}

impl LeftOut {
    fn add(&mut self, cases: &Cases, limits: Option<&Limits>) {
        let plus = |a: (f64, f64), b: (f64, f64)| (a.0 + b.0, a.1 + b.1);
        self.all = plus(self.all, cases.all());
        self.inside = plus(self.inside, limits.map_or((0.0, 0.0), |limits| cases.within(limits)));
    }

    pub(super) fn density(&self) -> f64 {
        if self.inside.0 > 0.0 { self.inside.1 / self.inside.0 } else { 0.0 }
    }

    pub(super) fn coverage(&self) -> f64 {
        if self.all.1 > 0.0 { self.inside.1 / self.all.1 } else { 0.0 }
    }

    /// How many more hits a box holds than as many members elsewhere, as a share of all members:
    /// weighted relative accuracy (Lavrac, Flach & Zupan 1999, "Rule evaluation measures").
    pub(super) fn gain(&self, p: f64) -> f64 {
        if self.all.0 > 0.0 { (self.inside.1 - p * self.inside.0) / self.all.0 } else { 0.0 }
    }
}

/// For each box of the path: what became, of the draws left out, in the box of about the same
/// mass that is found on the others.
pub(super) fn cross_validate(cases: &Cases, path: &[Found]) -> Vec<LeftOut> {
    let mut sums = vec![LeftOut::default(); path.len()];
    each_fold(cases, |trained, _, test| {
        for (found, sum) in path.iter().zip(&mut sums) {
            sum.add(test, nearest(trained, found.mass));
        }
    });
    sums
}

/// The same for one mass, with everything that makes a box of it, and the boxes.
pub(super) fn left_out(
    cases: &Cases,
    mass: f64,
    finish: &impl Fn(&Cases, &Limits) -> Limits,
) -> (LeftOut, Vec<Limits>) {
    let (mut sum, mut all) = (LeftOut::default(), vec![]);
    each_fold(cases, |trained, train, test| {
        let limits = nearest(trained, mass).map(|limits| finish(train, limits));
        sum.add(test, limits.as_ref());
        all.extend(limits);
    });
    (sum, all)
}

/// The ends of a box that other draws of the same kind would have too: that are found in all parts of the
/// cross-validation but one, and differ between these by less than the box is wide.
pub(super) fn certain(cases: &Cases, mut limits: Limits, folds: &[Limits]) -> Limits {
    for (k, column) in cases.columns.iter().enumerate() {
        let below = |x: f32| column.iter().filter(|value| **value < x).count() as f64 / column.len() as f64;
        let spread = |of: &dyn Fn(&Limits) -> f32| {
            let ends: Vec<f64> = folds.iter().map(of).filter(|x| x.is_finite()).map(below).collect();
            let found = ends.len() + 1 >= FOLDS;
            let most = ends.iter().fold(0.0, |most: f64, x| most.max(*x));
            found.then(|| most - ends.iter().fold(1.0, |least: f64, x| least.min(*x)))
        };
        let (low, high) = (limits.low[k], limits.high[k]);
        let from = if low.is_finite() { below(low) } else { 0.0 };
        let to = if high.is_finite() { below(high) } else { 1.0 };
        let wide = |spread: Option<f64>| spread.is_some_and(|spread| spread < to - from);
        if low.is_finite() && !wide(spread(&|limits| limits.low[k])) {
            limits.low[k] = f32::NEG_INFINITY;
        }
        if high.is_finite() && !wide(spread(&|limits| limits.high[k])) {
            limits.high[k] = f32::INFINITY;
        }
    }
    limits
}

/// Calls `judge` with the boxes found on the draws but a fifth, those draws, and the fifth.
fn each_fold(cases: &Cases, mut judge: impl FnMut(&[Found], &Cases, &Cases)) {
    let fold = folds(cases.members.len(), FOLDS, 1);
    for part in 0..FOLDS {
        let (test, train): (Vec<usize>, Vec<usize>) = (0..fold.len()).partition(|&i| fold[i] == part);
        let (train, test) = (cases.some(&train), cases.some(&test));
        judge(&search(&train), &train, &test);
    }
}

/// The box whose mass comes nearest.
fn nearest(path: &[Found], mass: f64) -> Option<&Limits> {
    let distance = |found: &&Found| (found.mass - mass).abs();
    path.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).map(|found| &found.limits)
}

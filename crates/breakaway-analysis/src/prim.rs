//! Scenario discovery: boxes of parameters in which something is frequent, found by the patient
//! rule induction method (PRIM; Friedman & Fisher 1999, "Bump hunting in high-dimensional data",
//! Statistics and Computing 9; for scenarios Bryant & Lempert 2010, "Thinking inside the box",
//! Technological Forecasting and Social Change 77).

use statrs::distribution::{Binomial, DiscreteCDF};

/// Cases with the values of some parameters.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// By parameter: the value in each case.
    pub columns: Vec<Vec<f32>>,
    /// How many members a case stands for.
    pub members: Vec<f64>,
    /// In how many of them it happened.
    pub hits: Vec<f64>,
}

/// A box: for each parameter the values that lie in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Lower ends; minus infinity where there is none.
    pub low: Vec<f32>,
    /// Upper ends; infinity where there is none.
    pub high: Vec<f32>,
}

/// A box and how good it is.
#[derive(Clone, Debug)]
pub struct Found {
    /// The box.
    pub limits: Limits,
    /// Share of all hits that lie in it.
    pub coverage: f64,
    /// Share of its members that are hits.
    pub density: f64,
    /// Share of all members that lie in it.
    pub mass: f64,
}

/// One end of a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Restriction {
    /// Position of the parameter.
    pub column: usize,
    /// Whether values lie above it.
    pub above: bool,
    /// The end.
    pub value: f32,
    /// Quasi-p: probability that the box without this restriction would have given as many hits
    /// by luck alone.
    pub quasi_p: f64,
}

/// Share of a box that a peel or a paste takes or gives.
pub const ALPHA: f64 = 0.05;

impl Cases {
    fn sums(&self, rows: impl Iterator<Item = usize>) -> (f64, f64) {
        rows.fold((0.0, 0.0), |(members, hits), i| (members + self.members[i], hits + self.hits[i]))
    }

    /// Members and hits in all.
    pub fn all(&self) -> (f64, f64) {
        self.sums(0..self.members.len())
    }

    /// The cases whose numbers are chosen.
    pub fn some(&self, chosen: &[usize]) -> Cases {
        let floats = |all: &[f64]| chosen.iter().map(|&i| all[i]).collect();
        Cases {
            columns: self.columns.iter().map(|column| chosen.iter().map(|&i| column[i]).collect()).collect(),
            members: floats(&self.members),
            hits: floats(&self.hits),
        }
    }

    /// The cases outside a box.
    pub fn outside(&self, limits: &Limits) -> Cases {
        let inside: Vec<usize> = limits.rows(self).collect();
        let chosen: Vec<usize> =
            (0..self.members.len()).filter(|i| inside.binary_search(i).is_err()).collect();
        self.some(&chosen)
    }

    /// Members and hits in a box.
    pub fn within(&self, limits: &Limits) -> (f64, f64) {
        self.sums(limits.rows(self))
    }

    /// How good a box is.
    pub fn judge(&self, limits: Limits) -> Found {
        let ((members, hits), (all, all_hits)) = (self.within(&limits), self.all());
        Found {
            limits,
            coverage: if all_hits > 0.0 { hits / all_hits } else { 0.0 },
            density: if members > 0.0 { hits / members } else { 0.0 },
            mass: if all > 0.0 { members / all } else { 0.0 },
        }
    }
}

impl Limits {
    /// The box of everything.
    pub fn none(columns: usize) -> Limits {
        Limits { low: vec![f32::NEG_INFINITY; columns], high: vec![f32::INFINITY; columns] }
    }

    /// The cases in it.
    fn rows<'a>(&'a self, cases: &'a Cases) -> impl Iterator<Item = usize> + 'a {
        let bounded = |k: &usize| self.low[*k].is_finite() || self.high[*k].is_finite();
        let bounded: Vec<usize> = (0..self.low.len()).filter(bounded).collect();
        let holds = move |i: &usize| {
            bounded.iter().all(|&k| {
                let x = cases.columns[k][*i];
                self.low[k] <= x && x <= self.high[k]
            })
        };
        (0..cases.members.len()).filter(holds)
    }

    /// Its ends, as (parameter, whether values lie above it).
    fn ends(&self) -> Vec<(usize, bool)> {
        let all = (0..self.low.len()).flat_map(|k| [(k, true), (k, false)]);
        all.filter(|&(k, above)| self.end(k, above).is_finite()).collect()
    }

    fn end(&self, column: usize, above: bool) -> f32 {
        if above { self.low[column] } else { self.high[column] }
    }

    fn with(&self, column: usize, above: bool, value: f32) -> Limits {
        let mut limits = self.clone();
        let ends = if above { &mut limits.low } else { &mut limits.high };
        ends[column] = value;
        limits
    }

    fn without(&self, column: usize, above: bool) -> Limits {
        self.with(column, above, if above { f32::NEG_INFINITY } else { f32::INFINITY })
    }
}

/// The boxes from everything down to a share of all members, each a twentieth smaller or more: of
/// all ends that can be cut, the one whose cut raises the density most for each member lost.
pub fn peel(cases: &Cases, least_mass: f64) -> Vec<Found> {
    let columns = cases.columns.len();
    let mut path = vec![cases.judge(Limits::none(columns))];
    // The cases inside, in the order of each parameter.
    let mut orders: Vec<Vec<u32>> = cases
        .columns
        .iter()
        .map(|column| {
            let mut order: Vec<u32> = (0..column.len() as u32).collect();
            order.sort_by(|&a, &b| column[a as usize].total_cmp(&column[b as usize]));
            order
        })
        .collect();
    let (all, all_hits) = cases.all();
    let (mut members, mut hits) = (all, all_hits);
    let mut inside = vec![true; cases.members.len()];
    let mut limits = Limits::none(columns);
    while hits > 0.0 && hits < members {
        let mut best: Option<(f64, Cut)> = None;
        for (column, order) in orders.iter().enumerate() {
            for above in [true, false] {
                let Some(cut) = cut(cases, order, column, above, ALPHA * members) else { continue };
                let (left, left_hits) = (members - cut.members, hits - cut.hits);
                if left < least_mass * all || left <= 0.0 {
                    continue;
                }
                let gain = (left_hits / left - hits / members) / cut.members;
                if best.as_ref().is_none_or(|(known, _)| gain > *known) {
                    best = Some((gain, cut));
                }
            }
        }
        let Some((gain, cut)) = best else { break };
        if gain <= 0.0 {
            break;
        }
        let order = &orders[cut.column];
        let gone = if cut.above { &order[..cut.cases] } else { &order[order.len() - cut.cases..] };
        gone.iter().for_each(|&i| inside[i as usize] = false);
        orders.iter_mut().for_each(|order| order.retain(|&i| inside[i as usize]));
        members -= cut.members;
        hits -= cut.hits;
        limits = limits.with(cut.column, cut.above, cut.value);
        path.push(Found {
            limits: limits.clone(),
            coverage: hits / all_hits,
            density: hits / members,
            mass: members / all,
        });
    }
    path
}

/// What an end of a box would lose.
struct Cut {
    column: usize,
    above: bool,
    /// The new end, half way between what goes and what stays.
    value: f32,
    cases: usize,
    members: f64,
    hits: f64,
}

/// The smallest cut at an end that takes at least so many members; equal values go together.
fn cut(cases: &Cases, order: &[u32], column: usize, above: bool, least: f64) -> Option<Cut> {
    let value = |place: usize| {
        let place = if above { place } else { order.len() - 1 - place };
        cases.columns[column][order[place] as usize]
    };
    let row = |place: usize| order[if above { place } else { order.len() - 1 - place }] as usize;
    let (mut taken, mut members, mut hits) = (0, 0.0, 0.0);
    while taken < order.len() && (members < least - 1e-9 || value(taken) == value(taken - 1)) {
        members += cases.members[row(taken)];
        hits += cases.hits[row(taken)];
        taken += 1;
    }
    if taken == 0 || taken == order.len() {
        return None;
    }
    let (gone, stays) = (value(taken - 1), value(taken));
    let mut middle = gone + (stays - gone) / 2.0;
    if middle == gone {
        middle = stays;
    }
    Some(Cut { column, above, value: middle, cases: taken, members, hits })
}

/// A box made wider again where that raises its density.
pub fn paste(cases: &Cases, limits: &Limits) -> Limits {
    let mut limits = limits.clone();
    loop {
        let (members, hits) = cases.within(&limits);
        let mut best: Option<(f64, Limits)> = None;
        for (column, above) in limits.ends() {
            let end = limits.end(column, above);
            let open = limits.without(column, above);
            let values = open.rows(cases).map(|i| cases.columns[column][i]);
            let mut beyond: Vec<f32> = values.filter(|&x| if above { x < end } else { x > end }).collect();
            beyond.sort_by(f32::total_cmp);
            if above {
                beyond.reverse();
            }
            // A twentieth of the box, then less: the last cuts took a little too much.
            let step = (ALPHA * limits.rows(cases).count() as f64).ceil() as usize;
            for step in [step, step / 4, 1] {
                let wider = match beyond.get(step.max(1)) {
                    Some(&value) => limits.with(column, above, value),
                    None => open.clone(),
                };
                let (more, more_hits) = cases.within(&wider);
                if more > members && more_hits / more >= hits / members {
                    let density = more_hits / more;
                    if best.as_ref().is_none_or(|(known, _)| density > *known) {
                        best = Some((density, wider));
                    }
                }
            }
        }
        match best {
            Some((_, wider)) => limits = wider,
            None => return limits,
        }
    }
}

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

/// A box without the ends that luck alone could have made.
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
fn at_least(hits: f64, cases: f64, share: f64) -> f64 {
    let (hits, cases) = (hits as u64, cases as u64);
    if hits == 0 {
        return 1.0;
    }
    Binomial::new(share.clamp(0.0, 1.0), cases).map_or(1.0, |law| law.sf(hits - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::luck;
    use rand::RngExt;

    fn cases(columns: Vec<Vec<f32>>, hit: impl Fn(&[f32]) -> bool) -> Cases {
        let n = columns[0].len();
        let row = |i: usize| columns.iter().map(|column| column[i]).collect::<Vec<_>>();
        let hits = (0..n).map(|i| f64::from(u8::from(hit(&row(i))))).collect();
        Cases { members: vec![1.0; n], hits, columns }
    }

    #[test]
    fn the_grid_ends_in_exactly_its_box() {
        let at = |k: usize| (k as f32 + 0.5) / 20.0;
        let columns = vec![(0..400).map(|i| at(i / 20)).collect(), (0..400).map(|i| at(i % 20)).collect()];
        let cases = cases(columns, |x| x[0] > 0.6 && x[1] < 0.4);
        assert_eq!(cases.hits.iter().sum::<f64>(), 64.0);
        let path = peel(&cases, 0.05);
        let last = path.last().expect("a path");
        assert_eq!((last.coverage, last.density), (1.0, 1.0));
        assert!((last.mass - 0.16).abs() < 1e-12);
        let Limits { low, high } = &last.limits;
        assert!((low[0] - 0.6).abs() < 1e-6 && (high[1] - 0.4).abs() < 1e-6, "{low:?} {high:?}");
        assert!(low[1].is_infinite() && high[0].is_infinite());
    }

    #[test]
    fn coverage_density_and_quasi_p_are_those_of_the_example() {
        assert!((at_least(16.0, 24.0, 0.45) - 0.026_933_91).abs() < 1e-8);
        // 100 cases with 20 hits; 24 with 16 hits in the box, 40 with 18 without its one end at 0.
        let x: Vec<f32> = (0..100).map(|i| if i < 24 { 1.0 } else { -1.0 }).collect();
        let z: Vec<f32> = (0..100).map(|i| if i < 40 { 1.0 } else { -1.0 }).collect();
        let hits = (0..100).map(|i| f64::from(u8::from(i < 16 || (24..26).contains(&i) || i >= 98)));
        let cases = Cases { columns: vec![x, z], members: vec![1.0; 100], hits: hits.collect() };
        let limits = Limits::none(2).with(0, true, 0.0).with(1, true, 0.0);
        let found = cases.judge(limits.clone());
        assert!((found.coverage - 0.8).abs() < 1e-12 && (found.mass - 0.24).abs() < 1e-12);
        assert!((found.density - 2.0 / 3.0).abs() < 1e-12);
        let ends = restrictions(&cases, &limits, 1.0);
        assert!((ends[0].quasi_p - 0.026_933_91).abs() < 1e-8, "{ends:?}");
    }

    #[test]
    fn a_planted_box_is_found_among_twelve_parameters() {
        let mut luck = luck(3);
        let columns: Vec<Vec<f32>> =
            (0..12).map(|_| (0..10_000).map(|_| luck.random::<f32>()).collect()).collect();
        let cases = cases(columns, |x| x[2] > 0.7 && x[5] < 0.3 && x[9] > 0.5);
        let path = peel(&cases, 0.02);
        let last = path.last().expect("a path");
        let limits = simplify(&cases, &paste(&cases, &last.limits), 1.0, 0.05);
        let found = cases.judge(limits);
        assert!(found.coverage > 0.95 && found.density > 0.95, "{found:?}");
        let ends = restrictions(&cases, &found.limits, 1.0);
        let which: Vec<_> = ends.iter().map(|end| (end.column, end.above)).collect();
        assert_eq!(which, [(2, true), (5, false), (9, true)]);
        for (end, planted) in ends.iter().zip([0.7, 0.3, 0.5]) {
            assert!((end.value - planted).abs() < 0.02, "{end:?}");
        }
    }

    #[test]
    fn all_none_and_constants_are_answered() {
        let columns = || vec![(0..10).map(|i| i as f32).collect(), vec![1.0; 10]];
        for hit in [true, false] {
            assert_eq!(peel(&cases(columns(), |_| hit), 0.05).len(), 1);
        }
        let path = peel(&cases(columns(), |x| x[0] > 6.5), 0.05);
        assert!(path.last().is_some_and(|last| last.limits.high[1].is_infinite() && last.density == 1.0));
    }
}

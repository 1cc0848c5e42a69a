//! Scenario discovery: boxes of parameters in which something is frequent, found by the patient
//! rule induction method (PRIM; Friedman & Fisher 1999, "Bump hunting in high-dimensional data",
//! Statistics and Computing 9; for scenarios Bryant & Lempert 2010, "Thinking inside the box",
//! Technological Forecasting and Social Change 77).

mod ends;
mod peel;

pub use ends::{restrictions, simplify};
pub use peel::{paste, peel};

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

/// A box: for each parameter the values in it.
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
    /// Share of all hits in it.
    pub coverage: f64,
    /// Share of its members that are hits.
    pub density: f64,
    /// Share of all members in it.
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
    /// by chance alone.
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

#[cfg(test)]
mod tests {
    use super::ends::at_least;
    use super::*;
    use crate::methods::bootstrap::random;
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
        let mut random = random(3);
        let columns: Vec<Vec<f32>> =
            (0..12).map(|_| (0..10_000).map(|_| random.random::<f32>()).collect()).collect();
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

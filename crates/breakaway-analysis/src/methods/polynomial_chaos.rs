//! Sparse polynomial chaos: an answer as a sum of few polynomials of the parameters' ranks.

use crate::methods::bootstrap::folds;
use nalgebra::{DMatrix, DVector};

/// A term: one polynomial of a parameter, or the product of two.
type Term = Vec<(usize, usize)>;

/// Parts of the cross-validation.
const FOLDS: usize = 5;
/// Most terms of an expansion, and draws for each.
const MOST_TERMS: usize = 40;
const DRAWS_A_TERM: usize = 10;
/// Parameters whose products with every other are tried.
const PAIRED: usize = 5;

/// Legendre polynomials on (0, 1), orthonormal.
fn legendre(degree: usize, u: f64) -> f64 {
    let x = 2.0 * u - 1.0;
    match degree {
        1 => 3.0_f64.sqrt() * x,
        2 => 5.0_f64.sqrt() * 0.5 * (3.0 * x * x - 1.0),
        _ => 7.0_f64.sqrt() * 0.5 * (5.0 * x * x * x - 3.0 * x),
    }
}

/// Terms that may be chosen, each with its value in every draw.
struct Candidates {
    singles: Vec<(Term, Vec<f64>)>,
}

impl Candidates {
    fn new(ranks: &[Option<Vec<f64>>]) -> Candidates {
        let varying = ranks.iter().enumerate().filter_map(|(k, u)| Some((k, u.as_ref()?)));
        let of = |(k, u): (usize, &Vec<f64>)| {
            let values = |degree| u.iter().map(|u| legendre(degree, *u)).collect();
            [1, 2, 3].map(|degree| (vec![(k, degree)], values(degree)))
        };
        Candidates { singles: varying.flat_map(of).collect() }
    }

    /// Products of the parameters that go best with an answer in some draws with every other.
    fn products(&self, y: &[f64], rows: &[usize]) -> Vec<(Term, Vec<f64>)> {
        let strength = |values: &[f64]| rows.iter().map(|&i| values[i] * y[i]).sum::<f64>().abs();
        let mut linear: Vec<(f64, &(Term, Vec<f64>))> = (self.singles.iter())
            .filter(|(term, _)| term[0].1 == 1)
            .map(|single| (strength(&single.1), single))
            .collect();
        linear.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let mut products = vec![];
        for (place, (_, (first, a))) in linear.iter().take(PAIRED).enumerate() {
            for (_, (second, b)) in &linear[place + 1..] {
                let values = a.iter().zip(b).map(|(a, b)| a * b).collect();
                products.push((vec![first[0], second[0]], values));
            }
        }
        products
    }

    /// Terms in the order in which they go best with what is left of the answer in some draws.
    fn forward(&self, y: &[f64], rows: &[usize], most: usize) -> Vec<(Term, Vec<f64>)> {
        let products = self.products(y, rows);
        let all: Vec<&(Term, Vec<f64>)> = self.singles.iter().chain(&products).collect();
        let mut chosen: Vec<usize> = vec![];
        let mut rest = y.to_vec();
        while chosen.len() < most.min(all.len()) {
            let with_rest = |k: usize| {
                let (mut both, mut own) = (0.0, 0.0);
                for &i in rows {
                    both += all[k].1[i] * rest[i];
                    own += all[k].1[i] * all[k].1[i];
                }
                both * both / own.max(1e-300)
            };
            let unused = (0..all.len()).filter(|k| !chosen.contains(k)).map(|k| (with_rest(k), k));
            let Some((_, best)) = unused.max_by(|(a, _), (b, _)| a.total_cmp(b)) else { break };
            chosen.push(best);
            let values: Vec<&[f64]> = chosen.iter().map(|&k| &all[k].1[..]).collect();
            let Some(coefficients) = least_squares(&values, y, rows) else {
                chosen.pop();
                break;
            };
            for &i in rows {
                rest[i] = y[i] - predict(&values, &coefficients, i);
            }
        }
        chosen.into_iter().map(|k| all[k].clone()).collect()
    }
}

/// An expansion fitted to an answer.
pub(crate) struct Expansion {
    pub(crate) terms: Vec<Term>,
    /// By term: its value in each draw.
    values: Vec<Vec<f64>>,
    pub(crate) coefficients: Vec<f64>,
    /// Mean squared error for draws left out, whose answers had no part in choosing the terms.
    pub(crate) left_out: f64,
}

impl Expansion {
    /// As many terms as predict draws best that are left out, a fifth after the other.
    pub(crate) fn fit(ranks: &[Option<Vec<f64>>], y: &[f64], seed: u64) -> Expansion {
        let n = y.len();
        let most = MOST_TERMS.min(n / DRAWS_A_TERM);
        let candidates = Candidates::new(ranks);
        let fold = folds(n, FOLDS, seed);
        let mut errors = vec![0.0; most + 1];
        for left_out in 0..FOLDS {
            let (test, train): (Vec<usize>, Vec<usize>) = (0..n).partition(|&i| fold[i] == left_out);
            let terms = candidates.forward(y, &train, most);
            for (size, error) in errors.iter_mut().enumerate() {
                let values: Vec<&[f64]> = terms.iter().take(size).map(|(_, values)| &values[..]).collect();
                let coefficients = least_squares(&values, y, &train).unwrap_or_default();
                let miss = |&i: &usize| (y[i] - predict(&values, &coefficients, i)).powi(2);
                *error += test.iter().map(miss).sum::<f64>() / n as f64;
            }
        }
        let size = (0..=most).min_by(|&a, &b| errors[a].total_cmp(&errors[b])).unwrap_or(0);
        let all: Vec<usize> = (0..n).collect();
        let (terms, values): (Vec<Term>, Vec<Vec<f64>>) =
            candidates.forward(y, &all, size).into_iter().unzip();
        let expansion = Expansion { terms, values, coefficients: vec![], left_out: errors[size] };
        let everybody: Vec<u32> = (0..n as u32).collect();
        Expansion { coefficients: expansion.refit(y, &everybody).unwrap_or_default(), ..expansion }
    }

    /// The coefficients on another sample.
    pub(crate) fn refit(&self, y: &[f64], chosen: &[u32]) -> Option<Vec<f64>> {
        let rows: Vec<usize> = chosen.iter().map(|&i| i as usize).collect();
        let values: Vec<&[f64]> = self.values.iter().map(|values| &values[..]).collect();
        least_squares(&values, y, &rows)
    }
}

fn predict(values: &[&[f64]], coefficients: &[f64], i: usize) -> f64 {
    values.iter().zip(coefficients).map(|(values, c)| values[i] * c).sum()
}

/// The coefficients that fit some rows best; none where the terms cannot be separated.
fn least_squares(values: &[&[f64]], y: &[f64], rows: &[usize]) -> Option<Vec<f64>> {
    if values.is_empty() {
        return Some(vec![]);
    }
    let design = DMatrix::from_fn(rows.len(), values.len(), |i, k| values[k][rows[i]]);
    let right = design.tr_mul(&DVector::from_fn(rows.len(), |i, _| y[rows[i]]));
    let factor = design.tr_mul(&design).cholesky()?;
    Some(factor.solve(&right).as_slice().to_vec())
}

//! Resampling: how an estimate would have come out on another sample of the same kind.

use rand::RngExt;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

/// Repeatable chance for an analysis; that of members comes from the model.
pub fn random(seed: u64) -> Pcg64Mcg {
    Pcg64Mcg::seed_from_u64(seed)
}

/// So many samples of `n` out of `n` with replacement (Efron 1979, "Bootstrap methods: another
/// look at the jackknife").
pub fn resampled(n: usize, times: usize, seed: u64) -> impl Iterator<Item = Vec<u32>> {
    let mut random = random(seed);
    (0..times).map(move |_| (0..n).map(|_| random.random_range(0..n.max(1)) as u32).collect())
}

/// A number for each of `n`, evenly many of each in `0..folds`, in random order.
pub fn folds(n: usize, folds: usize, seed: u64) -> Vec<usize> {
    let mut random = random(seed);
    let mut all: Vec<usize> = (0..n).map(|i| i % folds).collect();
    for i in (1..n).rev() {
        all.swap(i, random.random_range(0..=i));
    }
    all
}

/// The middle 95 % of some estimates; not a number where there are none.
pub fn interval(estimates: Vec<f64>) -> (f64, f64) {
    (quantile(estimates.clone(), 0.025), quantile(estimates, 0.975))
}

/// The standard deviation of some estimates; 0 of fewer than two.
pub fn deviation(estimates: &[f64]) -> f64 {
    let n = estimates.len() as f64;
    let mean = estimates.iter().sum::<f64>() / n;
    let squares: f64 = estimates.iter().map(|x| (x - mean).powi(2)).sum();
    if n < 2.0 { 0.0 } else { (squares / (n - 1.0)).sqrt() }
}

/// A quantile, interpolated; not a number of nothing.
pub fn quantile(mut values: Vec<f64>, p: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    let at = p * last as f64;
    let (low, high) = (values[at.floor() as usize], values[at.ceil() as usize]);
    low + (high - low) * at.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_interpolated() {
        assert_eq!(quantile(vec![3.0, 1.0, 2.0, 4.0], 0.5), 2.5);
        assert!(quantile(vec![], 0.5).is_nan());
    }

    #[test]
    fn samples_repeat_and_folds_are_even() {
        let (a, b): (Vec<_>, Vec<_>) = (resampled(9, 3, 7).collect(), resampled(9, 3, 7).collect());
        assert_eq!(a, b);
        let folds = folds(10, 5, 1);
        assert!((0..5).all(|k| folds.iter().filter(|&&fold| fold == k).count() == 2));
    }
}

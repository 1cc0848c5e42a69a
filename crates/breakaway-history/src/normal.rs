//! Standard normal numbers that are the same on every processor.

use breakaway_model::rng::philox;

/// What random numbers are for: numbers of two purposes are independent.
pub(crate) mod purpose {
    /// Draws of the prior.
    pub(crate) const PRIOR: u32 = 1;
    /// Steps of particles.
    pub(crate) const STEP: u32 = 2;
    /// The choice of the particles that survive.
    pub(crate) const RESAMPLING: u32 = 3;
    /// Unknown quantities of a case that is forecast.
    pub(crate) const FORECAST_UNKNOWNS: u32 = 4;
    /// The part of the parameters that is a case's own.
    pub(crate) const OF_CASE: u32 = 5;
}

/// So many standard normal numbers for a purpose and a number (Box & Muller 1958, "A note on the
/// generation of random normal deviates").
pub(crate) fn normals(seed: u64, purpose: u32, number: u32, n: usize) -> Vec<f64> {
    let mut all = Vec::with_capacity(n + 3);
    let key = [seed as u32, (seed >> 32) as u32];
    for block in 0..n.div_ceil(4) as u32 {
        let [a, b, c, d] = philox([number, block, purpose, 0x6e6f_726d], key).map(unit);
        for (u, v) in [(a, b), (c, d)] {
            let radius = libm::sqrt(-2.0 * libm::log(u));
            let (sine, cosine) = libm::sincos(std::f64::consts::TAU * v);
            all.push(radius * cosine);
            all.push(radius * sine);
        }
    }
    all.truncate(n);
    all
}

/// A number in (0, 1) for a purpose and a number.
pub(crate) fn uniform(seed: u64, purpose: u32, number: u32) -> f64 {
    unit(philox([number, 0, purpose, 0x756e_6966], [seed as u32, (seed >> 32) as u32])[0])
}

fn unit(bits: u32) -> f64 {
    (f64::from(bits) + 0.5) / 4_294_967_296.0
}

/// The normal distribution function.
pub(crate) fn cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_are_normal_and_repeat() {
        let all: Vec<f64> = (0..200).flat_map(|k| normals(7, 1, k, 51)).collect();
        let n = all.len() as f64;
        let mean = all.iter().sum::<f64>() / n;
        let variance = all.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / n;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
        let inside = all.iter().filter(|z| z.abs() < 1.959_964).count() as f64 / n;
        assert!((inside - 0.95).abs() < 0.01, "{inside}");
        assert_eq!(normals(7, 1, 3, 5), normals(7, 1, 3, 9)[..5]);
    }
}

//! Elementary functions of a [`Lane`], of its own operations alone: the platform's library
//! would give other bits on other machines.

use crate::lanes::{Lane, WIDTH, each};

impl Lane {
    /// Exponential, to about two units in the last place; the argument is held between -87
    /// and 88. The reduction and the coefficients are those of Cephes `expf` (Moshier 1989).
    #[inline(always)]
    pub fn exp(self) -> Lane {
        const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23: adding it rounds to an integer
        each!(Lane, i => {
            let x = self.0[i];
            let x = if x < -87.0 { -87.0 } else { x };
            let x = if x > 88.0 { 88.0 } else { x };
            let shifted = x * std::f32::consts::LOG2_E + ROUND;
            let k = shifted - ROUND;
            let f = x - k * 0.693_359_4;
            let f = f - k * -2.121_944_4e-4;
            let s = f * f;
            let low = (0.5 + f * 1.666_666_5e-1) + s * (4.166_579_6e-2 + f * 8.333_452e-3);
            let p = low + (s * s) * (1.398_2e-3 + f * 1.987_569_1e-4);
            let y = p * s + f + 1.0;
            let power = (shifted.to_bits().wrapping_sub(0x4B40_0000)).wrapping_add(127) << 23;
            y * f32::from_bits(power)
        })
    }

    /// Natural logarithm, to about two units in the last place; what is below the smallest
    /// normal number counts as that number. Coefficients of Cephes `logf` (Moshier 1989).
    #[inline(always)]
    pub fn ln(self) -> Lane {
        each!(Lane, i => {
            let x = self.0[i];
            let x = if x < f32::MIN_POSITIVE { f32::MIN_POSITIVE } else { x };
            let bits = x.to_bits();
            // Mantissa in [sqrt(1/2), sqrt(2)): the exponent is corrected by one where needed.
            let lifted = bits.wrapping_sub(0x3F35_04F3);
            let e = ((lifted as i32) >> 23) as f32;
            let m = f32::from_bits((lifted & 0x007F_FFFF).wrapping_add(0x3F35_04F3)) - 1.0;
            let z = m * m;
            let p = octic(m, [
                3.333_333e-1, -2.499_999_4e-1, 2.000_071_5e-1, -1.666_805_8e-1, 1.424_932_3e-1,
                -1.242_014_1e-1, 1.167_699_9e-1, -1.151_461e-1, 7.037_683_6e-2,
            ]);
            let y = p * m * z + e * -2.121_944_4e-4 - z * 0.5;
            m + y + e * 0.693_359_4
        })
    }

    /// `self` to the power `exponent`, for a base that is not negative.
    #[inline(always)]
    pub fn pow(self, exponent: Lane) -> Lane {
        (self.ln() * exponent).exp()
    }

    /// Logistic function 1 / (1 + e^-x).
    #[inline(always)]
    pub fn logistic(self) -> Lane {
        1.0 / (1.0 + (-self).exp())
    }

    /// x / (x + half): 0 at 0, a half at `half`, close to 1 for large x. The saturating
    /// response that the mechanisms share (Michaelis-Menten, Holling's second type).
    #[inline(always)]
    pub fn saturate(self, half: impl Into<Lane>) -> Lane {
        let x = self.positive();
        x / (x + half.into())
    }

    /// Standard normal quantile of a probability in (0, 1), to about 1e-4 in the centre:
    /// Giles (2010), "Approximating the erfinv function", single precision, both branches.
    #[inline(always)]
    pub fn normal_quantile(self) -> Lane {
        let x = self * 2.0 - 1.0;
        // 1 - x^2 = 4u(1-u), written so that small tails keep their digits.
        let w = -((self * (1.0 - self) * 4.0).ln());
        let c = w - 2.5;
        let centre = each!(Lane, i => octic(c.0[i], [
            1.501_409_4, 2.466_407_3e-1, -4.177_681_6e-3, -1.253_725e-3, 2.185_808_7e-4,
            -4.391_506_6e-6, -3.523_387_7e-6, 3.432_739_5e-7, 2.810_226_4e-8,
        ]));
        let far = w.ge(5.0);
        let z = if far.any() { far.select(tail_quantile(w), centre) } else { centre };
        z * x * std::f32::consts::SQRT_2
    }
}

/// A polynomial of degree eight, the constant first, in Estrin's order: a processor that adds and
/// multiplies several numbers at a time need not wait for one after the other.
#[inline(always)]
fn octic(x: f32, a: [f32; 9]) -> f32 {
    let (x2, x4) = (x * x, (x * x) * (x * x));
    let low = (a[0] + a[1] * x) + (a[2] + a[3] * x) * x2;
    let high = (a[4] + a[5] * x) + (a[6] + a[7] * x) * x2;
    low + (high + a[8] * x4) * x4
}

/// The outer branch of [`Lane::normal_quantile`], needed for one uniform in three hundred.
#[inline(always)]
fn tail_quantile(w: Lane) -> Lane {
    let t = w.positive().sqrt() - 3.0;
    let tail = -2.002_142_6e-4;
    let tail = tail * t + 1.009_505_6e-4;
    let tail = tail * t + 1.349_343_2e-3;
    let tail = tail * t + -3.673_428_4e-3;
    let tail = tail * t + 5.739_507_6e-3;
    let tail = tail * t + -7.622_461e-3;
    let tail = tail * t + 9.438_870_5e-3;
    let tail = tail * t + 1.001_674;
    tail * t + 2.832_976_8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relative(found: f32, expected: f64) -> f64 {
        ((found as f64 - expected) / expected).abs()
    }

    #[test]
    fn exponential_and_logarithm_agree_with_the_library() {
        for k in -860..=860 {
            let x = k as f32 / 10.0;
            let y = Lane::splat(x).exp().0[3];
            assert!(relative(y, libm::exp(x as f64)) < 4e-7, "exp({x}) = {y}");
        }
        for k in 1..4000 {
            let x = (k as f32 / 100.0).powi(3);
            let y = Lane::splat(x).ln().0[0];
            let expected = libm::log(x as f64);
            assert!((y as f64 - expected).abs() < 3e-7 * expected.abs().max(1.0), "ln({x}) = {y}");
        }
        assert_eq!(Lane::splat(-1e9).exp(), Lane::splat(-87.0).exp());
        assert!(Lane::ZERO.ln().0[0] < -87.0);
    }

    #[test]
    fn normal_quantiles_are_the_published_ones() {
        // Abramowitz & Stegun, table 26.5.
        for (p, z) in [(0.5, 0.0), (0.841_344_8, 1.0), (0.975, 1.959_964), (0.999, 3.090_232)] {
            let found = Lane::splat(p).normal_quantile().0[7];
            assert!((found - z).abs() < 2e-4, "quantile({p}) = {found}, expected {z}");
            let mirrored = Lane::splat(1.0 - p).normal_quantile().0[7];
            assert!((mirrored + z).abs() < 2e-4);
        }
    }
}

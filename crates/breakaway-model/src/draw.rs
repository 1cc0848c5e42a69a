//! Random numbers of people: binomial draws in lanes.
//!
//! Few expected: exact inversion of the distribution function starting from zero, so
//! that an event of probability one in a hundred million happens that often. Many expected:
//! the normal quantile with the Cornish-Fisher correction for skewness, rounded. Both take
//! one uniform.

use crate::dispatch::dispatched;
use crate::lanes::{Count, Lane, Mask};

/// Expected numbers up to which the draw is exact.
pub(crate) const FEW: f32 = 6.0;
/// Below this probability a number of people is not drawn: what is left of the tail then is
/// rounding.
const NEVER: f32 = 1e-9;
/// Strides of the inversion; after each it looks whether all are done. P(X > 30 | mean 6) is below
/// 1e-11.
const STRIDES: usize = 5;
/// Steps of a stride.
const STRIDE: usize = 6;

dispatched! {
    /// How many of `n` people do what each does with probability `p`.
    pub fn binomial(n: &Count, p: &Lane, u: &Lane) -> Count = draw;
}

#[inline(always)]
fn draw(n: &Count, p: &Lane, u: &Lane) -> Count {
    let (n, p, u) = (*n, *p, *u);
    let wanted = n.gt(0) & p.gt(0.0);
    if !wanted.any() {
        return Count::ZERO;
    }
    let people = n.real();
    let p = p.unit();
    // The rarer of the two outcomes is drawn.
    let flip = p.gt(0.5);
    let rare = flip.select(1.0 - p, p);
    let mean = people * rare;
    let few = mean.le(FEW);
    let mut drawn = Count::ZERO;
    // Somebody acts with a probability of at most the mean: mostly the walk need not start. The
    // mask sees to it that a member's draw does not depend on whether another's is made.
    let walk = wanted & few & u.lt(mean);
    if walk.any() {
        drawn = inversion(people, rare, few.select(mean, 0.0), u).only(walk);
    }
    if (wanted & !few).any() {
        let many = cornish_fisher(mean, rare, u).min(n);
        drawn = many.only(!few) + drawn.only(few);
    }
    let drawn = drawn.min(n);
    ((n - drawn).only(flip) + drawn.only(!flip)).only(wanted)
}

/// Starts from P(X > 0) and walks up while the uniform lies below the tail that is left.
#[inline(always)]
fn inversion(n: Lane, p: Lane, mean: Lane, u: Lane) -> Count {
    // n ln(1 - p), by its series where p is small: the plain form would lose its digits there.
    let series = p * (1.0 + p * (0.5 + p * (1.0 / 3.0 + p * 0.25)));
    let large = p.ge(0.05) & mean.gt(0.0);
    let log_other = if large.any() { large.select(-((1.0 - p).ln()), series) } else { series };
    let log_none = -(mean.gt(0.0).select(n, 0.0)) * log_other;
    let none = log_none.exp();
    let x = -log_none;
    let small = x * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x * (1.0 / 24.0))));
    let mut tail = x.lt(0.05).select(small, 1.0 - none);
    let odds = p / (1.0 - p);
    let mut mass = none;
    let mut drawn = Lane::ZERO;
    let all = n * odds;
    for stride in 0..STRIDES {
        if !u.lt(tail).any() {
            break;
        }
        for step in 1..=STRIDE {
            let k = (stride * STRIDE + step) as f32;
            drawn = (u.lt(tail) & mass.gt(NEVER)).select(k, drawn);
            // (n - k + 1) odds / k, written so that it is exactly 0 where nobody is left.
            mass *= (all - odds * (k - 1.0)) * (1.0 / k);
            tail -= mass;
        }
    }
    drawn.round()
}

#[inline(always)]
fn cornish_fisher(mean: Lane, p: Lane, u: Lane) -> Count {
    // From the same side as the inversion: small uniforms are large numbers.
    let z = -u.normal_quantile();
    let spread = (mean * (1.0 - p)).sqrt();
    let skew = (1.0 - p * 2.0) * (z * z - 1.0) * (1.0 / 6.0);
    (mean + spread * z + skew).round()
}

/// Time to an event whose hazard changes from day to day: the event happens when the summed
/// hazard passes an exponential deviate that was drawn at the start. This is exact for a
/// hazard that is constant within a day, needs no draw a day, and keeps the chance of two
/// scenarios that differ in the hazard only comparable.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    left: Lane,
    /// Hazard of the last day on which it was let tick, a day; nothing where it was set since.
    pub hazard: Lane,
}

impl Clock {
    /// A clock set from a uniform.
    #[inline(always)]
    pub fn set(u: Lane) -> Clock {
        Clock { left: -(u.ln()), hazard: Lane::ZERO }
    }

    /// Lets a day with this hazard pass; the mask says where the event happens.
    #[inline(always)]
    pub fn tick(&mut self, hazard: Lane) -> Mask {
        self.hazard = hazard.positive();
        self.left -= self.hazard;
        self.left.le(0.0) & hazard.gt(0.0)
    }

    /// Sets it anew where the mask holds.
    #[inline(always)]
    pub fn reset(&mut self, mask: Mask, u: Lane) {
        self.left = mask.select(-(u.ln()), self.left);
        self.hazard = mask.select(0.0, self.hazard);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Simd;
    use crate::rng::{RandomStreams, Stream};

    fn moments(n: i32, p: f32) -> (f64, f64, f64) {
        let rounds = 4000;
        let (mut sum, mut squares, mut none) = (0.0, 0.0, 0.0);
        for day in 0..rounds {
            let random = RandomStreams::new(Simd::best(), 11, std::array::from_fn(|i| i as u32));
            let u = random.four(day, Stream::Citizens, 0)[0];
            for x in binomial(Simd::best(), &Count::splat(n), &Lane::splat(p), &u).0 {
                assert!((0..=n).contains(&x));
                sum += x as f64;
                squares += (x as f64).powi(2);
                none += f64::from(x == 0);
            }
        }
        let total = rounds as f64 * 16.0;
        let mean = sum / total;
        (mean, squares / total - mean * mean, none / total)
    }

    #[test]
    fn moments_are_those_of_the_distribution() {
        let cases =
            [(1, 0.3), (5, 0.5), (40, 0.02), (40, 0.9), (1000, 0.005), (1000, 0.02), (3_000_000, 0.4)];
        for (n, p) in cases {
            let (mean, variance, none) = moments(n, p);
            let (nf, pf) = (n as f64, p as f64);
            let expected = nf * pf;
            let error = (nf * pf * (1.0 - pf) / 64_000.0).sqrt();
            assert!((mean - expected).abs() < 5.0 * error + 1e-4 * expected, "mean of B({n},{p}): {mean}");
            let spread = nf * pf * (1.0 - pf);
            assert!((variance / spread - 1.0).abs() < 0.05, "variance of B({n},{p}): {variance}");
            let p0 = (1.0 - pf).powi(n);
            assert!((none - p0).abs() < 5.0 * (p0 / 64_000.0).sqrt() + 2e-4, "P(0) of B({n},{p}): {none}");
        }
    }

    #[test]
    fn rare_events_are_drawn_at_their_own_rate() {
        let yes = binomial(Simd::best(), &Count::splat(1000), &Lane::splat(1e-9), &Lane::splat(9.9e-7));
        let no = binomial(Simd::best(), &Count::splat(1000), &Lane::splat(1e-9), &Lane::splat(1.01e-6));
        assert_eq!((yes, no), (Count::splat(1), Count::ZERO));
    }

    #[test]
    fn the_far_tail_is_not_jumped_over() {
        // Poisson with mean 2.1: P(X > 12) = 3.6e-7 and P(X > 13) = 5.3e-8 (summed exactly).
        let (many, rare) = (Count::splat(1_000_000), Lane::splat(2.1e-6));
        let far = binomial(Simd::best(), &many, &rare, &Lane::splat(2e-7)).0;
        assert!(far.iter().all(|x| (12..=14).contains(x)), "{far:?}");
    }

    #[test]
    fn nothing_comes_of_nobody_and_everybody_of_certainty() {
        let u = Lane::splat(0.5);
        assert_eq!(binomial(Simd::best(), &Count::ZERO, &Lane::splat(0.5), &u), Count::ZERO);
        assert_eq!(binomial(Simd::best(), &Count::splat(9), &Lane::splat(0.0), &u), Count::ZERO);
        assert_eq!(binomial(Simd::best(), &Count::splat(9), &Lane::splat(1.0), &u), Count::splat(9));
        assert_eq!(binomial(Simd::best(), &Count::splat(9), &Lane::splat(f32::NAN), &u), Count::ZERO);
    }

    #[test]
    fn a_clock_keeps_an_exponential_time() {
        let mut days = 0.0;
        for member in 0..2000_u32 {
            let random = RandomStreams::new(Simd::best(), 3, std::array::from_fn(|i| member * 16 + i as u32));
            let mut clock = Clock::set(random.four(0, Stream::Fall, 0)[0]);
            let mut waiting = Mask::ALL;
            for day in 1..2000 {
                let rings = clock.tick(Lane::splat(0.02)) & waiting;
                days += rings.lanes().count() as f64 * day as f64;
                waiting = waiting & !rings;
            }
        }
        // The mean of a geometric time with daily probability 1 - exp(-0.02).
        let expected = 1.0 / (1.0 - libm::exp(-0.02));
        assert!((days / 32_000.0 - expected).abs() < 1.0, "{}", days / 32_000.0);
    }
}

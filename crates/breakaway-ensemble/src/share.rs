//! A share of simulations with its error and its interval, where simulations hang together in groups.

use statrs::distribution::{Beta, ContinuousCDF};

/// A share that was counted, and how precise it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Of how many.
    pub counted: f64,
    /// Variance of the share, from the differences between groups.
    pub variance: f64,
    /// Groups whose differences gave it, less one.
    pub freedom: f64,
}

impl Share {
    /// The share of groups that are independent of each other (counted, held in each), the groups being
    /// clusters of a ratio (Cochran 1977, "Sampling techniques", 3rd edition, chapter 6). None of fewer than
    /// two groups in which anything counts.
    pub fn of_groups(groups: impl Iterator<Item = (f64, f64)>) -> Option<Share> {
        let groups: Vec<(f64, f64)> = groups.filter(|(counted, _)| *counted > 0.0).collect();
        let (counted, held) = groups.iter().fold((0.0, 0.0), |(n, h), (m, more)| (n + m, h + more));
        let number = groups.len() as f64;
        if number < 2.0 {
            return None;
        }
        let value = held / counted;
        let spread: f64 = groups.iter().map(|(n, h)| (h - n * value).powi(2)).sum();
        let variance = spread * number / (number - 1.0) / (counted * counted);
        Some(Share { value, counted, variance, freedom: number - 1.0 })
    }

    /// Its 95 % interval: Student's on the logit scale, on which the two ends of the scale are as far away
    /// (Korn & Graubard 1999, "Analysis of health surveys", chapter 3). Groups that agree by chance do not
    /// make simulations worth more than they are. A share of 0 or 1 has the interval of Clopper & Pearson for
    /// independent simulations, in which as many are left out as so few groups take of the precision.
    pub fn interval(&self) -> (f64, f64) {
        let (p, student) = (self.value, student(self.freedom));
        if p <= 0.0 || p >= 1.0 {
            let n = self.counted * (NORMAL / student).powi(2);
            let far = 1.0 - libm::pow(0.025, 1.0 / n);
            return if p <= 0.0 { (0.0, far) } else { (1.0 - far, 1.0) };
        }
        let one = p * (1.0 - p);
        let reach = student * self.variance.max(one / self.counted).sqrt() / one;
        let logit = libm::log(p / (1.0 - p));
        let share = |x: f64| 1.0 / (1.0 + libm::exp(-x));
        (share(logit - reach), share(logit + reach))
    }

    /// Its 95 % interval by Jeffreys' prior, for as many independent simulations as would be as precise (Brown,
    /// Cai & DasGupta 2001, "Interval estimation for a binomial proportion"): for shares that are small, or
    /// nothing, and of which a difference is made.
    pub fn jeffreys(&self) -> (f64, f64) {
        let p = self.value;
        let worth = if self.variance > 0.0 { p * (1.0 - p) / self.variance } else { self.counted };
        let n = (worth * (NORMAL / student(self.freedom)).powi(2)).min(self.counted);
        let law = Beta::new(n * p + 0.5, n * (1.0 - p) + 0.5);
        law.map_or((0.0, 1.0), |law| (law.inverse_cdf(0.025).min(p), law.inverse_cdf(0.975).max(p)))
    }
}

/// The 97.5 % quantile of the normal distribution.
pub const NORMAL: f64 = 1.959_963_984_540_054;

/// The 97.5 % quantile of Student's distribution (Abramowitz & Stegun 1964, 26.7.5).
pub fn student(freedom: f64) -> f64 {
    let z = NORMAL;
    let (z2, n) = (z * z, freedom);
    let first = z * (z2 + 1.0) / 4.0;
    let second = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let third = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let fourth = z * ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92_160.0;
    z + (first + (second + (third + fourth / n) / n) / n) / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_quantiles_are_those_of_tables() {
        for (freedom, quantile) in [(4.0, 2.776_445), (9.0, 2.262_157), (19.0, 2.093_024), (199.0, 1.971_957)]
        {
            assert!((student(freedom) - quantile).abs() < 2e-3, "{freedom}: {}", student(freedom));
        }
    }

    #[test]
    fn independent_simulations_have_their_known_interval() {
        // 30 of 100: logit -0.8473, error 0.2182; 21.8 % to 39.7 %.
        let share = Share { value: 0.3, counted: 100.0, variance: 0.3 * 0.7 / 100.0, freedom: 1e9 };
        let (low, high) = share.interval();
        assert!((low - 0.2184).abs() < 1e-3 && (high - 0.3966).abs() < 1e-3, "{low} {high}");
    }

    #[test]
    fn what_never_or_always_holds_has_a_bound() {
        let never = Share::of_groups((0..100).map(|_| (10.0, 0.0))).expect("groups");
        let (low, high) = never.interval();
        // 1 - 0.025^(1/n) of 1,000, a little more for a hundred groups.
        assert!(low == 0.0 && (0.0036..0.0039).contains(&high), "{high}");
        let always = Share::of_groups((0..100).map(|_| (10.0, 10.0))).expect("groups");
        assert!((always.interval().0 - (1.0 - high)).abs() < 1e-9 && always.interval().1 == 1.0);
        assert_eq!(Share::of_groups([(10.0, 3.0)].into_iter()), None, "one group says nothing of others");
    }

    #[test]
    fn groups_that_differ_are_worth_fewer_simulations() {
        let alike = Share::of_groups((0..20).map(|_| (10.0, 5.0))).expect("groups");
        let apart = Share::of_groups((0..20).map(|k| (10.0, f64::from(k % 2) * 10.0))).expect("groups");
        let width = |share: &Share| share.interval().1 - share.interval().0;
        assert!((width(&alike) - 0.143).abs() < 0.02, "no more than 200 are worth: {}", width(&alike));
        assert!(width(&apart) > 0.4, "{}", width(&apart));
    }
}

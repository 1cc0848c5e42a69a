//! The parameter table: each parameter declared once, in its mechanism's file, with unit,
//! prior, source and meaning. Validation, `breakaway params`, the book's tables and the run
//! store's columns are all made from it.

use crate::lanes::Lane;
pub use crate::mechanism::{Params, table};
use std::borrow::Cow;

/// What is believed about a parameter before any data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Prior {
    /// Known, or fixed by a scenario.
    Fixed(f64),
    /// Any value in the range alike.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Any order of magnitude in the range alike.
    LogUniform {
        /// Lower end, above zero.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Normal, cut off at the ends of the range.
    Normal {
        /// Mean before the cut.
        mean: f64,
        /// Standard deviation before the cut.
        sd: f64,
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
}

impl Prior {
    /// The value at probability `p`: how a draw in the unit cube becomes a parameter.
    pub fn quantile(&self, p: f64) -> f64 {
        match *self {
            Prior::Fixed(x) => x,
            Prior::Uniform { low, high } => low + p * (high - low),
            Prior::LogUniform { low, high } => {
                libm::exp(libm::log(low) + p * (libm::log(high) - libm::log(low)))
            }
            Prior::Normal { mean, sd, low, high } => {
                let (a, b) = (normal_cdf((low - mean) / sd), normal_cdf((high - mean) / sd));
                (mean + sd * normal_quantile(a + p * (b - a))).clamp(low, high)
            }
        }
    }

    /// The middle value, which a scenario takes that draws nothing.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The smallest and the largest value.
    pub fn range(&self) -> (f64, f64) {
        match *self {
            Prior::Fixed(x) => (x, x),
            Prior::Uniform { low, high }
            | Prior::LogUniform { low, high }
            | Prior::Normal { low, high, .. } => (low, high),
        }
    }

    /// What makes it no distribution, if anything.
    pub fn fault(&self) -> Option<&'static str> {
        let finite = |xs: &[f64]| xs.iter().all(|x| x.is_finite());
        match *self {
            Prior::Fixed(x) if !x.is_finite() => Some("the value must be a finite number"),
            Prior::Uniform { low, high } if !finite(&[low, high]) => Some("both ends must be finite"),
            Prior::LogUniform { low, high } if !finite(&[low, high]) => Some("both ends must be finite"),
            Prior::Normal { mean, sd, low, high } if !finite(&[mean, sd, low, high]) => {
                Some("all four numbers must be finite")
            }
            Prior::Uniform { low, high }
            | Prior::LogUniform { low, high }
            | Prior::Normal { low, high, .. }
                if low > high =>
            {
                Some("`low` is larger than `high`")
            }
            Prior::LogUniform { low, .. } if low <= 0.0 => Some("`low` must be above 0 on a log scale"),
            Prior::Normal { sd, .. } if sd <= 0.0 => Some("`sd` must be above 0"),
            Prior::Normal { mean, sd, low, high } if low > mean + 8.0 * sd || high < mean - 8.0 * sd => {
                Some("the range is more than 8 standard deviations from the mean")
            }
            Prior::Fixed(_) | Prior::Uniform { .. } | Prior::LogUniform { .. } | Prior::Normal { .. } => None,
        }
    }
}

impl std::fmt::Display for Prior {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Prior::Fixed(x) => write!(f, "{x}"),
            Prior::Uniform { low, high } => write!(f, "uniform {low} to {high}"),
            Prior::LogUniform { low, high } => write!(f, "log-uniform {low} to {high}"),
            Prior::Normal { mean, sd, low, high } => {
                write!(f, "normal {mean} ± {sd} in [{low}, {high}]")
            }
        }
    }
}

fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// Bisection on the distribution function: fifty steps from ±9 leave an error below 1e-13.
/// Slow and certain; it runs once a draw and parameter.
fn normal_quantile(p: f64) -> f64 {
    let (mut low, mut high) = (-9.0, 9.0);
    for _ in 0..50 {
        let mid = 0.5 * (low + high);
        if normal_cdf(mid) < p {
            low = mid;
        } else {
            high = mid;
        }
    }
    0.5 * (low + high)
}

/// One parameter of the table.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Mechanism that owns it, or [`UNKNOWN`].
    pub mechanism: &'static str,
    /// Name within the mechanism.
    pub name: Cow<'static, str>,
    /// Unit.
    pub unit: &'static str,
    /// Prior.
    pub prior: Prior,
    /// Smallest and largest value that the mechanism's arithmetic bears.
    pub bounds: (f64, f64),
    /// Where the prior comes from; "judgement" where from nowhere else.
    pub source: Cow<'static, str>,
    /// Meaning.
    pub doc: Cow<'static, str>,
}

/// What replaces the mechanism for a scenario's unknown quantities.
pub const UNKNOWN: &str = "unknown";

impl Spec {
    /// Full name, `mechanism.name`.
    pub fn key(&self) -> String {
        format!("{}.{}", self.mechanism, self.name)
    }
}

/// Declares a mechanism's parameters: a struct of lanes, and their rows of the table.
macro_rules! parameters {
    ($mechanism:literal; $( $name:ident: $unit:literal, $prior:expr, $bounds:expr, $source:literal, $doc:literal; )+) => {
        /// The mechanism's parameters, drawn for each member.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Params {
            $( #[doc = $doc] pub $name: $crate::lanes::Lane, )+
        }

        /// The mechanism's rows of the parameter table.
        pub static TABLE: &[$crate::params::Spec] = &[
            $( $crate::params::Spec {
                mechanism: $mechanism,
                name: std::borrow::Cow::Borrowed(stringify!($name)),
                unit: $unit,
                prior: $prior,
                bounds: $bounds,
                source: std::borrow::Cow::Borrowed($source),
                doc: std::borrow::Cow::Borrowed($doc),
            }, )+
        ];

        impl Params {
            /// Takes the parameters in the order of the table.
            pub(crate) fn take(values: &mut impl Iterator<Item = $crate::lanes::Lane>) -> Params {
                Params { $( $name: values.next().unwrap_or_default(), )+ }
            }
        }
    };
}
pub(crate) use parameters;

/// Shorthands for the tables.
pub(crate) const fn uniform(low: f64, high: f64) -> Prior {
    Prior::Uniform { low, high }
}
pub(crate) const fn log_uniform(low: f64, high: f64) -> Prior {
    Prior::LogUniform { low, high }
}
pub(crate) const fn normal(mean: f64, sd: f64, low: f64, high: f64) -> Prior {
    Prior::Normal { mean, sd, low, high }
}

/// Every parameter at the middle of its prior, in the order of [`table`].
pub fn medians() -> Vec<Lane> {
    table().map(|spec| Lane::splat(spec.prior.median() as f32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_is_sound() {
        let mut keys = BTreeSet::new();
        for spec in table() {
            assert!(keys.insert(spec.key()), "{} is declared twice", spec.key());
            assert_eq!(spec.prior.fault(), None, "{}", spec.key());
            let (low, high) = spec.prior.range();
            assert!(
                spec.bounds.0 <= low && high <= spec.bounds.1,
                "{}: prior [{low}, {high}] leaves {:?}",
                spec.key(),
                spec.bounds
            );
            assert!(!spec.source.is_empty() && spec.doc.ends_with('.'), "{}", spec.key());
        }
        assert!(keys.len() <= 256, "the Sobol sequence has 256 dimensions");
    }

    #[test]
    fn quantiles_invert_the_distribution() {
        let prior = normal(0.0, 1.0, -9.0, 9.0);
        for (p, z) in [(0.025, -1.959_963_985), (0.5, 0.0), (0.9, 1.281_551_566)] {
            assert!((prior.quantile(p) - z).abs() < 1e-8);
        }
        let cut = normal(0.36, 0.25, 0.0, 1.0);
        assert!(cut.quantile(0.0) >= 0.0 && cut.quantile(1.0) <= 1.0);
        assert!((log_uniform(0.01, 1.0).median() - 0.1).abs() < 1e-12);
    }

    #[test]
    fn a_fault_is_named() {
        assert!(uniform(2.0, 1.0).fault().is_some());
        assert!(log_uniform(0.0, 1.0).fault().is_some());
        assert!(normal(0.0, 0.0, 0.0, 1.0).fault().is_some());
        assert!(Prior::Fixed(f64::NAN).fault().is_some());
        assert!(normal(100.0, 1.0, 0.0, 1.0).fault().is_some());
    }
}

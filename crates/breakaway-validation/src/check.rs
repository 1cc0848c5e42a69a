//! A published result and what was found.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What validation found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// Results that were checked.
    pub checks: Vec<Check>,
    /// Results that were not, with the reason.
    pub apart: Vec<NotChecked>,
}

impl Validation {
    /// The checks that do not hold.
    pub fn failed(&self) -> Vec<&Check> {
        self.checks.iter().filter(|check| !check.holds()).collect()
    }
}

/// A published result and what was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Number of the result in the list of targets.
    pub target: String,
    /// What is measured.
    pub what: String,
    /// The published figure.
    pub expected: f64,
    /// What the mechanism's code gives; none where it gives no number.
    pub found: Option<f64>,
    /// Smallest value found at which it holds.
    pub low: f64,
    /// Largest value found at which it holds.
    pub high: f64,
    /// Where the figure comes from.
    pub source: String,
}

impl Check {
    /// A figure that is met within a tolerance.
    pub fn within(
        target: &str,
        what: impl Into<String>,
        (expected, tolerance): (f64, f64),
        found: f64,
        source: &str,
    ) -> Check {
        let (low, high) = (expected - tolerance, expected + tolerance);
        let found = Some(found).filter(|found| found.is_finite());
        Check { target: target.into(), what: what.into(), expected, found, low, high, source: source.into() }
    }

    /// Whether it holds.
    pub fn holds(&self) -> bool {
        self.found.is_some_and(|found| (self.low..=self.high).contains(&found))
    }
}

/// A published result that is not checked: the model, as designed, has no counterpart for it, or
/// does not reproduce it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotChecked {
    /// Number of the result in the list of targets.
    pub target: Cow<'static, str>,
    /// What it is about.
    pub what: Cow<'static, str>,
    /// Why it is not checked.
    pub why: Cow<'static, str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_can_fail() {
        let check = |found| Check::within("", "", (1.0, 0.05), found, "");
        assert!(!check(1.1).holds() && !check(f64::NAN).holds() && check(0.96).holds());
    }
}

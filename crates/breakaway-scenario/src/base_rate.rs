//! Base rates: how often things of a kind have happened, without the model.

use crate::draft::Draft;
use crate::form::{Form, Must};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The base rates that come with the program; a scenario's own `base-rates.toml` adds to them.
pub(crate) const SHIPPED: &str = include_str!("../../../cases/base-rates.toml");

/// A base rate as it was written.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // documented where they are read
pub struct Written {
    pub text: String,
    pub rate: f32,
    pub low: f32,
    pub high: f32,
    pub a_year: bool,
    pub source: String,
}

/// A base rate, carried over to the days in which a claim can come true.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseRate {
    /// Reference class.
    pub class: String,
    /// What happens in it.
    pub text: String,
    /// Probability.
    pub probability: f64,
    /// Its 95 % interval.
    pub interval: (f64, f64),
    /// Where it comes from.
    pub source: String,
}

/// Reads the tables of base rates.
pub(crate) fn read(form: &mut Form, d: &mut Draft) {
    let rates = &mut d.base_rates;
    form.entries("base-rate", Must, "Base rates.", &BTreeSet::new(), |id, form| {
        read_one(form, rates.entry(id))
    });
}

fn read_one(form: &mut Form, rate: &mut Written) {
    form.text("text", &mut rate.text, Must, "What happens in a case of the class, in a sentence.");
    (rate.rate, rate.low, rate.high) = (f32::NAN, f32::NAN, f32::NAN);
    form.number("rate", &mut rate.rate, 0.0..=1.0, Must, "Share of the cases, or per year.");
    form.number("low", &mut rate.low, 0.0..=1.0, Must, "Lower end of its 95 % interval.");
    form.number("high", &mut rate.high, 0.0..=1.0, Must, "Upper end of its 95 % interval.");
    let mut per = None;
    form.choice("per", &mut per, &["case", "year"], Must, "What a case is: one event, or a country's year.");
    rate.a_year = per.is_some_and(|per| per.name == "year");
    form.text("source", &mut rate.source, Must, "Where the figures come from.");
    if rate.rate < rate.low || rate.rate > rate.high {
        let found = format!("the rate {} does not lie between {} and {}", rate.rate, rate.low, rate.high);
        form.fault(found, "`low` <= `rate` <= `high`");
    }
}

/// The text of the base rates that come with the program.
pub(crate) fn shipped() -> Arc<crate::diagnostic::Text> {
    let path = Path::new("cases/base-rates.toml").into();
    Arc::new(crate::diagnostic::Text { path, body: SHIPPED.into() })
}

impl Written {
    /// The base rate over so many days.
    pub(crate) fn over(&self, class: &str, days: u32) -> BaseRate {
        let years = f64::from(days) / 365.25;
        let carried = |rate: f32| {
            let rate = crate::scale::as_written(rate);
            if self.a_year { 1.0 - (1.0 - rate).powf(years) } else { rate }
        };
        BaseRate {
            class: class.into(),
            text: self.text.clone(),
            probability: carried(self.rate),
            interval: (carried(self.low), carried(self.high)),
            source: self.source.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yearly_rate_is_carried_over_to_the_days_of_a_claim() {
        let rate = Written { rate: 0.05, low: 0.04, high: 0.06, a_year: true, ..Written::default() };
        let two = rate.over("x", 730);
        assert!((two.probability - (1.0 - 0.95_f64.powf(730.0 / 365.25))).abs() < 1e-12);
        let case = Written { a_year: false, ..rate };
        assert_eq!((case.over("x", 730).probability, case.over("x", 7).interval), (0.05, (0.04, 0.06)));
    }
}

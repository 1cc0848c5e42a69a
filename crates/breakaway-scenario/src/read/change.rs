//! Shocks, levers, their dated changes, and quantities that nobody knows.

use super::cited;
use crate::change_kind::CHANGES;
use crate::draft::{Change, Lever, Unknown};
use crate::form::{Form, May, Must};
use breakaway_model::params::Prior;

/// A shock or a lever.
pub fn lever(form: &mut Form, l: &mut Lever) {
    form.text("text", &mut l.text, Must, "What changes, in a sentence.");
    if form.has("change") {
        l.changes.clear();
    }
    let words: Vec<&str> = CHANGES.iter().map(|kind| kind.name).collect();
    form.list("change", Must, "The dated changes.", |form| {
        let mut change = Change::default();
        form.date_or_name(
            "date",
            (&mut change.date, &mut change.unknown_day),
            "Day; or the unknown quantity that is its day, counted from the start.",
        );
        form.choice("what", &mut change.what, &words, Must, "What changes.");
        form.name(
            "of",
            &mut change.of,
            Must,
            "Whose: a polity, a sector, a side (`sector/polity`), a source.",
        );
        form.number_or_name(
            "value",
            (&mut change.value, &mut change.unknown_value),
            -MOST..=MOST,
            "By how much, by what factor, or to what; 1 or 0 for on or off; or an unknown quantity.",
        );
        l.changes.push(change);
    });
    cited(form, &mut l.source);
}

/// Largest value of an unknown quantity, as of a change.
const MOST: f64 = 1e6;

/// A quantity that nobody knows.
pub fn unknown(form: &mut Form, u: &mut Unknown) {
    form.text("text", &mut u.text, Must, "What is not known, in a sentence.");
    if let Some(prior) = distribution(form) {
        match prior.fault() {
            Some(fault) => form.fault(fault, "a distribution such as low = -0.1, high = 0.1"),
            None if prior.range().0 < -MOST || prior.range().1 > MOST => {
                form.fault("its range is too wide", "it must be between -1,000,000 and 1,000,000");
            }
            None => u.prior = Some(prior),
        }
    }
    cited(form, &mut u.source);
}

/// The keys of a distribution.
pub(super) fn distribution(form: &mut Form) -> Option<Prior> {
    let [mut low, mut high, mut mean, mut sd] = [f64::NAN; 4];
    let mut log = false;
    let any = f64::NEG_INFINITY..=f64::INFINITY;
    form.real("low", &mut low, any.clone(), Must, "Smallest value.");
    form.real("high", &mut high, any.clone(), Must, "Largest value.");
    form.flag("log", &mut log, May, "Whether every order of magnitude is alike.");
    form.real("mean", &mut mean, any.clone(), May, "Mean of a normal distribution cut off at the ends.");
    form.real("sd", &mut sd, any, May, "Its standard deviation.");
    if low.is_nan() || high.is_nan() {
        return None;
    }
    match (mean.is_nan(), sd.is_nan()) {
        (true, true) if log => Some(Prior::LogUniform { low, high }),
        (true, true) => Some(Prior::Uniform { low, high }),
        (false, false) if !log => Some(Prior::Normal { mean, sd, low, high }),
        (false, false) => {
            form.fault("`log` and `mean` do not go together", "leave one of them out");
            None
        }
        _ => {
            form.fault("`mean` and `sd` go together", "give both, or neither");
            None
        }
    }
}

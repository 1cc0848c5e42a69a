//! From a claim as it was written to a claim whose names are resolved.

mod entities;
mod expression;
mod references;
mod statement;

use crate::base_rate::BaseRate;
use crate::claim::{Claim, Statement};
use crate::diagnostic::{Diagnostic, Spot};
use crate::draft::{Day, Draft};
use crate::form::{Name, Notes, suggest};
use crate::names::Names;
use breakaway_model::world::World;
use jiff::civil::Date;

struct Resolver<'a> {
    draft: &'a Draft,
    world: &'a World,
    names: &'a Names,
    notes: &'a Notes,
    start: Date,
}

/// Resolves all claims of a draft; faults go to `notes`.
pub fn claims(draft: &Draft, world: &World, names: &Names, notes: &Notes) -> Vec<Claim> {
    let Some((start, _)) = draft.start else { return vec![] };
    let r = Resolver { draft, world, names, notes, start };
    let mut all = vec![];
    for (id, claim) in draft.claims.iter() {
        let Some(that) = claim.that.as_ref().and_then(|e| r.expression(e)) else { continue };
        let given = claim.given.as_ref().map(|e| r.expression(e));
        if given.as_ref().is_some_and(Option::is_none) {
            continue;
        }
        let outcome_day = claim.outcome_date.as_ref().and_then(|_| r.day(&claim.outcome_date));
        if let (Some(false), Some((_, spot))) = (claim.outcome, &claim.outcome_date) {
            r.note(
                spot,
                "a claim that did not come true has no date",
                "leave out `outcome_date`, or set `outcome = true`",
            );
        }
        let base_rate = claim.base_rate.as_ref().and_then(|class| r.base_rate(class, &that));
        all.push(Claim {
            id: id.name.clone(),
            text: claim.text.clone(),
            source: claim.source.clone(),
            note: claim.note.clone(),
            that,
            given: given.flatten(),
            outcome: claim.outcome,
            outcome_day,
            base_rate,
        });
    }
    if all.len() == draft.claims.len() {
        r.check_references(&all);
    }
    all
}

impl Resolver<'_> {
    fn note(&self, spot: &Spot, message: impl Into<String>, help: impl Into<String>) {
        self.notes.borrow_mut().push(Diagnostic::at(spot, message, help));
    }

    fn day(&self, date: &Day) -> Option<u32> {
        let (date, spot) = date.as_ref()?;
        let day = i64::from((*date - self.start).get_days());
        if day < 0 || day > i64::from(self.world.days) {
            let help = format!("it runs from {} for {} days", self.start, self.world.days);
            self.note(spot, format!("{date} is outside the scenario"), help);
            return None;
        }
        Some(day as u32)
    }

    fn base_rate(&self, class: &Name, that: &Statement) -> Option<BaseRate> {
        let rates = &self.draft.base_rates;
        let Some(found) = rates.find(&class.name) else {
            let help = suggest(self.notes, &class.name, rates.ids());
            self.note(&class.spot, format!("unknown base rate `{}`", class.name), help);
            return None;
        };
        let (from, to) = that.window().unwrap_or((1, self.world.days));
        Some(rates.as_slice()[found].1.over(&class.name, to + 1 - from))
    }
}

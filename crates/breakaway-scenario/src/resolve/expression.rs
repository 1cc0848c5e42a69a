//! One expression: of which kind it is, and what it consists of.

use super::Resolver;
use crate::claim::{Expression, Statement};
use crate::form::suggest;

impl Resolver<'_> {
    pub(super) fn expression(&self, e: &Expression) -> Option<Statement> {
        let spot = e.spot.as_ref()?;
        let kinds = [
            (!e.event.is_empty(), "event"),
            (e.observable.is_some(), "observable"),
            (e.first.is_some() || e.then.is_some(), "first/then"),
            (!e.all.is_empty(), "all"),
            (!e.any.is_empty(), "any"),
            (e.not.is_some(), "not"),
            (e.claim.is_some(), "claim"),
            (e.lever.is_some() || e.more.is_some(), "lever/more"),
        ];
        let given: Vec<&str> = kinds.iter().filter(|(there, _)| *there).map(|(_, name)| *name).collect();
        if given.len() != 1 {
            let found = if given.is_empty() { "none".into() } else { given.join(" and ") };
            let all = kinds.map(|(_, name)| name).join(", ");
            self.note(
                spot,
                format!("an expression is of one kind, but {found} is given"),
                format!("one of: {all}"),
            );
            return None;
        }
        if let Some(key) = misplaced(e, given[0]) {
            self.note(spot, format!("`{key}` has no meaning beside `{}`", given[0]), "leave it out");
            return None;
        }
        let (from, by) = (self.day(&e.from), self.day(&e.by));
        if (e.from.is_some() && from.is_none()) || (e.by.is_some() && by.is_none()) {
            return None;
        }
        let window = (from.unwrap_or(1).max(1), by.unwrap_or(self.world.days));
        if window.0 > window.1 {
            let at = e.from.as_ref().map_or(spot, |(_, at)| at);
            self.note(at, "`from` is after `by`", "swap them");
            return None;
        }
        match given[0] {
            "event" => self.happens(e, window),
            "observable" => self.threshold(e, window),
            "first/then" => {
                let (Some(first), Some(then)) = (&e.first, &e.then) else {
                    self.note(spot, "an order has a `first` and a `then`", "give both");
                    return None;
                };
                let (first, then) = (self.expression(first)?, self.expression(then)?);
                let events = |that: &Statement| matches!(that, Statement::Happens { .. });
                if e.same && !(events(&first) && events(&then)) {
                    self.note(spot, "`same` compares two events", "give an `event` in `first` and in `then`");
                    return None;
                }
                let within = if e.within > 0 { e.within as u32 } else { u32::MAX };
                Some(Statement::Order { first: Box::new(first), then: Box::new(then), same: e.same, within })
            }
            "all" => e.all.iter().map(|e| self.expression(e)).collect::<Option<_>>().map(Statement::All),
            "any" => e.any.iter().map(|e| self.expression(e)).collect::<Option<_>>().map(Statement::Any),
            "not" => Some(Statement::Not(Box::new(self.expression(e.not.as_ref()?)?))),
            "claim" => {
                let name = e.claim.as_ref()?;
                let found = self.draft.claims.find(&name.name);
                if found.is_none() {
                    let help = suggest(self.notes, &name.name, self.draft.claims.ids());
                    self.note(&name.spot, format!("unknown claim `{}`", name.name), help);
                }
                found.map(Statement::Claim)
            }
            _ => self.compared(e, spot, window),
        }
    }
}

/// A key that is given and has no meaning in an expression of this kind.
fn misplaced(e: &Expression, kind: &str) -> Option<&'static str> {
    let (event, observable) = (kind == "event", kind == "observable");
    let window = event || observable || kind == "lever/more";
    let keys = [
        ("of", !e.of.is_empty(), event || observable),
        ("cause", !e.cause.is_empty(), event),
        ("first_in", !e.first_in.is_empty(), event),
        ("at_least", e.at_least != 1, event || observable),
        ("above", e.above.is_some(), observable),
        ("below", e.below.is_some(), observable),
        ("every", e.every, observable),
        ("days", e.days != 1, observable),
        ("by", e.by.is_some(), window),
        ("from", e.from.is_some(), window),
        ("same", e.same, kind == "first/then"),
        ("within", e.within != 0, kind == "first/then"),
    ];
    keys.into_iter().find(|(_, given, fits)| *given && !fits).map(|(key, _, _)| key)
}

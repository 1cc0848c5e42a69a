//! From a claim as it was written to a claim whose names are resolved.

use crate::base_rate::BaseRate;
use crate::claim::{Claim, Events, Expression, Statement};
use crate::diagnostic::{Diagnostic, Spot, did_you_mean};
use crate::draft::{Day, Draft};
use crate::form::{Name, Notes};
use crate::names::{Names, position};
use breakaway_model::entity::{EntityKind, side_index};
use breakaway_model::event::{Cause, EventKind};
use breakaway_model::observe::{OBSERVABLES, by_name};
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
    for (id, claim) in &draft.claims.0 {
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
    if all.len() == draft.claims.0.len() {
        r.find_cycles(&all);
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
            self.note(spot, format!("{date} lies outside the scenario"), help);
            return None;
        }
        Some(day as u32)
    }

    fn base_rate(&self, class: &Name, that: &Statement) -> Option<BaseRate> {
        let rates = &self.draft.base_rates;
        let Some(found) = rates.find(&class.name) else {
            let help = did_you_mean(&class.name, rates.ids());
            self.note(&class.spot, format!("unknown base rate `{}`", class.name), help);
            return None;
        };
        let (from, to) = that.window().unwrap_or((1, self.world.days));
        Some(rates.0[found].1.over(&class.name, to + 1 - from))
    }

    fn expression(&self, e: &Expression) -> Option<Statement> {
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
            self.note(at, "`from` lies after `by`", "swap them");
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
                    let help = did_you_mean(&name.name, self.draft.claims.ids());
                    self.note(&name.spot, format!("unknown claim `{}`", name.name), help);
                }
                found.map(Statement::Claim)
            }
            _ => self.compared(e, spot, window),
        }
    }

    fn compared(&self, e: &Expression, spot: &Spot, window: (u32, u32)) -> Option<Statement> {
        let (Some(lever), Some(more)) = (&e.lever, &e.more) else {
            self.note(spot, "a comparison has a `lever` and a `more`", "give both");
            return None;
        };
        let Some(found) = self.draft.levers.find(&lever.name) else {
            let help = did_you_mean(&lever.name, self.draft.levers.ids());
            self.note(&lever.spot, format!("unknown lever `{}`", lever.name), help);
            return None;
        };
        match self.expression(more)? {
            Statement::Happens { events, .. } => {
                let active = self.draft.levers.0[found].1.active;
                Some(Statement::Compared { lever: found, active, events, window })
            }
            _ => {
                self.note(spot, "`more` counts events", "give an `event`");
                None
            }
        }
    }

    fn happens(&self, e: &Expression, window: (u32, u32)) -> Option<Statement> {
        let mut kinds = vec![];
        for name in &e.event {
            let Some(kind) = EventKind::by_name(&name.name) else {
                let help = did_you_mean(&name.name, EventKind::ALL.iter().map(|k| k.name()));
                self.note(&name.spot, format!("unknown event `{}`", name.name), help);
                return None;
            };
            kinds.push((kind, self.entities(&e.of, kind.entity_kind(), e)?));
        }
        let mut causes = vec![];
        for name in &e.cause {
            let Some(cause) = Cause::by_name(&name.name) else {
                let help = did_you_mean(&name.name, Cause::ALL.iter().map(|c| c.name()));
                self.note(&name.spot, format!("unknown cause `{}`", name.name), help);
                return None;
            };
            causes.push(cause);
        }
        let most = kinds.iter().map(|(_, entities)| entities.len()).max().unwrap_or(0);
        let at_least = self.at_least(e, most)?;
        let events = Events { kinds, causes };
        if e.first_in.is_empty() {
            return Some(Statement::Happens { events, at_least, window });
        }
        let group = self.entities(&e.first_in, events.kinds[0].0.entity_kind(), e)?;
        Some(Statement::FirstIn { events, group, window })
    }

    fn at_least(&self, e: &Expression, most: usize) -> Option<usize> {
        let wanted = e.at_least.max(1) as usize;
        if wanted > most || e.at_least == 0 {
            let spot = e.spot.as_ref()?;
            self.note(
                spot,
                format!("`at_least` = {}, but there are {most}", e.at_least),
                "it lies between 1 and their number",
            );
            return None;
        }
        Some(wanted)
    }

    fn threshold(&self, e: &Expression, window: (u32, u32)) -> Option<Statement> {
        let name = e.observable.as_ref()?;
        let Some(observable) = by_name(&name.name) else {
            let help = did_you_mean(&name.name, OBSERVABLES.iter().map(|o| o.name));
            self.note(&name.spot, format!("unknown observable `{}`", name.name), help);
            return None;
        };
        let scope = match observable.of {
            EntityKind::Polity => EntityKind::Polity,
            EntityKind::Region => EntityKind::Region,
            EntityKind::SectorSide => EntityKind::SectorSide,
        };
        let entities = self.entities(&e.of, scope, e)?;
        let (above, level) = match (e.above, e.below) {
            (Some(level), None) => (true, level),
            (None, Some(level)) => (false, level),
            _ => {
                self.note(&name.spot, "a threshold is either `above` or `below`", "give one of them");
                return None;
            }
        };
        let at_least = if e.every { entities.len() } else { self.at_least(e, entities.len())? };
        let days = e.days.max(1) as u32;
        if days > window.1 {
            self.note(&name.spot, format!("`days` = {days} is longer than the window"), "fewer days");
            return None;
        }
        Some(Statement::Threshold { observable, entities, at_least, level, above, days, window })
    }

    /// The entities of a scope that names stand for.
    fn entities(&self, of: &[Name], scope: EntityKind, e: &Expression) -> Option<Vec<usize>> {
        if of.is_empty() {
            self.note(e.spot.as_ref()?, "`of` is missing", "say whose: a polity, a region, a group, a side");
            return None;
        }
        let mut found = vec![];
        for name in of {
            let entities = self.stands_for(&name.name, scope);
            match entities {
                Some(entities) if !entities.is_empty() => found.extend(entities),
                Some(_) => {
                    self.note(
                        &name.spot,
                        format!("`{}` stands for nothing here", name.name),
                        "the group has no regions",
                    );
                    return None;
                }
                None => {
                    let known = self.names.all().filter(|n| self.stands_for(n, scope).is_some());
                    let what = match scope {
                        EntityKind::Polity => "polity",
                        EntityKind::Region => "region or group",
                        EntityKind::SectorSide => "side of a sector",
                    };
                    self.note(
                        &name.spot,
                        format!("unknown {what} `{}`", name.name),
                        did_you_mean(&name.name, known),
                    );
                    return None;
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        Some(found)
    }

    fn stands_for(&self, name: &str, scope: EntityKind) -> Option<Vec<usize>> {
        let polity = position(&self.names.polities, name);
        match scope {
            EntityKind::Polity => polity.map(|k| vec![k]),
            EntityKind::Region => {
                let region = position(&self.names.regions, name).map(|r| vec![r]);
                let group = || {
                    self.names.groups.iter().find(|(id, _)| id == name).map(|(_, regions)| regions.clone())
                };
                let all = || polity.map(|k| self.world.polities[k].regions.clone().collect());
                region.or_else(group).or_else(all)
            }
            EntityKind::SectorSide => {
                let side = position(&self.names.sides, name).map(|at| vec![at]);
                let sector =
                    || position(&self.names.sectors, name).map(|i| vec![side_index(i, 0), side_index(i, 1)]);
                let all = || {
                    let polity = polity?;
                    let sides = self.world.sectors.iter().enumerate();
                    let own = sides.flat_map(|(i, s)| {
                        (0..2).filter(move |&k| s.sides[k].polity == polity).map(move |k| side_index(i, k))
                    });
                    Some(own.collect())
                };
                side.or_else(sector).or_else(all)
            }
        }
    }

    /// A claim that refers, through others, to itself.
    fn find_cycles(&self, claims: &[Claim]) {
        fn refers(that: &Statement, into: &mut Vec<usize>) {
            match that {
                Statement::Claim(c) => into.push(*c),
                Statement::All(all) | Statement::Any(all) => all.iter().for_each(|that| refers(that, into)),
                Statement::Not(that) => refers(that, into),
                Statement::Order { first, then, .. } => {
                    [first, then].into_iter().for_each(|that| refers(that, into))
                }
                _ => {}
            }
        }
        for (start, claim) in claims.iter().enumerate() {
            let mut reached = vec![];
            refers(&claim.that, &mut reached);
            claim.given.iter().for_each(|given| refers(given, &mut reached));
            let mut at = 0;
            while at < reached.len() {
                let mut next = vec![];
                refers(&claims[reached[at]].that, &mut next);
                next.retain(|c| !reached.contains(c));
                reached.extend(next);
                at += 1;
            }
            if reached.contains(&start) {
                let (id, _) = &self.draft.claims.0[start];
                self.note(
                    &id.spot,
                    format!("the claim `{}` refers to itself", claim.id),
                    "claims may refer to others, but not in a circle",
                );
            }
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

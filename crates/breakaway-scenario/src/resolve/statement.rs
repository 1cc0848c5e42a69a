//! Statements about events, observables and levers.

use super::Resolver;
use crate::claim::{Events, Expression, Statement};
use crate::diagnostic::Spot;
use crate::form::suggest;
use crate::scale;
use breakaway_model::event::{Cause, EventKind};
use breakaway_model::observe::{OBSERVABLES, by_name};

impl Resolver<'_> {
    pub(super) fn compared(&self, e: &Expression, spot: &Spot, window: (u32, u32)) -> Option<Statement> {
        let (Some(lever), Some(more)) = (&e.lever, &e.more) else {
            self.note(spot, "a comparison has a `lever` and a `more`", "give both");
            return None;
        };
        let Some(found) = self.draft.levers.find(&lever.name) else {
            let help = suggest(self.notes, &lever.name, self.draft.levers.ids());
            self.note(&lever.spot, format!("unknown lever `{}`", lever.name), help);
            return None;
        };
        let Statement::Happens { events, .. } = self.expression(more)? else {
            self.note(spot, "`more` counts events", "give an `event`");
            return None;
        };
        let active = self.draft.levers.as_slice()[found].1.active;
        Some(Statement::Compared { lever: found, active, events, window })
    }

    pub(super) fn happens(&self, e: &Expression, window: (u32, u32)) -> Option<Statement> {
        let mut kinds = vec![];
        for name in &e.event {
            let Some(kind) = EventKind::by_name(&name.name) else {
                let help = suggest(self.notes, &name.name, EventKind::ALL.iter().map(|k| k.name()));
                self.note(&name.spot, format!("unknown event `{}`", name.name), help);
                return None;
            };
            kinds.push((kind, self.entities(&e.of, kind.entity_kind(), e)?));
        }
        let mut causes = vec![];
        for name in &e.cause {
            let Some(cause) = Cause::by_name(&name.name) else {
                let help = suggest(self.notes, &name.name, Cause::ALL.iter().map(|c| c.name()));
                self.note(&name.spot, format!("unknown cause `{}`", name.name), help);
                return None;
            };
            causes.push(cause);
        }
        // In one order, and each once: hazards are added up over them.
        kinds.sort_by_key(|(kind, _)| *kind);
        kinds.dedup_by_key(|(kind, _)| *kind);
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
                "it must be between 1 and their number",
            );
            return None;
        }
        Some(wanted)
    }

    pub(super) fn threshold(&self, e: &Expression, window: (u32, u32)) -> Option<Statement> {
        let name = e.observable.as_ref()?;
        let Some(observable) = by_name(&name.name) else {
            let help = suggest(self.notes, &name.name, OBSERVABLES.iter().map(|o| o.name));
            self.note(&name.spot, format!("unknown observable `{}`", name.name), help);
            return None;
        };
        let entities = self.entities(&e.of, observable.of, e)?;
        let (above, (level, spot)) = match (&e.above, &e.below) {
            (Some(level), None) => (true, level),
            (None, Some(level)) => (false, level),
            _ => {
                self.note(&name.spot, "a threshold needs either `above` or `below`", "give one of them");
                return None;
            }
        };
        let key = if above { "above" } else { "below" };
        if let Some((message, help)) = scale::fault(key, scale::as_written(*level), observable) {
            self.note(spot, message, help);
            return None;
        }
        let at_least = if e.every { entities.len() } else { self.at_least(e, entities.len())? };
        let days = e.days.max(1) as u32;
        if days > window.1 {
            self.note(&name.spot, format!("`days` = {days} is longer than the window"), "fewer days");
            return None;
        }
        Some(Statement::Threshold { observable, entities, at_least, level: *level, above, days, window })
    }
}

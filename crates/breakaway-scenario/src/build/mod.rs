//! From a draft to a world: names resolved, everything checked against everything.
//!
//! The stages run in the order of what they build on. A stage whose base is incomplete because of
//! a fault checks the names that it can check and builds nothing.

mod change;
mod openness;
mod places;
mod shares;
mod war;

use crate::diagnostic::Diagnostic;
use crate::draft::{Day, Draft, Entries};
use crate::form::{Name, Notes, suggest};
use crate::names::{Names, names};
use breakaway_model::world::{Change, MECHANISMS, World};
use change::When;
use jiff::civil::Date;

struct Builder<'a> {
    draft: &'a Draft,
    notes: &'a Notes,
    start: Date,
    days: u32,
    names: Names,
}

/// Days from one date to another; negative if the second is earlier.
pub(crate) fn days_between(start: Date, date: Date) -> i64 {
    i64::from((date - start).get_days())
}

/// A world, its names and the changes that each lever makes.
pub struct Built {
    /// The world.
    pub world: World,
    /// Names.
    pub names: Names,
    /// Changes by lever.
    pub levers: Vec<Vec<(u32, Change)>>,
}

/// Builds the world of a draft, if it has no fault; faults go to `notes`.
pub fn world(draft: &Draft, notes: &Notes) -> Option<Built> {
    let (Some((start, _)), Some((end, end_spot))) = (&draft.start, &draft.end) else { return None };
    let days = days_between(*start, *end);
    if !(1..=36_600).contains(&days) {
        let message = format!("the scenario has {days} days, from {start} to {end}");
        let help = "`end` must be after `start`, by at most a hundred years";
        notes.borrow_mut().push(Diagnostic::at(end_spot, message, help));
        return None;
    }
    let names = names(draft, notes);
    let b = Builder { draft, notes, start: *start, days: days as u32, names };
    let mut world = World { days: b.days, ..World::default() };
    for name in &draft.off {
        match MECHANISMS.iter().find(|(_, m)| *m == name.name) {
            Some((mechanism, _)) => world.off.switch_off(*mechanism),
            None => b.unknown(name, "mechanism", &mut MECHANISMS.iter().map(|(_, m)| *m)),
        }
    }
    b.movements(&mut world);
    b.polities(&mut world);
    b.regions(&mut world);
    b.communities(&mut world);
    b.links(&mut world);
    b.sectors(&mut world);
    b.sources(&mut world);
    b.shares(&mut world);
    b.unknowns();
    for (when, change) in draft.shocks.iter().flat_map(|(_, shock)| b.changes(&shock.changes, true)) {
        match when {
            When::Day(day) => world.changes.push((day, change)),
            When::Unknown(unknown) => world.undated.push((unknown, change)),
        }
    }
    let mut levers = vec![];
    for (_, lever) in draft.levers.iter() {
        let dated = b.changes(&lever.changes, false);
        let changes: Vec<_> = dated
            .into_iter()
            .filter_map(|(when, change)| match when {
                When::Day(day) => Some((day, change)),
                When::Unknown(_) => None,
            })
            .collect();
        if lever.active {
            world.changes.extend(&changes);
        }
        levers.push(changes);
    }
    b.totals(&world);
    notes.borrow().is_empty().then(|| Built { world: world.settle(), names: b.names, levers })
}

impl Builder<'_> {
    fn note(&self, name: &Name, message: impl Into<String>, help: impl Into<String>) {
        self.notes.borrow_mut().push(Diagnostic::at(&name.spot, message, help));
    }

    fn unknown(&self, name: &Name, what: &str, known: &mut dyn Iterator<Item = &str>) {
        self.note(name, format!("unknown {what} `{}`", name.name), suggest(self.notes, &name.name, known));
    }

    /// Whether every polity and every region of the draft is in the world, so that positions in the
    /// draft's lists are positions in the world's.
    fn complete(&self, world: &World) -> bool {
        world.polities.len() == self.draft.polities.len() && world.regions.len() == self.draft.regions.len()
    }

    fn find<T>(&self, entries: &Entries<T>, name: &Name, what: &str) -> Option<usize> {
        let found = entries.find(&name.name);
        if found.is_none() {
            self.unknown(name, what, &mut entries.ids());
        }
        found
    }

    fn region(&self, name: &Option<Name>) -> Option<usize> {
        let name = name.as_ref()?;
        let found = self.names.regions.find(&name.name);
        if found.is_none() {
            self.unknown(name, "region", &mut self.names.regions.iter());
        }
        found
    }

    /// The day of a date; a date outside the scenario is noted.
    fn day(&self, date: &Day) -> Option<u32> {
        let (date, spot) = date.as_ref()?;
        let day = days_between(self.start, *date);
        if day < 0 || day > i64::from(self.days) {
            let message = format!("{date} is outside the scenario");
            let help = format!("it starts on {} and has {} days", self.start, self.days);
            self.notes.borrow_mut().push(Diagnostic::at(spot, message, help));
            return None;
        }
        Some(day as u32)
    }

    fn totals(&self, world: &World) {
        let people = world.regions.iter().map(|r| i64::from(r.population) + i64::from(r.exiles)).sum::<i64>()
            + world.sectors.iter().flat_map(|s| &s.sides).map(|s| i64::from(s.soldiers)).sum::<i64>()
            + world
                .polities
                .iter()
                .map(|p| i64::from(p.reserve) + i64::from(p.wounded) + i64::from(p.mobile_guards))
                .sum::<i64>()
            + world.sources.iter().map(|s| i64::from(s.pool)).sum::<i64>();
        if people > 2_000_000_000 {
            let message = format!("the scenario has {people} people in all");
            let help = "it must not have more than 2,000,000,000";
            let spot = self.draft.spot.clone();
            self.notes.borrow_mut().push(Diagnostic { spot, ..Diagnostic::plain(message, help) });
        }
    }
}

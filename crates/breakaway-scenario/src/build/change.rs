//! Dated changes, and the unknown quantities that they use.

use super::Builder;
use crate::change_kind::{Target, by_name};
use crate::draft;
use crate::form::Name;
use crate::names::List;
use breakaway_model::entity::sector_and_side;
use breakaway_model::params::table;
use breakaway_model::world::{Amount, Change};
use std::collections::BTreeSet;

/// The day of a change: known, or an unknown quantity.
#[derive(Clone, Copy)]
pub(super) enum When {
    Day(u32),
    Unknown(usize),
}

/// Dimensions of the Sobol sequence.
const MOST_DIMENSIONS: usize = 256;

impl Builder<'_> {
    /// Checks that each unknown quantity is used, and that there are not too many.
    pub(super) fn unknowns(&self) {
        let unknowns = self.draft.unknowns.as_slice();
        let most = MOST_DIMENSIONS - table().count();
        if let Some((id, _)) = unknowns.get(most) {
            self.note(
                id,
                format!("there are {} unknown quantities", unknowns.len()),
                format!("at most {most}: each is a dimension of the design"),
            );
        }
        let levers = self.draft.shocks.iter().chain(self.draft.levers.iter());
        let changes: Vec<&draft::Change> = levers.flat_map(|(_, lever)| &lever.changes).collect();
        let used = changes.into_iter().flat_map(|change| [&change.unknown_day, &change.unknown_value]);
        let used: BTreeSet<&str> = used.flatten().map(|name| name.name.as_str()).collect();
        for (id, _) in unknowns {
            if !used.contains(id.name.as_str()) {
                self.note(
                    id,
                    format!("the unknown quantity `{}` is not used", id.name),
                    "name it as the `value` or `date` of a change",
                );
            }
        }
    }

    /// The changes of a shock or a lever. Only a shock may come on an unknown day.
    pub(super) fn changes(&self, changes: &[draft::Change], shock: bool) -> Vec<(When, Change)> {
        let mut found = vec![];
        for change in changes {
            let Some(what) = &change.what else { continue };
            let Some(change_of) = self.change(what, change) else { continue };
            let when = match &change.unknown_day {
                Some(name) if !shock => {
                    self.note(
                        name,
                        "a lever comes on a day",
                        "give a date; only shocks may come on an unknown day",
                    );
                    None
                }
                Some(_) => self.unknown_of(&change.unknown_day).map(When::Unknown),
                None => self.day(&change.date).map(|day| When::Day(day.max(1))),
            };
            found.extend(when.map(|when| (when, change_of)));
        }
        found
    }

    fn unknown_of(&self, name: &Option<Name>) -> Option<usize> {
        self.find(&self.draft.unknowns, name.as_ref()?, "quantity")
    }

    fn change(&self, what: &Name, change: &draft::Change) -> Option<Change> {
        let (of, target) = (change.of.as_ref()?, by_name(&what.name)?.target);
        let among = |list: &List, kind: &str| {
            let found = list.find(&of.name);
            if found.is_none() {
                self.unknown(of, kind, &mut list.iter());
            }
            found
        };
        let polity = || among(&self.names.polities, "polity");
        let side = || among(&self.names.sides, "side of a sector").map(sector_and_side);
        let amount = match &change.unknown_value {
            Some(name) if target.is_switch() => {
                let message = format!("`{}` is on or off", what.name);
                self.note(name, message, "give 1 or 0; its `date` may be unknown");
                return None;
            }
            Some(_) => Amount::Unknown(self.unknown_of(&change.unknown_value)?),
            None => Amount::Known(change.value),
        };
        let on = change.value != 0.0;
        match target {
            Target::Polity(make) => polity().map(|polity| make(polity, amount)),
            Target::PolitySwitch(make) => polity().map(|polity| make(polity, on)),
            Target::Source(make) => among(&self.names.sources, "source").map(|source| make(source, on)),
            Target::Sector(make) => among(&self.names.sectors, "sector").map(|sector| make(sector, amount)),
            Target::Side(make) => side().map(|(sector, side)| make(sector, side, amount)),
            Target::Order(make) => side().map(|(sector, side)| make(sector, side)),
        }
    }
}

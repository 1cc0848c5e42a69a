//! The entities that the names of a claim stand for.

use super::Resolver;
use crate::claim::Expression;
use crate::form::{Name, suggest};
use breakaway_model::entity::{EntityKind, side_index};

impl Resolver<'_> {
    /// The entities of a scope that names stand for.
    pub(super) fn entities(&self, of: &[Name], scope: EntityKind, e: &Expression) -> Option<Vec<usize>> {
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
                        format!("the group `{}` has no regions", name.name),
                        "name it in the column `groups` of regions.csv",
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
                        suggest(self.notes, &name.name, known),
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
        let polity = self.names.polities.find(name);
        match scope {
            EntityKind::Polity => polity.map(|k| vec![k]),
            EntityKind::Region => {
                let region = self.names.regions.find(name).map(|r| vec![r]);
                let group = || self.draft.groups.find(name).map(|group| self.names.groups[group].1.clone());
                let all = || polity.map(|k| self.world.polities[k].regions.clone().collect());
                region.or_else(group).or_else(all)
            }
            EntityKind::SectorSide => {
                let side = self.names.sides.find(name).map(|at| vec![at]);
                let sector =
                    || self.names.sectors.find(name).map(|i| vec![side_index(i, 0), side_index(i, 1)]);
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
}

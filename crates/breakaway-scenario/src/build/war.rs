//! The front and sources of recruits.

use super::Builder;
use breakaway_model::world::{Change, Sector, Side, Source, World};
use std::collections::BTreeSet;

impl Builder<'_> {
    pub(super) fn sectors(&self, world: &mut World) {
        let named = self.named_neighbours();
        for (i, (id, sector)) in self.draft.sectors.iter().enumerate() {
            let sides = sector.sides.as_slice();
            if sides.len() != 2 {
                self.note(
                    id,
                    format!("the sector `{}` has {} sides", id.name, sides.len()),
                    "a sector must have two sides: [sector.NAME.side.POLITY]",
                );
                continue;
            }
            let side = |k: usize| -> Option<Side> {
                let (name, side) = &sides[k];
                Some(Side {
                    polity: self.find(&self.draft.polities, name, "polity")?,
                    soldiers: side.soldiers,
                    establishment: side.establishment.unwrap_or(side.soldiers),
                    quality: side.quality,
                    cohesion: side.cohesion,
                    supply: side.supply,
                    crossing: side.crossing,
                    depth: side.depth,
                    belts: side.belts.clone(),
                })
            };
            let neighbours = self.neighbours(i, &named);
            let (Some(first), Some(second)) = (side(0), side(1)) else { continue };
            world.sectors.push(Sector {
                id: id.name.clone(),
                name: sector.name.clone(),
                sides: [first, second],
                neighbours,
                tempo: sector.tempo,
                importance: sector.importance,
            });
        }
    }

    /// Each sector with each that it names as its neighbour.
    fn named_neighbours(&self) -> BTreeSet<(usize, usize)> {
        let sectors = self.draft.sectors.iter().enumerate();
        let named = sectors.flat_map(|(i, (_, sector))| sector.neighbours.iter().map(move |name| (i, name)));
        named.filter_map(|(i, name)| Some((i, self.draft.sectors.find(&name.name)?))).collect()
    }

    /// The neighbours of a sector.
    fn neighbours(&self, i: usize, named: &BTreeSet<(usize, usize)>) -> Vec<usize> {
        let (id, sector) = &self.draft.sectors.as_slice()[i];
        let (mut neighbours, mut seen) = (vec![], BTreeSet::from([i]));
        for name in &sector.neighbours {
            let Some(other) = self.find(&self.draft.sectors, name, "sector") else { continue };
            if !seen.insert(other) {
                let message = format!("`{}` cannot be a neighbour here", name.name);
                self.note(name, message, "give each other sector once");
            } else if !named.contains(&(other, i)) {
                let message = format!("`{}` does not name `{}` as its neighbour", name.name, id.name);
                self.note(name, message, "each of two neighbours must name the other");
            } else {
                neighbours.push(other);
            }
        }
        neighbours
    }

    pub(super) fn sources(&self, world: &mut World) {
        for (j, (id, source)) in self.draft.sources.iter().enumerate() {
            let Some(polity) = &source.polity else { continue };
            let Some(polity) = self.find(&self.draft.polities, polity, "polity") else { continue };
            let began = source.opens.as_ref().is_some_and(|(date, _)| *date <= self.start);
            let opens = if began { None } else { self.day(&source.opens) };
            let closes = self.day(&source.closes);
            if let (Some(from), Some(to)) = (opens, closes)
                && to <= from
            {
                self.note(
                    id,
                    format!("the source `{}` closes before it opens", id.name),
                    "`closes` must be after `opens`",
                );
            }
            world.changes.extend(opens.map(|day| (day.max(1), Change::Source { source: j, open: true })));
            world.changes.extend(closes.map(|day| (day.max(1), Change::Source { source: j, open: false })));
            world.sources.push(Source {
                id: id.name.clone(),
                name: source.name.clone(),
                polity,
                pool: source.pool,
                apart: source.apart,
                intake: source.intake,
                training: source.training,
                quality: source.quality,
                cost: source.cost,
                compulsory: source.compulsory,
                open: opens.is_none() && (began || source.opens.is_none()),
                shares: vec![],
            });
        }
    }
}

//! The front and sources of recruits.

use super::Builder;
use crate::names::order_of_regions;
use breakaway_model::world::{Change, Sector, Side, Source, World};

impl Builder<'_> {
    pub(super) fn sectors(&self, world: &mut World) {
        for (i, (id, sector)) in self.draft.sectors.0.iter().enumerate() {
            let sides = &sector.sides.0;
            if sides.len() != 2 {
                self.note(
                    id,
                    format!("the sector `{}` has {} sides", id.name, sides.len()),
                    "a sector has two: [sector.NAME.side.POLITY]",
                );
                continue;
            }
            let side = |k: usize| -> Option<Side> {
                let (name, side) = &sides[k];
                Some(Side {
                    polity: self.find(&self.draft.polities, &Some(name.clone()), "polity")?,
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
            let mut neighbours = vec![];
            for name in &sector.neighbours {
                let Some(other) = self.find(&self.draft.sectors, &Some(name.clone()), "sector") else {
                    continue;
                };
                if other == i || neighbours.contains(&other) {
                    self.note(
                        name,
                        format!("`{}` cannot be a neighbour here", name.name),
                        "name each other sector once",
                    );
                } else if !self.draft.sectors.0[other].1.neighbours.iter().any(|n| n.name == id.name) {
                    self.note(
                        name,
                        format!("`{}` does not name `{}` as its neighbour", name.name, id.name),
                        "neighbours name each other",
                    );
                } else {
                    neighbours.push(other);
                }
            }
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

    pub(super) fn sources(&self, world: &mut World) {
        for (j, (id, source)) in self.draft.sources.0.iter().enumerate() {
            let Some(polity) = self.find(&self.draft.polities, &source.polity, "polity") else { continue };
            let began = source.opens.as_ref().is_some_and(|(date, _)| *date <= self.start);
            let opens = if began { None } else { self.day(&source.opens) };
            let closes = self.day(&source.closes);
            if let (Some(from), Some(to)) = (opens, closes)
                && to <= from
            {
                self.note(
                    id,
                    format!("the source `{}` closes before it opens", id.name),
                    "`closes` lies after `opens`",
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

    /// What depends on all regions of a polity: income, service, hinterland, the sources' shares.
    pub(super) fn shares(&self, world: &mut World) {
        let order = order_of_regions(self.draft);
        if world.regions.len() != order.len() {
            return;
        }
        let men: Vec<f64> = order
            .iter()
            .map(|&r| {
                let draft = &self.draft.regions[r];
                f64::from(if draft.men >= 0 { draft.men } else { draft.population / 4 })
            })
            .collect();
        let served: Vec<f64> =
            men.iter().zip(&order).map(|(m, &r)| m * f64::from(self.draft.regions[r].service)).collect();
        for polity in &world.polities {
            let range = polity.regions.clone();
            let sum = |values: &[f64]| values[range.clone()].iter().sum::<f64>().max(1e-9);
            let (all_men, all_served) = (sum(&men), sum(&served));
            let known: Vec<f64> = world.regions[range.clone()]
                .iter()
                .map(|r| f64::from(r.income))
                .filter(|w| w.is_finite())
                .collect();
            let mean = if known.is_empty() { 1.0 } else { known.iter().sum::<f64>() / known.len() as f64 };
            let hinterland: f32 = world.regions[range.clone()].iter().map(|r| r.hinterland).sum();
            for r in range.clone() {
                let region = &mut world.regions[r];
                region.income =
                    if region.income.is_finite() { region.income / mean.max(1e-9) as f32 } else { 1.0 };
                region.service = (served[r] / all_served) as f32;
                region.hinterland =
                    if hinterland > 0.0 { region.hinterland / hinterland } else { (men[r] / all_men) as f32 };
            }
        }
        for (source, (_, draft)) in world.sources.iter_mut().zip(&self.draft.sources.0) {
            let range = world.polities[source.polity.min(world.polities.len() - 1)].regions.clone();
            let weights =
                if draft.shares.as_ref().is_some_and(|s| s.name == "service") { &served } else { &men };
            let all = weights[range.clone()].iter().sum::<f64>().max(1e-9);
            source.shares = (0..world.regions.len())
                .map(|r| if range.contains(&r) { (weights[r] / all) as f32 } else { 0.0 })
                .collect();
        }
    }
}

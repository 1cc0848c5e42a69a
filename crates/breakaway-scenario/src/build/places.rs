//! Polities, their regions, communities and links.

use super::{Builder, days_between, openness};
use crate::diagnostic::Diagnostic;
use breakaway_model::world::{Movement, Polity, Region, World};
use std::collections::BTreeSet;
use std::ops::Range;

impl Builder<'_> {
    pub(super) fn movements(&self, world: &mut World) {
        for (id, movement) in self.draft.movements.iter() {
            world.movements.push(Movement {
                id: id.name.clone(),
                name: movement.name.clone(),
                exile: movement.exile,
            });
        }
    }

    /// The positions of each polity's regions.
    fn regions_of(&self) -> Vec<Range<usize>> {
        let mut ranges = vec![0..0; self.draft.polities.len()];
        for (position, region) in self.draft.regions.iter().enumerate() {
            if let Some(k) = region.polity.as_ref().and_then(|polity| self.draft.polities.find(&polity.name))
            {
                let start = if ranges[k].is_empty() { position } else { ranges[k].start };
                ranges[k] = start..position + 1;
            }
        }
        ranges
    }

    pub(super) fn polities(&self, world: &mut World) {
        for ((id, polity), regions) in self.draft.polities.iter().zip(self.regions_of()) {
            if regions.is_empty() {
                let message = format!("the polity `{}` has no region", id.name);
                self.note(id, message, "regions.csv must have at least one row with this polity");
                continue;
            }
            let capital = self.region(&polity.capital).unwrap_or(regions.start);
            if let (Some(name), false) = (&polity.capital, regions.contains(&capital)) {
                let message = format!("the capital `{}` is in another polity", name.name);
                self.note(name, message, format!("give a region of `{}`", id.name));
            }
            if polity.strength > polity.baseline {
                self.note(
                    id,
                    format!("`strength` = {} is above `baseline` = {}", polity.strength, polity.baseline),
                    "a regime returns up to its baseline, so `strength` must not be above it",
                );
            }
            world.polities.push(Polity {
                id: id.name.clone(),
                name: polity.name.clone(),
                capital,
                regions,
                strength: polity.strength,
                baseline: polity.baseline,
                in_office: self.days_in_office(polity),
                treasury: polity.treasury,
                news: polity.news,
                reserve: polity.reserve,
                reserve_quality: polity.reserve_quality,
                wounded: polity.wounded,
                army_target: polity.army_target,
                mobile_guards: polity.mobile_guards,
                openness: openness::by_day(&polity.openness, self.start, self.days),
            });
        }
    }

    /// Days from a new government's taking office to the start.
    fn days_in_office(&self, polity: &crate::draft::Polity) -> Option<f32> {
        let (since, spot) = polity.in_office_since.as_ref()?;
        let days = days_between(*since, self.start);
        if days < 0 {
            self.notes.borrow_mut().push(Diagnostic::at(
                spot,
                format!("{since} is after the start, {}", self.start),
                "give a day up to the start, or leave it out: the simulation decides whether a government falls later",
            ));
        }
        Some(days.max(0) as f32)
    }

    pub(super) fn regions(&self, world: &mut World) {
        for draft in &self.draft.regions {
            let (Some(id), Some(polity)) = (&draft.id, &draft.polity) else { continue };
            let Some(polity) = self.find(&self.draft.polities, polity, "polity") else { continue };
            let rates = &self.draft.polities.as_slice()[polity].1;
            let rate = |per_thousand: f32| {
                (f64::from(draft.population) * f64::from(per_thousand) / 1000.0).round() as i32
            };
            let officials = draft.officials.unwrap_or_else(|| rate(rates.officials_per_1000));
            let guards = draft.guards.unwrap_or_else(|| rate(rates.guards_per_1000));
            let help = "`population` counts everybody";
            if [officials, guards, draft.fighters].map(i64::from).iter().sum::<i64>()
                > i64::from(draft.population)
            {
                let message = format!("`{}` has more officials, guards and fighters than people", id.name);
                self.note(id, message, help);
            }
            if draft.men > draft.population {
                self.note(id, format!("`{}` has more men of military age than people", id.name), help);
            }
            world.regions.push(Region {
                id: id.name.clone(),
                name: draft.name.clone(),
                polity,
                population: draft.population,
                officials,
                guards,
                fighters: draft.fighters,
                exiles: draft.exiles,
                deputies: draft.deputies,
                organisation: draft.organisation,
                income: draft.income,
                service: draft.service,
                hinterland: draft.hinterland,
                ..Region::default()
            });
        }
    }

    pub(super) fn communities(&self, world: &mut World) {
        let complete = self.complete(world);
        let mut sums = vec![0.0; self.names.regions.len()];
        for community in &self.draft.communities {
            let named = community.movement.as_ref();
            let movement = named.and_then(|name| self.find(&self.draft.movements, name, "movement"));
            let Some(r) = self.region(&community.region) else { continue };
            let Some(id) = &community.id else { continue };
            sums[r] += f64::from(community.share);
            if sums[r] > 1.0 + 1e-6 {
                self.note(
                    id,
                    format!(
                        "the shares of the communities of `{}` add up to more than 1",
                        self.names.regions.at(r)
                    ),
                    "the shares of a region must add up to at most 1",
                );
            }
            if !(community.homeland && complete) {
                continue;
            }
            let region = &mut world.regions[r];
            region.community_share += community.share;
            region.identity += community.share * community.grievance;
            if region.movement.is_some() && movement.is_some() && region.movement != movement {
                self.note(
                    id,
                    format!("the communities of `{}` have two movements", self.names.regions.at(r)),
                    "the communities at home in a region must have the same movement",
                );
            }
            region.movement = region.movement.or(movement);
        }
    }

    pub(super) fn links(&self, world: &mut World) {
        let complete = self.complete(world);
        let mut seen = BTreeSet::new();
        for link in &self.draft.links {
            let (Some(a), Some(b), Some(from)) = (self.region(&link.a), self.region(&link.b), &link.a) else {
                continue;
            };
            if a == b {
                let message = format!("`{}` has a link to itself", from.name);
                self.note(from, message, "a link must join two different regions");
            } else if !seen.insert((a.min(b), a.max(b))) {
                let (a, b) = (self.names.regions.at(a), self.names.regions.at(b));
                let message = format!("the link of `{a}` and `{b}` appears twice");
                self.note(from, message, "give each pair once, in either order");
            } else if complete {
                world.regions[a].neighbours.push(b);
                world.regions[b].neighbours.push(a);
            }
        }
    }
}

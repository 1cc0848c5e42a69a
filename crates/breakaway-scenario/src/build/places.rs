//! Polities, their regions, communities and links.

use super::{Builder, days_between};
use crate::diagnostic::Diagnostic;
use breakaway_model::world::{Movement, Polity, Region, World};
use jiff::civil::Date;

impl Builder<'_> {
    pub(super) fn movements(&self, world: &mut World) {
        for (id, movement) in &self.draft.movements.0 {
            world.movements.push(Movement {
                id: id.name.clone(),
                name: movement.name.clone(),
                exile: movement.exile,
            });
        }
    }

    pub(super) fn polities(&self, world: &mut World, order: &[usize]) {
        for (k, (id, polity)) in self.draft.polities.0.iter().enumerate() {
            let of = |r: &usize| self.draft.regions[*r].polity.as_ref().is_some_and(|p| p.name == id.name);
            let first = order.iter().position(&of);
            let count = order.iter().filter(|r| of(r)).count();
            let Some(first) = first else {
                self.note(
                    id,
                    format!("the polity `{}` has no region", id.name),
                    "give it one in regions.csv",
                );
                continue;
            };
            let regions = first..first + count;
            let capital = self.region(&polity.capital).unwrap_or(first);
            if let (Some(name), false) = (&polity.capital, regions.contains(&capital)) {
                self.note(
                    name,
                    format!("the capital `{}` lies in another polity", name.name),
                    "name one of its own regions",
                );
            }
            let openness = (0..=self.days).map(|day| openness(&polity.openness, self.start, day)).collect();
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
                openness,
            });
            if polity.strength > polity.baseline {
                self.note(
                    id,
                    format!("`strength` {} lies above `baseline` {}", polity.strength, polity.baseline),
                    "a regime returns up to its baseline",
                );
            }
            debug_assert!(k < self.draft.polities.0.len());
        }
    }

    /// Days from a new government's taking office to the start.
    fn days_in_office(&self, polity: &crate::draft::Polity) -> Option<f32> {
        let (since, spot) = polity.in_office_since.as_ref()?;
        let days = days_between(*since, self.start);
        if days < 0 {
            self.notes.borrow_mut().push(Diagnostic::at(
                spot,
                format!("{since} lies after the start, {}", self.start),
                "name a day up to the start, or leave it out: whether a government falls later is the model's to say",
            ));
        }
        Some(days.max(0) as f32)
    }

    pub(super) fn regions(&self, world: &mut World, order: &[usize]) {
        for (position, &r) in order.iter().enumerate() {
            let draft = &self.draft.regions[r];
            let Some(id) = &draft.id else { continue };
            let Some(polity) = self.find(&self.draft.polities, &draft.polity, "polity") else { continue };
            let rates = &self.draft.polities.0[polity].1;
            let rate = |per_thousand: f32| {
                (f64::from(draft.population) * f64::from(per_thousand) / 1000.0).round() as i32
            };
            let officials = draft.officials.unwrap_or_else(|| rate(rates.officials_per_1000));
            let guards = draft.guards.unwrap_or_else(|| rate(rates.guards_per_1000));
            if [officials, guards, draft.fighters].map(i64::from).iter().sum::<i64>()
                > i64::from(draft.population)
            {
                self.note(
                    id,
                    format!("`{}` has more officials, guards and fighters than people", id.name),
                    "`population` counts everybody",
                );
            }
            if draft.men > draft.population {
                self.note(
                    id,
                    format!("`{}` has more men of age than people", id.name),
                    "`population` counts everybody",
                );
            }
            debug_assert!(position <= world.regions.len() || world.regions.len() < order.len());
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
        if world.regions.len() != self.names.regions.len() {
            return;
        }
        let mut sums = vec![0.0; world.regions.len()];
        for community in &self.draft.communities {
            let movement = self.find(&self.draft.movements, &community.movement, "movement");
            let Some(r) = self.region(&community.region) else { continue };
            let Some(id) = &community.id else { continue };
            sums[r] += f64::from(community.share);
            if sums[r] > 1.0 + 1e-6 {
                self.note(
                    id,
                    format!(
                        "the communities of `{}` have more than all of its people",
                        self.names.regions[r]
                    ),
                    "the shares of a region add up to at most 1",
                );
            }
            if community.homeland {
                let region = &mut world.regions[r];
                region.community_share += community.share;
                region.identity += community.share * community.grievance;
                if region.movement.is_some() && movement.is_some() && region.movement != movement {
                    self.note(
                        id,
                        format!("`{}` has two movements", self.names.regions[r]),
                        "the peoples at home in one region share a movement",
                    );
                }
                region.movement = region.movement.or(movement);
            }
        }
    }

    pub(super) fn links(&self, world: &mut World) {
        let mut seen: Vec<(usize, usize)> = vec![];
        for link in &self.draft.links {
            let (Some(a), Some(b)) = (self.region(&link.a), self.region(&link.b)) else { continue };
            let (Some(from), true) = (&link.a, world.regions.len() == self.names.regions.len()) else {
                continue;
            };
            if a == b {
                self.note(from, format!("`{}` is linked with itself", from.name), "a link joins two regions");
                continue;
            }
            if seen.contains(&(a, b)) || seen.contains(&(b, a)) {
                self.note(
                    from,
                    format!(
                        "the link of `{}` and `{}` stands twice",
                        self.names.regions[a], self.names.regions[b]
                    ),
                    "each pair stands once, in either order",
                );
                continue;
            }
            seen.push((a, b));
            world.regions[a].neighbours.push(b);
            world.regions[b].neighbours.push(a);
        }
    }
}

/// Openness on a day: straight lines between the points, constant outside.
fn openness(points: &[(Date, f32)], start: Date, day: u32) -> f32 {
    let day = f64::from(day);
    let at = |date: Date| days_between(start, date) as f64;
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return 0.0 };
    if day <= at(first.0) {
        return first.1;
    }
    for pair in points.windows(2) {
        let (from, to) = (at(pair[0].0), at(pair[1].0));
        if day < to {
            let part = ((day - from) / (to - from)) as f32;
            return pair[0].1 + part * (pair[1].1 - pair[0].1);
        }
    }
    last.1
}

//! From a draft to a world: names resolved, everything checked against everything.

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::draft::{Day, Draft, Entries};
use crate::form::{Name, Notes};
use crate::names::{Names, names, order_of_regions, position};
use breakaway_model::world::{Change, MECHANISMS, Movement, Polity, Region, Sector, Side, Source, World};
use jiff::civil::Date;

struct Builder<'a> {
    draft: &'a Draft,
    notes: &'a Notes,
    start: Date,
    days: u32,
    names: Names,
}

/// Days between two dates, if the second is later.
fn days_between(start: Date, date: Date) -> i64 {
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

/// Builds the world of a draft; faults go to `notes`.
pub fn world(draft: &Draft, notes: &Notes) -> Option<Built> {
    let (Some((start, _)), Some((end, end_spot))) = (&draft.start, &draft.end) else { return None };
    let days = days_between(*start, *end);
    let fault = |diagnostic| notes.borrow_mut().push(diagnostic);
    if !(1..=36_600).contains(&days) {
        let message = format!("from {start} to {end} are {days} days");
        fault(Diagnostic::at(end_spot, message, "`end` lies after `start`, by at most a hundred years"));
        return None;
    }
    let order = order_of_regions(draft);
    let names = names(draft, &order, notes);
    let b = Builder { draft, notes, start: *start, days: days as u32, names };
    let mut world = World { days: b.days, ..World::default() };
    for name in &draft.off {
        match MECHANISMS.iter().find(|(_, m)| *m == name.name) {
            Some((mechanism, _)) => world.off.switch_off(*mechanism),
            None => b.unknown(name, "mechanism", &mut MECHANISMS.iter().map(|(_, m)| *m)),
        }
    }
    b.movements(&mut world);
    b.polities(&mut world, &order);
    b.regions(&mut world, &order);
    b.communities(&mut world);
    b.links(&mut world);
    b.sectors(&mut world);
    b.sources(&mut world);
    b.shares(&mut world);
    let shocks = draft.shocks.0.iter().map(|(_, shock)| shock);
    for change in shocks.flat_map(|shock| b.changes(&shock.changes)) {
        world.changes.push(change);
    }
    let mut levers = vec![];
    for (_, lever) in &draft.levers.0 {
        let changes = b.changes(&lever.changes);
        if lever.active {
            world.changes.extend(&changes);
        }
        levers.push(changes);
    }
    b.totals(&world);
    Some(Built { world: world.settle(), names: b.names, levers })
}

impl Builder<'_> {
    fn note(&self, name: &Name, message: impl Into<String>, help: impl Into<String>) {
        self.notes.borrow_mut().push(Diagnostic::at(&name.spot, message, help));
    }

    fn unknown(&self, name: &Name, what: &str, known: &mut dyn Iterator<Item = &str>) {
        self.note(name, format!("unknown {what} `{}`", name.name), did_you_mean(&name.name, known));
    }

    fn find<T: Default>(&self, entries: &Entries<T>, name: &Option<Name>, what: &str) -> Option<usize> {
        let name = name.as_ref()?;
        let found = entries.find(&name.name);
        if found.is_none() {
            self.unknown(name, what, &mut entries.ids());
        }
        found
    }

    fn region(&self, name: &Option<Name>) -> Option<usize> {
        let name = name.as_ref()?;
        let found = position(&self.names.regions, &name.name);
        if found.is_none() {
            self.unknown(name, "region", &mut self.names.regions.iter().map(String::as_str));
        }
        found
    }

    /// The day of a date, noted where it lies outside the scenario.
    fn day(&self, date: &Day) -> Option<u32> {
        let (date, spot) = date.as_ref()?;
        let day = days_between(self.start, *date);
        if day < 0 || day > i64::from(self.days) {
            let message = format!("{date} lies outside the scenario");
            let help = format!("it runs from {} for {} days", self.start, self.days);
            self.notes.borrow_mut().push(Diagnostic::at(spot, message, help));
            return None;
        }
        Some(day as u32)
    }

    fn movements(&self, world: &mut World) {
        for (id, movement) in &self.draft.movements.0 {
            world.movements.push(Movement {
                id: id.name.clone(),
                name: movement.name.clone(),
                exile: movement.exile,
            });
        }
    }

    fn polities(&self, world: &mut World, order: &[usize]) {
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

    fn regions(&self, world: &mut World, order: &[usize]) {
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
            if i64::from(officials) + i64::from(guards) > i64::from(draft.population) {
                self.note(
                    id,
                    format!("`{}` has more officials and guards than people", id.name),
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
                exiles: draft.exiles,
                deputies: draft.deputies,
                organisation: draft.organisation,
                wealth: draft.income,
                service: draft.service,
                entry: draft.hinterland,
                ..Region::default()
            });
        }
    }

    fn communities(&self, world: &mut World) {
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

    fn links(&self, world: &mut World) {
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

    fn sectors(&self, world: &mut World) {
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

    fn sources(&self, world: &mut World) {
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

    /// What depends on all regions of a polity: wealth, service, entry, the sources' shares.
    fn shares(&self, world: &mut World) {
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
                .map(|r| f64::from(r.wealth))
                .filter(|w| w.is_finite())
                .collect();
            let mean = if known.is_empty() { 1.0 } else { known.iter().sum::<f64>() / known.len() as f64 };
            let entry: f32 = world.regions[range.clone()].iter().map(|r| r.entry).sum();
            for r in range.clone() {
                let region = &mut world.regions[r];
                region.wealth =
                    if region.wealth.is_finite() { region.wealth / mean.max(1e-9) as f32 } else { 1.0 };
                region.service = (served[r] / all_served) as f32;
                region.entry = if entry > 0.0 { region.entry / entry } else { (men[r] / all_men) as f32 };
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

    fn changes(&self, changes: &[crate::draft::Change]) -> Vec<(u32, Change)> {
        let mut found = vec![];
        for change in changes {
            let (Some(day), Some(what), Some(of)) = (self.day(&change.date), &change.what, &change.of) else {
                continue;
            };
            if let Some(resolved) = self.change(&what.name, of, change.value) {
                found.push((day.max(1), resolved));
            }
        }
        found
    }

    fn change(&self, what: &str, of: &Name, value: f32) -> Option<Change> {
        let among = |list: &[String], kind: &str| {
            let found = position(list, &of.name);
            if found.is_none() {
                self.unknown(of, kind, &mut list.iter().map(String::as_str));
            }
            found
        };
        let polity = || among(&self.names.polities, "polity");
        let side = || among(&self.names.sides, "side of a sector").map(|at| (at / 2, at % 2));
        let on = value != 0.0;
        Some(match what {
            "strength" => Change::Strength { polity: polity()?, add: value },
            "baseline" => Change::Baseline { polity: polity()?, add: value },
            "news" => Change::News { polity: polity()?, add: value },
            "treasury" => Change::Treasury { polity: polity()?, add: value },
            "identity-factor" => Change::Identity { polity: polity()?, factor: value.max(0.0) },
            "congress" => Change::Congress { polity: polity()?, size: value.max(0.0) },
            "hold-guards" => Change::HoldGuards { polity: polity()?, hold: on },
            "war" => Change::War { polity: polity()?, fights: on },
            "source" => Change::Source { source: among(&self.names.sources, "source")?, open: on },
            "tempo" => Change::Tempo { sector: among(&self.names.sectors, "sector")?, set: value.max(0.0) },
            _ => {
                let (sector, side) = side()?;
                match what {
                    "supply" => Change::Supply { sector, side, set: value.clamp(0.0, 1.0) },
                    "crossing-factor" => Change::Crossing { sector, side, factor: value.max(0.0) },
                    "quality-factor" => Change::Quality { sector, side, factor: value.max(0.0) },
                    "cohesion" => Change::Cohesion { sector, side, add: value },
                    _ => Change::Withdraw { sector, side },
                }
            }
        })
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
            let spot = self.draft.spot.clone();
            self.notes.borrow_mut().push(Diagnostic {
                message: format!("the scenario has {people} people in all"),
                spot,
                file: None,
                help: "at most 2,000,000,000 are counted".into(),
            });
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

//! Who goes first, by which path, and how long the cascade takes from step to step.

use crate::Manifest;
use crate::history::{Happening, first_of_each};
use breakaway_model::event::{Cause, Kind};
use std::collections::BTreeMap;

/// The order of declarations and the steps of the cascade.
pub struct Order {
    /// Members in which any region declares.
    pub members: u32,
    /// Regions by the probability of being first, then of declaring at all.
    pub regions: Vec<Rank>,
    /// Groups of regions, the same.
    pub groups: Vec<Rank>,
    /// Steps of the cascade, in its order.
    pub steps: Vec<Step>,
}

/// How early a region, or a group of them, declares.
#[derive(Default)]
pub struct Rank {
    /// Region or group.
    pub name: String,
    /// Probability of being first, given that any region declares.
    pub first: f64,
    /// Probability of being among the first three, the same.
    pub among_three: f64,
    /// Probability of declaring, over all members.
    pub declares: f64,
    /// Of its first declarations, how many by each path: legal, vacuum, armed.
    pub paths: [u32; 3],
}

/// A step of the cascade.
pub struct Step {
    /// What happens.
    pub name: &'static str,
    /// Share of the members in which it is taken.
    pub share: f64,
    /// Median day.
    pub day: Option<u32>,
    /// Median of days since the front first gave way, in members with both.
    pub after_front: Option<i64>,
    /// Members with both.
    pub with_both: u32,
}

/// The steps, each the first of some kinds of event.
const STEPS: [(&str, &[Kind]); 8] = [
    (
        "The front first gives way (rout, sector lost or given up)",
        &[Kind::Rout, Kind::SectorLost, Kind::Withdrawn],
    ),
    ("Half of the front has collapsed", &[Kind::FrontCollapse]),
    ("A garrison fails", &[Kind::GarrisonFails]),
    ("A region has a vacuum of administration", &[Kind::Vacuum]),
    ("Mass protest in a region", &[Kind::MassProtest]),
    ("A region declares that it leaves", &[Kind::Declared]),
    ("A region is independent in fact", &[Kind::Independent]),
    ("The regime falls", &[Kind::Fall]),
];

impl Order {
    /// Of a polity in a run, and of what belongs to it.
    pub fn of(manifest: &Manifest, polity: usize, histories: &BTreeMap<u32, Vec<Happening>>) -> Order {
        let own = |happening: &Happening| {
            manifest.names.polity_of_event(happening.kind, happening.entity) == Some(polity)
        };
        let histories: Vec<Vec<Happening>> = histories
            .values()
            .map(|history| first_of_each(history).into_iter().filter(own).collect())
            .collect();
        let all = f64::from(manifest.counted()).max(1.0);
        let group = |(name, _): &(String, _)| Rank { name: name.clone(), ..Rank::default() };
        let mut groups: Vec<Rank> = manifest.groups.iter().map(group).collect();
        let mut regions: BTreeMap<usize, Rank> = BTreeMap::new();
        let mut members = 0;
        for history in &histories {
            let declared: Vec<&Happening> = history.iter().filter(|h| h.kind == Kind::Declared).collect();
            members += u32::from(!declared.is_empty());
            for (place, happening) in declared.iter().enumerate() {
                regions.entry(happening.entity).or_default().count(place, happening.cause);
            }
            for (rank, (_, own)) in groups.iter_mut().zip(&manifest.groups) {
                if let Some(place) = declared.iter().position(|happening| own.contains(&happening.entity)) {
                    rank.count(place, declared[place].cause);
                }
            }
        }
        let named = |(r, rank): (usize, Rank)| Rank { name: manifest.names.regions[r].1.clone(), ..rank };
        let ranked = |ranks: Vec<Rank>| ranked(ranks, f64::from(members.max(1)), all);
        let steps = STEPS.iter().map(|(name, kinds)| step(&histories, all, name, kinds)).collect();
        Order {
            members,
            regions: ranked(regions.into_iter().map(named).collect()),
            groups: ranked(groups),
            steps,
        }
    }
}

impl Rank {
    fn count(&mut self, place: usize, path: Cause) {
        self.first += f64::from(u8::from(place == 0));
        self.among_three += f64::from(u8::from(place < 3));
        self.declares += 1.0;
        let path = [Cause::Legal, Cause::Vacuum, Cause::Armed].iter().position(|known| *known == path);
        if let Some(path) = path {
            self.paths[path] += 1;
        }
    }
}

/// Counts become shares: of the members in which anybody declares, and of all.
fn ranked(mut ranks: Vec<Rank>, given: f64, all: f64) -> Vec<Rank> {
    ranks.retain(|rank| rank.declares > 0.0);
    for rank in &mut ranks {
        rank.first /= given;
        rank.among_three /= given;
        rank.declares /= all;
    }
    ranks.sort_by(|a, b| {
        b.first.total_cmp(&a.first).then(b.declares.total_cmp(&a.declares)).then(a.name.cmp(&b.name))
    });
    ranks
}

fn first_day(history: &[Happening], kinds: &[Kind]) -> Option<i64> {
    history.iter().find(|happening| kinds.contains(&happening.kind)).map(|happening| i64::from(happening.day))
}

fn step(histories: &[Vec<Happening>], all: f64, name: &'static str, kinds: &[Kind]) -> Step {
    let front = STEPS[0].1;
    let days = |history: &Vec<Happening>| Some((first_day(history, kinds)?, first_day(history, front)));
    let found: Vec<(i64, Option<i64>)> = histories.iter().filter_map(days).collect();
    let after: Vec<i64> = found.iter().filter_map(|(day, front)| Some(day - (*front)?)).collect();
    Step {
        name,
        share: found.len() as f64 / all,
        day: median(found.iter().map(|(day, _)| *day).collect()).map(|day| day as u32),
        with_both: after.len() as u32,
        after_front: if kinds == front { None } else { median(after) },
    }
}

fn median(mut all: Vec<i64>) -> Option<i64> {
    all.sort_unstable();
    all.get(all.len() / 2).copied()
}

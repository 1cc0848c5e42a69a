//! Who goes first, by which path, and how long the cascade takes from step to step.

use breakaway_ensemble::EventRecord;
use breakaway_ensemble::event_record::first_of_each;
use breakaway_model::event::{Cause, EventKind};
use breakaway_store::Manifest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The order of declarations and the steps of the cascade.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cascade {
    /// Simulations in which any region declares.
    pub simulations: u32,
    /// Regions by the probability of being first, then of declaring at all.
    pub regions: Vec<Rank>,
    /// Groups of regions, the same.
    pub groups: Vec<Rank>,
    /// Steps of the cascade, in its order.
    pub steps: Vec<Step>,
}

/// How early a region, or a group of them, declares.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rank {
    /// Region or group.
    pub name: String,
    /// Probability of being first, given that any region declares.
    pub first: f64,
    /// Probability of being among the first three, the same.
    pub among_three: f64,
    /// Probability of declaring, over all simulations.
    pub declares: f64,
    /// Of its first declarations, how many by each path: legal, vacuum, armed.
    pub paths: [u32; 3],
}

/// A step of the cascade.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What happens.
    pub kind: StepKind,
    /// Share of the simulations in which it is taken.
    pub share: f64,
    /// Median day.
    pub day: Option<u32>,
    /// Median of days since the front first gave way, in simulations with both.
    pub after_front: Option<i64>,
    /// Simulations with both.
    pub with_both: u32,
}

/// What a step of the cascade is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// The front first gives way: a rout, a sector lost or given up.
    FrontGivesWay,
    /// Half of the front has collapsed.
    FrontCollapses,
    /// A garrison fails.
    GarrisonFails,
    /// A region has a vacuum of administration.
    Vacuum,
    /// Mass protest in a region.
    MassProtest,
    /// A region declares that it leaves.
    Declared,
    /// A region is independent in fact.
    Independent,
    /// The regime falls.
    RegimeFalls,
}

/// The steps, each the first of some kinds of event.
const STEPS: [(StepKind, &[EventKind]); 8] = [
    (StepKind::FrontGivesWay, &[EventKind::Rout, EventKind::SectorLost, EventKind::Withdrawn]),
    (StepKind::FrontCollapses, &[EventKind::FrontCollapse]),
    (StepKind::GarrisonFails, &[EventKind::GarrisonFails]),
    (StepKind::Vacuum, &[EventKind::Vacuum]),
    (StepKind::MassProtest, &[EventKind::MassProtest]),
    (StepKind::Declared, &[EventKind::Declared]),
    (StepKind::Independent, &[EventKind::Independent]),
    (StepKind::RegimeFalls, &[EventKind::Fall]),
];

impl Cascade {
    /// Of a polity in a run, and of what belongs to it.
    pub fn of(manifest: &Manifest, polity: usize, histories: &BTreeMap<u32, Vec<EventRecord>>) -> Cascade {
        let own = |event: &EventRecord| manifest.entities.get(event.entity()).polity == polity;
        let histories: Vec<Vec<EventRecord>> = histories
            .values()
            .map(|history| first_of_each(history).into_iter().filter(own).collect())
            .collect();
        let all = f64::from(manifest.counted()).max(1.0);
        let group = |(name, _): &(String, _)| Rank { name: name.clone(), ..Rank::default() };
        let mut groups: Vec<Rank> = manifest.groups.iter().map(group).collect();
        let mut regions: BTreeMap<usize, Rank> = BTreeMap::new();
        let mut simulations = 0;
        for history in &histories {
            let declared: Vec<&EventRecord> =
                history.iter().filter(|h| h.kind == EventKind::Declared).collect();
            simulations += u32::from(!declared.is_empty());
            for (place, event) in declared.iter().enumerate() {
                regions.entry(event.entity as usize).or_default().count(place, event.cause);
            }
            for (rank, (_, own)) in groups.iter_mut().zip(&manifest.groups) {
                if let Some(place) = declared.iter().position(|event| own.contains(&(event.entity as usize)))
                {
                    rank.count(place, declared[place].cause);
                }
            }
        }
        let named =
            |(r, rank): (usize, Rank)| Rank { name: manifest.entities.regions[r].name.clone(), ..rank };
        let ranked = |ranks: Vec<Rank>| ranked(ranks, f64::from(simulations.max(1)), all);
        let steps = STEPS.iter().map(|(kind, kinds)| step(&histories, all, *kind, kinds)).collect();
        Cascade {
            simulations,
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

fn first_day(history: &[EventRecord], kinds: &[EventKind]) -> Option<i64> {
    history.iter().find(|event| kinds.contains(&event.kind)).map(|event| i64::from(event.day))
}

fn step(histories: &[Vec<EventRecord>], all: f64, kind: StepKind, kinds: &[EventKind]) -> Step {
    let front = STEPS[0].1;
    let days = |history: &Vec<EventRecord>| Some((first_day(history, kinds)?, first_day(history, front)));
    let found: Vec<(i64, Option<i64>)> = histories.iter().filter_map(days).collect();
    let after: Vec<i64> = found.iter().filter_map(|(day, front)| Some(day - (*front)?)).collect();
    Step {
        kind,
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

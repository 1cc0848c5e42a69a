//! Who goes first, by which path, and how long the cascade takes from step to step.

use crate::charts::Charts;
use breakaway_ensemble::Manifest;
use breakaway_ensemble::history::Happening;
use breakaway_model::event::{Cause, Kind};
use std::collections::BTreeMap;

/// Regions shown in the table of declarations.
const SHOWN: usize = 15;

/// The order of declarations and the steps of the cascade.
pub(crate) struct Order {
    /// Members in which any region declares.
    pub(crate) members: u32,
    /// Regions by the probability of being first, then of declaring at all.
    pub(crate) regions: Vec<Rank>,
    /// Groups of regions, the same.
    pub(crate) groups: Vec<Rank>,
    /// Steps of the cascade, in its order.
    pub(crate) steps: Vec<Step>,
}

/// How early a region, or a group of them, declares.
#[derive(Default)]
pub(crate) struct Rank {
    pub(crate) name: String,
    /// Probability of being first, given that any region declares.
    pub(crate) first: f64,
    /// Probability of being among the first three, the same.
    pub(crate) among_three: f64,
    /// Probability of declaring, over all members.
    pub(crate) declares: f64,
    /// Of its first declarations, how many by each path: legal, vacuum, armed.
    pub(crate) paths: [u32; 3],
}

/// A step of the cascade.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// Share of the members in which it is taken.
    pub(crate) share: f64,
    /// Median day.
    pub(crate) day: Option<u32>,
    /// Median of days since the front first gave way, in members with both.
    pub(crate) after_front: Option<i64>,
    /// Members with both.
    pub(crate) with_both: u32,
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
    /// Of a run's histories.
    pub(crate) fn of(
        manifest: &Manifest,
        charts: &Charts,
        histories: &BTreeMap<u32, Vec<Happening>>,
    ) -> Order {
        let names = &manifest.names;
        let all = f64::from(manifest.design.members().saturating_sub(manifest.failed).max(1));
        let mut regions: BTreeMap<usize, Rank> = BTreeMap::new();
        let mut groups: Vec<Rank> =
            manifest.groups.iter().map(|(name, _)| Rank { name: name.clone(), ..Rank::default() }).collect();
        let mut members = 0;
        for history in histories.values() {
            let declared = first_declarations(history, &charts.own_regions);
            if declared.is_empty() {
                continue;
            }
            members += 1;
            for (place, happening) in declared.iter().enumerate() {
                let name = &names.regions[happening.entity].1;
                let rank = regions.entry(happening.entity).or_default();
                rank.name.clone_from(name);
                rank.count(place, happening.cause);
            }
            for (rank, (_, own)) in groups.iter_mut().zip(&manifest.groups) {
                let place = declared.iter().position(|happening| own.contains(&happening.entity));
                if let Some(place) = place {
                    rank.count(place, declared[place].cause);
                }
            }
        }
        let given = f64::from(members.max(1));
        let mut regions: Vec<Rank> = regions.into_values().collect();
        for rank in regions.iter_mut().chain(&mut groups) {
            rank.first /= given;
            rank.among_three /= given;
            rank.declares /= all;
        }
        for list in [&mut regions, &mut groups] {
            list.retain(|rank| rank.declares > 0.0);
            list.sort_by(|a, b| {
                b.first.total_cmp(&a.first).then(b.declares.total_cmp(&a.declares)).then(a.name.cmp(&b.name))
            });
        }
        regions.truncate(SHOWN);
        let steps =
            STEPS.iter().map(|(name, kinds)| step(manifest, charts, histories, all, name, kinds)).collect();
        Order { members, regions, groups, steps }
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

/// Each region's first declaration, in order of time.
fn first_declarations(history: &[Happening], regions: &[usize]) -> Vec<Happening> {
    let mut found: Vec<Happening> = vec![];
    for happening in history {
        let new = found.iter().all(|known| known.entity != happening.entity);
        if happening.kind == Kind::Declared && new && regions.contains(&happening.entity) {
            found.push(*happening);
        }
    }
    found
}

/// Whether something happened to the polity that the page is about, or to what is its own.
fn is_own(manifest: &Manifest, charts: &Charts, happening: &Happening) -> bool {
    use breakaway_model::event::Scope;
    let names = &manifest.names;
    match happening.kind.scope() {
        Scope::Polity => happening.entity == charts.polity,
        Scope::Region => names.region_polities.get(happening.entity) == Some(&charts.polity),
        Scope::SectorSide => names.side_polities.get(happening.entity) == Some(&charts.polity),
    }
}

fn first_day(manifest: &Manifest, charts: &Charts, history: &[Happening], kinds: &[Kind]) -> Option<u16> {
    let own = history.iter().filter(|h| kinds.contains(&h.kind) && is_own(manifest, charts, h));
    own.map(|happening| happening.day).min()
}

fn step(
    manifest: &Manifest,
    charts: &Charts,
    histories: &BTreeMap<u32, Vec<Happening>>,
    all: f64,
    name: &'static str,
    kinds: &[Kind],
) -> Step {
    let (mut days, mut after): (Vec<i64>, Vec<i64>) = (vec![], vec![]);
    for history in histories.values() {
        let Some(day) = first_day(manifest, charts, history, kinds) else { continue };
        days.push(i64::from(day));
        if let Some(front) = first_day(manifest, charts, history, STEPS[0].1) {
            after.push(i64::from(day) - i64::from(front));
        }
    }
    Step {
        name,
        share: days.len() as f64 / all,
        day: median(&mut days).map(|day| day as u32),
        with_both: after.len() as u32,
        after_front: if kinds == STEPS[0].1 { None } else { median(&mut after) },
    }
}

fn median(all: &mut [i64]) -> Option<i64> {
    all.sort_unstable();
    all.get(all.len() / 2).copied()
}

//! Why a claim comes true: the chains of events that lead to it, and where they broke off where it did not.

use super::Interval;
use crate::LoadedRun;
use breakaway_ensemble::{EventRecord, Share};
use breakaway_model::event::{Cause, EventKind};
use breakaway_scenario::claim::{Events, Statement};
use breakaway_store::because;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Chains that are reported.
const REPORTED: usize = 3;
/// Chains that a smaller share of the simulations takes are left out (judgement).
const LEAST: f64 = 0.05;

/// The chains of events that lead to a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chains {
    /// Simulations in which it comes true.
    pub simulations: u32,
    /// The most frequent chains.
    pub chains: Vec<Chain>,
    /// Simulations that count and in which it does not come true.
    pub others: u32,
    /// How far these came along the most frequent chain: the share that broke off before each of its steps, and last
    /// that of those that took all steps.
    pub broke_off: Vec<f64>,
}

/// A chain of events, each of which is what the next happened because of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    /// The most frequent largest cause of its first step, by its name; none without a step.
    pub root: Option<String>,
    /// Its steps, the first to happen first; none where the claim comes true without any event before.
    pub steps: Vec<ChainStep>,
    /// Simulations that took it.
    pub simulations: u32,
    /// Their share of those in which the claim comes true.
    pub share: f64,
    /// Its 95 % interval.
    pub interval: Interval,
}

/// A step of a chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainStep {
    /// Kind of event, by its name.
    pub event: String,
    /// Name of the polity that it happened in or to.
    pub polity: String,
    /// Median day.
    pub day: u32,
    /// The date of that.
    pub date: String,
}

/// A kind of event and the polity that it happened in or to.
type Link = (EventKind, usize);

/// One simulation's way to a claim.
struct Way {
    links: Vec<Link>,
    days: Vec<u32>,
    root: Option<Cause>,
    member: u32,
}

/// Finds the chains that lead to a claim.
pub(crate) fn chains(
    loaded: &LoadedRun,
    claim: usize,
    histories: &BTreeMap<u32, Vec<EventRecord>>,
) -> Chains {
    let own = Own::of(loaded, claim);
    let (mut ways, mut others) = (vec![], vec![]);
    for (member, verdict) in (0..).zip(&loaded.members.verdicts[claim]).filter(|(_, v)| v.counts) {
        let history = histories.get(&member).map_or(&[][..], Vec::as_slice);
        match verdict.day {
            Some(day) => ways.push(own.way(loaded, member, history, day)),
            None => others.push(history),
        }
    }
    let mut by_links: BTreeMap<&[Link], Vec<&Way>> = BTreeMap::new();
    ways.iter().for_each(|way| by_links.entry(&way.links).or_default().push(way));
    let mut order: Vec<(&[Link], Vec<&Way>)> = by_links.into_iter().collect();
    order.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(b.0)));
    let kept =
        order.iter().take(REPORTED).filter(|(_, those)| those.len() as f64 >= LEAST * ways.len() as f64);
    let chains: Vec<Chain> = kept.map(|(links, those)| chain(loaded, links, those, &ways)).collect();
    let first = order.first().map_or(&[][..], |(links, _)| links);
    let mut broke_off = vec![0.0; first.len() + 1];
    for history in &others {
        broke_off[taken(loaded, first, history)] += 1.0 / others.len() as f64;
    }
    Chains { simulations: ways.len() as u32, chains, others: others.len() as u32, broke_off }
}

/// A chain, with how often it was taken.
fn chain(loaded: &LoadedRun, links: &[Link], those: &[&Way], all: &[Way]) -> Chain {
    let mut groups: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    all.iter().for_each(|way| groups.entry(loaded.group(way.member)).or_default().0 += 1.0);
    those.iter().for_each(|way| groups.entry(loaded.group(way.member)).or_default().1 += 1.0);
    let mut roots: BTreeMap<Cause, u32> = BTreeMap::new();
    those.iter().filter_map(|way| way.root).for_each(|root| *roots.entry(root).or_default() += 1);
    let step = |(k, (kind, polity)): (usize, &Link)| {
        let mut days: Vec<u32> = those.iter().map(|way| way.days[k]).collect();
        days.sort_unstable();
        let day = days[days.len() / 2];
        ChainStep {
            event: kind.name().into(),
            polity: loaded.manifest().entities.polities[*polity].name.clone(),
            day,
            date: loaded.scenario.date(day).to_string(),
        }
    };
    Chain {
        root: roots.into_iter().max_by_key(|(_, n)| *n).map(|(cause, _)| cause.name().into()),
        steps: links.iter().enumerate().map(step).collect(),
        simulations: those.len() as u32,
        share: those.len() as f64 / all.len() as f64,
        interval: Share::of_groups(groups.into_values()).map(|share| share.interval()),
    }
}

fn link(loaded: &LoadedRun, event: &EventRecord) -> Link {
    (event.kind, loaded.manifest().entities.get(event.entity()).polity)
}

/// How many steps of a chain a history took, each on or after the day of the one before.
fn taken(loaded: &LoadedRun, links: &[Link], history: &[EventRecord]) -> usize {
    let mut from = 0;
    for (k, wanted) in links.iter().enumerate() {
        let next = history.iter().find(|event| event.day >= from && link(loaded, event) == *wanted);
        let Some(event) = next else { return k };
        from = event.day;
    }
    links.len()
}

/// What a claim is decided by.
struct Own<'a> {
    /// The events that it counts.
    events: Vec<&'a Events>,
    /// The polities that its observables belong to.
    polities: Vec<usize>,
}

impl<'a> Own<'a> {
    fn of(loaded: &'a LoadedRun, claim: usize) -> Own<'a> {
        let mut own = Own { events: vec![], polities: vec![] };
        own.collect(loaded, &loaded.scenario.claims[claim].that);
        own
    }

    fn collect(&mut self, loaded: &'a LoadedRun, that: &'a Statement) {
        match that {
            Statement::Threshold { observable, entities, .. } => {
                let entity = |index: &usize| {
                    let entity = breakaway_model::entity::Entity { kind: observable.of, index: *index };
                    loaded.manifest().entities.get(entity).polity
                };
                self.polities.extend(entities.iter().map(entity));
            }
            Statement::Happens { events, .. }
            | Statement::FirstIn { events, .. }
            | Statement::Compared { events, .. } => self.events.push(events),
            Statement::Order { first, then, .. } => {
                self.collect(loaded, first);
                self.collect(loaded, then);
            }
            Statement::Claim(k) => self.collect(loaded, &loaded.scenario.claims[*k].that),
            Statement::All(all) | Statement::Any(all) => {
                all.iter().for_each(|that| self.collect(loaded, that));
            }
            // What does not happen has no events.
            Statement::Not(_) => {}
        }
    }

    fn counts(&self, event: &EventRecord) -> bool {
        let entity = event.entity as usize;
        let among = |events: &&Events| {
            let listed = events.kinds.iter().any(|(kind, all)| *kind == event.kind && all.contains(&entity));
            listed && (events.causes.is_empty() || events.causes.contains(&event.cause))
        };
        self.events.iter().any(among)
    }

    /// The chain that ends with the last event by which the claim was decided; where it counts no events, with the
    /// last one before in its polities.
    fn way(&self, loaded: &LoadedRun, member: u32, history: &[EventRecord], day: u32) -> Way {
        let before = &history[..history.partition_point(|event| event.day <= day)];
        let last = before.iter().rposition(|event| match self.events.is_empty() {
            false => self.counts(event),
            true => self.polities.contains(&link(loaded, event).1),
        });
        let because = because(&loaded.scenario.world, before);
        let mut events = vec![];
        let mut at = last;
        while let Some(k) = at {
            events.push(before[k]);
            at = because[k];
        }
        events.reverse();
        let mut way = Way { links: vec![], days: vec![], root: events.first().map(|e| e.cause), member };
        for event in &events {
            let link = link(loaded, event);
            if way.links.last() != Some(&link) {
                way.links.push(link);
                way.days.push(event.day);
            }
        }
        way
    }
}

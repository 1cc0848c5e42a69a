//! What a simulation, or history, did with a case, in a few numbers, and how far apart they are.

use crate::case::{Case, Group};
use breakaway_model::event::Event;

/// When each entity of each group had its event, in the order of the case's groups.
pub type EventDays = Vec<Vec<Option<u32>>>;

/// The days of a case's events in a simulation.
pub fn event_days(case: &Case, events: &[Event]) -> EventDays {
    let day = |group: &Group, entity: usize| {
        let same = |event: &&Event| event.kind == group.kind && usize::from(event.entity) == entity;
        events.iter().find(same).map(|event| event.day)
    };
    case.groups
        .iter()
        .map(|group| group.entities.iter().map(|&entity| day(group, entity)).collect())
        .collect()
}

/// A group's events in three numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupSummary {
    /// Share of the entities to which it happened.
    pub share: f64,
    /// When, on average, as a share of the case's days; one where it did not.
    pub when: f64,
    /// Share of the pairs of entities that come in history's order, a tie counting half; none where
    /// history orders fewer than three pairs.
    pub order: Option<f64>,
}

/// Fewest pairs from which an order can be judged.
const FEWEST_PAIRS: usize = 3;

/// Days, as shares of the case's days, the end for what did not happen.
fn capped(case: &Case, days: &[Option<u32>]) -> Vec<f64> {
    days.iter().map(|day| day.map_or(1.0, |day| f64::from(day) / case.never())).collect()
}

/// The numbers of a group of a case, in the order of `days`' entities.
pub fn summarize(case: &Case, group: usize, days: &[Option<u32>]) -> GroupSummary {
    let n = days.len().max(1) as f64;
    let times = capped(case, days);
    GroupSummary {
        share: days.iter().flatten().count() as f64 / n,
        when: times.iter().sum::<f64>() / n,
        order: concordance(&capped(case, &case.groups[group].days), &times),
    }
}

/// The share of the pairs that history orders which come in the same order, a tie counting half
/// (Kendall 1938, "A new measure of rank correlation", as a probability).
fn concordance(history: &[f64], times: &[f64]) -> Option<f64> {
    let (mut pairs, mut alike) = (0, 0.0);
    for i in 0..history.len() {
        for j in 0..i {
            if history[i] == history[j] {
                continue;
            }
            pairs += 1;
            let (really, simulated) = (history[i] < history[j], times[i] < times[j]);
            alike += if times[i] == times[j] { 0.5 } else { f64::from(u8::from(really == simulated)) };
        }
    }
    (pairs >= FEWEST_PAIRS).then(|| alike / f64::from(pairs as u32))
}

/// How far a simulation of a case is from history: 0 where it is the same, mean over groups.
///
/// Of each group: the area between the two curves of how many have had their event by when (the
/// Wasserstein distance of their capped days), and, where there is an order, the share of pairs
/// that come in another.
pub fn distance(case: &Case, simulated: &EventDays) -> f64 {
    let groups = case.groups.iter().zip(simulated).map(|(group, days)| {
        let sorted = |days: &[Option<u32>]| {
            let mut times = capped(case, days);
            times.sort_by(f64::total_cmp);
            times
        };
        let (really, simulated) = (sorted(&group.days), sorted(days));
        let n = really.len().max(1) as f64;
        let area = really.iter().zip(&simulated).map(|(a, b)| (a - b).abs()).sum::<f64>() / n;
        let order = concordance(&capped(case, &group.days), &capped(case, days));
        order.map_or(area, |order| 0.5 * (area + 1.0 - order))
    });
    groups.sum::<f64>() / case.groups.len() as f64
}

//! Claims, decided while simulations run: thresholds day by day, events at the end.

use breakaway_model::event::Event;
use breakaway_model::lanes::{Lane, WIDTH};
use breakaway_model::observe::View;
use breakaway_scenario::Claim;
use breakaway_scenario::claim::{Events, Statement, visit_all};
use std::cell::RefCell;

/// Monitors the thresholds of the claims in a vector of members.
pub struct ClaimMonitor<'a> {
    thresholds: Vec<Threshold<'a>>,
}

struct Threshold<'a> {
    statement: &'a Statement,
    /// Days on end for which it has held.
    run: Lane,
    /// Day on which it came true; 0 before that day.
    day: Lane,
}

impl<'a> ClaimMonitor<'a> {
    /// Monitors all thresholds of the claims.
    pub fn new(claims: &'a [Claim]) -> ClaimMonitor<'a> {
        let mut thresholds = vec![];
        visit_all(claims, &mut |that| {
            if matches!(that, Statement::Threshold { .. }) {
                thresholds.push(Threshold { statement: that, run: Lane::ZERO, day: Lane::ZERO });
            }
        });
        ClaimMonitor { thresholds }
    }

    /// Looks at a day.
    pub fn observe(&mut self, view: &View, today: u32) {
        for threshold in &mut self.thresholds {
            let Statement::Threshold { observable, entities, at_least, level, above, days, window } =
                threshold.statement
            else {
                continue;
            };
            let mut across = Lane::ZERO;
            for &entity in entities {
                let value = observable.read(view, entity);
                across += if *above { value.gt(*level) } else { value.lt(*level) }.indicator();
            }
            let holds = across.ge(*at_least as f32);
            threshold.run = holds.select(threshold.run + 1.0, 0.0);
            if (window.0..=window.1).contains(&today) {
                let first = threshold.run.ge(*days as f32) & threshold.day.le(0.0);
                threshold.day = first.select(today as f32, threshold.day);
            }
        }
    }

    /// What one member's claims are decided by. `events` are the member's; `others` those with each compared lever
    /// switched.
    pub fn decide<'w>(
        &'w self,
        claims: &'w [Claim],
        lane: usize,
        horizon: u32,
        events: &'w [Event],
        others: &'w [(usize, Vec<Event>)],
    ) -> Decided<'w, 'a> {
        let known = RefCell::new(vec![None; claims.len()]);
        Decided { monitor: self, claims, lane, horizon, events, others, known }
    }
}

/// What became of a claim in a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Verdict {
    /// Whether its condition is true.
    pub counts: bool,
    /// The day on which it came true.
    pub day: Option<u32>,
}

/// One member's claims, decided.
pub struct Decided<'w, 'a> {
    monitor: &'w ClaimMonitor<'a>,
    claims: &'w [Claim],
    lane: usize,
    horizon: u32,
    events: &'w [Event],
    others: &'w [(usize, Vec<Event>)],
    /// Days of claims that were decided before: others may refer to them many times.
    known: RefCell<Vec<Option<Option<u32>>>>,
}

impl Decided<'_, '_> {
    /// All claims: the day on which each came true, and whether its condition is true.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let verdict = |(k, claim): (usize, &Claim)| Verdict {
            counts: claim.given.as_ref().is_none_or(|given| self.day(given).is_some()),
            day: self.claim(k),
        };
        self.claims.iter().enumerate().map(verdict).collect()
    }

    /// The day on which a claim's statement comes true.
    fn claim(&self, claim: usize) -> Option<u32> {
        let known = self.known.borrow().get(claim).copied().flatten();
        known.unwrap_or_else(|| {
            let day = self.day(&self.claims[claim].that);
            self.known.borrow_mut()[claim] = Some(day);
            day
        })
    }

    /// The day on which a statement of one of the claims comes true.
    pub fn day(&self, that: &Statement) -> Option<u32> {
        match that {
            Statement::Threshold { .. } => {
                let own = self
                    .monitor
                    .thresholds
                    .iter()
                    .find(|threshold| std::ptr::eq(threshold.statement, that))?;
                let day = own.day.0[self.lane];
                (day > 0.0).then_some(day as u32)
            }
            Statement::Happens { events, at_least, window } => {
                let mut seen = vec![];
                for event in matching(self.events, events, *window) {
                    if !seen.contains(&event.entity) {
                        seen.push(event.entity);
                    }
                    if seen.len() >= *at_least {
                        return Some(event.day);
                    }
                }
                None
            }
            Statement::FirstIn { events, group, window } => {
                let first = matching(self.events, events, *window).next()?.day;
                matching(self.events, events, *window)
                    .take_while(|event| event.day == first)
                    .any(|event| group.contains(&usize::from(event.entity)))
                    .then_some(first)
            }
            Statement::Order { first, then, same: true, within } => self.same_entity(first, then, *within),
            Statement::Order { first, then, same: false, within } => {
                let (first, then) = (self.day(first)?, self.day(then)?);
                follows(first, then, *within).then_some(then)
            }
            Statement::Claim(claim) => self.claim(*claim),
            Statement::All(all) => {
                all.iter().map(|that| self.day(that)).try_fold(0, |last, day| Some(last.max(day?)))
            }
            Statement::Any(all) => all.iter().filter_map(|that| self.day(that)).min(),
            Statement::Not(that) => self.day(that).is_none().then_some(self.horizon),
            Statement::Compared { lever, active, events, window } => {
                let (_, other) = self.others.iter().find(|(known, _)| known == lever)?;
                let (on, off): (&[Event], &[Event]) =
                    if *active { (self.events, other) } else { (other, self.events) };
                let success = |events: &[&Event]| {
                    let mut entities: Vec<u16> = events.iter().map(|event| event.entity).collect();
                    entities.sort_unstable();
                    entities.dedup();
                    (entities.len(), std::cmp::Reverse(events.first().map_or(u32::MAX, |event| event.day)))
                };
                let with: Vec<&Event> = matching(on, events, *window).collect();
                let without: Vec<&Event> = matching(off, events, *window).collect();
                let day = with.first().map(|event| event.day);
                if success(&with) > success(&without) { day } else { None }
            }
        }
    }

    /// The first day on which something happened to an entity to which something else had
    /// happened before.
    fn same_entity(&self, first: &Statement, then: &Statement, within: u32) -> Option<u32> {
        let (
            Statement::Happens { events: early, window: w1, .. },
            Statement::Happens { events: late, window: w2, .. },
        ) = (first, then)
        else {
            return None;
        };
        matching(self.events, late, *w2)
            .find(|event| {
                matching(self.events, early, *w1)
                    .any(|e| e.entity == event.entity && follows(e.day, event.day, within))
            })
            .map(|event| event.day)
    }
}

/// Whether one day lies after another, at most so many days.
fn follows(first: u32, then: u32, within: u32) -> bool {
    first < then && then - first <= within
}

fn matching<'e>(all: &'e [Event], events: &'e Events, window: (u32, u32)) -> impl Iterator<Item = &'e Event> {
    all.iter().filter(move |event| counts(events, window, event))
}

/// Whether an event is one of those that a statement counts.
pub(crate) fn counts(events: &Events, window: (u32, u32), event: &Event) -> bool {
    let entity = usize::from(event.entity);
    (window.0..=window.1).contains(&event.day)
        && events
            .kinds
            .iter()
            .any(|(kind, entities)| *kind == event.kind && entities.binary_search(&entity).is_ok())
        && (events.causes.is_empty() || events.causes.contains(&event.cause))
}

/// The events of each lane, in order of time.
pub fn by_lane(events: &[Event]) -> [Vec<Event>; WIDTH] {
    let mut lanes: [Vec<Event>; WIDTH] = std::array::from_fn(|_| vec![]);
    for event in events {
        lanes[usize::from(event.lane)].push(*event);
    }
    lanes
}

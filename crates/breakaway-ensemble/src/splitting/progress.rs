//! How far a simulation has come towards a statement: the score by which rare events are split.
//!
//! A score is 1 where the statement has come true, below 1 where it has not, and larger where that is likelier to
//! come. Any score gives an unbiased estimate; a good one is near the probability that the statement still comes
//! true. It is a function of what has happened, never of chance that is drawn already.

use crate::claim_monitor::counts;
use breakaway_model::event::Event;
use breakaway_model::lanes::{Lane, WIDTH};
use breakaway_model::observe::View;
use breakaway_scenario::Claim;
use breakaway_scenario::claim::{Events, Statement, visit};

/// How much less likely a far way is than a near one: halfway to a threshold is 1 / (1 + exp(STEEP / 2)) of being
/// there (judgement).
const STEEP: f32 = 7.0;
/// Largest score of what has not come true.
const NEARLY: f32 = 0.999;

/// Progress of a vector of simulations towards a statement.
pub(crate) struct Progress<'a> {
    part: Part<'a>,
    horizon: u32,
}

/// A part of a statement.
enum Part<'a> {
    /// An observable on its way across a threshold.
    Threshold { statement: &'a Statement, start: Vec<Lane>, run: Lane, done: Lane },
    /// Events on their way to enough entities.
    Happens { events: &'a Events, at_least: usize, window: (u32, u32), start: Vec<Lane>, seen: Vec<Vec<u16>> },
    /// The first of all events on its way to a group.
    First {
        events: &'a Events,
        group: &'a [usize],
        window: (u32, u32),
        start: Vec<Lane>,
        open: Lane,
        done: Lane,
    },
    /// One thing after another.
    Order { first: Box<Part<'a>>, then: Box<Part<'a>> },
    /// All of some.
    All(Vec<Part<'a>>),
    /// Any of some.
    Any(Vec<Part<'a>>),
    /// Nothing of it by the horizon.
    Not(Box<Part<'a>>),
    /// What is known at the end alone.
    Unknown,
}

impl<'a> Progress<'a> {
    /// Progress towards all of some statements.
    pub(crate) fn towards(statements: &[&'a Statement], claims: &'a [Claim], horizon: u32) -> Progress<'a> {
        let mut parts: Vec<Part> = statements.iter().map(|that| part(that, claims)).collect();
        let part = if parts.len() == 1 { parts.remove(0) } else { Part::All(parts) };
        Progress { part, horizon }
    }

    /// The score at the end of a day, given what happened on it. The first call is that of day 0.
    pub(crate) fn score(&mut self, view: &View, events: &[Event], today: u32) -> Lane {
        self.part.score(view, events, today, self.horizon).clamp(0.0, NEARLY)
    }
}

/// Whether the day on which a statement came true shows on that day; that of a comparison, and of what does not
/// happen, shows at the horizon.
pub(crate) fn shows_on_its_day(that: &Statement, claims: &[Claim]) -> bool {
    !anywhere(that, claims, |part| matches!(part, Statement::Compared { .. } | Statement::Not(_)))
}

/// Whether a statement compares a lever anywhere.
pub(crate) fn compares(that: &Statement, claims: &[Claim]) -> bool {
    anywhere(that, claims, |part| matches!(part, Statement::Compared { .. }))
}

/// Whether a part of a statement, or of a claim that it refers to, is of a kind.
fn anywhere(that: &Statement, claims: &[Claim], is: fn(&Statement) -> bool) -> bool {
    let mut found = false;
    visit(that, &mut |part| {
        found |= is(part);
        if let Statement::Claim(k) = part {
            found |= anywhere(&claims[*k].that, claims, is);
        }
    });
    found
}

fn part<'a>(that: &'a Statement, claims: &'a [Claim]) -> Part<'a> {
    let inner = |that: &'a Statement| Box::new(part(that, claims));
    let all = |all: &'a [Statement]| all.iter().map(|that| part(that, claims)).collect();
    match that {
        Statement::Threshold { .. } => {
            Part::Threshold { statement: that, start: vec![], run: Lane::ZERO, done: Lane::ZERO }
        }
        Statement::Happens { events, at_least, window } => Part::Happens {
            events,
            at_least: *at_least,
            window: *window,
            start: vec![],
            seen: vec![vec![]; WIDTH],
        },
        Statement::FirstIn { events, group, window } => {
            Part::First { events, group, window: *window, start: vec![], open: Lane::ONE, done: Lane::ZERO }
        }
        Statement::Order { first, then, .. } => Part::Order { first: inner(first), then: inner(then) },
        Statement::Claim(k) => part(&claims[*k].that, claims),
        Statement::All(parts) => Part::All(all(parts)),
        Statement::Any(parts) => Part::Any(all(parts)),
        Statement::Not(that) => Part::Not(inner(that)),
        Statement::Compared { .. } => Part::Unknown,
    }
}

impl Part<'_> {
    fn score(&mut self, view: &View, events: &[Event], today: u32, horizon: u32) -> Lane {
        match self {
            Part::Threshold { statement, start, run, done } => {
                threshold(statement, start, run, done, view, today)
            }
            Part::Happens { events: kinds, at_least, window, start, seen } => {
                for event in events.iter().filter(|event| counts(kinds, *window, event)) {
                    let seen = &mut seen[usize::from(event.lane)];
                    if !seen.contains(&event.entity) {
                        seen.push(event.entity);
                    }
                }
                let left = window.1.saturating_sub(today) as f32;
                let unseen = |entity: usize| {
                    Lane(std::array::from_fn(|lane| f32::from(!seen[lane].contains(&(entity as u16)))))
                };
                let any = seen.iter().any(|seen| !seen.is_empty());
                let next = soon(kinds, start, view, left, any.then_some(&unseen as &dyn Fn(usize) -> Lane));
                let had = Lane(std::array::from_fn(|lane| seen[lane].len() as f32));
                ((had + next) * (1.0 / *at_least as f32)).min(Lane::ONE)
            }
            Part::First { events: kinds, group, window, start, open, done } => {
                let mut first: Vec<(usize, bool)> = vec![];
                for event in events.iter().filter(|event| counts(kinds, *window, event)) {
                    first.push((usize::from(event.lane), group.contains(&usize::from(event.entity))));
                }
                for (lane, inside) in first {
                    if open.0[lane] > 0.5 && inside {
                        done.0[lane] = 1.0;
                    }
                }
                for event in events.iter().filter(|event| counts(kinds, *window, event)) {
                    open.0[usize::from(event.lane)] = 0.0;
                }
                let left = window.1.saturating_sub(today) as f32;
                let inside = |entity: usize| Lane::splat(f32::from(group.contains(&entity)));
                done.max(*open * soon(kinds, start, view, left, Some(&inside)))
            }
            Part::Order { first, then } => {
                let early = first.score(view, events, today, horizon);
                let late = then.score(view, events, today, horizon);
                early.ge(1.0).select(late * 0.5 + 0.5, early * 0.5)
            }
            Part::All(parts) => {
                parts.iter_mut().fold(Lane::ONE, |all, part| all * part.score(view, events, today, horizon))
            }
            Part::Any(parts) => {
                let none = parts
                    .iter_mut()
                    .fold(Lane::ONE, |none, part| none * (1.0 - part.score(view, events, today, horizon)));
                1.0 - none
            }
            Part::Not(part) => {
                let happened = part.score(view, events, today, horizon).ge(1.0);
                happened.select(0.0, today as f32 / horizon.max(1) as f32)
            }
            Part::Unknown => Lane::ZERO,
        }
    }
}

/// How likely the next of some events is within the days left, of the entities in which it is open (all, where none
/// is named).
fn soon(
    events: &Events,
    start: &mut Vec<Lane>,
    view: &View,
    left: f32,
    open: Option<&dyn Fn(usize) -> Lane>,
) -> Lane {
    let (mut hazard, mut gone) = (Lane::ZERO, Lane::ZERO);
    let fresh = start.is_empty();
    let mut at = 0;
    for (kind, entities) in &events.kinds {
        for &entity in entities {
            let near = view.nearness(*kind, entity);
            if fresh {
                start.push(near.way);
            }
            let way = near.way - start[at];
            let is_open = open.map_or(Lane::ONE, |open| open(entity));
            hazard += near.hazard * is_open;
            if way.gt(0.0).any() {
                gone = gone.max(way / (1.0 - start[at]).max(Lane::splat(1e-6)) * is_open);
            }
            at += 1;
        }
    }
    let come = 1.0 - (-(hazard * left)).exp();
    if left > 0.0 { walked(gone).max(come).min(Lane::splat(NEARLY)) } else { Lane::ZERO }
}

/// How likely a threshold is to be reached by who has gone this share of the way: a walk that is drawn back.
fn walked(gone: Lane) -> Lane {
    ((gone.unit() * STEEP).exp() - 1.0) * (1.0 / (libm::expf(STEEP) - 1.0))
}

/// The score of a threshold that is to hold for some days on end.
fn threshold(
    statement: &Statement,
    start: &mut Vec<Lane>,
    run: &mut Lane,
    done: &mut Lane,
    view: &View,
    today: u32,
) -> Lane {
    let Statement::Threshold { observable, entities, at_least, level, above, days, window } = statement
    else {
        return Lane::ZERO;
    };
    let fresh = start.is_empty();
    let mut across = Lane::ZERO;
    let mut gone = vec![];
    for (k, &entity) in entities.iter().enumerate() {
        let value = observable.read(view, entity);
        if fresh {
            start.push(value);
        }
        let over = if *above { value.gt(*level) } else { value.lt(*level) };
        across += over.indicator();
        let far = *level - start[k];
        let toward = if *above { far.max(Lane::splat(1e-9)) } else { far.min(Lane::splat(-1e-9)) };
        gone.push(over.select(1.0, ((value - start[k]) / toward).unit()));
    }
    if today > 0 {
        *run = across.ge(*at_least as f32).select(*run + 1.0, 0.0);
        if (window.0..=window.1).contains(&today) {
            *done = done.max(run.ge(*days as f32).indicator());
        }
    }
    let near: [f32; WIDTH] = std::array::from_fn(|lane| {
        let mut all: Vec<f32> = gone.iter().map(|gone| gone.0[lane]).collect();
        all.sort_by(|a, b| b.total_cmp(a));
        all.get(at_least.saturating_sub(1)).copied().unwrap_or(0.0)
    });
    let kept = (*run * (1.0 / (*days).max(1) as f32)).unit();
    let on_the_way = walked(Lane(near)) * 0.5 + kept * 0.5;
    let open = if today <= window.1 { 1.0 } else { 0.0 };
    done.max((on_the_way * open).min(Lane::splat(NEARLY)))
}

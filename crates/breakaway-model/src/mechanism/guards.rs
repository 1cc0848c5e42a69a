//! **Guards.** The steadfastness of a garrison is a cascade of the same kind. A garrison is loyal while the
//! regime looks strong, the garrisons next door are loyal, and it outnumbers the armed challengers of the
//! region (Afghanistan 2021 and Syria 2024 show how fast this can change). Guards leave at a
//! hazard that grows with the share of those who are not loyal beyond 4 %, half of them as deserters; those who stay are divided as
//! before. A garrison that fails for the first time is bad news for the
//! whole polity and a defeat of the centre.
//!
//! ```text
//! V      = strength · S + neighbours · steadfast next door + odds · ln(guards / challengers)
//!          - protest · P - news · N
//! target = logistic((V - threshold) / spread)
//! ```
//!
//! Garrisons are loyal at the start. A neighbouring region that is independent in fact counts as one without a loyal guard. All of this is computed every second day for each region.
//!
//! Reads: regime strength, neighbours, fighters, bands, protest, news. Moves: guards to
//! civilians and deserters. Writes: steadfastness, news, the wear of defeat.

use super::{CROWD_PACE, Day, toward};
use crate::event::{Cause, EventKind, Log};
use crate::lanes::{Lane, Mask};
use crate::params::{log_uniform, parameters, uniform};
use crate::people::Role;
use crate::rng::Stream;
use crate::state::State;

parameters! { "guards";
    strength: "-", uniform(0.32, 0.48), (0.0, 5.0),
        "judgement",
        "Weight of the regime's strength.";
    neighbours: "-", uniform(0.22, 0.38), (0.0, 5.0),
        "judgement; Afghan provincial capitals fell 1, 1, 3, 1, 2, 1, 4, 5, 7, 8 a day, 6-15 August 2021 (read)",
        "Weight of loyal garrisons in the neighbouring regions.";
    odds: "-", uniform(0.07, 0.13), (0.0, 5.0),
        "judgement",
        "Weight of the logarithm of guards over armed challengers, limited to a factor of e^2.";
    protest: "-", uniform(0.05, 0.2), (0.0, 5.0),
        "judgement",
        "Weight of mass protest.";
    news: "-", uniform(0.05, 0.15), (0.0, 5.0),
        "judgement",
        "Weight of the worst news.";
    threshold: "-", uniform(0.22, 0.34), (0.0, 2.0),
        "judgement",
        "Appeal at which half of the guards are loyal.";
    spread: "-", uniform(0.06, 0.095), (0.005, 2.0),
        "judgement",
        "Spread of thresholds.";
    waver_days: "days", log_uniform(2.0, 10.0), (2.0, 365.0),
        "judgement",
        "Time in which a garrison loses loyalty.";
    rally_days: "days", log_uniform(15.0, 60.0), (2.0, 3650.0),
        "judgement",
        "Time in which a garrison regains loyalty.";
    alarm: "share", uniform(0.0, 0.05), (0.0, 1.0),
        "judgement: each level's defections are the news that the next one sees",
        "Bad news when a garrison fails, before weighting by the region's size.";
    melting: "1/day", log_uniform(0.005, 0.05), (0.0, 1.0),
        "judgement",
        "Hazard that a guard who is not loyal leaves.";
}

/// The logarithm of guards over challengers is limited to this in both directions.
const ODDS_LIMIT: f32 = 2.0;
/// Share of unsteady guards below which none melt away.
const FIRM: f32 = 0.04;

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, log: &mut Log) {
    let p = &cx.params.guards;
    let mut random = cx.random.sequence(cx.number, Stream::Guards);
    for (r, region) in cx.world.regions.iter().enumerate() {
        if !cx.is_turn_of(r, CROWD_PACE) {
            continue;
        }
        let polity = &s.polities[region.polity];
        let state = &s.regions[r];
        let signal = state.signal;
        let cell = s.layout.region(r, Role::Guard);
        let guards = s.people.real(cell);
        let challengers =
            s.people.real(s.layout.region(r, Role::Fighter)) + s.people.real(s.layout.region(r, Role::Band));
        let odds = ((guards + 1.0) / (challengers + 1.0)).ln().clamp(-ODDS_LIMIT, ODDS_LIMIT);
        let around = s.around(cx.world, r, |signal| signal.steady * signal.ruled);
        let independent = state.status.gt(1.5);
        let authority = independent.select(state.government, polity.strength);
        let protest = p.protest * signal.participation.saturate(cx.params.officials.protest_half);
        let appeal = p.strength * authority + p.neighbours * around + p.odds * odds
            - protest
            - p.news * polity.news
            - p.threshold;
        let target = (appeal / p.spread).logistic();
        let days = target.lt(state.steady).select(p.waver_days, p.rally_days);
        let steady = toward(state.steady, target, days * (1.0 / CROWD_PACE));

        let unsteady = (1.0 - steady - FIRM).positive() * independent.select(0.0, 1.0);
        if unsteady.gt(0.0).any() {
            let u = random.of(cx.turn_of(r, CROWD_PACE));
            let gone = cx.binomial(s.people.count(cell), p.melting * unsteady * CROWD_PACE, u);
            // Half of them keep their arms and hide.
            let armed = (gone.real() * 0.5).floor();
            s.people.transfer(cell, s.layout.region(r, Role::Deserter), armed);
            s.people.transfer(cell, s.layout.region(r, Role::Civilian), gone - armed);
        }
        let state = &mut s.regions[r];
        state.steady = steady;
        let failing: Mask = steady.lt(0.5) & !independent;
        let first = state.seen.garrison.first(failing);
        if first.any() {
            let terms = [
                (Cause::Regime, p.strength * (1.0 - authority)),
                (Cause::Neighbours, p.neighbours * (1.0 - around)),
                (Cause::Armed, p.odds * (ODDS_LIMIT - odds)),
                (Cause::Protest, protest),
                (Cause::News, p.news * polity.news),
            ];
            log.record(cx.number, EventKind::GarrisonFails, r, first, &terms);
            let shock = first.indicator() * super::regions::standing(cx, r);
            let polity = &mut s.polities[region.polity];
            polity.hear(shock * p.alarm);
            polity.wear.defeat += shock * cx.params.centre.garrison;
        }
    }
}

/// Guards of a region who are loyal to the centre.
#[inline(always)]
pub fn steadfast(s: &State, r: usize) -> Lane {
    s.people.real(s.layout.region(r, Role::Guard)) * s.regions[r].steady
}

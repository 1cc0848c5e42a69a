//! **Movements.** A movement is organised abroad and at home. Exiles come home as the risk falls. At home
//! the organisation grows with its reach and with participation, and shrinks under repression. Congresses,
//! planned by the scenario or by chance, raise coordination. Coordination spreads organisation from better
//! to less organised movements. Where the legal path is closed and guards are missing, some people take up
//! arms.
//!
//! ```text
//! risk     = min(cover, 1) · min(officials / 0.7, 1) · (1 - openness)      (0 where independent in fact)
//! home'    = growth · (openness + mobilising · P) · home (1 - home) - repression · risk · home + exile come home
//!            + spreading · coordination · (best organised - home)+ · (1 - risk)
//! exile'   = - returning · (1 - risk)² · exile
//! congress hazard = congress · (organisation abroad, and at home where it is tolerated)
//! arming   = arming · home · community · (1 - cover)² · (1 - openness · deputies)      per protester and month
//! ```
//!
//! Repression needs officials as well as guards: it is weaker where fewer than 70 % of the officials work.
//! Exiles who come home add less to a movement that is already organised. In a region that is independent in
//! fact, nobody takes up arms or gives them up. All of this is computed once a week for each region;
//! congresses are computed each day.
//!
//! Reads: guards' cover, officials, openness, participation, deputies. Moves: exiles to civilians,
//! civilians and protesters to fighters, fighters to civilians. Writes: organisation at home
//! and in exile, coordination.

use super::{Day, WEEK};
use crate::event::{Cause, EventKind, Log};
use crate::lanes::Lane;
use crate::params::{log_uniform, parameters, uniform};
use crate::people::Role;
use crate::rng::Stream;
use crate::state::State;

parameters! { "movements";
    returning: "1/month", log_uniform(0.02, 0.3), (0.0, 4.0),
        "judgement",
        "Hazard that an exile organisation moves home when there is no risk.";
    growth: "1/month", log_uniform(0.1, 0.6), (0.0, 8.0),
        "judgement",
        "Growth of home organisation under full openness.";
    mobilising: "-", uniform(0.5, 2.0), (0.0, 20.0),
        "judgement",
        "What mass participation adds to openness in that growth.";
    repression: "1/month", log_uniform(0.1, 0.6), (0.0, 8.0),
        "judgement",
        "Decay of home organisation under full guard, with officials at work and no openness.";
    congress: "1/year", log_uniform(0.2, 2.0), (0.0, 50.0),
        "judgement",
        "Rate of uniting congresses when all movements are fully organised.";
    congress_gain: "share", uniform(0.1, 0.5), (0.0, 1.0),
        "judgement; a congress works as a public signal (Morris & Shin; Angeletos et al. 2007, direction only)",
        "Part of the missing coordination that a congress adds.";
    coordination_days: "days", log_uniform(120.0, 720.0), (7.0, 10000.0),
        "judgement",
        "Time in which coordination fades.";
    spreading: "1/month", log_uniform(0.03, 0.3), (0.0, 4.0),
        "judgement",
        "Pace at which a fully coordinated movement approaches the level of the best organised one.";
    arming: "1/month", log_uniform(0.005, 0.05), (0.0, 4.0),
        "judgement; a closed legal path moves effort to the illegal one (Lichbach 1987, direction only)",
        "Hazard that a protester takes up arms where the movement is fully organised and there are no guards.";
    founding: "1/month", log_uniform(0.00001, 0.0002), (0.0, 0.1),
        "judgement",
        "The same hazard for a civilian who does not protest.";
    disarming: "1/month", log_uniform(0.05, 0.3), (0.0, 8.0),
        "judgement",
        "Hazard that a fighter is put out of action or gives up under full guard.";
}

const MONTH: f32 = 30.4375;
/// Share of officials at work from which repression has its full effect.
const POLICED: f32 = 0.7;

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, log: &mut Log) {
    for polity in 0..cx.world.polities.len() {
        congress(cx, s, polity, log);
    }
    for (r, region) in cx.world.regions.iter().enumerate() {
        if region.movement.is_some() && cx.is_weekday_of(r) {
            let random = cx.random.four(cx.number, Stream::Movements, r);
            organise(cx, s, r, random[0]);
            arm(cx, s, r, [random[1], random[2], random[3]]);
        }
    }
}

/// Raises coordination by a congress of this size in each lane (zero: no congress).
#[inline(always)]
pub fn hold_congress(cx: &Day, s: &mut State, polity: usize, size: Lane) {
    let state = &mut s.polities[polity];
    let gain = (cx.params.movements.congress_gain * size).unit();
    state.coordination += gain * (1.0 - state.coordination);
}

#[inline(always)]
fn congress(cx: &Day, s: &mut State, polity: usize, log: &mut Log) {
    let p = &cx.params.movements;
    let openness = cx.openness(polity);
    let (mut abroad, mut home, mut best, mut all) = (Lane::ZERO, Lane::ZERO, Lane::ZERO, 0.0);
    for r in cx.world.polities[polity].regions.clone() {
        if cx.world.regions[r].movement.is_some() {
            abroad += s.regions[r].exile;
            home += s.regions[r].organisation;
            best = best.max(s.regions[r].organisation);
            all += 1.0;
        }
    }
    if all == 0.0 {
        return;
    }
    let organised = (abroad + home * openness) * (1.0 / all);
    let state = &mut s.polities[polity];
    state.best_organised = best;
    state.coordination = state.coordination - state.coordination / p.coordination_days;
    let held = state.congress_clock.tick(p.congress * organised * (1.0 / 365.25));
    if held.any() {
        let u = cx.random.four(cx.number, Stream::Congress, polity)[0];
        s.polities[polity].congress_clock.reset(held, u);
        let terms = [(Cause::Organisation, abroad), (Cause::Legal, home * openness)];
        log.record(cx.number, EventKind::Congress, polity, held, &terms);
        hold_congress(cx, s, polity, held.indicator());
    }
}

/// The risk of a member of the movement at home, share.
#[inline(always)]
fn risk(cx: &Day, s: &State, r: usize) -> Lane {
    let signal = &s.regions[r].signal;
    let policed = (signal.officials * (1.0 / POLICED)).unit();
    let there = s.regions[r].status.gt(1.5).select(0.0, 1.0);
    signal.cover.unit() * policed * there * (1.0 - cx.openness(cx.world.regions[r].polity))
}

#[inline(always)]
fn organise(cx: &Day, s: &mut State, r: usize, random: Lane) {
    let p = &cx.params.movements;
    let polity = cx.world.regions[r].polity;
    let week = WEEK / MONTH;
    let risk = risk(cx, s, r);
    let safety = 1.0 - risk;
    let state = &s.regions[r];
    let moving = (p.returning * safety * safety * week).unit();
    let active = state.signal.participation.saturate(cx.params.officials.protest_half);
    let home = state.organisation;
    let growth = p.growth * (cx.openness(polity) + p.mobilising * active) * home * (1.0 - home);
    let shared = p.spreading
        * s.polities[polity].coordination
        * (s.polities[polity].best_organised - home).positive()
        * safety;
    let decay = p.repression * risk * home;
    let returned = moving * state.exile;
    let region = &mut s.regions[r];
    region.organisation = (home + (growth + shared - decay) * week + returned * (1.0 - home)).unit();
    region.exile -= returned;

    let abroad = s.layout.region(r, Role::Exile);
    let back = cx.binomial(s.people.count(abroad), moving, random);
    s.people.transfer(abroad, s.layout.region(r, Role::Civilian), back);
}

#[inline(always)]
fn arm(cx: &Day, s: &mut State, r: usize, random: [Lane; 3]) {
    let p = &cx.params.movements;
    let region = &cx.world.regions[r];
    let state = &s.regions[r];
    let independent = state.status.gt(1.5);
    let cover = state.signal.cover.unit();
    let open = 1.0 - cover;
    let closed = 1.0 - cx.openness(region.polity) * region.deputies;
    let chance = state.organisation * open * open * closed * region.community_share * (WEEK / MONTH);
    let fighters = s.layout.region(r, Role::Fighter);
    if chance.gt(0.0).any() {
        for (role, hazard, u) in [(Role::Protester, p.arming, random[0]), (Role::Civilian, p.founding, random[1])]
        {
            let cell = s.layout.region(r, role);
            let armed = cx.binomial(s.people.count(cell).only(!independent), (hazard * chance).unit(), u);
            s.people.transfer(cell, fighters, armed);
        }
    }
    let there = s.people.count(fighters);
    if there.gt(0).any() {
        let out = p.disarming * cover * independent.select(0.0, 1.0) * (WEEK / MONTH);
        let gone = cx.binomial(there, out.unit(), random[2]);
        s.people.transfer(fighters, s.layout.region(r, Role::Civilian), gone);
    }
}

//! **Manpower.** Each source recruits at a pace that depends on need and on what is left in its pool. One that takes
//! men from the regions depends also on how many officials work there; a separate pool is drawn on each day. Training delays the recruits, and the quality of the reserve is the mean of
//! its men. Men taken and deaths reported home are a burden on the regions, deaths in proportion to the men that each has sent
//! (those of men from separate pools too). The burden is unequal.
//!
//! ```text
//! effort = 1 (compulsory) or clamp((target - army) / (urgency · target), idle, 1)
//! taken  ~ Binomial(civilians, 7 · intake · effort · share · officials / civilians)   a week
//! ```
//!
//! Effort is also multiplied by `manpower.effort`. It falls when less than a week's intake is left in the
//! pool, and it is zero unless the polity and an enemy across its front both fight. A region that has
//! declared or left gives no men. Once a week, each region gives its intake, receives the reports of its
//! dead, and takes back its invalids.
//!
//! The army is soldiers, reserve and recruits here.
//!
//! Reads: officials who work, status, army size. Moves: civilians (or a separate pool) to
//! recruits, recruits to reserve, wounded to reserve and home, fallen to the dead of a region.
//! Writes: burden and deaths remembered, quality of the reserve.

use super::{Day, WEEK};
use crate::event::Log;
use crate::lanes::Lane;
use crate::params::{log_uniform, parameters, uniform};
use crate::people::{Army, Role};
use crate::rng::{Sequence, Stream};
use crate::state::State;
use crate::world::Source;

parameters! { "manpower";
    urgency: "share", uniform(0.1, 0.3), (0.01, 1.0),
        "judgement",
        "Share of the army missing at which voluntary sources recruit at full effort.";
    idle: "share", uniform(0.1, 0.4), (0.0, 1.0),
        "judgement",
        "Effort of voluntary sources when nobody is missing.";
    effort: "-", uniform(0.6, 1.3), (0.0, 5.0),
        "judgement: uncertainty of the scenario's intake figures",
        "Factor on every source's intake.";
    healing: "1/day", log_uniform(0.006, 0.02), (0.0, 1.0),
        "judgement: half of the wounded return in one to three months",
        "Hazard that a wounded man returns to the reserve.";
    discharge: "1/day", log_uniform(0.002, 0.008), (0.0, 1.0),
        "judgement",
        "Hazard that a wounded man is sent home.";
    memory: "days", log_uniform(90.0, 365.0), (7.0, 10000.0),
        "judgement",
        "Time in which burden and deaths fade from memory.";
    reporting: "days", uniform(10.0, 40.0), (7.0, 1000.0),
        "judgement",
        "Time until a death is known at home.";
}

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, _log: &mut Log) {
    let mut random = cx.random.sequence(cx.number, Stream::Training);
    take_apart(cx, s);
    train(cx, s, &mut random);
    heal(cx, s, &mut random);
    let sources = (0..cx.world.polities.len()).map(|k| from_regions(cx, k).count()).max().unwrap_or(0);
    let mut random = cx.random.sequence(cx.number, Stream::Intake);
    for r in 0..cx.world.regions.len() {
        if cx.is_weekday_of(r) {
            let first = cx.turn_of(r, WEEK) * (sources + 2);
            take_from_region(cx, s, r, &mut random, first + 2);
            mourn(cx, s, r, [random.of(first), random.of(first + 1)]);
        }
    }
}

/// The sources that take a polity's men from its regions.
#[inline(always)]
fn from_regions<'a>(cx: &Day<'a>, polity: usize) -> impl Iterator<Item = (usize, &'a Source)> {
    let sources = cx.world.sources.iter().enumerate();
    sources.filter(move |(_, source)| !source.apart && source.polity == polity)
}

/// Effort of a source, given the army's need.
#[inline(always)]
fn effort(cx: &Day, s: &State, source: usize) -> Lane {
    let p = &cx.params.manpower;
    let own = &cx.world.sources[source];
    let open = s.sources[source].open;
    if !open.any() {
        return Lane::ZERO;
    }
    let needed = if own.compulsory {
        Lane::ONE
    } else {
        let target = cx.world.polities[own.polity].army_target as f32;
        let gap = (target - army(cx, s, own.polity)) / (p.urgency * target + 1.0);
        gap.min(Lane::ONE).max(p.idle)
    };
    let left = (s.sources[source].left * (1.0 / (own.intake * WEEK + 1.0))).unit();
    let polity = &s.polities[own.polity];
    open.select(p.effort * needed * polity.war * polity.enemy * left, 0.0)
}

/// Soldiers, reserve and recruits of a polity.
#[inline(always)]
pub(super) fn army(cx: &Day, s: &State, polity: usize) -> Lane {
    let mut sum = s.people.real(s.layout.army(polity, Army::Reserve));
    for (i, sector) in cx.world.sectors.iter().enumerate() {
        for k in [0, 1] {
            if sector.sides[k].polity == polity {
                sum += s.people.real(s.layout.soldiers(i, k));
            }
        }
    }
    for (j, source) in cx.world.sources.iter().enumerate() {
        if source.polity == polity {
            sum += s.people.real(s.layout.recruits(j));
        }
    }
    sum
}

#[inline(always)]
fn take_apart(cx: &Day, s: &mut State) {
    for (j, source) in cx.world.sources.iter().enumerate() {
        if !source.apart || !s.sources[j].open.any() {
            continue;
        }
        let pool = s.people.count(s.layout.pool(j));
        let men = source.intake * effort(cx, s, j);
        let u = cx.random.four(cx.number, Stream::Intake, j)[0];
        let taken = cx.binomial(pool, men / (pool.real() + 1.0), u);
        s.people.transfer(s.layout.pool(j), s.layout.recruits(j), taken);
        s.sources[j].left -= taken.real();
    }
}

#[inline(always)]
fn train(cx: &Day, s: &mut State, random: &mut Sequence) {
    for (j, source) in cx.world.sources.iter().enumerate() {
        let recruits = s.people.count(s.layout.recruits(j));
        if !recruits.gt(0).any() {
            continue;
        }
        let ready = cx.binomial(recruits, Lane::splat(1.0 / source.training.max(1.0)), random.of(j));
        s.to_reserve(source.polity, s.layout.recruits(j), ready, Lane::splat(source.quality));
    }
}

#[inline(always)]
fn heal(cx: &Day, s: &mut State, random: &mut Sequence) {
    let sources = cx.world.sources.len();
    for k in 0..cx.world.polities.len() {
        let wounded = s.layout.army(k, Army::Wounded);
        let back = cx.binomial(s.people.count(wounded), cx.params.manpower.healing, random.of(sources + k));
        s.people.transfer(wounded, s.layout.army(k, Army::Reserve), back);
    }
}

#[inline(always)]
fn take_from_region(cx: &Day, s: &mut State, r: usize, random: &mut Sequence, first: usize) {
    let region = &cx.world.regions[r];
    let civilians = s.layout.region(r, Role::Civilian);
    let signal = s.regions[r].signal;
    let admin = signal.officials * (1.0 - signal.left);
    let per_thousand = 1000.0 / region.population.max(1) as f32;
    for (slot, (j, source)) in from_regions(cx, region.polity).enumerate() {
        if !s.sources[j].open.any() || source.shares[r] <= 0.0 {
            continue;
        }
        let men = WEEK * source.intake * source.shares[r] * effort(cx, s, j) * admin;
        let there = s.people.count(civilians);
        let taken = cx.binomial(there, men / (there.real() + 1.0), random.of(first + slot));
        s.people.transfer(civilians, s.layout.recruits(j), taken);
        let taken = taken.real();
        s.sources[j].left -= taken;
        s.regions[r].burden += taken * (per_thousand * source.cost);
        s.regions[r].sent += taken;
        s.polities[region.polity].sent += taken;
    }
}

#[inline(always)]
fn mourn(cx: &Day, s: &mut State, r: usize, random: [Lane; 2]) {
    let p = &cx.params.manpower;
    let region = &cx.world.regions[r];
    let share = (s.regions[r].sent / s.polities[region.polity].sent).unit();
    let fallen = s.layout.army(region.polity, Army::Fallen);
    let known = cx.binomial(s.people.count(fallen), share * WEEK / p.reporting, random[0]);
    s.people.transfer(fallen, s.layout.region(r, Role::Dead), known);
    let wounded = s.layout.army(region.polity, Army::Wounded);
    let invalids = cx.binomial(s.people.count(wounded), share * WEEK * p.discharge, random[1]);
    s.people.transfer(wounded, s.layout.region(r, Role::Civilian), invalids);

    let fade = 1.0 - WEEK / p.memory;
    let state = &mut s.regions[r];
    let per_thousand = 1000.0 / region.population.max(1) as f32;
    state.deaths = state.deaths * fade + known.real() * per_thousand;
    state.burden *= fade;
}

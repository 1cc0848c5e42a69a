//! **Cohesion and rout.** The cohesion of a side is a base, which its people would have without strain,
//! minus its strains: casualties, lack of supply, bad news, neighbours in rout, and what the scenario adds. All
//! strains fade at one pace, so cohesion is exactly the sum of its parts and the cause of a rout can be named. The hazard of a rout rises steeply as cohesion approaches the
//! breaking point. It rises further with an open flank or where soldiers are missing without reserves, which break more forces than
//! casualties do (McQuie 1987). A rout ends after its days have passed or at the next defence belt. The
//! remnants then re-form, and part of the strain is gone.
//!
//! ```text
//! base'   = (base_floor + base_strength · S - base) / relaxation
//! strain' = input - strain / relaxation,   q = base - Σ strains
//! hazard  = rout_rate · exp((break_point - q) / break_spread) · (1 + flank · neighbours in rout + no_reserves · want)
//! ```
//!
//! `neighbours in rout` is the worst of the neighbouring sectors, not their number: 1 if one of them was in
//! rout in the morning, otherwise up to 1/2 after one was lost to the enemy, which fades with a time constant
//! of 30 days. `want` is the part of the missing soldiers that the reserve cannot replace. Cohesion and the strength of the regime stay
//! within 0.02 and 0.98. Nobody routs who is not in contact with the enemy.
//!
//! Reads: losses, supply, news, regime strength, reserves. Writes: cohesion, routs, bad news,
//! the wear of defeat.

use super::{Day, toward};
use crate::entity::side_index;
use crate::event::{Cause, EventKind, Log};
use crate::lanes::Lane;
use crate::params::{log_uniform, parameters, uniform};
use crate::rng::Stream;
use crate::state::{STRAINS, State};

parameters! { "cohesion";
    base_floor: "share", uniform(0.25, 0.35), (0.0, 1.0),
        "judgement",
        "Cohesion without strain under a regime of zero strength.";
    base_strength: "share", uniform(0.44, 0.60), (0.0, 1.0),
        "judgement",
        "Cohesion that a regime of full strength adds.";
    relaxation: "days", log_uniform(25.0, 65.0), (1.0, 1000.0),
        "judgement",
        "Time in which strain fades and the base adapts.";
    casualties: "-", uniform(0.6, 2.2), (0.0, 20.0),
        "judgement; casualties alone explain 10 % of breaks (McQuie 1987)",
        "Cohesion lost per share of strength killed or wounded.";
    supply: "1/day", log_uniform(0.004, 0.014), (0.0, 1.0),
        "judgement; shortage explains 2 % of breaks (McQuie 1987)",
        "Cohesion lost in a day without any supply.";
    news: "1/day", log_uniform(0.0015, 0.006), (0.0, 1.0),
        "judgement; surrender spreads by precedent (Lehmann & Zhukov 2019, direction only)",
        "Cohesion lost in a day under the worst news.";
    neighbours: "1/day", log_uniform(0.006, 0.025), (0.0, 1.0),
        "judgement; a neighbour's withdrawal explains 13 % of breaks (McQuie 1987)",
        "Cohesion lost in a day beside a sector in rout (at most half as much beside a lost one).";
    rout_rate: "1/day", log_uniform(0.008, 0.04), (0.0, 1.0),
        "judgement",
        "Hazard of rout at the breaking point.";
    break_point: "share", uniform(0.25, 0.36), (0.0, 1.0),
        "judgement",
        "Cohesion at the breaking point.";
    break_spread: "share", uniform(0.035, 0.055), (0.005, 1.0),
        "judgement; breakpoints are soft: the losers' loss fractions spread over a factor of ten (CDB90)",
        "Softness of the breaking point.";
    flank: "-", uniform(0.5, 3.0), (0.0, 20.0),
        "judgement: odds ratio 1.5-4 per recent precedent",
        "Rise of the hazard beside a sector in rout (at most half as much beside a lost one).";
    no_reserves: "-", uniform(0.3, 1.5), (0.0, 20.0),
        "judgement; lack of reserves explains 12 % of breaks (McQuie 1987)",
        "Rise of the hazard without reserves.";
    rout_days: "days", uniform(5.0, 12.0), (1.0, 60.0),
        "judgement; the rout of 6-13 September 2022 lasted a week",
        "Length of a rout.";
    recovery: "share", uniform(0.3, 0.7), (0.0, 1.0),
        "judgement",
        "Share of the strains that is gone when remnants re-form.";
    rout_news: "-", uniform(0.15, 0.45), (0.0, 1.0),
        "judgement",
        "Bad news of a rout in a sector of weight 1.";
}

/// A lost neighbouring sector leaves a flank open until a new line is built. It counts this much, 1 = a rout.
const LOST_FLANK: f32 = 0.5;
/// Time constant in which that happens, days.
const NEW_LINE_DAYS: f32 = 30.0;

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, log: &mut Log) {
    let p = &cx.params.cohesion;
    let keep = 1.0 - 1.0 / p.relaxation;
    look_around(cx, s);
    for (i, sector) in cx.world.sectors.iter().enumerate() {
        for k in [0, 1] {
            let polity = &s.polities[sector.sides[k].polity];
            let (strength, news, want) =
                (polity.strength, polity.news, (1.0 - polity.reserve_cover).positive());
            let open = s.sectors[i].open;
            let contact = s.contact(cx.world, i);
            let given = s.sectors[i].given(k);
            let side = &mut s.sectors[i].sides[k];
            let goal = p.base_floor + p.base_strength * strength;
            side.base = toward(side.base, goal, p.relaxation);
            let inputs = [
                p.casualties * side.losses,
                p.supply * (1.0 - side.supply) * open,
                p.news * news,
                p.neighbours * side.shaken * open,
                Lane::ZERO,
            ];
            for (strain, input) in side.strain.iter_mut().zip(inputs) {
                *strain = *strain * keep + input;
            }
            let routed = side.rout.gt(0.0);
            side.rout = (side.rout - 1.0).positive();
            for belt in &sector.sides[k].belts {
                let edge = belt.at - belt.width;
                let reached = given.ge(edge) & side.rout_from.lt(edge);
                side.rout = reached.select(0.0, side.rout);
            }
            // Remnants re-form when a rout has ended.
            let ending = routed & side.rout.le(0.0);
            let kept = ending.select(1.0 - p.recovery, 1.0);
            for strain in &mut side.strain {
                *strain *= kept;
            }
            let strain = side.strain.iter().fold(Lane::ZERO, |sum, &strain| sum + strain);
            side.cohesion = (side.base - strain).clamp(0.02, 0.98);

            let exposed = 1.0 + p.flank * side.shaken + p.no_reserves * want;
            let steep = ((p.break_point - side.cohesion) / p.break_spread).exp();
            let ready = side.rout.le(0.0).indicator() * contact;
            let hazard = (p.rout_rate * steep * exposed).clamp(0.0, 2.0) * ready;
            let routs = side.rout_clock.tick(hazard);
            if routs.any() {
                let u = cx.random.four(cx.number, Stream::Rout, i)[k];
                side.rout_clock.reset(routs, u);
                side.rout = routs.select(p.rout_days, side.rout);
                side.rout_from = routs.select(given, side.rout_from);
                // Parts of the logarithm of the hazard, against a side under a regime of full
                // strength that has no strain, no open flank and its reserves.
                let flank = p.flank * side.shaken;
                let rise = exposed.ln() / (exposed - 1.0).max(Lane::splat(1e-9));
                let mut terms = [(Cause::Regime, Lane::ZERO); STRAINS.len() + 2];
                terms[0].1 = (p.base_floor + p.base_strength - side.base) / p.break_spread;
                terms[1] = (Cause::Strength, rise * p.no_reserves * want);
                for (term, (&cause, &strain)) in terms[2..].iter_mut().zip(STRAINS.iter().zip(&side.strain)) {
                    let beside = if cause == Cause::Neighbours { rise * flank } else { Lane::ZERO };
                    *term = (cause, strain / p.break_spread + beside);
                }
                log.record(cx.number, EventKind::Rout, side_index(i, k), routs, &terms);
                let shock = routs.indicator() * sector.importance;
                let polity = &mut s.polities[sector.sides[k].polity];
                polity.hear(p.rout_news * shock * (1.0 - polity.news));
                polity.wear.defeat += cx.params.centre.rout * shock;
            }
        }
    }
}

/// Notes yesterday's routs next door before any sector routs today, so that the order of the
/// sectors does not matter.
#[inline(always)]
fn look_around(cx: &Day, s: &mut State) {
    for i in 0..s.sectors.len() {
        for k in [0, 1] {
            let gap = &mut s.sectors[i].sides[k].gap;
            *gap *= 1.0 - 1.0 / NEW_LINE_DAYS;
        }
    }
    for i in 0..s.sectors.len() {
        for k in [0, 1] {
            let neighbours = cx.world.sectors[i].neighbours.iter();
            let worst = neighbours.fold(Lane::ZERO, |worst, &other| {
                side_of(cx, i, k, other).map_or(worst, |(o, side)| {
                    let there = &s.sectors[o].sides[side];
                    worst.max(there.rout.gt(0.0).indicator()).max(there.gap * LOST_FLANK)
                })
            });
            s.sectors[i].sides[k].shaken = worst;
        }
    }
}

/// The side of sector `other` that belongs to the same polity as side `k` of sector `i`.
#[inline(always)]
fn side_of(cx: &Day, i: usize, k: usize, other: usize) -> Option<(usize, usize)> {
    let polity = cx.world.sectors[i].sides[k].polity;
    (0..2).find(|&side| cx.world.sectors[other].sides[side].polity == polity).map(|side| (other, side))
}

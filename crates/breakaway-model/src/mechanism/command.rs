//! **Command.** Reserves go where soldiers are missing, and safe sectors give men to the reserve. A
//! bridgehead that lacks supply is ordered back. How many get out depends on what the crossing can still
//! carry in the days that the enemy leaves: the *chance of escape*. A sector is lost when the whole depth of
//! ground is lost, or when a side that is not withdrawing has less than a tenth of its establishment; where both
//! have, the weaker loses, and of two that are as weak both do. Those who cannot get out are captured, and the others re-form in the reserve.
//!
//! ```text
//! order hazard = order_rate · logistic((order_supply - u) / 0.05)
//! escape       = min(1, lift · (share of the capacity that is left) · escape_days / soldiers)
//! captured     = max(encircled, 1 - escape)          of the men in a sector that is lost
//! wanted       = establishment · fill · (1 + threat),   fill = max(1, army · (1 - held_back) / establishments)
//! sent         = min(reserve · reserve_rate, men missing), shared by need
//! threat       = ln(P_enemy / (P cover)), between 0 and 1/2
//! thinned      = thin_rate · (ln(P cover / P_enemy) - 0.7), of the men a day, with the bracket between 0 and 1
//! ```
//!
//! `escape_days` is reduced by the days since the order; after them, or when fewer than 2 % of the establishment are left, those
//! who are still there are captured. The army is soldiers and reserve here. A side without a crossing is never ordered back by
//! this hazard, and its chance of escape is 1. When a sector is lost or given up, the soldiers of the other
//! side there join their reserve.
//!
//! Reads: supply, power, the line. Moves: reserve to soldiers, soldiers to reserve and to
//! captives. Writes: withdrawals, sectors lost, the reserve's cover, bad news, the wear of
//! defeat.

use super::Day;
use crate::entity::side_index;
use crate::event::{Cause, EventKind, Log};
use crate::lanes::Lane;
use crate::params::{log_uniform, parameters, uniform};
use crate::people::Army;
use crate::rng::Stream;
use crate::state::{SectorState, State};

parameters! { "command";
    order_rate: "1/day", log_uniform(0.03, 0.2), (0.0, 2.0),
        "judgement; the order of 9 November 2022 came some three months after the bridges closed",
        "Hazard that a bridgehead without supply is ordered back.";
    order_supply: "share", uniform(0.35, 0.65), (0.0, 1.0),
        "judgement",
        "Supply below which the order is likely.";
    escape_days: "days", uniform(5.0, 14.0), (1.0, 60.0),
        "judgement; the withdrawal of November 2022 was reported complete two days after the order",
        "Days that the enemy leaves for getting out.";
    reserve_rate: "1/day", log_uniform(0.05, 0.3), (0.0, 1.0),
        "judgement",
        "Share of the reserve that can be sent in a day.";
    held_back: "share", uniform(0.1, 0.4), (0.0, 1.0),
        "judgement",
        "Share of the army that stays in reserve before more than the establishment goes to the front.";
    thin_rate: "1/day", log_uniform(0.001, 0.01), (0.0, 1.0),
        "judgement; the line at Izium was thinned from 23 to 7 battalion groups while Kherson rose from 14 to 21, 27 August - 11 September 2022 (read)",
        "Share of a safe sector's men that is withdrawn in a day for other sectors.";
    encircled: "share", uniform(0.0, 0.25), (0.0, 1.0),
        "computed from CDB90: 4.5 % of losers since 1900 were taken whole; Beta(2, 20) widened",
        "Smallest share of the men left in a lost sector who are captured.";
    lost_news: "-", uniform(0.15, 0.5), (0.0, 1.0),
        "judgement",
        "Bad news of losing a sector of weight 1.";
    ceded_news: "-", uniform(0.05, 0.3), (0.0, 1.0),
        "judgement",
        "Bad news of giving up a sector of weight 1.";
}

/// Softness of the order to withdraw, as a share of supply.
const ORDER_SPREAD: f32 = 0.05;
/// Log power ratio above which a sector counts as safe.
const SAFE: f32 = 0.7;
/// Share of the establishment below which a side cannot keep its sector (judgement). Sides are beaten
/// long before: it decides almost nothing.
const MINIMUM: f32 = 0.1;

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, log: &mut Log) {
    withdraw(cx, s, log);
    lose(cx, s, log);
    reinforce(cx, s);
    collapse(cx, s, log);
}

#[inline(always)]
fn withdraw(cx: &Day, s: &mut State, log: &mut Log) {
    let p = &cx.params.command;
    for (i, sector) in cx.world.sectors.iter().enumerate() {
        // Both sides go before the sector is closed, so that their order does not matter.
        let contact = s.contact(cx.world, i);
        let mut gone = [Lane::ZERO; 2];
        for (k, own) in sector.sides.iter().enumerate() {
            let from = s.layout.soldiers(i, k);
            let soldiers = s.people.real(from);
            let side = &mut s.sectors[i].sides[k];
            let whole = own.crossing.map_or(1.0, |c| c.capacity.max(1.0));
            let lift = own.crossing.map_or(Lane::splat(1.0e9), |c| side.capacity * (c.lift / whole));
            let days = (p.escape_days - side.withdrawal_days).positive();
            side.escape = (lift * days / (soldiers + 1.0)).min(Lane::ONE);

            if own.crossing.is_some() {
                let free = contact * (1.0 - side.withdrawing);
                let starving = ((p.order_supply - side.supply) * (1.0 / ORDER_SPREAD)).logistic();
                let ordered = side.withdrawal_clock.tick(p.order_rate * starving * free);
                if ordered.any() {
                    let terms = [(Cause::Supply, 1.0 - side.supply)];
                    log.record(cx.number, EventKind::WithdrawalOrdered, side_index(i, k), ordered, &terms);
                    side.withdrawing = ordered.select(1.0, side.withdrawing);
                }
            }
            let going = side.withdrawing * contact;
            if !going.gt(0.0).any() {
                continue;
            }
            side.withdrawal_days += going;
            let late = side.withdrawal_days.ge(p.escape_days);
            // What the crossing has lost; a side without one lacks none.
            let worn = own.crossing.map_or(Lane::ZERO, |_| 1.0 - side.capacity * (1.0 / whole));
            let quality = side.quality;
            let out = (lift * going).min(soldiers).floor().only(going.gt(0.0));
            s.to_reserve(own.polity, from, out, quality);
            let empty = s.people.real(from).lt(0.02 * own.establishment as f32);
            let done = going.gt(0.0) & (empty | late);
            if done.any() {
                s.people.transfer_all(from, s.layout.army(own.polity, Army::Captive), done);
                let terms = [(Cause::Supply, worn), (Cause::Scenario, Lane::splat(0.01))];
                log.record(cx.number, EventKind::Withdrawn, side_index(i, k), done, &terms);
                let side = &mut s.sectors[i].sides[k];
                side.ceded = done.select(1.0, side.ceded);
                gone[k] = done.indicator();
            }
        }
        for k in (0..2).filter(|&k| gone[k].gt(0.0).any()) {
            close(cx, s, i, k, gone[k], p.ceded_news, cx.params.centre.ceded);
        }
    }
}

#[inline(always)]
fn lose(cx: &Day, s: &mut State, log: &mut Log) {
    let p = &cx.params.command;
    for (i, sector) in cx.world.sectors.iter().enumerate() {
        let random = cx.random.four(cx.number, Stream::Encirclement, i);
        // Both sides are judged before either of them leaves, so that their order does not matter.
        let contact = s.contact(cx.world, i).gt(0.5);
        let soldiers = [0, 1].map(|k| s.people.real(s.layout.soldiers(i, k)));
        let given = [0, 1].map(|k| ground(&s.sectors[i], k, sector.sides[k].depth));
        let pushed = given.map(|given| given.ge(1.0));
        let weak = [0, 1].map(|k| {
            let least = MINIMUM * sector.sides[k].establishment as f32;
            soldiers[k].lt(least) & s.sectors[i].sides[k].withdrawing.le(0.0)
        });
        let lost = [0, 1].map(|k| {
            let share = |k: usize| soldiers[k] * (1.0 / sector.sides[k].establishment.max(1) as f32);
            let weaker = weak[k] & !pushed[1 - k] & !(weak[1 - k] & share(1 - k).lt(share(k)));
            contact & (pushed[k] | weaker)
        });
        for (k, own) in sector.sides.iter().enumerate() {
            let from = s.layout.soldiers(i, k);
            let (given, pushed, weak, lost) = (given[k], pushed[k], weak[k], lost[k]);
            if !lost.any() {
                continue;
            }
            let terms = [(Cause::Ground, pushed.select(given, 0.0)), (Cause::Strength, weak.indicator())];
            log.record(cx.number, EventKind::SectorLost, side_index(i, k), lost, &terms);
            let side = &s.sectors[i].sides[k];
            let (caught, quality) = (p.encircled.max(1.0 - side.escape), side.quality);
            let captured = cx.binomial(s.people.count(from).only(lost), caught, random[k]);
            s.people.transfer(from, s.layout.army(own.polity, Army::Captive), captured);
            s.to_reserve(own.polity, from, s.people.count(from).only(lost), quality);
            let side = &mut s.sectors[i].sides[k];
            side.lost = lost.select(1.0, side.lost);
            side.gap = lost.select(1.0, side.gap);
        }
        for k in (0..2).filter(|&k| lost[k].any()) {
            close(cx, s, i, k, lost[k].indicator(), p.lost_news, cx.params.centre.lost);
        }
    }
}

/// Ends the fighting in a sector that side `k` leaves; the soldiers of the other side join its reserve.
#[inline(always)]
fn close(cx: &Day, s: &mut State, i: usize, k: usize, gone: Lane, news: Lane, wear: Lane) {
    let sector = &cx.world.sectors[i];
    let from = s.layout.soldiers(i, 1 - k);
    let men = s.people.count(from).only(gone.gt(0.5));
    s.to_reserve(sector.sides[1 - k].polity, from, men, s.sectors[i].sides[1 - k].quality);
    s.sectors[i].open *= 1.0 - gone;
    let polity = &mut s.polities[sector.sides[k].polity];
    let weight = gone * sector.importance;
    polity.hear(news * weight * (1.0 - polity.news));
    polity.wear.defeat += wear * weight;
}

/// Ground lost by side `k`, as a share of the sector's depth.
#[inline(always)]
fn ground(sector: &SectorState, k: usize, depth: f32) -> Lane {
    sector.given(k) * (1.0 / depth.max(1.0))
}

/// Soldiers missing from a side, if it is meant to have `fill` times its establishment. More are
/// missing where the enemy is stronger.
#[inline(always)]
fn missing(cx: &Day, s: &State, i: usize, k: usize, fill: Lane) -> Lane {
    let (state, own) = (&s.sectors[i], &cx.world.sectors[i].sides[k]);
    let side = &state.sides[k];
    let threat = (state.sides[1 - k].power / (side.power * side.cover)).ln().clamp(0.0, 0.5);
    let wanted = own.establishment as f32 * (1.0 + threat) * fill;
    let here = s.people.real(s.layout.soldiers(i, k));
    (wanted - here).positive() * state.open * (1.0 - side.withdrawing)
}

#[inline(always)]
fn reinforce(cx: &Day, s: &mut State) {
    let p = &cx.params.command;
    for polity in 0..cx.world.polities.len() {
        let reserve_cell = s.layout.army(polity, Army::Reserve);
        let (mut short, mut meant, mut soldiers) = (Lane::ZERO, Lane::ONE, Lane::ZERO);
        for (i, k) in fronts(cx, polity) {
            thin(cx, s, i, k);
            short += missing(cx, s, i, k, Lane::ONE);
            meant += s.sectors[i].open * cx.world.sectors[i].sides[k].establishment as f32;
            soldiers += s.people.real(s.layout.soldiers(i, k));
        }
        // Soldiers beyond the establishment strengthen the front, except for a part that is held
        // back.
        let reserve = s.people.real(reserve_cell);
        let fill = ((soldiers + reserve) * (1.0 - p.held_back) / meant).max(Lane::ONE);
        let need = fronts(cx, polity).fold(Lane::ZERO, |sum, (i, k)| sum + missing(cx, s, i, k, fill));
        let sent = (reserve * p.reserve_rate).min(need);
        let share = sent / (need + 1.0);
        for (i, k) in fronts(cx, polity) {
            let cell = s.layout.soldiers(i, k);
            let before = s.people.real(cell);
            let men = (missing(cx, s, i, k, fill) * share).floor();
            let men = s.people.transfer(reserve_cell, cell, men).real();
            let quality = s.polities[polity].reserve_quality;
            let side = &mut s.sectors[i].sides[k];
            side.quality = (side.quality * (before + 1.0) + quality * men) / (before + men + 1.0);
        }
        let state = &mut s.polities[polity];
        state.shortfall = (short / meant).clamp(0.0, 1.0);
        state.reserve_cover = ((reserve + 1.0) / (short + 1.0)).clamp(0.0, 10.0);
    }
}

/// A safe sector gives men to the reserve.
#[inline(always)]
fn thin(cx: &Day, s: &mut State, i: usize, k: usize) {
    let state = &s.sectors[i];
    let side = &state.sides[k];
    let safety = (side.power * side.cover / state.sides[1 - k].power).ln() - SAFE;
    let share = cx.params.command.thin_rate * safety.clamp(0.0, 1.0) * state.open;
    let polity = cx.world.sectors[i].sides[k].polity;
    let from = s.layout.soldiers(i, k);
    let men = (s.people.real(from) * share).floor();
    s.to_reserve(polity, from, men, side.quality);
}

#[inline(always)]
fn collapse(cx: &Day, s: &mut State, log: &mut Log) {
    for polity in 0..cx.world.polities.len() {
        let (mut broken, mut held, mut routed) = (Lane::ZERO, 0.0, Lane::ZERO);
        for (i, k) in fronts(cx, polity) {
            let side = &s.sectors[i].sides[k];
            let rout = side.rout.gt(0.0).indicator() * s.sectors[i].open;
            routed += rout;
            broken += side.lost.max(rout);
            held += 1.0;
        }
        if held == 0.0 {
            continue;
        }
        let state = &mut s.polities[polity];
        state.broken = broken * (1.0 / held);
        let first = state.collapsed.first(state.broken.ge(0.5));
        if first.any() {
            let terms = [(Cause::Rout, routed), (Cause::Ground, broken - routed)];
            log.record(cx.number, EventKind::FrontCollapse, polity, first, &terms);
        }
    }
}

/// A polity's sides of sectors.
#[inline(always)]
fn fronts<'a>(cx: &'a Day, polity: usize) -> impl Iterator<Item = (usize, usize)> + 'a {
    let sectors = cx.world.sectors.iter().enumerate();
    sectors.flat_map(move |(i, sector)| {
        (0..2).filter(move |&k| sector.sides[k].polity == polity).map(move |k| (i, k))
    })
}

//! **The way home.** Deserters reach the region from which they come, or the hinterland of the front. They
//! move on along the regions' links within the polity, to one neighbour of the same polity each week in turn, and
//! sooner to a neighbour that nobody governs. In a region they are reintegrated or caught, or they form armed bands where
//! nobody governs. Bands prey on people, shrink where there are guards, join the armed wing of an organised
//! movement, and grow where they are the only power.
//!
//! ```text
//! vacuum = 1 - max(officials · min(cover, 1), own government)
//! a deserter, a month: amnesty (reintegrated), caught · cover, banding · armed · vacuum (band)
//! a band member, a month: suppression · cover + disbanding, joining · organisation
//! bands grow by growth · vacuum² of themselves a month, from the people
//! violence goes to b / (b + bands_half), b = bands per thousand, by a quarter of the way a week
//! ```
//!
//! Deserters who are caught return to the reserve; a region that has declared or left catches none, but
//! its guards suppress bands. Deserters who are at home move on half as often as those who are not. All of this is computed
//! once a week for each region.
//!
//! Reads: officials, guards, organisation, the region's own government. Moves: stragglers to deserters,
//! deserters along links, to civilians, to reserve, to bands; bands to civilians, to fighters; civilians to
//! bands and to displaced. Writes: violence.

use super::{Day, WEEK, toward};
use crate::event::{Cause, EventKind, Log};
use crate::lanes::Lane;
use crate::params::{log_uniform, parameters, uniform};
use crate::people::{Army, Role};
use crate::rng::Stream;
use crate::state::State;

parameters! { "home";
    travel_days: "days", log_uniform(7.0, 40.0), (7.0, 1000.0),
        "judgement",
        "Time from leaving the army to reaching a region.";
    homing: "share", uniform(0.3, 0.8), (0.0, 1.0),
        "judgement",
        "Share of deserters who go to the region from which they come; the others go to the front's hinterland.";
    moving: "1/month", log_uniform(0.1, 0.6), (0.0, 4.0),
        "judgement",
        "Hazard of moving on to a neighbouring region in a full vacuum; a fifth of it to a governed one.";
    amnesty: "1/month", log_uniform(0.05, 0.3), (0.0, 4.0),
        "judgement; 35 % of North Carolina's deserters returned over the war (read)",
        "Hazard that a deserter is reintegrated.";
    caught: "1/month", log_uniform(0.05, 0.4), (0.0, 4.0),
        "judgement",
        "Hazard that a deserter is caught, where guards are at full strength.";
    banding: "1/month", log_uniform(0.08, 0.8), (0.0, 8.0),
        "Green Cadres of 1918: scores of thousands of 230,000 deserters (read); Russian Greens 3-7 %; hence Beta(1.5, 10) of deserters, where nobody governs",
        "Hazard that an armed deserter joins a band in a full vacuum.";
    armed: "share", uniform(0.15, 0.6), (0.0, 1.0),
        "judgement",
        "Share of deserters with arms.";
    suppression: "1/month", log_uniform(0.02, 0.15), (0.0, 8.0),
        "judgement: 2-15 % a month",
        "Hazard that a band member is put out of action under full guard.";
    disbanding: "1/month", log_uniform(0.03, 0.15), (0.0, 8.0),
        "judgement",
        "Hazard that a band member goes home.";
    joining: "1/month", log_uniform(0.02, 0.3), (0.0, 8.0),
        "judgement",
        "Hazard that a band member joins a fully organised movement.";
    growth: "1/month", log_uniform(0.02, 0.3), (0.0, 8.0),
        "judgement",
        "Growth of bands from the local people in a full vacuum.";
    bands_half: "per 1,000", log_uniform(0.3, 2.0), (0.01, 100.0),
        "judgement",
        "Band members per thousand people at which violence is half of the worst.";
    displacement: "1/month", log_uniform(0.0005, 0.01), (0.0, 1.0),
        "judgement",
        "Hazard that a civilian is driven out at the worst violence.";
}

const MONTH: f32 = 30.4375;

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, log: &mut Log) {
    for r in 0..cx.world.regions.len() {
        if cx.is_weekday_of(r) {
            arrive(cx, s, r);
            settle(cx, s, r);
            prey(cx, s, r, log);
        }
    }
}

/// How far a region is without a government, the centre's or its own, share.
#[inline(always)]
pub(crate) fn vacuum(s: &State, r: usize) -> Lane {
    let signal = &s.regions[r].signal;
    let government = s.regions[r].government;
    let governed = (signal.officials * signal.cover.min(Lane::ONE)).max(government);
    (1.0 - governed).unit()
}

#[inline(always)]
fn arrive(cx: &Day, s: &mut State, r: usize) {
    let p = &cx.params.home;
    let region = &cx.world.regions[r];
    let from = s.layout.army(region.polity, Army::Straggler);
    let home = s.regions[r].sent / s.polities[region.polity].sent;
    let native = p.homing * home;
    let share = native + (1.0 - p.homing) * region.hinterland;
    let random = cx.random.four(cx.number, Stream::Arrival, r);
    let here = s.layout.region(r, Role::Deserter);
    let arrived = cx.binomial(s.people.count(from), (share * WEEK / p.travel_days).unit(), random[0]);
    s.people.transfer(from, here, arrived);

    // Deserters move on to one neighbour a week, each neighbour of the own polity in its turn.
    let there = s.people.count(here);
    if !there.gt(0).any() {
        return;
    }
    let Some(other) = next_neighbour(cx, r) else { return };
    let at_home = native / share.max(Lane::splat(1e-9));
    let chance = p.moving * (WEEK / MONTH) * (0.2 + 0.8 * vacuum(s, other)) * (1.0 - 0.5 * at_home);
    let gone = cx.binomial(there, chance, random[1]);
    s.people.transfer(here, s.layout.region(other, Role::Deserter), gone);
}

/// The neighbour in the same polity to which deserters move on this week.
#[inline(always)]
fn next_neighbour(cx: &Day, r: usize) -> Option<usize> {
    let region = &cx.world.regions[r];
    let own = || region.neighbours.iter().filter(|&&other| cx.world.regions[other].polity == region.polity);
    let week = (cx.number / WEEK as u32) as usize;
    own().nth((week + r).checked_rem(own().count())?).copied()
}

#[inline(always)]
fn settle(cx: &Day, s: &mut State, r: usize) {
    let p = &cx.params.home;
    let region = &cx.world.regions[r];
    let here = s.layout.region(r, Role::Deserter);
    let there = s.people.count(here);
    if !there.gt(0).any() {
        return;
    }
    let random = cx.random.four(cx.number, Stream::Deserters, r);
    let week = WEEK / MONTH;
    let cover = s.regions[r].signal.cover.min(Lane::ONE) * (1.0 - s.regions[r].signal.left);
    let banding = p.banding * p.armed * vacuum(s, r) * week;
    let (bands, reintegrated) = cx.split(there, banding.unit(), (p.amnesty * week).unit(), random[0], random[1]);
    s.people.transfer(here, s.layout.region(r, Role::Band), bands);
    s.people.transfer(here, s.layout.region(r, Role::Civilian), reintegrated);
    let caught = cx.binomial(s.people.count(here), p.caught * cover * week, random[2]);
    s.people.transfer(here, s.layout.army(region.polity, Army::Reserve), caught);
}

#[inline(always)]
fn prey(cx: &Day, s: &mut State, r: usize, log: &mut Log) {
    let p = &cx.params.home;
    let bands = s.layout.region(r, Role::Band);
    let there = s.people.count(bands);
    let any = there.gt(0).any();
    let signal = s.regions[r].signal;
    if any {
        let random = cx.random.four(cx.number, Stream::Bands, r);
        let week = WEEK / MONTH;
        let organised = s.regions[r].organisation;
        let put_out = (p.suppression * signal.cover.min(Lane::ONE) + p.disbanding) * week;
        let joining = p.joining * organised * week;
        let (out, joined) = cx.split(there, put_out.unit(), joining, random[0], random[1]);
        s.people.transfer(bands, s.layout.region(r, Role::Civilian), out);
        s.people.transfer(bands, s.layout.region(r, Role::Fighter), joined);
        let empty = vacuum(s, r);
        let recruits = cx.binomial(s.people.count(bands), p.growth * empty * empty * week, random[2]);
        s.people.transfer(s.layout.region(r, Role::Civilian), bands, recruits);
        let driven = p.displacement * s.regions[r].violence * week;
        let civilians = s.layout.region(r, Role::Civilian);
        let displaced = cx.binomial(s.people.count(civilians).only(there.gt(0)), driven, random[3]);
        s.people.transfer(civilians, s.layout.region(r, Role::Displaced), displaced);
    }
    let per_thousand = s.people.real(bands) * 1000.0 / signal.inhabitants;
    let state = &mut s.regions[r];
    // The time constant of violence is four weeks: a week covers a quarter of the way.
    state.violence = toward(state.violence, per_thousand.saturate(p.bands_half), Lane::splat(4.0));
    let first = state.seen.bands.first(per_thousand.gt(1.0));
    if first.any() {
        let terms =
            [(Cause::Vacuum, 1.0 - signal.officials), (Cause::Guards, (1.0 - signal.cover).positive())];
        log.record(cx.number, EventKind::BandRule, r, first, &terms);
    }
}

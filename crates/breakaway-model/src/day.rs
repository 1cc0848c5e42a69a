//! The order of the day, and nothing else.

use crate::event::{Cause, Kind, Log};
use crate::lanes::{Lane, Mask};
use crate::mechanism::{
    Day, centre, citizens, cohesion, combat, command, desertion, guards, home, manpower, movements, officials,
    regions, supply,
};
use crate::state::State;
use crate::world::{Change, Mechanism, Switches};

/// Lets one day pass.
#[inline(always)]
pub fn day(cx: &Day, s: &mut State, log: &mut Log) {
    let runs = |mechanism| Switches::runs(cx.world.off, mechanism);
    s.take_signals(cx.world);
    change(cx, s, log);
    if runs(Mechanism::Supply) {
        supply::step(cx, s);
    }
    if runs(Mechanism::Combat) {
        combat::step(cx, s);
    }
    if runs(Mechanism::Cohesion) {
        cohesion::step(cx, s, log);
    }
    if runs(Mechanism::Desertion) {
        desertion::step(cx, s);
    }
    if runs(Mechanism::Command) {
        command::step(cx, s, log);
    }
    if runs(Mechanism::Manpower) {
        manpower::step(cx, s);
    }
    if runs(Mechanism::Home) {
        home::step(cx, s, log);
    }
    if runs(Mechanism::Citizens) {
        citizens::step(cx, s, log);
    }
    if runs(Mechanism::Officials) {
        officials::step(cx, s, log);
    }
    if runs(Mechanism::Guards) {
        guards::step(cx, s, log);
    }
    if runs(Mechanism::Movements) {
        movements::step(cx, s, log);
    }
    if runs(Mechanism::Regions) {
        regions::step(cx, s, log);
    }
    if runs(Mechanism::Centre) {
        centre::step(cx, s, log);
    }
}

/// Carries out the scenario's dated changes.
#[inline(always)]
fn change(cx: &Day, s: &mut State, log: &mut Log) {
    let changes = &cx.world.changes;
    let from = changes.partition_point(|(day, _)| *day < cx.number);
    for (day, change) in &changes[from..] {
        if *day > cx.number {
            break;
        }
        apply(cx, s, log, change);
    }
}

fn apply(cx: &Day, s: &mut State, log: &mut Log, change: &Change) {
    let given = [(Cause::Scenario, Lane::ONE)];
    match *change {
        Change::Strength { polity, add } => s.polities[polity].wear.shock -= Lane::splat(add),
        Change::Baseline { polity, add } => s.polities[polity].baseline += add,
        Change::News { polity, add } => {
            let news = &mut s.polities[polity].news;
            *news = (*news + add).unit();
        }
        Change::Treasury { polity, add } => s.polities[polity].treasury += Lane::splat(add),
        Change::Identity { polity, factor } => s.polities[polity].identity *= factor,
        Change::Congress { polity, size } => {
            log.record(cx.number, Kind::Congress, polity, Mask::ALL, &given);
            movements::hold_congress(cx, s, polity, Lane::splat(size));
        }
        Change::HoldGuards { polity, hold } => s.polities[polity].hold_guards = hold,
        Change::War { polity, fights } => {
            let peace = s.polities[polity].war.gt(0.5);
            s.polities[polity].war = Lane::splat(f32::from(u8::from(fights)));
            if !fights {
                log.record(cx.number, Kind::Peace, polity, peace, &given);
            }
        }
        Change::Source { source, open } => s.sources[source].open = open,
        Change::Supply { sector, side, set } => s.sectors[sector].sides[side].depot = set,
        Change::Crossing { sector, side, factor } => {
            let capacity = &mut s.sectors[sector].sides[side].capacity;
            *capacity = *capacity * factor;
        }
        Change::Quality { sector, side, factor } => {
            let quality = &mut s.sectors[sector].sides[side].quality;
            *quality = *quality * factor;
        }
        Change::Cohesion { sector, side, add } => {
            let strain = &mut s.sectors[sector].sides[side].strain[2];
            *strain = *strain - add;
        }
        Change::Tempo { sector, set } => s.sectors[sector].tempo = set,
        Change::Withdraw { sector, side } => {
            let state = &mut s.sectors[sector].sides[side];
            let free = state.withdrawing.le(0.0) & s.sectors[sector].open.gt(0.5);
            log.record(cx.number, Kind::WithdrawalOrdered, 2 * sector + side, free, &given);
            state.withdrawing = free.select(1.0, state.withdrawing);
        }
    }
}

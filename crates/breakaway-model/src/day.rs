//! The order of the day, and nothing else.

use crate::dispatch::dispatched;
use crate::entity::side_index;
use crate::event::{Cause, EventKind, Log};
use crate::lanes::{Lane, Mask};
use crate::mechanism::{self, Day, Mechanism};
use crate::state::State;
use crate::world::{Amount, Change};

/// Simulates one day.
pub fn day(cx: &Day, s: &mut State, log: &mut Log) {
    morning(cx.simd, cx, s);
    change(cx, s, log);
    for (mechanism, step) in mechanism::STEPS {
        if cx.world.off.runs(*mechanism) {
            step(cx.simd, cx, s, log);
        }
    }
}

dispatched! { fn morning(cx: &Day, s: &mut State) = look_around; }
#[inline(always)]
fn look_around(cx: &Day, s: &mut State) {
    s.look_around(cx.world);
}

/// Applies the scenario's changes of this day.
fn change(cx: &Day, s: &mut State, log: &mut Log) {
    let changes = &cx.world.changes;
    let from = changes.partition_point(|(day, _)| *day < cx.number);
    for (day, change) in &changes[from..] {
        if *day > cx.number {
            break;
        }
        apply(cx, s, log, change, Mask::ALL);
    }
    for (unknown, change) in &cx.world.undated {
        let day = cx.params.unknown[*unknown].max(Lane::ONE);
        let passed = |number: u32| day.le(number as f32);
        let today = passed(cx.number) & !passed(cx.number - 1);
        if today.any() {
            apply(cx, s, log, change, today);
        }
    }
}

/// Applies a change in the lanes of the mask.
fn apply(cx: &Day, s: &mut State, log: &mut Log, change: &Change, at: Mask) {
    let given = [(Cause::Scenario, Lane::ONE)];
    let amount = |amount: Amount| match amount {
        Amount::Known(x) => Lane::splat(x),
        Amount::Unknown(unknown) => cx.params.unknown[unknown],
    };
    let added = |x: Amount| at.select(amount(x), 0.0);
    let factor = |x: Amount| at.select(amount(x).positive(), 1.0);
    match *change {
        Change::Strength { polity, add } => s.polities[polity].wear.shock -= added(add),
        Change::Baseline { polity, add } => s.polities[polity].baseline += added(add),
        Change::News { polity, add } => s.polities[polity].hear(added(add)),
        Change::Treasury { polity, add } => s.polities[polity].treasury += added(add),
        Change::Identity { polity, factor: by } => s.polities[polity].identity *= factor(by),
        Change::Congress { .. } if !cx.world.off.runs(Mechanism::Movements) => {}
        Change::Congress { polity, size } => {
            log.record(cx.number, EventKind::Congress, polity, at, &given);
            mechanism::movements::hold_congress(cx, s, polity, added(size).positive());
        }
        Change::HoldGuards { polity, hold } => put(&mut s.polities[polity].hold_guards, hold, at),
        Change::War { polity, fights } => {
            let fought = s.polities[polity].war.gt(0.5);
            s.polities[polity].war = at.select(f32::from(u8::from(fights)), s.polities[polity].war);
            if !fights {
                log.record(cx.number, EventKind::Peace, polity, fought & at, &given);
            }
        }
        Change::Source { source, open } => put(&mut s.sources[source].open, open, at),
        Change::Supply { sector, side, set } => {
            let depot = &mut s.sectors[sector].sides[side].depot;
            *depot = at.select(amount(set).unit(), *depot);
        }
        Change::Crossing { sector, side, factor: by } => {
            s.sectors[sector].sides[side].capacity *= factor(by);
        }
        Change::Quality { sector, side, factor: by } => {
            s.sectors[sector].sides[side].quality *= factor(by);
        }
        Change::Cohesion { sector, side, add } => {
            let strains = &mut s.sectors[sector].sides[side].strain;
            strains[strains.len() - 1] -= added(add);
        }
        Change::Tempo { sector, set } => {
            let tempo = &mut s.sectors[sector].tempo;
            *tempo = at.select(amount(set).positive(), *tempo);
        }
        Change::Withdraw { sector, side } => {
            let open = s.sectors[sector].open.gt(0.5);
            let state = &mut s.sectors[sector].sides[side];
            let free = state.withdrawing.le(0.0) & open & at;
            log.record(cx.number, EventKind::WithdrawalOrdered, side_index(sector, side), free, &given);
            state.withdrawing = free.select(1.0, state.withdrawing);
        }
    }
}

/// Switches something on or off in the lanes of the mask.
fn put(switch: &mut Mask, on: bool, at: Mask) {
    *switch = if on { *switch | at } else { *switch & !at };
}

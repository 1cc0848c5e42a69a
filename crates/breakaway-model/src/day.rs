//! The order of the day, and nothing else.

use crate::dispatch::{Simd, dispatched};
use crate::event::{Cause, Kind, Log};
use crate::lanes::{Lane, Mask};
use crate::mechanism::{self, Day};
use crate::state::State;
use crate::world::{Amount, Change, Mechanism};

/// Simulates one day.
pub fn day(cx: &Day, s: &mut State, log: &mut Log) {
    morning(cx.simd, cx, s);
    change(cx, s, log);
    for (mechanism, step) in ORDER {
        if cx.world.off.runs(mechanism) {
            step(cx.simd, cx, s, log);
        }
    }
}

type Step = fn(Simd, &Day, &mut State, &mut Log);

/// The mechanisms, in their order.
const ORDER: [(Mechanism, Step); 13] = [
    (Mechanism::Supply, supply),
    (Mechanism::Combat, combat),
    (Mechanism::Cohesion, cohesion),
    (Mechanism::Desertion, desertion),
    (Mechanism::Command, command),
    (Mechanism::Manpower, manpower),
    (Mechanism::Home, home),
    (Mechanism::Citizens, citizens),
    (Mechanism::Officials, officials),
    (Mechanism::Guards, guards),
    (Mechanism::Movements, movements),
    (Mechanism::Regions, regions),
    (Mechanism::Centre, centre),
];

dispatched! { fn morning(cx: &Day, s: &mut State) = look_around; }
dispatched! { fn supply(cx: &Day, s: &mut State, log: &mut Log) = mechanism::supply::step; }
dispatched! { fn combat(cx: &Day, s: &mut State, log: &mut Log) = mechanism::combat::step; }
dispatched! { fn cohesion(cx: &Day, s: &mut State, log: &mut Log) = mechanism::cohesion::step; }
dispatched! { fn desertion(cx: &Day, s: &mut State, log: &mut Log) = mechanism::desertion::step; }
dispatched! { fn command(cx: &Day, s: &mut State, log: &mut Log) = mechanism::command::step; }
dispatched! { fn manpower(cx: &Day, s: &mut State, log: &mut Log) = mechanism::manpower::step; }
dispatched! { fn home(cx: &Day, s: &mut State, log: &mut Log) = mechanism::home::step; }
dispatched! { fn citizens(cx: &Day, s: &mut State, log: &mut Log) = mechanism::citizens::step; }
dispatched! { fn officials(cx: &Day, s: &mut State, log: &mut Log) = mechanism::officials::step; }
dispatched! { fn guards(cx: &Day, s: &mut State, log: &mut Log) = mechanism::guards::step; }
dispatched! { fn movements(cx: &Day, s: &mut State, log: &mut Log) = mechanism::movements::step; }
dispatched! { fn regions(cx: &Day, s: &mut State, log: &mut Log) = mechanism::regions::step; }
dispatched! { fn centre(cx: &Day, s: &mut State, log: &mut Log) = mechanism::centre::step; }

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
        Change::News { polity, add } => {
            let news = &mut s.polities[polity].news;
            *news = (*news + added(add)).unit();
        }
        Change::Treasury { polity, add } => s.polities[polity].treasury += added(add),
        Change::Identity { polity, factor: by } => s.polities[polity].identity *= factor(by),
        Change::Congress { .. } if !cx.world.off.runs(Mechanism::Movements) => {}
        Change::Congress { polity, size } => {
            log.record(cx.number, Kind::Congress, polity, at, &given);
            mechanism::movements::hold_congress(cx, s, polity, added(size).positive());
        }
        Change::HoldGuards { polity, hold } => put(&mut s.polities[polity].hold_guards, hold, at),
        Change::War { polity, fights } => {
            let fought = s.polities[polity].war.gt(0.5);
            s.polities[polity].war = at.select(f32::from(u8::from(fights)), s.polities[polity].war);
            if !fights {
                log.record(cx.number, Kind::Peace, polity, fought & at, &given);
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
            s.sectors[sector].sides[side].strain[2] -= added(add);
        }
        Change::Tempo { sector, set } => {
            let tempo = &mut s.sectors[sector].tempo;
            *tempo = at.select(amount(set).positive(), *tempo);
        }
        Change::Withdraw { sector, side } => {
            let open = s.sectors[sector].open.gt(0.5);
            let state = &mut s.sectors[sector].sides[side];
            let free = state.withdrawing.le(0.0) & open & at;
            log.record(cx.number, Kind::WithdrawalOrdered, 2 * sector + side, free, &given);
            state.withdrawing = free.select(1.0, state.withdrawing);
        }
    }
}

/// Switches something on or off in the lanes of the mask.
fn put(switch: &mut Mask, on: bool, at: Mask) {
    *switch = if on { *switch | at } else { *switch & !at };
}

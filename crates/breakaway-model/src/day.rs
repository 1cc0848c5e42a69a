//! The order of the day, and nothing else.

use crate::dispatch::{Simd, dispatched};
use crate::event::{Cause, Kind, Log};
use crate::lanes::{Lane, Mask};
use crate::mechanism::{self, Day};
use crate::state::State;
use crate::world::{Change, Mechanism};

/// Lets one day pass.
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

/// Carries out the scenario's dated changes.
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
        Change::Congress { .. } if !cx.world.off.runs(Mechanism::Movements) => {}
        Change::Congress { polity, size } => {
            log.record(cx.number, Kind::Congress, polity, Mask::ALL, &given);
            mechanism::movements::hold_congress(cx, s, polity, Lane::splat(size));
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
            *capacity *= factor;
        }
        Change::Quality { sector, side, factor } => {
            let quality = &mut s.sectors[sector].sides[side].quality;
            *quality *= factor;
        }
        Change::Cohesion { sector, side, add } => {
            let strain = &mut s.sectors[sector].sides[side].strain[2];
            *strain -= add;
        }
        Change::Tempo { sector, set } => s.sectors[sector].tempo = set,
        Change::Withdraw { sector, side } => {
            let open = s.sectors[sector].open.gt(0.5);
            let state = &mut s.sectors[sector].sides[side];
            let free = state.withdrawing.le(0.0) & open;
            log.record(cx.number, Kind::WithdrawalOrdered, 2 * sector + side, free, &given);
            state.withdrawing = free.select(1.0, state.withdrawing);
        }
    }
}

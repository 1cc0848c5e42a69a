//! **Supply.** A side behind a crossing receives what the crossing can carry. Strikes wear the crossing
//! down and repair restores it. The balance of the two decides how well a bridgehead is supplied.
//!
//! ```text
//! capacity' = capacity (1 - interdiction · strikes) + repair (whole - capacity)
//! u         = min(1, capacity / soldiers)^exponent
//! ```
//!
//! `strikes` is a log-normal number with mean one, drawn for each sector and day. It is multiplied by how
//! heavily the scenario says that the crossing is attacked, and there are no strikes where the sides do not
//! fight. Without a crossing, `u` is the supply that the scenario gives.
//!
//! Reads: soldiers, the war. Writes: crossing capacity, supply.

use super::{Day, lognormal};
use crate::event::Log;
use crate::params::{log_uniform, parameters, uniform};
use crate::rng::Stream;
use crate::state::State;

parameters! { "supply";
    interdiction: "1/day", log_uniform(0.02, 0.10), (0.0, 1.0),
        "judgement; strikes closed the Antonivka bridge to traffic in a week, 19-26 July 2022",
        "Share of a crossing's capacity that a day of attacks destroys.";
    repair: "1/day", log_uniform(0.01, 0.06), (0.0, 1.0),
        "judgement; ferries and pontoons replaced part of the bridges' capacity within weeks",
        "Share of the destroyed capacity that is restored in a day.";
    exponent: "-", uniform(0.5, 1.5), (0.1, 4.0),
        "judgement: no agreed equation is known",
        "How steeply lack of supply lowers the effect of troops.";
    spread: "-", uniform(0.3, 1.0), (0.0, 2.0),
        "judgement",
        "Standard deviation of the logarithm of a day's strikes.";
}

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, _log: &mut Log) {
    let p = &cx.params.supply;
    for (i, sector) in cx.world.sectors.iter().enumerate() {
        let strikes = cx.random.four(cx.number, Stream::Front, i)[0];
        let strikes = lognormal(strikes, p.spread);
        let contact = s.contact(cx.world, i);
        for (k, side) in sector.sides.iter().enumerate() {
            let soldiers = s.people.real(s.layout.soldiers(i, k));
            let state = &mut s.sectors[i].sides[k];
            let Some(crossing) = side.crossing else {
                state.supply = state.depot;
                continue;
            };
            let hit = (p.interdiction * strikes * contact * crossing.interdiction).clamp(0.0, 0.9);
            let whole = crossing.capacity;
            state.capacity = state.capacity * (1.0 - hit) + p.repair * (whole - state.capacity);
            let carried = (state.capacity / (soldiers + 1.0)).clamp(1e-3, 1.0);
            state.supply = carried.pow(p.exponent);
        }
    }
}

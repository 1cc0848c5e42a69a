//! **Desertion and capture.** Soldiers leave at a hazard that rises as cohesion falls. Many leave during a
//! rout, and a larger share of them is then captured.
//!
//! ```text
//! hazard = rate · exp(slope (reference - q)) + rout · (in rout)
//! ```
//!
//! Where the sides do not fight, nobody is captured.
//!
//! Reads: cohesion, routs, the war. Moves: soldiers to captives and to stragglers.

use super::Day;
use crate::event::Log;
use crate::lanes::Lane;
use crate::params::{log_uniform, parameters, uniform};
use crate::people::Army;
use crate::rng::Stream;
use crate::state::State;

parameters! { "desertion";
    rate: "1/day", log_uniform(0.00002, 0.00012), (0.0, 0.1),
        "ranges of historical desertion: 0.1-0.5 % a month in a stable army (Union and Confederate armies, read; Russia 1914-17, recalled)",
        "Hazard that a soldier leaves, at the reference cohesion.";
    slope: "-", uniform(4.5, 8.0), (0.0, 30.0),
        "judgement, so that an army at cohesion 0.3 loses 2-8 % a month (Austria-Hungary, Germany 1918, read)",
        "How steeply the hazard rises as cohesion falls.";
    reference: "share", uniform(0.75, 0.85), (0.0, 1.0),
        "judgement",
        "Reference cohesion.";
    rout: "1/day", log_uniform(0.007, 0.03), (0.0, 1.0),
        "judgement; collapse is 20-60 % a month (ranges of historical desertion)",
        "Hazard added during a rout.";
    captured_rout: "share", uniform(0.2, 0.6), (0.0, 1.0),
        "judgement; the ratio of captured to destroyed equipment was 1.13 in the rout of September 2022 and 0.25 before (read)",
        "Share of those leaving in a rout who are captured.";
    captured: "share", uniform(0.02, 0.2), (0.0, 1.0),
        "judgement",
        "Share of those leaving at other times who are captured.";
}

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, _log: &mut Log) {
    let p = &cx.params.desertion;
    for (i, sector) in cx.world.sectors.iter().enumerate() {
        let random = cx.random.four(cx.number, Stream::Desertion, i);
        let contact = s.contact(cx.world, i);
        for k in [0, 1] {
            let side = &s.sectors[i].sides[k];
            let routed = side.rout.gt(0.0);
            let steady = p.rate * (p.slope * (p.reference - side.cohesion)).exp();
            let hazard = steady + routed.select(p.rout, 0.0);
            let chance: Lane = 1.0 - (-hazard).exp();
            let polity = sector.sides[k].polity;
            let from = s.layout.soldiers(i, k);
            let leaving = cx.binomial(s.people.count(from), chance, random[2 * k]);
            let share = routed.select(p.captured_rout, p.captured) * contact;
            let captured = cx.binomial(leaving, share, random[2 * k + 1]);
            s.people.transfer(from, s.layout.army(polity, Army::Captive), captured);
            s.people.transfer(from, s.layout.army(polity, Army::Straggler), leaving - captured);
        }
    }
}

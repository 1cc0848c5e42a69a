//! **Officials.** An official stays while what he sees makes him expect that the others stay. The strength
//! of the regime, guards in the region and colleagues next door who work support this. Protest, bands and bad
//! news count against it. A neighbouring region that is independent in fact counts as one without officials.
//! Officials leave fast and return slowly. Some stay in name only: they count as in post, but they do not
//! work.
//!
//! ```text
//! V       = strength · S + guards · cover + neighbours · officials next door
//!           - protest · P - bands · violence - news · N
//! working = logistic((V - threshold) / spread),  in post = logistic((V - threshold + pretence) / spread)
//! ```
//!
//! `P` is the weight of protest, participation / (participation + `protest_half`), for guards, movements, regions and the
//! centre too; `N` is the bad news from the front and `S` the strength of the regime. In a region that is independent in
//! fact, officials serve its own government: they look at its consolidation instead of the centre's strength, count guards as
//! complete and bad news as none, and see their own kind instead of those next door.
//!
//! All of this is computed every fourth day for each region.
//!
//! Reads: regime strength, guards, neighbours, protest, violence, news. Moves: officials to
//! idle officials to civilians, and back. Writes: the treasury (what they take with them).

use super::{Day, OFFICE_PACE};
use crate::event::{Cause, EventKind, Log};
use crate::lanes::Lane;
use crate::params::{log_uniform, parameters, uniform};
use crate::people::Role;
use crate::rng::Stream;
use crate::state::State;

parameters! { "officials";
    strength: "-", uniform(0.41, 0.49), (0.0, 5.0),
        "judgement: no quantitative literature on abandoned administrations is known",
        "Weight of the regime's strength.";
    guards: "-", uniform(0.16, 0.24), (0.0, 5.0),
        "judgement",
        "Weight of guards at full strength.";
    neighbours: "-", uniform(0.21, 0.29), (0.0, 5.0),
        "judgement; elites watch each other (Casper & Tyson 2014, direction only)",
        "Weight of officials who work in the neighbouring regions.";
    protest: "-", uniform(0.2, 0.45), (0.0, 5.0),
        "judgement",
        "Weight of mass protest.";
    protest_half: "share", log_uniform(0.03, 0.12), (0.001, 1.0),
        "judgement",
        "Participation at which protest has half of its maximum weight, also for guards, movements, regions and the centre.";
    bands: "-", uniform(0.08, 0.25), (0.0, 5.0),
        "judgement",
        "Weight of the worst violence of bands.";
    news: "-", uniform(0.06, 0.18), (0.0, 5.0),
        "judgement",
        "Weight of the worst news.";
    threshold: "-", uniform(0.46, 0.52), (0.0, 2.0),
        "judgement: mean threshold 0.3-0.5 of what is seen",
        "Appeal at which half of the officials stay.";
    spread: "-", uniform(0.065, 0.085), (0.005, 2.0),
        "judgement: standard deviation of thresholds 0.1-0.2",
        "Spread of thresholds.";
    pretence: "-", uniform(0.02, 0.1), (0.0, 1.0),
        "judgement",
        "How much less appeal is needed to stay in name only.";
    leave_days: "days", log_uniform(5.0, 25.0), (4.0, 1000.0),
        "judgement",
        "Time in which officials leave.";
    return_days: "days", log_uniform(45.0, 180.0), (4.0, 10000.0),
        "judgement",
        "Time in which officials return.";
    flight: "years", log_uniform(0.005, 0.05), (0.0, 1.0),
        "judgement",
        "Years of the budget that are lost when all officials leave.";
}

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, log: &mut Log) {
    let p = &cx.params.officials;
    let mut random = cx.random.sequence(cx.number, Stream::Officials);
    for (r, region) in cx.world.regions.iter().enumerate() {
        if !cx.is_turn_of(r, OFFICE_PACE) {
            continue;
        }
        let posts = region.officials.max(1) as f32;
        let polity = &s.polities[region.polity];
        let state = &s.regions[r];
        let signal = state.signal;
        // The officials of a region that is independent serve its own government.
        let independent = state.status.gt(1.5);
        let authority = independent.select(state.government, polity.strength);
        let around = s.around(cx.world, r, |signal| signal.officials * signal.ruled);
        let around = independent.select(signal.officials, around);
        let cover = independent.select(1.0, signal.cover.min(Lane::ONE));
        let news = independent.select(0.0, polity.news);
        let protest = p.protest * signal.participation.saturate(p.protest_half);
        let appeal = p.strength * authority + p.guards * cover + p.neighbours * around
            - protest
            - p.bands * state.violence
            - p.news * news
            - p.threshold;
        let working = (appeal / p.spread).logistic();
        let in_post = ((appeal + p.pretence) / p.spread).logistic();

        let turn = cx.turn_of(r, OFFICE_PACE);
        let official = s.layout.region(r, Role::Official);
        let idle = s.layout.region(r, Role::Idle);
        let civilian = s.layout.region(r, Role::Civilian);
        // Working officials against those who only pretend.
        let gap = working - signal.officials;
        let back = gap.gt(0.0);
        let pace = back.select(OFFICE_PACE / p.return_days, OFFICE_PACE / p.leave_days);
        let people = s.people.count(idle).only(back) + s.people.count(official).only(!back);
        let share = people.real() * (1.0 / posts);
        let chance = gap.max(-gap) * pace / share.max(Lane::splat(1e-9));
        let moved = cx.binomial(people, chance.unit(), random.of(2 * turn));
        s.people.transfer(idle, official, moved.only(back));
        s.people.transfer(official, idle, moved.only(!back));

        // Those in post against those who have gone.
        let gap = in_post - signal.nominal;
        let back = gap.gt(0.0);
        let pace = back.select(OFFICE_PACE / p.return_days, OFFICE_PACE / p.leave_days);
        let empty = (posts - s.people.real(official) - s.people.real(idle)).floor();
        let people = empty.only(back) + s.people.count(idle).only(!back);
        let share = people.real() * (1.0 / posts);
        let chance = gap.max(-gap) * pace / share.max(Lane::splat(1e-9));
        let moved = cx.binomial(people, chance.unit(), random.of(2 * turn + 1));
        s.people.transfer(civilian, idle, moved.only(back));
        let gone = s.people.transfer(idle, civilian, moved.only(!back)).real();

        let weight = population_share(cx, r);
        s.polities[region.polity].treasury -= p.flight * gone * (weight / posts) * signal.ruled;

        let first = s.regions[r].seen.vacuum.first(signal.officials.lt(0.5) & !independent);
        if first.any() {
            let terms = [
                (Cause::Regime, p.strength * (1.0 - authority)),
                (Cause::Guards, p.guards * (1.0 - cover)),
                (Cause::Neighbours, p.neighbours * (1.0 - around)),
                (Cause::Protest, protest),
                (Cause::Bands, p.bands * s.regions[r].violence),
                (Cause::News, p.news * news),
            ];
            log.record(cx.number, EventKind::Vacuum, r, first, &terms);
        }
    }
}

/// Share of a region in the people of its polity at the start.
#[inline(always)]
pub fn population_share(cx: &Day, r: usize) -> f32 {
    cx.world.regions[r].weight
}

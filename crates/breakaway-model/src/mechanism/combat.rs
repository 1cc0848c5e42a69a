//! **Combat.** Two sides inflict losses on each other by Helmbold's generalised Lanchester law. The line
//! moves with the logarithm of the effective power ratio once that exceeds a threshold. It moves slowly in
//! both directions, and several times faster through routed troops. Entrenchment and prepared belts raise
//! the cover of the side that they protect; a belt counts while the line is inside it.
//!
//! ```text
//! P      = soldiers · quality · cohesion · supply        (a routed side: times rout_power)
//! losses = attrition · I · (P_enemy / cover) · (own / enemy)^shape
//! km/day = speed · I · [ln(P_enemy / (P cover)) - threshold]+ · (rout_speed if routed)
//! ```
//!
//! `I` is the intensity of the day: a log-normal number with mean one, drawn for each sector and day, times
//! the tempo of the sector. It is zero where the sides do not fight. Shape 0 is the square law, 1/2 the
//! linear law and 1 the logarithmic law. A side entrenches while the line is quiet, and movement of the line
//! in either direction undoes the entrenchment; at the start nobody is entrenched. The line moves at most 30 km a day, nobody loses more
//! than half of his men in a day, and the force ratio counts between 1/50 and 50.
//!
//! Reads: soldiers, cohesion, quality, supply, routs. Moves: soldiers to wounded and fallen.
//! Writes: the line, power, cover, losses, bad news.

use super::{Day, lognormal};
use crate::event::Log;
use crate::lanes::Lane;
use crate::params::{log_uniform, normal, parameters, uniform};
use crate::people::Army;
use crate::rng::Stream;
use crate::state::State;

parameters! { "combat";
    attrition: "1/day", log_uniform(0.0012, 0.006), (0.0, 0.5),
        "computed from CDB90: losses of 1.4-3.5 % an engaged day (medians 1939-1982) times a share of days in contact of 0.1-0.4 (judgement)",
        "Losses a day per unit of enemy power, at equal numbers.";
    shape: "-", normal(0.64, 0.25, 0.0, 1.0), (0.0, 1.0),
        "computed from CDB90, 652 battles 1600-1982: Helmbold's w = 0.36, se 0.04; widened to 0.25 for between-era spread",
        "Exponent of the force ratio: 0 is the square law, 1 the logarithmic law (1 - w in Helmbold 1965).";
    intensity: "-", uniform(0.5, 1.2), (0.0, 2.0),
        "judgement; daily losses in campaigns are about log-normal",
        "Standard deviation of the logarithm of a day's intensity.";
    killed: "share", uniform(0.2, 0.35), (0.0, 1.0),
        "judgement; three or four wounded to one killed is the usual ratio",
        "Share of the losses that are deaths.";
    threshold: "-", uniform(0.15, 0.5), (0.0, 2.0),
        "judgement; WWII attackers won a third of engagements at 1-1.5:1 and two thirds at 1.5-2:1 (computed from CDB90)",
        "Logarithm of the effective power ratio above which the line moves.";
    speed: "km/day", log_uniform(0.3, 2.5), (0.0, 50.0),
        "judgement; a successful attacker gained 2-7 km on an engaged day (CDB90 medians), campaigns a fraction of it",
        "Movement of the line per unit of log ratio above the threshold.";
    rout_speed: "-", uniform(4.0, 12.0), (1.0, 50.0),
        "judgement; 6-11 September 2022: some 60 km in five days",
        "Factor on the speed of the line through routed troops.";
    rout_power: "-", uniform(0.25, 0.5), (0.0, 1.0),
        "judgement",
        "Factor on the power of routed troops.";
    entrench_gain: "-", uniform(0.3, 0.9), (0.0, 4.0),
        "judgement; compare prepared with hasty defence in CDB90",
        "Cover added by full entrenchment.";
    entrench_days: "days", log_uniform(30.0, 120.0), (1.0, 1000.0),
        "judgement",
        "Time constant of digging in.";
    news: "-", uniform(0.2, 0.8), (0.0, 5.0),
        "judgement",
        "Bad news of losing the whole depth of a sector of weight 1.";
}

/// Kilometres of movement, in either direction, that undo entrenchment to 1/e.
const UNDONE_KM: f32 = 4.0;

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, _log: &mut Log) {
    let p = &cx.params.combat;
    for polity in &mut s.polities {
        polity.losses = Lane::ZERO;
    }
    for (i, sector) in cx.world.sectors.iter().enumerate() {
        let [_, random, _, _] = cx.random.four(cx.number, Stream::Front, i);
        let state = &s.sectors[i];
        let fight = lognormal(random, p.intensity) * s.contact(cx.world, i) * state.tempo;
        let (mut soldiers, mut power, mut cover) = ([Lane::ZERO; 2], [Lane::ZERO; 2], [Lane::ONE; 2]);
        for k in [0, 1] {
            let side = &state.sides[k];
            let order = side.rout.gt(0.0).select(p.rout_power, 1.0);
            soldiers[k] = s.people.real(s.layout.soldiers(i, k));
            power[k] = soldiers[k] * side.quality * side.cohesion * side.supply * order + 1.0;
            cover[k] = 1.0 + p.entrench_gain * side.entrenched;
            let given = state.given(k);
            for belt in &sector.sides[k].belts {
                let here = (given - belt.at).max(belt.at - given).le(belt.width);
                cover[k] += here.select(belt.strength, 0.0);
            }
        }

        // Positive: side 1 gains ground.
        let pressure = |k: usize| ((power[1 - k] / (power[k] * cover[k])).ln() - p.threshold).positive();
        let pace = |k: usize| state.sides[k].rout.gt(0.0).select(p.rout_speed, 1.0);
        let push = pressure(0) * pace(0) - pressure(1) * pace(1);
        let advance = (p.speed * fight * push).clamp(-30.0, 30.0);
        s.sectors[i].advance = advance;
        s.sectors[i].line += advance;

        let losses_random = cx.random.four(cx.number, Stream::Losses, i);
        for k in [0, 1] {
            let own = &sector.sides[k];
            let ratio = ((soldiers[k] + 1.0) / (soldiers[1 - k] + 1.0)).clamp(0.02, 50.0);
            let men = p.attrition * fight * (power[1 - k] / cover[k]) * ratio.pow(p.shape);
            let rate = (men / (soldiers[k] + 1.0)).clamp(0.0, 0.5);
            let from = s.layout.soldiers(i, k);
            let hit = cx.binomial(s.people.count(from), rate, losses_random[2 * k]);
            let killed = cx.binomial(hit, p.killed, losses_random[2 * k + 1]);
            s.people.transfer(from, s.layout.army(own.polity, Army::Fallen), killed);
            s.people.transfer(from, s.layout.army(own.polity, Army::Wounded), hit - killed);

            let moved = advance.max(-advance);
            let lost_ground = (if k == 0 { advance } else { -advance }).positive();
            let polity = &mut s.polities[own.polity];
            polity.losses += hit.real();
            let news = p.news * lost_ground * (sector.importance / own.depth.max(1.0));
            polity.hear(news * (1.0 - polity.news));

            let side = &mut s.sectors[i].sides[k];
            side.losses = hit.real() / (soldiers[k] + 1.0);
            side.power = power[k];
            side.cover = cover[k];
            let dug = side.entrenched + (1.0 - side.entrenched) / p.entrench_days;
            side.entrenched = dug * (moved * (-1.0 / UNDONE_KM)).exp();
        }
    }
}

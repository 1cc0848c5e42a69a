//! **Regions.** A region is loyal, has declared that it leaves, or is independent in fact. A region that has
//! declared may be brought back. Three paths lead to a declaration. On the legal path, deputies declare, where
//! the centre tolerates it and people take part. On the path through a vacuum, nobody governs and a movement
//! is organised. On the armed path, fighters outnumber the loyal guards. Neighbours that have declared or
//! left make a declaration more likely, and so does coordination between movements. A strong centre
//! restrains regions on every path, and the restraint depends only on its strength: at 1/2 there is none, and
//! below 1/2 declarations become more likely. A fall acts on declarations only through the strength that it
//! costs and the credit of the next government. Regions wait for what a new and open government promises,
//! as far as it has credit. The balance of people on both sides decides a contest.
//!
//! ```text
//! legal   = legal · deputies · openness · P²            P = participation / (participation + half)
//! vacuum  = vacuum · (1 - officials)² · home organisation
//! armed   = armed · logistic((ln((fighters + 1/2) / (guards steadfast + 1)) - odds) / spread)
//! held    = exp(restraint (1/2 - S)) (1 - credit · openness)
//! declare = (legal + vacuum + armed) (1 + contagion · neighbours gone) (1 + accord · coordination) · held · community
//! balance = ln((fighters + crowd · protesters + guards who changed sides + government) / (guards steadfast + mobile guards sent))
//! win     = win · logistic(balance / spread) · (1/2 + government)
//! suppress = suppression · logistic(-balance / spread) · S · (1 - openness)
//! ```
//!
//! The armed path needs fighters. In the balance, `government` is the militia that the region's own
//! government raises; it consolidates towards 1 - violence at the pace of `government_days`. What a region weighs, in news and for the
//! centre, is 1/2 + 10 times its share of the people, at most 3. The region of the capital and regions that are nobody's homeland cannot declare. A
//! region that is brought back loses its fighters, its government and half of its organisation.
//!
//! Reads: deputies, openness, participation, officials, organisation, fighters, guards,
//! neighbours, coordination. Moves: guards of a region that left to mobile guards and to its
//! fighters; fighters of a region that is brought back to civilians. Writes: status, government,
//! organisation, the wear of secession.

use super::{Day, centre, guards::steadfast, toward};
use crate::event::{Cause, EventKind, Log};
use crate::lanes::{Lane, Mask};
use crate::params::{log_uniform, parameters, uniform};
use crate::people::{Army, Role};
use crate::rng::Stream;
use crate::state::State;

parameters! { "regions";
    legal: "1/day", log_uniform(0.007, 0.06), (0.0, 1.0),
        "judgement; 15 republics took 25 months from the first declaration of sovereignty to the last, 1988-90 (recalled dates)",
        "Hazard of a legal declaration with all deputies, full openness and mass participation.";
    vacuum: "1/day", log_uniform(0.003, 0.03), (0.0, 1.0),
        "judgement",
        "Hazard of a declaration where nobody governs and the movement is fully organised.";
    armed: "1/day", log_uniform(0.007, 0.06), (0.0, 1.0),
        "judgement",
        "Hazard of a declaration where fighters far outnumber loyal guards.";
    armed_odds: "-", uniform(-1.0, 0.5), (-5.0, 5.0),
        "judgement",
        "Logarithm of fighters over loyal guards at which that hazard is half of its maximum.";
    odds_spread: "-", uniform(0.3, 0.8), (0.05, 5.0),
        "judgement",
        "Softness of the balance of people, on a logarithmic scale.";
    contagion: "-", uniform(0.5, 2.5), (0.0, 20.0),
        "judgement; demonstration effects are powerful (Hale 2000, direction only)",
        "Rise of the hazard for each neighbour that has declared or left.";
    accord: "-", uniform(0.5, 2.0), (0.0, 20.0),
        "judgement",
        "Rise of the hazard at full coordination.";
    restraint: "-", uniform(0.0, 10.0), (0.0, 50.0),
        "judgement; republics declared 25 times as often a month after the core republic had declared as before, and independence some 350 times as often a day after the failed coup (computed from recalled dates)",
        "How steeply the hazard falls as the centre's strength rises, as an exponent; no effect at strength 1/2.";
    win: "1/day", log_uniform(0.015, 0.06), (0.0, 1.0),
        "judgement",
        "Hazard of winning a contest with a far better balance and a half-consolidated government.";
    suppression: "1/day", log_uniform(0.02, 0.08), (0.0, 1.0),
        "judgement",
        "Hazard of being brought back with a far worse balance, under a regime of full strength.";
    crowd: "-", log_uniform(0.005, 0.05), (0.0, 1.0),
        "judgement",
        "Weight of a protester in the balance, 1 = an armed person.";
    sent: "share", uniform(0.1, 0.5), (0.0, 1.0),
        "judgement",
        "Share of the mobile guards that the centre uses in all contests together.";
    government_days: "days", log_uniform(60.0, 360.0), (1.0, 10000.0),
        "judgement",
        "Time in which a region's own government consolidates.";
    militia: "per 1,000", log_uniform(0.3, 3.0), (0.0, 100.0),
        "judgement",
        "Armed people that a consolidated government raises, per thousand of the communities at home.";
}

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, log: &mut Log) {
    for r in 0..cx.world.regions.len() {
        let region = &cx.world.regions[r];
        if region.community_share <= 0.0 || cx.world.polities[region.polity].capital == r {
            continue;
        }
        consolidate(cx, s, r);
        let loyal = s.regions[r].status.lt(0.5);
        if loyal.any() {
            declare(cx, s, r, loyal, log);
        }
        let contested = s.regions[r].status.gt(0.5) & s.regions[r].status.lt(1.5);
        if contested.any() {
            contest(cx, s, r, contested, log);
        }
    }
}

#[inline(always)]
fn consolidate(cx: &Day, s: &mut State, r: usize) {
    let state = &mut s.regions[r];
    if !state.status.gt(0.5).any() {
        return;
    }
    let goal = (1.0 - state.violence) * state.status.gt(0.5).indicator();
    state.government = toward(state.government, goal, cx.params.regions.government_days);
}

#[inline(always)]
fn declare(cx: &Day, s: &mut State, r: usize, loyal: Mask, log: &mut Log) {
    let p = &cx.params.regions;
    let region = &cx.world.regions[r];
    let state = &s.regions[r];
    let signal = &state.signal;
    let active = signal.participation.saturate(cx.params.officials.protest_half);
    let legal = p.legal * (region.deputies * cx.openness(region.polity)) * active * active;
    let empty = 1.0 - signal.officials.unit();
    let vacuum = p.vacuum * empty * empty * state.organisation;
    let fighters = s.people.real(s.layout.region(r, Role::Fighter));
    let odds = ((fighters + 0.5) / (steadfast(s, r) + 1.0)).ln() - p.armed_odds;
    let armed = p.armed * (odds / p.odds_spread).logistic() * fighters.gt(0.0).indicator();
    let gone = region.neighbours.iter().fold(Lane::ZERO, |sum, &other| sum + s.regions[other].signal.left);
    let pull = (1.0 + p.contagion * gone) * (1.0 + p.accord * s.polities[region.polity].coordination);
    let polity = &s.polities[region.polity];
    let promise = centre::credit(cx, polity) * cx.openness(region.polity);
    let held = (p.restraint * (0.5 - polity.strength)).exp() * (1.0 - promise);
    let hazard = (legal + vacuum + armed) * pull * held * region.community_share * loyal.indicator();
    let declared = s.regions[r].declaration_clock.tick(hazard);
    if declared.any() {
        let terms = [(Cause::Legal, legal), (Cause::Vacuum, vacuum), (Cause::Armed, armed)];
        log.record(cx.number, EventKind::Declared, r, declared, &terms);
        let state = &mut s.regions[r];
        state.status = declared.select(1.0, state.status);
        wear(cx, s, r, declared.indicator() * cx.params.centre.declared);
        let u = cx.random.four(cx.number, Stream::Declaration, r)[0];
        s.regions[r].declaration_clock.reset(declared, u);
    }
}

#[inline(always)]
fn contest(cx: &Day, s: &mut State, r: usize, contested: Mask, log: &mut Log) {
    let p = &cx.params.regions;
    let region = &cx.world.regions[r];
    let state = s.regions[r];
    let polity = s.polities[region.polity];
    let fighters = s.people.real(s.layout.region(r, Role::Fighter));
    let crowd = p.crowd * s.people.real(s.layout.region(r, Role::Protester));
    let guards = s.people.real(s.layout.region(r, Role::Guard));
    let turned = guards * (1.0 - state.steady);
    let militia = p.militia * state.government * state.signal.inhabitants * (region.community_share / 1000.0);
    let mobile = s.people.real(s.layout.army(region.polity, Army::MobileGuard));
    let sent = p.sent * mobile / polity.contests.max(Lane::ONE);
    let challengers = fighters + crowd + turned + militia + 1.0;
    let loyal = guards * state.steady + sent + 1.0;
    let balance = (challengers / loyal).ln() / p.odds_spread;
    let on = contested.indicator();
    let win = p.win * balance.logistic() * (0.5 + state.government) * on;
    let tolerated = 1.0 - cx.openness(region.polity);
    let suppress = p.suppression * (-balance).logistic() * polity.strength * tolerated * on;
    s.regions[r].winning = win;
    let decided = s.regions[r].contest_clock.tick(win + suppress);
    if !decided.any() {
        return;
    }
    let random = cx.random.four(cx.number, Stream::Contest, r);
    s.regions[r].contest_clock.reset(decided, random[0]);
    s.regions[r].winning = decided.select(0.0, win);
    let won = decided & (random[1] * (win + suppress)).lt(win);
    let lost = decided & !won;

    let terms = [
        (Cause::Armed, fighters),
        (Cause::Protest, crowd),
        (Cause::Guards, turned),
        (Cause::Organisation, militia),
        (Cause::Regime, (1.0 - polity.strength) * loyal),
    ];
    log.record(cx.number, EventKind::Independent, r, won, &terms);
    let terms = [(Cause::Guards, loyal - sent), (Cause::Regime, sent)];
    log.record(cx.number, EventKind::Suppressed, r, lost, &terms);

    let status = won.select(2.0, s.regions[r].status);
    s.regions[r].status = lost.select(0.0, status);
    wear(cx, s, r, won.indicator() * cx.params.centre.left);
    // Guards who are loyal to the centre leave with their arms; the others serve the region.
    let guard = s.layout.region(r, Role::Guard);
    let leaving = (guards * state.steady).floor().only(won);
    s.people.transfer(guard, s.layout.army(region.polity, Army::MobileGuard), leaving);
    s.people.transfer_all(guard, s.layout.region(r, Role::Fighter), won);
    // A region that is brought back loses its armed wing, half of its organisation and its government.
    s.people.transfer_all(s.layout.region(r, Role::Fighter), s.layout.region(r, Role::Civilian), lost);
    let kept = lost.select(0.5, 1.0);
    let state = &mut s.regions[r];
    state.organisation *= kept;
    state.government = lost.select(0.0, state.government);
}

/// The regime strength of the centre wears in proportion to the region's weight.
#[inline(always)]
fn wear(cx: &Day, s: &mut State, r: usize, amount: Lane) {
    let region = &cx.world.regions[r];
    s.polities[region.polity].wear.secession += amount * standing(cx, r);
}

/// Weight of a region in news and in the wear of the centre; 1 = a twentieth of the people.
#[inline(always)]
pub(super) fn standing(cx: &Day, r: usize) -> f32 {
    (0.5 + super::officials::population_share(cx, r) * 10.0).min(3.0)
}

//! **Centre.** Regime strength is its baseline minus wear: defeat, protest in the capital, secession, an
//! empty treasury, shocks. All wear fades at one pace. The regime falls at a hazard that rises steeply as
//! strength declines; it falls at most once. A fall costs strength and may end the war, and the next
//! government has credit for a while. The centre has one scarce stock, armed people who are loyal to it. It
//! draws guards to the front when soldiers are missing, and moves mobile guards to regions in need. What it draws from
//! the regions joins the mobile guards, and the same share of these is lent to the army.
//!
//! ```text
//! S       = baseline - Σ wear,   wear' = input - wear / relaxation
//! fall    = fall_rate · exp(fall_slope (fall_reference - S))
//! credit  = credit · exp(-days in office / credit_days)
//! draw    -> draw_most · saturate(soldiers missing / draw_half)      (0 where guards are held at home)
//! lent    -> draw · (mobile guards + lent)
//! wanted  = guards at the start · (1 - draw) · (1 + surge · need),   need = P + violence + declared, at most 1
//! budget' = surplus - war · at war - share of the regions lost or on strike      a year
//! ```
//!
//! The share of the regions is their share of income. Guards are drawn only while the polity fights. Those who
//! are lent become soldiers in reserve and share the losses of the army. Those beyond the share that is drawn return
//! when it has men to spare.
//!
//! Reads: everything that the other mechanisms wear it with; shortfall of soldiers, need of the
//! regions. Moves: guards between regions, the mobile guard and the reserve. Writes: regime
//! strength, treasury, the fading of news, the war.

use super::{Day, WEEK, citizens, manpower, officials::population_share, toward};
use crate::event::{Cause, EventKind, Log};
use crate::lanes::Lane;
use crate::params::{log_uniform, parameters, uniform};
use crate::people::{Army, Role};
use crate::rng::Stream;
use crate::state::{PolityState, State};

parameters! { "centre";
    relaxation: "days", log_uniform(120.0, 300.0), (7.0, 10000.0),
        "judgement",
        "Time in which wear fades.";
    news_days: "days", log_uniform(15.0, 60.0), (1.0, 1000.0),
        "judgement",
        "Time in which bad news fades.";
    rout: "share", uniform(0.01, 0.05), (0.0, 1.0),
        "judgement",
        "Strength lost by a rout in a sector of weight 1.";
    lost: "share", uniform(0.02, 0.10), (0.0, 1.0),
        "judgement; 32 % of losers' leaders leave irregularly against 10 % of winners' (computed from COW and Archigos)",
        "Strength lost with a sector of weight 1.";
    ceded: "share", uniform(0.01, 0.06), (0.0, 1.0),
        "judgement",
        "Strength lost by giving up a sector of weight 1.";
    garrison: "share", uniform(0.0, 0.02), (0.0, 1.0),
        "judgement",
        "Strength lost when a garrison fails, before weighting by the region's size.";
    protest: "1/day", log_uniform(0.001, 0.006), (0.0, 1.0),
        "judgement",
        "Strength lost in a day of mass protest in the capital.";
    declared: "share", uniform(0.005, 0.03), (0.0, 1.0),
        "judgement",
        "Strength lost when a region declares, before weighting by its size.";
    left: "share", uniform(0.01, 0.06), (0.0, 1.0),
        "judgement",
        "Strength lost when a region becomes independent, before weighting by its size.";
    treasury: "1/day", log_uniform(0.0001, 0.0006), (0.0, 1.0),
        "judgement",
        "Strength lost in a day with an empty treasury.";
    surplus: "1/year", uniform(0.0, 0.06), (-1.0, 1.0),
        "judgement",
        "Years of the budget saved in a year of peace.";
    war_cost: "1/year", uniform(0.03, 0.15), (0.0, 5.0),
        "judgement",
        "Years of the budget that a year of war costs beyond income.";
    fall_rate: "1/day", log_uniform(0.00002, 0.00008), (0.0, 0.1),
        "irregular exit of leaders: 0.02 a leader-year 1990-2015, 0.043 1875-2015 (computed from Archigos)",
        "Hazard of the fall of the regime at the reference strength.";
    fall_slope: "-", uniform(6.0, 10.0), (0.0, 50.0),
        "judgement, so that the hazard of a losing regime is some three times that of a winning one (computed from COW and Archigos)",
        "How steeply that hazard rises as strength falls.";
    fall_reference: "share", uniform(0.75, 0.85), (0.0, 1.0),
        "judgement",
        "Reference strength.";
    fall_shock: "share", uniform(0.08, 0.25), (0.0, 1.0),
        "judgement",
        "Strength that the new regime lacks on its first day.";
    fall_peace: "share", uniform(0.1, 0.6), (0.0, 1.0),
        "judgement",
        "Probability that a new regime ends the war at once.";
    draw_most: "share", uniform(0.1, 0.6), (0.0, 1.0),
        "judgement: 5-30 % of armed people are held back in the interior",
        "Largest share of the regions' guards drawn from them, and of the mobile guards lent to the army.";
    draw_half: "share", uniform(0.1, 0.4), (0.01, 5.0),
        "judgement",
        "Share of soldiers missing at which half of that share is drawn.";
    surge: "-", uniform(0.5, 2.0), (0.0, 20.0),
        "judgement",
        "Guards added in a region in full need, as a multiple of those it had.";
    move_days: "days", log_uniform(7.0, 40.0), (7.0, 1000.0),
        "judgement",
        "Time in which guards are moved.";
    credit: "share", uniform(0.2, 0.9), (0.0, 1.0),
        "judgement; support for heads of government is highest when they take office and wears off (Mueller 1970, direction only)",
        "Part of what a new government inherits for which nobody blames it on its first day.";
    credit_days: "days", log_uniform(60.0, 360.0), (1.0, 10000.0),
        "judgement",
        "Time in which that credit wears off.";
}

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, log: &mut Log) {
    for k in 0..cx.world.polities.len() {
        budget(cx, s, k);
        wear(cx, s, k);
        fall(cx, s, k, log);
        call_guards(cx, s, k);
    }
    for r in 0..cx.world.regions.len() {
        if cx.is_weekday_of(r) {
            move_guards(cx, s, r);
        }
    }
}

#[inline(always)]
fn budget(cx: &Day, s: &mut State, k: usize) {
    let p = &cx.params.centre;
    let mut missing = Lane::ZERO;
    for r in cx.world.polities[k].regions.clone() {
        let region = &cx.world.regions[r];
        let strike = citizens::strike(s.regions[r].signal.participation);
        let gone = s.regions[r].status.gt(1.5).select(1.0, strike);
        missing += gone * (population_share(cx, r) * region.income);
    }
    let state = &mut s.polities[k];
    let change = (p.surplus - p.war_cost * state.engaged - missing) * (1.0 / 365.25);
    let most = cx.world.polities[k].treasury.max(THRIFT);
    state.treasury = (state.treasury + change).clamp(-1.0, most);
}

/// Largest reserves that a polity saves in peace, years of the budget.
const THRIFT: f32 = 0.5;

#[inline(always)]
fn wear(cx: &Day, s: &mut State, k: usize) {
    let p = &cx.params.centre;
    let capital = &s.regions[cx.world.polities[k].capital];
    let crowd = capital.signal.participation.saturate(cx.params.officials.protest_half);
    let state = &mut s.polities[k];
    let want = (1.0 - state.treasury * (1.0 / citizens::THIN_TREASURY)).unit();
    let keep = 1.0 - 1.0 / p.relaxation;
    state.wear = state.wear.times(keep);
    state.wear.protest += p.protest * crowd;
    state.wear.treasury += p.treasury * want;
    state.strength = (state.baseline - state.wear.sum()).clamp(0.02, 0.98);
    state.news = toward(state.news, Lane::ZERO, p.news_days).unit();
    state.in_office += Lane::ONE;
}

#[inline(always)]
fn fall(cx: &Day, s: &mut State, k: usize, log: &mut Log) {
    let p = &cx.params.centre;
    let state = &mut s.polities[k];
    let hazard = p.fall_rate * (p.fall_slope * (p.fall_reference - state.strength)).exp();
    let ring = state.fall_clock.tick(hazard);
    let falls = state.fallen.first(ring);
    if !falls.any() {
        return;
    }
    let worn = state.wear;
    let terms = [
        (Cause::Regime, 1.0 - state.baseline),
        (Cause::Defeat, worn.defeat),
        (Cause::Protest, worn.protest),
        (Cause::Secession, worn.secession),
        (Cause::Treasury, worn.treasury),
        (Cause::Scenario, worn.shock),
    ];
    log.record(cx.number, EventKind::Fall, k, falls, &terms);
    state.wear.shock += p.fall_shock * falls.indicator();
    state.in_office = falls.select(0.0, state.in_office);
    let u = cx.random.four(cx.number, Stream::Fall, k)[0];
    let peace = falls & u.lt(p.fall_peace) & state.engaged.gt(0.5);
    log.record(cx.number, EventKind::Peace, k, peace, &[(Cause::Fall, Lane::ONE)]);
    state.war = peace.select(0.0, state.war);
}

/// Days in office of a government that is not new and has no credit left.
pub const LONG_IN_OFFICE: f32 = 1e6;

/// The part of what a government inherits for which nobody blames it.
#[inline(always)]
pub(super) fn credit(cx: &Day, polity: &PolityState) -> Lane {
    // The credit that an old government has left disappears in the rounding of 1 - credit.
    if !polity.in_office.lt(LONG_IN_OFFICE).any() {
        return Lane::ZERO;
    }
    let p = &cx.params.centre;
    p.credit * (-(polity.in_office / p.credit_days)).exp()
}

/// Decides which share of the guards goes to the front, and moves mobile guards to and from the army.
#[inline(always)]
fn call_guards(cx: &Day, s: &mut State, k: usize) {
    let p = &cx.params.centre;
    let army = manpower::army(cx, s, k) + 1.0;
    let state = &mut s.polities[k];
    let wanted = p.draw_most * state.shortfall.saturate(p.draw_half) * state.engaged;
    let wanted = state.hold_guards.select(0.0, wanted);
    state.draw = toward(state.draw, wanted, p.move_days);
    // Mobile guards who are drawn become soldiers. They come back when the army has men to
    // spare, reduced by their share of its losses.
    let draw = state.draw;
    let spare = (state.reserve_cover - 2.0).unit() * (1.0 - state.shortfall).unit();
    let lent = state.lent * (1.0 - (state.losses / (army + state.losses)).unit());
    let random = cx.random.four(cx.number, Stream::Redeployment, cx.world.regions.len() + k);
    let (mobile, reserve) = (s.layout.army(k, Army::MobileGuard), s.layout.army(k, Army::Reserve));
    let there = s.people.real(mobile);
    let goal = draw * (there + lent) - lent;
    let share = (goal.positive() / (there + 1.0)).unit();
    let out = cx.binomial(s.people.count(mobile), share / p.move_days, random[0]);
    let out = s.people.transfer(mobile, reserve, out);
    let due = ((-goal).positive() * spare / p.move_days).floor();
    let back = s.people.transfer(reserve, mobile, due);
    let state = &mut s.polities[k];
    state.lent = (lent + out.real() - back.real()).positive();
}

#[inline(always)]
fn move_guards(cx: &Day, s: &mut State, r: usize) {
    let p = &cx.params.centre;
    let region = &cx.world.regions[r];
    let state = &s.regions[r];
    let here = state.status.lt(1.5);
    let contested = state.status.gt(0.5).indicator();
    let crowd = state.signal.participation.saturate(cx.params.officials.protest_half);
    let need = (crowd + state.violence + contested).unit();
    let draw = s.polities[region.polity].draw;
    let wanted = (1.0 - draw) * (1.0 + p.surge * need) * region.guards as f32;
    let guard = s.layout.region(r, Role::Guard);
    let mobile = s.layout.army(region.polity, Army::MobileGuard);
    let pace = WEEK / p.move_days;
    let gap = (wanted - s.people.real(guard)) * pace;
    let gap = here.select(gap, 0.0);
    s.people.transfer(mobile, guard, gap.positive().floor());
    s.people.transfer(guard, mobile, (-gap).positive().floor());
}

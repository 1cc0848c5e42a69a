//! **Citizens.** Grievance comes from identity, lost legitimacy, deaths, burden, violence, hardship and
//! organisation. A new government is not blamed for everything that it inherits. Risk is Epstein's (2002)
//! probability of arrest. People are silent until their numbers exceed what the guards can arrest. The
//! tipping point is at a few per cent of the population (compare the 3.5 % of Chenoweth & Stephan 2011).
//!
//! ```text
//! grievance = identity + (legitimacy + deaths + burden + hardship) (1 - credit) + violence + organisation
//! risk   = 1 - exp(-arrest · guards steadfast / protesters)
//! target = logistic((grievance + bandwagon · participation - fear · (1 - ease · openness) · risk - threshold) / spread)
//! ```
//!
//! The participation that people see is that of their own region and, in part, that of neighbouring regions
//! under the same centre. Protest is directed at the centre, so it ebbs in a region that is independent in
//! fact. Deaths and burden are counted per thousand people.
//!
//! All of this is computed every second day for each region.
//!
//! Reads: guards, regime strength, its credit, burden, deaths, violence, treasury, organisation. Moves:
//! civilians to protesters and back.

use super::{CROWD_PACE, Day, centre};
use crate::event::{Cause, EventKind, Log};
use crate::lanes::Lane;
use crate::params::{log_uniform, parameters, uniform};
use crate::people::Role;
use crate::rng::Stream;
use crate::state::State;

parameters! { "citizens";
    identity: "-", uniform(0.14, 0.26), (0.0, 5.0),
        "judgement",
        "Grievance of a region where all people have the deepest grievance of identity.";
    legitimacy: "-", uniform(0.25, 0.38), (0.0, 5.0),
        "judgement; Epstein 2002 takes hardship times (1 - legitimacy)",
        "Grievance under a regime of zero strength.";
    deaths: "-", uniform(0.03, 0.15), (0.0, 5.0),
        "judgement",
        "Grievance at very many deaths.";
    deaths_half: "per 1,000", log_uniform(0.5, 3.0), (0.01, 100.0),
        "judgement; by April 2023 recorded deaths were 0.03 to 2.5 per thousand men (read), that is 0.01 to 0.75 per thousand people, of whom 0.3 are men of military age",
        "Deaths remembered per thousand people at which that grievance is half of its maximum.";
    burden: "-", uniform(0.05, 0.2), (0.0, 5.0),
        "judgement; protests of September 2022 in Dagestan, Yakutia, Tuva followed the call-up",
        "Grievance at a very heavy call-up.";
    burden_half: "per 1,000", log_uniform(3.0, 15.0), (0.1, 1000.0),
        "judgement; 300,000 men are 2 per thousand people, in places 10 (read)",
        "Men taken per thousand people, weighted by cost, at which that grievance is half of its maximum.";
    violence: "-", uniform(0.05, 0.2), (0.0, 5.0),
        "judgement",
        "Grievance at the worst violence of bands.";
    hardship: "-", uniform(0.08, 0.25), (0.0, 5.0),
        "judgement",
        "Grievance when the treasury is empty.";
    organisation: "-", uniform(0.05, 0.2), (0.0, 5.0),
        "judgement",
        "Grievance that a fully organised movement adds.";
    bandwagon: "-", uniform(1.5, 2.3), (0.0, 20.0),
        "judgement, so that the tipping point is at 2-6 % of the population",
        "Pull of the participation that people see.";
    contagion: "share", uniform(0.05, 0.25), (0.0, 1.0),
        "judgement",
        "Part of the participation seen that comes from the neighbours.";
    fear: "-", uniform(0.36, 0.46), (0.0, 5.0),
        "judgement",
        "Weight of a certain arrest.";
    arrest: "-", uniform(1.8, 2.8), (0.0, 50.0),
        "Epstein 2002: 2.3, so that one guard per protester means 0.9; the range is judgement",
        "Constant of the arrest probability.";
    ease: "share", uniform(0.5, 0.9), (0.0, 1.0),
        "judgement",
        "Part of the fear that full openness removes.";
    threshold: "-", uniform(0.42, 0.48), (0.0, 2.0),
        "judgement",
        "Net grievance at which half take part.";
    spread: "-", uniform(0.060, 0.080), (0.005, 2.0),
        "judgement; thresholds spread by 0.1-0.2 in Granovetter 1978",
        "Spread of thresholds.";
    response_days: "days", log_uniform(5.0, 14.0), (2.0, 365.0),
        "judgement; Leipzig 1989 grew 2.9-fold a week (read)",
        "Time in which participation responds.";
}

/// Reserves below which people feel hardship, in years of the budget.
pub const THIN_TREASURY: f32 = 0.3;
/// Participation that counts as mass protest (Chenoweth & Stephan 2011).
pub const MASS: f32 = 0.035;

/// One day.
#[inline(always)]
pub fn step(cx: &Day, s: &mut State, log: &mut Log) {
    let p = &cx.params.citizens;
    let mut random = cx.random.sequence(cx.number, Stream::Citizens);
    for (r, region) in cx.world.regions.iter().enumerate() {
        if !cx.is_turn_of(r, CROWD_PACE) {
            continue;
        }
        let polity = &s.polities[region.polity];
        let state = &s.regions[r];
        let here = state.signal.participation;
        let around = s.around(cx.world, r, |signal| signal.ruled.gt(0.5).select(signal.participation, here));

        let identity = p.identity * (region.identity * polity.identity);
        let blamed = 1.0 - centre::credit(cx, polity);
        let regime = blamed * (p.legitimacy * (1.0 - polity.strength));
        let burden = blamed
            * (p.burden * state.burden.saturate(p.burden_half)
                + p.deaths * state.deaths.saturate(p.deaths_half));
        let violence = p.violence * state.violence;
        let hardship = blamed * (p.hardship * (1.0 - polity.treasury * (1.0 / THIN_TREASURY)).unit());
        let organised = p.organisation * state.organisation;
        let grievance = identity + regime + burden + violence + hardship + organised;

        let guards = s.people.real(s.layout.region(r, Role::Guard)) * state.steady;
        let protesters = s.people.real(s.layout.region(r, Role::Protester));
        let risk = arrest_probability(p.arrest, guards, protesters + 1.0);
        let fear = p.fear * (1.0 - p.ease * cx.openness(region.polity)) * risk;
        let seen = here + p.contagion * (around - here);
        let net = grievance + p.bandwagon * seen - fear - p.threshold;
        let target = (net / p.spread).logistic() * state.signal.ruled;

        let civilian = s.layout.region(r, Role::Civilian);
        let protester = s.layout.region(r, Role::Protester);
        let gap = (target - here) * (CROWD_PACE / p.response_days);
        let rising = gap.gt(0.0);
        let joining = s.people.count(civilian).only(rising);
        let leaving = s.people.count(protester).only(!rising);
        let chance = rising.select(gap, -gap / here.max(Lane::splat(1e-9)));
        let u = random.of(cx.turn_of(r, CROWD_PACE));
        let moved = cx.binomial(joining + leaving, chance.unit(), u);
        s.people.transfer(civilian, protester, moved.only(rising));
        s.people.transfer(protester, civilian, moved.only(!rising));

        let first = s.regions[r].seen.protest.first(here.gt(MASS));
        if first.any() {
            let terms = [
                (Cause::Identity, identity),
                (Cause::Regime, regime),
                (Cause::Burden, burden),
                (Cause::Bands, violence),
                (Cause::Hardship, hardship),
                (Cause::Organisation, organised),
                (Cause::Neighbours, p.bandwagon * p.contagion * around),
            ];
            log.record(cx.number, EventKind::MassProtest, r, first, &terms);
        }
    }
}

/// Probability of arrest that protesters perceive, given the numbers of guards and protesters (Epstein 2002).
#[inline(always)]
pub fn arrest_probability(constant: Lane, guards: Lane, protesters: Lane) -> Lane {
    1.0 - (-(constant * guards / protesters)).exp()
}

/// Share of a region's output that its protest stops.
#[inline(always)]
pub fn strike(participation: Lane) -> Lane {
    participation.saturate(0.15)
}

//! Two scenarios on the same luck: what a change changes.

use crate::Error;
use crate::finding::{Cell, Finding, Table, percent};
use crate::pairs::{FEWEST, Paired, Sums, beyond_luck, difference, paired};
use breakaway_ensemble::Beliefs;
use breakaway_ensemble::block::Plan;
use breakaway_ensemble::design::Design;
use breakaway_ensemble::life::{Life, Lived, Wanted, live};
use breakaway_ensemble::watch::Verdict;
use breakaway_model::dispatch::Simd;
use breakaway_model::observe::{OBSERVABLES, Of};
use breakaway_scenario::Scenario;

/// A scenario with its priors.
pub struct Side<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What parameters are drawn from.
    pub beliefs: &'a Beliefs,
}

/// One of two worlds, lived through.
struct World<'a> {
    side: &'a Side<'a>,
    wanted: Wanted,
    lived: Vec<Lived>,
}

impl<'a> World<'a> {
    fn live(side: &'a Side<'a>, design: Design) -> World<'a> {
        let world = &side.scenario.world;
        let of_polity = OBSERVABLES.iter().filter(|o| o.of == Of::Polity);
        let series = of_polity.flat_map(|o| (0..world.polities.len()).map(move |k| (o, k))).collect();
        let wanted = Wanted { series, days: vec![world.days], until: None };
        let lives: Vec<Life> = (0..design.members()).map(Life::of).collect();
        let plan = Plan::new(side.scenario, side.beliefs.clone(), design, Simd::best());
        let lived = live(&plan, &lives, &wanted);
        World { side, wanted, lived }
    }

    fn polity(&self, entity: usize) -> &str {
        &self.side.scenario.world.polities[entity].id
    }
}

/// Compares the claims of two scenarios that they have in common, and what polities come to at
/// the end, over the members of a design. Those that fail in either are left out. `change` names
/// what differs.
pub fn compare(before: &Side, after: &Side, design: Design, change: &str) -> Result<Finding, Error> {
    let (was, is) = (World::live(before, design), World::live(after, design));
    let kept: Vec<usize> =
        (0..was.lived.len()).filter(|&i| !was.lived[i].failed && !is.lived[i].failed).collect();
    let draws: Vec<u32> = kept.iter().map(|&i| design.draw_of(i as u32)).collect();
    let title = match [&before.scenario.name, &after.scenario.name] {
        [a, b] if a == b => format!("Compared: {a}, without and with {change}"),
        [a, b] => format!("Compared: {a} and {b}"),
    };
    let mut finding = Finding::new(&format!("compare-{change}"), title);
    let days = [before, after].map(|side| side.scenario.world.days);
    if days[0] != days[1] {
        finding.say(format!(
            "The first runs for {} days, the second for {}: claims without a date differ by that alone.",
            days[0], days[1]
        ));
    }
    let failed = was.lived.len() - kept.len();
    if failed > 0 {
        finding.say(format!("{failed} members failed in one world or the other and are left out."));
    }
    let claims = claims(&mut finding, &was, &is, &kept, &draws);
    if claims.rows.is_empty() {
        return Err(Error::Refused(
            "the two scenarios have no claim in common".into(),
            "claims are compared by their identifiers".into(),
        ));
    }
    finding.tables.push(claims);
    finding.tables.push(observables(&was, &is, &kept, &draws));
    Ok(finding)
}

fn claims(finding: &mut Finding, was: &World, is: &World, kept: &[usize], draws: &[u32]) -> Table {
    let columns = [
        "claim",
        "before",
        "after",
        "difference, points",
        "95 % interval",
        "gained",
        "lost",
        "variance saved",
    ];
    let caption = format!("Claims in the same {} members of both worlds", kept.len());
    let mut table = Table::new("claims", caption, &columns);
    let mut all = vec![];
    for (a, claim) in was.side.scenario.claims.iter().enumerate() {
        let Some(b) = is.side.scenario.claims.iter().position(|other| other.id == claim.id) else { continue };
        let verdicts = |world: &World, claim: usize| -> Vec<Verdict> {
            kept.iter().map(|&i| world.lived[i].verdicts[claim]).collect()
        };
        let found = difference(draws, &verdicts(was, a), &verdicts(is, b));
        let (low, high) = found.interval;
        table.row([
            Cell::text(&claim.id),
            Cell::share(found.before),
            Cell::share(found.after),
            found.grows.map_or(Cell::Nothing, Cell::Points),
            if low.is_nan() { Cell::Nothing } else { Cell::PointsBetween(low, high) },
            Cell::Count(found.gained.into()),
            Cell::Count(found.lost.into()),
            Cell::share(found.saved),
        ]);
        all.push((&claim.id, found));
    }
    let beyond = beyond_luck(&all.iter().map(|(_, found)| found).collect::<Vec<_>>());
    let saved: Vec<f64> = all.iter().filter_map(|(_, found)| found.saved).collect();
    let mut moved: Vec<(f64, String)> = all
        .iter()
        .zip(beyond)
        .filter(|(_, beyond)| *beyond)
        .filter_map(|((id, found), _)| {
            let (p, q) = found.before.zip(found.after)?;
            Some((q - p, format!("{id} ({} -> {})", percent(p), percent(q))))
        })
        .collect();
    moved.sort_by(|(a, _), (b, _)| b.abs().total_cmp(&a.abs()));
    let words: Vec<String> = moved.into_iter().map(|(_, words)| words).collect();
    finding.say(match &words[..] {
        _ if all.iter().all(|(_, found)| found.interval.0.is_nan()) => {
            format!("Fewer than {FEWEST} draws are too few to tell which claims move.")
        }
        [] => "No claim moves beyond luck.".into(),
        words => format!("Claims that move beyond luck, the most first: {}.", words.join(", ")),
    });
    let unsure = all.iter().filter(|(_, found)| found.interval.0.is_nan()).count();
    if (1..all.len()).contains(&unsure) {
        finding.say(format!("Of {unsure} claims too few members count to tell."));
    }
    if !saved.is_empty() {
        let mean = saved.iter().sum::<f64>() / saved.len() as f64;
        finding.say(format!(
            "Common luck saves {} of the variance of the differences, on average over the claims that flip in some member: \
             independent runs would need {:.1} times as many members.",
            percent(mean.max(0.0)),
            1.0 / (1.0 - mean).max(1e-3),
        ));
    }
    table
}

fn observables(was: &World, is: &World, kept: &[usize], draws: &[u32]) -> Table {
    let columns =
        ["observable", "of", "before", "after", "difference", "from", "to", "variance saved", "unit"];
    let mut table = Table::new("observables", "What polities come to on the last day, means", &columns);
    for (a, &(observable, entity)) in was.wanted.series.iter().enumerate() {
        let same = |&(other, k): &(&'static breakaway_model::observe::Observable, usize)| {
            other.name == observable.name && is.polity(k) == was.polity(entity)
        };
        let Some(b) = is.wanted.series.iter().position(same) else { continue };
        let values = |world: &World, series: usize| -> Vec<f64> {
            kept.iter().map(|&i| f64::from(world.lived[i].values[series])).collect()
        };
        let (x, y) = (values(was, a), values(is, b));
        let Paired { before, after, interval: (low, high), saved } = paired(&by_draw(&x, &y, draws));
        let (Some(before), Some(after)) = (before, after) else { continue };
        table.row([
            Cell::text(observable.name),
            Cell::text(was.polity(entity)),
            Cell::Number(before),
            Cell::Number(after),
            Cell::Number(after - before),
            Cell::Number(low),
            Cell::Number(high),
            Cell::share(saved),
            Cell::text(observable.unit),
        ]);
    }
    table
}

/// The values of both worlds, summed by draw.
fn by_draw(x: &[f64], y: &[f64], draws: &[u32]) -> Vec<Sums> {
    let mut all = vec![Sums::default(); draws.iter().max().map_or(0, |last| *last as usize + 1)];
    for ((x, y), &draw) in x.iter().zip(y).zip(draws) {
        let Sums { before, after } = &mut all[draw as usize];
        *before = (before.0 + 1.0, before.1 + x);
        *after = (after.0 + 1.0, after.1 + y);
    }
    all.retain(|sums| sums.before.0 > 0.0);
    all
}

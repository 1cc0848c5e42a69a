//! A claim explained: where its uncertainty comes from, which assumptions matter, what would have
//! to be true, what to watch, which mechanisms carry it.

use crate::Error;
use crate::assumptions::assumptions;
use crate::conditions::conditions;
use crate::finding::{Cell, Finding, Table, percent};
use crate::pairs::difference;
use crate::signs::{Watched, signs};
use crate::split::luck_or_ignorance;
use crate::taken::Taken;
use breakaway_ensemble::block::Plan;
use breakaway_ensemble::life::{Life, Lived, Wanted, live};
use breakaway_ensemble::watch::Verdict;
use breakaway_model::dispatch::Simd;
use breakaway_model::world::MECHANISMS;

/// Members with or without a claim below which nothing is said of what it depends on (judgement).
const FEWEST: u32 = 10;

/// Explains claims of a run: one, or all. The first `members` are simulated once more for each
/// mechanism, without it.
pub fn explain(taken: &Taken, claim: Option<&str>, members: u32) -> Result<Vec<Finding>, Error> {
    let claims = taken.claims(claim)?;
    let watched = Watched::of(taken);
    let without = without_mechanisms(taken, members);
    claims.into_iter().map(|claim| one(taken, claim, &watched, &without)).collect()
}

fn one(taken: &Taken, claim: usize, watched: &Watched, without: &[Without]) -> Result<Finding, Error> {
    let record = &taken.manifest.claims[claim];
    let tally = taken.tally(claim);
    let mut finding = Finding::new(&format!("explain-{}", record.id), format!("Explained: {}", record.text));
    let Some(p) = tally.probability() else {
        finding.say("No member meets the claim's condition: the run says nothing about it. Take more members, or a scenario in which the condition is met.");
        return Ok(finding);
    };
    if taken.manifest.failed > 0 {
        finding.say(format!("{} members failed and are left out.", taken.manifest.failed));
    }
    let (counted, held) = (tally.counted(), tally.held());
    let of = if record.conditional { " that meet its condition" } else { "" };
    finding.say(format!("It holds in {held} of {counted} members{of}: {}.", percent(p)));
    if held == 0 || held == counted {
        let rare = 3.0 / f64::from(counted);
        finding.say(format!(
            "It does not vary over the members: nothing can be said of what it depends on. Its probability is {} {} \
             (rule of three, 95 %). To see it vary, widen the priors, change the scenario or take more members.",
            if held == 0 { "below" } else { "above" },
            percent(if held == 0 { rare } else { 1.0 - rare }),
        ));
    } else if held.min(counted - held) < FEWEST {
        luck_or_ignorance(&mut finding, &tally, taken.manifest.design.replicates);
        finding.say(format!(
            "It {} in fewer than {FEWEST} members: too few to say what it depends on. Take more members, or an overlay \
             that makes it likelier.",
            if held < FEWEST { "holds" } else { "fails" },
        ));
    } else {
        luck_or_ignorance(&mut finding, &tally, taken.manifest.design.replicates);
        assumptions(&mut finding, taken, &tally);
        conditions(&mut finding, taken, &tally);
        signs(&mut finding, taken, watched, &taken.recorded.verdicts[claim]);
    }
    mechanisms(&mut finding, taken, claim, without);
    Ok(finding)
}

/// A run's first members without one of the mechanisms.
struct Without {
    mechanism: &'static str,
    lived: Vec<Lived>,
}

fn without_mechanisms(taken: &Taken, members: u32) -> Vec<Without> {
    let lives: Vec<Life> = (0..members.min(taken.recorded.draws.len() as u32)).map(Life::of).collect();
    let runs = MECHANISMS.iter().filter(|(m, _)| taken.scenario.world.off.runs(*m));
    runs.map(|(mechanism, name)| {
        let mut scenario = taken.scenario.clone();
        scenario.world.off.switch_off(*mechanism);
        let plan = Plan::new(&scenario, taken.priors.clone(), taken.manifest.design, Simd::best());
        Without { mechanism: name, lived: live(&plan, &lives, &Wanted::default()) }
    })
    .collect()
}

/// The claim with each mechanism switched off, on the same luck.
fn mechanisms(finding: &mut Finding, taken: &Taken, claim: usize, without: &[Without]) {
    let columns =
        ["without", "probability", "difference, points", "95 % interval", "members gained", "members lost"];
    let members = without.first().map_or(0, |one| one.lived.len());
    let caption = format!("The claim without each mechanism, on the same luck ({members} members)");
    let mut table = Table::new("mechanisms-off", caption, &columns);
    let mut all: Vec<_> = without
        .iter()
        .map(|Without { mechanism, lived }| {
            let kept: Vec<usize> =
                (0..lived.len()).filter(|&i| !lived[i].failed && !taken.recorded.failed[i]).collect();
            let draws: Vec<u32> = kept.iter().map(|&i| taken.recorded.draws[i]).collect();
            let before: Vec<Verdict> = kept.iter().map(|&i| taken.recorded.verdicts[claim][i]).collect();
            let after: Vec<Verdict> = kept.iter().map(|&i| lived[i].verdicts[claim]).collect();
            (*mechanism, difference(&draws, &before, &after))
        })
        .collect();
    all.sort_by(|(_, a), (_, b)| b.grows.unwrap_or(0.0).abs().total_cmp(&a.grows.unwrap_or(0.0).abs()));
    for (mechanism, found) in &all {
        let between = if found.interval.0.is_nan() {
            Cell::Nothing
        } else {
            Cell::PointsBetween(found.interval.0, found.interval.1)
        };
        table.row([
            Cell::text(*mechanism),
            Cell::share(found.after),
            found.grows.map_or(Cell::Nothing, Cell::Points),
            between,
            Cell::Count(found.gained.into()),
            Cell::Count(found.lost.into()),
        ]);
    }
    let carry: Vec<String> = all
        .iter()
        .filter(|(_, found)| found.interval.0 > 0.0 || found.interval.1 < 0.0)
        .take(3)
        .map(|(mechanism, found)| {
            let after = found.after.map_or("-".into(), percent);
            format!("{mechanism} ({after} without it)")
        })
        .collect();
    let said = if carry.is_empty() { "none, beyond luck".into() } else { carry.join(", ") };
    finding.say(format!("Mechanisms that carry it: {said}."));
    finding.tables.push(table);
}

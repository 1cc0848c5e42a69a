//! A claim explained: where its uncertainty comes from, which assumptions matter, what would have
//! to be true, what to watch, which mechanisms carry it.

use crate::Error;
use crate::assumptions::assumptions;
use crate::boxes::boxes;
use crate::finding::{Cell, Finding, Table, percent};
use crate::pairs::{Difference, FEWEST, beyond_luck, difference};
use crate::signs::{Watched, signs};
use crate::split::luck_or_ignorance;
use crate::taken::Taken;
use breakaway_ensemble::block::Plan;
use breakaway_ensemble::life::{Life, Lived, Wanted, live};
use breakaway_ensemble::tally::FEWEST_CASES;
use breakaway_ensemble::watch::Verdict;
use breakaway_model::dispatch::Simd;
use breakaway_model::world::MECHANISMS;

/// Explains claims of a run: one, or all. So many members, evenly over the draws, are simulated
/// once more for each mechanism, without it.
pub fn explain(taken: &Taken, claim: Option<&str>, members: u32) -> Result<Vec<Finding>, Error> {
    let claims = taken.claims(claim)?;
    let watched = Watched::of(taken);
    let without = (members > 0).then(|| WithoutAll::of(taken, members as usize));
    claims.into_iter().map(|claim| one(taken, claim, &watched, without.as_ref())).collect()
}

fn one(
    taken: &Taken,
    claim: usize,
    watched: &Watched,
    without: Option<&WithoutAll>,
) -> Result<Finding, Error> {
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
        finding.say("It does not vary over the members: nothing can be said of what it depends on.");
        // The draws, not the members, are independent of each other.
        let draws = tally.counted_cluster_number();
        if draws >= 10 {
            let rare = 3.0 / draws as f64;
            finding.say(format!(
                "Its probability is {} {} (rule of three over {draws} draws, 95 %). To see it vary, widen the priors, \
                 change the scenario or take more draws.",
                if held == 0 { "below" } else { "above" },
                percent(if held == 0 { rare } else { 1.0 - rare }),
            ));
        }
    } else if tally.cases() < FEWEST_CASES {
        finding.say(format!(
            "It {} in {} members only: too few to say what it depends on. Take more members, or an overlay that moves it.",
            if held <= counted - held { "holds" } else { "fails" },
            tally.cases(),
        ));
    } else {
        luck_or_ignorance(&mut finding, &tally, taken.manifest.design);
        assumptions(&mut finding, taken, &tally);
        boxes(&mut finding, taken, &tally);
        signs(&mut finding, taken, watched, &taken.recorded.verdicts[claim], record.conditional);
    }
    if let Some(without) = without {
        mechanisms(&mut finding, taken, claim, without);
    }
    Ok(finding)
}

/// Some of a run's members without each mechanism.
struct WithoutAll {
    members: Vec<u32>,
    runs: Vec<(&'static str, Vec<Lived>)>,
}

impl WithoutAll {
    fn of(taken: &Taken, members: usize) -> WithoutAll {
        let members = taken.some(members);
        let lives: Vec<Life> = members.iter().copied().map(Life::of).collect();
        let running = MECHANISMS.iter().filter(|(m, _)| taken.scenario.world.off.runs(*m));
        let without = |(mechanism, name): &(_, &'static str)| {
            let mut scenario = taken.scenario.clone();
            scenario.world.off.switch_off(*mechanism);
            let plan = Plan::new(&scenario, taken.beliefs.clone(), taken.manifest.design, Simd::best());
            (*name, live(&plan, &lives, &Wanted::default()))
        };
        WithoutAll { runs: running.map(without).collect(), members }
    }
}

/// The claim with each mechanism switched off, on the same luck.
fn mechanisms(finding: &mut Finding, taken: &Taken, claim: usize, without: &WithoutAll) {
    let columns =
        ["without", "probability", "difference, points", "95 % interval", "members gained", "members lost"];
    let caption =
        format!("The claim without each mechanism, on the same luck ({} members)", without.members.len());
    let mut table = Table::new("mechanisms-off", caption, &columns);
    let mut all: Vec<(&str, Difference)> = without
        .runs
        .iter()
        .map(|(name, lived)| (*name, compared(taken, claim, &without.members, lived)))
        .collect();
    all.sort_by(|(_, a), (_, b)| b.grows.unwrap_or(0.0).abs().total_cmp(&a.grows.unwrap_or(0.0).abs()));
    for (mechanism, found) in &all {
        table.row([
            Cell::text(*mechanism),
            Cell::share(found.after),
            found.grows.map_or(Cell::Nothing, Cell::Points),
            Cell::PointsBetween(found.interval.0, found.interval.1),
            Cell::Count(found.gained.into()),
            Cell::Count(found.lost.into()),
        ]);
    }
    if let Some((_, any)) = all.first() {
        let none = [Cell::Nothing, Cell::Nothing, Cell::Nothing, Cell::Nothing];
        table.rows.insert(0, [&[Cell::text("nothing"), Cell::share(any.before)], &none[..]].concat());
    }
    finding.tables.push(table);
    if all.iter().all(|(_, found)| found.interval.0.is_nan()) {
        finding
            .say(format!("Mechanisms: fewer than {FEWEST} draws are too few to tell which of them move it."));
        return;
    }
    let beyond = beyond_luck(&all.iter().map(|(_, found)| found).collect::<Vec<_>>());
    let carry: Vec<String> = all
        .iter()
        .zip(beyond)
        .filter(|(_, beyond)| *beyond)
        .take(3)
        .map(|((mechanism, found), _)| {
            let after = found.after.map_or("-".into(), percent);
            format!("{mechanism} ({after} without it)")
        })
        .collect();
    let said = if carry.is_empty() { "none, beyond luck".into() } else { carry.join(", ") };
    finding.say(format!("Mechanisms that move it most: {said}."));
}

/// A claim in some members as they were recorded, and in another world.
fn compared(taken: &Taken, claim: usize, members: &[u32], lived: &[Lived]) -> Difference {
    let sound = |(member, lived): &(&u32, &Lived)| !lived.failed && !taken.recorded.failed[**member as usize];
    let kept: Vec<(u32, &Lived)> = members.iter().zip(lived).filter(sound).map(|(m, l)| (*m, l)).collect();
    let clusters: Vec<u32> = kept.iter().map(|(member, _)| taken.cluster(*member)).collect();
    let before: Vec<Verdict> =
        kept.iter().map(|(member, _)| taken.recorded.verdicts[claim][*member as usize]).collect();
    let after: Vec<Verdict> = kept.iter().map(|(_, lived)| lived.verdicts[claim]).collect();
    difference(&clusters, &before, &after)
}

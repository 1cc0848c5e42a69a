//! What was read of a scenario, in lines.

use crate::numbers::{count, thousands};
use crate::posterior;
use crate::safe::for_terminal;
use breakaway_ensemble::ParameterSource;
use breakaway_model::world::{MECHANISMS, Region, World};
use breakaway_scenario::Scenario;

/// The lines.
pub fn overview(scenario: &Scenario, source: &ParameterSource) -> Vec<String> {
    let world = &scenario.world;
    let mut lines = vec![format!(
        "{}: {} to {}, {}",
        scenario.name,
        scenario.start,
        scenario.date(world.days),
        count(world.days.into(), "day", "days")
    )];
    lines.extend(scenario.files.iter().map(|file| format!("  read {file}")));
    lines.extend((0..world.polities.len()).map(|k| format!("  {}", polity(world, k))));
    let links = world.regions.iter().map(|r| r.neighbours.len()).sum::<usize>() / 2;
    let homelands = world.regions.iter().filter(|r| r.community_share > 0.0).count();
    lines.push(format!(
        "  {}, {}, {}",
        count(links as u64, "link", "links"),
        count(world.movements.len() as u64, "movement", "movements"),
        count(homelands as u64, "region that is a homeland", "regions that are homelands")
    ));
    lines.push(format!(
        "  {}, {}, {}",
        count(world.sectors.len() as u64, "sector", "sectors"),
        count(world.sources.len() as u64, "source of soldiers", "sources of soldiers"),
        count((world.changes.len() + world.undated.len()) as u64, "dated change", "dated changes")
    ));
    for lever in &scenario.levers {
        let state = if lever.active { "on" } else { "off" };
        lines.push(format!("  lever {} ({state}): {}", lever.id, lever.text));
    }
    let own =
        source.priors.iter().zip(&scenario.specs()).filter(|(prior, spec)| **prior != spec.prior).count();
    let parameters = source.priors.len() - scenario.unknowns.len();
    lines.push(format!(
        "  {}; {own} of {parameters} parameters differ from the model's priors",
        count(scenario.claims.len() as u64, "claim", "claims")
    ));
    if let Some(posterior) = &source.posterior {
        lines.push(format!("  parameters from {}", posterior::describe(&posterior.record(scenario))));
    }
    if !scenario.unknowns.is_empty() {
        lines.push(format!(
            "  {}",
            count(scenario.unknowns.len() as u64, "unknown quantity", "unknown quantities")
        ));
    }
    if !scenario.outcomes.is_empty() {
        lines.push(format!("  {}", count(scenario.outcomes.len() as u64, "outcome", "outcomes")));
    }
    let off: Vec<&str> =
        MECHANISMS.iter().filter(|(m, _)| !world.off.runs(*m)).map(|(_, name)| *name).collect();
    if !off.is_empty() {
        lines.push(format!("  switched off: {}", off.join(", ")));
    }
    lines.push(format!("  no faults found; hash {}", &scenario.hash[..16]));
    lines.into_iter().map(|line| for_terminal(&line).into_owned()).collect()
}

fn polity(world: &World, k: usize) -> String {
    let polity = &world.polities[k];
    let regions = &world.regions[polity.regions.clone()];
    let sum = |of: fn(&Region) -> i32| -> String {
        thousands(regions.iter().map(|r| i64::from(of(r))).sum::<i64>().max(0) as u64)
    };
    let sides = world.sectors.iter().flat_map(|sector| &sector.sides);
    let soldiers: i64 = sides.filter(|side| side.polity == k).map(|side| i64::from(side.soldiers)).sum();
    format!(
        "{}: {}, {} people, {} officials, {} guards, {} soldiers in sectors, {} in reserve",
        polity.name,
        count(regions.len() as u64, "region", "regions"),
        sum(|r| r.population),
        sum(|r| r.officials),
        sum(|r| r.guards),
        thousands(soldiers.max(0) as u64),
        thousands(polity.reserve.max(0) as u64)
    )
}

//! `check`: validate a scenario and say what was read.

use crate::args::ScenarioArgs;
use crate::fail::Fail;
use crate::words;
use breakaway_model::world::{MECHANISMS, World};
use std::io::Write;

/// Runs the command.
pub fn check(args: &ScenarioArgs) -> Result<(), Fail> {
    let (scenario, beliefs) = words::scenario(args)?;
    let world = &scenario.world;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}: {} to {}, {} days",
        scenario.name,
        scenario.start,
        scenario.date(world.days),
        world.days
    )?;
    for file in &scenario.files {
        writeln!(out, "  read {file}")?;
    }
    for (k, polity) in world.polities.iter().enumerate() {
        let regions = &world.regions[polity.regions.clone()];
        let sum = |of: fn(&breakaway_model::world::Region) -> i32| {
            regions.iter().map(|r| i64::from(of(r))).sum::<i64>()
        };
        writeln!(
            out,
            "  {}: {} regions, {} people, {} officials, {} guards, {} soldiers in sectors, {} in reserve",
            polity.name,
            regions.len(),
            sum(|r| r.population),
            sum(|r| r.officials),
            sum(|r| r.guards),
            soldiers(world, k),
            polity.reserve
        )?;
    }
    let links: usize = world.regions.iter().map(|r| r.neighbours.len()).sum::<usize>() / 2;
    let at_home = world.regions.iter().filter(|r| r.community_share > 0.0).count();
    writeln!(
        out,
        "  {} links, {} movements, {} regions that are somebody's homeland",
        links,
        world.movements.len(),
        at_home
    )?;
    let changes = world.changes.len() + world.undated.len();
    writeln!(
        out,
        "  {} sectors, {} sources, {changes} dated changes",
        world.sectors.len(),
        world.sources.len()
    )?;
    for lever in &scenario.levers {
        let state = if lever.active { "on" } else { "off" };
        writeln!(out, "  lever {} ({state}): {}", lever.id, lever.text)?;
    }
    let own =
        beliefs.priors.iter().zip(&scenario.specs()).filter(|(prior, spec)| **prior != spec.prior).count();
    writeln!(
        out,
        "  {} claims; {own} of {} parameters differ from the model's priors",
        scenario.claims.len(),
        beliefs.priors.len() - scenario.unknowns.len()
    )?;
    if let Some(posterior) = &beliefs.posterior {
        writeln!(out, "  {}", posterior.record(&scenario).said())?;
    }
    if !scenario.unknowns.is_empty() {
        writeln!(out, "  {} unknown quantities", scenario.unknowns.len())?;
    }
    if !scenario.outcomes.is_empty() {
        breakaway_history::Case::of("the case".into(), scenario.clone())?;
        writeln!(out, "  {} outcomes", scenario.outcomes.len())?;
    }
    let off: Vec<&str> =
        MECHANISMS.iter().filter(|(m, _)| !world.off.runs(*m)).map(|(_, name)| *name).collect();
    if !off.is_empty() {
        writeln!(out, "  switched off: {}", off.join(", "))?;
    }
    writeln!(out, "  no faults found; hash {}", &scenario.hash[..16])?;
    Ok(())
}

fn soldiers(world: &World, polity: usize) -> i64 {
    let sides = world.sectors.iter().flat_map(|sector| &sector.sides);
    sides.filter(|side| side.polity == polity).map(|side| i64::from(side.soldiers)).sum()
}

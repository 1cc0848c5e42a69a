//! `replay`: one member's story and days.

use crate::args::{Format, ReplayArgs};
use crate::fail::Fail;
use crate::words;
use breakaway_ensemble::block::Plan;
use breakaway_ensemble::manifest::Names;
use breakaway_ensemble::replay::{Replay, replay as live};
use breakaway_model::dispatch::Simd;
use breakaway_model::event::Event;
use breakaway_scenario::Scenario;
use serde_json::{Map, json};
use std::io::Write;

/// Runs the command.
pub fn replay(args: &ReplayArgs) -> Result<(), Fail> {
    let (scenario, beliefs) = words::scenario(&args.scenario)?;
    let design = words::design(&args.design, &beliefs)?;
    let members = u64::from(design.draws) * u64::from(design.replicates);
    if u64::from(args.member) >= members {
        let help = format!("the run has members 0 to {}", members.saturating_sub(1));
        return Err(Fail::input(format!("there is no member {}", args.member), help));
    }
    let plan = Plan::new(&scenario, beliefs, design, Simd::best());
    let member = live(&plan, args.member);
    let names = Names::of(&scenario.world);
    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Table => story(&mut out, args, &scenario, &names, &member)?,
        Format::Json => {
            writeln!(out, "{}", serde_json::to_string(&document(args, &scenario, &names, &member))?)?
        }
        Format::Csv => days(&mut out, &scenario, &names, &member)?,
    }
    Ok(())
}

fn story(
    out: &mut impl Write,
    args: &ReplayArgs,
    scenario: &Scenario,
    names: &Names,
    member: &Replay,
) -> Result<(), Fail> {
    writeln!(
        out,
        "{}, member {} (draw {}, seed {})\n",
        scenario.name,
        args.member,
        args.member / args.design.replicates,
        args.design.seed
    )?;
    for event in &member.events {
        writeln!(out, "{}  {}", scenario.date(event.day), sentence(event, names))?;
    }
    if member.events.is_empty() {
        writeln!(out, "Nothing of note happens.")?;
    }
    writeln!(out)?;
    for (claim, verdict) in scenario.claims.iter().zip(&member.verdicts) {
        let answer = match (verdict.counts, verdict.day) {
            (false, _) => "does not arise".into(),
            (true, Some(day)) => format!("comes true on {}", scenario.date(day)),
            (true, None) => "does not come true".into(),
        };
        writeln!(out, "{:<22} {answer}", claim.id)?;
    }
    Ok(())
}

/// An event in plain words, with its largest cause.
fn sentence(event: &Event, names: &Names) -> String {
    let (_, name) = names.of_event(event.kind, usize::from(event.entity));
    let what = event.kind.doc().trim_end_matches('.');
    format!(
        "{name}: {what} ({}, {:.0} % of the hazard).",
        event.cause.doc().trim_end_matches('.'),
        event.weight * 100.0
    )
}

fn document(args: &ReplayArgs, scenario: &Scenario, names: &Names, member: &Replay) -> serde_json::Value {
    let events: Vec<_> = member
        .events
        .iter()
        .map(|event| {
            let (id, name) = names.of_event(event.kind, usize::from(event.entity));
            json!({
                "day": event.day,
                "date": scenario.date(event.day).to_string(),
                "event": event.kind.name(),
                "entity": id,
                "name": name,
                "cause": event.cause.name(),
                "weight": event.weight,
            })
        })
        .collect();
    let mut claims = Map::new();
    for (claim, verdict) in scenario.claims.iter().zip(&member.verdicts) {
        claims.insert(claim.id.clone(), json!({ "counts": verdict.counts, "day": verdict.day }));
    }
    let mut series = Map::new();
    for (observable, entity, values) in &member.series {
        series.insert(
            format!("{}:{}", names.of_observable(observable.of, *entity), observable.name),
            json!(values),
        );
    }
    let parameters: Map<_, _> =
        scenario.specs().iter().zip(&member.parameters).map(|(spec, x)| (spec.key(), json!(x))).collect();
    json!({ "member": args.member, "claims": claims, "events": events, "parameters": parameters, "series": series })
}

fn days(out: &mut impl Write, scenario: &Scenario, names: &Names, member: &Replay) -> Result<(), Fail> {
    let mut csv = csv::Writer::from_writer(out);
    let columns = member
        .series
        .iter()
        .map(|(o, entity, _)| format!("{}:{}", names.of_observable(o.of, *entity), o.name));
    csv.write_record(["day".to_string(), "date".to_string()].into_iter().chain(columns))?;
    for day in 0..=scenario.world.days {
        let values = member.series.iter().map(|(_, _, values)| values[day as usize].to_string());
        csv.write_record([day.to_string(), scenario.date(day).to_string()].into_iter().chain(values))?;
    }
    csv.flush()?;
    Ok(())
}

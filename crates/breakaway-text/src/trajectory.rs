//! One simulation: its story, its days, and all of it as a document.

use crate::dates::Dates;
use crate::events::sentence;
use crate::render::rows_as_csv;
use crate::safe::for_terminal;
use breakaway_ensemble::Design;
use breakaway_ensemble::replay::Trajectory;
use breakaway_scenario::Scenario;
use breakaway_store::Entities;
use serde_json::{Map, Value, json};

/// The story for a terminal: events, then verdicts.
pub fn terminal(scenario: &Scenario, design: Design, one: &Trajectory) -> String {
    let entities = Entities::of(scenario);
    let dates = Dates::from(&scenario.start.to_string());
    let mut out = format!(
        "{}, simulation {} (parameter set {}, seed {})\n\n",
        for_terminal(&scenario.name),
        one.member,
        design.draw_of(one.member),
        design.seed
    );
    if one.failed {
        out += "The simulation failed: a number was not finite, or people were not conserved.\n";
    }
    for event in &one.events {
        out += &format!("{}\n", for_terminal(&sentence(event, &entities, &dates)));
    }
    if one.events.is_empty() {
        out += "Nothing that the model records as an event happens.\n";
    }
    out.push('\n');
    for (claim, verdict) in scenario.claims.iter().zip(&one.verdicts) {
        let answer = match (verdict.counts, verdict.day) {
            (false, _) => "its condition is not met".into(),
            (true, Some(day)) => format!("comes true on {}", dates.iso(day)),
            (true, None) => "does not come true".into(),
        };
        out += &format!("{:<22} {answer}\n", claim.id);
    }
    out
}

/// Name of a series: entity and observable.
fn series_names(entities: &Entities, one: &Trajectory) -> Vec<String> {
    let name = |(observable, entity, _): &(&breakaway_model::observe::Observable, _, Vec<f32>)| {
        format!("{}:{}", entities.get(*entity).id, observable.name)
    };
    one.series.iter().map(name).collect()
}

/// Every day of every series as CSV.
pub fn csv(scenario: &Scenario, one: &Trajectory) -> String {
    let entities = Entities::of(scenario);
    let dates = Dates::from(&scenario.start.to_string());
    let mut header = vec!["day".to_string(), "date".to_string()];
    header.extend(series_names(&entities, one));
    let row = |day: u32| {
        let values = one.series.iter().map(|(_, _, values)| values[day as usize].to_string());
        [day.to_string(), dates.iso(day)].into_iter().chain(values).collect()
    };
    let rows: Vec<Vec<String>> = (0..=scenario.world.days).map(row).collect();
    rows_as_csv(&header, &rows)
}

/// Everything as JSON.
pub fn json(scenario: &Scenario, one: &Trajectory) -> Value {
    let entities = Entities::of(scenario);
    let events: Vec<Value> = one
        .events
        .iter()
        .map(|event| {
            let entity = entities.get(event.entity());
            json!({
                "day": event.day,
                "date": scenario.date(event.day).to_string(),
                "event": event.kind.name(),
                "entity": entity.id,
                "name": entity.name,
                "cause": event.cause.name(),
                "weight": event.weight,
            })
        })
        .collect();
    let claims: Map<String, Value> = scenario
        .claims
        .iter()
        .zip(&one.verdicts)
        .map(|(claim, verdict)| (claim.id.clone(), json!({ "counts": verdict.counts, "day": verdict.day })))
        .collect();
    let series: Map<String, Value> = series_names(&entities, one)
        .into_iter()
        .zip(&one.series)
        .map(|(name, (_, _, v))| (name, json!(v)))
        .collect();
    let parameters: Map<String, Value> =
        scenario.specs().iter().zip(&one.parameters).map(|(spec, x)| (spec.key(), json!(x))).collect();
    json!({ "simulation": one.member, "claims": claims, "events": events, "parameters": parameters, "series": series })
}

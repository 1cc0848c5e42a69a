//! `params` and `schema`: what the model and the files know.

use crate::args::{Format, ParamsArgs, SchemaName};
use crate::fail::Fail;
use crate::words::{plain_table, with_settings};
use breakaway_model::params::{Spec, table};
use breakaway_scenario::{load, schemas};
use serde_json::json;
use std::io::Write;

/// Runs `params`.
pub fn params(args: &ParamsArgs) -> Result<(), Fail> {
    let (specs, priors): (Vec<Spec>, _) = match &args.scenario {
        Some(folder) => {
            let scenario = load(folder, &args.with)?;
            (scenario.specs(), scenario.priors)
        }
        None => (table().cloned().collect(), table().map(|spec| spec.prior).collect()),
    };
    let priors = with_settings(&specs, priors, &args.set)?;
    let mut out = std::io::stdout().lock();
    let rows = specs.iter().zip(&priors);
    match args.format {
        Format::Table => {
            let mut text = plain_table(&["parameter", "middle", "prior", "unit", "meaning", "source"]);
            for (spec, prior) in rows {
                let middle = format!("{:.4}", prior.median());
                text.add_row([
                    spec.key(),
                    middle,
                    prior.to_string(),
                    spec.unit.into(),
                    spec.doc.to_string(),
                    spec.source.to_string(),
                ]);
            }
            writeln!(out, "{text}")?;
        }
        Format::Json => {
            let all: Vec<_> = rows
                .map(|(spec, prior)| {
                    json!({
                        "parameter": spec.key(),
                        "middle": prior.median(),
                        "prior": prior.to_string(),
                        "low": prior.range().0,
                        "high": prior.range().1,
                        "unit": spec.unit,
                        "bounds": [spec.bounds.0, spec.bounds.1],
                        "meaning": spec.doc,
                        "source": spec.source,
                    })
                })
                .collect();
            writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
        }
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(&mut out);
            csv.write_record(["parameter", "middle", "prior", "unit", "meaning", "source"])?;
            for (spec, prior) in rows {
                let middle = prior.median().to_string();
                csv.write_record([
                    &spec.key(),
                    &middle,
                    &prior.to_string(),
                    spec.unit,
                    &*spec.doc,
                    &*spec.source,
                ])?;
            }
            csv.flush()?;
        }
    }
    Ok(())
}

/// Runs `schema`.
pub fn schema(name: SchemaName) -> Result<(), Fail> {
    let wanted = match name {
        SchemaName::Scenario => "scenario",
        SchemaName::Overlay => "overlay",
        SchemaName::Claims => "claims",
        SchemaName::BaseRates => "base-rates",
    };
    let mut out = std::io::stdout().lock();
    for (_, schema) in schemas().into_iter().filter(|(name, _)| *name == wanted) {
        writeln!(out, "{}", serde_json::to_string_pretty(&schema)?)?;
    }
    Ok(())
}

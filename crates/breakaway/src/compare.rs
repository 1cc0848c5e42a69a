//! `compare` and `sweep`: what a change changes, on the same luck.

use crate::args::{CompareArgs, DesignArgs, DesignKind, SweepArgs};
use crate::fail::Fail;
use crate::{findings, words};
use breakaway_analysis::Finding;
use breakaway_analysis::compare::{Side, compare as find};
use breakaway_analysis::sweep::{Axis, Vary, sweep as price};
use breakaway_ensemble::{Beliefs, Design, Store};
use breakaway_model::params::Prior;
use breakaway_scenario::diagnostic::did_you_mean;
use breakaway_scenario::{Scenario, load};
use jiff::civil::Date;
use std::path::Path;

/// Runs `compare`.
pub fn compare(args: &CompareArgs) -> Result<(), Fail> {
    if args.other.is_none() && args.with.is_empty() && args.set.is_empty() && args.posterior.is_none() {
        return Err(Fail::input(
            "there is nothing to compare with",
            "give a second scenario, `--with OVERLAY`, `--set PARAM=VALUE`, or `--posterior FILE`",
        ));
    }
    let none: [&Path; 0] = [];
    let before = load(&args.scenario, &none)?;
    let changed = args.other.as_ref().unwrap_or(&args.scenario);
    let after = load(changed, &args.with)?;
    let priors = words::with_settings(&after.specs(), after.priors.clone(), &args.set)?;
    let was = Beliefs::from(before.priors.clone());
    let is = words::beliefs(priors, args.posterior.as_deref())?;
    let design = evenly(&args.design, &was)?;
    let store = args.add_to.as_deref().map(|run| own(run, &before)).transpose()?;
    let (was, is) = (Side { scenario: &before, beliefs: &was }, Side { scenario: &after, beliefs: &is });
    let mut change = words::change(args.with.iter().chain(args.other.iter()), &args.set);
    if args.posterior.is_some() {
        change += if change.is_empty() { "the posterior" } else { ", the posterior" };
    }
    let mut found = find(&was, &is, design, &change)?;
    say_posterior(&mut found, &is, design);
    let found = [found];
    findings::keep(store.as_ref(), &found)?;
    findings::print(&found, args.format, true)
}

/// Says what posterior the parameters of a side are from, and what is to be known of it.
fn say_posterior(found: &mut Finding, side: &Side, design: Design) {
    if let Some(posterior) = &side.beliefs.posterior {
        let record = posterior.record(side.scenario);
        found.say(format!("Parameters from {}.", record.said()));
        record.warnings(design.draws).into_iter().for_each(|warning| found.say(warning));
    }
}

/// Runs `sweep`.
pub fn sweep(args: &SweepArgs) -> Result<(), Fail> {
    let (scenario, beliefs) = words::scenario(&args.scenario)?;
    if !(2..=1000).contains(&args.steps) {
        return Err(Fail::input(format!("`--steps {}`", args.steps), "between 2 and 1000"));
    }
    let design = evenly(&args.design, &beliefs)?;
    let store = args.add_to.as_deref().map(|run| own(run, &scenario)).transpose()?;
    let axes: Vec<Axis> =
        args.over.iter().map(|text| axis(text, args.steps, &scenario)).collect::<Result<_, _>>()?;
    if let [first, second] = &axes[..]
        && first.name == second.name
    {
        return Err(Fail::input(format!("`{}` is varied twice", first.name), "give two different ones"));
    }
    let change = words::change(args.scenario.with.iter(), &args.scenario.set);
    let mut found = price(&scenario, &beliefs, design, &axes, &args.claim, &change)?;
    say_posterior(&mut found, &Side { scenario: &scenario, beliefs: &beliefs }, design);
    let found = [found];
    findings::keep(store.as_ref(), &found)?;
    findings::print(&found, args.format, true)
}

/// A run that a finding about a scenario may be kept with.
fn own(run: &Path, scenario: &Scenario) -> Result<Store, Fail> {
    let (store, manifest) = Store::open(run)?;
    if manifest.scenario != scenario.name {
        let message =
            format!("{} is a run of `{}`, not of `{}`", run.display(), manifest.scenario, scenario.name);
        return Err(Fail::input(message, "`--add-to` names a run of the scenario asked about"));
    }
    Ok(store)
}

/// A design in which the same draw has the same parameters in every world. In a radial one a
/// parameter that is fixed in one world shifts the draws of the others.
fn evenly(args: &DesignArgs, beliefs: &Beliefs) -> Result<Design, Fail> {
    if args.design != DesignKind::Sobol {
        return Err(Fail::input(
            "a radial design cannot pair two worlds",
            "leave out `--design`; it serves `run` and `explain`",
        ));
    }
    let design = words::design(args, beliefs)?;
    Ok(breakaway_ensemble::run::check(&design).map(|()| design)?)
}

/// An axis as it was typed: `PARAM=LOW..HIGH` or `lever.NAME=DATE..DATE`.
fn axis(text: &str, steps: u32, scenario: &Scenario) -> Result<Axis, Fail> {
    let wrong =
        |message: String| Fail::input(message, "PARAM=LOW..HIGH, or lever.NAME=2022-10-01..2022-12-01");
    let (name, range) = text.split_once('=').ok_or_else(|| wrong(format!("`--over {text}` has no `=`")))?;
    let (low, high) = range.split_once("..").ok_or_else(|| wrong(format!("`{range}` is no range")))?;
    let even = |low: f64, high: f64| -> Vec<f64> {
        (0..steps).map(|k| low + (high - low) * f64::from(k) / f64::from(steps - 1)).collect()
    };
    if let Some(id) = name.strip_prefix("lever.") {
        let lever = scenario.levers.iter().position(|lever| lever.id == id).ok_or_else(|| {
            let help = did_you_mean(id, scenario.levers.iter().map(|lever| lever.id.as_str()));
            Fail::input(format!("unknown lever `{id}`"), help)
        })?;
        let day = |text: &str| -> Result<f64, Fail> {
            let date: Date = text.parse().map_err(|_| wrong(format!("`{text}` is no date")))?;
            let day = (date - scenario.start).get_days();
            if day < 1 || day > scenario.world.days as i32 {
                let (first, last) = (scenario.date(1), scenario.date(scenario.world.days));
                let message = format!("{date} lies outside the scenario");
                return Err(Fail::input(message, format!("it runs from {first} to {last}")));
            }
            Ok(f64::from(day))
        };
        let mut values: Vec<f64> = even(day(low)?, day(high)?).into_iter().map(f64::round).collect();
        values.dedup();
        let days =
            |end: fn(u32, u32) -> u32| scenario.levers[lever].changes.iter().map(|(day, _)| *day).reduce(end);
        let length = days(u32::max).zip(days(u32::min)).map_or(0, |(last, first)| last - first);
        if values.iter().any(|first| *first as u32 + length > scenario.world.days) {
            let message = format!("the changes of `{id}` take {length} days and would outlast the scenario");
            return Err(Fail::input(message, "end the range earlier"));
        }
        return Ok(Axis { name: name.into(), what: Vary::Lever(lever), values });
    }
    let specs = scenario.specs();
    let index = words::parameter(&specs, name)?;
    let number = |text: &str| text.parse::<f64>().map_err(|_| wrong(format!("`{text}` is no number")));
    let values = even(number(low)?, number(high)?);
    for &x in &values {
        if let Some((message, help)) = breakaway_scenario::override_fault(&specs[index], &Prior::Fixed(x)) {
            return Err(Fail::input(message, help));
        }
    }
    Ok(Axis { name: name.into(), what: Vary::Parameter(index), values })
}

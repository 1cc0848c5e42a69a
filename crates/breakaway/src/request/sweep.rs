//! A claim along one or two parameters, or dates of levers.

use super::scenario::{DesignRequest, ScenarioSource};
use super::setting::parameter;
use crate::question::Question;
use breakaway_analysis::questions::sweep::{self as swept, Axis, Vary};
use breakaway_ensemble::{Context, Rejected};
use breakaway_model::params::Prior;
use breakaway_scenario::Scenario;
use breakaway_scenario::diagnostic::did_you_mean;
use breakaway_store::Error;
use breakaway_text::Finding;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Fewest and most values along an axis.
const STEPS: std::ops::RangeInclusive<u32> = 2..=1000;

/// Simulates a claim along one or two parameters, or dates of levers, on common random numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// The scenario.
    pub scenario: ScenarioSource,
    /// The claim, by its identifier.
    pub claim: String,
    /// What is varied: one for a curve, two for a map.
    pub over: Vec<Varied>,
    /// Values along each.
    #[serde(default = "five")]
    pub steps: u32,
    /// Simulations at each value.
    #[serde(default)]
    pub design: DesignRequest,
}

fn five() -> u32 {
    5
}

/// Something that is varied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Varied {
    /// A parameter, or `lever.` and the name of a lever.
    pub what: String,
    /// First value: a number, or a date for a lever.
    pub from: String,
    /// Last value.
    pub to: String,
}

impl FromStr for Varied {
    type Err = Rejected;

    /// From a text such as `combat.attrition=0.001..0.004` or `lever.congress=2022-10-01..2022-12-01`.
    fn from_str(text: &str) -> Result<Varied, Rejected> {
        let parts = text.split_once('=').and_then(|(what, range)| Some((what, range.split_once("..")?)));
        let Some((what, (from, to))) = parts else {
            let what = "this is not what to vary and its range";
            let help = "such as combat.attrition=0.001..0.004, or lever.congress=2022-10-01..2022-12-01";
            return Err(Rejected::new(format!("{what}, {help}"), ""));
        };
        Ok(Varied { what: what.trim().into(), from: from.trim().into(), to: to.trim().into() })
    }
}

impl Sweep {
    fn axis(&self, varied: &Varied, scenario: &Scenario) -> Result<Axis, Rejected> {
        let even = |low: f64, high: f64| -> Vec<f64> {
            let last = f64::from(self.steps - 1);
            (0..self.steps).map(|k| low + (high - low) * f64::from(k) / last).collect()
        };
        if let Some(id) = varied.what.strip_prefix("lever.") {
            return lever(varied, id, &even, scenario);
        }
        let specs = scenario.specs();
        let index = parameter(&specs, &varied.what)?;
        let number = |text: &str| {
            let wrong = || {
                Rejected::new(format!("`{text}` is not a number"), "a range of numbers, such as 0.001..0.004")
            };
            text.trim().parse::<f64>().map_err(|_| wrong())
        };
        let values = even(number(&varied.from)?, number(&varied.to)?);
        for &x in &values {
            if let Some((message, help)) = breakaway_scenario::override_fault(&specs[index], &Prior::Fixed(x))
            {
                return Err(Rejected::new(message, help));
            }
        }
        Ok(Axis { name: varied.what.clone(), what: Vary::Parameter(index), values })
    }
}

fn lever(
    varied: &Varied,
    id: &str,
    even: &dyn Fn(f64, f64) -> Vec<f64>,
    scenario: &Scenario,
) -> Result<Axis, Rejected> {
    let lever = scenario.levers.iter().position(|lever| lever.id == id).ok_or_else(|| {
        let help = did_you_mean(id, scenario.levers.iter().map(|lever| lever.id.as_str()));
        Rejected::new(format!("there is no lever `{id}`"), help)
    })?;
    let day = |text: &str| -> Result<f64, Rejected> {
        let date: Date = text.trim().parse().map_err(|_| {
            Rejected::new(
                format!("`{text}` is not a date"),
                "a range of dates, such as 2022-10-01..2022-12-01",
            )
        })?;
        let day = (date - scenario.start).get_days();
        if day < 1 || day > scenario.world.days as i32 {
            let (first, last) = (scenario.date(1), scenario.date(scenario.world.days));
            let help = format!("the scenario runs from {first} to {last}");
            return Err(Rejected::new(format!("{date} is outside the scenario"), help));
        }
        Ok(f64::from(day))
    };
    let mut values: Vec<f64> =
        even(day(&varied.from)?, day(&varied.to)?).into_iter().map(f64::round).collect();
    values.dedup();
    let days =
        |end: fn(u32, u32) -> u32| scenario.levers[lever].changes.iter().map(|(day, _)| *day).reduce(end);
    let length = days(u32::max).zip(days(u32::min)).map_or(0, |(last, first)| last - first);
    if values.iter().any(|first| *first as u32 + length > scenario.world.days) {
        let message = format!("the changes of `{id}` take {length} days and would outlast the scenario");
        return Err(Rejected::new(message, "end the range earlier"));
    }
    Ok(Axis { name: varied.what.clone(), what: Vary::Lever(lever), values })
}

impl Question for Sweep {
    type Answer = swept::Sweep;

    fn check(&self) -> Result<(), Rejected> {
        if !STEPS.contains(&self.steps) {
            let help = format!("between {} and {}", STEPS.start(), STEPS.end());
            return Err(Rejected::new(format!("steps is {}", self.steps), help));
        }
        match &self.over[..] {
            [_] => {}
            [first, second] if first.what == second.what => {
                let what = format!("`{}` is varied twice", first.what);
                return Err(Rejected::new(what, "vary two different things"));
            }
            [_, _] => {}
            other => {
                let what = format!("{} things are varied", other.len());
                return Err(Rejected::new(what, "vary one thing for a curve, or two for a map"));
            }
        }
        self.design.check()
    }

    fn answer(&self, context: &Context) -> Result<swept::Sweep, Error> {
        self.check()?;
        let (scenario, source) = self.scenario.load()?;
        let design = self.design.paired(&source)?;
        let axes =
            self.over.iter().map(|varied| self.axis(varied, &scenario)).collect::<Result<Vec<_>, _>>()?;
        swept::sweep(&scenario, &source, design, &axes, &self.claim, &self.scenario.change(), context)
    }

    fn describe(answer: &swept::Sweep) -> Vec<Finding> {
        vec![breakaway_text::sweep::sweep(answer)]
    }
}

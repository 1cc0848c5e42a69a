//! Values as they are asked for: of parameters, of days.

use breakaway_ensemble::Rejected;
use breakaway_model::params::{Prior, Spec};
use breakaway_scenario::diagnostic::closest;
use breakaway_scenario::override_fault;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The value of a parameter: a number, or a text with a number or a range (`0.001..0.004`, or
/// `0.001..0.004:log` where every order of magnitude is equally likely).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Setting {
    /// A number.
    Number(f64),
    /// A number or a range.
    Text(String),
}

impl Setting {
    /// What is drawn from.
    fn prior(&self) -> Option<Prior> {
        let text = match self {
            Setting::Number(x) => return Some(Prior::Fixed(*x)),
            Setting::Text(text) => text.trim(),
        };
        if let Ok(x) = text.parse() {
            return Some(Prior::Fixed(x));
        }
        let (range, log) = text.strip_suffix(":log").map_or((text, false), |range| (range, true));
        let (low, high) = range.split_once("..")?;
        let (low, high) = (low.trim().parse().ok()?, high.trim().parse().ok()?);
        Some(if log { Prior::LogUniform { low, high } } else { Prior::Uniform { low, high } })
    }
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Setting::Number(x) => write!(f, "{x}"),
            Setting::Text(text) => f.write_str(text),
        }
    }
}

/// Priors with some in their places.
pub(crate) fn with_settings(
    specs: &[Spec],
    mut priors: Vec<Prior>,
    settings: &BTreeMap<String, Setting>,
) -> Result<Vec<Prior>, Rejected> {
    for (name, setting) in settings {
        let index = parameter(specs, name)?;
        let prior = setting.prior().ok_or_else(|| {
            let help = "for example 0.002, 0.001..0.004 or 0.001..0.004:log";
            Rejected::new(format!("`{setting}` of `{name}` is neither a number nor a range"), help)
        })?;
        if let Some((message, help)) = override_fault(&specs[index], &prior) {
            return Err(Rejected::new(message, help));
        }
        priors[index] = prior;
    }
    Ok(priors)
}

/// Numbers of a polity that are no parameters, though some parameters are called alike.
const OF_POLITY: [&str; 8] =
    ["strength", "baseline", "treasury", "news", "reserve", "openness", "army_target", "mobile_guards"];

/// The position of a parameter.
pub(crate) fn parameter(specs: &[Spec], name: &str) -> Result<usize, Rejected> {
    let keys: Vec<String> = specs.iter().map(Spec::key).collect();
    if let Some(index) = keys.iter().position(|known| known == name) {
        return Ok(index);
    }
    let alike: Vec<String> = keys
        .iter()
        .filter(|key| key.rsplit('.').next() == Some(name))
        .map(|key| format!("`{key}`"))
        .collect();
    let help = if OF_POLITY.contains(&name) {
        let more = if alike.is_empty() {
            String::new()
        } else {
            format!(" ({} is something else)", alike.join(", "))
        };
        format!(
            "`{name}` is a number of a polity in the scenario: change it with an overlay, under [polity.ID]{more}"
        )
    } else if !alike.is_empty() {
        format!("did you mean {}?", alike.join(" or "))
    } else if let Some(near) = closest(name, keys.iter().map(String::as_str)) {
        format!("did you mean `{near}`?")
    } else {
        "parameters are called mechanism.name, such as combat.attrition".into()
    };
    Err(Rejected::new(format!("there is no parameter `{name}`"), help))
}

/// A day of a scenario: its number from 0, or its date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum DayOrDate {
    /// Its number, from 0.
    Day(u32),
    /// Its date, such as 2022-11-11; or its number as a text.
    Text(String),
}

impl DayOrDate {
    /// The number of the day in a scenario that starts on a date.
    ///
    /// # Errors
    /// Where it is neither a number nor a date, or before the start.
    pub(crate) fn number(&self, start: Date) -> Result<u32, Rejected> {
        let text = match self {
            DayOrDate::Day(day) => return Ok(*day),
            DayOrDate::Text(text) => text.trim(),
        };
        if let Ok(day) = text.parse() {
            return Ok(day);
        }
        let date: Date = text.parse().map_err(|_| {
            Rejected::new(
                format!("`{text}` is neither the number of a day nor a date"),
                format!("such as 30, or {start}"),
            )
        })?;
        u32::try_from((date - start).get_days()).map_err(|_| {
            Rejected::new(format!("{date} is before the scenario"), format!("it starts on {start}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_model::params::table;

    #[test]
    fn settings_are_numbers_or_ranges() {
        let prior = |text: &str| Setting::Text(text.into()).prior();
        assert_eq!(Setting::Number(0.5).prior(), Some(Prior::Fixed(0.5)));
        assert_eq!(prior("0.5"), Some(Prior::Fixed(0.5)));
        assert_eq!(prior("1..2"), Some(Prior::Uniform { low: 1.0, high: 2.0 }));
        assert_eq!(prior("1..2:log"), Some(Prior::LogUniform { low: 1.0, high: 2.0 }));
        assert_eq!(prior("x"), None);
    }

    #[test]
    fn a_number_of_a_polity_is_not_taken_for_a_parameter() {
        let specs: Vec<Spec> = table().cloned().collect();
        let help = |name| parameter(&specs, name).expect_err("no parameter").help;
        assert!(help("strength").contains("overlay"), "{}", help("strength"));
        assert_eq!(help("attrition"), "did you mean `combat.attrition`?");
        assert_eq!(help("combat.atrition"), "did you mean `combat.attrition`?");
        assert!(help("qqq").contains("mechanism.name"));
    }

    #[test]
    fn a_day_is_a_number_or_a_date() {
        let start = jiff::civil::date(2022, 9, 25);
        let day = |text: &str| DayOrDate::Text(text.into()).number(start);
        assert_eq!((day("30"), day("2022-10-25"), DayOrDate::Day(7).number(start)), (Ok(30), Ok(30), Ok(7)));
        assert!(day("2022-09-01").is_err_and(|e| e.message.contains("before")));
        assert!(day("soon").is_err_and(|e| e.help.contains("2022-09-25")));
    }
}

//! Wording: numbers, tables, parameters from the command line.

use crate::args::{DesignArgs, DesignKind, ScenarioArgs};
use crate::fail::Fail;
use breakaway_ensemble::design::{Kind, MOST_DRAWS};
use breakaway_ensemble::{Beliefs, Design, Posterior};
use breakaway_model::params::{Prior, Spec};
use breakaway_scenario::diagnostic::closest;
use breakaway_scenario::{Scenario, load, override_fault};
use comfy_table::{ContentArrangement, Table};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A table without lines, as wide as the terminal allows.
pub fn plain_table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if !table.is_tty() {
        table.set_width(120);
    }
    table.set_header(header.to_vec());
    table
}

/// A word as a shell reads it back.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Reads the scenario that the arguments name, and what its parameters are drawn from: priors with
/// those that `--set` gives, and the posterior.
pub fn scenario(args: &ScenarioArgs) -> Result<(Scenario, Beliefs), Fail> {
    let scenario = load(&args.scenario, &args.with)?;
    let priors = with_settings(&scenario.specs(), scenario.priors.clone(), &args.set)?;
    Ok((scenario, beliefs(priors, args.posterior.as_deref())?))
}

/// Priors, and a posterior where one is named.
pub fn beliefs(priors: Vec<Prior>, posterior: Option<&Path>) -> Result<Beliefs, Fail> {
    let posterior = posterior.map(Posterior::read).transpose()?.map(Arc::new);
    Ok(Beliefs { priors, posterior })
}

/// How many threads: as many as asked for, or as there are processors.
pub fn threads(asked: Option<usize>) -> Result<usize, Fail> {
    match asked {
        Some(0) => Err(Fail::input("`--threads 0`", "at least one thread is needed")),
        Some(n) if n > 1024 => Err(Fail::input(format!("`--threads {n}`"), "at most 1024")),
        Some(n) => Ok(n),
        None => Ok(std::thread::available_parallelism().map_or(1, std::num::NonZero::get)),
    }
}

/// What changed, in a few words: the names of files, and settings.
pub fn change<'a>(files: impl Iterator<Item = &'a PathBuf>, settings: &[String]) -> String {
    let stems = files.filter_map(|file| file.file_stem()).map(|stem| stem.to_string_lossy().into_owned());
    let all: Vec<String> = stems.chain(settings.iter().cloned()).collect();
    all.join(", ").chars().take(80).collect()
}

/// The design that the arguments mean, for these beliefs.
pub fn design(args: &DesignArgs, beliefs: &Beliefs) -> Result<Design, Fail> {
    let priors = &beliefs.priors;
    if args.design != DesignKind::Sobol && beliefs.posterior.is_some() {
        return Err(Fail::input(
            "a radial design changes one parameter at a time, but those of a posterior belong together",
            "leave out `--design` or `--posterior`",
        ));
    }
    let kind = match args.design {
        DesignKind::Sobol => Kind::Sobol,
        DesignKind::Saltelli => Kind::Saltelli,
        DesignKind::Grouped => Kind::Grouped,
    };
    // A radial design simulates each base point once a block, and twice more.
    let each = if kind == Kind::Sobol { 1 } else { kind.blocks(priors).len() as u32 + 2 };
    if args.replicates == 0 {
        return Err(Fail::input("`--replicates 0`", "an ensemble has at least one member a draw"));
    }
    let draws = match args.members {
        Some(n) if n.is_multiple_of(args.replicates.saturating_mul(each)) => n / args.replicates,
        Some(n) if kind == Kind::Sobol => {
            let help = format!("a multiple of {}, the replicates per draw", args.replicates);
            return Err(Fail::input(format!("`--members {n}` does not divide into draws"), help));
        }
        Some(n) => {
            let help = format!(
                "a multiple of {}: {each} draws a base point, {} replicates a draw; or give `--draws`",
                args.replicates.saturating_mul(each),
                args.replicates
            );
            return Err(Fail::input(format!("`--members {n}` does not divide into base points"), help));
        }
        None => args.draws.saturating_mul(each),
    };
    if u64::from(draws) * u64::from(args.replicates) > u64::from(u32::MAX) {
        return Err(Fail::input("too many members", "at most 10,000,000"));
    }
    if kind != Kind::Sobol && draws > MOST_DRAWS {
        let help =
            format!("at most {} base points of {each} draws each; take more replicates", MOST_DRAWS / each);
        return Err(Fail::input(format!("{} base points", draws / each), help));
    }
    Ok(Design { draws, replicates: args.replicates, seed: args.seed, kind })
}

/// The position of a parameter.
pub fn parameter(specs: &[Spec], name: &str) -> Result<usize, Fail> {
    let keys: Vec<String> = specs.iter().map(Spec::key).collect();
    keys.iter().position(|known| known == name).ok_or_else(|| {
        let called = |key: &&String| key.rsplit('.').next() == Some(name);
        let alike: Vec<String> = keys.iter().filter(called).map(|key| format!("`{key}`")).collect();
        let near = || closest(name, keys.iter().map(String::as_str)).map(|key| format!("`{key}`"));
        let alike = if alike.is_empty() { near().into_iter().collect() } else { alike };
        let help = match alike.len() {
            0 => "`breakaway params SCENARIO` lists all".into(),
            _ => format!("did you mean {}?", alike.join(" or ")),
        };
        Fail::input(format!("unknown parameter `{name}`"), help)
    })
}

/// Priors with those that `--set` gives in their places.
pub fn with_settings(
    specs: &[Spec],
    mut priors: Vec<Prior>,
    settings: &[String],
) -> Result<Vec<Prior>, Fail> {
    for setting in settings {
        let (key, value) = setting.split_once('=').ok_or_else(|| {
            Fail::input(format!("`--set {setting}` has no `=`"), "for example --set combat.attrition=0.002")
        })?;
        let index = parameter(specs, key.trim())?;
        let prior = prior(value.trim()).ok_or_else(|| {
            Fail::input(
                format!("`{value}` is neither a number nor a range"),
                "for example 0.002, 0.001..0.004 or 0.001..0.004:log",
            )
        })?;
        if let Some((message, help)) = override_fault(&specs[index], &prior) {
            return Err(Fail::input(message, help));
        }
        priors[index] = prior;
    }
    Ok(priors)
}

fn prior(text: &str) -> Option<Prior> {
    if let Ok(x) = text.parse() {
        return Some(Prior::Fixed(x));
    }
    let (range, log) = text.strip_suffix(":log").map_or((text, false), |range| (range, true));
    let (low, high) = range.split_once("..")?;
    let (low, high) = (low.parse().ok()?, high.parse().ok()?);
    Some(if log { Prior::LogUniform { low, high } } else { Prior::Uniform { low, high } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_a_shell() {
        let said = ["scenarios/peace", "combat.attrition=0.001..0.004:log", "my own", "it's"].map(quoted);
        let right = ["scenarios/peace", "combat.attrition=0.001..0.004:log", "'my own'", r"'it'\''s'"];
        assert_eq!(said, right);
    }

    #[test]
    fn settings_are_numbers_or_ranges() {
        assert_eq!(prior("0.5"), Some(Prior::Fixed(0.5)));
        assert_eq!(prior("1..2"), Some(Prior::Uniform { low: 1.0, high: 2.0 }));
        assert_eq!(prior("1..2:log"), Some(Prior::LogUniform { low: 1.0, high: 2.0 }));
        assert_eq!(prior("x"), None);
    }
}

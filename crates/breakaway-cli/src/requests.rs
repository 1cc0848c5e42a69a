//! From what was typed to requests, and from a request back to the line that would ask it.

use crate::args::{
    CalibrationArgs, ChangeArgs, CompareArgs, DesignArgs, ParamsArgs, RunArgs, ScenarioArgs, SweepArgs,
};
use crate::fail::Fail;
use breakaway::prelude::{
    Compare, CompareRuns, DesignRequest, Parameters, Run, ScenarioSource, Setting, Sweep,
};
use breakaway::request::{CalibrationRequest, DesignKind};
use std::collections::BTreeMap;
use std::path::Path;

/// Settings as they were typed, `PARAM=VALUE` each.
fn settings(typed: &[String]) -> Result<BTreeMap<String, Setting>, Fail> {
    let mut all = BTreeMap::new();
    for setting in typed {
        let (name, value) = setting.split_once('=').ok_or_else(|| {
            Fail::input(format!("`--set {setting}` has no `=`"), "for example --set combat.attrition=0.002")
        })?;
        if all.insert(name.trim().into(), Setting::Text(value.trim().into())).is_some() {
            return Err(Fail::input(format!("`{}` is set twice", name.trim()), "give one value"));
        }
    }
    Ok(all)
}

fn source(folder: &Path, change: &ChangeArgs) -> Result<ScenarioSource, Fail> {
    Ok(ScenarioSource {
        folder: folder.into(),
        overlays: change.with.clone(),
        parameters: settings(&change.set)?,
        posterior: change.posterior.clone(),
    })
}

/// The scenario that was named.
pub fn scenario(args: &ScenarioArgs) -> Result<ScenarioSource, Fail> {
    source(&args.scenario, &args.change)
}

/// The design that was asked for.
pub fn design(args: &DesignArgs) -> DesignRequest {
    let DesignArgs { draws, design: kind, replicates, members, seed } = *args;
    DesignRequest { draws, replicates, members, seed, kind }
}

/// The run that was asked for.
pub fn run(args: &RunArgs) -> Result<Run, Fail> {
    Ok(Run {
        scenario: scenario(&args.scenario)?,
        design: design(&args.design),
        folder: args.out.clone(),
        recorded_as: None,
        shard: args.shard,
        beyond_limits: args.beyond_limits,
        rare: args.rare.clone(),
        instructions: args.simd.clone(),
    })
}

/// The comparison that was asked for.
pub fn compare(args: &CompareArgs) -> Result<Compare, Fail> {
    let changed = args.other.as_ref().unwrap_or(&args.scenario);
    Ok(Compare {
        before: ScenarioSource::of(&args.scenario),
        after: source(changed, &args.change)?,
        design: design(&args.design),
        attribute: args.attribute,
    })
}

/// Whether a folder is that of a stored run.
pub fn is_run(folder: &Path) -> bool {
    folder.join("manifest.json").is_file()
}

/// The comparison of stored runs that was asked for.
pub fn compare_runs(args: &CompareArgs) -> Result<CompareRuns, Fail> {
    let ChangeArgs { with, set, posterior } = &args.change;
    let unchanged = with.is_empty() && set.is_empty() && posterior.is_none() && !args.attribute;
    let plain = unchanged && design(&args.design) == DesignRequest::default();
    let Some(other) = args.other.clone().filter(|other| plain && is_run(other)) else {
        let help = "give the folders of two runs, without changes and without a design, which they have; or two scenarios";
        return Err(Fail::input("a stored run is compared with another stored run", help));
    };
    Ok(CompareRuns { before: args.scenario.clone(), after: other })
}

/// The sweep that was asked for.
pub fn sweep(args: &SweepArgs) -> Result<Sweep, Fail> {
    Ok(Sweep {
        scenario: scenario(&args.scenario)?,
        claim: args.claim.clone(),
        over: args.over.clone(),
        steps: args.steps,
        design: design(&args.design),
    })
}

/// The parameters that were asked for.
pub fn parameters(args: &ParamsArgs) -> Result<Parameters, Fail> {
    let Some(folder) = &args.scenario else {
        return Ok(Parameters { scenario: None, parameters: settings(&args.set)? });
    };
    let change = ChangeArgs { with: args.with.clone(), set: args.set.clone(), posterior: None };
    Ok(Parameters { scenario: Some(source(folder, &change)?), parameters: BTreeMap::new() })
}

/// The design of a calibration, from its arguments.
pub fn calibration(args: &CalibrationArgs) -> CalibrationRequest {
    let CalibrationArgs { draws, replicates, particles, rounds, seed } = *args;
    CalibrationRequest { draws, replicates, particles, rounds, seed }
}

/// The line that would make a run, up to its design.
fn common(run: &Run) -> String {
    let ScenarioSource { folder, overlays, parameters, posterior } = &run.scenario;
    let mut words = vec![folder.display().to_string()];
    words.extend(overlays.iter().flat_map(|file| ["--with".into(), file.display().to_string()]));
    words.extend(parameters.iter().flat_map(|(name, value)| ["--set".into(), format!("{name}={value}")]));
    words.extend(posterior.iter().flat_map(|file| ["--posterior".into(), file.display().to_string()]));
    let DesignRequest { draws, replicates, members, seed, kind } = run.design;
    words.extend(match members {
        Some(members) => ["--members".to_string(), members.to_string()],
        None => ["--draws".to_string(), draws.to_string()],
    });
    words.extend(["--replicates".into(), replicates.to_string(), "--seed".into(), seed.to_string()]);
    if kind != DesignKind::default() {
        words.extend(["--design".into(), kind.name().into()]);
    }
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// The command that makes a run, and the one that shows one of its simulations, up to its number.
pub fn lines(run: &Run) -> (String, String) {
    let common = common(run);
    let rare: String = run.rare.iter().map(|claim| format!(" --rare {}", quoted(claim))).collect();
    (format!("breakaway run {common}{rare}"), format!("breakaway replay {common} --member "))
}

/// A word as a shell reads it back.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Args, Command};
    use clap::Parser;

    #[test]
    fn words_survive_a_shell() {
        let said = ["scenarios/peace", "combat.attrition=0.001..0.004:log", "my own", "it's"].map(quoted);
        let right = ["scenarios/peace", "combat.attrition=0.001..0.004:log", "'my own'", r"'it'\''s'"];
        assert_eq!(said, right);
    }

    #[test]
    fn a_request_is_asked_again_by_its_line() {
        let typed = [
            "breakaway",
            "run",
            "scenarios/a",
            "--with",
            "o.toml",
            "--set",
            "combat.attrition=0.001..0.004",
            "--members",
            "40",
            "--replicates",
            "4",
            "--seed",
            "7",
            "--design",
            "grouped",
            "--rare",
            "one",
            "--rare",
            "other",
        ];
        let parse = |words: &[&str]| match Args::try_parse_from(words).map(|args| args.command) {
            Ok(Command::Run(args)) => run(&args).unwrap_or_else(|_| panic!("a request")),
            _ => panic!("a run"),
        };
        let first = parse(&typed);
        let (line, replay) = lines(&first);
        assert_eq!(parse(&line.split(' ').collect::<Vec<_>>()), first);
        assert!(
            replay.starts_with("breakaway replay scenarios/a --with o.toml") && replay.ends_with("--member ")
        );
        assert!(!replay.contains("--rare"), "one simulation is not split: {replay}");
    }
}

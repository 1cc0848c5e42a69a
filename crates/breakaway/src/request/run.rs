//! Runs: simulate a scenario, or a share of it; merge shares; show what is stored.

use super::scenario::{DesignRequest, ScenarioSource};
use crate::question::Question;
use breakaway_ensemble::splitting::RareClaims;
use breakaway_ensemble::{Context, Plan, Rejected};
use breakaway_model::dispatch::Simd;
use breakaway_store::{
    Answers, Error, Manifest, RunOptions, Shard, ShardDone, StoredRun, merge, run, run_shard,
};
use breakaway_text::{Finding, claims};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Simulates a scenario and gives each of its claims a probability.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The scenario.
    pub scenario: ScenarioSource,
    /// Its simulations.
    #[serde(default)]
    pub design: DesignRequest,
    /// The scenario as the run's manifest records it, where its files lie elsewhere for the time being.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_as: Option<ScenarioSource>,
    /// Folder of the run; `runs/SCENARIO-KEY` where none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// Only a share of the run: the shares of all are merged afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<ShardSchema>")]
    pub shard: Option<Shard>,
    /// Whether the run may need more memory or disk than the machine has free.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beyond_limits: bool,
    /// Claims that are likely to be rare, for which simulations are split: their identifiers, or `all`. By itself a
    /// run splits for the conditions that fewer than 200 of its members meet; `none` keeps it from that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rare: Vec<String>,
    /// Vector instructions, for tests; results do not depend on them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
}

/// For the schema of [`Shard`].
#[derive(JsonSchema)]
#[allow(dead_code)] // only its schema is used
struct ShardSchema {
    /// Number of the share, from 1.
    number: u32,
    /// Number of shares.
    of: u32,
}

/// The answer of a run.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum RunAnswer {
    /// The whole run.
    Whole(Box<Answers>),
    /// A share of it.
    Share(ShardDone),
}

impl Run {
    /// The request as the manifest of the run records it: without where and in which shares it was
    /// made.
    fn recorded(&self) -> Value {
        let bare = Run {
            scenario: self.recorded_as.clone().unwrap_or_else(|| self.scenario.clone()),
            design: self.design,
            recorded_as: None,
            folder: None,
            shard: None,
            beyond_limits: false,
            rare: self.rare.clone(),
            instructions: None,
        };
        serde_json::to_value(bare).unwrap_or_default()
    }

    fn instructions(&self) -> Result<Simd, Rejected> {
        let Some(name) = &self.instructions else { return Ok(Simd::best()) };
        let known = Simd::available();
        let names: Vec<&str> = known.iter().map(|simd| simd.name()).collect();
        known.iter().find(|simd| simd.name() == name).copied().ok_or_else(|| {
            Rejected::new(format!("this processor has no `{name}`"), format!("it has {}", names.join(", ")))
        })
    }
}

/// The folder of a run that names none: by its scenario and its key.
fn default_folder(scenario: &Path, key: &str) -> PathBuf {
    let folder = scenario.canonicalize().unwrap_or_else(|_| scenario.into());
    let name = folder.file_name().map_or("run".into(), |name| name.to_string_lossy().into_owned());
    PathBuf::from("runs").join(format!("{name}-{}", &key[..8.min(key.len())]))
}

impl Question for Run {
    type Answer = RunAnswer;

    fn check(&self) -> Result<(), Rejected> {
        self.instructions()?;
        self.design.check()
    }

    fn answer(&self, context: &Context) -> Result<RunAnswer, Error> {
        let (scenario, source) = self.scenario.load()?;
        let design = self.design.design(&source)?;
        let mut plan = Plan::new(&scenario, source, design, self.instructions()?);
        plan.rare = RareClaims::of(&self.rare, &scenario.claims)?;
        let request = self.recorded();
        let folder = match &self.folder {
            Some(folder) => folder.clone(),
            None => default_folder(&self.scenario.folder, &Manifest::of(&plan, request.clone()).key),
        };
        let options = RunOptions { folder, request, beyond_limits: self.beyond_limits, grid: None };
        match self.shard {
            None => Ok(RunAnswer::Whole(Box::new(run(&plan, &options, context)?.answers()?))),
            Some(shard) => Ok(RunAnswer::Share(run_shard(&plan, shard, &options, context)?)),
        }
    }

    fn describe(answer: &RunAnswer) -> Vec<Finding> {
        match answer {
            RunAnswer::Whole(answers) => vec![claims::finding(answers)],
            RunAnswer::Share(done) => {
                let Shard { number, of } = done.shard;
                let mut finding = Finding::new("share", format!("Share {number} of {of}"));
                finding.push_sentence(format!(
                    "{} of {} simulations are in {}.",
                    done.simulations,
                    done.of,
                    done.folder.display()
                ));
                vec![finding]
            }
        }
    }

    fn kept_when_stopped(&self) -> String {
        "Finished blocks of simulations are kept; repeat the run, and it resumes.".into()
    }
}

/// Makes the run of the folders that its shares were simulated into.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// Folders with the shares of one run.
    pub folders: Vec<PathBuf>,
    /// Folder of the run: new, empty, or one of those; the only one of those where none is named.
    #[serde(default)]
    pub folder: Option<PathBuf>,
}

impl Question for Merge {
    type Answer = Answers;

    fn check(&self) -> Result<(), Rejected> {
        match (&self.folders[..], &self.folder) {
            ([], _) => Err(Rejected::new("there is nothing to merge", "name the folders of a run's shares")),
            ([_, _, ..], None) => Err(Rejected::new(
                "no folder is named for the merged run",
                "name a new folder, or one of the shares'",
            )),
            _ => Ok(()),
        }
    }

    fn answer(&self, context: &Context) -> Result<Answers, Error> {
        self.check()?;
        let out = self.folder.as_ref().or(self.folders.first()).cloned().unwrap_or_default();
        merge(&self.folders, &out, None, context)?.answers()
    }

    fn describe(answer: &Answers) -> Vec<Finding> {
        vec![claims::finding(answer)]
    }

    fn kept_when_stopped(&self) -> String {
        "The shares are kept; repeat the merge, and it resumes.".into()
    }
}

/// The answers of a stored run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// Folder of the run.
    pub run: PathBuf,
}

impl Question for Show {
    type Answer = Answers;

    fn check(&self) -> Result<(), Rejected> {
        Ok(())
    }

    fn answer(&self, _: &Context) -> Result<Answers, Error> {
        StoredRun::open(&self.run)?.answers()
    }

    fn describe(answer: &Answers) -> Vec<Finding> {
        vec![claims::finding(answer)]
    }
}

//! A scenario as it is asked for, the design of its simulations, and what was read of it.

use super::setting::{Setting, with_settings};
use crate::question::Question;
use breakaway_ensemble::design::MOST_DRAWS;
use breakaway_ensemble::{Context, Design, DesignKind, ParameterSource, Rejected};
use breakaway_model::params::{Prior, Spec, table};
use breakaway_scenario::{Scenario, load};
use breakaway_store::{Error, posterior_file};
use breakaway_text::{Finding, overview, parameters};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A scenario and what changes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioSource {
    /// Folder of the scenario.
    pub folder: PathBuf,
    /// Overlays that change it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overlays: Vec<PathBuf>,
    /// Parameters with values or ranges of their own, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Setting>,
    /// Posterior of a calibration (its folder or file), instead of the model's priors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posterior: Option<PathBuf>,
}

impl ScenarioSource {
    /// The scenario of a folder, unchanged.
    pub fn of(folder: impl Into<PathBuf>) -> ScenarioSource {
        ScenarioSource { folder: folder.into(), ..ScenarioSource::default() }
    }

    /// Loads the scenario, and where its parameters come from.
    ///
    /// # Errors
    /// Faults of the files, or of a setting.
    pub fn load(&self) -> Result<(Scenario, ParameterSource), Error> {
        let scenario = load(&self.folder, &self.overlays)?;
        let priors = with_settings(&scenario.specs(), scenario.priors.clone(), &self.parameters)?;
        let posterior = self.posterior.as_deref().map(posterior_file::read).transpose()?.map(Arc::new);
        Ok((scenario, ParameterSource { priors, posterior }))
    }

    /// What it changes, in a few words: the names of overlays, and settings.
    pub(crate) fn change(&self) -> String {
        let stems = self.overlays.iter().filter_map(|file| file.file_stem());
        let stems = stems.map(|stem| stem.to_string_lossy().into_owned());
        let settings = self.parameters.iter().map(|(name, value)| format!("{name}={value}"));
        let posterior = self.posterior.iter().map(|_| "the posterior".to_string());
        stems.chain(settings).chain(posterior).collect::<Vec<_>>().join(", ").chars().take(80).collect()
    }
}

/// The simulations of an ensemble.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DesignRequest {
    /// Parameter sets. In a radial design base points, each of which is simulated once more for every
    /// free parameter (or mechanism), and once for its second point.
    pub draws: u32,
    /// Repeats: simulations for each parameter set, which differ by chance only.
    pub replicates: u32,
    /// Simulations in all, instead of draws: as many parameter sets as that takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<u32>,
    /// Seed of parameters and chance.
    pub seed: u64,
    /// How parameter sets lie: `latin-hypercube`; `sobol` (more evenly, from 1,024 parameter sets on);
    /// `saltelli` or `grouped` (radial, for the effects of parameters or of mechanisms).
    #[schemars(with = "KindSchema")]
    pub kind: DesignKind,
}

/// For the schema of [`DesignKind`].
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[allow(dead_code)] // only its schema is used
enum KindSchema {
    LatinHypercube,
    Sobol,
    Saltelli,
    Grouped,
}

impl Default for DesignRequest {
    fn default() -> DesignRequest {
        DesignRequest { draws: 200, replicates: 10, members: None, seed: 1, kind: DesignKind::default() }
    }
}

impl DesignRequest {
    /// Checks what does not depend on a scenario.
    ///
    /// # Errors
    /// The first field that is wrong.
    pub fn check(&self) -> Result<(), Rejected> {
        if self.replicates == 0 {
            return Err(Rejected::new("replicates is 0", "at least one simulation for each parameter set"));
        }
        if self.members == Some(0) {
            return Err(Rejected::new("members is 0", "at least one simulation"));
        }
        if self.members.is_none() && self.draws == 0 {
            return Err(Rejected::new("draws is 0", "at least one parameter set"));
        }
        Ok(())
    }

    /// The design that it means for a scenario's parameters.
    ///
    /// # Errors
    /// Where members do not divide into parameter sets, where there would be too many, or where a
    /// radial design meets a posterior.
    pub fn design(&self, source: &ParameterSource) -> Result<Design, Rejected> {
        self.check()?;
        let DesignRequest { draws, replicates, members, seed, kind } = *self;
        if kind.is_radial() && source.posterior.is_some() {
            return Err(Rejected::new(
                "a radial design changes one parameter at a time, but those of a posterior belong together",
                "use the design `latin-hypercube`, or no posterior",
            ));
        }
        // A radial design simulates each base point once a block, and twice more.
        let each = if kind.is_radial() { kind.blocks(&source.priors).len() as u32 + 2 } else { 1 };
        let together = replicates.saturating_mul(each);
        let draws = match members {
            Some(n) if n.is_multiple_of(together) => n / replicates,
            Some(n) => {
                let what = format!("members is {n}, which is no multiple of {together}");
                let help = match kind {
                    DesignKind::LatinHypercube | DesignKind::Sobol => {
                        format!("a multiple of {replicates}, the replicates of each draw")
                    }
                    DesignKind::Saltelli | DesignKind::Grouped => {
                        format!(
                            "a multiple of {together}: {each} draws for each base point, {replicates} replicates for each draw"
                        )
                    }
                };
                return Err(Rejected::new(what, help));
            }
            None => draws.saturating_mul(each),
        };
        if kind.is_radial() && draws > MOST_DRAWS {
            let help = format!(
                "at most {} base points of {each} draws each; take more replicates",
                MOST_DRAWS / each
            );
            return Err(Rejected::new(format!("{} base points are too many", draws / each), help));
        }
        let design = Design { draws, replicates, seed, kind };
        design.check()?;
        Ok(design)
    }

    /// The design for comparisons: the same parameter set has the same parameters in every world. In
    /// a radial design a parameter that is fixed in one world shifts the sets of the others.
    pub(crate) fn paired(&self, source: &ParameterSource) -> Result<Design, Rejected> {
        if self.kind.is_radial() {
            return Err(Rejected::new(
                "a radial design cannot pair two worlds",
                "use the design `latin-hypercube`",
            ));
        }
        self.design(source)
    }
}

/// Checks a scenario, and says what was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The scenario.
    pub scenario: ScenarioSource,
}

/// What was read of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Lines of text.
    pub lines: Vec<String>,
}

impl Question for Check {
    type Answer = Overview;

    fn check(&self) -> Result<(), Rejected> {
        Ok(())
    }

    fn answer(&self, _: &Context) -> Result<Overview, Error> {
        let (scenario, source) = self.scenario.load()?;
        if !scenario.outcomes.is_empty() {
            super::history::check_case(&scenario)?;
        }
        Ok(Overview { lines: overview::overview(&scenario, &source) })
    }

    fn describe(answer: &Overview) -> Vec<Finding> {
        let mut finding = Finding::new("check", "What was read");
        answer.lines.iter().for_each(|line| finding.push_sentence(line.trim()));
        vec![finding]
    }
}

/// The parameters: value, prior, unit, source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// The scenario whose own values are shown; the model's priors without it.
    pub scenario: Option<ScenarioSource>,
    /// Parameters with values or ranges of their own, where there is no scenario.
    pub parameters: BTreeMap<String, Setting>,
}

/// Parameters, each with the distribution that it is drawn from.
#[derive(Clone, Debug)]
pub struct ParameterTable {
    /// What each is.
    pub specs: Vec<Spec>,
    /// What each is drawn from.
    pub priors: Vec<Prior>,
}

/// A list with an object for each parameter.
impl Serialize for ParameterTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        parameters::finding(&self.specs, &self.priors).json()["tables"]["parameters"].serialize(serializer)
    }
}

impl Question for Parameters {
    type Answer = ParameterTable;

    fn check(&self) -> Result<(), Rejected> {
        Ok(())
    }

    fn answer(&self, _: &Context) -> Result<ParameterTable, Error> {
        if let Some(source) = &self.scenario {
            let (scenario, parameters) = source.load()?;
            return Ok(ParameterTable { specs: scenario.specs(), priors: parameters.priors });
        }
        let specs: Vec<Spec> = table().cloned().collect();
        let priors = with_settings(&specs, specs.iter().map(|spec| spec.prior).collect(), &self.parameters)?;
        Ok(ParameterTable { specs, priors })
    }

    fn describe(answer: &ParameterTable) -> Vec<Finding> {
        vec![parameters::finding(&answer.specs, &answer.priors)]
    }
}

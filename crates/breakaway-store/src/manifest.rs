//! What a run was made from: everything that the tables do not say.

use crate::block::Plan;
use crate::design::Design;
use crate::store::hex;
use breakaway_model::event::{Kind, Scope};
use breakaway_model::observe::Of;
use breakaway_model::params::Prior;
use breakaway_model::world::World;
use breakaway_scenario::BaseRate;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The part of a manifest that every version of the program can read.
#[derive(Deserialize)]
pub(crate) struct Layout {
    pub(crate) layout: u32,
}

/// Version of the store's layout.
pub(crate) const LAYOUT: u32 = 3;

/// What a run was made from, and how it ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the store's layout.
    pub layout: u32,
    /// Version of the program.
    pub version: String,
    /// Whether it is whole.
    pub complete: bool,
    /// What identifies the run: scenario, parameters, design, version.
    pub key: String,
    /// Name of the scenario.
    pub scenario: String,
    /// What it describes.
    pub description: String,
    /// SHA-256 of the scenario's files and overlays.
    pub scenario_hash: String,
    /// What was read: each file with the number of its rows or tables.
    pub files: Vec<String>,
    /// Day 0.
    pub start: String,
    /// Days simulated.
    pub days: u32,
    /// The command that made it.
    pub command: String,
    /// The command that lives through one of its members again, up to the member's number.
    pub replay: String,
    /// Draws, replicates, seed.
    pub design: Design,
    /// Parameters and their priors, in words.
    pub parameters: Vec<(String, String)>,
    /// Meaning and source of the scenario's unknown quantities, which stand last among them.
    #[serde(default)]
    pub unknowns: Vec<(String, String)>,
    /// The same priors, to be drawn from again.
    pub priors: Vec<PriorRecord>,
    /// The posterior that parameters were drawn from in the place of the model's priors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posterior: Option<crate::posterior::Record>,
    /// Claims.
    pub claims: Vec<ClaimRecord>,
    /// Names by which events and bands speak of polities, regions, and sides of sectors.
    pub names: Names,
    /// Places of the regions on the tile map (row, column), where given.
    pub tiles: Vec<Option<(u32, u32)>>,
    /// Groups of regions: name and positions in the list of regions.
    pub groups: Vec<(String, Vec<usize>)>,
    /// Members that failed.
    pub failed: u32,
    /// Hash of the three tables; empty while it is not whole.
    pub fingerprint: String,
}

/// A prior as the manifest records it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct PriorRecord(#[serde(with = "PriorForm")] pub Prior);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Prior", rename_all = "kebab-case")]
enum PriorForm {
    Fixed(f64),
    Uniform { low: f64, high: f64 },
    LogUniform { low: f64, high: f64 },
    Normal { mean: f64, sd: f64, low: f64, high: f64 },
}

/// A claim as the manifest records it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClaimRecord {
    /// Identifier.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// Where it comes from.
    pub source: String,
    /// Whether only some members count.
    pub conditional: bool,
    /// What really happened, where known.
    pub outcome: Option<bool>,
    /// When, where known.
    pub outcome_day: Option<u32>,
    /// How often such things happen, whatever the model says.
    pub base_rate: Option<BaseRateRecord>,
}

/// A base rate as the manifest records it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaseRateRecord {
    /// Reference class.
    pub class: String,
    /// What happens in it.
    pub text: String,
    /// Probability over the days of the claim.
    pub probability: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Where it comes from.
    pub source: String,
}

impl From<&BaseRate> for BaseRateRecord {
    fn from(rate: &BaseRate) -> BaseRateRecord {
        BaseRateRecord {
            class: rate.class.clone(),
            text: rate.text.clone(),
            probability: rate.probability,
            low: rate.interval.0,
            high: rate.interval.1,
            source: rate.source.clone(),
        }
    }
}

/// Identifiers and names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Names {
    /// Polities: identifier and name.
    pub polities: Vec<(String, String)>,
    /// Regions: identifier and name.
    pub regions: Vec<(String, String)>,
    /// Position of each region's polity.
    pub region_polities: Vec<usize>,
    /// Sides of sectors, in the order `2 * sector + side`.
    pub sides: Vec<(String, String)>,
    /// Position of each side's polity.
    pub side_polities: Vec<usize>,
}

impl Names {
    /// Of a world.
    pub fn of(world: &World) -> Names {
        let side = |s: &breakaway_model::world::Sector, k: usize| {
            let polity = &world.polities[s.sides[k].polity];
            (format!("{}/{}", s.id, polity.id), format!("{}, {}", s.name, polity.name))
        };
        Names {
            polities: world.polities.iter().map(|p| (p.id.clone(), p.name.clone())).collect(),
            regions: world.regions.iter().map(|r| (r.id.clone(), r.name.clone())).collect(),
            region_polities: world.regions.iter().map(|r| r.polity).collect(),
            sides: world.sectors.iter().flat_map(|s| [side(s, 0), side(s, 1)]).collect(),
            side_polities: world
                .sectors
                .iter()
                .flat_map(|s| s.sides.iter().map(|side| side.polity))
                .collect(),
        }
    }

    /// The sector and the polity of a side, by their names.
    pub fn side(&self, side: usize) -> (&str, &str) {
        let polity = self.side_polities.get(side).and_then(|&k| self.polities.get(k));
        let polity = polity.map_or("?", |(_, name)| name);
        let whole = self.sides.get(side).map_or("?", |(_, name)| name);
        (whole.strip_suffix(polity).and_then(|rest| rest.strip_suffix(", ")).unwrap_or(whole), polity)
    }

    /// The polity with the most regions, the first of several: the one that may break.
    pub fn main_polity(&self) -> usize {
        let regions = |k: usize| self.regions_of(k).count();
        (0..self.polities.len()).rev().max_by_key(|&k| regions(k)).unwrap_or(0)
    }

    /// The regions of a polity.
    pub fn regions_of(&self, polity: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.region_polities.len()).filter(move |&r| self.region_polities[r] == polity)
    }

    /// The polity that an event happens in or to.
    pub fn polity_of_event(&self, kind: Kind, entity: usize) -> Option<usize> {
        match kind.scope() {
            Scope::Polity => Some(entity),
            Scope::Region => self.region_polities.get(entity).copied(),
            Scope::SectorSide => self.side_polities.get(entity).copied(),
        }
    }

    /// Identifier and name of the entity of an event.
    pub fn of_event(&self, kind: Kind, entity: usize) -> (&str, &str) {
        let list = match kind.scope() {
            Scope::Polity => &self.polities,
            Scope::Region => &self.regions,
            Scope::SectorSide => &self.sides,
        };
        list.get(entity).map_or(("?", "?"), |(id, name)| (id, name))
    }

    /// Identifier of the entity of an observable.
    pub fn of_observable(&self, of: Of, entity: usize) -> &str {
        let list = match of {
            Of::Polity => &self.polities,
            Of::Region => &self.regions,
            Of::SectorSide => &self.sides,
        };
        list.get(entity).map_or("?", |(id, _)| id)
    }
}

/// How a user gets a run, and one of its members, again.
#[derive(Clone, Debug, Default)]
pub struct Commands {
    /// The command that makes the run.
    pub run: String,
    /// The command that lives through a member, up to the member's number.
    pub replay: String,
}

impl Manifest {
    /// Draws on end that belong to one base point of its design.
    pub fn cluster(&self) -> u32 {
        let priors: Vec<Prior> = self.priors.iter().map(|prior| prior.0).collect();
        self.design.cluster(&priors)
    }

    /// Members that did not fail.
    pub fn counted(&self) -> u32 {
        self.design.members().saturating_sub(self.failed)
    }

    /// The date of a day, if the start is a date.
    pub fn date(&self, day: u32) -> Option<Date> {
        let start: Date = self.start.parse().ok()?;
        Some(start.saturating_add(i64::from(day).days()))
    }

    /// The manifest of a plan that has not been run yet.
    pub fn of(plan: &Plan, commands: &Commands) -> Manifest {
        let scenario = plan.scenario;
        let specs = scenario.specs();
        let priors = specs.iter().zip(&plan.beliefs.priors);
        let mut manifest = Manifest {
            layout: LAYOUT,
            version: env!("CARGO_PKG_VERSION").into(),
            complete: false,
            key: String::new(),
            scenario: scenario.name.clone(),
            description: scenario.description.clone(),
            scenario_hash: scenario.hash.clone(),
            files: scenario.files.clone(),
            start: scenario.start.to_string(),
            days: scenario.world.days,
            command: commands.run.clone(),
            replay: commands.replay.clone(),
            design: plan.design,
            priors: plan.beliefs.priors.iter().map(|prior| PriorRecord(*prior)).collect(),
            unknowns: scenario.unknowns.iter().map(|u| (u.text.clone(), u.source.clone())).collect(),
            posterior: plan.beliefs.posterior.as_ref().map(|posterior| posterior.record(scenario)),
            parameters: priors.map(|(spec, prior)| (spec.key(), prior.to_string())).collect(),
            claims: scenario
                .claims
                .iter()
                .map(|claim| ClaimRecord {
                    id: claim.id.clone(),
                    text: claim.text.clone(),
                    source: claim.source.clone(),
                    conditional: claim.given.is_some(),
                    outcome: claim.outcome,
                    outcome_day: claim.outcome_day,
                    base_rate: claim.base_rate.as_ref().map(BaseRateRecord::from),
                })
                .collect(),
            names: Names::of(&scenario.world),
            tiles: scenario.tiles.clone(),
            groups: scenario.groups.clone(),
            failed: 0,
            fingerprint: String::new(),
        };
        let identity = (&manifest.version, LAYOUT, &scenario.hash, plan.design, &manifest.parameters);
        let posterior = manifest.posterior.iter().map(|posterior| posterior.hash.as_str());
        let text = serde_json::to_string(&identity).unwrap_or_default() + &posterior.collect::<String>();
        manifest.key = hex(&Sha256::digest(text.as_bytes()))[..16].to_string();
        manifest
    }
}

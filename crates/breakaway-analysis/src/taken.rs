//! A stored run taken up for analysis.

use crate::Error;
use breakaway_ensemble::block::Plan;
use breakaway_ensemble::recorded::Recorded;
use breakaway_ensemble::tally::Tally;
use breakaway_ensemble::{Beliefs, Manifest, Store};
use breakaway_model::dispatch::Simd;
use breakaway_scenario::Scenario;
use std::path::Path;

/// A stored run, its members, and the scenario that it was made from.
pub struct Taken {
    /// Where it is stored.
    pub store: Store,
    /// What it was made from.
    pub manifest: Manifest,
    /// Its members.
    pub recorded: Recorded,
    /// Its scenario.
    pub scenario: Scenario,
    /// What its parameters were drawn from.
    pub beliefs: Beliefs,
}

impl Taken {
    /// Takes up the run of a folder.
    pub fn open(folder: &Path) -> Result<Taken, Error> {
        let (store, manifest) = Store::open(folder)?;
        let recorded = Recorded::read(&store, &manifest)?;
        let (scenario, beliefs) = store.scenario(&manifest)?;
        Ok(Taken { store, manifest, recorded, scenario, beliefs })
    }

    /// The plan by which its members can be lived again.
    pub fn plan(&self) -> Plan<'_> {
        Plan::new(&self.scenario, self.beliefs.clone(), self.manifest.design, Simd::best())
    }

    /// The positions of the claims asked for: one by its identifier, or all.
    pub fn claims(&self, id: Option<&str>) -> Result<Vec<usize>, Error> {
        claims(&self.scenario, id)
    }

    /// So many members, evenly over the draws: one of each base point, then of its other draws,
    /// then the next replicate of each.
    pub fn some(&self, members: usize) -> Vec<u32> {
        let (design, cluster) = (self.manifest.design, self.recorded.cluster);
        let draws = (0..cluster).flat_map(|place| (place..design.draws).step_by(cluster as usize));
        let draws: Vec<u32> = draws.collect();
        let all = (0..design.replicates).flat_map(|r| draws.iter().map(move |d| d * design.replicates + r));
        let mut chosen: Vec<u32> = all.take(members).collect();
        chosen.sort_unstable();
        chosen
    }

    /// The cluster of draws that a member belongs to.
    pub fn cluster(&self, member: u32) -> u32 {
        self.recorded.draws[member as usize] / self.recorded.cluster
    }

    /// A claim's counts by draw.
    pub fn tally(&self, claim: usize) -> Tally {
        self.recorded.tally(claim)
    }
}

/// The positions of the claims asked for in a scenario.
pub fn claims(scenario: &Scenario, id: Option<&str>) -> Result<Vec<usize>, Error> {
    let all = &scenario.claims;
    if all.is_empty() {
        return Err(Error::Refused("the scenario makes no claim".into(), "claims.toml holds claims".into()));
    }
    let Some(id) = id else { return Ok((0..all.len()).collect()) };
    let found = all.iter().position(|claim| claim.id == id).ok_or_else(|| {
        let help = breakaway_scenario::diagnostic::did_you_mean(id, all.iter().map(|c| c.id.as_str()));
        Error::Refused(format!("there is no claim `{id}`"), help)
    })?;
    Ok(vec![found])
}

//! A stored run with all that an analysis asks of it.

use breakaway_ensemble::{ParameterSource, Plan, Rejected, Tally};
use breakaway_scenario::Scenario;
use breakaway_store::{Error, Manifest, RecordedMembers, StoredRun};
use std::path::Path;

/// A stored run, its members, and what they can be simulated again from.
pub struct LoadedRun {
    /// Where it is stored.
    pub run: StoredRun,
    /// Its members.
    pub members: RecordedMembers,
    /// Its scenario.
    pub scenario: Scenario,
    /// Where its parameters came from.
    pub source: ParameterSource,
}

impl LoadedRun {
    /// Loads the run of a folder.
    ///
    /// # Errors
    /// Where the run is not complete, damaged, or of another version of the model.
    pub fn open(folder: &Path) -> Result<LoadedRun, Error> {
        let run = StoredRun::open(folder)?;
        let members = run.members()?;
        let (scenario, source) = run.scenario()?;
        Ok(LoadedRun { run, members, scenario, source })
    }

    /// What the run was made from.
    pub fn manifest(&self) -> &Manifest {
        self.run.manifest()
    }

    /// The plan by which its members can be simulated again.
    pub fn plan(&self) -> Plan<'_> {
        self.run.plan(&self.scenario, self.source.clone())
    }

    /// The positions of the claims asked for: one by its identifier, or all.
    ///
    /// # Errors
    /// Where there is no such claim, or none at all.
    pub fn claims(&self, id: Option<&str>) -> Result<Vec<usize>, Rejected> {
        claims(&self.scenario, id)
    }

    /// The cluster of draws that a member belongs to.
    pub fn cluster(&self, member: u32) -> u32 {
        self.members.draws[member as usize] / self.members.cluster
    }

    /// The group of draws that a member belongs to; groups are independent of each other.
    pub fn group(&self, member: u32) -> u32 {
        self.members.draws[member as usize] / self.manifest().design.group(&self.source.priors).max(1)
    }

    /// A claim's counts by draw.
    pub fn tally(&self, claim: usize) -> Tally {
        self.members.tally(claim)
    }
}

/// The positions of the claims asked for in a scenario: one by its identifier, or all.
///
/// # Errors
/// Where there is no such claim, or none at all.
pub fn claims(scenario: &Scenario, id: Option<&str>) -> Result<Vec<usize>, Rejected> {
    let all = &scenario.claims;
    if all.is_empty() {
        return Err(Rejected::new("the scenario makes no claim", "write claims into its claims.toml"));
    }
    let Some(id) = id else { return Ok((0..all.len()).collect()) };
    let found = all.iter().position(|claim| claim.id == id).ok_or_else(|| {
        let help = breakaway_scenario::diagnostic::did_you_mean(id, all.iter().map(|c| c.id.as_str()));
        Rejected::new(format!("there is no claim `{id}`"), help)
    })?;
    Ok(vec![found])
}

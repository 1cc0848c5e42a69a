//! A case of history: a scenario that knows what was knowable on its first day, and what happened.

use crate::Error;
use breakaway_model::event::{Kind, Scope};
use breakaway_scenario::{Scenario, load};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name: that of its folder.
    pub id: String,
    /// Its scenario.
    pub scenario: Scenario,
    /// What happened: of regions by kind of event, of polities and sides each alone.
    pub groups: Vec<Group>,
    /// What makes its luck its own.
    pub luck: u64,
}

/// What happened of one kind of event.
#[derive(Clone, Debug)]
pub struct Group {
    /// Kind.
    pub kind: Kind,
    /// To whom it may have happened.
    pub entities: Vec<usize>,
    /// On which day it did; none where it did not by the end.
    pub days: Vec<Option<u32>>,
}

impl Case {
    /// Reads the case of a folder.
    pub fn load(folder: &Path) -> Result<Case, Error> {
        let scenario = load(folder, &[] as &[PathBuf]).map_err(Error::Scenario)?;
        let place = folder.canonicalize().unwrap_or_else(|_| folder.into());
        let id = place.file_name().map_or_else(|| "case".into(), |name| name.to_string_lossy().into_owned());
        Case::of(id, scenario)
    }

    /// The case of a scenario.
    pub fn of(id: String, scenario: Scenario) -> Result<Case, Error> {
        let mut groups: Vec<Group> = vec![];
        for outcome in &scenario.outcomes {
            // What happens to one polity or side does not stand for another.
            let regional = outcome.kind.scope() == Scope::Region;
            let alike = |group: &&mut Group| group.kind == outcome.kind && regional;
            match groups.iter_mut().find(alike) {
                Some(group) => {
                    group.entities.push(outcome.entity);
                    group.days.push(outcome.day);
                }
                None => groups.push(Group {
                    kind: outcome.kind,
                    entities: vec![outcome.entity],
                    days: vec![outcome.day],
                }),
            }
        }
        if groups.is_empty() {
            return Err(Error::Refused(
                format!("`{id}` does not say what happened"),
                "outcomes.csv says it: a row for each event and entity, with an empty date where it did not happen"
                    .into(),
            ));
        }
        // Two cases that shared their luck would be lucky together.
        let digest = Sha256::digest(id.as_bytes());
        let luck = digest.iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte));
        let case = Case { id, scenario, groups, luck };
        for group in &case.groups {
            case.complete(group)?;
        }
        Ok(case)
    }

    /// Whether a kind of event that is told of one region is told of every region of its polity
    /// to which it can happen: a case that lists only those to which it did would teach that it
    /// always does.
    fn complete(&self, group: &Group) -> Result<(), Error> {
        if group.kind.scope() != Scope::Region {
            return Ok(());
        }
        let world = &self.scenario.world;
        let told = |r: &usize| world.regions[*r].polity;
        let polities: Vec<usize> = group.entities.iter().map(told).collect();
        let leaves = matches!(group.kind, Kind::Declared | Kind::Independent | Kind::Suppressed);
        let can_leave = |r: usize| {
            let region = &world.regions[r];
            region.community_share > 0.0 && world.polities[region.polity].capital != r
        };
        if let Some(&r) = group.entities.iter().find(|&&r| leaves && !can_leave(r)) {
            return Err(Error::Refused(
                format!("`{}`: `{}` cannot happen to {}", self.id, group.kind.name(), world.regions[r].id),
                "only a region that is somebody's homeland and not the capital's can leave: take its row out"
                    .into(),
            ));
        }
        let missing: Vec<&str> = (0..world.regions.len())
            .filter(|r| polities.contains(&world.regions[*r].polity) && !group.entities.contains(r))
            .filter(|&r| !leaves || can_leave(r))
            .map(|r| world.regions[r].id.as_str())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Error::Refused(
            format!(
                "`{}` does not say whether `{}` happened to {}",
                self.id,
                group.kind.name(),
                missing.join(", ")
            ),
            "add a row to outcomes.csv for each, with an empty date where it did not happen".into(),
        ))
    }

    /// The group that a hindcast forecasts region by region: what happened to most regions; its
    /// position.
    pub fn main(&self) -> Option<usize> {
        let regional = (0..self.groups.len()).filter(|&g| self.groups[g].kind.scope() == Scope::Region);
        // The first of the largest: the order of outcomes.csv decides.
        regional.rev().max_by_key(|&g| self.groups[g].entities.len())
    }

    /// The day after the last: when what did not happen counts as having happened.
    pub fn never(&self) -> f64 {
        f64::from(self.scenario.world.days + 1)
    }

    /// The name of the entity of a group.
    pub fn name(&self, kind: Kind, entity: usize) -> String {
        let world = &self.scenario.world;
        match kind.scope() {
            Scope::Polity => world.polities[entity].id.clone(),
            Scope::Region => world.regions[entity].id.clone(),
            Scope::SectorSide => {
                let sector = &world.sectors[entity / 2];
                format!("{}/{}", sector.id, world.polities[sector.sides[entity % 2].polity].id)
            }
        }
    }
}

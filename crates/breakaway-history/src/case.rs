//! A case of history: a scenario that knows what was knowable on its first day, and what happened.

use crate::Error;
use breakaway_model::event::{Kind, Scope};
use breakaway_scenario::{Scenario, load};
use std::path::{Path, PathBuf};

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name: that of its folder.
    pub id: String,
    /// Its scenario.
    pub scenario: Scenario,
    /// What happened, by kind of event.
    pub groups: Vec<Group>,
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
            if !groups.iter().any(|group| group.kind == outcome.kind) {
                groups.push(Group { kind: outcome.kind, entities: vec![], days: vec![] });
            }
            for group in groups.iter_mut().filter(|group| group.kind == outcome.kind) {
                group.entities.push(outcome.entity);
                group.days.push(outcome.day);
            }
        }
        if groups.is_empty() {
            return Err(Error::Refused(
                format!("`{id}` does not say what happened"),
                "outcomes.csv says it: a row for each event and entity, with an empty date where it did not happen"
                    .into(),
            ));
        }
        let case = Case { id, scenario, groups };
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
        let missing: Vec<&str> = (0..world.regions.len())
            .filter(|r| polities.contains(&world.regions[*r].polity) && !group.entities.contains(r))
            .filter(|&r| world.regions[r].community_share > 0.0)
            .filter(|&r| !leaves || world.polities[world.regions[r].polity].capital != r)
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

    /// The group that a hindcast forecasts region by region: what happened to most regions.
    pub fn main(&self) -> &Group {
        let regional = self.groups.iter().filter(|group| group.kind.scope() == Scope::Region);
        // The first of the largest: the order of outcomes.csv decides.
        let largest = regional.rev().max_by_key(|group| group.entities.len());
        largest.unwrap_or(&self.groups[0])
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

//! A case of history: a scenario that has what was knowable on its first day, and what happened.

use crate::Error;
use breakaway_ensemble::Rejected;
use breakaway_model::entity::{EntityKind, sector_and_side};
use breakaway_model::event::EventKind;
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
    /// What happened: regions grouped by kind of event, polities and sides each alone.
    pub groups: Vec<Group>,
    /// What makes its chance its own.
    pub chance: u64,
}

/// What happened of one kind of event.
#[derive(Clone, Debug)]
pub struct Group {
    /// Kind.
    pub kind: EventKind,
    /// To whom it may have happened.
    pub entities: Vec<usize>,
    /// On which day it did; none where it did not by the end.
    pub days: Vec<Option<u32>>,
}

/// The file that says what happened.
const OUTCOMES: &str = "outcomes.csv";

/// Reads the cases of some folders.
///
/// # Errors
/// Where none is named, where a folder is no case, or where two are the same case.
pub fn load_all(folders: &[PathBuf]) -> Result<Vec<Case>, Error> {
    if folders.is_empty() {
        return Err(Error::rejected("no case is named", "name at least one folder of a case"));
    }
    let cases: Vec<Case> = folders.iter().map(|folder| Case::load(folder)).collect::<Result<_, _>>()?;
    for (k, case) in cases.iter().enumerate() {
        if cases[..k].iter().any(|other| other.id == case.id) {
            return Err(Error::rejected(
                format!("two cases are called `{}`", case.id),
                "name each folder once",
            ));
        }
        if let Some(other) = cases[..k].iter().find(|other| other.scenario.hash == case.scenario.hash) {
            let what = format!("`{}` and `{}` are the same case", other.id, case.id);
            return Err(Error::rejected(what, "its history would count twice: name it once"));
        }
    }
    Ok(cases)
}

/// The folders within some folders that say what happened, in the order of their paths.
///
/// # Errors
/// Where there is none.
pub fn known_in(parents: &[&Path]) -> Result<Vec<PathBuf>, Rejected> {
    let entries = parents.iter().flat_map(std::fs::read_dir).flatten().flatten();
    let mut all: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.join(OUTCOMES).exists()).collect();
    all.sort();
    if all.is_empty() {
        let names: Vec<String> = parents.iter().map(|parent| format!("`{}`", parent.display())).collect();
        let what = format!("no folder in {} has an {OUTCOMES}", names.join(" or "));
        return Err(Rejected::new(what, "name the folders of cases"));
    }
    Ok(all)
}

impl Case {
    /// Reads the case of a folder.
    ///
    /// # Errors
    /// The faults of its files, or why its outcomes cannot serve.
    pub fn load(folder: &Path) -> Result<Case, Error> {
        let scenario = load(folder, &[] as &[PathBuf])?;
        let place = folder.canonicalize().unwrap_or_else(|_| folder.into());
        let id = place.file_name().map_or_else(|| "case".into(), |name| name.to_string_lossy().into_owned());
        Ok(Case::of(id, scenario)?)
    }

    /// The case of a scenario.
    ///
    /// # Errors
    /// Where the scenario does not say what happened, or not of whom it should.
    pub fn of(id: String, scenario: Scenario) -> Result<Case, Rejected> {
        let mut groups: Vec<Group> = vec![];
        for outcome in &scenario.outcomes {
            // What happens to one polity or side does not stand for another.
            let regional = outcome.kind.entity_kind() == EntityKind::Region;
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
            return Err(Rejected::new(
                format!("`{id}` does not say what happened"),
                format!(
                    "{OUTCOMES} says it: a row for each event and entity, with an empty date where it did not happen; \
                     scores read the `outcome` of claims instead"
                ),
            ));
        }
        // Two cases that shared their chance would be lucky together.
        let digest = Sha256::digest(id.as_bytes());
        let chance = digest.iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte));
        let case = Case { id, scenario, groups, chance };
        for group in &case.groups {
            case.complete(group)?;
        }
        Ok(case)
    }

    /// Whether a kind of event that is listed for one region is listed for every region of its polity
    /// to which it can happen: a case that lists only those to which it did would teach that it
    /// always does.
    fn complete(&self, group: &Group) -> Result<(), Rejected> {
        if group.kind.entity_kind() != EntityKind::Region {
            return Ok(());
        }
        let world = &self.scenario.world;
        let polity = |r: &usize| world.regions[*r].polity;
        let polities: Vec<usize> = group.entities.iter().map(polity).collect();
        let leaves =
            matches!(group.kind, EventKind::Declared | EventKind::Independent | EventKind::Suppressed);
        let can_leave = |r: usize| {
            let region = &world.regions[r];
            region.community_share > 0.0 && world.polities[region.polity].capital != r
        };
        if let Some(&r) = group.entities.iter().find(|&&r| leaves && !can_leave(r)) {
            return Err(Rejected::new(
                format!("`{}`: `{}` cannot happen to {}", self.id, group.kind.name(), world.regions[r].id),
                "only a region that is a community's homeland and does not contain the capital can leave: remove its row",
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
        Err(Rejected::new(
            format!(
                "`{}` does not say whether `{}` happened to {}",
                self.id,
                group.kind.name(),
                missing.join(", ")
            ),
            format!("add a row to {OUTCOMES} for each, with an empty date where it did not happen"),
        ))
    }

    /// The group that a hindcast forecasts region by region: what happened to most regions; its
    /// position.
    pub fn main(&self) -> Option<usize> {
        let regional = |g: &usize| self.groups[*g].kind.entity_kind() == EntityKind::Region;
        // The first of the largest: the order of the outcomes decides.
        (0..self.groups.len()).filter(regional).rev().max_by_key(|&g| self.groups[g].entities.len())
    }

    /// The day after the last: when what did not happen counts as having happened.
    pub fn never(&self) -> f64 {
        f64::from(self.scenario.world.days + 1)
    }

    /// The name of the entity of an event of this kind.
    pub fn name(&self, kind: EventKind, entity: usize) -> String {
        let world = &self.scenario.world;
        match kind.entity_kind() {
            EntityKind::Polity => world.polities[entity].id.clone(),
            EntityKind::Region => world.regions[entity].id.clone(),
            EntityKind::SectorSide => {
                let (sector, side) = sector_and_side(entity);
                let sector = &world.sectors[sector];
                format!("{}/{}", sector.id, world.polities[sector.sides[side].polity].id)
            }
        }
    }
}

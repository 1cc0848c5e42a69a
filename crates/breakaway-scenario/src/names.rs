//! The names that a scenario gives to its things.

use crate::diagnostic::Diagnostic;
use crate::draft::Draft;
use crate::form::{Name, Notes, suggest, text_of};
use std::collections::BTreeMap;

/// Identifiers in their order, with their positions.
#[derive(Default)]
pub struct List {
    all: Vec<String>,
    index: BTreeMap<String, usize>,
}

impl List {
    /// The position of an identifier.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The identifiers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(String::as_str)
    }

    /// The identifier at a position, or nothing.
    pub fn at(&self, position: usize) -> &str {
        self.all.get(position).map_or("", String::as_str)
    }
}

impl FromIterator<String> for List {
    fn from_iter<I: IntoIterator<Item = String>>(ids: I) -> List {
        let all: Vec<String> = ids.into_iter().collect();
        let mut index = BTreeMap::new();
        for (position, id) in all.iter().enumerate() {
            index.entry(id.clone()).or_insert(position);
        }
        List { all, index }
    }
}

/// What a name may stand for.
pub struct Names {
    /// Polities.
    pub polities: List,
    /// Regions, by polity and then by identifier.
    pub regions: List,
    /// Groups, with their regions.
    pub groups: Vec<(String, Vec<usize>)>,
    /// Sectors.
    pub sectors: List,
    /// Sides of sectors: `sector/polity`, in the order `2 * sector + side`.
    pub sides: List,
    /// Sources.
    pub sources: List,
}

impl Names {
    /// All names, for suggestions.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let groups = self.groups.iter().map(|(id, _)| id.as_str());
        let lists = [&self.polities, &self.sectors, &self.sides, &self.sources];
        lists.into_iter().flat_map(List::iter).chain(groups).chain(self.regions.iter())
    }
}

/// All names of a draft that is sorted. Identifiers that are taken and groups that do not exist go to `notes`.
pub fn names(draft: &Draft, notes: &Notes) -> Names {
    unique(draft, notes);
    distinct(draft, notes);
    let list = |ids: &mut dyn Iterator<Item = &str>| ids.map(str::to_string).collect::<List>();
    let sides = draft.sectors.iter().flat_map(|(id, sector)| {
        let sides = sector.sides.as_slice();
        (0..2).map(move |k| {
            let side = sides.get(k).map_or("?", |(name, _)| name.name.as_str());
            format!("{}/{side}", id.name)
        })
    });
    Names {
        polities: list(&mut draft.polities.ids()),
        groups: groups(draft, notes),
        sectors: list(&mut draft.sectors.ids()),
        sides: sides.collect(),
        sources: list(&mut draft.sources.ids()),
        regions: draft.regions.iter().map(|region| text_of(&region.id)).collect(),
    }
}

/// The groups with their regions.
fn groups(draft: &Draft, notes: &Notes) -> Vec<(String, Vec<usize>)> {
    let mut groups: Vec<(String, Vec<usize>)> =
        draft.groups.ids().map(|id| (id.to_string(), vec![])).collect();
    for (position, region) in draft.regions.iter().enumerate() {
        for name in &region.groups {
            match draft.groups.find(&name.name) {
                Some(group) => groups[group].1.push(position),
                None => {
                    let help = suggest(notes, &name.name, draft.groups.ids());
                    let help = format!("{help} (scenario.toml defines groups: [group.NAME])");
                    let message = format!("unknown group `{}`", name.name);
                    notes.borrow_mut().push(Diagnostic::at(&name.spot, message, help));
                }
            }
        }
    }
    groups
}

/// Notes the regions and the polities that have the name of another: in an answer the two could not
/// be distinguished.
fn distinct(draft: &Draft, notes: &Notes) {
    let regions = draft.regions.iter().filter_map(|region| Some((region.name.as_str(), region.id.as_ref()?)));
    let polities = draft.polities.iter().map(|(id, polity)| (polity.name.as_str(), id));
    for (what, named) in [("region", regions.collect::<Vec<_>>()), ("polity", polities.collect())] {
        let mut taken: BTreeMap<&str, &Name> = BTreeMap::new();
        for (name, id) in named.into_iter().filter(|(name, _)| !name.is_empty()) {
            let Some(other) = taken.insert(name, id) else { continue };
            let message = format!("the {what} `{}` has the name of `{}`: {name}", id.name, other.name);
            let help = "give each its own name: readers could not distinguish them";
            notes.borrow_mut().push(Diagnostic::at(&id.spot, message, help));
        }
    }
}

/// Notes the identifiers that are used twice. Only a polity of one region may share its identifier
/// with that region.
fn unique(draft: &Draft, notes: &Notes) {
    let mut taken: BTreeMap<&str, &Name> = BTreeMap::new();
    let mut regions_of: BTreeMap<&str, usize> = BTreeMap::new();
    for polity in draft.regions.iter().filter_map(|region| region.polity.as_ref()) {
        *regions_of.entry(&polity.name).or_default() += 1;
    }
    let things = draft.polities.iter().map(|(name, _)| name);
    let things = things.chain(draft.regions.iter().filter_map(|region| region.id.as_ref()));
    let things = things.chain(draft.groups.iter().map(|(name, _)| name));
    let things = things.chain(draft.sectors.iter().map(|(name, _)| name));
    for name in things.chain(draft.sources.iter().map(|(name, _)| name)) {
        let Some(other) = taken.insert(&name.name, name) else { continue };
        let only_region = draft.polities.find(&name.name).is_some()
            && regions_of.get(name.name.as_str()).is_some_and(|&count| count == 1);
        if !only_region {
            let message = format!("the identifier `{}` is taken", name.name);
            let help = format!(
                "{} uses it already; an identifier must be unique in the whole scenario",
                other.spot.place()
            );
            notes.borrow_mut().push(Diagnostic::at(&name.spot, message, help));
        }
    }
}

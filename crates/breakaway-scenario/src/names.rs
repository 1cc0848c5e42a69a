//! The names that a scenario gives to its things.

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::draft::Draft;
use crate::form::{Name, Notes};

/// What a name may stand for.
pub struct Names {
    /// Polities.
    pub polities: Vec<String>,
    /// Regions.
    pub regions: Vec<String>,
    /// Groups, with their regions.
    pub groups: Vec<(String, Vec<usize>)>,
    /// Sectors.
    pub sectors: Vec<String>,
    /// Sides of sectors: `sector/polity`, in the order `2 * sector + side`.
    pub sides: Vec<String>,
    /// Sources.
    pub sources: Vec<String>,
}

impl Names {
    /// All names, for suggestions.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let groups = self.groups.iter().map(|(id, _)| id);
        let lists = [&self.polities, &self.sectors, &self.sides, &self.sources];
        lists.into_iter().flatten().chain(groups).chain(&self.regions).map(String::as_str)
    }
}

/// Position of a name in a list.
pub fn position(list: &[String], name: &str) -> Option<usize> {
    list.iter().position(|id| id == name)
}

/// Regions by polity, in the order of the polities and of their rows.
pub fn order_of_regions(draft: &Draft) -> Vec<usize> {
    let polity = |r: usize| draft.regions[r].polity.as_ref().and_then(|name| draft.polities.find(&name.name));
    let mut order: Vec<usize> = (0..draft.regions.len()).collect();
    order.sort_by_key(|&r| polity(r).unwrap_or(usize::MAX));
    order
}

/// All names of a draft; those that stand twice or nowhere go to `notes`.
pub fn names(draft: &Draft, order: &[usize], notes: &Notes) -> Names {
    let regions: Vec<String> = order
        .iter()
        .map(|&r| draft.regions[r].id.as_ref().map_or(String::new(), |id| id.name.clone()))
        .collect();
    let mut groups: Vec<(String, Vec<usize>)> =
        draft.groups.ids().map(|id| (id.to_string(), vec![])).collect();
    let note = |name: &Name, message: String, help: String| {
        notes.borrow_mut().push(Diagnostic::at(&name.spot, message, help));
    };
    for (position, &r) in order.iter().enumerate() {
        for name in &draft.regions[r].groups {
            match groups.iter_mut().find(|(id, _)| *id == name.name) {
                Some((_, members)) => members.push(position),
                None => {
                    let help = did_you_mean(&name.name, draft.groups.ids());
                    note(
                        name,
                        format!("unknown group `{}`", name.name),
                        format!("{help} (groups are named in scenario.toml: [group.{}])", name.name),
                    );
                }
            }
        }
    }
    let mut taken: Vec<&Name> = vec![];
    let things =
        draft.polities.0.iter().map(|(n, _)| n).chain(draft.regions.iter().filter_map(|r| r.id.as_ref()));
    let things =
        things.chain(draft.groups.0.iter().map(|(n, _)| n)).chain(draft.sectors.0.iter().map(|(n, _)| n));
    let things: Vec<&Name> = things.chain(draft.sources.0.iter().map(|(n, _)| n)).collect();
    for name in things {
        let twin = taken.iter().find(|other| other.name == name.name);
        if let (Some(other), false) =
            (twin, draft.polities.find(&name.name).is_some() && is_only_region(draft, &name.name))
        {
            let (line, _) = other.spot.line_column();
            note(
                name,
                format!("the identifier `{}` is taken", name.name),
                format!("it stands already in line {line}; identifiers are unique in the whole scenario"),
            );
        }
        taken.push(name);
    }
    let ids = |entries: Vec<&str>| entries.into_iter().map(str::to_string).collect::<Vec<_>>();
    let sides = draft.sectors.0.iter().flat_map(|(id, sector)| {
        (0..2).map(|k| {
            let side = sector.sides.0.get(k).map_or("?", |(name, _)| name.name.as_str());
            format!("{}/{side}", id.name)
        })
    });
    Names {
        polities: ids(draft.polities.ids().collect()),
        groups,
        sectors: ids(draft.sectors.ids().collect()),
        sides: sides.collect(),
        sources: ids(draft.sources.ids().collect()),
        regions,
    }
}

/// A polity of one region may share its name with it.
fn is_only_region(draft: &Draft, polity: &str) -> bool {
    draft.regions.iter().filter(|r| r.polity.as_ref().is_some_and(|p| p.name == polity)).count() == 1
}

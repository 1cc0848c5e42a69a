//! Things by identifier.

use crate::form::Name;
use std::collections::BTreeMap;

/// Things by identifier, in the order of their first mention until they are sorted.
#[derive(Clone, Debug)]
pub struct Entries<T> {
    all: Vec<(Name, T)>,
    /// Positions by identifier.
    index: BTreeMap<String, usize>,
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Entries { all: vec![], index: BTreeMap::new() }
    }
}

impl<T> Entries<T> {
    /// The position of an identifier.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// The entry of an identifier, made where there is none.
    pub fn entry(&mut self, name: Name) -> &mut T
    where
        T: Default,
    {
        let at = self.find(&name.name).unwrap_or_else(|| {
            self.index.insert(name.name.clone(), self.all.len());
            self.all.push((name, T::default()));
            self.all.len() - 1
        });
        &mut self.all[at].1
    }

    /// All entries.
    pub fn iter(&self) -> std::slice::Iter<'_, (Name, T)> {
        self.all.iter()
    }

    /// All entries, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, (Name, T)> {
        self.all.iter_mut()
    }

    /// Puts the entries in the order of their identifiers.
    pub fn sort(&mut self) {
        self.all.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        self.index = self.all.iter().enumerate().map(|(at, (id, _))| (id.name.clone(), at)).collect();
    }

    /// All entries, as a list.
    pub fn as_slice(&self) -> &[(Name, T)] {
        &self.all
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The identifiers.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|(name, _)| name.name.as_str())
    }
}

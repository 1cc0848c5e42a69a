//! Levers: named changes of policy that a comparison switches on and off.

use crate::scenario::Scenario;
use breakaway_model::world::{Change, World};

/// A lever: named, dated changes that can be switched on or off.
#[derive(Clone, Debug)]
pub struct Lever {
    /// Identifier.
    pub id: String,
    /// What changes, in a sentence.
    pub text: String,
    /// Whether it is on.
    pub active: bool,
    /// Its changes, each with its day.
    pub changes: Vec<(u32, Change)>,
}

impl Scenario {
    /// Switches a lever on and moves its changes so that the first one comes on `day`.
    ///
    /// # Panics
    ///
    /// If the scenario has no lever at this position.
    pub fn date_lever(&mut self, lever: usize, day: u32) {
        let own = &mut self.levers[lever];
        if own.active {
            remove(&mut self.world.changes, &own.changes);
        }
        own.active = true;
        let first = own.changes.iter().map(|(day, _)| *day).min().unwrap_or(day);
        own.changes.iter_mut().for_each(|(at, _)| *at = (*at - first).saturating_add(day));
        self.world.changes.extend(&own.changes);
        self.world = std::mem::take(&mut self.world).settle();
        for claim in &mut self.claims {
            claim.that.switch_on(lever);
            claim.given.iter_mut().for_each(|given| given.switch_on(lever));
        }
    }

    /// The world with one lever switched the other way.
    ///
    /// # Panics
    ///
    /// If the scenario has no lever at this position.
    pub fn with_lever(&self, lever: usize) -> World {
        let mut world = self.world.clone();
        let lever = &self.levers[lever];
        if lever.active {
            remove(&mut world.changes, &lever.changes);
        } else {
            world.changes.extend(&lever.changes);
        }
        world.settle()
    }
}

/// Removes each change once: another source may have made an equal one.
fn remove(from: &mut Vec<(u32, Change)>, these: &[(u32, Change)]) {
    for change in these {
        if let Some(at) = from.iter().position(|other| other == change) {
            from.remove(at);
        }
    }
}

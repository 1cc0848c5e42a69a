//! A scenario that has been read and checked.

use crate::claim::Claim;
use crate::lever::Lever;
use crate::outcome::Outcome;
use breakaway_model::params::{Prior, Spec, UNKNOWN, table};
use breakaway_model::world::World;
use jiff::ToSpan;
use jiff::civil::Date;

/// A quantity that nobody knows, with a new value in each parameter set.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// Identifier.
    pub id: String,
    /// What is not known, in a sentence.
    pub text: String,
    /// Where its distribution comes from.
    pub source: String,
    /// Its distribution.
    pub prior: Prior,
}

/// Everything that a scenario folder says.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Day 0.
    pub start: Date,
    /// What is simulated.
    pub world: World,
    /// Claims.
    pub claims: Vec<Claim>,
    /// What really happened, to whom and when, where it is known.
    pub outcomes: Vec<Outcome>,
    /// Levers.
    pub levers: Vec<Lever>,
    /// Its unknown quantities.
    pub unknowns: Vec<Unknown>,
    /// The distribution of every parameter and then of every unknown quantity, in the order of
    /// [`Scenario::specs`].
    pub priors: Vec<Prior>,
    /// Groups of regions.
    pub groups: Vec<(String, Vec<usize>)>,
    /// Places on the tile map (row, column), where given.
    pub tiles: Vec<Option<(u32, u32)>>,
    /// SHA-256 of all that was read, in hexadecimal.
    pub hash: String,
    /// SHA-256 of the files of its folder, without overlays.
    pub folder_hash: String,
    /// What was read: each file and the number of its rows or tables.
    pub files: Vec<String>,
    /// The texts of the files of the folder, by name.
    pub texts: Vec<(String, String)>,
    /// The texts of the overlays, in order.
    pub overlays: Vec<String>,
}

/// More days than any scenario has, and fewer than a calendar can count.
const MOST_DAYS: u32 = 3_000_000;

impl Scenario {
    /// What has a distribution: the parameters of the model, then the scenario's unknown quantities.
    pub fn specs(&self) -> Vec<Spec> {
        let unknown = |unknown: &Unknown| Spec {
            mechanism: UNKNOWN,
            name: unknown.id.clone().into(),
            unit: "-",
            prior: unknown.prior,
            bounds: (-1e6, 1e6),
            source: unknown.source.clone().into(),
            doc: unknown.text.clone().into(),
        };
        table().cloned().chain(self.unknowns.iter().map(unknown)).collect()
    }

    /// The date of a day of the scenario.
    pub fn date(&self, day: u32) -> Date {
        self.start.saturating_add(i64::from(day.min(MOST_DAYS)).days())
    }
}

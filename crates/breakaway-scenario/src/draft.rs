//! A scenario as it was written: the sum of its files and overlays, before names are resolved.

use crate::claim::Expression;
use crate::diagnostic::Spot;
pub use crate::entries::Entries;
use crate::form::Name;
use breakaway_model::params::Prior;
use breakaway_model::world::{Belt, Crossing};
use jiff::civil::Date;

/// A dated text.
pub type Day = Option<(Date, Spot)>;

/// A whole scenario.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // the fields are documented where they are read
pub struct Draft {
    pub format: i32,
    pub name: String,
    pub description: String,
    pub start: Day,
    pub end: Day,
    pub off: Vec<Name>,
    pub groups: Entries<String>,
    pub polities: Entries<Polity>,
    pub movements: Entries<Movement>,
    pub sectors: Entries<Sector>,
    pub sources: Entries<Source>,
    pub unknowns: Entries<Unknown>,
    pub shocks: Entries<Lever>,
    pub levers: Entries<Lever>,
    pub claims: Entries<Claim>,
    pub base_rates: Entries<crate::base_rate::Written>,
    pub parameters: Vec<(usize, Prior, Spot)>,
    pub regions: Vec<Region>,
    pub communities: Vec<Community>,
    pub links: Vec<Link>,
    pub outcomes: Vec<crate::outcome::Written>,
    pub spot: Option<Spot>,
}

#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Polity {
    pub name: String,
    pub capital: Option<Name>,
    pub strength: f32,
    pub baseline: f32,
    pub in_office_since: Option<(Date, Spot)>,
    pub treasury: f32,
    pub news: f32,
    pub reserve: i32,
    pub reserve_quality: f32,
    pub wounded: i32,
    pub army_target: i32,
    pub mobile_guards: i32,
    pub officials_per_1000: f32,
    pub guards_per_1000: f32,
    pub openness: Vec<(Date, f32)>,
    pub source: String,
}

impl Default for Polity {
    fn default() -> Polity {
        Polity {
            name: String::new(),
            capital: None,
            strength: 0.0,
            baseline: 0.0,
            in_office_since: None,
            treasury: 0.0,
            news: 0.0,
            reserve: 0,
            reserve_quality: 1.0,
            wounded: 0,
            army_target: 0,
            mobile_guards: 0,
            officials_per_1000: 0.0,
            guards_per_1000: 0.0,
            openness: vec![],
            source: String::new(),
        }
    }
}

#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Movement {
    pub name: String,
    pub exile: f32,
    pub source: String,
}

#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Sector {
    pub name: String,
    pub neighbours: Vec<Name>,
    pub tempo: f32,
    pub importance: f32,
    pub sides: Entries<Side>,
    pub source: String,
}

impl Default for Sector {
    fn default() -> Sector {
        Sector {
            name: String::new(),
            neighbours: vec![],
            tempo: 1.0,
            importance: 1.0,
            sides: Entries::default(),
            source: String::new(),
        }
    }
}

#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Side {
    pub soldiers: i32,
    pub establishment: Option<i32>,
    pub quality: f32,
    pub cohesion: f32,
    pub supply: f32,
    pub depth: f32,
    pub crossing: Option<Crossing>,
    pub belts: Vec<Belt>,
}

impl Default for Side {
    fn default() -> Side {
        Side {
            soldiers: 0,
            establishment: None,
            quality: 1.0,
            cohesion: 0.7,
            supply: 1.0,
            depth: 0.0,
            crossing: None,
            belts: vec![],
        }
    }
}

#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Source {
    pub name: String,
    pub polity: Option<Name>,
    pub pool: i32,
    pub apart: bool,
    pub intake: f32,
    pub training: f32,
    pub quality: f32,
    pub cost: f32,
    pub compulsory: bool,
    pub shares: Option<Name>,
    pub opens: Day,
    pub closes: Day,
    pub source: String,
}

/// A shock, or a lever: dated changes that belong together.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Lever {
    pub text: String,
    pub active: bool,
    pub changes: Vec<Change>,
    pub source: String,
}

#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Change {
    pub date: Day,
    /// The unknown quantity that is its day, counted from the start.
    pub unknown_day: Option<Name>,
    pub what: Option<Name>,
    pub of: Option<Name>,
    pub value: f32,
    /// The unknown quantity that is its value.
    pub unknown_value: Option<Name>,
}

/// A quantity that nobody knows.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Unknown {
    pub text: String,
    pub prior: Option<Prior>,
    pub source: String,
}

#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Claim {
    pub text: String,
    pub source: String,
    pub that: Option<Expression>,
    pub given: Option<Expression>,
    pub outcome: Option<bool>,
    pub outcome_date: Day,
    pub note: String,
    pub base_rate: Option<Name>,
}

#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Region {
    pub id: Option<Name>,
    pub name: String,
    pub polity: Option<Name>,
    pub population: i32,
    pub men: i32,
    pub officials: Option<i32>,
    pub guards: Option<i32>,
    pub fighters: i32,
    pub exiles: i32,
    pub income: f32,
    pub deputies: f32,
    pub organisation: f32,
    pub service: f32,
    pub hinterland: f32,
    pub groups: Vec<Name>,
    pub row: i32,
    pub col: i32,
    pub source: String,
    pub spot: Option<Spot>,
}

#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Community {
    pub id: Option<Name>,
    pub name: String,
    pub region: Option<Name>,
    pub share: f32,
    pub grievance: f32,
    pub movement: Option<Name>,
    pub homeland: bool,
    pub source: String,
}

#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Link {
    pub a: Option<Name>,
    pub b: Option<Name>,
    pub kind: Option<Name>,
    pub source: String,
}

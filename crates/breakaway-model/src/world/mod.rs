//! The immutable description of what is simulated: polities, regions, movements, sectors,
//! sources, dated changes. `breakaway-scenario` makes it from a folder; tests make it by hand.
//!
//! Units: persons, kilometres, days; shares are in [0, 1]. Day 0 is the scenario's start; the
//! first simulated day is day 1.

mod change;

pub use crate::mechanism::{MECHANISMS, Mechanism, Switches};
pub use change::{Amount, Change};

use std::ops::Range;

/// Everything that a simulation takes as given.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Number of simulated days.
    pub days: u32,
    /// States, and armed challengers that fight as one.
    pub polities: Vec<Polity>,
    /// Regions, sorted by polity.
    pub regions: Vec<Region>,
    /// Organised movements.
    pub movements: Vec<Movement>,
    /// Front sectors.
    pub sectors: Vec<Sector>,
    /// Manpower sources.
    pub sources: Vec<Source>,
    /// Dated changes (shocks and levers), sorted by day.
    pub changes: Vec<(u32, Change)>,
    /// Changes on an unknown day, each with the index of the unknown quantity that gives the day.
    pub undated: Vec<(usize, Change)>,
    /// Mechanisms that are switched off.
    pub off: Switches,
}

impl World {
    /// Computes what follows from the other fields: the weights of the regions and the order of
    /// the changes. Call it once when the world is complete.
    pub fn settle(mut self) -> World {
        for polity in &self.polities {
            let regions = &mut self.regions[polity.regions.clone()];
            let people: f64 = regions.iter().map(|region| f64::from(region.population)).sum();
            for region in regions {
                region.weight = (f64::from(region.population) / people.max(1.0)) as f32;
            }
        }
        self.changes.sort_by_key(|(day, _)| *day);
        self
    }
}

/// A state, or an armed challenger that fights as one.
#[derive(Clone, Debug, Default)]
pub struct Polity {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Region of the capital.
    pub capital: usize,
    /// Its regions.
    pub regions: Range<usize>,
    /// Regime strength at the start, share.
    pub strength: f32,
    /// Regime strength to which it returns, share.
    pub baseline: f32,
    /// Days that a new government has been in office at the start; `None` if it is not new.
    pub in_office: Option<f32>,
    /// State reserves at the start, in years of the budget.
    pub treasury: f32,
    /// Bad news from the front in people's minds at the start, share.
    pub news: f32,
    /// Soldiers in reserve at the start.
    pub reserve: i32,
    /// Quality of the reserve, 1 = trained regular.
    pub reserve_quality: f32,
    /// Wounded in hospital at the start.
    pub wounded: i32,
    /// Soldiers that the army is meant to have.
    pub army_target: i32,
    /// Guards who are not bound to a region.
    pub mobile_guards: i32,
    /// Openness towards legal opposition, one value for each day from day 0.
    pub openness: Vec<f32>,
}

/// A territorial unit of a polity.
#[derive(Clone, Debug, Default)]
pub struct Region {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Its polity.
    pub polity: usize,
    /// Number of people who live there at the start, in all roles.
    pub population: i32,
    /// Share of its polity's people; set by [`World::settle`].
    pub weight: f32,
    /// Officials in post at the start.
    pub officials: i32,
    /// Guards at the start.
    pub guards: i32,
    /// Members of its movement's armed wing at the start, part of the population.
    pub fighters: i32,
    /// Members of its movement abroad at the start.
    pub exiles: i32,
    /// Income per head, 1 = the polity's mean.
    pub income: f32,
    /// Share of the people who belong to communities whose homeland is here.
    pub community_share: f32,
    /// Sum of share times historical grievance over those communities.
    pub identity: f32,
    /// Share of deputies who would carry a declaration where it is legal.
    pub deputies: f32,
    /// Home organisation of the movement at the start, as a share of what it could be.
    pub organisation: f32,
    /// Its movement.
    pub movement: Option<usize>,
    /// Regions to which it has links.
    pub neighbours: Vec<usize>,
    /// Share of the polity's army at the start that comes from here.
    pub service: f32,
    /// Share of the polity's stragglers who first reach the interior here.
    pub hinterland: f32,
}

/// The organised side of a community.
#[derive(Clone, Debug, Default)]
pub struct Movement {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Organisation in exile at the start, as a share of what it could be.
    pub exile: f32,
}

/// A stretch of front between two polities.
#[derive(Clone, Debug, Default)]
pub struct Sector {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// The two sides.
    pub sides: [Side; 2],
    /// Sectors next to it.
    pub neighbours: Vec<usize>,
    /// Share of days in contact relative to an active sector.
    pub tempo: f32,
    /// Weight of its loss in news and in the wear of the centre; 1 = one of four equal sectors.
    pub importance: f32,
}

/// One side of a sector.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Polity.
    pub polity: usize,
    /// Soldiers at the start.
    pub soldiers: i32,
    /// Soldiers that the side is meant to have.
    pub establishment: i32,
    /// Quality, 1 = trained regular.
    pub quality: f32,
    /// Cohesion at the start, share.
    pub cohesion: f32,
    /// Supply without a crossing, share of need.
    pub supply: f32,
    /// The crossing on which its supply depends.
    pub crossing: Option<Crossing>,
    /// Ground that it can lose before the sector is lost, km.
    pub depth: f32,
    /// Prepared defences within the depth.
    pub belts: Vec<Belt>,
}

/// A bridge or ferry that supplies a side.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crossing {
    /// Soldiers that it can supply when undamaged.
    pub capacity: f32,
    /// Share of the capacity that works at the start.
    pub state: f32,
    /// Soldiers a day that it can carry out when undamaged.
    pub lift: f32,
    /// How heavily it is attacked, 1 = as in the prior of `supply.interdiction`.
    pub interdiction: f32,
}

/// A prepared defence belt.
#[derive(Clone, Copy, Debug, Default)]
pub struct Belt {
    /// Ground lost when the line reaches its middle, km.
    pub at: f32,
    /// Half of its depth, km.
    pub width: f32,
    /// What it adds to the defender's cover, 1 = doubles it.
    pub strength: f32,
}

/// Where a polity recruits men.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Polity.
    pub polity: usize,
    /// Men who can be taken in total.
    pub pool: i32,
    /// Whether the pool is outside the regions and its men are counted separately. If not, men are
    /// taken from the regions' civilians.
    pub apart: bool,
    /// Men a day at full effort.
    pub intake: f32,
    /// Days of training.
    pub training: f32,
    /// Quality of its men, 1 = trained regular.
    pub quality: f32,
    /// Burden of one man taken, 1 = that of a man mobilised against his will.
    pub cost: f32,
    /// Whether it recruits at full effort even when no men are missing.
    pub compulsory: bool,
    /// Whether it is open at the start.
    pub open: bool,
    /// Share of the intake that each region gives, indexed like the world's regions.
    pub shares: Vec<f32>,
}

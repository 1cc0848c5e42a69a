//! The immutable description of what is simulated: polities, regions, movements, sectors,
//! sources, dated changes. Made by `breakaway-scenario` from a folder, or by hand in tests.
//!
//! Units: people are persons, distances kilometres, times days, shares lie in [0, 1]. Day 0
//! is the scenario's start; the first simulated day is day 1.

mod change;

pub use crate::mechanism::{MECHANISMS, Mechanism, Switches};
pub use change::{Amount, Change};

use std::ops::Range;

/// Everything that a run takes as given.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Days simulated.
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
    /// Changes on an unknown day, each with the unknown quantity that is its day.
    pub undated: Vec<(usize, Change)>,
    /// Mechanisms that are switched off.
    pub off: Switches,
}

impl World {
    /// Fills in what follows from the rest: the regions' weights, the order of changes.
    /// Call it once when the world is complete.
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
    /// Regime strength that it returns to, share.
    pub baseline: f32,
    /// Days that its government has been in office at the start, where it is new.
    pub in_office: Option<f32>,
    /// State reserves at the start, in years of the budget.
    pub treasury: f32,
    /// Bad news from the front that is on people's minds at the start, share.
    pub news: f32,
    /// Soldiers in reserve at the start.
    pub reserve: i32,
    /// Quality of the reserve, 1 = trained regular.
    pub reserve_quality: f32,
    /// Wounded in hospital at the start.
    pub wounded: i32,
    /// Soldiers that the army is meant to have.
    pub army_target: i32,
    /// Guards not bound to a region.
    pub mobile_guards: i32,
    /// Openness towards legal opposition, one value a day from day 0.
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
    /// Everybody who lives there at the start, in all roles.
    pub population: i32,
    /// Share in the people of its polity; set by [`World::settle`].
    pub weight: f32,
    /// Officials in post at the start.
    pub officials: i32,
    /// Guards at the start.
    pub guards: i32,
    /// MemberVector of its movement's armed wing at the start, part of the population.
    pub fighters: i32,
    /// MemberVector of its movement abroad at the start.
    pub exiles: i32,
    /// Income per head, 1 = the polity's mean.
    pub income: f32,
    /// Share of the people who belong to communities with their homeland here.
    pub community_share: f32,
    /// Sum over those communities of share times historical grievance.
    pub identity: f32,
    /// Share of deputies who would carry a declaration where it is legal.
    pub deputies: f32,
    /// Home organisation of the movement at the start, share of what it could be.
    pub organisation: f32,
    /// Its movement.
    pub movement: Option<usize>,
    /// Regions that it has links with.
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
    /// Organisation in exile at the start, share of what it could be.
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
    /// Weight of its loss in news and in the centre's standing; 1 = one of four equal sectors.
    pub importance: f32,
}

/// One side of a sector.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Polity.
    pub polity: usize,
    /// Soldiers at the start.
    pub soldiers: i32,
    /// Soldiers that it is meant to have.
    pub establishment: i32,
    /// Quality, 1 = trained regular.
    pub quality: f32,
    /// Cohesion at the start, share.
    pub cohesion: f32,
    /// Supply without a crossing, share of need.
    pub supply: f32,
    /// The crossing that it depends on.
    pub crossing: Option<Crossing>,
    /// Ground it can give before the sector is lost, km.
    pub depth: f32,
    /// Prepared defences on the way.
    pub belts: Vec<Belt>,
}

/// A bridge or ferry that supplies a side.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crossing {
    /// Soldiers that it can supply when whole.
    pub capacity: f32,
    /// Share of that which works at the start.
    pub state: f32,
    /// Soldiers a day that it can carry out when whole.
    pub lift: f32,
    /// How heavily it is attacked, 1 = as the prior of `supply.interdiction` says.
    pub interdiction: f32,
}

/// A prepared defence belt.
#[derive(Clone, Copy, Debug, Default)]
pub struct Belt {
    /// Ground given up when the line stands on it, km.
    pub at: f32,
    /// Half its depth, km.
    pub width: f32,
    /// What it adds to the defender's cover, 1 = doubles it.
    pub strength: f32,
}

/// Where a polity finds men.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Polity.
    pub polity: usize,
    /// Men who can be taken in all.
    pub pool: i32,
    /// Whether the pool is outside the regions (its men are counted apart); otherwise they
    /// are taken from the regions' civilians.
    pub apart: bool,
    /// Men a day at full effort.
    pub intake: f32,
    /// Days of training.
    pub training: f32,
    /// Quality of its men, 1 = trained regular.
    pub quality: f32,
    /// Burden of one man taken, 1 = of a man mobilised against his will.
    pub cost: f32,
    /// Whether it runs at full effort, whatever the need.
    pub compulsory: bool,
    /// Whether it is open at the start.
    pub open: bool,
    /// Share of the intake asked of each region, indexed like the world's regions.
    pub shares: Vec<f32>,
}

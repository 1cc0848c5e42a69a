//! What changes from day to day, for one vector of simulations.

mod front;

pub use front::{STRAINS, SectorState, SideState, SourceState};

use crate::draw::Clock;
use crate::event::Once;
use crate::lanes::{Count, Lane, Mask};
use crate::people::{Army, People, Role, Stock, StockIndex};
use crate::world::World;

/// Everything that changes from day to day.
#[derive(Clone, Debug)]
pub struct State {
    /// The ledger of people.
    pub people: People,
    /// The index of each stock in the ledger.
    pub layout: StockIndex,
    /// One for each polity.
    pub polities: Vec<PolityState>,
    /// One for each region.
    pub regions: Vec<RegionState>,
    /// One for each sector.
    pub sectors: Vec<SectorState>,
    /// One for each source.
    pub sources: Vec<SourceState>,
}

/// What lowers the strength of a regime. Each part fades at the pace of `centre.relaxation`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wear {
    /// Defeats and losses at the front.
    pub defeat: Lane,
    /// Protest in the capital.
    pub protest: Lane,
    /// Regions that declared or left.
    pub secession: Lane,
    /// An empty treasury.
    pub treasury: Lane,
    /// Shocks of the scenario, and the fall.
    pub shock: Lane,
}

impl Wear {
    /// The sum of all parts.
    #[inline(always)]
    pub fn sum(&self) -> Lane {
        self.defeat + self.protest + self.secession + self.treasury + self.shock
    }

    /// Every part times a factor.
    #[inline(always)]
    pub fn times(&self, factor: Lane) -> Wear {
        Wear {
            defeat: self.defeat * factor,
            protest: self.protest * factor,
            secession: self.secession * factor,
            treasury: self.treasury * factor,
            shock: self.shock * factor,
        }
    }
}

/// A polity.
#[derive(Clone, Copy, Debug)]
pub struct PolityState {
    /// Regime strength, share.
    pub strength: Lane,
    /// Strength to which it returns.
    pub baseline: Lane,
    /// What lowers it.
    pub wear: Wear,
    /// Bad news from the front in people's minds, share.
    pub news: Lane,
    /// Days that the government has been in office.
    pub in_office: Lane,
    /// State reserves, years of the budget.
    pub treasury: Lane,
    /// Quality of the reserve.
    pub reserve_quality: Lane,
    /// Coordination of its movements, share.
    pub coordination: Lane,
    /// Home organisation of its best organised movement, share.
    pub best_organised: Lane,
    /// Factor on the grievance of identity.
    pub identity: Lane,
    /// 1 where it fights.
    pub war: Lane,
    /// 1 where an enemy across its front fights.
    pub enemy: Lane,
    /// 1 where it and an enemy fight for a sector that is open.
    pub engaged: Lane,
    /// Number of regions that have declared and are contested.
    pub contests: Lane,
    /// Guards lent to the army as soldiers.
    pub lent: Lane,
    /// The lanes in which its guards stay in the regions.
    pub hold_guards: Mask,
    /// Share of the regions' guards that the front draws.
    pub draw: Lane,
    /// Soldiers missing from its sectors, as a share of what they are meant to have.
    pub shortfall: Lane,
    /// Soldiers in reserve divided by soldiers missing, at most 10.
    pub reserve_cover: Lane,
    /// Share of its sectors at the start that are lost to the enemy or in rout.
    pub broken: Lane,
    /// People sent to the army by all regions.
    pub sent: Lane,
    /// Killed and wounded today.
    pub losses: Lane,
    /// The lanes in which the regime has fallen.
    pub fallen: Once,
    /// The lanes in which the front has collapsed.
    pub collapsed: Once,
    /// Clock of the fall.
    pub fall_clock: Clock,
    /// Clock of congresses.
    pub congress_clock: Clock,
}

impl PolityState {
    /// Bad news arrives (good news, where it is negative). It is bounded whenever it arrives: bounds at
    /// another moment would make a simulation depend on what happens in others of its vector.
    #[inline(always)]
    pub fn hear(&mut self, news: Lane) {
        self.news = (self.news + news).unit();
    }
}

/// A region.
#[derive(Clone, Copy, Debug)]
pub struct RegionState {
    /// Home organisation of its movement, share.
    pub organisation: Lane,
    /// Exile organisation of its movement that has not come home, share.
    pub exile: Lane,
    /// Deaths at the front that are remembered, per thousand people.
    pub deaths: Lane,
    /// Burden of men taken that is remembered, per thousand people.
    pub burden: Lane,
    /// Bands' violence, share of the worst.
    pub violence: Lane,
    /// Share of the guards who are loyal to the centre.
    pub steady: Lane,
    /// 0 loyal, 1 declared, 2 independent in fact.
    pub status: Lane,
    /// Consolidation of the region's own government, share.
    pub government: Lane,
    /// People sent to the army.
    pub sent: Lane,
    /// Clock of a declaration.
    pub declaration_clock: Clock,
    /// Clock of a contest.
    pub contest_clock: Clock,
    /// Hazard of the contest's end in independence, a day.
    pub winning: Lane,
    /// Events that are recorded only the first time.
    pub seen: RegionSeen,
    /// What others see of the region: the values of the morning.
    pub signal: Signal,
}

/// Which events a region has had.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegionSeen {
    /// A vacuum of administration.
    pub vacuum: Once,
    /// Rule of bands.
    pub bands: Once,
    /// Protest of more than 3.5 %.
    pub protest: Once,
    /// A garrison that fails.
    pub garrison: Once,
}

/// What others see of a region. It is computed at the start of the day, so that the order of the
/// regions does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signal {
    /// People who are alive and present.
    pub inhabitants: Lane,
    /// Officials who work for the centre, or for the own government of a region that has left, as a
    /// share of the posts.
    pub officials: Lane,
    /// Officials in post at least in name, as a share of the posts.
    pub nominal: Lane,
    /// People who take part in protest, share.
    pub participation: Lane,
    /// Steadfast guards divided by the guards at the start.
    pub cover: Lane,
    /// Share of the guards who are loyal to the centre.
    pub steady: Lane,
    /// 1 where the region has declared or is independent.
    pub left: Lane,
    /// 1 where the region is not independent in fact.
    pub ruled: Lane,
}

impl State {
    /// Updates what regions and polities see of each other.
    #[inline(always)]
    pub fn look_around(&mut self, world: &World) {
        for polity in &mut self.polities {
            (polity.enemy, polity.engaged, polity.contests) = (Lane::ZERO, Lane::ZERO, Lane::ZERO);
        }
        for (i, sector) in world.sectors.iter().enumerate() {
            for k in [0, 1] {
                let enemy = self.polities[sector.sides[1 - k].polity].war;
                let own = &mut self.polities[sector.sides[k].polity];
                own.enemy = own.enemy.max(enemy);
                own.engaged = own.engaged.max(own.war * enemy * self.sectors[i].open);
            }
        }
        for (r, region) in world.regions.iter().enumerate() {
            let of = |role| self.people.real(self.layout.region(r, role));
            let (civilians, protesters) = (of(Role::Civilian), of(Role::Protester));
            let (officials, idle, guards) = (of(Role::Official), of(Role::Idle), of(Role::Guard));
            let others = of(Role::Deserter) + of(Role::Band) + of(Role::Fighter);
            let inhabitants = civilians + protesters + officials + idle + guards + others + 1.0;
            let posts = 1.0 / (region.officials.max(1) as f32);
            let state = &mut self.regions[r];
            state.signal = Signal {
                inhabitants,
                officials: officials * posts,
                nominal: (officials + idle) * posts,
                participation: protesters / inhabitants,
                cover: guards * state.steady * (1.0 / region.guards.max(1) as f32),
                steady: state.steady,
                left: state.status.gt(0.5).indicator(),
                ruled: state.status.lt(1.5).indicator(),
            };
            self.polities[region.polity].contests += state.signal.left * state.signal.ruled;
        }
    }

    /// The mean of what a region sees of its neighbours in the same polity. A region without such
    /// neighbours sees its own signal.
    #[inline(always)]
    pub fn around(&self, world: &World, r: usize, of: impl Fn(&Signal) -> Lane) -> Lane {
        let region = &world.regions[r];
        let mut sum = Lane::ZERO;
        let mut n = 0.0;
        for &other in &region.neighbours {
            if world.regions[other].polity == region.polity {
                sum += of(&self.regions[other].signal);
                n += 1.0;
            }
        }
        if n > 0.0 { sum * (1.0 / n) } else { of(&self.regions[r].signal) }
    }

    /// 1 where both sides fight for a sector.
    #[inline(always)]
    pub fn contact(&self, world: &World, sector: usize) -> Lane {
        let [a, b] = &world.sectors[sector].sides;
        self.sectors[sector].open * self.polities[a.polity].war * self.polities[b.polity].war
    }

    /// Moves soldiers of a quality to their polity's reserve. The quality of the reserve becomes the
    /// mean of its men. Returns the number of soldiers moved.
    #[inline(always)]
    pub fn to_reserve(&mut self, polity: usize, from: Stock, men: Count, quality: Lane) -> Count {
        let reserve = self.layout.army(polity, Army::Reserve);
        let before = self.people.real(reserve) + 1.0;
        let men = self.people.transfer(from, reserve, men);
        let own = &mut self.polities[polity].reserve_quality;
        // This form leaves the quality unchanged to the bit where nobody comes.
        *own += (quality - *own) * (men.real() / (before + men.real()));
        men
    }

    /// The simulations in which a value is no longer a finite number.
    pub fn not_finite(&self) -> Mask {
        let mut bad = Mask::NONE;
        let mut check = |x: Lane| bad = bad | !x.is_finite();
        for polity in &self.polities {
            for x in [polity.strength, polity.news, polity.treasury, polity.sent, polity.coordination] {
                check(x);
            }
        }
        for region in &self.regions {
            for x in [region.organisation, region.steady, region.violence, region.deaths, region.burden] {
                check(x);
            }
        }
        for sector in &self.sectors {
            check(sector.line);
            for side in &sector.sides {
                check(side.cohesion);
                check(side.quality);
                check(side.supply);
            }
        }
        bad
    }
}

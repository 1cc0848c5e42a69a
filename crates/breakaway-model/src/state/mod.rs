//! What changes from day to day, for one vector of members.

mod front;

pub use front::{STRAINS, SectorState, SideState, SourceState};

use crate::draw::Clock;
use crate::event::Once;
use crate::lanes::{Count, Lane, Mask};
use crate::people::{Army, People, Role, Stock, StockIndex};
use crate::world::World;

/// Everything that changes.
#[derive(Clone, Debug)]
pub struct State {
    /// Everybody.
    pub people: People,
    /// Where everybody stands in it.
    pub layout: StockIndex,
    /// By polity.
    pub polities: Vec<PolityState>,
    /// By region.
    pub regions: Vec<RegionState>,
    /// By sector.
    pub sectors: Vec<SectorState>,
    /// By source.
    pub sources: Vec<SourceState>,
}

/// What wears a regime's strength down, each fading at the pace of `centre.relaxation`.
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
    /// Shocks of the scenario, a fall.
    pub shock: Lane,
}

impl Wear {
    /// Sum.
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
    /// Strength that it returns to.
    pub baseline: Lane,
    /// What wears it down.
    pub wear: Wear,
    /// Bad news from the front on people's minds, share.
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
    /// One where it fights.
    pub war: Lane,
    /// One where an enemy across its front fights.
    pub enemy: Lane,
    /// One where it and an enemy hold a sector that both fight for.
    pub engaged: Lane,
    /// Regions that have declared and are contested.
    pub contests: Lane,
    /// Guards lent to the army as soldiers.
    pub lent: Lane,
    /// Where its guards are held in the regions.
    pub hold_guards: Mask,
    /// Share of the regions' guards asked for the front.
    pub draw: Lane,
    /// Soldiers missing from its sectors, share of what they are meant to have.
    pub shortfall: Lane,
    /// Soldiers in reserve over soldiers missing, at most 10.
    pub reserve_cover: Lane,
    /// Share of its sectors at the start that are lost to the enemy or in rout.
    pub broken: Lane,
    /// People sent to the army by all regions.
    pub sent: Lane,
    /// Killed and wounded today.
    pub losses: Lane,
    /// Where the regime has fallen.
    pub fallen: Once,
    /// Where the front has collapsed.
    pub collapsed: Once,
    /// Clock of the fall.
    pub fall_clock: Clock,
    /// Clock of congresses.
    pub congress_clock: Clock,
}

/// A region.
#[derive(Clone, Copy, Debug)]
pub struct RegionState {
    /// Home organisation of its movement, share.
    pub organisation: Lane,
    /// Exile organisation of its movement that has not come home, share.
    pub exile: Lane,
    /// Deaths at the front remembered, per thousand people.
    pub deaths: Lane,
    /// Burden of men taken remembered, per thousand people.
    pub burden: Lane,
    /// Bands' violence, share of the worst.
    pub violence: Lane,
    /// Share of the guards who stand by the centre.
    pub steady: Lane,
    /// Nought loyal, one declared, two independent in fact.
    pub status: Lane,
    /// Consolidation of the region's own government, share.
    pub government: Lane,
    /// People sent to the army.
    pub sent: Lane,
    /// Clock of a declaration.
    pub declaration_clock: Clock,
    /// Clock of a contest.
    pub contest_clock: Clock,
    /// First times.
    pub seen: RegionSeen,
    /// What others see of the region: yesterday's values.
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

/// What others see of a region. Taken at the start of the day, so that the order in which
/// regions are visited does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signal {
    /// People alive and present.
    pub inhabitants: Lane,
    /// Officials who work, share of the posts: for the centre, or for its own government where it
    /// has left.
    pub officials: Lane,
    /// Officials in post at least in name, share of the posts.
    pub nominal: Lane,
    /// People who take part in protest, share.
    pub participation: Lane,
    /// Steadfast guards over the guards at the start.
    pub cover: Lane,
    /// Share of the guards who stand by the centre.
    pub steady: Lane,
    /// One where the region has declared or is independent.
    pub left: Lane,
    /// One where the region is not independent in fact.
    pub ruled: Lane,
}

impl State {
    /// Refreshes what regions and polities see of each other.
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

    /// The mean of what a region sees of its neighbours of the same polity; the same of its own
    /// signal where it has none.
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

    /// One where both sides fight for a sector.
    #[inline(always)]
    pub fn contact(&self, world: &World, sector: usize) -> Lane {
        let [a, b] = &world.sectors[sector].sides;
        self.sectors[sector].open * self.polities[a.polity].war * self.polities[b.polity].war
    }

    /// Moves soldiers of a quality to their polity's reserve, whose quality becomes the mean.
    /// Returns how many moved.
    #[inline(always)]
    pub fn to_reserve(&mut self, polity: usize, from: Stock, men: Count, quality: Lane) -> Count {
        let reserve = self.layout.army(polity, Army::Reserve);
        let before = self.people.real(reserve) + 1.0;
        let men = self.people.transfer(from, reserve, men);
        let own = &mut self.polities[polity].reserve_quality;
        // In a form that leaves the quality as it is, to the bit, where nobody comes.
        *own += (quality - *own) * (men.real() / (before + men.real()));
        men
    }

    /// MemberVector in which a number has stopped being one.
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

//! The ledger: every person has exactly one role at a time.
//!
//! Stocks are whole numbers. The only way to change one is [`People::transfer`], which moves
//! people from one cell to another and never more than there are. By construction no stock can
//! fall below zero and the total cannot change. Tests check this for every day all the same
//! (see `tests/invariants.rs`).

use crate::lanes::{Count, Lane, Mask, WIDTH};

/// The role of a person in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Role {
    /// None of the other roles.
    Civilian,
    /// Taking part in protest or strike.
    Protester,
    /// In post and working for the centre.
    Official,
    /// In post in name only ("imitates power").
    Idle,
    /// Armed and posted here by the centre.
    Guard,
    /// Deserter at large.
    Deserter,
    /// Member of an armed band.
    Band,
    /// Fighter of a movement's armed wing.
    Fighter,
    /// Member of a movement, abroad.
    Exile,
    /// Driven from home by bands.
    Displaced,
    /// Dead and mourned here.
    Dead,
}

/// Number of roles in a region.
pub const ROLES: usize = 11;

/// The role of a person of a polity outside its regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Army {
    /// In reserve.
    Reserve,
    /// Wounded, in hospital.
    Wounded,
    /// In captivity.
    Captive,
    /// Left the army, on the way to a region.
    Straggler,
    /// Dead, not yet reported home.
    Fallen,
    /// Guard that the centre can send to any region.
    MobileGuard,
}

/// Number of roles outside the regions.
pub const ARMY: usize = 6;

/// One stock of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stock(usize);

/// The index of each stock.
#[derive(Clone, Debug)]
pub struct StockIndex {
    polities: usize,
    sources: usize,
    sectors: usize,
    len: usize,
}

impl StockIndex {
    /// The layout for these numbers of regions, polities, sources and sectors.
    pub fn new(regions: usize, polities: usize, sources: usize, sectors: usize) -> StockIndex {
        let polity_base = regions * ROLES;
        let source_base = polity_base + polities * ARMY;
        let sector_base = source_base + sources * 2;
        StockIndex {
            polities: polity_base,
            sources: source_base,
            sectors: sector_base,
            len: sector_base + sectors * 2,
        }
    }

    /// People of a role in a region.
    #[inline(always)]
    pub fn region(&self, region: usize, role: Role) -> Stock {
        Stock(region * ROLES + role as usize)
    }

    /// People of a polity outside its regions.
    #[inline(always)]
    pub fn army(&self, polity: usize, role: Army) -> Stock {
        Stock(self.polities + polity * ARMY + role as usize)
    }

    /// Men who can still be taken from a source with a pool of its own.
    #[inline(always)]
    pub fn pool(&self, source: usize) -> Stock {
        Stock(self.sources + source * 2)
    }

    /// Recruits of a source in training.
    #[inline(always)]
    pub fn recruits(&self, source: usize) -> Stock {
        Stock(self.sources + source * 2 + 1)
    }

    /// Soldiers of a side (0 or 1) in a sector.
    #[inline(always)]
    pub fn soldiers(&self, sector: usize, side: usize) -> Stock {
        Stock(self.sectors + sector * 2 + side)
    }
}

/// The ledger.
#[derive(Clone, Debug)]
pub struct People {
    stocks: Vec<Count>,
}

impl People {
    /// An empty ledger; `place` fills it before the first day.
    pub fn new(layout: &StockIndex) -> People {
        People { stocks: vec![Count::ZERO; layout.len] }
    }

    /// Adds people to a cell before the first day.
    pub fn place(&mut self, cell: Stock, n: i32) {
        self.stocks[cell.0] = self.stocks[cell.0] + Count::splat(n.max(0));
    }

    /// The number of people in a cell.
    #[inline(always)]
    pub fn count(&self, cell: Stock) -> Count {
        self.stocks[cell.0]
    }

    /// The number of people in a cell, as a real number.
    #[inline(always)]
    pub fn real(&self, cell: Stock) -> Lane {
        self.stocks[cell.0].real()
    }

    /// Moves the wanted number of people, but not more than there are. Returns the number moved.
    #[inline(always)]
    pub fn transfer(&mut self, from: Stock, to: Stock, wanted: Count) -> Count {
        let there = self.stocks[from.0];
        let moved = wanted.min(there).max(Count::ZERO);
        self.stocks[from.0] = there - moved;
        self.stocks[to.0] = self.stocks[to.0] + moved;
        moved
    }

    /// Moves everybody in the lanes of the mask.
    #[inline(always)]
    pub fn transfer_all(&mut self, from: Stock, to: Stock, mask: Mask) -> Count {
        let there = self.stocks[from.0];
        self.transfer(from, to, there.only(mask))
    }

    /// The total number of people in each simulation.
    pub fn total(&self) -> [i64; WIDTH] {
        let mut total = [0; WIDTH];
        for stock in &self.stocks {
            for (sum, &n) in total.iter_mut().zip(&stock.0) {
                *sum += i64::from(n);
            }
        }
        total
    }

    /// The simulations in which a stock is below zero (there should be none).
    pub fn negative(&self) -> Mask {
        self.stocks.iter().fold(Mask::NONE, |found, stock| found | !stock.gt(-1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_never_moves_more_than_there_are() {
        let layout = StockIndex::new(1, 1, 1, 1);
        let mut people = People::new(&layout);
        let (home, away) = (layout.region(0, Role::Civilian), layout.army(0, Army::Reserve));
        people.place(home, 10);
        assert_eq!(people.transfer(home, away, Count::splat(99)), Count::splat(10));
        assert_eq!(people.transfer(home, away, Count::splat(-5)), Count::ZERO);
        assert_eq!(people.total(), [10; WIDTH]);
        assert_eq!(people.negative(), Mask::NONE);
    }

    #[test]
    fn every_cell_is_its_own() {
        let layout = StockIndex::new(2, 2, 3, 2);
        let mut all = vec![
            layout.region(1, Role::Dead).0,
            layout.army(0, Army::Reserve).0,
            layout.army(1, Army::MobileGuard).0,
            layout.pool(0).0,
            layout.recruits(2).0,
            layout.soldiers(0, 0).0,
            layout.soldiers(1, 1).0,
        ];
        let before = all.len();
        all.dedup();
        assert_eq!(all.len(), before);
        assert!(all.is_sorted() && *all.last().unwrap() == layout.len - 1);
    }
}

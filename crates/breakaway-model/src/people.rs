//! The ledger: every person is in exactly one role at a time.
//!
//! Stocks are whole numbers. The only way to change one is [`People::transfer`], which moves
//! people from one cell to another and never more than there are: no stock can fall below
//! nought and the total cannot change, by construction. Tests check it all the same, every
//! day (see `tests/invariants.rs`).

use crate::lanes::{Count, Lane, Mask, WIDTH};

/// What a person in a region is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Role {
    /// Neither of the below.
    Civilian,
    /// Taking part in protest or strike.
    Protester,
    /// In post, and working for the centre.
    Official,
    /// In post in name only ("imitates power").
    Idle,
    /// Armed, and posted here by the centre.
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
    /// Dead, and mourned here.
    Dead,
}

/// Number of roles in a region.
pub const ROLES: usize = 11;

/// What a person of a polity is outside its regions.
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

/// Where each stock stands.
#[derive(Clone, Debug)]
pub struct StockIndex {
    polities: usize,
    sources: usize,
    sectors: usize,
    len: usize,
}

impl StockIndex {
    /// A ledger for so many regions, polities, sources and sectors.
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

    /// Men of a source who can still be taken (of a source with a pool of its own).
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

    /// Puts people into a cell before the first day.
    pub fn place(&mut self, cell: Stock, n: i32) {
        self.stocks[cell.0] = self.stocks[cell.0] + Count::splat(n.max(0));
    }

    /// How many there are.
    #[inline(always)]
    pub fn count(&self, cell: Stock) -> Count {
        self.stocks[cell.0]
    }

    /// How many there are, as a real number.
    #[inline(always)]
    pub fn real(&self, cell: Stock) -> Lane {
        self.stocks[cell.0].real()
    }

    /// Moves people: as many as wanted, at most as many as there are. Returns how many moved.
    #[inline(always)]
    pub fn transfer(&mut self, from: Stock, to: Stock, wanted: Count) -> Count {
        let there = self.stocks[from.0];
        let moved = wanted.min(there).max(Count::ZERO);
        self.stocks[from.0] = there - moved;
        self.stocks[to.0] = self.stocks[to.0] + moved;
        moved
    }

    /// Moves everybody, where the mask holds.
    #[inline(always)]
    pub fn transfer_all(&mut self, from: Stock, to: Stock, mask: Mask) -> Count {
        let there = self.stocks[from.0];
        self.transfer(from, to, there.only(mask))
    }

    /// Everybody, member by member.
    pub fn total(&self) -> [i64; WIDTH] {
        let mut total = [0; WIDTH];
        for stock in &self.stocks {
            for (sum, &n) in total.iter_mut().zip(&stock.0) {
                *sum += i64::from(n);
            }
        }
        total
    }

    /// The members in which some stock is below nought (none, ever).
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

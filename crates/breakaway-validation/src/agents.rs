//! Civil violence as agents on a grid (Epstein 2002, "Modeling civil violence: an agent-based
//! computational approach", PNAS 99, model I), docked to the citizens' mechanism: an agent
//! perceives the risk of arrest by [`arrest_probability`], the mechanism's own, and rises when his
//! grievance less that risk passes a threshold, which the mechanism spreads over a region.
//!
//! ```text
//! grievance = hardship · (1 - legitimacy)        hardship, risk aversion ~ U(0, 1)
//! active    = grievance - risk aversion · P(arrest) > threshold
//! P(arrest) = 1 - exp(-k · floor(cops / actives))       both in vision, the agent counted active
//! ```
//!
//! In random order everybody moves to a random free cell in vision, then acts; a cop arrests one
//! active in vision at random, for a term from 0 to the longest, of which the step of the arrest is
//! the first. Vision is a circle. So far the paper and its public version in NetLogo; without the
//! floor, which the paper does not print, there are no bursts.

use breakaway_model::lanes::Lane;
use breakaway_model::mechanism::citizens::arrest_probability;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Side of the grid, a torus.
pub const SIDE: usize = 40;
const CELLS: usize = SIDE * SIDE;
/// How far everybody sees, in cells.
const VISION: usize = 7;

/// What an agent model is made from.
#[derive(Clone, Copy, Debug)]
pub struct AgentSetup {
    /// Share of the cells that hold a citizen.
    pub citizens: f64,
    /// Share of the cells that hold a cop.
    pub cops: f64,
    /// Legitimacy of the government at the start.
    pub legitimacy: f64,
    /// Grievance less risk above which one rises.
    pub threshold: f64,
    /// Constant of the arrest probability.
    pub constant: f64,
    /// Longest term of arrest, steps.
    pub longest_term: u32,
    /// Whether whole cops count to an active.
    pub floor: bool,
    /// Seed.
    pub seed: u64,
}

impl Default for AgentSetup {
    /// The paper's first runs.
    fn default() -> AgentSetup {
        AgentSetup {
            citizens: 0.7,
            cops: 0.04,
            legitimacy: 0.82,
            threshold: 0.1,
            constant: 2.3,
            longest_term: 30,
            floor: true,
            seed: 1,
        }
    }
}

#[derive(Clone, Copy)]
struct Agent {
    cell: u16,
    hardship: f32,
    /// Risk aversion; below zero for a cop.
    aversion: f32,
    /// Steps of arrest left.
    term: u32,
    active: bool,
}

impl Agent {
    fn is_cop(&self) -> bool {
        self.aversion < 0.0
    }
}

/// Cells of a kind: a word a row.
#[derive(Clone, Copy)]
struct Bits([u64; SIDE]);

impl Bits {
    const NONE: Bits = Bits([0; SIDE]);

    fn set(&mut self, cell: u16, there: bool) {
        let (row, column) = (cell as usize / SIDE, cell as usize % SIDE);
        let bit = 1 << column;
        self.0[row] = if there { self.0[row] | bit } else { self.0[row] & !bit };
    }
}

/// A grid with its agents.
pub struct AgentGrid {
    setup: AgentSetup,
    agents: Vec<Agent>,
    /// Who is in a cell, by number.
    at: [u16; CELLS],
    taken: Bits,
    active: Bits,
    cops: Bits,
    /// Vision from each column: by distance in rows, the columns in sight.
    sight: Vec<[u64; SIDE]>,
    /// Probability of arrest by whole cops to an active.
    arrest: Vec<f32>,
    /// Legitimacy now; changed from outside.
    pub legitimacy: f64,
    random: Pcg64Mcg,
}

const NOBODY: u16 = u16::MAX;

impl AgentGrid {
    /// Agents on random cells.
    pub fn new(setup: AgentSetup) -> AgentGrid {
        let mut random = Pcg64Mcg::seed_from_u64(setup.seed);
        let count = |share: f64| (share * CELLS as f64).round() as usize;
        let (citizens, cops) = (count(setup.citizens), count(setup.cops));
        let mut cells: Vec<u16> = (0..CELLS as u16).collect();
        shuffle(&mut cells, &mut random);
        let mut grid = AgentGrid {
            agents: Vec::with_capacity(citizens + cops),
            at: [NOBODY; CELLS],
            taken: Bits::NONE,
            active: Bits::NONE,
            cops: Bits::NONE,
            sight: sight(),
            arrest: (0..=VISION as u32 * VISION as u32 * 4)
                .map(|ratio| arrest(setup.constant, ratio as f32))
                .collect(),
            legitimacy: setup.legitimacy,
            random,
            setup,
        };
        for (k, &cell) in cells.iter().take(citizens + cops).enumerate() {
            let cop = k >= citizens;
            let hardship = grid.random.random::<f32>();
            let aversion = if cop { -1.0 } else { grid.random.random::<f32>() };
            grid.agents.push(Agent { cell, hardship, aversion, term: 0, active: false });
            grid.at[cell as usize] = k as u16;
            grid.taken.set(cell, true);
            grid.cops.set(cell, cop);
        }
        grid
    }

    /// Number of agents.
    pub fn agents(&self) -> usize {
        self.agents.len()
    }

    /// Citizens who are active, and citizens under arrest.
    pub fn counts(&self) -> (usize, usize) {
        let count = |of: fn(&Agent) -> bool| self.agents.iter().filter(|agent| of(agent)).count();
        (count(|agent| agent.active), count(|agent| agent.term > 0))
    }

    /// Everybody acts once.
    pub fn step(&mut self) {
        let mut order: Vec<u16> = (0..self.agents.len() as u16).collect();
        shuffle(&mut order, &mut self.random);
        for number in order {
            let agent = self.agents[number as usize];
            if agent.term > 0 {
                self.agents[number as usize].term -= 1;
                if agent.term > 1 {
                    continue;
                }
            }
            self.go(number);
            let agent = self.agents[number as usize];
            if agent.is_cop() {
                self.patrol(agent.cell);
            } else {
                self.decide(number);
            }
        }
    }

    /// A citizen rises or keeps quiet.
    fn decide(&mut self, number: u16) {
        let agent = self.agents[number as usize];
        let cops = self.seen(&self.cops, agent.cell);
        let others = self.seen(&self.active, agent.cell) - u32::from(agent.active);
        let risk = if self.setup.floor {
            self.arrest[(cops / (others + 1)) as usize]
        } else {
            arrest(self.setup.constant, cops as f32 / (others + 1) as f32)
        };
        let grievance = agent.hardship * (1.0 - self.legitimacy as f32);
        let active = grievance - agent.aversion * risk > self.setup.threshold as f32;
        self.agents[number as usize].active = active;
        self.active.set(agent.cell, active);
    }

    /// A cop arrests one active citizen in vision.
    fn patrol(&mut self, cell: u16) {
        if let Some(found) = self.pick(cell, |grid, row| grid.active.0[row]) {
            let term = self.random.random_range(0..=self.setup.longest_term);
            let caught = &mut self.agents[self.at[found as usize] as usize];
            caught.active = false;
            caught.term = term;
            self.active.set(found, false);
        }
    }

    /// An agent moves to a free cell in vision, if there is one.
    fn go(&mut self, number: u16) {
        let Agent { cell, active, .. } = self.agents[number as usize];
        let Some(to) = self.pick(cell, |grid, row| !grid.taken.0[row]) else { return };
        let cop = self.agents[number as usize].is_cop();
        for (bits, there) in [(&mut self.taken, true), (&mut self.active, active), (&mut self.cops, cop)] {
            bits.set(cell, false);
            bits.set(to, there);
        }
        self.at[cell as usize] = NOBODY;
        self.at[to as usize] = number;
        self.agents[number as usize].cell = to;
    }

    /// The rows in sight of a cell, each with the columns in sight.
    fn rows(&self, cell: u16) -> impl Iterator<Item = (usize, u64)> + use<> {
        let (row, column) = (cell as usize / SIDE, cell as usize % SIDE);
        let masks: [u64; 2 * VISION + 1] = std::array::from_fn(|k| self.sight[k.abs_diff(VISION)][column]);
        (0..2 * VISION + 1).map(move |k| ((row + SIDE + k - VISION) % SIDE, masks[k]))
    }

    fn seen(&self, bits: &Bits, cell: u16) -> u32 {
        self.rows(cell).map(|(row, mask)| (bits.0[row] & mask).count_ones()).sum()
    }

    /// A random cell in sight among those that a row says.
    fn pick(&mut self, cell: u16, of: impl Fn(&AgentGrid, usize) -> u64) -> Option<u16> {
        let count: u32 = self.rows(cell).map(|(row, mask)| (of(self, row) & mask).count_ones()).sum();
        if count == 0 {
            return None;
        }
        let mut left = self.random.random_range(0..count);
        for (row, mask) in self.rows(cell) {
            let mut bits = of(self, row) & mask;
            if left >= bits.count_ones() {
                left -= bits.count_ones();
                continue;
            }
            for _ in 0..left {
                bits &= bits - 1;
            }
            return Some((row * SIDE) as u16 + bits.trailing_zeros() as u16);
        }
        None
    }
}

fn arrest(constant: f64, ratio: f32) -> f32 {
    arrest_probability(Lane::splat(constant as f32), Lane::splat(ratio), Lane::ONE).0[0]
}

/// By distance in rows and column: the columns within a circle of the range of vision.
fn sight() -> Vec<[u64; SIDE]> {
    let columns = |rows: usize, column: usize| {
        (0..SIDE).filter(move |other| {
            let apart = column.abs_diff(*other);
            rows.pow(2) + apart.min(SIDE - apart).pow(2) <= VISION.pow(2)
        })
    };
    (0..=VISION)
        .map(|rows| std::array::from_fn(|column| columns(rows, column).fold(0, |mask, c| mask | 1 << c)))
        .collect()
}

fn shuffle<T>(all: &mut [T], random: &mut Pcg64Mcg) {
    for i in (1..all.len()).rev() {
        all.swap(i, random.random_range(0..=i));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_grid_and_nobody_is_lost() {
        let run = || {
            let mut grid = AgentGrid::new(AgentSetup::default());
            for _ in 0..200 {
                grid.step();
            }
            grid
        };
        let (a, b) = (run(), run());
        let cells = |grid: &AgentGrid| grid.agents.iter().map(|agent| agent.cell).collect::<Vec<_>>();
        assert_eq!((cells(&a), a.counts()), (cells(&b), b.counts()));
        assert_eq!(a.taken.0.iter().map(|row| row.count_ones()).sum::<u32>(), 1184);
        assert_eq!(a.cops.0.iter().map(|row| row.count_ones()).sum::<u32>(), 64);
        let active = a.active.0.iter().map(|row| row.count_ones()).sum::<u32>();
        assert_eq!(active as usize, a.counts().0);
        let placed = |(k, agent): (usize, &Agent)| a.at[agent.cell as usize] == k as u16;
        assert!(a.agents.iter().enumerate().all(placed));
    }

    #[test]
    fn vision_is_a_circle_on_a_torus() {
        let grid = AgentGrid::new(AgentSetup::default());
        for cell in [0, 39, 799, 1599] {
            let all: u32 = grid.rows(cell).map(|(_, mask)| mask.count_ones()).sum();
            // Gauss's circle problem: 149 lattice points within 7.
            assert_eq!(all, 149);
        }
    }
}

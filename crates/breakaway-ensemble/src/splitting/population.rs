//! All simulations on their way to one goal, in groups that are split each on its own.

use super::walk::Walk;
use super::{Goal, Group, Reached, Split};
use crate::numbers::FRESH;
use crate::simulate::MemberSpec;

/// Numbers of fresh chance that a goal may use, and how many goals have numbers of their own; more share them, which
/// does no harm to any estimate.
const EACH_GOAL: u32 = 1 << 20;
const OWN_NUMBERS: u32 = 1 << 10;
/// A level that only those lie above who have arrived.
const THERE: f32 = 0.9999;

/// All simulations on their way to one goal.
pub(super) struct Population {
    pub(super) goal: Goal,
    groups: Vec<Living>,
    /// Simulations that are to arrive, about.
    enough: u32,
    /// Levels after which nobody goes on.
    most_levels: u32,
    levels: u32,
    simulations: u32,
    /// Fresh chance has numbers from here on.
    first_number: u32,
    horizon: u32,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Groups go from level to level.
    Climbing,
    /// Those that arrived are simulated on with fresh chance.
    Widening,
    /// Nothing is left to do.
    Done,
}

/// A group on its way.
#[derive(Default)]
struct Living {
    /// Members that it stands for.
    all: f64,
    /// Those on their way, each with the members that it stands for.
    walks: Vec<(Walk, f64)>,
    ended: bool,
}

/// One that is to be simulated: its group, its weight, and whose past it has.
pub(super) struct Born {
    pub(super) group: usize,
    pub(super) weight: f64,
    pub(super) spec: MemberSpec,
}

impl Population {
    /// Those that all begin with, each with its group and weight; `sizes` are the members of each group,
    /// `effort` how many are to arrive and after how many levels nobody goes on. `place` tells the goals of a run from each other.
    pub(super) fn new(
        goal: Goal,
        place: usize,
        starts: impl Iterator<Item = (usize, Walk, f64)>,
        sizes: &[f64],
        effort: (u32, u32),
        horizon: u32,
    ) -> Population {
        let mut groups: Vec<Living> =
            sizes.iter().map(|all| Living { all: *all, ..Living::default() }).collect();
        starts.for_each(|(group, walk, weight)| groups[group].walks.push((walk, weight)));
        Population {
            goal,
            groups,
            enough: effort.0,
            most_levels: effort.1,
            levels: 0,
            simulations: 0,
            first_number: FRESH.start + place as u32 % OWN_NUMBERS * EACH_GOAL,
            horizon,
            stage: Stage::Climbing,
        }
    }

    /// Whether nothing is left to do.
    pub(super) fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// Goes on by a level: who is to be simulated now.
    pub(super) fn born(&mut self) -> Vec<Born> {
        match self.stage {
            Stage::Climbing => {
                let born = self.climb();
                if born.is_empty() {
                    self.stage = Stage::Widening;
                    return self.widen();
                }
                born
            }
            Stage::Widening | Stage::Done => vec![],
        }
    }

    /// Takes up one that was simulated.
    pub(super) fn add(&mut self, group: usize, walk: Walk, weight: f64) {
        self.groups[group].walks.push((walk, weight));
    }

    /// Ends the round: those that arrived are widened once.
    pub(super) fn end_round(&mut self) {
        if self.stage == Stage::Widening {
            self.stage = Stage::Done;
        }
    }

    fn climb(&mut self) -> Vec<Born> {
        let size = (self.enough as usize).div_ceil(self.groups.len().max(1)).max(2);
        let mut born = vec![];
        for k in 0..self.groups.len() {
            if let Some(level) = self.groups[k].go_on(size, self.levels >= self.most_levels) {
                self.fill(k, size, level, &mut born);
            }
        }
        self.levels += u32::from(!born.is_empty());
        born
    }

    /// More futures of those that arrived, so that enough are there to say what follows.
    fn widen(&mut self) -> Vec<Born> {
        let mut born = vec![];
        if self.goal.whole {
            return born;
        }
        let alive = self.groups.iter().filter(|group| !group.walks.is_empty()).count();
        let size = (self.enough as usize).div_ceil(alive.max(1));
        for k in 0..self.groups.len() {
            if self.groups[k].walks.iter().any(|(walk, _)| walk.first_above(THERE) < self.horizon) {
                self.fill(k, size, THERE, &mut born);
            }
        }
        born
    }

    /// Fills a group up: the one that weighs most is split again and again into those that share its past until it
    /// came above a level, and its weight with it.
    fn fill(&mut self, k: usize, size: usize, level: f32, born: &mut Vec<Born>) {
        let walks = &mut self.groups[k].walks;
        let mut copies = vec![1_u32; walks.len()];
        let each = |k: usize, copies: &[u32]| walks[k].1 / f64::from(copies[k]);
        let mut parents = vec![];
        for _ in walks.len()..size {
            let heaviest =
                (0..walks.len()).rev().max_by(|&a, &b| each(a, &copies).total_cmp(&each(b, &copies)));
            let Some(parent) = heaviest else { return };
            copies[parent] += 1;
            parents.push(parent);
        }
        walks.iter_mut().zip(&copies).for_each(|((_, weight), copies)| *weight /= f64::from(*copies));
        for parent in parents {
            let (walk, weight) = &walks[parent];
            let spec = walk.branched(level, self.first_number + self.simulations);
            born.push(Born { group: k, weight: *weight, spec });
            self.simulations += 1;
        }
    }

    /// What came of it; so many began.
    pub(super) fn split(self, begun: u32) -> Split {
        let mut reached = vec![];
        let mut groups = vec![];
        for (k, group) in self.groups.iter().enumerate() {
            let sum: f64 = group.walks.iter().map(|(_, weight)| weight).sum();
            groups.push(Group { members: group.all, probability: sum / group.all });
            reached.extend(group.walks.iter().map(|(walk, weight)| Reached {
                group: k,
                weight: *weight,
                start: walk.spec.member,
                verdict: walk.verdict,
            }));
        }
        Split { goal: self.goal, groups, reached, levels: self.levels, simulations: begun + self.simulations }
    }
}

impl Living {
    /// Keeps those that came nearest, and says above which level they came, if others are to take the place of
    /// the rest. The level is that of the last one that is left out: it does not depend on how near the
    /// others came, or the estimate would have a bias.
    fn go_on(&mut self, size: usize, last: bool) -> Option<f32> {
        if self.ended {
            return None;
        }
        let all = self.walks.len();
        let keep = (size / 2).min(all / 2).max(1);
        let arrived = self.walks.iter().filter(|(walk, _)| walk.arrived()).count();
        let mut nearest: Vec<f32> = self.walks.iter().map(|(walk, _)| walk.nearest()).collect();
        nearest.sort_by(f32::total_cmp);
        self.ended = arrived >= keep || last || all <= keep;
        let level = match self.ended {
            true => THERE,
            false => nearest[all - keep - 1],
        };
        self.walks.retain(|(walk, _)| walk.nearest() > level);
        self.ended |= self.walks.is_empty();
        (!self.ended).then_some(level)
    }
}

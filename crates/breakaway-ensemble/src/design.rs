//! Which parameters each member gets: one point for each draw, shared by its replicates.

use crate::rejected::Rejected;
use breakaway_model::params::{Prior, table};
use breakaway_model::rng::philox;
use serde::{Deserialize, Serialize};

/// Parameter sets (draws) times repeats (replicates).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Design {
    /// Parameter draws.
    pub draws: u32,
    /// Members for each draw, which differ by chance only.
    pub replicates: u32,
    /// Seed of both.
    pub seed: u64,
    /// How the draws lie.
    #[serde(default)]
    pub kind: DesignKind,
}

/// How the draws of a design lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DesignKind {
    /// Points of an Owen-scrambled Sobol sequence (Burley 2020, "Practical hash-based Owen
    /// scrambling").
    #[default]
    Sobol,
    /// Saltelli's radial design (Saltelli et al. 2010, "Variance based sensitivity analysis of
    /// model output"): for each base point A a second point B, and A with one parameter after
    /// the other taken from B. Parameters that a scenario fixes are left out.
    Saltelli,
    /// The same with all parameters of a mechanism taken together.
    Grouped,
}

impl DesignKind {
    /// All kinds.
    pub const ALL: [DesignKind; 3] = [DesignKind::Sobol, DesignKind::Saltelli, DesignKind::Grouped];

    /// Name in files and requests.
    pub fn name(self) -> &'static str {
        match self {
            DesignKind::Sobol => "sobol",
            DesignKind::Saltelli => "saltelli",
            DesignKind::Grouped => "grouped",
        }
    }
}

/// Most draws, and length of the Sobol sequence.
pub const MOST_DRAWS: u32 = 65_536;
/// Most members in all.
pub const MOST_MEMBERS: u64 = 10_000_000;

impl Design {
    /// Number of members.
    pub fn members(&self) -> u32 {
        self.draws * self.replicates
    }

    /// Consecutive draws that belong to one base point and share most of their parameters.
    pub fn cluster(&self, priors: &[Prior]) -> u32 {
        if self.kind == DesignKind::Sobol { 1 } else { self.kind.blocks(priors).len() as u32 + 2 }
    }

    /// The draw of a member.
    pub fn draw_of(&self, member: u32) -> u32 {
        member / self.replicates
    }

    /// The parameters of a draw, in the order of the table.
    ///
    /// Every parameter has a dimension of its own, also one that a scenario fixes, so that
    /// fixing one leaves the draws of the others as they were.
    pub fn parameters(&self, priors: &[Prior], draw: u32) -> Vec<f32> {
        let point = self.point(priors, draw);
        priors.iter().zip(point).map(|(prior, u)| prior.quantile(u) as f32).collect()
    }

    /// The point of a draw in the unit cube, in the order of the table.
    pub fn point(&self, priors: &[Prior], draw: u32) -> Vec<f64> {
        let blocks = self.kind.blocks(priors);
        let size = self.cluster(priors);
        let (base, place) = (draw / size, (draw % size) as usize);
        let taken: &[usize] = place.checked_sub(2).map_or(&[], |k| &blocks[k]);
        let second = place == 1;
        let bases = self.draws / size;
        let point = |d: usize| match second || taken.contains(&d) {
            false => sobol(base, d, self.seed),
            true => sobol(shuffled(base, bases.max(1), self.seed), d, self.seed ^ SECOND),
        };
        (0..priors.len()).map(point).collect()
    }
}

impl Design {
    /// Whether an ensemble can be of this design.
    ///
    /// # Errors
    /// What is wrong with it, by the names of its fields.
    pub fn check(&self) -> Result<(), Rejected> {
        let members = u64::from(self.draws) * u64::from(self.replicates);
        if self.draws == 0 || self.replicates == 0 {
            return Err(Rejected::new("an ensemble has at least one draw and one replicate", ""));
        }
        if self.draws > MOST_DRAWS {
            let help = format!("at most {MOST_DRAWS} draws; take more replicates");
            return Err(Rejected::new(format!("{} draws are too many", self.draws), help));
        }
        if members > MOST_MEMBERS {
            let help = format!("at most {MOST_MEMBERS} members");
            return Err(Rejected::new(format!("{members} members are too many"), help));
        }
        Ok(())
    }
}

impl DesignKind {
    /// The parameters (positions in the table) that the design takes from the second point
    /// together, one block after the other; none in a plain design.
    pub fn blocks(self, priors: &[Prior]) -> Vec<Vec<usize>> {
        let free = |d: &usize| !matches!(priors[*d], Prior::Fixed(_));
        match self {
            DesignKind::Sobol => vec![],
            DesignKind::Saltelli => (0..priors.len()).filter(free).map(|d| vec![d]).collect(),
            DesignKind::Grouped => {
                let mechanisms: Vec<&str> = table().map(|spec| spec.mechanism).collect();
                let all: Vec<usize> = (0..priors.len()).collect();
                let groups = all.chunk_by(|&a, &b| mechanisms.get(a) == mechanisms.get(b));
                let free = groups.map(|group| group.iter().copied().filter(free).collect::<Vec<_>>());
                free.filter(|group| !group.is_empty()).collect()
            }
        }
    }
}

/// Tells the second points of a design from the first.
const SECOND: u64 = 0x9e37_79b9_7f4a_7c15;

/// A coordinate of a scrambled Sobol point.
fn sobol(index: u32, dimension: usize, seed: u64) -> f64 {
    f64::from(sobol_burley::sample(index, dimension as u32, (seed ^ (seed >> 32)) as u32))
}

/// A place in a random order of `0..n`: a Feistel network over the next even number of bits,
/// walked until it falls inside (Black & Rogaway 2002, "Ciphers with arbitrary finite domains").
/// First and second points would share the digits of the Sobol sequence otherwise.
fn shuffled(index: u32, n: u32, seed: u64) -> u32 {
    let half = (32 - (n - 1).leading_zeros()).div_ceil(2).max(1);
    let mask = (1 << half) - 1;
    let mut at = index;
    loop {
        let (mut left, mut right) = (at >> half, at & mask);
        for round in 0..4 {
            let [mix, ..] = philox([right, round, n, 0], [seed as u32, (seed >> 32) as u32]);
            (left, right) = (right, left ^ (mix & mask));
        }
        at = left << half | right;
        if at < n {
            return at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIFORM: Prior = Prior::Uniform { low: 0.0, high: 1.0 };

    #[test]
    fn a_fixed_parameter_leaves_the_others_alone() {
        let design = Design { draws: 64, replicates: 4, seed: 3, kind: DesignKind::Sobol };
        let free = design.parameters(&[UNIFORM; 3], 17);
        let fixed = design.parameters(&[UNIFORM, Prior::Fixed(0.5), UNIFORM], 17);
        assert_eq!((free[0], free[2]), (fixed[0], fixed[2]));
    }

    #[test]
    fn points_fill_every_dimension_evenly() {
        let design = Design { draws: 256, replicates: 1, seed: 1, kind: DesignKind::Sobol };
        let priors = [UNIFORM; 150];
        let points: Vec<_> = (0..256).map(|d| design.parameters(&priors, d)).collect();
        for d in 0..150 {
            for quarter in 0..4 {
                let inside = points.iter().filter(|p| (p[d] * 4.0) as usize == quarter).count();
                assert_eq!(inside, 64, "dimension {d}");
            }
        }
    }

    #[test]
    fn a_radial_design_takes_one_parameter_after_the_other_from_the_second_point() {
        let priors = [UNIFORM, Prior::Fixed(0.5), UNIFORM];
        let design = Design { draws: 4 * 64, replicates: 1, seed: 9, kind: DesignKind::Saltelli };
        let mut both = 0.0;
        for base in 0..64 {
            let [a, b, first, last] = [0, 1, 2, 3].map(|k| design.parameters(&priors, 4 * base + k));
            assert_eq!(first, [b[0], 0.5, a[2]]);
            assert_eq!(last, [a[0], 0.5, b[2]]);
            both += f64::from((a[0] - 0.5) * (b[0] - 0.5)) * 12.0 / 64.0;
        }
        assert!(both.abs() < 0.3, "first and second points are independent: {both}");
    }

    #[test]
    fn a_random_order_has_everybody_once() {
        for n in [1, 2, 3, 64, 100] {
            let mut all: Vec<u32> = (0..n).map(|i| shuffled(i, n, 5)).collect();
            all.sort_unstable();
            assert_eq!(all, (0..n).collect::<Vec<_>>());
        }
    }
}

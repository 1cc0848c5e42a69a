//! Which parameters each member gets: one point for each draw, shared by its replicates.

use crate::hypercube::{self, shuffled};
use crate::rejected::Rejected;
use breakaway_model::params::{Prior, table};
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
    pub kind: DesignKind,
}

/// How the draws of a design lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DesignKind {
    /// A sliced Latin hypercube (McKay, Beckman & Conover 1979, "A comparison of three methods for
    /// selecting values of input variables"; Qian 2012, "Sliced Latin hypercube designs"): each
    /// parameter has one value in each of as many equally likely slices as there are draws, in an
    /// order of its own, so that no two parameters are mixed up more than independent ones are. It
    /// consists of small Latin hypercubes ([`Design::group`]), whose differences show how precise it
    /// is.
    #[default]
    LatinHypercube,
    /// Points of an Owen-scrambled Sobol sequence (Burley 2020, "Practical hash-based Owen
    /// scrambling"): more even, but among few points of many dimensions some parameters rise and
    /// fall together. From [`FEWEST_SOBOL`] draws on.
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
    pub const ALL: [DesignKind; 4] =
        [DesignKind::LatinHypercube, DesignKind::Sobol, DesignKind::Saltelli, DesignKind::Grouped];

    /// Name in files and requests.
    pub fn name(self) -> &'static str {
        match self {
            DesignKind::LatinHypercube => "latin-hypercube",
            DesignKind::Sobol => "sobol",
            DesignKind::Saltelli => "saltelli",
            DesignKind::Grouped => "grouped",
        }
    }

    /// Whether draws come in clusters around base points.
    pub fn is_radial(self) -> bool {
        matches!(self, DesignKind::Saltelli | DesignKind::Grouped)
    }
}

/// Fewest draws of a Sobol design. With 200 draws of some 150 parameters more than a hundred pairs of them
/// are correlated by more than 0.3; from here on none is.
pub const FEWEST_SOBOL: u32 = 1024;
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
        if self.kind.is_radial() { self.kind.blocks(priors).len() as u32 + 2 } else { 1 }
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
        if self.kind == DesignKind::LatinHypercube {
            let at = |d| hypercube::coordinate(draw, self.draws, d as u32, self.seed);
            return (0..priors.len()).map(at).collect();
        }
        let blocks = self.kind.blocks(priors);
        let size = self.cluster(priors);
        let (base, place) = (draw / size, (draw % size) as usize);
        let taken: &[usize] = place.checked_sub(2).map_or(&[], |k| &blocks[k]);
        let second = place == 1;
        let bases = self.draws / size;
        let point = |d: usize| match second || taken.contains(&d) {
            false => sobol(base, d, self.seed),
            true => sobol(shuffled(base, bases.max(1), [bases.max(1), 0], self.seed), d, self.seed ^ SECOND),
        };
        (0..priors.len()).map(point).collect()
    }

    /// Consecutive draws that are independent of the others, by which an estimate's precision is judged:
    /// blocks of a Latin hypercube, base points of a radial design, else single draws.
    pub fn group(&self, priors: &[Prior]) -> u32 {
        let block = hypercube::block(self.draws).filter(|_| self.kind == DesignKind::LatinHypercube);
        block.unwrap_or(self.cluster(priors))
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
        if self.kind == DesignKind::Sobol && self.draws < FEWEST_SOBOL {
            let help = format!("use the design `latin-hypercube`, or at least {FEWEST_SOBOL} draws");
            let what =
                format!("among {} draws of a Sobol design parameters rise and fall together", self.draws);
            return Err(Rejected::new(what, help));
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
            DesignKind::LatinHypercube | DesignKind::Sobol => vec![],
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

#[cfg(test)]
mod tests {
    use super::*;

    const UNIFORM: Prior = Prior::Uniform { low: 0.0, high: 1.0 };

    #[test]
    fn a_fixed_parameter_leaves_the_others_alone() {
        for kind in [DesignKind::LatinHypercube, DesignKind::Sobol] {
            let design = Design { draws: 64, replicates: 4, seed: 3, kind };
            let free = design.parameters(&[UNIFORM; 3], 17);
            let fixed = design.parameters(&[UNIFORM, Prior::Fixed(0.5), UNIFORM], 17);
            assert_eq!((free[0], free[2]), (fixed[0], fixed[2]));
        }
    }

    /// The columns of a design of the model's size: a row for each parameter.
    fn columns(kind: DesignKind, draws: u32, seed: u64) -> Vec<Vec<f64>> {
        let design = Design { draws, replicates: 1, seed, kind };
        let points: Vec<Vec<f64>> = (0..draws).map(|draw| design.point(&[UNIFORM; 155], draw)).collect();
        (0..155).map(|d| points.iter().map(|point| point[d]).collect()).collect()
    }

    /// The correlations of all pairs of parameters.
    fn correlations(kind: DesignKind, draws: u32, seed: u64) -> Vec<f64> {
        let columns: Vec<Vec<f64>> = columns(kind, draws, seed)
            .into_iter()
            .map(|column| {
                let mean = column.iter().sum::<f64>() / column.len() as f64;
                let norm = column.iter().map(|x| (x - mean).powi(2)).sum::<f64>().sqrt();
                column.iter().map(|x| (x - mean) / norm).collect()
            })
            .collect();
        let pair = |a: usize, b: usize| columns[a].iter().zip(&columns[b]).map(|(x, y)| x * y).sum();
        (0..155).flat_map(|a| (0..a).map(move |b| (a, b))).map(|(a, b)| pair(a, b)).collect()
    }

    #[test]
    fn no_two_parameters_of_two_hundred_draws_are_mixed_up() {
        let (mut above, mut most) = (0, 0.0_f64);
        for seed in 1..=20 {
            let all = correlations(DesignKind::LatinHypercube, 200, seed);
            above += all.iter().filter(|r| r.abs() > 0.3).count();
            most = all.iter().fold(most, |most, r| most.max(r.abs()));
        }
        assert!(above <= 2 * 20 && most < 0.45, "{above} pairs of 20 designs, at most {most}");
        // What it stands for: the Sobol sequence at this size, and where it may be asked for.
        let sobol =
            |draws| correlations(DesignKind::Sobol, draws, 1).iter().filter(|r| r.abs() > 0.3).count();
        assert!(sobol(200) > 100 && sobol(FEWEST_SOBOL) == 0, "{} {}", sobol(200), sobol(FEWEST_SOBOL));
        let few = Design { draws: 200, replicates: 10, seed: 1, kind: DesignKind::Sobol };
        assert!(few.check().is_err_and(|fault| fault.help.contains("latin-hypercube")));
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
}

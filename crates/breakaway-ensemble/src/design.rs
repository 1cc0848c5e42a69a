//! Which parameters each member gets: a Sobol point a draw, shared by its replicates.

use breakaway_model::lanes::{Lane, WIDTH};
use breakaway_model::params::{Params, Prior};
use serde::{Deserialize, Serialize};

/// Draws of parameters times replicates of luck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Design {
    /// Parameter draws: points of an Owen-scrambled Sobol sequence.
    pub draws: u32,
    /// Members per draw, which differ by luck only.
    pub replicates: u32,
    /// Seed of both.
    pub seed: u64,
}

/// Most draws: the length of the Sobol sequence.
pub const MOST_DRAWS: u32 = 65_536;
/// Most members in all.
pub const MOST_MEMBERS: u64 = 10_000_000;

impl Design {
    /// Number of members.
    pub fn members(&self) -> u32 {
        self.draws * self.replicates
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
        let seed = (self.seed ^ (self.seed >> 32)) as u32;
        let point = |dimension| f64::from(sobol_burley::sample(draw, dimension, seed));
        priors.iter().enumerate().map(|(d, prior)| prior.quantile(point(d as u32)) as f32).collect()
    }

    /// The parameters of a vector of members.
    pub fn lanes(&self, priors: &[Prior], members: &[u32; WIDTH]) -> Params {
        let mut values = vec![Lane::ZERO; priors.len()];
        let mut last: Option<(u32, Vec<f32>)> = None;
        for (lane, &member) in members.iter().enumerate() {
            let draw = self.draw_of(member);
            if last.as_ref().is_none_or(|(known, _)| *known != draw) {
                last = Some((draw, self.parameters(priors, draw)));
            }
            for (value, x) in values.iter_mut().zip(last.iter().flat_map(|(_, xs)| xs)) {
                value.0[lane] = *x;
            }
        }
        Params::from_lanes(&values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_parameter_leaves_the_others_alone() {
        let design = Design { draws: 64, replicates: 4, seed: 3 };
        let uniform = Prior::Uniform { low: 0.0, high: 1.0 };
        let free = design.parameters(&[uniform; 3], 17);
        let fixed = design.parameters(&[uniform, Prior::Fixed(0.5), uniform], 17);
        assert_eq!((free[0], free[2]), (fixed[0], fixed[2]));
    }

    #[test]
    fn points_fill_every_dimension_evenly() {
        let design = Design { draws: 256, replicates: 1, seed: 1 };
        let priors = [Prior::Uniform { low: 0.0, high: 1.0 }; 150];
        let points: Vec<_> = (0..256).map(|d| design.parameters(&priors, d)).collect();
        for d in 0..150 {
            for quarter in 0..4 {
                let inside = points.iter().filter(|p| (p[d] * 4.0) as usize == quarter).count();
                assert_eq!(inside, 64, "dimension {d}");
            }
        }
    }
}

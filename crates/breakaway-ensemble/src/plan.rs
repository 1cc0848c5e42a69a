//! What is simulated: a scenario, where its parameters come from, a design.

use crate::design::Design;
use crate::histograms::Catalogue;
use crate::parameter_source::ParameterSource;
use crate::splitting::RareClaims;
use breakaway_model::dispatch::Simd;
use breakaway_model::entity::EntityKind;
use breakaway_model::lanes::{Lane, WIDTH};
use breakaway_model::observe::{OBSERVABLES, Observable};
use breakaway_model::params::Params;
use breakaway_model::world::World;
use breakaway_scenario::Scenario;
use breakaway_scenario::claim::{Statement, visit_all};

/// A plan of simulations; it does not change while they run.
pub struct Plan<'a> {
    /// Scenario.
    pub scenario: &'a Scenario,
    /// Where parameters come from.
    pub source: ParameterSource,
    /// Design.
    pub design: Design,
    /// Vector instructions; results do not depend on them.
    pub simd: Simd,
    /// Claims that simulations are split for.
    pub rare: RareClaims,
    /// Parameters, by their place, that have a value of their own in all draws.
    pub fixed: Vec<(usize, f32)>,
    /// Parameter sets beyond those of the design: the draws that follow its own.
    pub further: Vec<Vec<f32>>,
    /// What is recorded.
    pub catalogue: Catalogue,
    /// The worlds with one lever switched, for claims that compare.
    pub(crate) compared: Vec<ComparedWorld>,
    /// Consecutive draws that belong to one base point.
    cluster: u32,
}

impl<'a> Plan<'a> {
    /// A plan of a scenario with this source of parameters and this design.
    pub fn new(
        scenario: &'a Scenario,
        source: impl Into<ParameterSource>,
        design: Design,
        simd: Simd,
    ) -> Plan<'a> {
        let mut levers = vec![];
        visit_all(&scenario.claims, &mut |statement| {
            if let Statement::Compared { lever, .. } = statement
                && !levers.contains(lever)
            {
                levers.push(*lever);
            }
        });
        let compared = levers.into_iter().map(|lever| ComparedWorld::new(scenario, lever)).collect();
        let catalogue = Catalogue::new(&scenario.world);
        let source = source.into();
        let cluster = design.cluster(&source.priors);
        let rare = RareClaims::default();
        Plan {
            scenario,
            source,
            design,
            simd,
            rare,
            fixed: vec![],
            further: vec![],
            catalogue,
            compared,
            cluster,
        }
    }

    /// The number of the first member that has a further parameter set.
    pub fn member_of(&self, further: usize) -> u32 {
        (self.design.draws + further as u32) * self.design.replicates
    }

    /// The parameters of a draw, in the order of [`Scenario::specs`].
    pub fn parameters(&self, draw: u32) -> Vec<f32> {
        let beyond = draw.checked_sub(self.design.draws).and_then(|k| self.further.get(k as usize));
        if let Some(own) = beyond {
            return own.clone();
        }
        let mut values = self.design.parameters(&self.source.priors, draw);
        self.source.update(draw, &mut values);
        self.fixed.iter().for_each(|(place, value)| values[*place] = *value);
        values
    }

    /// The numbers of the chance that members have: their own, or in a radial design those of the first draw of their
    /// base point. Draws that differ in few parameters then differ by these alone, not by luck.
    pub(crate) fn chance(&self, members: &[u32; WIDTH]) -> [u32; WIDTH] {
        let repeats = self.design.replicates;
        members.map(|member| {
            if self.cluster == 1 {
                return member;
            }
            let base = self.design.draw_of(member) / self.cluster * self.cluster;
            base * repeats + member % repeats
        })
    }

    /// The parameters of a vector of members.
    pub fn lanes(&self, members: &[u32; WIDTH]) -> Params {
        let mut values = vec![Lane::ZERO; self.source.priors.len()];
        let mut last: Option<(u32, Vec<f32>)> = None;
        for (lane, &member) in members.iter().enumerate() {
            let draw = self.design.draw_of(member);
            if last.as_ref().is_none_or(|(known, _)| *known != draw) {
                last = Some((draw, self.parameters(draw)));
            }
            for (value, x) in values.iter_mut().zip(last.iter().flat_map(|(_, xs)| xs)) {
                value.0[lane] = *x;
            }
        }
        Params::from_lanes(&values)
    }

    /// What is kept of each member's last day: each observable of a polity, for each polity.
    pub fn last_day(world: &World) -> Vec<(&'static Observable, usize)> {
        let of_polity = OBSERVABLES.iter().filter(|o| o.of == EntityKind::Polity);
        of_polity.flat_map(|o| (0..world.polities.len()).map(move |k| (o, k))).collect()
    }
}

/// A world in which one lever is switched.
pub(crate) struct ComparedWorld {
    pub(crate) lever: usize,
    pub(crate) world: World,
    /// The first day that may differ.
    pub(crate) from: u32,
}

impl ComparedWorld {
    fn new(scenario: &Scenario, lever: usize) -> ComparedWorld {
        let first = scenario.levers[lever].changes.iter().map(|(day, _)| *day).min();
        // A lever that changes nothing within the horizon differs on no day: any day will do.
        let from = first.unwrap_or(1).clamp(1, scenario.world.days.max(1));
        ComparedWorld { lever, world: scenario.with_lever(lever), from }
    }
}

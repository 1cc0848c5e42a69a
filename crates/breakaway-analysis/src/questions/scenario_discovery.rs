//! What would have to be true: boxes of parameters in which a claim holds, or fails, more often.

use super::left_out::{FOLDS, LeftOut, certain, cross_validate, left_out, search};
use crate::LoadedRun;
use crate::methods::prim::{Cases, Found, Limits, Restriction, paste, restrictions, simplify};
use breakaway_ensemble::{Context, Stopped, Tally};
use breakaway_model::params::Spec;
use serde::{Deserialize, Serialize};

/// Boxes that are sought, each among the cases outside those before.
const MOST_BOXES: usize = 2;
/// Ends of a box that chance could have made with more than this probability are dropped.
const MOST_QUASI_P: f64 = 0.05;
/// Rows of the trade-off curve.
const CURVE: usize = 10;

/// Boxes of parameters in which a claim fails, or holds, more often than elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioDiscovery {
    /// Whether boxes are sought in which the claim fails: what is rarer has the clearer conditions.
    pub fails: bool,
    /// Share of the simulations in which it does so.
    pub base: f64,
    /// Parameter sets in which any simulation counts.
    pub draws: usize,
    /// Fewest parameter sets of which a box can be found and tested; none where there are as many.
    pub draws_needed: Option<usize>,
    /// The boxes; each was sought among the simulations outside those before.
    pub boxes: Vec<ParameterBox>,
}

/// A box of parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParameterBox {
    /// Its ends.
    pub ends: Vec<BoxEnd>,
    /// Share of its simulations in which the claim does so.
    pub density: f64,
    /// The same of simulations that were left out when such boxes were sought.
    pub density_left_out: f64,
    /// Share of the simulations in the box, among those outside the boxes before.
    pub mass: f64,
    /// Share of all simulations in which the claim does so that are in the box.
    pub coverage: f64,
    /// How it was chosen.
    pub trade_off: Vec<TradeOff>,
}

/// One end of a box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoxEnd {
    /// Parameter.
    pub parameter: String,
    /// Its unit.
    pub unit: String,
    /// Its meaning.
    pub meaning: String,
    /// Whether values in the box lie above the end.
    pub above: bool,
    /// The end.
    pub value: f64,
    /// Probability that chance alone made it.
    pub quasi_p: f64,
}

/// A box on the way to smaller ones.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TradeOff {
    /// Share of the simulations in it.
    pub mass: f64,
    /// Share of those in which the claim does so that are in the box.
    pub coverage: f64,
    /// Share of its simulations in which the claim does so.
    pub density: f64,
    /// Coverage for simulations left out.
    pub coverage_left_out: f64,
    /// Density for simulations left out.
    pub density_left_out: f64,
    /// Parameters that it restricts.
    pub parameters: usize,
    /// Whether it was chosen.
    pub chosen: bool,
}

/// Finds the boxes of a claim, chosen and judged on parameter sets that they were not found on.
///
/// # Errors
/// [`Stopped`] where the context was cancelled.
pub(crate) fn scenario_discovery(
    loaded: &LoadedRun,
    tally: &Tally,
    context: &Context,
) -> Result<ScenarioDiscovery, Stopped> {
    let fails = tally.probability().unwrap_or(0.0) > 0.5;
    let parameters: Vec<usize> = (0..loaded.members.parameters.len())
        .filter(|&k| {
            let values = &loaded.members.parameters[k];
            values.iter().any(|x| *x != values[0])
        })
        .collect();
    let all = loaded.scenario.specs();
    let specs: Vec<Spec> = parameters.iter().filter_map(|&k| all.get(k).cloned()).collect();
    // In a radial design the first two draws of a base point are independent, the others near-copies.
    let cluster = loaded.members.cluster as usize;
    let counted: Vec<usize> =
        (0..tally.by_draw().len()).filter(|&d| tally.by_draw()[d].0 > 0 && d % cluster < 2).collect();
    let mut discovery = ScenarioDiscovery {
        fails,
        base: 0.0,
        draws: counted.len(),
        draws_needed: (counted.len() < 10 * FOLDS).then_some(10 * FOLDS),
        boxes: vec![],
    };
    if discovery.draws_needed.is_some() || parameters.is_empty() {
        return Ok(discovery);
    }
    let hits = |(n, held): (u32, u32)| f64::from(if fails { n - held } else { held });
    let cases = Cases {
        columns: parameters
            .iter()
            .map(|&k| counted.iter().map(|&d| loaded.members.parameters[k][d]).collect())
            .collect(),
        members: counted.iter().map(|&d| f64::from(tally.by_draw()[d].0)).collect(),
        hits: counted.iter().map(|&d| hits(tally.by_draw()[d])).collect(),
    };
    let (all_members, all_hits) = cases.all();
    discovery.base = all_hits / all_members;
    let per_draw = all_members / counted.len() as f64;
    let alike = Tally::of(counted.iter().map(|&d| tally.by_draw()[d]).collect()).correlation();
    let design_effect = 1.0 + (per_draw - 1.0).max(0.0) * alike.unwrap_or(1.0);
    let mut rest = cases.clone();
    for _ in 0..MOST_BOXES {
        context.check()?;
        let Some(shape) = Shape::of(&rest, discovery.base, design_effect) else { break };
        let (_, hits) = rest.within(&shape.found.limits);
        discovery.boxes.push(ParameterBox {
            ends: ends(&rest, &specs, &shape.found.limits, design_effect),
            density: shape.found.density,
            density_left_out: shape.left_out.density(),
            mass: shape.found.mass,
            coverage: hits / all_hits,
            trade_off: trade_off(&shape),
        });
        rest = rest.outside(&shape.found.limits);
    }
    Ok(discovery)
}

/// A box, how it was chosen, and what became of draws left out.
struct Shape {
    found: Found,
    path: Vec<Found>,
    tested: Vec<LeftOut>,
    best: usize,
    left_out: LeftOut,
}

impl Shape {
    /// The box that gains most on draws left out; none where none gains.
    fn of(cases: &Cases, p: f64, design_effect: f64) -> Option<Shape> {
        let path = search(cases);
        let tested = cross_validate(cases, &path);
        let gain = |k: &usize| tested[*k].gain(p);
        let best = (0..path.len()).max_by(|a, b| gain(a).total_cmp(&gain(b)).then(b.cmp(a)))?;
        let finish = |cases: &Cases, limits: &Limits| {
            simplify(cases, &paste(cases, limits), design_effect, MOST_QUASI_P)
        };
        let (left_out, folds) = left_out(cases, path[best].mass, &finish);
        let limits = certain(cases, finish(cases, &path[best].limits), &folds);
        let stands_out = limits != Limits::none(cases.columns.len()) && left_out.density() > p;
        stands_out.then(|| Shape { found: cases.judge(limits), path, tested, best, left_out })
    }
}

/// The ends of a box.
fn ends(cases: &Cases, specs: &[Spec], limits: &Limits, design_effect: f64) -> Vec<BoxEnd> {
    let one = |end: &Restriction| {
        let spec = specs.get(end.column)?;
        Some(BoxEnd {
            parameter: spec.key(),
            unit: spec.unit.into(),
            meaning: spec.doc.to_string(),
            above: end.above,
            value: f64::from(end.value),
            quasi_p: end.quasi_p,
        })
    };
    restrictions(cases, limits, design_effect).iter().filter_map(one).collect()
}

/// Some boxes of the path to the chosen one and beyond.
fn trade_off(shape: &Shape) -> Vec<TradeOff> {
    let Shape { path, tested, best, .. } = shape;
    let step = path.len().div_ceil(CURVE).max(1);
    let kept = path.iter().enumerate().filter(|(k, _)| k % step == 0 || k == best || k + 1 == path.len());
    let bounded = |found: &Found| {
        let Limits { low, high } = &found.limits;
        low.iter().zip(high).filter(|(low, high)| low.is_finite() || high.is_finite()).count()
    };
    kept.map(|(k, found)| TradeOff {
        mass: found.mass,
        coverage: found.coverage,
        density: found.density,
        coverage_left_out: tested[k].coverage(),
        density_left_out: tested[k].density(),
        parameters: bounded(found),
        chosen: k == *best,
    })
    .collect()
}

//! Which assumptions matter: effects of parameters on a claim.

use super::moved::Moved;
use super::{Interval, interval};
use crate::LoadedRun;
use crate::methods::given_data::{FEWEST, chance_of, given};
use crate::methods::sobol_indices::{Effect, Elementary, Estimated, Radial};
use breakaway_ensemble::share::NORMAL;
use breakaway_ensemble::{DesignKind, Tally};
use breakaway_model::params::Spec;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};
use std::collections::BTreeMap;

/// Parameters that are moved alone, and reported where they change the claim.
pub const REPORTED: usize = 6;
const RESAMPLES: usize = 100;
/// Parameter sets that are used at most where none were made for the purpose: more tell little more.
const MOST_DRAWS: usize = 4096;

/// Effects of parameters on a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sensitivity {
    /// How they were estimated.
    pub method: Method,
    /// Whether the variance that is chance was taken out; it cannot be with one repeat.
    pub chance_removed: bool,
    /// What came of it.
    pub verdict: Verdict,
    /// Parameters that change the claim when they are moved alone, the largest change first; those with the largest
    /// effects were. Where none was moved: those whose effects can be told from none.
    pub parameters: Vec<ParameterEffect>,
    /// Parameters that were moved alone and change nothing beyond chance.
    pub unconfirmed: u32,
    /// Effects by mechanism: sums over those parameters, or of all its parameters together.
    pub mechanisms: Vec<MechanismEffect>,
}

/// How effects were estimated.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// From parameter sets that were made for no such purpose.
    GivenData {
        /// Parameter sets.
        draws: usize,
    },
    /// From a radial design, parameter by parameter.
    Radial {
        /// Base points.
        points: usize,
    },
    /// From a radial design, mechanism by mechanism.
    Grouped {
        /// Base points.
        points: usize,
    },
}

/// What came of an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Too few parameter sets or base points; at least so many are needed.
    TooFew {
        /// Fewest that can be distinguished.
        needed: usize,
    },
    /// The probability does not vary beyond chance.
    NoVariation,
    /// Effects were estimated.
    Estimated,
}

/// The effect of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParameterEffect {
    /// Full name.
    pub parameter: String,
    /// Meaning.
    pub meaning: String,
    /// Effect.
    pub effect: EffectShares,
    /// Elementary effects over its range, from a radial design.
    pub elementary: Option<Elementary>,
    /// Whether its effect as a share can be told from none.
    pub stands_out: bool,
    /// What it does when it is moved alone; none where it was not.
    pub moved: Option<Moved>,
}

/// The effect of a mechanism.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MechanismEffect {
    /// Name.
    pub mechanism: String,
    /// Effect.
    pub effect: EffectShares,
}

/// First-order and total effect, as shares of the variance between parameter sets. Chance can push an estimate below 0
/// or above 1; it is shown as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EffectShares {
    /// What it does alone.
    pub first: f64,
    /// Its interval: of those of the parameters that are shown, 95 % contain the truth.
    pub first_interval: Interval,
    /// What it does alone and together with others; none where it is not known.
    pub total: Option<f64>,
    /// Its 95 % interval.
    pub total_interval: Interval,
}

impl EffectShares {
    /// With intervals that are so many standard errors wide on each side.
    fn of(effect: &Effect, errors: f64) -> EffectShares {
        EffectShares {
            first: effect.first.value,
            first_interval: interval(effect.first.within(errors)),
            total: effect.total.map(|total| total.value),
            total_interval: effect.total.and_then(|total| interval(total.within(errors))),
        }
    }
}

/// Standard errors of intervals for those parameters that are shown because their estimates are the largest of so many:
/// of the intervals shown, 95 % contain the truth (false coverage rate; Benjamini & Yekutieli 2005, "False discovery
/// rate-adjusted multiple confidence intervals for selected parameters").
pub fn errors_of_selected(among: usize) -> f64 {
    let selected = REPORTED.min(among) as f64 / among.max(1) as f64;
    Normal::standard().inverse_cdf(1.0 - 0.025 * selected)
}

/// Estimates the effects of parameters on a claim.
pub(crate) fn sensitivity(loaded: &LoadedRun, claim: usize, tally: &Tally) -> Sensitivity {
    let answers: Vec<Option<f64>> =
        tally.by_draw().iter().map(|&(n, held)| (n > 0).then(|| f64::from(held) / f64::from(n))).collect();
    let chance = chance_of(tally.by_draw());
    let found = match loaded.manifest().design.kind {
        DesignKind::LatinHypercube | DesignKind::Sobol => from_given(loaded, &answers, chance.unwrap_or(0.0)),
        kind @ (DesignKind::Saltelli | DesignKind::Grouped) => radial(loaded, claim, kind),
    };
    Sensitivity { chance_removed: chance.is_some(), ..found }
}

fn nothing(method: Method, verdict: Verdict) -> Sensitivity {
    let (parameters, mechanisms) = (vec![], vec![]);
    Sensitivity { method, chance_removed: true, verdict, parameters, unconfirmed: 0, mechanisms }
}

fn from_given(loaded: &LoadedRun, answers: &[Option<f64>], chance: f64) -> Sensitivity {
    let counted: Vec<usize> = (0..answers.len()).filter(|&i| answers[i].is_some()).take(MOST_DRAWS).collect();
    let y: Vec<f64> = counted.iter().filter_map(|&i| answers[i]).collect();
    let columns: Vec<Vec<f32>> =
        loaded.members.parameters.iter().map(|values| counted.iter().map(|&i| values[i]).collect()).collect();
    let method = Method::GivenData { draws: y.len() };
    if y.len() < FEWEST {
        return nothing(method, Verdict::TooFew { needed: FEWEST });
    }
    let Some(found) = given(&columns, &y, chance, RESAMPLES, 1) else {
        return nothing(method, Verdict::NoVariation);
    };
    // Such sets say nothing of total effects.
    let of = |first| Effect { first, total: None };
    let effects: Vec<(usize, Effect)> = found.into_iter().map(of).enumerate().collect();
    let specs = loaded.scenario.specs();
    Sensitivity {
        method,
        chance_removed: true,
        verdict: Verdict::Estimated,
        parameters: parameters(&specs, &effects, &BTreeMap::new()),
        unconfirmed: 0,
        mechanisms: sums_by_mechanism(&specs, &effects),
    }
}

fn radial(loaded: &LoadedRun, claim: usize, kind: DesignKind) -> Sensitivity {
    let answers = repeats(loaded, claim);
    let blocks = kind.blocks(&loaded.source.priors);
    let specs = loaded.scenario.specs();
    let radial = Radial::of(&answers, blocks.len());
    let points = radial.first.len();
    let grouped = kind == DesignKind::Grouped;
    let method = if grouped { Method::Grouped { points } } else { Method::Radial { points } };
    if points < FEWEST / 2 {
        return nothing(method, Verdict::TooFew { needed: FEWEST / 2 });
    }
    let Some(effects) = radial.effects() else { return nothing(method, Verdict::NoVariation) };
    let mut effects: Vec<(usize, Effect)> = blocks.iter().map(|block| block[0]).zip(effects).collect();
    let mut found = nothing(method, Verdict::Estimated);
    if grouped {
        effects.sort_by(|(_, a), (_, b)| weight(b).total_cmp(&weight(a)));
        let one = |(parameter, effect): &(usize, Effect)| MechanismEffect {
            mechanism: specs.get(*parameter).map_or("", |spec| spec.mechanism).into(),
            effect: EffectShares::of(effect, NORMAL),
        };
        found.mechanisms = effects.iter().map(one).collect();
        return found;
    }
    found.parameters = parameters(&specs, &effects, &elementary(loaded, &answers, &blocks, &radial));
    found.mechanisms = sums_by_mechanism(&specs, &effects);
    found
}

/// By draw: the claim in each repeat, 1 where it holds and 0 where it does not; none where it does not count.
fn repeats(loaded: &LoadedRun, claim: usize) -> Vec<Vec<Option<f64>>> {
    let each = loaded.manifest().design.replicates.max(1) as usize;
    let answer = |verdict: &breakaway_ensemble::claim_monitor::Verdict| {
        verdict.counts.then(|| f64::from(u8::from(verdict.day.is_some())))
    };
    let all: Vec<Option<f64>> = loaded.members.verdicts[claim].iter().map(answer).collect();
    all.chunks(each).map(<[Option<f64>]>::to_vec).collect()
}

/// Elementary effects of each parameter of a radial design.
fn elementary(
    loaded: &LoadedRun,
    answers: &[Vec<Option<f64>>],
    blocks: &[Vec<usize>],
    radial: &Radial,
) -> BTreeMap<usize, Elementary> {
    let design = loaded.manifest().design;
    let each = blocks.len() as u32 + 2;
    let whole: Vec<u32> = (0..answers.len() as u32 / each)
        .filter(|point| {
            let draws = &answers[(point * each) as usize..((point + 1) * each) as usize];
            (0..draws[0].len()).any(|repeat| draws.iter().all(|draw| draw[repeat].is_some()))
        })
        .collect();
    let points: Vec<Vec<f64>> =
        (0..answers.len() as u32).map(|draw| design.point(&loaded.source.priors, draw)).collect();
    let mut all = BTreeMap::new();
    for (k, block) in blocks.iter().enumerate() {
        let coordinate = |draw: u32| points[draw as usize][block[0]];
        let from: Vec<f64> = whole.iter().map(|point| coordinate(point * each)).collect();
        let to: Vec<f64> = whole.iter().map(|point| coordinate(point * each + 2 + k as u32)).collect();
        if let Some(found) = radial.elementary(k, &from, &to) {
            all.insert(block[0], found);
        }
    }
    all
}

/// Whether an effect can be told from none: its total or its first-order effect lies so many standard errors above
/// zero that of 150 parameters without any one does so in one analysis of twenty (Bonferroni).
fn stands_out(effect: &Effect) -> bool {
    let far = |one: &Estimated| one.value > 3.6 * one.error;
    effect.total.as_ref().is_some_and(far) || far(&effect.first)
}

/// By what effects are ordered: the total, where it is known.
fn weight(effect: &Effect) -> f64 {
    effect.total.unwrap_or(effect.first).value
}

fn parameters(
    specs: &[Spec],
    effects: &[(usize, Effect)],
    elementary: &BTreeMap<usize, Elementary>,
) -> Vec<ParameterEffect> {
    let mut order: Vec<&(usize, Effect)> = effects.iter().collect();
    order.sort_by(|(_, a), (_, b)| weight(b).total_cmp(&weight(a)));
    let errors = errors_of_selected(effects.iter().filter(|(_, effect)| effect.first.error > 0.0).count());
    let one = |(parameter, effect): &(usize, Effect)| {
        let spec = specs.get(*parameter)?;
        Some(ParameterEffect {
            parameter: spec.key(),
            meaning: spec.doc.to_string(),
            effect: EffectShares::of(effect, errors),
            elementary: elementary.get(parameter).copied(),
            stands_out: stands_out(effect),
            moved: None,
        })
    };
    order.into_iter().take(REPORTED).filter_map(one).collect()
}

fn sums_by_mechanism(specs: &[Spec], effects: &[(usize, Effect)]) -> Vec<MechanismEffect> {
    let mut sums: BTreeMap<&str, EffectShares> = BTreeMap::new();
    for (parameter, effect) in effects.iter().filter(|(_, effect)| stands_out(effect)) {
        let sum = sums.entry(specs.get(*parameter).map_or("", |spec| spec.mechanism)).or_default();
        sum.first += effect.first.value;
        if let Some(total) = effect.total {
            sum.total = Some(sum.total.unwrap_or(0.0) + total.value.max(0.0));
        }
    }
    let mut sums: Vec<(&str, EffectShares)> = sums.into_iter().collect();
    sums.sort_by(|(_, a), (_, b)| b.total.unwrap_or(b.first).total_cmp(&a.total.unwrap_or(a.first)));
    let one =
        |(mechanism, effect): (&str, EffectShares)| MechanismEffect { mechanism: mechanism.into(), effect };
    sums.into_iter().map(one).collect()
}

//! Rare claims of a run: which are split for, and what that says of them.

use crate::answers::ClaimAnswer;
use crate::manifest::ClaimRecord;
use breakaway_ensemble::share::Share;
use breakaway_ensemble::splitting::{Effort, Goal, RareEstimate, Split, over_parameter_sets, split};
use breakaway_ensemble::tally::{FEWEST_CASES, FEWEST_CONDITIONAL};
use breakaway_ensemble::{Context, Plan, Stopped, Tally};
use serde::{Deserialize, Serialize};

/// Members that meet a claim's condition below which a run splits for it by itself (judgement).
pub const ENOUGH: u32 = 200;

/// How a rare claim's answer was made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RareAnswer {
    /// Whether simulations were split for the claim; else for its condition.
    pub claim: bool,
    /// What was found of that.
    pub estimate: RareEstimate,
}

/// Splits for the rare among a run's claims, and puts what that says into their answers.
pub(crate) fn rare(
    plan: &Plan,
    claims: &[ClaimRecord],
    tallies: &[Tally],
    answers: &mut [ClaimAnswer],
    context: &Context,
) -> Result<(), Stopped> {
    // By identifier, so that the order of claims in their file changes no chance.
    let mut all: Vec<usize> = (0..claims.len()).collect();
    all.sort_by(|a, b| claims[*a].id.cmp(&claims[*b].id));
    let asked: Vec<usize> = all.iter().copied().filter(|k| plan.rare.asks_for(&claims[*k].id)).collect();
    let few = |k: &usize| claims[*k].conditional && tallies[*k].counted() < ENOUGH;
    let by_itself: Vec<usize> =
        all.into_iter().filter(|k| plan.rare.goes_on_by_itself() && few(k) && !asked.contains(k)).collect();
    let goals = |claims: &[usize], whole: bool| -> Vec<Goal> {
        claims.iter().map(|claim| Goal { claim: *claim, whole }).collect()
    };
    let (conditional, plain): (Vec<usize>, Vec<usize>) =
        asked.into_iter().partition(|k| claims[*k].conditional);
    for (claims, effort) in [(&by_itself, Effort::BY_ITSELF), (&conditional, Effort::ASKED)] {
        for found in look_for(plan, &goals(claims, false), effort, context)? {
            let claim = found.goal.claim;
            if says_more(found.reached.len(), tallies[claim].counted()) {
                given(&mut answers[claim], &found);
            }
        }
    }
    for found in look_for(plan, &goals(&plain, true), Effort::ASKED, context)? {
        if found.levels > 0 {
            whole(&mut answers[found.goal.claim], &found);
        }
    }
    // Claims that are rare even where their condition is met.
    let rarer: Vec<usize> = conditional.into_iter().filter(|k| is_rare(&answers[*k])).collect();
    for found in look_for(plan, &goals(&rarer, true), Effort::ASKED, context)? {
        both(&mut answers[found.goal.claim], &found);
    }
    let split: Vec<usize> = plain.into_iter().filter(|k| answers[*k].rare.is_some()).collect();
    if !split.is_empty() && plan.design.draws > 1 {
        let ranges = over_parameter_sets(plan, &goals(&split, true), context)?;
        split.iter().zip(ranges).for_each(|(k, range)| answers[*k].range = Some(range));
    }
    Ok(())
}

fn look_for(plan: &Plan, goals: &[Goal], effort: Effort, context: &Context) -> Result<Vec<Split>, Stopped> {
    if goals.is_empty() { Ok(vec![]) } else { split(plan, goals, effort, context) }
}

fn is_rare(answer: &ClaimAnswer) -> bool {
    answer.members >= FEWEST_CONDITIONAL && answer.held < FEWEST_CASES
}

/// Whether simulations that reached a condition by splitting say more of a claim than the run's members that meet it: a
/// bad score may lose them on the way, and no answer that is there is given up for that.
fn says_more(reached: usize, counted: u32) -> bool {
    counted < FEWEST_CONDITIONAL || reached > counted as usize
}

/// A conditional claim among the simulations that reached its condition.
fn given(answer: &mut ClaimAnswer, found: &Split) {
    let estimate = found.estimate();
    let share = found.share().filter(|_| estimate.reached >= FEWEST_CONDITIONAL);
    *answer = ClaimAnswer {
        probability: share.map(|share| share.value),
        interval: share.as_ref().map(Share::interval),
        range: None,
        unknown_share: None,
        median_day: found.median_day().filter(|_| share.is_some()),
        members: estimate.reached,
        held: found.held(),
        rare: Some(RareAnswer { claim: false, estimate }),
        ..answer.clone()
    };
}

/// A claim without a condition.
fn whole(answer: &mut ClaimAnswer, found: &Split) {
    let estimate = found.estimate();
    *answer = ClaimAnswer {
        probability: Some(estimate.probability),
        interval: Some(estimate.interval),
        range: None,
        unknown_share: None,
        median_day: found.median_day(),
        rare: Some(RareAnswer { claim: true, estimate }),
        ..answer.clone()
    };
}

/// A conditional claim that is rare given its condition: the probability of both, over that of the condition.
fn both(answer: &mut ClaimAnswer, found: &Split) {
    let Some(condition) = answer.rare.map(|rare| rare.estimate).filter(|known| known.probability > 0.0)
    else {
        return;
    };
    let estimate = found.estimate();
    let (ratio, (from, to)) = estimate.given(&condition);
    let known = answer.interval.map_or(1.0, |(_, to)| to);
    answer.probability = Some(ratio);
    // Where nothing reached both, what was seen among those that met the condition bounds it too.
    answer.interval = Some((from, if ratio > 0.0 { to } else { to.min(known) }));
    answer.median_day = found.median_day();
    answer.rare = Some(RareAnswer { claim: true, estimate });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_not_given_up_for_less() {
        assert!(says_more(200, 31) && says_more(0, 19), "a bound is more than too few");
        assert!(!says_more(0, 31) && !says_more(31, 31));
    }
}

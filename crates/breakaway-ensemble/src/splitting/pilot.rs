//! Which parameter sets simulations begin with: many are looked at for some days, and those in which what is sought
//! seems near are taken more often, and weigh less.

use super::walk::scores;
use super::{Goal, group_of};
use crate::context::{Context, Stopped};
use crate::parallel::try_map;
use crate::plan::Plan;
use crate::simulate::MemberSpec;
use breakaway_model::lanes::WIDTH;
use breakaway_model::rng::philox;

/// Part of the horizon that a parameter set is looked at (judgement).
const PART: u32 = 26;
/// How much of the choice does not depend on what was seen: bounds the weights (judgement).
const REGARDLESS: f64 = 0.25;
/// Tells the choice of starts from other uses of random numbers.
const CHOICE: u32 = u32::MAX - 2;

/// Of all members of a plan about so many to begin with, each with its weight: the members that it stands for. And
/// how many whole simulations it took to choose them.
pub(super) fn starts(
    plan: &Plan,
    goals: &[Goal],
    wanted: u32,
    context: &Context,
) -> Result<(Vec<(u32, f64)>, u32), Stopped> {
    let all: Vec<u32> = (0..plan.design.members()).collect();
    if wanted as usize >= all.len() {
        return Ok((all.into_iter().map(|member| (member, 1.0)).collect(), 0));
    }
    let until = (plan.scenario.world.days / PART).max(1);
    let chunks: Vec<&[u32]> = all.chunks(WIDTH).collect();
    let task = context.task("parameter sets", all.len() as u64);
    let seen = try_map(context, &chunks, |chunk| {
        let specs: Vec<MemberSpec> = chunk.iter().copied().map(MemberSpec::of).collect();
        let seen = scores(plan, &specs, goals, until, &task)?;
        task.advance(chunk.len() as u64)?;
        Ok(seen)
    })?;
    // By goal: how near each came, over the mean.
    let mut size = vec![REGARDLESS; all.len()];
    for goal in 0..goals.len() {
        let near: Vec<f64> = seen.iter().flat_map(|chunk| chunk[goal].iter().copied()).collect();
        let mean = near.iter().sum::<f64>() / near.len() as f64;
        for (size, near) in size.iter_mut().zip(near) {
            *size += if mean > 0.0 { (near / mean).sqrt() } else { 1.0 } / goals.len() as f64;
        }
    }
    let groups = all.iter().map(|member| group_of(plan, *member)).max().map_or(1, |last| last + 1);
    let mut chosen = vec![];
    for group in 0..groups {
        let own: Vec<u32> = all.iter().copied().filter(|member| group_of(plan, *member) == group).collect();
        let sizes: Vec<f64> = own.iter().map(|member| size[*member as usize]).collect();
        let count = (f64::from(wanted) * own.len() as f64 / all.len() as f64).max(1.0);
        let key = [plan.design.seed as u32, (plan.design.seed >> 32) as u32];
        let [x, ..] = philox([group as u32, 0, 0, CHOICE], key);
        let offset = (f64::from(x) + 0.5) / (f64::from(u32::MAX) + 1.0);
        chosen.extend(systematic(&sizes, count, offset).into_iter().map(|(k, weight)| (own[k], weight)));
    }
    let whole = u64::from(until) * all.len() as u64 / u64::from(plan.scenario.world.days.max(1));
    Ok((chosen, whole as u32))
}

/// A sample of about so many, each in proportion to its size, with the inverse of its probability (Madow 1949, "On
/// the theory of systematic sampling, II").
fn systematic(sizes: &[f64], count: f64, offset: f64) -> Vec<(usize, f64)> {
    let mut probability: Vec<f64> = vec![0.0; sizes.len()];
    let mut sure = vec![false; sizes.len()];
    loop {
        let left = count - sure.iter().filter(|sure| **sure).count() as f64;
        let sum: f64 = sizes.iter().zip(&sure).filter(|(_, sure)| !**sure).map(|(size, _)| size).sum();
        let mut again = false;
        for ((p, size), sure) in probability.iter_mut().zip(sizes).zip(&mut sure) {
            *p = if *sure { 1.0 } else { (left * size / sum).max(0.0) };
            if *p >= 1.0 && !*sure {
                (*sure, again) = (true, true);
            }
        }
        if !again {
            break;
        }
    }
    let mut passed = 0.0;
    let mut chosen = vec![];
    for (k, p) in probability.into_iter().enumerate() {
        let before = (passed + offset).floor();
        passed += p;
        if p >= 1.0 || (passed + offset).floor() > before {
            chosen.push((k, 1.0 / p.min(1.0)));
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_stands_for_all() {
        let sizes: Vec<f64> =
            (0..1000).map(|k| if k % 100 == 0 { 500.0 } else { 1.0 + f64::from(k % 7) }).collect();
        let mut sum = 0.0;
        for step in 0..50 {
            let chosen = systematic(&sizes, 100.0, (f64::from(step) + 0.5) / 50.0);
            assert!((98..=102).contains(&chosen.len()), "{}", chosen.len());
            assert!((0..10).all(|k| chosen.contains(&(100 * k, 1.0))), "the largest are always there");
            sum += chosen.iter().map(|(_, weight)| weight).sum::<f64>() / 50.0;
        }
        assert!((sum - 1000.0).abs() < 5.0, "{sum}");
    }
}

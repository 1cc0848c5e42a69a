//! What has been seen since: members weighed by how well they agree with it, and a particle
//! filter that lives on from the best with fresh luck (Gordon, Salmond & Smith 1993, "Novel
//! approach to nonlinear/non-Gaussian Bayesian state estimation", IEE Proceedings F 140).

use crate::Error;
use crate::finding::{Cell, Finding, Table, number, percent};
use crate::resample::luck;
use crate::taken::Taken;
use breakaway_ensemble::block::Plan;
use breakaway_ensemble::life::{FRESH, Life, Lived, Wanted, live};
use breakaway_scenario::observed::Observation;
use rand::RngExt;
use std::collections::BTreeSet;

/// Effective members below which a posterior is a warning more than an answer (judgement).
const FEW: f64 = 50.0;
/// Effective members of a claim below which no weighted share is given (judgement).
const FEWEST: f64 = 5.0;
/// Errors from the nearest member beyond which no member matches (judgement; three standard
/// deviations as in history matching, Pukelsheim 1994).
const BEYOND: f64 = 3.0;

/// Prices every claim anew, given what was seen.
pub fn condition(taken: &Taken, observations: &[Observation], id: &str) -> Result<Finding, Error> {
    let plan = taken.plan();
    let members: Vec<Life> = (0..taken.recorded.draws.len() as u32)
        .filter(|&i| !taken.recorded.failed[i as usize])
        .map(Life::of)
        .collect();
    let seen = look(&plan, &members, observations);
    let mut finding = Finding::new(&format!("condition-{id}"), "Given what has been seen");
    finding.tables.push(fit(taken, observations, &seen)?);
    let logs: Vec<f64> = seen.iter().map(|values| log_likelihood(observations, values)).collect();
    let weights = normalised(&logs);
    let effective = effective(&weights);
    let Filtered { ends: filtered, resamples, ancestors } = filter(&plan, members.clone(), observations)?;
    finding.say(format!(
        "Observations: {}. They leave {effective:.0} effective members of {} by weights alone. {}",
        observations.len(),
        members.len(),
        match resamples {
            0 => "The filter had no need to resample.".into(),
            n => format!(
                "The filter resampled, and lived on with fresh luck, at {n} of the dates; the parameters of {ancestors} \
                 members are left in it."
            ),
        }
    ));
    if effective < FEW {
        finding.say(format!(
            "Fewer than {FEW} effective members: the weighted column rests on a few of them. Take more members, wider \
             errors or fewer observations; the filter's column suffers less, but its parameters are as few."
        ));
    }
    let columns = ["claim", "prior", "weighted", "filtered", "counted, effective"];
    let caption = "Claims before and after: by weights over the run's members, and by the particle filter";
    let mut table = Table::new("claims", caption, &columns);
    let mut moved = vec![];
    for (k, claim) in taken.scenario.claims.iter().enumerate() {
        let verdict = |life: &Life| taken.recorded.verdicts[k][life.member as usize];
        let prior = taken.tally(k).probability();
        let by_weight: Vec<_> = members.iter().map(verdict).zip(weights.iter().copied()).collect();
        let weighted = share(by_weight.iter().filter(|(v, _)| v.counts).map(|(v, w)| (v.day.is_some(), *w)));
        let ends =
            filtered.iter().filter(|(lived, _)| !lived.failed).map(|(lived, w)| (lived.verdicts[k], *w));
        let after = share(ends.filter(|(v, _)| v.counts).map(|(v, w)| (v.day.is_some(), w)));
        if let (Some(prior), Some(after)) = (prior, after) {
            moved.push((after - prior, format!("{} ({} -> {})", claim.id, percent(prior), percent(after))));
        }
        let counted: Vec<f64> = by_weight.iter().filter(|(v, _)| v.counts).map(|(_, w)| *w).collect();
        let counted = crate::condition::effective(&counted);
        // A share of one or two members is none.
        let weighted = weighted.filter(|_| counted >= FEWEST);
        table.row([
            Cell::text(&claim.id),
            Cell::share(prior),
            Cell::share(weighted),
            Cell::share(after),
            Cell::Number(counted.round()),
        ]);
    }
    moved.sort_by(|(a, _), (b, _)| b.abs().total_cmp(&a.abs()));
    let words: Vec<String> =
        moved.into_iter().filter(|(by, _)| by.abs() > 0.02).take(4).map(|(_, words)| words).collect();
    if !words.is_empty() {
        finding.say(format!("Claims that move most: {}.", words.join(", ")));
    }
    finding.tables.push(table);
    Ok(finding)
}

/// What each life shows of each observation.
fn look(plan: &Plan, lives: &[Life], observations: &[Observation]) -> Vec<Vec<f32>> {
    let mut days: Vec<u32> = observations.iter().map(|o| o.day).collect();
    days.dedup();
    let series: Vec<_> = observations.iter().map(|o| (o.observable, o.entity)).collect();
    let until = days.last().copied();
    let wanted = Wanted { series, days: days.clone(), until };
    let pick = |lived: Lived| -> Vec<f32> {
        if lived.failed {
            return vec![f32::NAN; observations.len()];
        }
        let of = |(k, o): (usize, &Observation)| {
            let day = days.iter().position(|day| *day == o.day).unwrap_or(0);
            lived.values[day * observations.len() + k]
        };
        observations.iter().enumerate().map(of).collect()
    };
    live(plan, lives, &wanted).into_iter().map(pick).collect()
}

/// How many errors a value lies from what was seen.
fn misfit(observation: &Observation, value: f32) -> f64 {
    (f64::from(value) - observation.value) / observation.error
}

/// Normal errors, independent of each other; a life that failed agrees with nothing.
fn log_likelihood(observations: &[Observation], values: &[f32]) -> f64 {
    let sum: f64 = observations.iter().zip(values).map(|(o, x)| -0.5 * misfit(o, *x).powi(2)).sum();
    if sum.is_finite() { sum } else { f64::NEG_INFINITY }
}

/// Weights that add up to 1; all nought where nothing agrees.
fn normalised(logs: &[f64]) -> Vec<f64> {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return vec![0.0; logs.len()];
    }
    let weights: Vec<f64> = logs.iter().map(|log| (log - most).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|w| w / sum).collect()
}

/// Effective sample size of weights (Kish 1965).
fn effective(weights: &[f64]) -> f64 {
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

fn share(held: impl Iterator<Item = (bool, f64)>) -> Option<f64> {
    let (all, yes) =
        held.fold((0.0, 0.0), |(all, yes), (held, w)| (all + w, yes + if held { w } else { 0.0 }));
    (all > 0.0).then(|| yes / all)
}

/// Each observation beside what the members show; a refusal where none comes near.
fn fit(taken: &Taken, observations: &[Observation], seen: &[Vec<f32>]) -> Result<Table, Error> {
    let columns = ["date", "observable", "of", "seen", "error", "median member", "nearest, errors away"];
    let mut table = Table::new("observations", "What was seen, and what the members show", &columns);
    for (k, o) in observations.iter().enumerate() {
        let mut values: Vec<f32> = seen.iter().map(|values| values[k]).collect();
        values.sort_by(f32::total_cmp);
        let nearest = values.iter().map(|x| misfit(o, *x).abs()).fold(f64::INFINITY, f64::min);
        let date = taken.scenario.date(o.day);
        let of = taken.manifest.names.of_observable(o.observable.of, o.entity);
        if nearest > BEYOND || values.is_empty() {
            let (low, high) = (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0));
            return Err(Error::Refused(
                format!(
                    "no member comes within {BEYOND} errors of `{}` of {of} on {date}: seen {}, members show {} to {}",
                    o.observable.name,
                    number(o.value),
                    number(low.into()),
                    number(high.into())
                ),
                "a wider `error` (it is smaller than the distance between members), wider priors, or a model that is wrong here".into(),
            ));
        }
        table.row([
            Cell::text(date.to_string()),
            Cell::text(o.observable.name),
            Cell::text(of),
            Cell::Number(o.value),
            Cell::Number(o.error),
            values.get(values.len() / 2).map_or(Cell::Nothing, |x| Cell::Number((*x).into())),
            Cell::Number(nearest),
        ]);
    }
    Ok(table)
}

/// What the particle filter came to.
struct Filtered {
    /// Ends with their weights.
    ends: Vec<(Lived, f64)>,
    resamples: u32,
    /// Members of the run whose parameters are left.
    ancestors: usize,
}

/// Weighs lives at each date, resamples them where fewer than half are effective, with fresh luck
/// from that date on, and lives them to the end.
fn filter(plan: &Plan, mut lives: Vec<Life>, observations: &[Observation]) -> Result<Filtered, Error> {
    let mut logs = vec![0.0; lives.len()];
    let mut resamples = 0;
    let mut chance = luck(1);
    for together in observations.chunk_by(|a, b| a.day == b.day) {
        let seen = look(plan, &lives, together);
        for (log, values) in logs.iter_mut().zip(&seen) {
            *log += log_likelihood(together, values);
        }
        let weights = normalised(&logs);
        let left = effective(&weights);
        if left == 0.0 {
            return Err(Error::Refused(
                format!("no particle agrees with what was seen until day {}", together[0].day),
                "wider errors or more members".into(),
            ));
        }
        if left >= lives.len() as f64 / 2.0 {
            continue;
        }
        let n = lives.len();
        let numbers = |n: u32| {
            let first = FRESH.checked_add(n.checked_mul(resamples)?)?;
            first.checked_add(n).map(|_| first)
        };
        let first = u32::try_from(n).ok().and_then(numbers).ok_or_else(|| {
            Error::Refused("there is no fresh luck left".into(), "fewer dates or members".into())
        })?;
        let start: f64 = chance.random();
        let parents = systematic(&weights, start);
        let fresh = |(k, parent): (usize, usize)| lives[parent].turn(together[0].day, first + k as u32);
        lives = parents.into_iter().enumerate().map(fresh).collect();
        logs.fill(0.0);
        resamples += 1;
    }
    let weights = normalised(&logs);
    let ancestors: BTreeSet<u32> = lives.iter().map(|life| life.member).collect();
    let ends = live(plan, &lives, &Wanted::default()).into_iter().zip(weights).collect();
    Ok(Filtered { ends, resamples, ancestors: ancestors.len() })
}

/// Systematic resampling (Kitagawa 1996): which of the weighted each place goes to.
fn systematic(weights: &[f64], start: f64) -> Vec<usize> {
    let n = weights.len();
    let (mut sum, mut at) = (weights.first().copied().unwrap_or(0.0), 0);
    (0..n)
        .map(|k| {
            let target = (k as f64 + start) / n as f64;
            while sum < target && at + 1 < n {
                at += 1;
                sum += weights[at];
            }
            at
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_follow_the_misfit() {
        let weights = normalised(&[0.0, -0.5, -1e9]);
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12 && weights[2] == 0.0);
        assert!((weights[0] / weights[1] - 0.5_f64.exp()).abs() < 1e-12);
        assert!((effective(&[0.25; 4]) - 4.0).abs() < 1e-12);
        assert!((effective(&[1.0, 0.0, 0.0]) - 1.0).abs() < 1e-12);
        assert_eq!(share([(true, 0.25), (false, 0.75)].into_iter()), Some(0.25));
        assert_eq!(share([].into_iter()), None);
        assert_eq!(normalised(&[f64::NEG_INFINITY; 2]), [0.0, 0.0]);
        assert_eq!(effective(&[0.0, 0.0]), 0.0);
    }

    #[test]
    fn resampling_keeps_the_shares() {
        assert_eq!(systematic(&[0.5, 0.0, 0.25, 0.25], 0.5), [0, 0, 2, 3]);
        assert_eq!(systematic(&[1.0, 0.0, 0.0], 0.99), [0, 0, 0]);
    }
}

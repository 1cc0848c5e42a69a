//! Rare claims by splitting, beside as many plain simulations as it takes to see them.

use breakaway_ensemble::simulate::{MemberSpec, Outputs, simulate};
use breakaway_ensemble::splitting::{Effort, Goal, split};
use breakaway_ensemble::{Context, Design, DesignKind, Plan, Stopped};
use breakaway_model::dispatch::Simd;
use breakaway_scenario::{Scenario, load_from_memory};
use serde::{Deserialize, Serialize};

const SCENARIO: &[(&str, &str)] =
    crate::held!["three-regions": "scenario.toml", "regions.csv", "communities.csv", "links.csv"];
const CLAIMS: (&str, &str) = ("claims.toml", include_str!("../../rare/claims.toml"));

/// A rare claim in plain simulations and by splitting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RareClaim {
    /// Identifier.
    pub claim: String,
    /// Whether it is a claim given its condition.
    pub conditional: bool,
    /// Plain simulations that count.
    pub counted: u32,
    /// Plain simulations in which it holds.
    pub held: u32,
    /// Times that it was split for, with other seeds.
    pub seeds: u32,
    /// Mean of the estimates by splitting.
    pub mean: f64,
    /// Standard deviation of one of them.
    pub deviation: f64,
    /// Share of their 95 % intervals that contain what the plain simulations say.
    pub covers: f64,
    /// Simulations of one of them, the short ones in proportion.
    pub simulations: f64,
}

impl RareClaim {
    /// Probability in the plain simulations.
    pub fn plain(&self) -> f64 {
        f64::from(self.held) / f64::from(self.counted.max(1))
    }

    /// How far both are apart, in standard errors of the difference.
    pub fn apart(&self) -> f64 {
        let p = self.plain();
        let plain = p * (1.0 - p) / f64::from(self.counted.max(1));
        let split = self.deviation.powi(2) / f64::from(self.seeds);
        (self.mean - p) / (plain + split).sqrt()
    }

    /// How many times as many plain simulations have the same error; none for a conditional claim, which is a ratio.
    pub fn saved(&self) -> Option<f64> {
        let needed = self.mean * (1.0 - self.mean) / self.deviation.powi(2);
        (!self.conditional && self.deviation > 0.0).then(|| needed / self.simulations)
    }

    /// Whether both agree.
    pub fn holds(&self) -> bool {
        self.apart().abs() <= 3.0
    }
}

/// All rare claims. `quick` takes fewer plain simulations and fewer seeds.
pub(super) fn rare(quick: bool, context: &Context) -> Result<Vec<RareClaim>, Stopped> {
    let Ok(scenario) = load_from_memory(&[SCENARIO, &[CLAIMS]].concat(), &[]) else { return Ok(vec![]) };
    let (portions, seeds, effort) = if quick { (4, 6, Effort::BY_ITSELF) } else { (100, 32, Effort::ASKED) };
    let plain = plain(&scenario, portions, context)?;
    let goals: Vec<Goal> = (0..scenario.claims.len())
        .map(|claim| Goal { claim, whole: scenario.claims[claim].given.is_none() })
        .collect();
    let mut all: Vec<RareClaim> = vec![];
    let task = context.task("rare claims by splitting", goals.len() as u64);
    for goal in goals {
        let claim = &scenario.claims[goal.claim];
        let (counted, held) = plain[goal.claim];
        let known = f64::from(held) / f64::from(counted.max(1));
        let (mut found, mut inside, mut simulations) = (vec![], 0.0, 0.0);
        for seed in 1..=seeds {
            let design =
                Design { draws: 200, replicates: 10, seed: u64::from(seed), kind: DesignKind::default() };
            let plan = Plan::new(&scenario, scenario.priors.clone(), design, Simd::best());
            for split in split(&plan, &[goal], effort, &context.stage("splitting"))? {
                simulations += f64::from(split.simulations) / f64::from(seeds);
                let share = split.share();
                let (p, (low, high)) = match goal.whole {
                    true => (split.probability(), split.interval()),
                    false => share.map_or((0.0, (0.0, 1.0)), |share| (share.value, share.interval())),
                };
                found.push(p);
                inside += f64::from(u8::from((low..=high).contains(&known))) / f64::from(seeds);
            }
        }
        let mean = found.iter().sum::<f64>() / f64::from(seeds);
        let spread = found.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / f64::from(seeds - 1);
        all.push(RareClaim {
            claim: claim.id.clone(),
            conditional: claim.given.is_some(),
            counted,
            held,
            seeds,
            mean,
            deviation: spread.sqrt(),
            covers: inside,
            simulations,
        });
        task.advance(1)?;
    }
    Ok(all)
}

/// By claim: simulations that count and simulations in which it holds, of so many portions of 20,000.
fn plain(scenario: &Scenario, portions: u32, context: &Context) -> Result<Vec<(u32, u32)>, Stopped> {
    let mut all = vec![(0, 0); scenario.claims.len()];
    let task = context.task("plain simulations", u64::from(portions));
    for portion in 0..portions {
        let seed = 1_000_000 + u64::from(portion);
        let design = Design { draws: 4000, replicates: 5, seed, kind: DesignKind::default() };
        let plan = Plan::new(scenario, scenario.priors.clone(), design, Simd::best());
        let members: Vec<MemberSpec> = (0..design.members()).map(MemberSpec::of).collect();
        let done = simulate(&plan, &members, &Outputs::default(), &context.stage("plain"), "simulations")?;
        for one in done.iter().filter(|one| !one.failed) {
            for ((counted, held), verdict) in all.iter_mut().zip(&one.verdicts).filter(|(_, v)| v.counts) {
                *counted += 1;
                *held += u32::from(verdict.day.is_some());
            }
        }
        task.advance(1)?;
    }
    Ok(all)
}

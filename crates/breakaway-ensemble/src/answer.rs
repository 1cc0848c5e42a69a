//! From a stored run to its answers: how likely each claim is, and how sure that is.

use crate::Error;
use crate::store::{Manifest, Store, batches};
use crate::table::column;
use arrow_array::{Array, BooleanArray, Float32Array, StringArray, UInt16Array, UInt32Array};
use breakaway_model::event::Kind;
use serde::Serialize;
use statrs::distribution::{Beta, ContinuousCDF};
use std::collections::BTreeMap;

/// The answer to a claim.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimAnswer {
    /// Identifier.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// Share of the members that count in which it holds; none where no member counts.
    pub probability: Option<f64>,
    /// 5 and 95 % of the parameter draws have a lower probability; none with one replicate,
    /// where luck and ignorance cannot be told apart.
    pub low: Option<f64>,
    /// See `low`.
    pub high: Option<f64>,
    /// Monte Carlo error: one standard error of the probability.
    pub error: Option<f64>,
    /// Share of its variance that lies between parameter draws; the rest is luck.
    pub ignorance: Option<f64>,
    /// Median day on which it comes true, where it does.
    pub median_day: Option<u32>,
    /// What really happened, where known.
    pub outcome: Option<bool>,
    /// Members that count.
    pub members: u32,
    /// Whether only some members count.
    pub conditional: bool,
}

/// How often, when and why something happens to somebody for the first time.
#[derive(Clone, Debug, Serialize)]
pub struct EventAnswer {
    /// Kind.
    pub event: String,
    /// Identifier of the entity.
    pub entity: String,
    /// Name of the entity.
    pub name: String,
    /// Share of the members.
    pub probability: f64,
    /// Median day of the first time, where it happens.
    pub median_day: u32,
    /// The most frequent largest cause.
    pub cause: String,
}

/// All answers of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Answers {
    /// Claims, in the order of the scenario.
    pub claims: Vec<ClaimAnswer>,
    /// Events, the most frequent first within a kind.
    pub events: Vec<EventAnswer>,
    /// Hash of the run's tables.
    pub fingerprint: String,
    /// The run's folder.
    pub run: String,
    /// Members that were simulated.
    pub members: u32,
    /// Members that failed and are left out.
    pub failed: u32,
}

/// The answers of a complete run.
pub fn answers(store: &Store, manifest: &Manifest) -> Result<Answers, Error> {
    let path = store.table("members");
    let members = batches(store, "members")?;
    let mut claims = vec![];
    for claim in &manifest.claims {
        let mut tally = Tally::new(manifest.design.draws);
        for batch in &members {
            let draws: &UInt32Array = column(&path, batch, "draw")?;
            let failed: &StringArray = column(&path, batch, "failed")?;
            let held: &BooleanArray = column(&path, batch, &format!("claim:{}", claim.id))?;
            let days: &UInt16Array = column(&path, batch, &format!("day:{}", claim.id))?;
            for row in (0..batch.num_rows()).filter(|&row| failed.is_null(row) && held.is_valid(row)) {
                tally.add(draws.value(row), held.value(row).then(|| days.value(row)));
            }
        }
        let (low, high) = tally.range().unzip();
        claims.push(ClaimAnswer {
            id: claim.id.clone(),
            text: claim.text.clone(),
            probability: tally.probability(),
            low,
            high,
            error: tally.error(),
            ignorance: tally.correlation(),
            median_day: tally.median_day(),
            outcome: claim.outcome,
            members: tally.counted(),
            conditional: claim.conditional,
        });
    }
    Ok(Answers {
        claims,
        events: events(store, manifest)?,
        fingerprint: manifest.fingerprint.clone(),
        run: store.folder().display().to_string(),
        members: manifest.design.members(),
        failed: manifest.failed,
    })
}

fn events(store: &Store, manifest: &Manifest) -> Result<Vec<EventAnswer>, Error> {
    let path = store.table("events");
    let mut first: BTreeMap<(usize, String), BTreeMap<u32, (u16, String)>> = BTreeMap::new();
    for batch in &batches(store, "events")? {
        let member: &UInt32Array = column(&path, batch, "member")?;
        let day: &UInt16Array = column(&path, batch, "day")?;
        let kind: &StringArray = column(&path, batch, "event")?;
        let entity: &StringArray = column(&path, batch, "entity")?;
        let cause: &StringArray = column(&path, batch, "cause")?;
        let weight: &Float32Array = column(&path, batch, "weight")?;
        debug_assert_eq!(weight.len(), batch.num_rows());
        for row in 0..batch.num_rows() {
            let order = Kind::by_name(kind.value(row)).map_or(usize::MAX, |kind| kind as usize);
            let times = first.entry((order, entity.value(row).into())).or_default();
            times.entry(member.value(row)).or_insert_with(|| (day.value(row), cause.value(row).into()));
        }
    }
    let members = f64::from(manifest.design.members() - manifest.failed).max(1.0);
    let mut answers: Vec<(usize, EventAnswer)> = first
        .into_iter()
        .filter_map(|((order, entity), times)| {
            let kind = *Kind::ALL.get(order)?;
            let mut days: Vec<u16> = times.values().map(|(day, _)| *day).collect();
            days.sort_unstable();
            let mut causes: BTreeMap<&str, u32> = BTreeMap::new();
            times.values().for_each(|(_, cause)| *causes.entry(cause).or_default() += 1);
            let cause = causes.iter().max_by_key(|(_, n)| **n).map_or("", |(cause, _)| cause);
            let answer = EventAnswer {
                event: kind.name().into(),
                name: name_of(manifest, kind, &entity),
                entity,
                probability: days.len() as f64 / members,
                median_day: u32::from(days[days.len() / 2]),
                cause: cause.into(),
            };
            Some((order, answer))
        })
        .collect();
    answers.sort_by(|(a, x), (b, y)| {
        a.cmp(b).then(y.probability.total_cmp(&x.probability)).then(x.entity.cmp(&y.entity))
    });
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}

fn name_of(manifest: &Manifest, kind: Kind, id: &str) -> String {
    let names = &manifest.names;
    let mut all = (0..names.regions.len().max(names.sides.len()).max(names.polities.len()))
        .map(|entity| names.of_event(kind, entity));
    all.find(|(known, _)| *known == id).map_or(id.into(), |(_, name)| name.into())
}

/// Counts of a claim by parameter draw.
pub struct Tally {
    draws: Vec<(u32, u32)>,
    days: Vec<u16>,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(draws: u32) -> Tally {
        Tally { draws: vec![(0, 0); draws as usize], days: vec![] }
    }

    /// Counts a member: the day on which the claim came true, if it did.
    pub fn add(&mut self, draw: u32, day: Option<u16>) {
        let (n, held) = &mut self.draws[draw as usize];
        *n += 1;
        *held += u32::from(day.is_some());
        self.days.extend(day);
    }

    /// Members counted.
    pub fn counted(&self) -> u32 {
        self.draws.iter().map(|(n, _)| n).sum()
    }

    fn counted_draws(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.draws.iter().filter(|(n, _)| *n > 0).map(|&(n, held)| (f64::from(n), f64::from(held)))
    }

    /// Share of the members in which it holds.
    pub fn probability(&self) -> Option<f64> {
        let counted = self.counted();
        (counted > 0).then(|| self.days.len() as f64 / f64::from(counted))
    }

    /// Standard error of the probability, with the draws as clusters; at least that of a
    /// binomial share with half a success added (so that none out of many is not without error).
    pub fn error(&self) -> Option<f64> {
        let p = self.probability()?;
        let n = f64::from(self.counted());
        let draws = self.counted_draws().count() as f64;
        let spread: f64 = self.counted_draws().map(|(n, held)| (held - n * p).powi(2)).sum();
        let clustered = if draws > 1.0 { (spread * draws / (draws - 1.0)).sqrt() / n } else { 0.0 };
        let q = (self.days.len() as f64 + 0.5) / (n + 1.0);
        Some(clustered.max((q * (1.0 - q) / n).sqrt()))
    }

    /// The 5-95 % range of the probability over parameter draws: the quantiles of a beta
    /// distribution fitted to the draws' counts by moments (beta-binomial model; Kleinman 1973,
    /// "Proportions with extraneous variance: single and independent samples"), so that the
    /// luck of few replicates is not taken for ignorance.
    pub fn range(&self) -> Option<(f64, f64)> {
        let p = self.probability()?;
        if p * (1.0 - p) <= 0.0 && self.scale().is_some() {
            return Some((p, p));
        }
        let correlation = self.correlation()?.min(0.98);
        if correlation < 1e-4 {
            return Some((p, p));
        }
        let size = 1.0 / correlation - 1.0;
        let beta = Beta::new(p * size, (1.0 - p) * size).ok()?;
        Some((beta.inverse_cdf(0.05), beta.inverse_cdf(0.95)))
    }

    /// Share of the claim's variance that lies between parameter draws (ignorance); the rest is
    /// the luck within a draw. The intraclass correlation of the same model, by moments.
    pub fn correlation(&self) -> Option<f64> {
        let p = self.probability()?;
        let scale = self.scale()?;
        let variance = p * (1.0 - p);
        if variance <= 0.0 {
            return None;
        }
        let draws = self.counted_draws().count() as f64;
        let spread: f64 = self.counted_draws().map(|(n, held)| (held - n * p).powi(2) / n).sum();
        Some(((spread - variance * (draws - 1.0)) / (variance * scale)).clamp(0.0, 1.0))
    }

    /// How much the replicates of a draw say of what draws have in common; none where luck and
    /// ignorance cannot be told apart.
    fn scale(&self) -> Option<f64> {
        let draws = self.counted_draws().count() as f64;
        let n: f64 = self.counted_draws().map(|(n, _)| n).sum();
        let squares: f64 = self.counted_draws().map(|(n, _)| n * n).sum();
        let scale = n - squares / n - (draws - 1.0);
        (draws >= 2.0 && scale > 1e-9).then_some(scale)
    }

    /// Median day, where it comes true.
    pub fn median_day(&self) -> Option<u32> {
        let mut days = self.days.clone();
        days.sort_unstable();
        days.get(days.len() / 2).map(|&day| u32::from(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(held: &[u32], n: u32) -> Tally {
        let mut tally = Tally::new(held.len() as u32);
        for (draw, &held) in held.iter().enumerate() {
            (0..n).for_each(|k| tally.add(draw as u32, (k < held).then_some(k as u16)));
        }
        tally
    }

    #[test]
    fn luck_alone_gives_a_narrow_range() {
        // Binomial counts with p = 1/2, n = 10 in their expected frequencies (of 1024).
        let counts = [1_u32, 10, 45, 120, 210, 252, 210, 120, 45, 10, 1];
        let held: Vec<u32> = (0..=10).flat_map(|k| vec![k; counts[k as usize] as usize]).collect();
        let (low, high) = tally(&held, 10).range().unwrap();
        assert!(high - low < 0.1, "{low} {high}");
    }

    #[test]
    fn ignorance_gives_a_wide_one() {
        let held: Vec<u32> = (0..100).map(|d| if d % 2 == 0 { 10 } else { 0 }).collect();
        let (low, high) = tally(&held, 10).range().unwrap();
        assert!(low < 0.01 && high > 0.99, "{low} {high}");
        // A uniform spread of probabilities: 5 and 95 % at 0.05 and 0.95.
        let uniform: Vec<u32> = (0..1010).map(|d| d % 101).collect();
        let (low, high) = tally(&uniform, 100).range().unwrap();
        assert!((low - 0.05).abs() < 0.01 && (high - 0.95).abs() < 0.01, "{low} {high}");
    }

    #[test]
    fn the_edges_are_answered() {
        let none = tally(&[0, 0, 0], 4);
        assert_eq!(
            (none.probability(), none.range(), none.median_day()),
            (Some(0.0), Some((0.0, 0.0)), None)
        );
        assert!(none.error().unwrap() > 0.0);
        let nobody = Tally::new(3);
        assert_eq!((nobody.probability(), nobody.error(), nobody.range()), (None, None, None));
        assert_eq!(tally(&[1, 0, 1], 1).range(), None, "one replicate cannot tell");
    }
}

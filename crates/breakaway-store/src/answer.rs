//! From a stored run to its answers: how likely each claim is, and how sure that is.

use crate::history::{Happening, first_of_each, happenings};
use crate::manifest::BaseRateRecord;
use crate::recorded::Recorded;
use crate::store::Store;
use crate::{Error, Manifest};
use breakaway_model::event::Kind;
use serde::Serialize;
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
    /// How often such things happen, whatever the model says.
    pub base_rate: Option<BaseRateRecord>,
    /// Members that count.
    pub members: u32,
    /// Whether only some members count.
    pub conditional: bool,
}

impl ClaimAnswer {
    /// Brier score, where it is known what happened.
    pub fn brier(&self) -> Option<f64> {
        let outcome = f64::from(u8::from(self.outcome?));
        Some((self.probability? - outcome).powi(2))
    }
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
    let recorded = Recorded::read(store, manifest)?;
    let mut claims = vec![];
    for (k, claim) in manifest.claims.iter().enumerate() {
        let tally = recorded.tally(k);
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
            base_rate: claim.base_rate.clone(),
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
    let mut first: BTreeMap<(Kind, usize), Vec<Happening>> = BTreeMap::new();
    for history in happenings(store, &manifest.names)?.values() {
        for happening in first_of_each(history) {
            first.entry((happening.kind, happening.entity)).or_default().push(happening);
        }
    }
    let members = f64::from(manifest.counted()).max(1.0);
    let mut answers: Vec<(Kind, EventAnswer)> = first
        .into_iter()
        .map(|((kind, entity), happenings)| {
            let mut days: Vec<u16> = happenings.iter().map(|happening| happening.day).collect();
            days.sort_unstable();
            let mut causes: BTreeMap<&str, u32> = BTreeMap::new();
            happenings.iter().for_each(|happening| *causes.entry(happening.cause.name()).or_default() += 1);
            let cause = causes.iter().max_by_key(|(_, n)| **n).map_or("", |(cause, _)| cause);
            let (id, name) = manifest.names.of_event(kind, entity);
            let answer = EventAnswer {
                event: kind.name().into(),
                name: name.into(),
                entity: id.into(),
                probability: days.len() as f64 / members,
                median_day: u32::from(days[days.len() / 2]),
                cause: cause.into(),
            };
            (kind, answer)
        })
        .collect();
    answers.sort_by(|(a, x), (b, y)| {
        a.cmp(b).then(y.probability.total_cmp(&x.probability)).then(x.entity.cmp(&y.entity))
    });
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}

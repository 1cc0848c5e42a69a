//! The answers of a stored run: how likely each claim is, how sure that is, and what happens.

use crate::manifest::{BaseRateRecord, ClaimRecord};
use crate::rare::RareAnswer;
use crate::read;
use crate::stored_run::StoredRun;
use crate::{Error, entities::Entities};
use breakaway_ensemble::event_record::first_of_each;
use breakaway_ensemble::parameter_source::PosteriorRecord;
use breakaway_ensemble::tally::FEWEST_CONDITIONAL;
use breakaway_ensemble::{Design, EventRecord, Tally, UnknownRange};
use breakaway_model::event::EventKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answer to a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimAnswer {
    /// Identifier.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// Share of the simulations that count in which it holds; none where too few count.
    pub probability: Option<f64>,
    /// 95 % interval of the probability: what more simulations would make narrower. None where too few
    /// count.
    pub interval: Option<(f64, f64)>,
    /// The probability over parameter sets, 5 to 95 % of them: what we do not know. None where too few
    /// simulations count, or where they cannot tell it from chance.
    pub range: Option<UnknownRange>,
    /// Share of its variance that lies between parameter sets: what we do not know. The rest is
    /// chance.
    pub unknown_share: Option<f64>,
    /// Median day on which it comes true, in the simulations in which it does.
    pub median_day: Option<u32>,
    /// What really happened, where known.
    pub outcome: Option<bool>,
    /// On which day it really happened, where known.
    pub outcome_day: Option<u32>,
    /// How often such things happen in history.
    pub base_rate: Option<BaseRateRecord>,
    /// Simulations that count.
    pub members: u32,
    /// Simulations in which it holds.
    pub held: u32,
    /// Whether only simulations that meet a condition count.
    pub conditional: bool,
    /// How it was made, where simulations were split for it; none where it comes from the run's members alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rare: Option<RareAnswer>,
}

impl ClaimAnswer {
    /// Whether too few simulations meet its condition for it to have a probability.
    pub fn has_too_few(&self) -> bool {
        self.conditional && self.members < FEWEST_CONDITIONAL
    }

    /// Brier score, where it is known what happened.
    pub fn brier(&self) -> Option<f64> {
        let outcome = f64::from(u8::from(self.outcome?));
        Some((self.probability? - outcome).powi(2))
    }
}

/// How often, when and why something happens to an entity for the first time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventAnswer {
    /// Kind of event.
    pub event: String,
    /// Identifier of the entity.
    pub entity: String,
    /// Name of the entity.
    pub name: String,
    /// Share of the simulations in which it happens.
    pub probability: f64,
    /// Median day of the first time, in the simulations in which it happens.
    pub median_day: u32,
    /// The most frequent largest cause.
    pub cause: String,
}

/// All answers of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// Name of the scenario.
    pub scenario: String,
    /// Date of day 0.
    pub start: String,
    /// Days that were simulated.
    pub days: u32,
    /// Parameter sets, repeats, seed.
    pub design: Design,
    /// Claims, in the order of the scenario.
    pub claims: Vec<ClaimAnswer>,
    /// Events, the most frequent first within a kind.
    pub events: Vec<EventAnswer>,
    /// What identifies the results and what they were made from.
    pub fingerprint: String,
    /// The run's folder.
    pub run: String,
    /// Simulations in all.
    pub members: u32,
    /// Simulations that failed and are left out.
    pub failed: u32,
    /// The posterior that parameters came from, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posterior: Option<PosteriorRecord>,
}

/// The answer to a claim, from the counts of the run's members and their range.
pub(crate) fn claim_answer(claim: &ClaimRecord, tally: &Tally, range: Option<UnknownRange>) -> ClaimAnswer {
    let few = claim.conditional && tally.counted() < FEWEST_CONDITIONAL;
    ClaimAnswer {
        id: claim.id.clone(),
        text: claim.text.clone(),
        probability: tally.probability().filter(|_| !few),
        range: range.filter(|_| !few),
        interval: tally.share().filter(|_| !few).map(|share| share.interval()),
        unknown_share: tally.correlation().filter(|_| !few),
        median_day: tally.median_day().filter(|_| !few),
        outcome: claim.outcome,
        outcome_day: claim.outcome_day,
        base_rate: claim.base_rate.clone(),
        members: tally.counted(),
        held: tally.held(),
        conditional: claim.conditional,
        rare: None,
    }
}

impl StoredRun {
    /// All answers of the run.
    ///
    /// # Errors
    /// Where a table is missing or damaged.
    pub fn answers(&self) -> Result<Answers, Error> {
        let manifest = self.manifest();
        Ok(Answers {
            scenario: manifest.scenario.clone(),
            start: manifest.start.clone(),
            days: manifest.days,
            design: manifest.design,
            claims: self.claims()?,
            events: events(&manifest.entities, manifest.counted(), &self.events()?),
            fingerprint: manifest.fingerprint.clone(),
            run: self.folder().display().to_string(),
            members: manifest.design.members(),
            failed: manifest.failed,
            posterior: manifest.posterior.clone(),
        })
    }
}

fn events(entities: &Entities, counted: u32, histories: &read::Histories) -> Vec<EventAnswer> {
    let mut first: BTreeMap<(EventKind, u32), Vec<EventRecord>> = BTreeMap::new();
    for history in histories.values() {
        for event in first_of_each(history) {
            first.entry((event.kind, event.entity)).or_default().push(event);
        }
    }
    let members = f64::from(counted).max(1.0);
    let mut answers: Vec<(EventKind, EventAnswer)> = first
        .into_iter()
        .map(|((kind, _), events)| {
            let mut days: Vec<u32> = events.iter().map(|event| event.day).collect();
            days.sort_unstable();
            let mut causes: BTreeMap<&str, u32> = BTreeMap::new();
            events.iter().for_each(|event| *causes.entry(event.cause.name()).or_default() += 1);
            let cause = causes.iter().max_by_key(|(_, n)| **n).map_or("", |(cause, _)| cause);
            let entity = entities.get(events[0].entity());
            let answer = EventAnswer {
                event: kind.name().into(),
                name: entity.name.clone(),
                entity: entity.id.clone(),
                probability: days.len() as f64 / members,
                median_day: days[days.len() / 2],
                cause: cause.into(),
            };
            (kind, answer)
        })
        .collect();
    answers.sort_by(|(a, x), (b, y)| {
        a.cmp(b).then(y.probability.total_cmp(&x.probability)).then(x.entity.cmp(&y.entity))
    });
    answers.into_iter().map(|(_, answer)| answer).collect()
}

//! What a manifest says of each parameter, claim, observable and table.

use breakaway_model::observe::Observable;
use breakaway_model::params::{Prior, Spec};
use breakaway_scenario::{BaseRate, Claim};
use serde::{Deserialize, Serialize};

/// A parameter: what it means, and what it was drawn from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParameterRecord {
    /// Full name, `mechanism.name`.
    pub name: String,
    /// The mechanism that owns it; `unknown` for an unknown quantity of the scenario.
    pub mechanism: String,
    /// Unit.
    pub unit: String,
    /// Meaning.
    pub meaning: String,
    /// Where the prior comes from.
    pub source: String,
    /// What it was drawn from.
    #[serde(with = "PriorForm")]
    pub prior: Prior,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Prior", rename_all = "kebab-case")]
enum PriorForm {
    Fixed(f64),
    Uniform { low: f64, high: f64 },
    LogUniform { low: f64, high: f64 },
    Normal { mean: f64, sd: f64, low: f64, high: f64 },
}

/// A claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimRecord {
    /// Identifier.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// Where it comes from.
    pub source: String,
    /// How it was made decidable.
    #[serde(default)]
    pub note: String,
    /// Whether only simulations that meet a condition count.
    pub conditional: bool,
    /// What really happened, where known.
    pub outcome: Option<bool>,
    /// On which day it really happened, where known.
    pub outcome_day: Option<u32>,
    /// How often such things happen in history.
    pub base_rate: Option<BaseRateRecord>,
}

/// A base rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaseRateRecord {
    /// Reference class.
    pub class: String,
    /// What happens in it.
    pub text: String,
    /// Probability over the days of the claim.
    pub probability: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Where it comes from.
    pub source: String,
}

impl From<&BaseRate> for BaseRateRecord {
    fn from(rate: &BaseRate) -> BaseRateRecord {
        BaseRateRecord {
            class: rate.class.clone(),
            text: rate.text.clone(),
            probability: rate.probability,
            low: rate.interval.0,
            high: rate.interval.1,
            source: rate.source.clone(),
        }
    }
}

/// An observable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservableRecord {
    /// Name.
    pub name: String,
    /// What it is a property of: `polity`, `region` or `side`.
    pub of: String,
    /// Unit.
    pub unit: String,
    /// Meaning.
    pub meaning: String,
    /// Whether somebody outside could observe it, or estimate it from what is reported.
    pub seen: bool,
    /// The mechanism that moves it most.
    pub mechanism: String,
}

/// A table of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRecord {
    /// Number of its rows.
    pub rows: u64,
    /// SHA-256 of its file.
    pub sha256: String,
}

impl From<(&Spec, &Prior)> for ParameterRecord {
    fn from((spec, prior): (&Spec, &Prior)) -> ParameterRecord {
        ParameterRecord {
            name: spec.key(),
            mechanism: spec.mechanism.into(),
            unit: spec.unit.into(),
            meaning: spec.doc.to_string(),
            source: spec.source.to_string(),
            prior: *prior,
        }
    }
}

impl From<&Claim> for ClaimRecord {
    fn from(claim: &Claim) -> ClaimRecord {
        ClaimRecord {
            id: claim.id.clone(),
            text: claim.text.clone(),
            source: claim.source.clone(),
            note: claim.note.clone(),
            conditional: claim.given.is_some(),
            outcome: claim.outcome,
            outcome_day: claim.outcome_day,
            base_rate: claim.base_rate.as_ref().map(BaseRateRecord::from),
        }
    }
}

impl From<&Observable> for ObservableRecord {
    fn from(observable: &Observable) -> ObservableRecord {
        ObservableRecord {
            name: observable.name.into(),
            of: observable.of.name().into(),
            unit: observable.unit.into(),
            meaning: observable.doc.into(),
            seen: observable.seen,
            mechanism: observable.mechanism.into(),
        }
    }
}

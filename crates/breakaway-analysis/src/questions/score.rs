//! How good forecasts were: the claims of runs whose outcome is known.

use super::{Estimate, Interval, interval as finite};
use crate::Error;
use crate::methods::bootstrap::{interval, quantile, resampled};
use crate::methods::proper_scores::{
    Forecast, brier, crps, floored, interval_score, logarithmic, murphy, wilson,
};
use breakaway_ensemble::Rejected;
use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_store::StoredRun;
use serde::{Deserialize, Serialize};

/// Bins of probability.
const BINS: usize = 5;
const RESAMPLES: usize = 1000;
/// Claims below which nothing is said of calibration (judgement).
pub const FEW: usize = 30;

/// Scores of the claims of runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreCard {
    /// Claims whose outcome is known.
    pub claims: Vec<ScoredClaim>,
    /// Questions that they answer: a claim of a scenario is one, however many runs of the scenario answer it.
    pub questions: Vec<ScoredQuestion>,
    /// Runs without such a claim.
    pub silent: Vec<String>,
    /// Scores over all questions.
    pub scores: Vec<Score>,
    /// What was said, and what happened.
    pub calibration: Vec<CalibrationBin>,
    /// Claims whose date is known.
    pub dates: Vec<ScoredDate>,
}

/// A claim whose outcome is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredClaim {
    /// Folder of the run.
    pub run: String,
    /// Identifier.
    pub id: String,
    /// Probability.
    pub probability: f64,
    /// Whether it happened.
    pub happened: bool,
    /// Brier score.
    pub brier: f64,
    /// Logarithmic score in nats.
    pub logarithmic: f64,
    /// Base rate, where the claim names one.
    pub base_rate: Option<f64>,
}

/// A question with a known outcome, and what the runs that answer it say together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredQuestion {
    /// Scenario.
    pub scenario: String,
    /// Identifier of the claim.
    pub id: String,
    /// Runs that answer it.
    pub runs: u32,
    /// Mean of their probabilities.
    pub probability: f64,
    /// Simulations that count, of all.
    pub simulations: f64,
    /// Whether it happened.
    pub happened: bool,
    /// Base rate, where the claim names one.
    pub base_rate: Option<f64>,
}

/// What a score measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScoreKind {
    /// Brier score.
    Brier,
    /// Logarithmic score in nats.
    Logarithmic,
    /// How far probabilities are from frequencies.
    Reliability,
    /// How far frequencies are from each other.
    Resolution,
    /// The score of always saying how often it happens.
    Uncertainty,
    /// What differs within bins.
    WithinBins,
    /// Skill against always saying a half.
    SkillAgainstHalf,
    /// Skill against the share that happened, which is known only afterwards.
    SkillAgainstShare,
    /// Skill against the base rates of the claims that name one.
    SkillAgainstBaseRates,
}

/// A score over all claims.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// What it measures.
    pub kind: ScoreKind,
    /// Its value, and its interval over samples of the claims.
    pub estimate: Estimate,
    /// Questions that it is over.
    pub claims: usize,
}

/// Claims of about the same probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Questions.
    pub claims: usize,
    /// Their mean probability.
    pub probability: f64,
    /// Share of them that happened.
    pub happened: f64,
    /// Wilson's interval of that share.
    pub interval: Interval,
}

/// A claim whose date is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredDate {
    /// Folder of the run.
    pub run: String,
    /// Identifier.
    pub id: String,
    /// Day on which it happened.
    pub happened_on: f64,
    /// Median day over simulations; where it does not come true, the day after the last.
    pub median: f64,
    /// 5 and 95 % of the simulations have an earlier day.
    pub range: (f64, f64),
    /// Continuous ranked probability score, corrected for the number of simulations, in days.
    pub crps: f64,
    /// Interval score of the 90 % interval, in days.
    pub interval_score: f64,
}

impl ScoreCard {
    /// A score.
    pub fn score(&self, kind: ScoreKind) -> Option<f64> {
        self.scores.iter().find(|score| score.kind == kind)?.estimate.value
    }
}

/// Scores the claims of runs.
///
/// # Errors
/// Where a run is given twice, where no claim has both an outcome and a probability, or where a table
/// is damaged.
pub fn score(runs: &[StoredRun]) -> Result<ScoreCard, Error> {
    for (k, run) in runs.iter().enumerate() {
        let same = |other: &&StoredRun| other.manifest().fingerprint == run.manifest().fingerprint;
        if let Some(other) = runs[..k].iter().find(same) {
            let (a, b) = (other.folder().display(), run.folder().display());
            return Err(Rejected::new(format!("{a} and {b} are the same run"), "name each run once").into());
        }
    }
    let (mut claims, mut dates, mut silent) = (vec![], vec![], vec![]);
    let mut questions: Vec<ScoredQuestion> = vec![];
    for run in runs {
        let before = claims.len();
        add(run, &mut claims, &mut dates)?;
        for (members, claim) in &claims[before..] {
            ask(&mut questions, &run.manifest().scenario, *members, claim);
        }
        if claims.len() == before {
            silent.push(run.folder().display().to_string());
        }
    }
    if claims.is_empty() {
        let what = "no claim of these runs has both an outcome and a probability";
        let help = "`outcome = true` or `false` says it of a claim in claims.toml; outcomes.csv says it of events, for \
                    calibration and hindcasts";
        return Err(Rejected::new(what, help).into());
    }
    // So that neither the order of runs nor that of their claims changes an interval.
    questions.sort_by(|a, b| (&a.scenario, &a.id).cmp(&(&b.scenario, &b.id)));
    Ok(ScoreCard {
        scores: scores(&questions),
        calibration: calibration(&questions),
        questions,
        claims: claims.into_iter().map(|(_, claim)| claim).collect(),
        silent,
        dates,
    })
}

/// Adds a claim to the question that it answers. Of runs of one scenario none counts for more than another.
fn ask(questions: &mut Vec<ScoredQuestion>, scenario: &str, members: f64, claim: &ScoredClaim) {
    let same = |one: &&mut ScoredQuestion| {
        one.scenario == scenario && one.id == claim.id && one.happened == claim.happened
    };
    let Some(known) = questions.iter_mut().find(same) else {
        questions.push(ScoredQuestion {
            scenario: scenario.into(),
            id: claim.id.clone(),
            runs: 1,
            probability: claim.probability,
            simulations: members,
            happened: claim.happened,
            base_rate: claim.base_rate,
        });
        return;
    };
    known.runs += 1;
    known.probability += (claim.probability - known.probability) / f64::from(known.runs);
    known.simulations += members;
}

/// Adds the claims of a run whose outcome is known, each with the simulations that count.
fn add(
    run: &StoredRun,
    claims: &mut Vec<(f64, ScoredClaim)>,
    dates: &mut Vec<ScoredDate>,
) -> Result<(), Error> {
    let recorded = run.members()?;
    let folder = run.folder().display().to_string();
    for (k, claim) in run.answers()?.claims.iter().enumerate() {
        let (Some(probability), Some(happened)) = (claim.probability, claim.outcome) else { continue };
        let members = f64::from(claim.members);
        let safe = [(floored(probability, members), happened)];
        claims.push((
            members,
            ScoredClaim {
                run: folder.clone(),
                id: claim.id.clone(),
                probability,
                happened,
                brier: brier(&[(probability, happened)]),
                logarithmic: logarithmic(&safe),
                base_rate: claim.base_rate.as_ref().map(|rate| rate.probability),
            },
        ));
        let Some(day) = claim.outcome_day else { continue };
        let never = f64::from(run.manifest().days + 1);
        let came_true = |v: &Verdict| v.day.map_or(never, f64::from);
        let days: Vec<f64> = recorded.verdicts[k].iter().filter(|v| v.counts).map(came_true).collect();
        let at = |p| quantile(days.clone(), p);
        let happened_on = f64::from(day);
        dates.push(ScoredDate {
            run: folder.clone(),
            id: claim.id.clone(),
            happened_on,
            median: at(0.5),
            range: (at(0.05), at(0.95)),
            crps: crps(&days, happened_on, true),
            interval_score: interval_score(at(0.05), at(0.95), 0.1, happened_on),
        });
    }
    Ok(())
}

fn scores(all: &[ScoredQuestion]) -> Vec<Score> {
    let forecasts: Vec<Forecast> = all.iter().map(|one| (one.probability, one.happened)).collect();
    let safe: Vec<Forecast> =
        all.iter().map(|one| (floored(one.probability, one.simulations), one.happened)).collect();
    let samples: Vec<Vec<u32>> = resampled(all.len(), RESAMPLES, 1).collect();
    let score = |kind: ScoreKind, forecasts: &[Forecast], of: &dyn Fn(&[Forecast]) -> f64| {
        let again = samples
            .iter()
            .map(|chosen| of(&chosen.iter().map(|&i| forecasts[i as usize]).collect::<Vec<_>>()));
        let interval = finite(interval(again.filter(|x| x.is_finite()).collect()));
        let value = Some(of(forecasts)).filter(|x| x.is_finite());
        Score { kind, estimate: Estimate { value, interval }, claims: forecasts.len() }
    };
    let mut scores = vec![
        score(ScoreKind::Brier, &forecasts, &brier),
        score(ScoreKind::Logarithmic, &safe, &logarithmic),
        score(ScoreKind::Reliability, &forecasts, &|f| murphy(f, BINS).reliability),
        score(ScoreKind::Resolution, &forecasts, &|f| murphy(f, BINS).resolution),
        score(ScoreKind::Uncertainty, &forecasts, &|f| murphy(f, BINS).uncertainty),
        score(ScoreKind::WithinBins, &forecasts, &|f| murphy(f, BINS).within),
        score(ScoreKind::SkillAgainstHalf, &forecasts, &|f| 1.0 - brier(f) / 0.25),
        score(ScoreKind::SkillAgainstShare, &forecasts, &|f| 1.0 - brier(f) / murphy(f, BINS).uncertainty),
    ];
    let based: Vec<(&ScoredQuestion, f64)> =
        all.iter().filter_map(|one| Some((one, one.base_rate?))).collect();
    if !based.is_empty() {
        let own: Vec<Forecast> = based.iter().map(|(one, _)| (one.probability, one.happened)).collect();
        let base: Vec<Forecast> = based.iter().map(|(one, rate)| (*rate, one.happened)).collect();
        let value = Some(1.0 - brier(&own) / brier(&base)).filter(|x| x.is_finite());
        scores.push(Score {
            kind: ScoreKind::SkillAgainstBaseRates,
            estimate: Estimate { value, interval: None },
            claims: based.len(),
        });
    }
    scores
}

fn calibration(all: &[ScoredQuestion]) -> Vec<CalibrationBin> {
    let forecasts: Vec<Forecast> = all.iter().map(|one| (one.probability, one.happened)).collect();
    let bin = |(n, probability, happened): (usize, f64, f64)| CalibrationBin {
        claims: n,
        probability,
        happened,
        interval: finite(wilson(happened * n as f64, n as f64)),
    };
    murphy(&forecasts, BINS).bins.into_iter().map(bin).collect()
}

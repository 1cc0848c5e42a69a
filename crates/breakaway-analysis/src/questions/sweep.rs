//! A claim along one or two parameters or dates of levers, on common random numbers everywhere.

use crate::{Error, claims};
use breakaway_ensemble::parameter_source::PosteriorRecord;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, simulate};
use breakaway_ensemble::tally::FEWEST_CONDITIONAL;
use breakaway_ensemble::{Context, Design, ParameterSource, Plan, Rejected, Tally};
use breakaway_model::dispatch::Simd;
use breakaway_model::params::Prior;
use breakaway_scenario::Scenario;
use serde::{Deserialize, Serialize};

/// What is varied, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Name.
    pub name: String,
    /// What.
    pub what: Vary,
    /// Values: of a parameter, or days of the scenario.
    pub values: Vec<f64>,
}

/// What can be varied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vary {
    /// A parameter, by its position in the table.
    Parameter(usize),
    /// A lever, which is on and whose first change comes on a day.
    Lever(usize),
}

impl Axis {
    fn set(&self, scenario: &mut Scenario, priors: &mut [Prior], value: f64) {
        match self.what {
            Vary::Parameter(k) => priors[k] = Prior::Fixed(value),
            Vary::Lever(k) => scenario.date_lever(k, value as u32),
        }
    }

    fn swept(&self, scenario: &Scenario) -> SweptAxis {
        let label = |value: &f64| match self.what {
            // Enough digits to tell neighbours apart.
            Vary::Parameter(_) => format!("{}", (value * 1e6).round() / 1e6),
            Vary::Lever(_) => scenario.date(*value as u32).to_string(),
        };
        let meaning = match self.what {
            Vary::Parameter(k) => scenario.specs().get(k).map_or(String::new(), |spec| spec.doc.to_string()),
            Vary::Lever(k) => scenario.levers[k].text.clone(),
        };
        SweptAxis {
            name: self.name.clone(),
            meaning,
            is_date: matches!(self.what, Vary::Lever(_)),
            values: self.values.clone(),
            labels: self.values.iter().map(label).collect(),
        }
    }
}

/// A claim along one axis or two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// Identifier of the claim.
    pub claim: String,
    /// The claim in a sentence.
    pub text: String,
    /// What else differs from the scenario.
    pub change: String,
    /// The axes.
    pub axes: Vec<SweptAxis>,
    /// Simulations at each value.
    pub simulations: u32,
    /// One for each value of the first axis, and within it for each of the second.
    pub cells: Vec<SweptCell>,
    /// The posterior that the other parameters come from, if any.
    pub posterior: Option<PosteriorRecord>,
    /// Parameter sets at each value.
    pub draws: u32,
}

/// An axis that was varied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweptAxis {
    /// Name: a parameter, or `lever.` and a lever.
    pub name: String,
    /// Meaning.
    pub meaning: String,
    /// Whether its values are days.
    pub is_date: bool,
    /// Values.
    pub values: Vec<f64>,
    /// The values as they are read: numbers, or dates.
    pub labels: Vec<String>,
}

/// The claim at one value of each axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweptCell {
    /// Positions of the values, one for each axis.
    pub at: Vec<usize>,
    /// Probability; none where no simulation counts.
    pub probability: Option<f64>,
    /// Its Monte Carlo error.
    pub error: Option<f64>,
    /// Simulations that count.
    pub counted: u32,
}

/// Simulates a claim at each value of one axis, or of two. `change` names what else differs from the
/// scenario.
///
/// # Errors
/// Where there is no such claim, where there are no axes or more than two, or where the context was
/// cancelled.
pub fn sweep(
    scenario: &Scenario,
    source: &ParameterSource,
    design: Design,
    axes: &[Axis],
    claim: &str,
    change: &str,
    context: &Context,
) -> Result<Sweep, Error> {
    let claim = claims(scenario, Some(claim))?[0];
    let places: Vec<Vec<usize>> = match axes {
        [one] => (0..one.values.len()).map(|i| vec![i]).collect(),
        [first, second] => {
            let of = |i| (0..second.values.len()).map(move |j| vec![i, j]);
            (0..first.values.len()).flat_map(of).collect()
        }
        _ => {
            return Err(Rejected::new("a sweep has one axis or two", "vary one thing, or two").into());
        }
    };
    let members: Vec<MemberSpec> = (0..design.members()).map(MemberSpec::of).collect();
    let mut cells = vec![];
    for (number, at) in places.iter().enumerate() {
        let (mut scenario, mut source) = (scenario.clone(), source.clone());
        for (axis, &place) in axes.iter().zip(at) {
            axis.set(&mut scenario, &mut source.priors, axis.values[place]);
        }
        let mut tally = Tally::of_design(&design, &source.priors);
        let conditional = scenario.claims[claim].given.is_some();
        let few = |tally: &Tally| conditional && tally.counted() < FEWEST_CONDITIONAL;
        let plan = Plan::new(&scenario, source, design, Simd::best());
        let stage = context.stage(format!("value {} of {}", number + 1, places.len()));
        let simulated = simulate(&plan, &members, &Outputs::default(), &stage, "simulations")?;
        for (i, one) in simulated.iter().enumerate() {
            let verdict = one.verdicts[claim];
            if verdict.counts && !one.failed {
                tally.add(design.draw_of(i as u32), verdict.day.map(|day| day as u16));
            }
        }
        cells.push(SweptCell {
            at: at.clone(),
            probability: tally.probability().filter(|_| !few(&tally)),
            error: tally.error().filter(|_| !few(&tally)),
            counted: tally.counted(),
        });
    }
    let record = &scenario.claims[claim];
    Ok(Sweep {
        claim: record.id.clone(),
        text: record.text.clone(),
        change: change.into(),
        axes: axes.iter().map(|axis| axis.swept(scenario)).collect(),
        simulations: design.members(),
        cells,
        posterior: source.posterior.as_ref().map(|posterior| posterior.record(scenario)),
        draws: design.draws,
    })
}

//! What each line of a change does alone.

use super::Interval;
use crate::methods::paired_difference::{Difference, beyond_chance, difference};
use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, Simulated, simulate};
use breakaway_ensemble::{Context, Design, ParameterSource, Plan, Stopped};
use breakaway_model::dispatch::Simd;
use breakaway_scenario::Scenario;
use serde::{Deserialize, Serialize};

/// A line of a change, made alone.
pub struct Line {
    /// What it says.
    pub label: String,
    /// The first scenario with this line alone, and where its parameters come from; none where it cannot stand alone.
    pub world: Option<(Scenario, ParameterSource)>,
}

/// A claim that a change moves, and what each of its lines does alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// Identifier of the claim.
    pub claim: String,
    /// What the whole change does, in shares.
    pub whole: f64,
    /// By line.
    pub lines: Vec<Part>,
    /// What is left: lines that act together.
    pub together: f64,
}

/// What a line does alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The line.
    pub line: String,
    /// How much the claim grows; none where the line cannot stand alone.
    pub growth: Option<f64>,
    /// 95 % interval of that.
    pub interval: Interval,
    /// Whether it is beyond chance, all lines taken together.
    pub beyond_chance: bool,
}

/// Attributes each claim of some (its identifier, and how much it grows) to the lines of the change that moves it. `was`
/// are the simulations of the first scenario.
///
/// # Errors
/// [`Stopped`] where the context was cancelled.
pub(crate) fn attribute(
    before: (&Scenario, &ParameterSource),
    was: &[Simulated],
    lines: &[Line],
    moved: &[(String, f64)],
    design: Design,
    context: &Context,
) -> Result<Vec<Attribution>, Stopped> {
    let simulated = |scenario: &Scenario, source: &ParameterSource, name: &str| {
        let specs: Vec<MemberSpec> = (0..design.members()).map(MemberSpec::of).collect();
        let plan = Plan::new(scenario, source.clone(), design, Simd::best());
        simulate(&plan, &specs, &Outputs::default(), context, name)
    };
    let mut worlds = vec![];
    for (k, line) in lines.iter().enumerate() {
        let name = format!("line {} of {}", k + 1, lines.len());
        let one =
            line.world.as_ref().map(|(scenario, source)| simulated(scenario, source, &name)).transpose()?;
        worlds.push(one);
    }
    let group = design.group(&before.1.priors).max(1);
    let alone = |claim: usize, is: &Vec<Simulated>| -> Difference {
        let kept: Vec<usize> = (0..was.len()).filter(|i| !was[*i].failed && !is[*i].failed).collect();
        let groups: Vec<u32> = kept.iter().map(|i| design.draw_of(*i as u32) / group).collect();
        let verdicts =
            |of: &[Simulated]| kept.iter().map(|i| of[*i].verdicts[claim]).collect::<Vec<Verdict>>();
        difference(&groups, &verdicts(was), &verdicts(is))
    };
    let mut all = vec![];
    for (id, whole) in moved {
        let Some(claim) = before.0.claims.iter().position(|claim| claim.id == *id) else { continue };
        let found: Vec<Option<Difference>> =
            worlds.iter().map(|is| is.as_ref().map(|is| alone(claim, is))).collect();
        let mut beyond = beyond_chance(&found.iter().flatten().collect::<Vec<_>>()).into_iter();
        let parts: Vec<Part> = lines
            .iter()
            .zip(&found)
            .map(|(line, found)| Part {
                line: line.label.clone(),
                growth: found.as_ref().and_then(|found| found.growth),
                interval: found.as_ref().and_then(|found| found.interval),
                beyond_chance: found.is_some() && beyond.next().unwrap_or(false),
            })
            .collect();
        let sum: f64 = parts.iter().filter_map(|part| part.growth).sum();
        all.push(Attribution { claim: id.clone(), whole: *whole, lines: parts, together: whole - sum });
    }
    Ok(all)
}

//! Two stored runs, claim by claim.

use super::compare::{ComparedClaim, Comparison};
use crate::Error;
use crate::methods::paired_difference::{Difference, apart, beyond_chance, difference};
use breakaway_ensemble::Rejected;
use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_store::StoredRun;

/// Compares the claims that two stored runs have in common. Runs of one design, with one seed, have common random
/// numbers and are compared simulation by simulation; others by their probabilities alone.
///
/// # Errors
/// Where both are the same run, have no claim in common, or where a table is damaged.
pub fn compare_runs(before: &StoredRun, after: &StoredRun) -> Result<Comparison, Error> {
    let (was, is) = (before.manifest(), after.manifest());
    if was.fingerprint == is.fingerprint {
        let what = "both are the same run: there is nothing to compare";
        return Err(Rejected::new(what, "give the folders of two runs").into());
    }
    let paired = was.design == is.design && !was.design.kind.is_radial();
    let (old, new) = (before.members()?, after.members()?);
    let group = was.design.group(&was.priors()).max(1);
    let sound: Vec<u32> = (0..old.draws.len().min(new.draws.len()) as u32)
        .filter(|i| !old.failed[*i as usize] && !new.failed[*i as usize])
        .collect();
    let groups: Vec<u32> = sound.iter().map(|i| old.draws[*i as usize] / group).collect();
    let mut all: Vec<(&str, &str, Difference)> = vec![];
    for (a, claim) in was.claims.iter().enumerate() {
        let Some(b) = is.claims.iter().position(|other| other.id == claim.id) else { continue };
        let found = if paired {
            let of = |verdicts: &[Verdict]| sound.iter().map(|i| verdicts[*i as usize]).collect::<Vec<_>>();
            difference(&groups, &of(&old.verdicts[a]), &of(&new.verdicts[b]))
        } else {
            apart(&old.tally(a), &new.tally(b))
        };
        all.push((&claim.id, &claim.text, found));
    }
    if all.is_empty() {
        let help = "claims are compared by their identifiers";
        return Err(Rejected::new("the two runs have no claim in common", help).into());
    }
    let beyond = beyond_chance(&all.iter().map(|(_, _, found)| found).collect::<Vec<_>>());
    let one = |((id, text, difference), beyond_chance): ((&str, &str, Difference), bool)| ComparedClaim {
        id: id.into(),
        text: text.into(),
        difference,
        beyond_chance,
    };
    let name = |run: &StoredRun| {
        let folder = run.folder();
        folder.file_name().map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into())
    };
    Ok(Comparison {
        scenarios: [was, is].map(|manifest| manifest.scenario.clone()),
        change: format!("{} instead of {}", name(after), name(before)),
        days: [was.days, is.days],
        draws: was.design.draws.min(is.design.draws),
        simulations: if paired { sound.len() } else { old.draws.len().min(new.draws.len()) },
        paired,
        failed: (was.failed + is.failed) as usize,
        claims: all.into_iter().zip(beyond).map(one).collect(),
        observables: vec![],
        posterior: is.posterior.clone(),
        equal: None,
        attribution: None,
    })
}

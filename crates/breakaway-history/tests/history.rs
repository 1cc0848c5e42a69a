//! Calibrations, hindcasts and rehearsals on small settings.

mod common;

use breakaway_ensemble::Context;
use breakaway_history::hindcast::{Forecaster, HINDCAST};
use breakaway_history::smc::SmcSettings;
use breakaway_history::space::Space;
use breakaway_history::summary::distance;
use breakaway_history::{
    CalibrationReport, Case, Error, Hindcast, Rehearsal, Settings, calibrate, hindcast, rehearse,
};
use breakaway_store::posterior_file;
use common::{case, small, small_case, why};
use std::fs;

#[test]
fn a_report_is_written_as_it_is_returned() {
    let place = tempfile::tempdir().expect("a folder");
    let cases = [case("austria-hungary-1918")];
    let report = calibrate(&cases, small(), place.path(), &Context::new(2)).expect("calibrated");
    let text = fs::read_to_string(place.path().join("calibration.json")).expect("a report");
    let read: CalibrationReport = serde_json::from_str(&text).expect("JSON");
    assert_eq!(read, report);
    assert_eq!((report.judged, report.particles, report.most_moved.len()), (160, 60, 25));
    assert_eq!(report.rounds.len(), 3);
    assert!(report.predictive.iter().any(|row| row.name.to_string().ends_with("declared order")));
}

#[test]
fn a_hindcast_scores_each_case_and_writes_its_result() {
    let place = tempfile::tempdir().expect("a folder");
    let cases = [case("austria-hungary-1918"), case("afghanistan-2021")];
    let run = |cases: &[Case]| hindcast(cases, small(), Some(place.path()), &Context::new(2));
    let result = run(&cases).expect("forecast");
    assert_eq!(result.cases.len(), 2);
    for case in &result.cases {
        for who in Forecaster::ALL {
            assert!((0.0..=1.0).contains(&case.scores.of(who).crps), "{case:?}");
            assert_eq!(case.skill_against(who).is_none(), who == Forecaster::Calibrated);
        }
        assert!((1.0..=60.0).contains(&case.calibrated.effective));
    }
    let text = fs::read_to_string(place.path().join(HINDCAST)).expect("a result");
    assert_eq!(serde_json::from_str::<Hindcast>(&text).expect("JSON"), result);
    let posterior =
        posterior_file::read(&place.path().join("without-afghanistan-2021")).expect("a posterior");
    assert_eq!(posterior.cases, ["austria-hungary-1918"], "the case left out has no influence");
    // A damaged file is a fault of its own, not a case that cannot be forecast.
    let state = place.path().join("without-afghanistan-2021/state.bin");
    let sound = fs::read(&state).expect("a state");
    fs::write(&state, &sound[..sound.len() / 2]).expect("written");
    assert!(why(run(&cases)).message.contains("is damaged"));
    fs::write(&state, &sound).expect("written");
    assert_eq!(run(&cases).expect("forecast again"), result);
    // In another order the cases' unknown quantities are drawn otherwise: what was begun so is not resumed.
    fs::remove_file(place.path().join("state.bin")).expect("removed");
    let [one, two] = cases;
    assert!(why(run(&[two, one])).message.contains("begun with other cases"));
}

#[test]
fn truths_are_recovered_and_their_ranks_are_even() {
    let cases = [case("austria-hungary-1918")];
    let smc = SmcSettings { rounds: 4, ..SmcSettings::default() };
    let settings = Settings { seed: 1, draws: 600, replicates: 2, particles: 100, smc };
    let found = rehearse(&cases, settings, 60, &Context::new(2)).expect("rehearsed");
    // 158 dimensions of 60 truths each: the middle half of the particles holds half of the truths.
    let (inside, uniform) = found.inside_half();
    assert!((inside - uniform).abs() < 0.02, "{inside}, of uniform ranks {uniform}");
    let least = found.least_evenness();
    assert!(least > 0.001, "{least}");
    let best = found.recovery()[found.informed()[0]];
    assert!(best > 0.35, "{best}");
    assert_eq!(found.dimensions.len(), found.truths[0].len());
    let text = serde_json::to_string(&found).expect("JSON");
    assert_eq!(serde_json::from_str::<Rehearsal>(&text).expect("JSON"), found);
    // Were the truth always below the particles, it would show.
    let mut shifted = found.clone();
    shifted.ranks.iter_mut().flatten().for_each(|rank| *rank /= 2);
    assert!(shifted.evenness(shifted.informed()[0]) < 1e-6);
}

#[test]
fn what_happens_to_one_side_does_not_stand_for_the_other() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = small_case(place.path(), "declared,highland,,x\nfall,A,2030-06-01,x\nfall,B,,x\n");
    let case = Case::load(&folder).expect("a case");
    let fell = |a: Option<u32>, b: Option<u32>| vec![vec![None], vec![a], vec![b]];
    assert_eq!(distance(&case, &fell(Some(92), None)), 0.0);
    assert!(distance(&case, &fell(None, Some(92))) > 0.3, "the other side fell");
}

#[test]
fn cases_do_not_share_their_chance() -> Result<(), Error> {
    let place = tempfile::tempdir().expect("a folder");
    let one = Case::load(&small_case(place.path(), "declared,highland,,x\nfall,A,,x\nfall,B,,x\n"))?;
    let two = Case::of("another".into(), one.scenario.clone())?;
    let simulated = |case: &Case, threads: usize| {
        let space = Space::new(vec![case], 1);
        let points: Vec<_> = (0..64).map(|k| space.draw(k)).collect();
        let asked: Vec<_> = points.iter().zip(0..).collect();
        space.simulate(0, &asked, &Context::new(threads))
    };
    assert_eq!(simulated(&one, 1)?, simulated(&one, 3)?);
    assert_ne!(simulated(&one, 1)?, simulated(&two, 1)?, "the same parameters and numbers, but other chance");
    Ok(())
}

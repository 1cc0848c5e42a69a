//! Questions of stored runs, in the library alone.

use breakaway_analysis::questions::condition::{Made, condition};
use breakaway_analysis::questions::explain::{Explanation, Scope, explain};
use breakaway_analysis::questions::{branch::branch, compare};
use breakaway_analysis::{Error, LoadedRun};
use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_ensemble::numbers::FRESH;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, simulate};
use breakaway_ensemble::{Cancel, Context, Design, DesignKind, ParameterSource, Plan, Progress};
use breakaway_model::dispatch::Simd;
use breakaway_scenario::Scenario;
use breakaway_store::{RunOptions, run};
use std::path::Path;

fn scenario(name: &str) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(name);
    breakaway_scenario::load(&folder, &[] as &[&str]).expect("a scenario")
}

fn design(draws: u32, replicates: u32) -> Design {
    Design { draws, replicates, seed: 1, kind: DesignKind::LatinHypercube }
}

fn loaded(folder: &Path, name: &str, design: Design) -> LoadedRun {
    let scenario = scenario(name);
    let plan = Plan::new(&scenario, scenario.priors.clone(), design, Simd::best());
    let folder = folder.join("run");
    let options =
        RunOptions { folder: folder.clone(), request: "a test".into(), beyond_limits: false, grid: None };
    run(&plan, &options, &Context::new(2)).expect("a run");
    LoadedRun::open(&folder).expect("loaded")
}

#[test]
fn a_simulation_made_again_is_the_one_that_was_recorded() {
    let folder = tempfile::tempdir().expect("a folder");
    // With a claim that compares a lever on and off.
    let loaded = loaded(folder.path(), "autumn-2022", design(4, 10));
    made_again(&loaded);
}

#[test]
fn draws_of_a_base_point_have_the_same_chance() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenario("three-regions");
    let each = DesignKind::Saltelli.blocks(&scenario.priors).len() as u32 + 2;
    let radial = Design { draws: 20 * each, replicates: 2, seed: 1, kind: DesignKind::Saltelli };
    let loaded = loaded(folder.path(), "three-regions", radial);
    made_again(&loaded);
    // A parameter that nothing feels makes no difference at all: the scenario has no crossing to hit.
    let inert = loaded.scenario.specs().iter().position(|spec| spec.mechanism == "supply").expect("known");
    let blocks = DesignKind::Saltelli.blocks(&loaded.source.priors);
    let block = blocks.iter().position(|block| block[0] == inert).expect("it is free") as u32;
    for verdicts in &loaded.members.verdicts {
        for point in 0..20 {
            let first = (point * each * 2) as usize;
            let mixed = ((point * each + 2 + block) * 2) as usize;
            assert_eq!(verdicts[first..first + 2], verdicts[mixed..mixed + 2]);
        }
    }
    let found = explain(&loaded, None, 0, &Context::new(2)).expect("explained");
    let named = found.iter().filter_map(|one| one.sensitivity.as_ref()).flat_map(|s| &s.parameters);
    for one in named {
        assert!(one.stands_out && !one.parameter.starts_with("supply."), "{one:?}");
    }
}

#[test]
fn a_chain_of_events_leads_to_a_claim() {
    let folder = tempfile::tempdir().expect("a folder");
    let loaded = loaded(folder.path(), "three-regions", design(60, 10));
    let found = explain(&loaded, None, 100, &Context::new(2)).expect("explained");
    for one in &found {
        let Some(chains) = &one.chains else { continue };
        assert_eq!(chains.simulations, one.held);
        assert_eq!(chains.others, one.counted - one.held);
        let off: f64 = chains.broke_off.iter().sum();
        assert!((off - 1.0).abs() < 1e-9 || chains.others == 0, "{off}");
        for chain in &chains.chains {
            assert!(chain.steps.is_sorted_by_key(|step| step.day), "{chain:?}");
            let (low, high) = chain.interval.expect("groups");
            assert!((low..=high).contains(&chain.share), "{chain:?}");
        }
        // Whatever is named flips simulations in one direction.
        for named in &one.sensitivity.as_ref().expect("estimated").parameters {
            let flips = &named.moved.as_ref().expect("moved").difference;
            assert!(flips.gained != flips.lost && flips.interval.is_some_and(|(low, high)| low * high > 0.0));
        }
    }
    let declares = found.iter().find(|one| one.claim == "highland-declares").expect("a claim");
    let last = |chain: &breakaway_analysis::questions::chains::Chain| {
        chain.steps.last().map(|step| step.event.clone())
    };
    let chains = &declares.chains.as_ref().expect("frequent enough").chains;
    assert!(chains.iter().all(|chain| last(chain).as_deref() == Some("declared")), "{chains:?}");
}

/// Every member, simulated again, is what the run recorded.
fn made_again(loaded: &LoadedRun) {
    let all = loaded.members.draws.len() as u32;
    let specs: Vec<MemberSpec> = (0..all).rev().map(MemberSpec::of).collect();
    let again =
        simulate(&loaded.plan(), &specs, &Outputs::default(), &Context::new(2), "again").expect("done");
    for (spec, one) in specs.iter().zip(&again) {
        let recorded: Vec<Verdict> =
            loaded.members.verdicts.iter().map(|claim| claim[spec.member as usize]).collect();
        let day = |v: &Verdict| v.day.filter(|_| v.counts);
        let made: Vec<_> = one.verdicts.iter().map(|v| (v.counts, day(v))).collect();
        assert_eq!(made, recorded.iter().map(|v| (v.counts, v.day)).collect::<Vec<_>>());
    }
}

#[test]
fn futures_share_their_past_to_the_byte_and_nothing_else() {
    let scenario = scenario("three-regions");
    let plan = Plan::new(&scenario, scenario.priors.clone(), design(4, 10), Simd::best());
    let context = Context::new(2);
    let series = breakaway_model::observe::OBSERVABLES.iter().map(|o| (o, 0)).collect::<Vec<_>>();
    let each = series.len();
    let outputs = Outputs { series, days: (0..=scenario.world.days).collect(), until: None };
    let own = MemberSpec::of(11);
    // Eighteen futures: more than one vector of members.
    let futures: Vec<MemberSpec> = (0..18).map(|k| own.reseeded(60, FRESH.start + k)).collect();
    let made = |specs: &[MemberSpec]| simulate(&plan, specs, &outputs, &context, "futures").expect("done");
    let original = made(&[own])[0].values.clone();
    let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    let all = made(&futures);
    for one in &all {
        let past = ..61 * each;
        assert_eq!(bits(&one.values[past]), bits(&original[past]));
        assert_ne!(bits(&one.values), bits(&original), "fresh chance afterwards");
    }
    assert_ne!(bits(&all[0].values), bits(&all[17].values), "each its own");
    assert_eq!(bits(&made(&futures[17..])[0].values), bits(&all[17].values), "alone or together");
}

#[test]
fn fresh_chance_changes_no_probability() {
    let folder = tempfile::tempdir().expect("a folder");
    let loaded = loaded(folder.path(), "three-regions", design(200, 10));
    // Half way through the wait of most clocks.
    let specs: Vec<MemberSpec> =
        (0..2000).map(|i| MemberSpec::of(i).reseeded(100, FRESH.start + i)).collect();
    let made =
        simulate(&loaded.plan(), &specs, &Outputs::default(), &Context::new(2), "again").expect("done");
    for (k, claim) in loaded.manifest().claims.iter().enumerate().filter(|(_, claim)| !claim.conditional) {
        let tally = loaded.tally(k);
        let (p, error) = (tally.probability().expect("it counts"), tally.error().expect("an error"));
        let q = made.iter().filter(|one| one.verdicts[k].day.is_some()).count() as f64 / 2000.0;
        assert!((p - q).abs() < 4.0 * error, "{}: {p} and {q} with fresh chance, error {error}", claim.id);
    }
}

#[test]
fn answers_are_numbers_with_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let loaded = loaded(folder.path(), "three-regions", design(100, 10));
    let context = Context::new(2);
    let explained = explain(&loaded, Some("rout"), 100, &context).expect("an answer").remove(0);
    assert_eq!(explained.scope, Scope::Whole);
    assert_eq!(explained.probability, loaded.tally(0).probability());
    let split = explained.split.as_ref().expect("a split");
    assert!(split.unknown.value.zip(split.chance.value).is_some_and(|(a, b)| (a + b - 1.0).abs() < 1e-12));
    let text = serde_json::to_string(&explained).expect("JSON");
    let read: Explanation = serde_json::from_str(&text).expect("the same type");
    assert_eq!(serde_json::to_string(&read).expect("JSON"), text, "nothing is lost on the way");
    let futures = branch(&loaded, 5, 60, 40, &context).expect("futures");
    assert_eq!((futures.counted(), futures.claims.len()), (40, loaded.scenario.claims.len()));
    let none = condition(&loaded, &[], "nothing", &context).expect("no observation changes nothing");
    assert!((none.effective - 1000.0).abs() < 1e-6, "{}", none.effective);
    for claim in &none.claims {
        let both = claim.prior.zip(claim.probability);
        assert!(both.is_none_or(|(prior, after)| (prior - after).abs() < 1e-9), "{claim:?}");
    }
}

#[test]
fn repeats_of_one_parameter_set_are_independent_of_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let loaded = loaded(folder.path(), "three-regions", design(1, 400));
    let none = condition(&loaded, &[], "nothing", &Context::new(2)).expect("no observation changes nothing");
    for claim in none.claims.iter().filter(|claim| claim.effective >= 20.0) {
        assert!(claim.probability.is_some() && claim.interval.is_some(), "{claim:?}");
    }
}

#[test]
fn simulations_that_are_moved_agree_with_many_that_are_weighed() {
    let (few, many) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let few = loaded(few.path(), "three-regions", design(100, 2));
    let many = loaded(many.path(), "three-regions", design(4000, 5));
    let seen = |name: &str, day: u32, value: f64, error: f64| {
        let observable = breakaway_model::observe::by_name(name).expect("an observable");
        breakaway_scenario::observed::Observation { day, observable, entity: 0, value, error }
    };
    // More dead and fewer soldiers than in most simulations.
    let observations = [seen("dead", 60, 1500.0, 150.0), seen("army", 60, 36_000.0, 3000.0)];
    let context = Context::new(2);
    let weighed = condition(&many, &observations, "seen", &context).expect("conditioned");
    let moved = condition(&few, &observations, "seen", &context).expect("conditioned");
    assert!(matches!(weighed.made, Made::Weighed) && weighed.effective > 400.0, "{weighed:?}");
    assert!(matches!(moved.made, Made::Moved { .. }) && moved.effective > 500.0, "{moved:?}");
    let mut compared = 0;
    for (a, b) in weighed.claims.iter().zip(&moved.claims) {
        let Some((p, q)) = a.probability.zip(b.probability) else { continue };
        // Four standard errors of both, with a quarter of the moved as good as independent.
        let error = (p * (1.0 - p) * (1.0 / a.effective + 4.0 / b.effective)).sqrt();
        assert!((p - q).abs() < 4.0 * error.max(0.01), "{}: {p} and {q}", a.id);
        compared += 1;
    }
    assert!(compared >= 3, "{weighed:#?}");
    let again = condition(&few, &observations, "seen", &Context::new(1)).expect("conditioned");
    assert_eq!(again, moved, "whatever the threads");
}

#[test]
fn five_weekly_updates_keep_simulations_that_fit() {
    let folder = tempfile::tempdir().expect("a folder");
    let loaded = loaded(folder.path(), "autumn-2022", design(200, 10));
    // What a member of another seed shows, read with errors.
    let mut other = loaded.plan();
    other.design.seed = 2;
    let observable = |name: &str| breakaway_model::observe::by_name(name).expect("an observable");
    // Dead and deserters in people, the line in kilometres; the entity is a polity or a side.
    let read =
        [("dead", 0, 0.1, 10.0), ("deserters", 0, 0.2, 10.0), ("army", 0, 0.03, 10.0), ("line", 2, 0.0, 2.0)];
    let outputs = Outputs {
        series: read.iter().map(|(name, entity, _, _)| (observable(name), *entity)).collect(),
        days: (1..=5).map(|week| 7 * week).collect(),
        until: Some(35),
    };
    let truth = simulate(&other, &[MemberSpec::of(777)], &outputs, &Context::new(2), "truth").expect("done");
    let all: Vec<_> = (0..5)
        .flat_map(|week| read.iter().enumerate().map(move |(k, read)| (week, k, read)))
        .map(|(week, k, (name, entity, share, least))| {
            let value = f64::from(truth[0].values[week * read.len() + k]);
            // An error of its own, the same each time.
            let off = ((week * 7 + k * 3) % 5) as f64 / 2.0 - 1.0;
            let error = (share * value.abs()).max(*least);
            breakaway_scenario::observed::Observation {
                day: 7 * (week as u32 + 1),
                observable: observable(name),
                entity: *entity,
                value: value + off * error,
                error,
            }
        })
        .collect();
    for weeks in 1..=5 {
        let found =
            condition(&loaded, &all[..weeks * read.len()], "week", &Context::new(2)).expect("it fits");
        assert!(found.effective >= 500.0, "after {weeks} weeks {} are left", found.effective);
        assert!(weeks < 2 || found.effective_of_run < 200.0, "the run's own do not last");
    }
}

/// A context that asks to stop when a task begins whose name begins so.
fn stops_at(task: &'static str) -> Context {
    let cancel = Cancel::default();
    let own = cancel.clone();
    let observer = move |progress: &Progress| {
        if progress.task.starts_with(task) {
            own.cancel();
        }
    };
    Context::new(2).with_cancel(cancel).with_observer(observer)
}

#[test]
fn every_question_stops_on_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let loaded = loaded(folder.path(), "three-regions", design(30, 10));
    for task in ["early signs", "without supply", "claims"] {
        let stopped = explain(&loaded, None, 50, &stops_at(task));
        assert!(matches!(stopped, Err(Error::Stopped(_))), "{task}");
    }
    assert!(matches!(branch(&loaded, 1, 9, 40, &stops_at("futures")), Err(Error::Stopped(_))));
    let source = ParameterSource::from(loaded.scenario.priors.clone());
    let side = || compare::Side { scenario: &loaded.scenario, source: &source };
    for task in ["first", "second"] {
        let stopped = compare::compare(&side(), &side(), design(10, 10), "nothing", None, &stops_at(task));
        assert!(matches!(stopped, Err(Error::Stopped(_))), "{task}");
    }
}

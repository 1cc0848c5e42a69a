//! Requests: in and out as JSON, checked by fields, answered in the background.

use breakaway::named::{schema, schema_names};
use breakaway::prelude::*;
use breakaway::request::{DayOrDate, Varied};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn scenario(name: &str) -> ScenarioSource {
    ScenarioSource::of(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(name))
}

fn same<Q: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(question: &Q) {
    let text = serde_json::to_string(question).expect("JSON");
    assert_eq!(&serde_json::from_str::<Q>(&text).expect("read again"), question, "{text}");
}

#[test]
fn requests_survive_json() {
    let mut changed = scenario("three-regions");
    changed.overlays.push("o.toml".into());
    changed.parameters.insert("combat.attrition".into(), Setting::Text("0.001..0.004:log".into()));
    changed.parameters.insert("home.armed".into(), Setting::Number(0.5));
    let folder = Some(PathBuf::from("runs/a"));
    same(&Run {
        scenario: changed.clone(),
        folder,
        recorded_as: Some(scenario("peace")),
        shard: Some(Shard { number: 2, of: 7 }),
        ..Run::default()
    });
    same(&Compare { before: scenario("peace"), after: changed.clone(), ..Compare::default() });
    let over = vec![Varied { what: "home.armed".into(), from: "0.1".into(), to: "0.9".into() }];
    same(&Sweep {
        scenario: changed,
        claim: "rout".into(),
        over,
        steps: 5,
        design: DesignRequest::default(),
    });
    same(&Branch { run: "r".into(), member: 3, day: DayOrDate::Text("2030-04-01".into()), futures: 20 });
    same(&Explain { run: "r".into(), claim: None, members: 0 });
    same(&Condition { run: "r".into(), observed: "o.csv".into() });
    same(&Score { runs: vec!["r".into()] });
    same(&Hindcast { cases: vec![], folder: "h".into(), settings: Default::default() });
    same(&Validate { quick: true });
    // What is left out has its default; what is misspelt is a fault.
    let short: Run = serde_json::from_value(json!({ "scenario": { "folder": "s" } })).expect("a run");
    assert_eq!(short.design, DesignRequest::default());
    let wrong = serde_json::from_value::<Run>(json!({ "scenario": { "folder": "s" }, "desgin": {} }));
    assert!(wrong.is_err_and(|e| e.to_string().contains("desgin")));
}

#[test]
fn every_field_of_a_schema_is_explained() {
    fn explained(schema: &Value, path: &str) {
        for (name, field) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let known = field.get("description").is_some()
                || field.get("$ref").is_some()
                || field.get("allOf").is_some();
            assert!(known, "{path}.{name} has no description");
        }
    }
    for name in schema_names().into_iter().skip(4) {
        let schema = schema(name).expect("a schema");
        explained(&schema, name);
        for (inner, part) in schema.get("$defs").and_then(Value::as_object).into_iter().flatten() {
            explained(part, &format!("{name}/{inner}"));
        }
    }
}

#[test]
fn messages_name_fields() {
    let check = |design: DesignRequest| {
        Run { scenario: scenario("peace"), design, ..Run::default() }.check().expect_err("wrong").message
    };
    let design = DesignRequest::default();
    assert!(check(DesignRequest { replicates: 0, ..design }).contains("replicates"));
    assert!(check(DesignRequest { members: Some(0), ..design }).starts_with("members is 0"));
    assert!(check(DesignRequest { draws: 0, ..design }).starts_with("draws is 0"));
    let alone = Compare { before: scenario("peace"), after: scenario("peace"), design, attribute: false };
    assert!(alone.check().is_err());
    let none = Sweep { scenario: scenario("peace"), claim: "x".into(), over: vec![], steps: 5, design };
    assert!(none.check().is_err_and(|e| e.message.contains("0 things")));
    for message in [check(DesignRequest { replicates: 0, ..design }), alone.check().expect_err("wrong").help]
    {
        assert!(!message.contains("--"), "no flags below the faces: {message}");
    }
}

#[test]
fn a_job_is_watched_stopped_and_resumed() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("run");
    let design = DesignRequest { draws: 2000, ..DesignRequest::default() };
    let question = Run { scenario: scenario("three-regions"), design, folder: Some(out), ..Run::default() };
    let job = Job::start(question.clone(), 2).expect("started");
    let begun = Instant::now();
    while job.progress().is_none_or(|progress| progress.done == 0)
        && begun.elapsed() < Duration::from_secs(60)
    {
        std::thread::sleep(Duration::from_millis(5));
    }
    let seen = job.progress().expect("progress");
    assert!(seen.total > 0 && !seen.task.is_empty());
    let asked = Instant::now();
    job.cancel();
    assert!(matches!(job.wait(), Err(Error::Stopped(_))));
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    let RunAnswer::Whole(answers) = Job::start(question, 2).expect("started").wait().expect("an answer")
    else {
        panic!("a whole run")
    };
    assert_eq!(answers.members, 20_000);
}

//! Files that are made from the program and kept beside it, and the numbers of a default run.
//! `BREAKAWAY_UPDATE=1 cargo test -p breakaway-cli --test pinned` writes them anew, on purpose.

mod common;

use breakaway_model::MODEL_VERSION;
use breakaway_model::entity::EntityKind;
use breakaway_model::event::{Cause, EventKind};
use breakaway_model::observe::OBSERVABLES;
use breakaway_model::params::table;
use common::{scenarios, succeed};
use serde_json::{Value, json};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Compares a file with what it should hold, or writes it where an update is asked for.
fn pinned(path: &Path, expected: &str) {
    if std::env::var_os("BREAKAWAY_UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, expected).expect("written");
        return;
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    let first = found.lines().zip(expected.lines()).position(|(a, b)| a != b);
    assert!(
        found == expected,
        "{} is out of date (first in line {:?}); BREAKAWAY_UPDATE=1 writes it anew",
        path.display(),
        first.map(|line| line + 1)
    );
}

/// A change of any of these numbers is a change of the model or of the reference scenario:
/// re-baseline on purpose, and say so in CHANGELOG.md.
#[test]
fn the_numbers_of_the_default_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenarios().join("autumn-2022");
    let args = ["run", scenario.to_str().expect("a path"), "--out", "r", "--format", "json"];
    let answers: Value = serde_json::from_str(&succeed(folder.path(), &args)).expect("JSON");
    let claims: Vec<Value> = answers["claims"]
        .as_array()
        .expect("claims")
        .iter()
        .map(|c| json!({ "id": c["id"], "probability": c["probability"], "interval": c["interval"], "range": c["range"], "median_day": c["median_day"], "members": c["members"] }))
        .collect();
    // Numbers that move are numbers of another model: raise MODEL_VERSION in breakaway-model then.
    let known: Value = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/baseline.json"))
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let moved = known["claims"] != json!(claims);
    assert!(
        !(moved && known["model_version"] == MODEL_VERSION),
        "numbers moved: raise MODEL_VERSION, then write the baseline anew"
    );
    let pin =
        json!({ "model_version": MODEL_VERSION, "fingerprint": answers["fingerprint"], "claims": claims });
    let text = serde_json::to_string_pretty(&pin).expect("JSON") + "\n";
    pinned(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/baseline.json"), &text);
}

#[test]
fn the_schemas_for_editors() {
    for (name, schema) in breakaway_scenario::schemas() {
        let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        pinned(&root().join(format!("scenarios/schema/{name}.json")), &text);
    }
}

/// A page with the text between two marks replaced.
fn between(page: &str, name: &str, text: &str) -> String {
    let (first, last) = (format!("<!-- made from code: {name} -->"), format!("<!-- end of {name} -->"));
    let from = page.find(&first).expect("a first mark") + first.len();
    let to = page.find(&last).expect("a last mark");
    format!("{}\n\n{}\n\n{}", &page[..from], text.trim(), &page[to..])
}

fn line(meaning: &str) -> String {
    let text = meaning.trim_end_matches('.');
    let first = text.chars().next().map_or(String::new(), |c| c.to_lowercase().to_string());
    first + text.get(1..).unwrap_or("")
}

#[test]
fn the_lists_of_the_format_page() {
    let path = root().join("docs/src/scenario-format.md");
    let page = fs::read_to_string(&path).expect("the page");
    let mut events =
        String::from("| event | of | meaning | causes it can have |\n| --- | --- | --- | --- |\n");
    for kind in EventKind::ALL {
        let causes: Vec<String> = kind.causes().iter().map(|cause| format!("`{}`", cause.name())).collect();
        let (name, of, meaning) = (kind.name(), kind.entity_kind().name(), line(kind.doc()));
        writeln!(events, "| `{name}` | {of} | {meaning} | {} |", causes.join(", ")).expect("a string");
    }
    let mut causes = String::from("| cause | meaning |\n| --- | --- |\n");
    for cause in Cause::ALL {
        writeln!(causes, "| `{}` | {} |", cause.name(), line(cause.doc())).expect("a string");
    }
    let mut observables = String::new();
    for (kind, title) in [
        (EntityKind::Polity, "Of a polity:"),
        (EntityKind::Region, "Of a region:"),
        (EntityKind::SectorSide, "Of a side of a sector:"),
    ] {
        writeln!(observables, "{title}\n\n| observable | unit | meaning |\n| --- | --- | --- |")
            .expect("a string");
        for one in OBSERVABLES.iter().filter(|one| one.of == kind) {
            writeln!(observables, "| `{}` | {} | {} |", one.name, one.unit, line(one.doc)).expect("a string");
        }
        observables.push('\n');
    }
    let page = between(&page, "events", &events);
    let page = between(&page, "causes", &causes);
    let mut changes = String::from("| `what` | `of` | effect of `value` |\n| --- | --- | --- |\n");
    for kind in breakaway_scenario::CHANGES {
        writeln!(changes, "| `{}` | {} | {} |", kind.name, kind.target.name(), kind.doc).expect("a string");
    }
    let page = between(&page, "changes", &changes);
    pinned(&path, &between(&page, "observables", &observables));
}

#[test]
fn the_chapter_on_the_model() {
    let mut text = String::from(
        "# The model\n\n\
         <!-- Made from the mechanisms' doc comments and the parameter table: do not edit. -->\n\n\
         A state at war depends on four loyalties: those of its soldiers, its officials, its citizens and its\n\
         regions. Citizens, officials and guards are threshold cascades (Granovetter 1978; Kuran 1991): an actor\n\
         stays while what it sees makes it expect that the others stay. Soldiers and regions have hazards that\n\
         rise with what their neighbours did. All four depend on one scarce stock, armed people loyal to the centre: a guard who is sent to the\n\
         front is missing in the region.\n\n\
         Every person has one role at a time, on one ledger. People are whole numbers, and their total is\n\
         conserved exactly. A day runs through the mechanisms below, in this order. The prior of a\n\
         parameter is what is believed before any data. Where its source says *judgement*, no literature gives\n\
         its range. The ranges of the citizens', officials' and centre's priors were narrowed until a peaceful\n\
         country stayed at peace (`scenarios/peace`); the chapter on validation says what had been seen by then.\n\n",
    );
    let sources = root().join("crates/breakaway-model/src/mechanism");
    for (number, (_, name)) in breakaway_model::world::MECHANISMS.iter().enumerate() {
        let source = fs::read_to_string(sources.join(format!("{name}.rs"))).expect("a mechanism");
        let doc: Vec<&str> = source
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        assert!(doc.len() > 5, "{name} has no page");
        let title = name[..1].to_uppercase() + &name[1..];
        writeln!(text, "## {}. {title}\n\n{}\n", number + 1, doc.join("\n").trim()).expect("a string");
        writeln!(text, "| parameter | prior | unit | meaning | source |\n| --- | --- | --- | --- | --- |")
            .expect("a string");
        for spec in table().filter(|spec| spec.mechanism == *name) {
            writeln!(
                text,
                "| `{}` | {} | {} | {} | {} |",
                spec.key(),
                spec.prior,
                spec.unit,
                spec.doc,
                spec.source
            )
            .expect("a string");
        }
        text.push('\n');
    }
    pinned(&root().join("docs/src/model.md"), &(text.trim_end().to_string() + "\n"));
}

//! The analyses, on stored runs and through the command line.

mod common;

use breakaway_model::world::MECHANISMS;
use common::{fail, scenarios, succeed};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn run(folder: &Path, scenario: &str, more: &[&str]) {
    let path = scenarios().join(scenario);
    let args = ["run", path.to_str().expect("a path"), "--out", "r"];
    succeed(folder, &[&args, more].concat());
}

fn json(folder: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&succeed(folder, &[args, &["--format", "json"]].concat())).expect("JSON")
}

fn row<'v>(table: &'v Value, key: &str, value: &str) -> &'v Value {
    table
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row[key] == value)
        .unwrap_or_else(|| panic!("no {value}"))
}

#[test]
fn explain_answers_and_its_findings_stand_in_the_report() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "three-regions", &["--members", "1000", "--set", "combat.attrition=0.0005..0.02:log"]);
    let found = json(folder.path(), &["explain", "r", "--claim", "rout", "--members", "200"]);
    let tables = &found[0]["tables"];
    let probability = row(&tables["split"], "what", "probability")["estimate"].as_f64().expect("a number");
    let shown = json(folder.path(), &["show", "r"]);
    assert_eq!(Some(probability), row(&shown["claims"], "id", "rout")["probability"].as_f64());
    for table in ["convergence", "parameters", "mechanisms", "mechanisms-off"] {
        assert!(!tables[table].as_array().expect("rows").is_empty(), "{table}");
    }
    let off = &tables["mechanisms-off"];
    assert!(row(off, "without", "combat")["probability"].as_f64() < Some(probability));
    let names: Vec<&Value> = off.as_array().expect("rows").iter().map(|row| &row["without"]).collect();
    assert!(!names.contains(&&Value::from("cohesion")), "the mechanism that makes routs is the claim itself");
    // Parameters are named that change the claim when they are moved alone.
    let attrition = row(&tables["parameters"], "parameter", "combat.attrition");
    assert!(attrition["at high"].as_f64() > attrition["at low"].as_f64(), "{attrition}");
    assert!(attrition["95 % interval of it"][0].as_f64() > Some(0.0), "{attrition}");
    let sentences = found[0]["sentences"].to_string();
    assert!(sentences.contains("Why: in ") && sentences.contains("troops of State A rout"), "{sentences}");
    let signs = tables["signs"].as_array().map_or(&[][..], Vec::as_slice);
    let unseen = ["cohesion", "strength", "supply", "news"];
    assert!(signs.iter().all(|sign| !unseen.iter().any(|name| sign["sign"] == *name)), "{signs:?}");
    succeed(folder.path(), &["report", "r"]);
    let page = fs::read_to_string(folder.path().join("r/report.html")).expect("the report");
    assert!(page.contains("id=\"finding-explain-rout\"") && page.contains("href=\"#findings\""));
    let cells =
        succeed(folder.path(), &["explain", "r", "--claim", "rout", "--members", "20", "--format", "csv"]);
    assert!(
        cells.starts_with("what,estimate,\"95 % interval, low\",\"95 % interval, high\"\nprobability,"),
        "{cells}"
    );
    let into = ["explain", "r", "--claim", "rout", "--members", "20", "--csv-into", "tables"];
    succeed(folder.path(), &into);
    let table =
        fs::read_to_string(folder.path().join("tables/explain-rout-mechanisms-off.csv")).expect("a table");
    let columns = |line: &str| line.matches(',').count();
    assert!(table.lines().skip(1).all(|line| columns(line) > 4), "{table}");
}

#[test]
fn what_cannot_be_explained_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let says = |args: &[&str]| -> String {
        run(folder.path(), "three-regions", args);
        let found = json(folder.path(), &["explain", "r", "--claim", "rout", "--members", "10"]);
        fs::remove_dir_all(folder.path().join("r")).expect("removed");
        found[0]["sentences"].to_string()
    };
    // True in none, for soldiers who never break; a constant parameter on the way.
    let never = says(&["--members", "200", "--set", "cohesion.rout_rate=0"]);
    assert!(never.contains("does not vary") && never.contains("95 % interval"), "{never}");
    let ten = says(&["--members", "10"]);
    assert!(ten.contains("too few") || ten.contains("does not vary"), "{ten}");
    let single = says(&["--draws", "200", "--replicates", "1"]);
    assert!(single.contains("cannot be told"), "{single}");
    let fixed = says(&["--members", "400", "--set", "combat.attrition=0.002"]);
    assert!(!fixed.contains("combat.attrition"), "a constant explains nothing: {fixed}");
}

#[test]
fn radial_designs_give_effects_of_parameters_and_of_mechanisms() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "three-regions", &["--design", "grouped", "--draws", "32", "--replicates", "8"]);
    let found = json(folder.path(), &["explain", "r", "--claim", "rout", "--members", "16"]);
    let groups = found[0]["tables"]["mechanisms"].as_array().expect("rows");
    assert_eq!(groups.len(), MECHANISMS.len(), "all mechanisms have free parameters");
    let totals: Vec<f64> = groups.iter().filter_map(|group| group["total"].as_f64()).collect();
    assert!(totals.is_sorted_by(|a, b| a >= b), "{totals:?}");
    let wide = |group: &&Value| {
        let ends = &group["95 % interval of total"];
        ends[1].as_f64().zip(ends[0].as_f64()).is_some_and(|(high, low)| high - low > 0.5)
    };
    assert!(groups.iter().filter(wide).all(|group| group["total"] == "not determined"), "{groups:?}");
    // The request in the manifest makes the same run.
    let manifest: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("r/manifest.json")).expect("read"))
            .expect("JSON");
    let design = &manifest["request"]["design"];
    assert_eq!((&design["draws"], &design["kind"]), (&Value::from(32), &Value::from("grouped")));
}

#[test]
fn a_change_is_compared_on_common_random_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenarios().join("three-regions");
    let scenario = scenario.to_str().expect("a path");
    common::copy_scenario("three-regions", &folder.path().join("copy"));
    let same = json(folder.path(), &["compare", scenario, "copy", "--members", "200"]);
    for claim in same[0]["tables"]["claims"].as_array().expect("rows") {
        assert_eq!((&claim["gained"], &claim["lost"]), (&Value::from(0), &Value::from(0)));
    }
    let harder =
        json(folder.path(), &["compare", scenario, "--set", "combat.attrition=0.004", "--members", "400"]);
    let rout = row(&harder[0]["tables"]["claims"], "claim", "rout");
    assert!(rout["difference, points"].as_f64() > Some(0.0), "{rout}");
    assert!(rout["variance saved"].as_f64() > Some(0.0), "common random numbers save: {rout}");
    let curve = json(
        folder.path(),
        &[
            "sweep",
            scenario,
            "--claim",
            "rout",
            "--over",
            "combat.attrition=0.0005..0.004",
            "--steps",
            "3",
            "--members",
            "200",
        ],
    );
    let rows = curve[0]["tables"]["curve"].as_array().expect("rows");
    assert!(rows[0]["probability"].as_f64() < rows[2]["probability"].as_f64(), "{rows:?}");
}

#[test]
fn a_levers_date_is_swept() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenarios().join("autumn-2022");
    let over = "lever.congress=2022-10-01..2023-09-01";
    let args = ["sweep", scenario.to_str().expect("a path"), "--claim", "state-breaks", "--over", over];
    let curve = json(folder.path(), &[&args[..], &["--steps", "2", "--members", "20"]].concat());
    let rows = curve[0]["tables"]["curve"].as_array().expect("rows");
    assert_eq!([&rows[0]["lever.congress"], &rows[1]["lever.congress"]], ["2022-10-01", "2023-09-01"]);
}

#[test]
fn a_simulation_of_a_stored_run_needs_nothing_but_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let design = ["--members", "100", "--seed", "7", "--set", "combat.attrition=0.004"];
    run(folder.path(), "three-regions", &design);
    let scenario = scenarios().join("three-regions");
    let one = ["--member", "3", "--format", "json"];
    let line = ["replay", scenario.to_str().expect("a path")];
    let again = succeed(folder.path(), &[&line, &design[..], &one].concat());
    assert_eq!(succeed(folder.path(), &[&["replay", "r"], &one[..]].concat()), again);
}

/// Observations that one member made.
fn seen(folder: &Path, member: &str, error: f64) -> String {
    let scenario = scenarios().join("three-regions");
    let days = succeed(
        folder,
        &[
            "replay",
            scenario.to_str().expect("a path"),
            "--draws",
            "100",
            "--member",
            member,
            "--format",
            "csv",
        ],
    );
    let mut lines = days.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let column = header.iter().position(|name| *name == "A:soldiers").expect("soldiers");
    let all: Vec<_> = lines.collect();
    let mut text = "date,observable,of,value,error,source\n".to_string();
    for day in [60, 120] {
        text += &format!("{},soldiers,A,{},{error},a member\n", all[day][1], all[day][column]);
    }
    text
}

#[test]
fn what_was_seen_changes_the_odds() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "three-regions", &["--members", "1000"]);
    fs::write(folder.path().join("seen.csv"), seen(folder.path(), "3", 2000.0)).expect("written");
    let found = json(folder.path(), &["condition", "r", "--observed", "seen.csv"]);
    let claims = found[0]["tables"]["claims"].as_array().expect("rows");
    assert!(claims.iter().any(|claim| claim["before"] != claim["after"]));
    assert!(found[0]["sentences"][0].as_str().expect("text").contains("Of 1,000 simulations about"));
    // So exact that hardly anybody fits: others are made that do.
    fs::write(folder.path().join("exact.csv"), seen(folder.path(), "3", 0.6)).expect("written");
    let exact = json(folder.path(), &["condition", "r", "--observed", "exact.csv"]);
    assert!(exact[0]["sentences"].to_string().contains("were made that fit"), "{}", exact[0]["sentences"]);
    let far = "date,observable,of,value,error,source\n2030-06-01,soldiers,A,90000000,10,nobody\n";
    fs::write(folder.path().join("far.csv"), far).expect("written");
    let message = fail(folder.path(), &["condition", "r", "--observed", "far.csv"]);
    assert!(message.contains("no simulation comes within 3 errors"), "{message}");
}

#[test]
fn runs_are_scored_and_branched() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "autumn-2022", &["--members", "100"]);
    let found = json(folder.path(), &["score", "r"]);
    let scores = &found[0]["tables"]["scores"];
    let value = |name: &str| row(scores, "score", name)["value"].as_f64().expect("a number");
    let sum = value("reliability") - value("resolution") + value("uncertainty") + value("within bins");
    assert!((value("Brier score") - sum).abs() < 1e-12);
    assert_eq!(row(&found[0]["tables"]["dates"], "claim", "kherson-falls")["happened on day"], 47.0);
    let futures = json(folder.path(), &["branch", "r", "--member", "5", "--day", "546", "--futures", "20"]);
    for claim in futures[0]["tables"]["claims"].as_array().expect("rows") {
        let given = &claim["given this past"];
        let own = claim["in this simulation"].as_str().expect("text");
        // On the eve of the last day nearly everything is settled.
        if own.starts_with("came true on 2022") || own.starts_with("came true on 2023") {
            assert_eq!(given, 1.0, "{claim}");
        }
    }
    run_without_outcomes(folder.path());
}

fn run_without_outcomes(folder: &Path) {
    let scenario = scenarios().join("three-regions");
    succeed(folder, &["run", scenario.to_str().expect("a path"), "--members", "20", "--out", "t"]);
    let message = fail(folder, &["score", "t"]);
    assert!(message.contains("no claim of these runs has both"), "{message}");
}

#[test]
fn a_run_is_taken_up_whatever_became_of_its_scenario() {
    let folder = tempfile::tempdir().expect("a folder");
    let overlay = folder.path().join("o.toml");
    fs::write(&overlay, "name = \"Changed\"\n").expect("written");
    run(folder.path(), "three-regions", &["--members", "20", "--with", "o.toml"]);
    fs::remove_file(&overlay).expect("removed");
    assert!(succeed(folder.path(), &["explain", "r", "--members", "0"]).contains("Explained"));
    let copy = folder.path().join("r/scenario/scenario.toml");
    let text = fs::read_to_string(&copy).expect("read") + "\n# a remark\n";
    fs::write(&copy, text).expect("written");
    let message = fail(folder.path(), &["explain", "r"]);
    assert!(message.contains("copy of the scenario was changed"), "{message}");
}

#[test]
fn a_careless_question_gets_a_clear_refusal() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "three-regions", &["--members", "20"]);
    let table = |rows: &str| {
        let text = format!("date,observable,of,value,error,source\n{rows}");
        fs::write(folder.path().join("seen.csv"), text).expect("written");
    };
    for (rows, args, says) in [
        ("", &["explain", "r", "--claim", "route"][..], "did you mean `rout`?"),
        ("", &["branch", "r", "--member", "20", "--day", "3"], "the run has simulations 0 to 19"),
        ("", &["branch", "r", "--member", "2", "--day", "9999"], "leaves no future"),
        ("", &["branch", "r", "--member", "2", "--day", "3", "--futures", "0"], "between 20 and"),
        ("", &["condition", "r", "--observed", "none.csv"], "the file does not exist"),
        ("", &["condition", "r", "--observed", "seen.csv"], "there is no observation"),
        (
            "2030-06-01,soldier,A,1,1,x",
            &["condition", "r", "--observed", "seen.csv"],
            "did you mean `soldiers`?",
        ),
        ("2030-06-01,soldiers,Q,1,1,x", &["condition", "r", "--observed", "seen.csv"], "unknown polity `Q`"),
        ("2030-06-01,line,river,1,1,x", &["condition", "r", "--observed", "seen.csv"], "seen.csv:2:17"),
        (
            "1999-06-01,soldiers,A,1,1,x",
            &["condition", "r", "--observed", "seen.csv"],
            "is outside the scenario",
        ),
        (
            "2030-06-01,soldiers,A,1,0,x",
            &["condition", "r", "--observed", "seen.csv"],
            "`error` = 0 is out of range",
        ),
        (
            "2030-06-01,soldiers,A,1",
            &["condition", "r", "--observed", "seen.csv"],
            "the row has 4 cells, the header 6",
        ),
    ] {
        table(rows);
        let message = fail(folder.path(), args);
        assert!(message.contains(says), "{args:?} {rows}\n{message}");
        assert!(!folder.path().join("r/findings").exists(), "nothing is kept");
    }
}

#[test]
fn outcomes_that_are_all_alike_leave_a_readable_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "union-1989", &["--members", "40"]);
    let found = json(folder.path(), &["score", "r"]);
    let skill = row(&found[0]["tables"]["scores"], "score", "uncertainty");
    assert_eq!(skill["value"], 0.0, "all happened");
    succeed(folder.path(), &["report", "r"]);
}

#[test]
fn a_lever_that_a_sweep_switches_on_is_compared_the_right_way_round() {
    let folder = tempfile::tempdir().expect("a folder");
    let s = folder.path().join("s");
    common::copy_scenario("three-regions", &s);
    let claims = s.join("claims.toml");
    let more = "\n[claim.peace-helps]\ntext = \"x\"\nsource = \"x\"\n\
                that = { lever = \"armistice\", more = { event = \"rout\", of = \"A\" } }\n";
    fs::write(&claims, fs::read_to_string(&claims).expect("read") + more).expect("written");
    let shown: Value = serde_json::from_str(&succeed(
        folder.path(),
        &["run", "s", "--members", "200", "--out", "r", "--format", "json"],
    ))
    .expect("JSON");
    assert_eq!(row(&shown["claims"], "id", "peace-helps")["probability"], 0.0, "peace brings no rout");
    let over = "lever.armistice=2030-03-10..2030-03-20";
    let args = ["sweep", "s", "--claim", "peace-helps", "--over", over, "--steps", "2", "--members", "200"];
    let curve = json(folder.path(), &args);
    assert_eq!(curve[0]["tables"]["curve"][0]["probability"], 0.0, "switched on by the sweep or not");
}

#[test]
fn two_worlds_are_paired_on_even_draws_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenarios().join("three-regions");
    let scenario = scenario.to_str().expect("a path");
    let set = ["--set", "regions.government_days=200"];
    let same = json(folder.path(), &[&["compare", scenario, "--members", "200"], &set[..]].concat());
    let rout = row(&same[0]["tables"]["claims"], "claim", "rout");
    assert_eq!(
        (&rout["gained"], &rout["lost"]),
        (&Value::from(0), &Value::from(0)),
        "fixing one moves no other"
    );
    let message = fail(folder.path(), &[&["compare", scenario, "--design", "saltelli"], &set[..]].concat());
    assert!(message.contains("cannot pair two worlds"), "{message}");
    let twice = ["--over", "home.armed=0.1..0.2", "--over", "home.armed=0.1..0.2"];
    let message = fail(folder.path(), &[&["sweep", scenario, "--claim", "rout"], &twice[..]].concat());
    assert!(message.contains("varied twice"), "{message}");
}

#[test]
fn a_change_that_is_undone_leaves_worlds_equal_and_a_change_that_moves_is_told_line_by_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenarios().join("three-regions");
    let scenario = scenario.to_str().expect("a path");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    let shock =
        |value: &str| format!("{{ date = 2030-05-01, what = \"hold-guards\", of = \"A\", value = {value} }}");
    let both = [shock("1"), shock("0")].join(", ");
    write("undone.toml", &format!("[shock.x]\ntext = \"x\"\nsource = \"imaginary\"\nchange = [{both}]\n"));
    write("weak.toml", "[polity.A]\nstrength = 0.45\ntreasury = 0.1\n");
    let few = ["--members", "400"];
    let undone = json(folder.path(), &[&["compare", scenario, "--with", "undone.toml"], &few[..]].concat());
    let said = undone[0]["sentences"].to_string();
    assert!(
        said.contains("equal to the bit") && said.contains("undone by another of the same day"),
        "{said}"
    );
    let unfelt =
        json(folder.path(), &[&["compare", scenario, "--set", "supply.repair=0.02"], &few[..]].concat());
    let said = unfelt[0]["sentences"].to_string();
    assert!(said.contains("nothing in the scenario feels supply.repair"), "{said}");

    let lines = ["--with", "weak.toml", "--set", "combat.attrition=0.0015", "--attribute"];
    let found = json(folder.path(), &[&["compare", scenario][..], &lines, &few].concat());
    let rows = found[0]["tables"]["attribution"].as_array().expect("rows");
    let of = |line: &str| {
        let wanted = |row: &&Value| row["claim"] == "highland-declares" && row["line"] == line;
        rows.iter().find(wanted).unwrap_or_else(|| panic!("no {line} in {rows:?}"))
    };
    let alone = |line: &str| of(line)["alone, points"].as_f64().expect("a number");
    let whole = row(&found[0]["tables"]["claims"], "claim", "highland-declares")["difference, points"]
        .as_f64()
        .expect("a number");
    let sum = alone("polity.A.strength = 0.45")
        + alone("polity.A.treasury = 0.1")
        + alone("combat.attrition = 0.0015")
        + alone("(lines together)");
    assert!((sum - whole).abs() < 1e-9 && alone("polity.A.treasury = 0.1") > 0.1, "{sum} {whole}");
}

#[test]
fn stored_runs_are_compared_and_questions_count_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = scenarios().join("autumn-2022");
    let path = path.to_str().expect("a path");
    for (out, more) in
        [("a", ["--seed", "1"]), ("b", ["--seed", "2"]), ("c", ["--set", "combat.attrition=0.004"])]
    {
        let run = ["run", path, "--members", "100", "--rare", "none", "--out", out];
        succeed(folder.path(), &[&run[..], &more].concat());
    }
    let paired = json(folder.path(), &["compare", "a", "c"]);
    let direct =
        json(folder.path(), &["compare", path, "--set", "combat.attrition=0.004", "--members", "100"]);
    let claims = |found: &Value| found[0]["tables"]["claims"].clone();
    assert_eq!(claims(&paired), claims(&direct), "stored runs are what a comparison would simulate");
    let apart = json(folder.path(), &["compare", "a", "b"]);
    assert!(apart[0]["sentences"].to_string().contains("only their probabilities"));
    let refused = fail(folder.path(), &["compare", "a", "a"]);
    assert!(refused.contains("the same run"), "{refused}");
    let refused = fail(folder.path(), &["compare", "a", "b", "--members", "400"]);
    assert!(refused.contains("without a design, which they have"), "{refused}");
    let refused = fail(folder.path(), &["compare", "a", path]);
    assert!(refused.contains("compared with another stored run"), "{refused}");

    let one = json(folder.path(), &["score", "a"]);
    let both = json(folder.path(), &["score", "a", "b"]);
    let count = |found: &Value| row(&found[0]["tables"]["scores"], "score", "Brier score")["claims"].clone();
    assert_eq!(count(&one), count(&both), "two runs of a scenario ask the same questions");
}

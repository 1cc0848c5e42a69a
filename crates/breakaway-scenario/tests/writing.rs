//! Tables and texts as spreadsheets and other tongues write them.

mod common;
use breakaway_scenario::{load, observed};
use common::{claim, faults, has, text, with};
use std::time::{Duration, Instant};

#[test]
fn truth_may_be_written_as_spreadsheets_do() {
    let communities = text("communities.csv");
    assert!(communities.contains("true") || communities.contains("false"), "{communities}");
    for (plain, other) in
        [("true", "TRUE"), ("true", "yes"), ("true", "1"), ("false", "FALSE"), ("false", "no")]
    {
        assert_eq!(faults(&[("communities.csv", &communities.replace(plain, other))]), "", "{other}");
    }
    has(&faults(&[("communities.csv", &communities.replace("true", "maybe"))]), &["true or false"]);
}

#[test]
fn another_separator_is_named() {
    for (by, name) in [(";", "semicolons"), ("\t", "tabs")] {
        let found = faults(&[("regions.csv", &text("regions.csv").replace(',', by))]);
        has(&found, &["the columns are separated by", name, "with commas"]);
        assert_eq!(found.matches("error:").count(), 1, "{found}");
    }
}

#[test]
fn a_decimal_comma_and_marked_thousands_are_named() {
    let row = |cell: &str| {
        let rest = text("regions.csv");
        let columns: Vec<&str> = rest.lines().next().expect("a header").split(',').collect();
        let at = columns.iter().position(|column| *column == "population").expect("a column");
        let rows = rest.lines().skip(1).map(|line| {
            let mut cells: Vec<String> = line.split(',').map(str::to_string).collect();
            cells[at] = cell.into();
            cells.join(",")
        });
        std::iter::once(columns.join(",")).chain(rows).collect::<Vec<_>>().join("\n")
    };
    has(&faults(&[("regions.csv", &row("\"0,5\""))]), &["write decimals with a point"]);
    has(&faults(&[("regions.csv", &row("1 000"))]), &["thousands without a mark"]);
    has(&faults(&[("regions.csv", &row("\"1,000,000\""))]), &["thousands without a mark"]);
    assert!(!faults(&[("regions.csv", &row("lots"))]).contains("thousands"));
}

#[test]
fn blanks_around_cells_and_lines_at_the_end_change_nothing() {
    let spaced = text("regions.csv").replace(',', " , ") + "\n\n";
    assert_eq!(faults(&[("regions.csv", &spaced)]), "");
}

#[test]
fn letters_with_marks_are_the_same_in_both_spellings() {
    let composed = |body: &str| body.replace("core", "k\u{F6}rn");
    let apart = |body: &str| body.replace("core", "ko\u{308}rn");
    let files: Vec<(&str, String)> =
        common::FILES.iter().map(|(name, body)| (*name, composed(body))).collect();
    let mut mixed = files.clone();
    for (name, body) in &mut mixed {
        if *name == "regions.csv" {
            *body = apart(text("regions.csv"));
        }
    }
    let all = |files: &[(&'static str, String)]| {
        with(&files.iter().map(|(name, body)| (*name, body.as_str())).collect::<Vec<_>>())
    };
    let (one, other) = (all(&files).expect("sound"), all(&mixed).expect("sound"));
    assert_eq!(one.hash, other.hash);
}

#[test]
fn a_character_that_cannot_be_seen_is_refused_and_never_printed() {
    for hidden in ["\u{1B}", "\u{202E}", "\u{200B}", "\u{0}", "\u{7}", "\u{9B}", "\u{E0041}"] {
        let claims = claim("{ event = \"fall\", of = \"A\" }").replace("\"t\"", &format!("\"t{hidden}\""));
        let found = faults(&[("claims.toml", &claims)]);
        has(&found, &["a character that cannot be seen (U+", "claims.toml:2:"]);
        assert!(!found.contains(hidden), "{found:?}");
    }
}

#[test]
fn a_key_in_the_wrong_table_is_refused() {
    let claims = claim("{ event = \"fall\", of = \"A\" }") + "population = 5\n";
    has(&faults(&[("claims.toml", &claims)]), &["unknown key `population`", "claims.toml:5:"]);
    let scenario = text("scenario.toml").to_string() + "\n[nowhere]\na = 1\n";
    has(&faults(&[("scenario.toml", &scenario)]), &["unknown key `nowhere`"]);
}

#[test]
fn observations_are_read_from_memory_too() {
    let scenario = with(&[]).expect("sound");
    let found = observed::from_text("seen.csv", "date,observable\n", &scenario).expect_err("no rows");
    has(&found[0].to_string(), &["there is no observation"]);
    let found = observed::from_text("seen.csv", "date;observable;of\n", &scenario).expect_err("wrong");
    has(&found[0].to_string(), &["separated by semicolons", "seen.csv:1:1"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, body) in common::FILES {
        std::fs::write(folder.path().join(name), body).expect("written");
    }
    let start = Instant::now();
    for strange in ["/dev/zero", "/dev/null"] {
        let _ = std::fs::remove_file(folder.path().join("claims.toml"));
        std::os::unix::fs::symlink(strange, folder.path().join("claims.toml")).expect("a link");
        let none: [&std::path::Path; 0] = [];
        let found = common::printed(load(folder.path(), &none));
        has(&found, &["a device or a pipe"]);
        has(&common::printed(load(folder.path(), &[strange])), &["a device or a pipe"]);
    }
    let _ = std::fs::remove_file(folder.path().join("claims.toml"));
    std::os::unix::fs::symlink("gone.toml", folder.path().join("claims.toml")).expect("a link");
    let none: [&std::path::Path; 0] = [];
    has(&common::printed(load(folder.path(), &none)), &["the file does not exist"]);
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_run_is_not_taken_for_a_folder_of_scenarios() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("scenario")).expect("made");
    std::fs::write(folder.path().join("scenario/scenario.toml"), text("scenario.toml")).expect("written");
    let none: [&std::path::Path; 0] = [];
    has(&common::printed(load(folder.path(), &none)), &["a folder of scenarios"]);
    std::fs::write(folder.path().join("manifest.json"), "{}").expect("written");
    has(&common::printed(load(folder.path(), &none)), &["this is a run, not a scenario"]);
}

#[test]
fn an_escape_in_toml_hides_nothing() {
    for hidden in ["\\u001B[31m", "\\u202E", "\\u200B", "\\u0000", "\\t"] {
        let claims = claim("{ event = \"fall\", of = \"A\" }").replace("\"t\"", &format!("\"t{hidden}\""));
        has(&faults(&[("claims.toml", &claims)]), &["`text` has a character that cannot be seen (U+"]);
        let claims =
            claim("{ event = \"fall\", of = \"A\" }").replace("claim.c]", &format!("claim.\"c{hidden}\"]"));
        has(&faults(&[("claims.toml", &claims)]), &["`claim` has a character that cannot be seen (U+"]);
    }
    let composed = claim("{ event = \"fall\", of = \"A\" }").replace("\"t\"", "\"e\\u0301\"");
    let scenario = with(&[("claims.toml", &composed)]).expect("sound");
    assert_eq!(scenario.claims[0].text, "\u{E9}");
}

#[test]
fn a_name_has_one_line() {
    let regions = text("regions.csv").replace("Capital province", "\"Capital\nprovince\"");
    assert_ne!(regions, text("regions.csv"));
    has(&faults(&[("regions.csv", &regions)]), &["`name` has more than one line"]);
    let claims = claim("{ event = \"fall\", of = \"A\" }").replace("\"t\"", "\"t\\nfingerprint 0000\"");
    has(&faults(&[("claims.toml", &claims)]), &["`text` has more than one line"]);
}

#[test]
fn two_regions_or_two_polities_of_one_name_are_refused() {
    let regions = text("regions.csv").replace("Border province", "Capital province");
    assert_ne!(regions, text("regions.csv"));
    has(
        &faults(&[("regions.csv", &regions)]),
        &["the region `core` has the name of `border`: Capital province"],
    );
    let scenario = text("scenario.toml").replace("\"State B\"", "\"State A\"");
    assert_ne!(scenario, text("scenario.toml"));
    has(&faults(&[("scenario.toml", &scenario)]), &["the polity `B` has the name of `A`: State A"]);
}

#[test]
fn a_mistyped_entry_of_an_overlay_is_named() {
    let overlay = |body| {
        let files = [("change.toml", body)];
        common::printed(common::with_overlays(&files, &["change.toml"]))
    };
    let found = overlay("[lever.armstice]\nactive = true\n");
    has(
        &found,
        &["there is no lever `armstice` to change, and a new one needs `text`, `change`", "`armistice`"],
    );
    assert_eq!(found.matches("error:").count(), 1, "{found}");
    assert_eq!(overlay("[lever.armistice]\nactive = true\n"), "");
    has(&overlay("[lever.quite-other]\nactive = true\n"), &["`text` is missing"]);
}

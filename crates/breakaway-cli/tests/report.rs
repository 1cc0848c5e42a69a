//! The report: whole, of bounded size, offline, and safe with any text.

mod common;

use common::{copy_scenario, output, scenarios, succeed};
use std::fs;
use std::path::Path;

fn three_regions(folder: &Path) -> String {
    let scenario = scenarios().join("three-regions");
    succeed(
        folder,
        &["run", scenario.to_str().expect("a path"), "--members", "200", "--out", "run", "--report"],
    );
    fs::read_to_string(folder.join("run/report.html")).expect("the report")
}

/// The page without the chart library and without the data.
fn own_part(page: &str) -> String {
    let parts =
        page.split("<script").map(|part| part.split_once("</script>").map_or(part, |(_, after)| after));
    parts.collect()
}

#[test]
fn the_report_has_all_sections_and_asks_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = three_regions(folder.path());
    for id in ["answer", "map", "front", "loyalties", "first", "stories", "inputs"] {
        assert!(page.contains(&format!("id=\"{id}\"")), "section {id}");
    }
    assert!(page.len() < 7 << 20, "{} bytes", page.len());
    assert!(page.contains("default-src 'none'"), "nothing may be fetched");
    let own = own_part(&page);
    for outside in ["http://", "https://", " src=", "<link", "@import", "url("] {
        assert!(!own.contains(outside), "{outside}");
    }
    assert!(page.len() < 5 << 20, "the chart library alone, not what its crate puts beside it");
}

#[test]
fn the_report_of_a_stored_run_is_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = three_regions(folder.path());
    succeed(folder.path(), &["report", "run", "-o", "again.html"]);
    assert!(fs::read_to_string(folder.path().join("again.html")).expect("the report") == page);
}

#[test]
fn markup_in_a_scenario_is_shown_as_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = folder.path().join("scenario");
    copy_scenario("three-regions", &scenario);
    let evil = "</script><script>document.title='taken'</script><img src=x onerror=alert(1)>";
    for file in ["claims.toml", "regions.csv"] {
        let path = scenario.join(file);
        let text = fs::read_to_string(&path).expect("read");
        let text = text
            .replace("The regime of State A falls.", evil)
            .replace("Highland", &format!("High{}", "<b>land</b>"));
        fs::write(&path, text).expect("written");
    }
    succeed(
        folder.path(),
        &["run", scenario.to_str().expect("a path"), "--members", "20", "--out", "run", "--report"],
    );
    let page = fs::read_to_string(folder.path().join("run/report.html")).expect("the report");
    assert!(!page.contains("document.title='taken'</script>") && !page.contains("<img src=x"));
    assert!(page.contains("&lt;/script&gt;&lt;script&gt;document.title"), "it stands there as text");
    assert!(!page.contains("<b>land</b>"));
}

#[test]
fn what_cannot_be_written_is_said_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    three_regions(folder.path());
    for (args, said) in [
        (vec!["report", "nowhere"], "there is no such run folder"),
        (vec!["report", "run", "-o", "run"], "this is a folder"),
        (vec!["report", "run", "-o", "no/such/folder.html"], "folder that exists"),
    ] {
        let result = output(folder.path(), &args);
        assert_eq!(result.status.code(), Some(2), "{args:?}");
        let error = String::from_utf8_lossy(&result.stderr).into_owned();
        assert!(error.contains(said), "{args:?}: {error}");
    }
    let left: Vec<_> = fs::read_dir(folder.path()).expect("read").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["run"], "nothing half-written");
}

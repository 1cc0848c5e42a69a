//! Claims and tables of any size give a scenario or a fault, and in good time.

mod common;
use common::{claim, faults, has, text, with};
use std::fmt::Write;
use std::time::{Duration, Instant};

/// A chain of claims, each of which refers so often to the next.
fn chain(length: usize, times: usize) -> String {
    let mut all = String::new();
    for c in 0..length {
        let next = format!("{{ claim = \"c{}\" }}, ", c + 1).repeat(times);
        let _ = writeln!(all, "[claim.c{c}]\ntext = \"t\"\nsource = \"s\"\nthat = {{ any = [{next}] }}");
    }
    let last = "that = { event = \"fall\", of = \"A\" }";
    let _ = writeln!(all, "[claim.c{length}]\ntext = \"t\"\nsource = \"s\"\n{last}");
    all
}

#[test]
fn claims_that_double_are_refused_once() {
    let found = faults(&[("claims.toml", &chain(60, 2))]);
    has(&found, &["the claim `c48` has 16381 statements", "a claim may have 10000"]);
    assert_eq!(found.matches("error:").count(), 1, "{found}");
    let found = faults(&[("claims.toml", &chain(3, 30))]);
    has(&found, &["the claim `c0` has"]);
    assert_eq!(faults(&[("claims.toml", &chain(100, 1))]), "");
}

#[test]
fn a_condition_counts_too() {
    let text = chain(11, 2) + &claim("{ event = \"fall\", of = \"A\" }").replace("claim.c]", "claim.x]");
    let given = |that: &str| format!("{text}given = {that}\n");
    assert_eq!(faults(&[("claims.toml", &given("{ claim = \"c0\" }"))]), "");
    let twice = given("{ any = [{ claim = \"c0\" }, { claim = \"c0\" }] }");
    has(&faults(&[("claims.toml", &twice)]), &["the claim `x` has", "a claim may have 10000"]);
}

#[test]
fn a_long_chain_of_claims_is_refused_quickly() {
    let claims = chain(5000, 1);
    let start = Instant::now();
    let found = faults(&[("claims.toml", &claims)]);
    has(&found, &["starts a chain of more than 200 claims"]);
    assert_eq!(found.matches("error:").count(), 1, "{found}");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn circles_are_named_once() {
    let claims =
        chain(5000, 1).replace("that = { event = \"fall\", of = \"A\" }", "that = { claim = \"c0\" }");
    let found = faults(&[("claims.toml", &claims)]);
    has(&found, &["the claim `c0` refers to itself through `c1`, `c2`, `c3`, `c4`, `c5` and others"]);
    assert_eq!(found.matches("error:").count(), 1, "{found}");
    has(
        &faults(&[("claims.toml", &claim("{ not = { claim = \"c\" } }"))]),
        &["the claim `c` refers to itself\n"],
    );
}

#[test]
fn deep_nesting_of_every_kind_is_a_fault() {
    let leaf = "{ event = \"fall\", of = \"A\" }";
    let nested = |open: &str, close: &str, deep: usize| {
        claim(&format!("{}{leaf}{}", open.repeat(deep), close.repeat(deep)))
    };
    for deep in [70, 10_000, 50_000] {
        for text in [
            nested("{ not = ", " }", deep),
            nested("{ all = [", "] }", deep),
            nested("[", "]", deep),
            format!("[claim.c]\ntext = \"t\"\nsource = \"s\"\nthat{}={leaf}\n", ".not".repeat(deep)),
            format!("[claim.c.that{}]\nevent = \"fall\"\nof = \"A\"\n", ".not".repeat(deep)),
        ] {
            has(&faults(&[("claims.toml", &text)]), &["nested more than 64 levels deep"]);
        }
    }
    let mixed = format!("{{ {}not = ", "not.".repeat(50));
    has(&faults(&[("claims.toml", &nested(&mixed, " }", 60))]), &["levels deep"]);
    assert_eq!(faults(&[("claims.toml", &nested("{ not = ", " }", 20))]), "");
}

#[test]
fn ten_thousand_regions_with_links_are_read_quickly() {
    let mut regions = String::from("id,name,polity,population,source\n");
    let mut links = String::from("a,b,source\n");
    let mut communities = text("communities.csv").lines().next().expect("a header").to_string() + "\n";
    for r in 0..10_000 {
        let (polity, next) = (if r == 9999 { "B" } else { "A" }, (r + 1) % 10_000);
        let _ = writeln!(regions, "r{r},Region {r},{polity},1000,s");
        let _ = writeln!(links, "r{r},r{next},s");
        let _ = writeln!(communities, "c{r},C,r{r},0.5,0.5,highlanders,true,s");
    }
    let capitals = text("scenario.toml").replace("\"core\"", "\"r0\"").replace("\"neighbour\"", "\"r9999\"");
    let files = [
        ("scenario.toml", capitals.as_str()),
        ("regions.csv", &regions),
        ("links.csv", &links),
        ("communities.csv", &communities),
        ("claims.toml", &claim("{ event = \"fall\", of = \"A\" }")),
    ];
    let start = Instant::now();
    assert_eq!(faults(&files), "");
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    let wrong = links.replace("r", "q").replace("souqce", "source");
    let start = Instant::now();
    has(&faults(&[&files[..2], &[("links.csv", &wrong)]].concat()), &["unknown region `q0`"]);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert!(with(&[]).is_ok());
}

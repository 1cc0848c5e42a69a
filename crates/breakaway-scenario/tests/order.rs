//! The order of rows and tables never matters: what is simulated is the same to the bit.

use breakaway_scenario::{Scenario, load_from_memory};
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of all scenarios and cases of this repository.
fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let inside = |folder: &str| fs::read_dir(root.join(folder)).expect("a folder").flatten();
    let all = inside("scenarios").chain(inside("cases")).map(|entry| entry.path());
    all.filter(|path| path.join("scenario.toml").exists()).collect()
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let read = |path: PathBuf| {
        (
            path.file_name().expect("a name").to_string_lossy().to_string(),
            fs::read_to_string(path).expect("a text"),
        )
    };
    entries.filter(|path| path.is_file()).map(read).collect()
}

fn load(files: &[(String, String)]) -> Scenario {
    let files: Vec<(&str, &str)> = files.iter().map(|(name, body)| (name.as_str(), body.as_str())).collect();
    load_from_memory(&files, &[]).expect("a sound scenario")
}

/// The items turned round and then dealt out like cards, so that hardly any two neighbours stay together.
fn permuted<T: Clone>(items: &[T]) -> Vec<T> {
    let step = [7_usize, 5, 3, 2].into_iter().find(|step| !items.len().is_multiple_of(*step)).unwrap_or(1);
    (0..items.len()).map(|at| items[items.len() - 1 - at * step % items.len()].clone()).collect()
}

/// A table of CSV with its rows in another order.
fn rows(body: &str) -> String {
    let (header, rest) = body.split_once('\n').expect("a header");
    let rows: Vec<&str> = rest.lines().collect();
    format!("{header}\n{}\n", permuted(&rows).join("\n"))
}

/// A file of TOML with its tables in another order; what belongs to one thing (`[a.b]`, `[[a.b.c]]`) stays together.
fn tables(body: &str) -> String {
    let mut blocks: Vec<(String, String)> = vec![];
    for line in body.lines() {
        if line.starts_with('[') {
            let name = line.trim_start_matches('[').split(']').next().expect("a name");
            let thing = name.split('.').take(2).collect::<Vec<_>>().join(".");
            if blocks.last().is_none_or(|(last, _)| *last != thing) {
                blocks.push((thing, String::new()));
            }
        } else if blocks.is_empty() {
            blocks.push((String::new(), String::new()));
        }
        let block = &mut blocks.last_mut().expect("a block").1;
        block.push_str(line);
        block.push('\n');
    }
    let first = usize::from(blocks.first().is_some_and(|(name, _)| name.is_empty()));
    let head: String = blocks[..first].iter().map(|(_, block)| block.as_str()).collect();
    head + &permuted(&blocks[first..]).into_iter().map(|(_, block)| block).collect::<String>()
}

/// Everything that an answer hangs on, as text; claims by identifier.
fn simulated(scenario: &Scenario) -> String {
    let mut claims: Vec<String> = scenario
        .claims
        .iter()
        .map(|claim| {
            let printed = format!("{claim:?}");
            let refer = |text: String, (at, other): (usize, &str)| {
                text.replace(&format!("Claim({at})"), &format!("Claim({other})"))
            };
            scenario.claims.iter().map(|claim| claim.id.as_str()).enumerate().fold(printed, refer)
        })
        .collect();
    claims.sort();
    let mut groups = scenario.groups.clone();
    groups.sort();
    let Scenario { world, outcomes, levers, unknowns, priors, tiles, .. } = scenario;
    format!(
        "{world:#?}\n{outcomes:#?}\n{levers:#?}\n{unknowns:#?}\n{priors:#?}\n{tiles:#?}\n{groups:#?}\n{claims:#?}"
    )
}

/// Compares without printing a world.
#[track_caller]
fn same(one: &str, other: &str, what: &str) {
    let differ = one.lines().zip(other.lines()).find(|(a, b)| a != b);
    assert!(one == other, "{what}: {differ:?}");
}

#[test]
fn every_table_may_be_sorted_in_any_way() {
    let mut moved = 0;
    for folder in folders() {
        let written = files(&folder);
        let expected = simulated(&load(&written));
        for at in 0..written.len() {
            let mut changed = written.clone();
            let (name, body) = &mut changed[at];
            let other = if name.ends_with(".csv") { rows(body) } else { tables(body) };
            moved += usize::from(other != *body);
            *body = other;
            let what = format!("{name} of {}", folder.display());
            same(&simulated(&load(&changed)), &expected, &what);
        }
    }
    assert!(moved > 40, "only {moved} tables of more than one row");
}

#[test]
fn all_tables_may_be_sorted_in_any_way_at_once() {
    for folder in folders() {
        let mut written = files(&folder);
        let expected = simulated(&load(&written));
        for (name, body) in &mut written {
            *body = if name.ends_with(".csv") { rows(body) } else { tables(body) };
        }
        same(&simulated(&load(&written)), &expected, &folder.display().to_string());
    }
}

#[test]
fn ends_of_a_link_and_lists_of_names_may_be_turned_round() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/autumn-2022");
    let mut written = files(&folder);
    let expected = simulated(&load(&written));
    let at = |name: &str| written.iter().position(|(other, _)| other == name).expect("a file");
    let (links, scenario) = (at("links.csv"), at("scenario.toml"));
    let turn = |line: &str| match line.split(',').collect::<Vec<_>>()[..] {
        [a, b, ref rest @ ..] if a != "a" => [&[b, a], rest].concat().join(","),
        _ => line.to_string(),
    };
    written[links].1 = written[links].1.lines().map(turn).collect::<Vec<_>>().join("\n");
    let names = |line: &str| match line.strip_prefix("neighbours = [").and_then(|rest| rest.split_once(']')) {
        Some((names, _)) => {
            format!("neighbours = [{}]", names.rsplit(", ").collect::<Vec<_>>().join(", "))
        }
        None => line.to_string(),
    };
    written[scenario].1 = written[scenario].1.lines().map(names).collect::<Vec<_>>().join("\n");
    same(&simulated(&load(&written)), &expected, "links and neighbours");
}

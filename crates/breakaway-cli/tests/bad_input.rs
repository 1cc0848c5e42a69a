//! Wrong input: one clear message each, with the place and what would be right; exit code 2;
//! nothing written. Every regression found by users joins this list.

mod common;

use common::{copy_scenario, output};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// What is done to a good scenario.
enum Do {
    /// Replaces a text in a file by another.
    Replace(&'static str, &'static str, &'static str),
    /// Adds a text to the end of a file.
    Append(&'static str, &'static str),
    /// Gives a file these contents.
    Write(&'static str, &'static [u8]),
    /// Removes a file.
    Remove(&'static str),
    /// Makes a folder in the place of a file.
    Folder(&'static str),
    /// Makes a file with one line of so many bytes.
    LongLine(&'static str, usize),
    /// Nothing: the command line is wrong.
    Nothing,
}
use Do::{Append, Folder, LongLine, Nothing, Remove, Replace, Write as Contents};

const S: &str = "scenario.toml";
const R: &str = "regions.csv";
const C: &str = "communities.csv";
const L: &str = "links.csv";
const T: &str = "claims.toml";
const O: &str = "outcomes.csv";
const CHECK: &[&str] = &["check", "s"];

#[rustfmt::skip]
const CASES: &[(&str, Do, &[&str])] = &[
    ("no such scenario", Nothing, &["check", "missing"]),
    ("a file given as a scenario", Nothing, &["check", "s/scenario.toml"]),
    ("scenario.toml is missing", Remove(S), CHECK),
    ("regions.csv is missing", Remove(R), CHECK),
    ("a folder in the place of a file", Folder(R), CHECK),
    ("an empty file", Contents(R, b""), CHECK),
    ("a file of blanks", Contents(T, b" \n\n"), CHECK),
    ("UTF-16", Contents(S, b"\xFF\xFEf\0"), CHECK),
    ("not UTF-8", Contents(R, b"id,name\nx,\xCF\xF0\n"), CHECK),
    ("a line of 100 MB", LongLine(R, 100 << 20), CHECK),
    ("a line of 2 MB", LongLine(T, 2 << 20), CHECK),
    ("not TOML", Replace(S, "format = 1", "format = = 1"), CHECK),
    ("a string that does not end", Replace(S, "name = \"Three regions\"", "name = \"Three regions"), CHECK),
    ("a key twice", Replace(S, "format = 1", "format = 1\nformat = 1"), CHECK),
    ("another version of the format", Replace(S, "format = 1", "format = 7"), CHECK),
    ("an unknown key", Replace(S, "strength = 0.60", "strenght = 0.60"), CHECK),
    ("an unknown table", Append(S, "\n[polities.X]\nname = \"X\"\n"), CHECK),
    ("a missing key", Replace(S, "baseline = 0.65", ""), CHECK),
    ("a text for a number", Replace(S, "strength = 0.60", "strength = \"high\""), CHECK),
    ("a number for a text", Replace(S, "name = \"State A\"", "name = 5"), CHECK),
    ("a number for a table", Replace(S, "[movement.highlanders]\nname = \"Highland movement\"\nexile = 0.4\nsource = \"imaginary\"", "[movement]\nhighlanders = 3"), CHECK),
    ("a share over 1", Replace(S, "cohesion = 0.50", "cohesion = 1.50"), CHECK),
    ("not a number", Replace(S, "exile = 0.4", "exile = nan"), CHECK),
    ("an infinite number", Replace(S, "depth = 80\nbelts", "depth = inf\nbelts"), CHECK),
    ("a negative number of soldiers", Replace(S, "soldiers = 30000", "soldiers = -30000"), CHECK),
    ("an overflowing number", Replace(S, "soldiers = 30000", "soldiers = 99999999999999999999"), CHECK),
    ("half a soldier", Replace(S, "soldiers = 30000", "soldiers = 30000.5"), CHECK),
    ("an end before the start", Replace(S, "end = 2031-03-01", "end = 2029-03-01"), CHECK),
    ("a date that does not exist", Replace(S, "end = 2031-03-01", "end = 2031-02-30"), CHECK),
    ("a time for a date", Replace(S, "start = 2030-03-01", "start = 2030-03-01T10:00:00"), CHECK),
    ("points out of order", Replace(S, "{ date = 2031-03-01, value = 0.2 }", "{ date = 2029-03-01, value = 0.2 }"), CHECK),
    ("an unknown capital", Replace(S, "capital = \"core\"", "capital = \"cone\""), CHECK),
    ("a capital elsewhere", Replace(S, "capital = \"core\"", "capital = \"neighbour\""), CHECK),
    ("strength above the baseline", Replace(S, "baseline = 0.65", "baseline = 0.55"), CHECK),
    ("a government that comes after the start", Replace(S, "baseline = 0.65", "baseline = 0.65\nin_office_since = 2030-04-01"), CHECK),
    ("a polity without regions", Append(S, "\n[polity.C]\nname = \"C\"\ncapital = \"core\"\nstrength = 0.5\nbaseline = 0.5\ntreasury = 0\nsource = \"imaginary\"\n"), CHECK),
    ("a sector with one side", Replace(S, "[sector.river.side.B]\nsoldiers = 36000\nquality = 0.95\ncohesion = 0.75\ndepth = 80", ""), CHECK),
    ("a side of an unknown polity", Replace(S, "[sector.river.side.B]", "[sector.river.side.D]"), CHECK),
    ("a neighbour that does not answer", Replace(S, "name = \"River line\"", "name = \"River line\"\nneighbours = [\"river\"]"), CHECK),
    ("an unknown neighbour", Replace(S, "name = \"River line\"", "name = \"River line\"\nneighbours = [\"rivers\"]"), CHECK),
    ("a source that closes before it opens", Replace(S, "compulsory = true", "compulsory = true\nopens = 2030-06-01\ncloses = 2030-05-01"), CHECK),
    ("a date outside the scenario", Replace(S, "date = 2030-09-01, what", "date = 2039-09-01, what"), CHECK),
    ("an unknown quantity that nobody declared", Replace(S, "what = \"war\", of = \"A\", value = 0", "what = \"treasury\", of = \"A\", value = \"saving\""), CHECK),
    ("an unknown quantity that is not used", Append(S, "\n[unknown.worth]\ntext = \"x\"\nlow = 0.5\nhigh = 2\nsource = \"judgement\"\n"), CHECK),
    ("an unknown quantity from high to low", Append(S, "\n[unknown.worth]\ntext = \"x\"\nlow = 3\nhigh = 2\nsource = \"judgement\"\n[shock.worth]\ntext = \"x\"\nsource = \"judgement\"\nchange = [{ date = 2030-03-01, what = \"quality-factor\", of = \"river/A\", value = \"worth\" }]\n"), CHECK),
    ("an unknown quantity without end", Append(S, "\n[unknown.worth]\ntext = \"x\"\nlow = -1e300\nhigh = 1e300\nsource = \"judgement\"\n[shock.worth]\ntext = \"x\"\nsource = \"judgement\"\nchange = [{ date = 2030-03-01, what = \"treasury\", of = \"A\", value = \"worth\" }]\n"), CHECK),
    ("an order within no day", Append(T, "\n[claim.x]\ntext = \"x\"\nsource = \"x\"\nthat = { first = { event = \"rout\", of = \"river/A\" }, then = { event = \"fall\", of = \"A\" }, within = 0 }\n"), CHECK),
    ("an unknown value of a switch", Append(S, "\n[unknown.worth]\ntext = \"x\"\nlow = 0.5\nhigh = 2\nsource = \"judgement\"\n[shock.worth]\ntext = \"x\"\nsource = \"judgement\"\nchange = [{ date = 2030-03-01, what = \"withdraw\", of = \"river/A\", value = \"worth\" }]\n"), CHECK),
    ("an unknown day of a lever", Append(S, "\n[unknown.worth]\ntext = \"x\"\nlow = 0.5\nhigh = 2\nsource = \"judgement\"\n[lever.worth]\ntext = \"x\"\nsource = \"judgement\"\nchange = [{ date = \"worth\", what = \"quality-factor\", of = \"river/A\", value = \"worth\" }]\n"), CHECK),
    ("a date and a text mixed up", Append(S, "\n[unknown.worth]\ntext = \"x\"\nlow = 0.5\nhigh = 2\nsource = \"judgement\"\n[shock.worth]\ntext = \"x\"\nsource = \"judgement\"\nchange = [{ date = \"2030-3-1\", what = \"quality-factor\", of = \"river/A\", value = \"worth\" }]\n"), CHECK),
    ("more fighters than people", Contents(R, b"id,name,polity,population,fighters,source\ncore,Core,A,100,200,x\nneighbour,N,B,100,,x\n"), CHECK),
    ("an outcome of an unknown event", Contents(O, b"event,of,date,source\ndeklared,highland,2030-05-01,x\n"), CHECK),
    ("an outcome of an unknown region", Contents(O, b"event,of,date,source\ndeclared,lowland,2030-05-01,x\n"), CHECK),
    ("an outcome before the start", Contents(O, b"event,of,date,source\ndeclared,highland,2030-02-01,x\n"), CHECK),
    ("an outcome after the end", Contents(O, b"event,of,date,source\ndeclared,highland,2032-02-01,x\n"), CHECK),
    ("an outcome twice", Contents(O, b"event,of,date,source\ndeclared,highland,,x\ndeclared,highland,2030-05-01,x\n"), CHECK),
    ("an unknown change", Replace(S, "what = \"war\"", "what = \"peace\""), CHECK),
    ("a change of an unknown thing", Replace(S, "what = \"war\", of = \"A\"", "what = \"tempo\", of = \"A\""), CHECK),
    ("an unknown mechanism", Replace(S, "format = 1", "format = 1\nmechanisms_off = [\"comand\"]"), CHECK),
    ("an unknown parameter", Append(S, "\n[parameters.combat]\natrition = 0.1\n"), CHECK),
    ("a prior upside down", Append(S, "\n[parameters.combat]\nattrition = { low = 0.2, high = 0.1 }\n"), CHECK),
    ("a prior out of bounds", Append(S, "\n[parameters.combat]\nattrition = 3.0\n"), CHECK),
    ("half a normal distribution", Append(S, "\n[parameters.combat]\nattrition = { low = 0.1, high = 0.2, mean = 0.15 }\n"), CHECK),
    ("a log prior from zero", Append(S, "\n[parameters.combat]\nattrition = { low = 0.0, high = 0.2, log = true }\n"), CHECK),
    ("an unknown column", Replace(R, "population", "popluation"), CHECK),
    ("a column twice", Replace(R, "organisation", "deputies"), CHECK),
    ("a row too short", Replace(R, "border,Border province,A,2000000,90,0,0,1,1,1,imaginary", "border,Border province,A"), CHECK),
    ("a negative population", Replace(R, "2000000", "-5"), CHECK),
    ("a population that overflows", Replace(R, "2000000", "99999999999"), CHECK),
    ("a word for a population", Replace(R, "2000000", "many"), CHECK),
    ("too many people in all", Replace(R, "2000000", "1999999999"), CHECK),
    ("a region twice", Replace(R, "border,Border", "core,Border"), CHECK),
    ("an unknown polity", Replace(R, "Border province,A", "Border province,Q"), CHECK),
    ("an unknown group", Replace(R, "row,col,source\n", "row,groups,source\n"), CHECK),
    ("more guards than people", Contents(R, b"id,name,polity,population,guards,source
core,Core,A,1000,1001,x
border,Border,A,1000,0,x
highland,Highland,A,1000,0,x
neighbour,B,B,1000,0,x
"), CHECK),
    ("a community over 1", Replace(C, "0.7,0.7", "1.7,0.7"), CHECK),
    ("communities over 1 together", Append(C, "others,Others,highland,0.5,0.1,,false,imaginary\n"), CHECK),
    ("an unknown movement", Replace(C, "0.7,highlanders", "0.7,highlander"), CHECK),
    ("neither true nor false", Replace(C, "true", "perhaps"), CHECK),
    ("an unknown region", Replace(L, "core,border", "core,boarder"), CHECK),
    ("a link with itself", Replace(L, "core,border", "core,core"), CHECK),
    ("a link twice", Append(L, "border,core,land,imaginary\n"), CHECK),
    ("an unknown kind of link", Replace(L, "core,border,land", "core,border,lnad"), CHECK),
    ("a claim without a statement", Append(T, "\n[claim.x]\ntext = \"x\"\nsource = \"x\"\n"), CHECK),
    ("a claim on an unknown region", Replace(T, "of = \"highland\" }\n\n[claim.leaves", "of = \"highlands\" }\n\n[claim.leaves"), CHECK),
    ("an unknown event", Replace(T, "event = \"rout\"", "event = \"route\""), CHECK),
    ("an unknown observable", Append(T, "\n[claim.x]\ntext = \"x\"\nsource = \"x\"\nthat = { observable = \"strenth\", of = \"A\", below = 0.5 }\n"), CHECK),
    ("a threshold without a level", Append(T, "\n[claim.x]\ntext = \"x\"\nsource = \"x\"\nthat = { observable = \"strength\", of = \"A\" }\n"), CHECK),
    ("two kinds in one expression", Append(T, "\n[claim.x]\ntext = \"x\"\nsource = \"x\"\nthat = { event = \"fall\", of = \"A\", observable = \"strength\" }\n"), CHECK),
    ("a key without meaning in a claim", Replace(T, "of = \"A\" }", "of = \"A\", days = 30 }"), CHECK),
    ("an unknown claim", Replace(T, "claim = \"rout\"", "claim = \"root\""), CHECK),
    ("claims in a circle", Append(T, "\n[claim.x]\ntext = \"x\"\nsource = \"x\"\nthat = { claim = \"y\" }\n[claim.y]\ntext = \"y\"\nsource = \"x\"\ngiven = { claim = \"x\" }\nthat = { not = { claim = \"x\" } }\n"), CHECK),
    ("more regions than there are", Replace(T, "event = \"declared\", of = \"highland\" }", "event = \"declared\", of = \"highland\", at_least = 4 }"), CHECK),
    ("a claim after the horizon", Replace(T, "by = 2030-09-01", "by = 2035-09-01"), CHECK),
    ("an outcome that did not happen, dated", Replace(T, "that = { event = \"fall\", of = \"A\" }", "that = { event = \"fall\", of = \"A\" }\noutcome = false\noutcome_date = 2030-08-01"), CHECK),
    ("an unknown base rate", Replace(T, "regime-change-at-war", "regime-chage-at-war"), CHECK),
    ("a claim with two base rates", Replace(T, "base_rate = \"regime-change-at-war\"", "base_rate = [\"regime-change-at-war\", \"coup-attempt\"]"), CHECK),
    ("a base rate outside its interval", Contents("base-rates.toml", b"[base-rate.x]\ntext = \"x\"\nrate = 0.5\nlow = 0.6\nhigh = 0.7\nper = \"year\"\nsource = \"x\"\n"), CHECK),
    ("a base rate above one", Contents("base-rates.toml", b"[base-rate.x]\ntext = \"x\"\nrate = 5\nlow = 0.6\nhigh = 0.7\nper = \"case\"\nsource = \"x\"\n"), CHECK),
    ("a base rate per month", Contents("base-rates.toml", b"[base-rate.x]\ntext = \"x\"\nrate = 0.5\nlow = 0.4\nhigh = 0.7\nper = \"month\"\nsource = \"x\"\n"), CHECK),
    ("an overlay that is missing", Nothing, &["check", "s", "--with", "none.toml"]),
    ("a setting without a value", Nothing, &["check", "s", "--set", "combat.attrition"]),
    ("a setting of an unknown parameter", Nothing, &["check", "s", "--set", "combat.atrition=1"]),
    ("a setting that is no number", Nothing, &["check", "s", "--set", "combat.attrition=much"]),
    ("members that do not divide", Nothing, &["run", "s", "--members", "15"]),
    ("no draws", Nothing, &["run", "s", "--draws", "0"]),
    ("too many draws", Nothing, &["run", "s", "--draws", "100000"]),
    ("no threads", Nothing, &["run", "s", "--threads", "0"]),
    ("a folder that holds something else", Nothing, &["run", "s", "--out", "s"]),
    ("a member that does not exist", Nothing, &["replay", "s", "--member", "2000"]),
    ("a run that does not exist", Nothing, &["show", "runs/none"]),
    ("a folder that is no run", Nothing, &["show", "s"]),
    ("members that do not divide into base points", Nothing, &["run", "s", "--members", "100", "--design", "saltelli"]),
    ("an explanation of a run that does not exist", Nothing, &["explain", "runs/none"]),
    ("a score of a folder that is no run", Nothing, &["score", "s"]),
    ("nothing to compare with", Nothing, &["compare", "s"]),
    ("a comparison with a setting that is no number", Nothing, &["compare", "s", "--set", "combat.attrition=much"]),
    ("a sweep without a range", Nothing, &["sweep", "s", "--claim", "rout", "--over", "combat.attrition=1"]),
    ("a sweep along an unknown parameter", Nothing, &["sweep", "s", "--claim", "rout", "--over", "combat.atrition=1..2"]),
    ("a sweep beyond the bounds", Nothing, &["sweep", "s", "--claim", "rout", "--over", "combat.attrition=0..2"]),
    ("a sweep of an unknown lever", Nothing, &["sweep", "s", "--claim", "rout", "--over", "lever.congres=2030-03-01..2030-06-01"]),
    ("a sweep of an unknown claim", Nothing, &["sweep", "s", "--claim", "route", "--over", "combat.attrition=0.001..0.002"]),
    ("a sweep of one step", Nothing, &["sweep", "s", "--claim", "rout", "--over", "combat.attrition=0.001..0.002", "--steps", "1"]),
    ("a sweep along three", Nothing, &["sweep", "s", "--claim", "rout", "--members", "10", "--over", "combat.attrition=0.001..0.002", "--over", "home.armed=0.1..0.2", "--over", "home.banding=1..2"]),
    ("a new scenario in the place of another", Nothing, &["init", "s"]),
];

fn spoil(folder: &Path, change: &Do) {
    let read = |file| fs::read_to_string(folder.join(file)).expect("a file");
    match change {
        Replace(file, from, to) => {
            let text = read(file);
            assert!(text.contains(from), "{file} does not hold {from}");
            fs::write(folder.join(file), text.replacen(from, to, 1)).expect("written");
        }
        Append(file, more) => fs::write(folder.join(file), read(file) + more).expect("written"),
        Contents(file, bytes) => fs::write(folder.join(file), bytes).expect("written"),
        Remove(file) => fs::remove_file(folder.join(file)).expect("removed"),
        Folder(file) => {
            fs::remove_file(folder.join(file)).expect("removed");
            fs::create_dir(folder.join(file)).expect("made");
        }
        LongLine(file, n) => fs::write(folder.join(file), "x".repeat(*n)).expect("written"),
        Nothing => {}
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into())
        .collect();
    names.sort();
    names
}

#[test]
fn every_fault_is_explained() {
    let mut said = String::new();
    for (name, change, args) in CASES {
        let folder = tempfile::tempdir().expect("a folder");
        copy_scenario("three-regions", &folder.path().join("s"));
        spoil(&folder.path().join("s"), change);
        let (before, inside) = (files(folder.path()), files(&folder.path().join("s")));
        let output = output(folder.path(), args);
        let errors = String::from_utf8_lossy(&output.stderr).replace('\\', "/");
        assert_eq!(output.status.code(), Some(2), "{name}: {errors}");
        assert!(output.stdout.is_empty(), "{name} printed something");
        assert!(errors.len() < 4000, "{name}: {} bytes of errors", errors.len());
        assert_eq!(
            (files(folder.path()), files(&folder.path().join("s"))),
            (before, inside),
            "{name} wrote something"
        );
        writeln!(said, "## {name}\n{errors}").expect("a string");
    }
    assert!(CASES.len() >= 40);
    insta::assert_snapshot!("bad_input", said);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_accepted() {
    let folder = tempfile::tempdir().expect("a folder");
    let s = folder.path().join("s");
    copy_scenario("three-regions", &s);
    let plain = common::succeed(folder.path(), CHECK);
    for name in files(&s) {
        let text = fs::read_to_string(s.join(&name)).expect("a file");
        fs::write(s.join(&name), format!("\u{FEFF}{}", text.replace('\n', "\r\n"))).expect("written");
    }
    assert_eq!(common::succeed(folder.path(), CHECK), plain, "the hash is the same, too");
}

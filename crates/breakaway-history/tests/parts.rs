//! Hindcasts whose parts are made elsewhere.

mod common;

use breakaway_ensemble::Context;
use breakaway_history::hindcast::{Part, PartLeft, make_part, parts_left};
use breakaway_history::{Case, hindcast};
use common::{case, small, why};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// All files of a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            all.extend(files(&entry.path()).into_iter().map(|(own, bytes)| (format!("{name}/{own}"), bytes)));
        } else {
            all.insert(name, fs::read(entry.path()).expect("a file"));
        }
    }
    all
}

/// Makes a part in a folder of its own and brings it into the hindcast's.
fn make(cases: &[Case], left: &PartLeft, folder: &Path) {
    let place = tempfile::tempdir().expect("a folder");
    let room = place.path().join("room");
    for name in &left.needs {
        let to = room.join(name);
        fs::create_dir_all(to.parent().expect("a parent")).expect("a folder");
        fs::copy(folder.join(name), to).expect("a copy");
    }
    make_part(cases, small(), &left.part, &room, &Context::new(1)).expect("a part");
    let (from, to) = (room.join(&left.makes), folder.join(&left.makes));
    if from.is_dir() {
        fs::create_dir_all(&to).expect("a folder");
        for (name, bytes) in files(&from) {
            fs::write(to.join(name), bytes).expect("written");
        }
    } else {
        fs::copy(from, to).expect("a copy");
    }
}

/// That two folders have the same files with the same bytes.
#[track_caller]
fn assert_same(one: &Path, other: &Path) {
    let (one, other) = (files(one), files(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    let different: Vec<&String> = one.keys().filter(|name| one[*name] != other[*name]).collect();
    assert!(different.is_empty(), "{different:?} differ");
}

#[test]
fn parts_made_elsewhere_in_any_order_give_the_hindcast_of_one_process() {
    let place = tempfile::tempdir().expect("a folder");
    let cases = [case("austria-hungary-1918"), case("afghanistan-2021")];
    let (alone, shared) = (place.path().join("alone"), place.path().join("shared"));
    let expected = hindcast(&cases, small(), Some(&alone), &Context::new(2)).expect("forecast");
    let left = || parts_left(&cases, small(), &shared, 3, &Context::new(2)).expect("parts");
    let draws = left();
    let ranges: Vec<Part> = draws.iter().map(|left| left.part.clone()).collect();
    assert_eq!(ranges, [Part::Draws(0..54), Part::Draws(54..108), Part::Draws(108..160)]);
    make(&cases, &draws[2], &shared);
    make(&cases, &draws[0], &shared);
    assert_eq!(left(), [draws[1].clone()], "what is there is not made again");
    make(&cases, &draws[1], &shared);
    let calibrations = left();
    assert_eq!(calibrations.len(), 2);
    calibrations.iter().rev().for_each(|left| make(&cases, left, &shared));
    assert_eq!(left(), []);
    assert_eq!(hindcast(&cases, small(), Some(&shared), &Context::new(2)).expect("forecast"), expected);
    assert_same(&alone, &shared);
}

#[test]
fn a_process_takes_up_what_others_made() {
    let place = tempfile::tempdir().expect("a folder");
    let cases = [case("austria-hungary-1918"), case("afghanistan-2021")];
    let (alone, shared) = (place.path().join("alone"), place.path().join("shared"));
    hindcast(&cases, small(), Some(&alone), &Context::new(2)).expect("forecast");
    // Pieces that leave gaps, and one that overlaps with what is simulated here.
    for numbers in [0..10, 90..120] {
        make_part(&cases, small(), &Part::Draws(numbers), &shared, &Context::new(2)).expect("a part");
    }
    hindcast(&cases, small(), Some(&shared), &Context::new(2)).expect("forecast");
    assert_same(&alone, &shared);
}

#[test]
fn wrong_parts_are_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let cases = [case("austria-hungary-1918"), case("afghanistan-2021")];
    let make = |part: Part| make_part(&cases, small(), &part, place.path(), &Context::new(2));
    assert!(why(make(Part::Without("atlantis".into()))).message.contains("no case `atlantis`"));
    assert!(why(make(Part::Draws(100..161))).help.contains("160 draws"));
    assert!(why(make(Part::Draws(5..5))).message.contains("no part"));
    make(Part::Draws(0..10)).expect("a part");
    let other = breakaway_history::Settings { seed: 2, ..small() };
    let refused = why(parts_left(&cases, other, place.path(), 2, &Context::new(2)));
    assert!(refused.message.contains("another calibration"), "{refused}");
    let path = place.path().join("draws-0.bin");
    let bytes = fs::read(&path).expect("a piece");
    fs::write(&path, &bytes[..bytes.len() - 1]).expect("written");
    let refused = why(hindcast(&cases, small(), Some(place.path()), &Context::new(2)));
    assert!(refused.message.contains("damaged"), "{refused}");
}

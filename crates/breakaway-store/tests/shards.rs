//! Shares of a run, made in any order and place, merged to the run that one process would write.

mod common;

use breakaway_ensemble::Context;
use breakaway_store::{Error, Grid, RunOptions, Shard, merge, run_shard};
use common::{DESIGN, bytes, options, plan, run_in, scenario, stops_after};
use std::collections::BTreeMap;
use std::path::PathBuf;

#[test]
fn shares_merge_to_the_same_bytes() {
    let place = tempfile::tempdir().expect("a folder");
    let whole = place.path().join("whole");
    run_in(&whole, 2, Some(16)).expect("a run");
    let scenario = scenario();
    let plan = plan(&scenario);
    let grid = Grid::with_size(&DESIGN, 16);
    for (of, order, shared) in [
        (1, vec![1], false),
        (3, vec![2, 3, 1], false),
        (7, vec![5, 1, 7, 3, 2, 6, 4], false),
        (3, vec![3, 1, 2], true),
    ] {
        let folder = |number: u32| match shared {
            true => place.path().join(format!("shared-{of}")),
            false => place.path().join(format!("own-{number}-of-{of}")),
        };
        let mut claims: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        for number in &order {
            let shard = Shard { number: *number, of };
            let options = RunOptions { grid: Some(grid), ..options(&folder(*number)) };
            // Stopped half-way, then resumed.
            let _ = run_shard(&plan, shard, &options, &stops_after("simulations", 20));
            let done = run_shard(&plan, shard, &options, &Context::new(2)).expect("a share");
            assert_eq!(done.simulations, shard.blocks(grid).iter().map(|b| b.end - b.start).sum::<u32>());
            for claim in done.claims {
                let (counted, held) = claims.entry(claim.id).or_default();
                (*counted, *held) = (*counted + claim.counted, *held + claim.held);
            }
        }
        let mut folders: Vec<PathBuf> = order.iter().map(|number| folder(*number)).collect();
        folders.dedup();
        let out = place.path().join(format!("merged-{of}-{shared}"));
        if of > 1 && !shared {
            let refused = merge(&folders[1..], &out, Some(grid), &Context::new(1));
            assert!(matches!(refused, Err(Error::Rejected(r)) if r.message.contains("missing")));
            assert!(!out.exists(), "nothing is written before all parts are found");
        }
        // Stopped in the merge, then resumed.
        let stopped = merge(&folders, &out, Some(grid), &stops_after("tables", 2));
        assert!(matches!(stopped, Err(Error::Stopped(_))));
        let merged = merge(&folders, &out, Some(grid), &Context::new(2)).expect("a run");
        for claim in
            merged.answers().expect("answers").claims.into_iter().filter(|claim| claim.rare.is_none())
        {
            let held = claim.probability.map_or(0.0, |p| p * f64::from(claim.members)).round() as u32;
            assert_eq!(claims[&claim.id], (claim.members, held), "{}", claim.id);
        }
        assert!(bytes(&out) == bytes(&whole), "{of} shares, shared: {shared}");
        if shared {
            merge(&folders, &folders[0], Some(grid), &Context::new(2)).expect("in its own folder");
            assert!(bytes(&folders[0]) == bytes(&whole));
        }
    }
}

#[test]
fn a_share_is_read_from_a_text() {
    assert_eq!("2/7".parse::<Shard>(), Ok(Shard { number: 2, of: 7 }));
    for wrong in ["3", "a/7", "2/", "/", "-1/7", "1/2/3"] {
        assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
    }
}

#[test]
fn shares_of_different_runs_are_not_merged() {
    let place = tempfile::tempdir().expect("a folder");
    let scenario = scenario();
    let (a, b) = (place.path().join("a"), place.path().join("b"));
    let other = breakaway_ensemble::Design { seed: 9, ..DESIGN };
    let other =
        breakaway_ensemble::Plan::new(&scenario, scenario.priors.clone(), other, plan(&scenario).simd);
    run_shard(&plan(&scenario), Shard { number: 1, of: 2 }, &options(&a), &Context::new(1)).expect("a share");
    run_shard(&other, Shard { number: 2, of: 2 }, &options(&b), &Context::new(1)).expect("a share");
    let refused = merge(&[a, b], &place.path().join("out"), None, &Context::new(1));
    assert!(matches!(refused, Err(Error::Rejected(r)) if r.message.contains("another run")));
    assert!(merge(&[], &place.path().join("out"), None, &Context::new(1)).is_err());
}

#[test]
fn there_is_no_share_four_of_three() {
    let scenario = scenario();
    let place = tempfile::tempdir().expect("a folder");
    for (number, of) in [(4, 3), (0, 3), (1, 0), (1, 1000)] {
        let result =
            run_shard(&plan(&scenario), Shard { number, of }, &options(place.path()), &Context::new(1));
        assert!(matches!(result, Err(Error::Rejected(_))), "{number} of {of}");
    }
}

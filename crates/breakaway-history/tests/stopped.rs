//! Calibrations and hindcasts that are stopped, resumed, and written by one process at a time.

mod common;

use breakaway_ensemble::{Cancel, Context, Progress};
use breakaway_history::work_folder::{FolderUse, WorkFolder};
use breakaway_history::{Settings, calibrate, hindcast, rehearse};
use breakaway_store::posterior_file::{self, FILE, STATE};
use common::{case, is_stopped, small, why};
use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A context that is cancelled at the n-th report of progress.
fn cancelled_at(n: u32) -> Context {
    let (cancel, count) = (Cancel::default(), AtomicU32::new(0));
    let own = cancel.clone();
    let observer = move |_: &Progress| {
        if count.fetch_add(1, Ordering::Relaxed) + 1 >= n {
            own.cancel();
        }
    };
    Context::new(2).with_observer(observer).with_cancel(cancel)
}

#[test]
fn a_stopped_calibration_resumes_to_the_same_bytes_on_any_number_of_threads() {
    let place = tempfile::tempdir().expect("a folder");
    let cases = [case("austria-hungary-1918"), case("afghanistan-2021")];
    let read = |folder: &str, name: &str| fs::read(place.path().join(folder).join(name)).expect("a file");
    calibrate(&cases, small(), &place.path().join("whole"), &Context::new(2)).expect("calibrated");
    calibrate(&cases, small(), &place.path().join("alone"), &Context::new(1)).expect("calibrated");
    let folder = place.path().join("stopped");
    let mut stops = 0;
    // Each time a little more is finished, as each time more reports are made before the stop.
    for n in 2..100 {
        let result = calibrate(&cases, small(), &folder, &cancelled_at(n));
        if result.is_ok() {
            break;
        }
        assert!(is_stopped(&result), "{result:?}");
        assert!(!folder.join(FILE).exists(), "a posterior is there when it is whole");
        stops += 1;
    }
    assert!(stops >= 3, "it was stopped {stops} times only");
    for name in [FILE, "calibration.json", STATE] {
        assert!(read("whole", name) == read("alone", name), "{name}: threads change nothing");
        assert!(read("whole", name) == read("stopped", name), "{name}: nor do stops");
    }
    let posterior = posterior_file::read(&folder).expect("a posterior");
    assert_eq!((posterior.particles.len(), posterior.cases.len()), (60, 2));
}

#[test]
fn a_stop_is_heard_within_a_second_and_what_is_finished_stays() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("c");
    let cases = [case("union-1989"), case("austria-hungary-1918")];
    let large = Settings { draws: 20_000, particles: 20_000, ..Settings::default() };
    type Run<'a> = &'a (dyn Fn(&Context) -> bool + Sync);
    let runs: [Run; 3] = [
        &|context| is_stopped(&calibrate(&cases, large, &folder, context)),
        &|context| is_stopped(&hindcast(&cases, large, Some(&place.path().join("h")), context)),
        &|context| is_stopped(&rehearse(&cases, large, 20, context)),
    ];
    for run in runs {
        let cancel = Cancel::default();
        let context = Context::new(2).with_cancel(cancel.clone());
        std::thread::scope(|scope| {
            let work = scope.spawn(|| (run(&context), Instant::now()));
            std::thread::sleep(Duration::from_millis(1500));
            let asked = Instant::now();
            cancel.cancel();
            let (stopped, ended) = work.join().expect("it ends");
            assert!(stopped && ended < asked + Duration::from_secs(1), "{:?}", ended - asked);
        });
    }
    // One batch is finished, the next is stopped.
    let result = calibrate(&cases, small(), &place.path().join("d"), &cancelled_at(2));
    assert!(is_stopped(&result));
    let kept = fs::metadata(place.path().join("d").join(STATE)).expect("a checkpoint");
    assert!(kept.len() > 100_000, "{} bytes", kept.len());
}

#[test]
fn what_was_begun_in_a_batch_is_reported_as_resumed() {
    let place = tempfile::tempdir().expect("a folder");
    let cases = [case("austria-hungary-1918")];
    assert!(is_stopped(&calibrate(&cases, small(), place.path(), &cancelled_at(2))));
    let heard: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let keep = heard.clone();
    let observer = move |progress: &Progress| keep.lock().expect("a list").push(progress.clone());
    calibrate(&cases, small(), place.path(), &Context::new(2).with_observer(observer)).expect("calibrated");
    let heard = heard.lock().expect("a list");
    let first = heard.first().expect("progress");
    assert_eq!((first.task.as_str(), first.done, first.total), ("parameter sets of the prior", 100, 160));
    assert!(heard.iter().any(|progress| progress.task == "rounds"));
}

#[test]
fn a_folder_has_one_writer() {
    let place = tempfile::tempdir().expect("a folder");
    let cases = [case("austria-hungary-1918"), case("afghanistan-2021")];
    let first = WorkFolder::open(place.path(), FolderUse::Calibration).expect("free");
    let refused = why(calibrate(&cases, small(), place.path(), &Context::new(2)));
    assert!(refused.message.contains("another process is writing"), "{refused}");
    let refused = why(hindcast(&cases, small(), Some(place.path()), &Context::new(2)));
    assert!(refused.message.contains("another process is writing"), "{refused}");
    drop(first);
    WorkFolder::open(place.path(), FolderUse::Hindcast).expect("free again");
}

#[test]
fn the_parts_of_a_hindcast_name_their_case() {
    let cases = [case("austria-hungary-1918"), case("afghanistan-2021")];
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let keep = heard.clone();
    let observer = move |progress: &Progress| keep.lock().expect("a list").push(progress.task.clone());
    hindcast(&cases, small(), None, &Context::new(2).with_observer(observer)).expect("forecast");
    let heard = heard.lock().expect("a list");
    assert!(heard.iter().any(|task| task == "case 2 of 2, without afghanistan-2021: rounds"), "{heard:?}");
}

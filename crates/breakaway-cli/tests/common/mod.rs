//! Driving the real program in temporary folders.
#![allow(dead_code)] // each test file uses its own part

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The project's scenarios.
pub fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

/// The program with arguments.
pub fn breakaway(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_breakaway"));
    command.current_dir(folder).args(args).env_remove("NO_COLOR");
    command
}

/// Runs the program to its end.
pub fn output(folder: &Path, args: &[&str]) -> Output {
    breakaway(folder, args).output().expect("the program starts")
}

/// Runs the program, which must succeed; its standard output.
pub fn succeed(folder: &Path, args: &[&str]) -> String {
    let output = output(folder, args);
    assert!(output.status.success(), "{args:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

/// Runs the program, which must fail as on wrong input; its standard error.
pub fn fail(folder: &Path, args: &[&str]) -> String {
    let output = output(folder, args);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{args:?}\n{message}");
    message
}

/// Copies a scenario folder (without its overlays).
pub fn copy_scenario(name: &str, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(scenarios().join(name)).expect("a scenario").flatten() {
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
    }
}

/// The bytes of a run's tables.
pub fn tables(run: &Path) -> Vec<Vec<u8>> {
    let names = breakaway_store::TABLES.iter().map(|name| format!("{name}.parquet"));
    names.map(|name| fs::read(run.join(name)).expect("a table")).collect()
}

/// Settings of a small calibration.
pub const SMALL: [&str; 8] = ["--draws", "160", "--replicates", "2", "--particles", "60", "--rounds", "3"];

/// A case of history.
pub fn case(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(name);
    path.to_str().expect("a path").into()
}

/// A case of the small scenario, with these outcomes.
pub fn small_case(folder: &Path, rows: &str) {
    copy_scenario("three-regions", &folder.join("s"));
    fs::write(folder.join("s/outcomes.csv"), format!("event,of,date,source\n{rows}")).expect("written");
}

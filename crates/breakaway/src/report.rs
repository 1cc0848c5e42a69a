//! `report`: a stored run as one page.

use crate::args::ReportArgs;
use crate::fail::Fail;
use breakaway_ensemble::{Manifest, Store};
use std::fs;
use std::path::{Path, PathBuf};

/// Runs the command.
pub fn report(args: &ReportArgs) -> Result<(), Fail> {
    let (store, manifest) = Store::open(&args.run)?;
    write(&store, &manifest, args.output.as_deref())
}

/// Writes a run's page, whole or not at all, and says where.
pub fn write(store: &Store, manifest: &Manifest, output: Option<&Path>) -> Result<(), Fail> {
    let path = output.map_or_else(|| store.folder().join("report.html"), Path::to_path_buf);
    let help = "`-o` names a file in a folder that exists and can be written to";
    let fault = |what: std::io::Error| Fail::input(format!("{}: {what}", path.display()), help);
    if path.is_dir() {
        let message = format!("{}: this is a folder", path.display());
        return Err(Fail::input(message, "`-o` names the file to write, such as report.html"));
    }
    let page = breakaway_report::html(store, manifest)?;
    let mut half: PathBuf = path.clone();
    half.as_mut_os_string().push(".tmp");
    if let Err(what) = fs::write(&half, page).and_then(|()| fs::rename(&half, &path)) {
        let _ = fs::remove_file(&half);
        return Err(fault(what));
    }
    eprintln!("report: {}", path.display());
    Ok(())
}

//! `init`: a new scenario that runs at once, made from the three-region one.

use crate::fail::Fail;
use std::fs;
use std::path::Path;

macro_rules! template {
    ($($name:literal),+) => {
        &[$(($name, include_str!(concat!("../../../scenarios/three-regions/", $name)))),+]
    };
}

const FILES: &[(&str, &str)] =
    template!["scenario.toml", "regions.csv", "communities.csv", "links.csv", "claims.toml"];

/// Runs the command.
pub fn init(folder: &Path) -> Result<(), Fail> {
    if folder.exists() {
        return Err(Fail::input(format!("{} exists already", folder.display()), "choose a new name"));
    }
    // Written beside its place and moved there whole.
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !parent.is_dir() {
        return Err(Fail::input(format!("there is no folder {}", parent.display()), "make it first"));
    }
    let name =
        folder.file_name().map_or_else(|| "scenario".into(), |name| name.to_string_lossy().into_owned());
    let draft = parent.join(format!(".{name}.tmp"));
    fs::create_dir_all(&draft)?;
    for (name, text) in FILES {
        fs::write(draft.join(name), text)?;
    }
    fs::rename(&draft, folder)?;
    println!(
        "made {0}\n  edit {0}/scenario.toml, regions.csv, claims.toml\n  check it: breakaway check {0}\n  run it:   breakaway run {0}",
        folder.display()
    );
    Ok(())
}

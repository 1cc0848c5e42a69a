//! A new scenario that runs at once, made from the one of three regions.

use breakaway_ensemble::Rejected;
use breakaway_store::Error;
use std::fs;
use std::path::Path;

macro_rules! template {
    ($($name:literal),+) => {
        &[$(($name, include_str!(concat!("../../../../scenarios/three-regions/", $name)))),+]
    };
}

const FILES: &[(&str, &str)] =
    template!["scenario.toml", "regions.csv", "communities.csv", "links.csv", "claims.toml"];

/// Makes a new scenario folder. It is there whole or not at all.
///
/// # Errors
/// Where the folder exists, where the folder above it does not, or where it cannot be written.
pub fn init(folder: &Path) -> Result<(), Error> {
    if folder.exists() {
        let what = format!("{} exists already", folder.display());
        return Err(Rejected::new(what, "choose a new name").into());
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !parent.is_dir() {
        let what = format!("there is no folder {}", parent.display());
        return Err(Rejected::new(what, "make it first").into());
    }
    let name = folder.file_name().map_or("scenario".into(), |name| name.to_string_lossy().into_owned());
    let draft = parent.join(format!(".{name}.{}.tmp", std::process::id()));
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(&draft)?;
        for (name, text) in FILES {
            fs::write(draft.join(name), text)?;
        }
        fs::rename(&draft, folder)
    };
    write().map_err(|e| {
        let _ = fs::remove_dir_all(&draft);
        Error::file(folder, e)
    })
}

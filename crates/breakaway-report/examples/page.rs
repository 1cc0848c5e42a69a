//! Writes the page of a stored run: `cargo run --release -p breakaway-report --example page -- runs/x x.html`

use breakaway_report::{Again, html};
use breakaway_store::StoredRun;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(page)) = (arguments.next(), arguments.next()) else {
        return Err("name the folder of a run and the page to write".into());
    };
    let run = StoredRun::open(folder.as_ref())?;
    std::fs::write(page, html(&run, &Again { run: None, replay: None })?)?;
    Ok(())
}

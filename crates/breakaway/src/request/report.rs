//! A stored run as one page.

use crate::question::Question;
use breakaway_ensemble::{Context, Rejected};
use breakaway_report::{Again, html};
use breakaway_store::{Error, StoredRun, publish::publish};
use breakaway_text::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Writes a stored run as one page of charts that opens without a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Folder of the run.
    pub run: PathBuf,
    /// File of the page; report.html in the run's folder where none.
    #[serde(default)]
    pub file: Option<PathBuf>,
    /// How a reader makes the run again, for the page.
    #[serde(default)]
    pub made_by: Option<String>,
    /// How a reader sees one of its simulations again, up to its number, for the page.
    #[serde(default)]
    pub replayed_by: Option<String>,
}

impl Question for Report {
    type Answer = PathBuf;

    fn check(&self) -> Result<(), Rejected> {
        match &self.file {
            Some(file) if file.is_dir() => {
                let what = format!("{}: this is a folder", file.display());
                Err(Rejected::new(what, "name the file to write, such as report.html"))
            }
            _ => Ok(()),
        }
    }

    fn answer(&self, _: &Context) -> Result<PathBuf, Error> {
        self.check()?;
        let run = StoredRun::open(&self.run)?;
        let path = self.file.clone().unwrap_or_else(|| self.run.join("report.html"));
        let again = Again { run: self.made_by.clone(), replay: self.replayed_by.clone() };
        let page = html(&run, &again)?;
        publish(&path, page.as_bytes()).map_err(|fault| {
            Rejected::new(fault.to_string(), "name a file in a folder that exists and can be written")
        })?;
        Ok(path)
    }

    fn describe(answer: &PathBuf) -> Vec<Finding> {
        let mut finding = Finding::new("report", "The page");
        finding.push_sentence(format!("The page is {}.", answer.display()));
        vec![finding]
    }
}

//! Parts of a hindcast, for faces that share it out among machines.

use super::history::{Hindcast, RESUMES, plain};
use crate::question::Question;
use breakaway_ensemble::{Context, Rejected};
use breakaway_history::case;
use breakaway_history::hindcast::{Part, PartLeft, make_part, parts_left};
use breakaway_store::Error;
use breakaway_text::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Asks which parts of a hindcast can be made next, anywhere and in any order. When they are in its
/// folder, ask again; when none is left, the hindcast itself has little to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HindcastParts {
    /// The hindcast.
    pub hindcast: Hindcast,
    /// Shares into which the simulations of the prior are cut.
    pub shares: u32,
}

/// What is left of a hindcast.
#[derive(Clone, Debug, Serialize)]
pub struct PartsLeft {
    /// Folders of its cases.
    pub cases: Vec<PathBuf>,
    /// Parts that can be made next; none where all are made.
    pub parts: Vec<PartLeft>,
}

impl Question for HindcastParts {
    type Answer = PartsLeft;

    fn check(&self) -> Result<(), Rejected> {
        if self.shares == 0 {
            return Err(Rejected::new("`shares` is 0", "`shares` is at least 1"));
        }
        self.hindcast.check()
    }

    fn answer(&self, context: &Context) -> Result<PartsLeft, Error> {
        let Hindcast { folder, settings, .. } = &self.hindcast;
        let folders = self.hindcast.folders()?;
        let cases = case::load_all(&folders).map_err(plain)?;
        let parts = parts_left(&cases, settings.settings(), folder, self.shares, context).map_err(plain)?;
        Ok(PartsLeft { cases: folders, parts })
    }

    fn describe(answer: &PartsLeft) -> Vec<Finding> {
        let mut finding = Finding::new("parts", "Parts of a hindcast");
        finding.push_sentence(match answer.parts.len() {
            0 => "All parts are made.".to_string(),
            1 => "One part can be made next.".to_string(),
            n => format!("{n} parts can be made next."),
        });
        vec![finding]
    }
}

/// Makes a part of a hindcast in a folder of its own, which has the files that the part needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HindcastPart {
    /// The hindcast; its folder is that of the part.
    pub hindcast: Hindcast,
    /// The part.
    #[schemars(with = "PartSchema")]
    pub part: Part,
}

/// For the schema of [`Part`].
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code)] // only its schema is used
enum PartSchema {
    /// Draws of the prior from `start` on, before `end`.
    Draws { start: u32, end: u32 },
    /// The calibration without this case.
    Without(String),
}

impl Question for HindcastPart {
    type Answer = ();

    fn check(&self) -> Result<(), Rejected> {
        self.hindcast.check()
    }

    fn answer(&self, context: &Context) -> Result<(), Error> {
        let Hindcast { folder, settings, .. } = &self.hindcast;
        let cases = case::load_all(&self.hindcast.folders()?).map_err(plain)?;
        make_part(&cases, settings.settings(), &self.part, folder, context).map_err(plain)
    }

    fn describe((): &()) -> Vec<Finding> {
        vec![]
    }

    fn kept_when_stopped(&self) -> String {
        RESUMES.into()
    }
}

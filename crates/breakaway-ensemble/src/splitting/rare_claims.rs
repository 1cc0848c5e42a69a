//! Which claims a run splits simulations for.

use crate::rejected::Rejected;
use breakaway_scenario::Claim;
use breakaway_scenario::diagnostic::did_you_mean;
use serde::{Deserialize, Serialize};

/// Which claims a run splits simulations for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RareClaims {
    /// Those whose condition too few of its members meet.
    #[default]
    ByItself,
    /// None.
    Nothing,
    /// All.
    All,
    /// These, by their identifiers, and those that it splits for by itself.
    Claims(Vec<String>),
}

impl RareClaims {
    /// From words: claims' identifiers, `all`, or `none`; by itself where there are none.
    ///
    /// # Errors
    /// Where there is no such claim.
    pub fn of(words: &[String], claims: &[Claim]) -> Result<RareClaims, Rejected> {
        let known = || claims.iter().map(|claim| claim.id.as_str());
        match words {
            [] => Ok(RareClaims::ByItself),
            words if words.iter().any(|word| word == "all") => Ok(RareClaims::All),
            [word] if word == "none" => Ok(RareClaims::Nothing),
            ids => match ids.iter().find(|id| !known().any(|known| known == id.as_str())) {
                None => Ok(RareClaims::Claims(ids.to_vec())),
                Some(id) => {
                    let help = did_you_mean(id, known());
                    Err(Rejected::new(format!("there is no claim `{id}`"), help))
                }
            },
        }
    }

    /// Whether a run splits for what it has too few members of, unasked.
    pub fn goes_on_by_itself(&self) -> bool {
        *self != RareClaims::Nothing
    }

    /// Whether somebody asked for a claim.
    pub fn asks_for(&self, id: &str) -> bool {
        match self {
            RareClaims::ByItself | RareClaims::Nothing => false,
            RareClaims::All => true,
            RareClaims::Claims(ids) => ids.iter().any(|known| known == id),
        }
    }
}

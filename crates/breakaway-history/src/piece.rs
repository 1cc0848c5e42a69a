//! Pieces of the prior's simulations that other processes made, as files in a folder.

use crate::Error;
use crate::matching::PriorSimulations;
use crate::work_folder::WorkFolder;
use serde::{Deserialize, Serialize};

/// What the names of pieces begin and end with; between is the number of their first draw.
const NAME: (&str, &str) = ("draws-", ".bin");

/// Draws of the prior that follow each other, simulated.
#[derive(Serialize, Deserialize)]
pub(crate) struct Piece {
    /// The calibration that it is a piece of.
    key: String,
    first: u32,
    prior: PriorSimulations,
}

/// The first draw of the piece of this name.
fn first_of(name: &str) -> Option<u32> {
    name.strip_prefix(NAME.0)?.strip_suffix(NAME.1)?.parse().ok()
}

/// Whether a file of this name is a piece.
pub(crate) fn is_piece(name: &str) -> bool {
    first_of(name).is_some()
}

impl Piece {
    /// Draws from `first` on, for the calibration of a key.
    pub fn new(key: String, first: u32, prior: PriorSimulations) -> Piece {
        Piece { key, first, prior }
    }

    /// The name of the file of the piece that begins with this draw.
    pub fn name(first: u32) -> String {
        format!("{}{first}{}", NAME.0, NAME.1)
    }

    /// The first draws of the pieces in a folder, in their order.
    pub fn firsts(folder: &WorkFolder) -> Vec<u32> {
        let mut all: Vec<u32> = folder.names().iter().filter_map(|name| first_of(name)).collect();
        all.sort_unstable();
        all
    }

    /// Reads the piece that begins with this draw.
    ///
    /// # Errors
    /// Where the file is damaged, or a piece of another calibration.
    pub fn read(folder: &WorkFolder, first: u32, key: &str) -> Result<Piece, Error> {
        let path = folder.path().join(Piece::name(first));
        let rejected = |what| {
            let help = "remove the file: its draws are simulated again";
            Error::Other(breakaway_store::Error::rejected(&path, what, help))
        };
        let piece: Option<Piece> = folder.read_sealed(&Piece::name(first))?;
        let piece = piece.ok_or_else(|| rejected("the file is gone"))?;
        match piece.key == key && piece.first == first {
            true => Ok(piece),
            false => Err(rejected("the file belongs to another calibration")),
        }
    }

    /// Writes it into a folder.
    pub fn write(&self, folder: &WorkFolder) -> Result<(), Error> {
        folder.write_sealed(&Piece::name(self.first), self)
    }

    /// The draws after its last.
    pub fn end(&self) -> u32 {
        self.first + self.prior.points.len() as u32
    }

    /// Its simulations from a draw on.
    pub fn after(self, draw: u32) -> PriorSimulations {
        self.prior.skip((draw - self.first) as usize)
    }

    /// Removes the pieces of a folder.
    pub fn remove_all(folder: &WorkFolder) {
        Piece::firsts(folder).into_iter().for_each(|first| folder.remove(&Piece::name(first)));
    }
}

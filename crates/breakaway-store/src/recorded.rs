//! The members of a stored run: their parameters, and what became of each claim.

use crate::store::{Store, batches};
use crate::table::column;
use crate::tally::Tally;
use crate::watch::Verdict;
use crate::{Error, Manifest};
use arrow_array::{Array, BooleanArray, Float32Array, StringArray, UInt16Array, UInt32Array};

/// What a run recorded of its members, in their order.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The draw of each member.
    pub draws: Vec<u32>,
    /// Whether each failed.
    pub failed: Vec<bool>,
    /// By claim: what became of it in each member; in a failed one it does not count.
    pub verdicts: Vec<Vec<Verdict>>,
    /// By parameter, in the order of the table: its value in each draw.
    pub parameters: Vec<Vec<f32>>,
    /// Draws on end that belong together.
    pub cluster: u32,
}

impl Recorded {
    /// Reads a run's members.
    pub fn read(store: &Store, manifest: &Manifest) -> Result<Recorded, Error> {
        let path = store.table("members");
        let mut all = Recorded {
            draws: vec![],
            failed: vec![],
            verdicts: vec![vec![]; manifest.claims.len()],
            cluster: manifest.cluster(),
            parameters: vec![vec![f32::NAN; manifest.design.draws as usize]; manifest.parameters.len()],
        };
        for batch in &batches(store, "members")? {
            let draws: &UInt32Array = column(&path, batch, "draw")?;
            let failed: &StringArray = column(&path, batch, "failed")?;
            let rows = 0..batch.num_rows();
            all.draws.extend(draws.values());
            all.failed.extend(rows.clone().map(|row| failed.is_valid(row)));
            for (claim, verdicts) in manifest.claims.iter().zip(&mut all.verdicts) {
                let held: &BooleanArray = column(&path, batch, &format!("claim:{}", claim.id))?;
                let days: &UInt16Array = column(&path, batch, &format!("day:{}", claim.id))?;
                verdicts.extend(rows.clone().map(|row| {
                    let counts = failed.is_null(row) && held.is_valid(row);
                    let day = days.is_valid(row).then(|| u32::from(days.value(row)));
                    Verdict { counts, day: day.filter(|_| counts) }
                }));
            }
            for ((key, _), values) in manifest.parameters.iter().zip(&mut all.parameters) {
                let drawn: &Float32Array = column(&path, batch, key)?;
                for (draw, value) in draws.values().iter().zip(drawn.values()) {
                    values[*draw as usize] = *value;
                }
            }
        }
        Ok(all)
    }

    /// A claim's counts by draw.
    pub fn tally(&self, claim: usize) -> Tally {
        let draws = self.draws.iter().max().map_or(0, |last| last + 1);
        let mut tally = Tally::clustered(draws.next_multiple_of(self.cluster), self.cluster);
        for (draw, verdict) in self.draws.iter().zip(&self.verdicts[claim]).filter(|(_, v)| v.counts) {
            tally.add(*draw, verdict.day.map(|day| day as u16));
        }
        tally
    }
}

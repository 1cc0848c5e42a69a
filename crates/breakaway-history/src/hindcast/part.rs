//! Parts of a hindcast, which other processes can make: draws of the prior simulated, and calibrations
//! without a case. In the hindcast's folder they are resumed as if they had been made there, so that
//! the result is the same.

use super::{Others, check};
use crate::Error;
use crate::calibrate::not_ruled_out;
use crate::case::Case;
use crate::checkpoint::Checkpoint;
use crate::matching::{PriorSimulations, outputs};
use crate::piece::Piece;
use crate::settings::Settings;
use crate::space::Space;
use crate::work_folder::{FolderUse, WorkFolder};
use breakaway_ensemble::Context;
use breakaway_store::posterior_file::{FILE, STATE};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::Path;

/// A part of a hindcast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Draws of the prior, simulated in all cases.
    Draws(Range<u32>),
    /// The calibration without the case of this name.
    Without(String),
}

/// A part that is not made yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartLeft {
    /// Which.
    pub part: Part,
    /// Files of the hindcast's folder that it is made from, by their paths there.
    pub needs: Vec<String>,
    /// The file or folder that it is, by its path there.
    pub makes: String,
}

/// The parts of a hindcast that can be made next, in any order: first draws of the prior, cut into
/// `shares` if nothing of them is there, then calibrations. None where the hindcast has all of them.
///
/// # Errors
/// As [`hindcast`](super::hindcast).
pub fn parts_left(
    cases: &[Case],
    settings: Settings,
    folder: &Path,
    shares: u32,
    context: &Context,
) -> Result<Vec<PartLeft>, Error> {
    settings.check()?;
    check(cases)?;
    let folder = WorkFolder::open(folder, FolderUse::Hindcast)?;
    let whole = Space::new(cases.iter().collect(), settings.seed);
    let begin = PriorSimulations::default;
    let known = Checkpoint::known(&whole, settings, begin(), Some(&folder), context)?;
    let draws = draws_left(&known, settings.draws, &folder)?;
    if !draws.is_empty() {
        let grain = settings.draws.div_ceil(shares.max(1));
        return Ok(draws.into_iter().flat_map(|gap| cut(gap, grain)).map(PartLeft::draws).collect());
    }
    let simulated = Checkpoint::begin(&whole, settings, begin(), Some(&folder), context)?.prior;
    let mut left = vec![];
    for (c, case) in cases.iter().enumerate() {
        let others = Others::of(&whole, c);
        let part = PartLeft::without(&case.id, &folder);
        let all: Vec<usize> = (0..others.chosen.len()).collect();
        match not_ruled_out(&others.known(&simulated), &outputs(&others.space.cases), &all) {
            Ok(_) if folder.path().join(&part.makes).join(FILE).exists() => {}
            Ok(_) => left.push(part),
            // The hindcast says so.
            Err(Error::RuledOut(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(left)
}

/// Makes a part of a hindcast in a folder of its own, which has the files that it needs.
///
/// # Errors
/// As [`hindcast`](super::hindcast); and where there is no such part.
pub fn make_part(
    cases: &[Case],
    settings: Settings,
    part: &Part,
    folder: &Path,
    context: &Context,
) -> Result<(), Error> {
    settings.check()?;
    check(cases)?;
    let whole = Space::new(cases.iter().collect(), settings.seed);
    match part {
        Part::Draws(numbers) => {
            if numbers.is_empty() || numbers.end > settings.draws {
                let what = format!("draws {} to {} are no part", numbers.start, numbers.end);
                return Err(Error::rejected(what, format!("there are {} draws", settings.draws)));
            }
            let folder = WorkFolder::open(folder, FolderUse::Hindcast)?;
            let begin = PriorSimulations::default();
            let known = Checkpoint::known(&whole, settings, begin, Some(&folder), context)?;
            let task = context.task("parameter sets of the prior", u64::from(numbers.end - numbers.start));
            let simulated =
                PriorSimulations::of_draws(&whole, numbers.clone(), settings.replicates, context)?;
            task.advance(u64::from(numbers.end - numbers.start))?;
            Piece::new(known.key().into(), numbers.start, simulated).write(&folder)
        }
        Part::Without(id) => {
            let Some(c) = cases.iter().position(|case| case.id == *id) else {
                return Err(Error::rejected(format!("there is no case `{id}`"), "name one of the cases"));
            };
            let folder = WorkFolder::open(folder, FolderUse::Hindcast)?;
            let simulated = PriorSimulations::simulate(&whole, settings, Some(&folder), context)?;
            let context = &context.stage(format!("without {id}"));
            Others::of(&whole, c).calibrate(settings, &simulated, Some(&folder), context).map(|_| ())
        }
    }
}

impl PartLeft {
    fn draws(numbers: Range<u32>) -> PartLeft {
        let makes = Piece::name(numbers.start);
        PartLeft { part: Part::Draws(numbers), needs: vec![], makes }
    }

    fn without(case: &str, folder: &WorkFolder) -> PartLeft {
        let makes = WorkFolder::name_without(case);
        let begun = format!("{makes}/{STATE}");
        let mut needs = vec![STATE.to_string()];
        needs.extend(folder.path().join(&begun).exists().then_some(begun));
        PartLeft { part: Part::Without(case.into()), needs, makes }
    }
}

/// The draws that neither a checkpoint nor a piece has.
fn draws_left(known: &Checkpoint, draws: u32, folder: &WorkFolder) -> Result<Vec<Range<u32>>, Error> {
    let mut left = vec![];
    let mut end = known.done();
    for first in Piece::firsts(folder) {
        if first > end {
            left.push(end..first);
        }
        end = end.max(Piece::read(folder, first, known.key())?.end());
    }
    if end < draws {
        left.push(end..draws);
    }
    Ok(left)
}

/// Ranges of at most so many, cut where multiples of it are.
fn cut(range: Range<u32>, grain: u32) -> impl Iterator<Item = Range<u32>> {
    let Range { start, end } = range;
    (start / grain..end.div_ceil(grain)).map(move |k| start.max(k * grain)..end.min((k + 1) * grain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_on_a_fixed_grid() {
        let cuts: Vec<Range<u32>> = cut(30..105, 25).collect();
        assert_eq!(cuts, [30..50, 50..75, 75..100, 100..105]);
        assert_eq!(cut(0..50, 25).collect::<Vec<_>>(), [0..25, 25..50]);
    }
}

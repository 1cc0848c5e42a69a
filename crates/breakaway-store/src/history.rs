//! What a stored run says of its members: the spread of every observable over time, and what
//! happened to whom.

use crate::Error;
use crate::manifest::Names;
use crate::store::{Store, batches};
use crate::table::column;
use arrow_array::{Array, Float32Array, StringArray, UInt16Array, UInt32Array};
use breakaway_model::event::{Cause, Kind, Scope};
use std::collections::{BTreeMap, BTreeSet};

/// The spread of one observable of one entity over time: one entry a recorded day.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    /// Days.
    pub days: Vec<u16>,
    /// Means over members.
    pub mean: Vec<f32>,
    /// 5, 25, 50, 75 and 95 % of the members lie below.
    pub quantiles: [Vec<f32>; 5],
}

/// All series of a run, by observable and entity.
pub type Spreads = BTreeMap<(String, String), Spread>;

/// Reads a run's bands, of those observables that are wanted.
pub fn spreads(store: &Store, wanted: &[&str]) -> Result<Spreads, Error> {
    let path = store.table("bands");
    let mut all = Spreads::new();
    for batch in &batches(store, "bands")? {
        let observables: &StringArray = column(&path, batch, "observable")?;
        let entities: &StringArray = column(&path, batch, "entity")?;
        let days: &UInt16Array = column(&path, batch, "day")?;
        let mean: &Float32Array = column(&path, batch, "mean")?;
        let mut quantiles = vec![];
        for name in ["p05", "p25", "p50", "p75", "p95"] {
            quantiles.push(column::<Float32Array>(&path, batch, name)?);
        }
        let mut row = 0;
        while row < batch.num_rows() {
            let key = (observables.value(row), entities.value(row));
            let same = |&other: &usize| (observables.value(other), entities.value(other)) == key;
            let rows = row..row + (row..batch.num_rows()).take_while(same).count();
            row = rows.end;
            if !wanted.contains(&key.0) {
                continue;
            }
            let spread = all.entry((key.0.into(), key.1.into())).or_default();
            spread.days.extend(&days.values()[rows.clone()]);
            spread.mean.extend(&mean.values()[rows.clone()]);
            for (all, numbers) in spread.quantiles.iter_mut().zip(&quantiles) {
                all.extend(&numbers.values()[rows.clone()]);
            }
        }
    }
    Ok(all)
}

/// Something that happened in a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happening {
    /// Day.
    pub day: u16,
    /// What.
    pub kind: Kind,
    /// To whom: position in the list of polities, regions or sides, as [`Kind::scope`] says.
    pub entity: usize,
    /// The largest term of its hazard.
    pub cause: Cause,
}

/// What happened in each member in which anything did, in order of time.
pub fn happenings(store: &Store, names: &Names) -> Result<BTreeMap<u32, Vec<Happening>>, Error> {
    let path = store.table("events");
    let places = |list: &[(String, String)]| -> BTreeMap<String, usize> {
        list.iter().enumerate().map(|(place, (id, _))| (id.clone(), place)).collect()
    };
    let (polities, regions, sides) = (places(&names.polities), places(&names.regions), places(&names.sides));
    let mut all: BTreeMap<u32, Vec<Happening>> = BTreeMap::new();
    for batch in &batches(store, "events")? {
        let members: &UInt32Array = column(&path, batch, "member")?;
        let days: &UInt16Array = column(&path, batch, "day")?;
        let kinds: &StringArray = column(&path, batch, "event")?;
        let entities: &StringArray = column(&path, batch, "entity")?;
        let causes: &StringArray = column(&path, batch, "cause")?;
        for row in 0..batch.num_rows() {
            let unknown = |what: &str| Error::file(&path, format!("`{what}` is not known to this program"));
            let kind = Kind::by_name(kinds.value(row)).ok_or_else(|| unknown(kinds.value(row)))?;
            let place = match kind.scope() {
                Scope::Polity => &polities,
                Scope::Region => &regions,
                Scope::SectorSide => &sides,
            };
            let entity = *place.get(entities.value(row)).ok_or_else(|| unknown(entities.value(row)))?;
            let cause = Cause::by_name(causes.value(row)).ok_or_else(|| unknown(causes.value(row)))?;
            let day = days.value(row);
            all.entry(members.value(row)).or_default().push(Happening { day, kind, entity, cause });
        }
    }
    Ok(all)
}

/// The members that failed: what happened to them is not recorded.
pub fn failed(store: &Store) -> Result<BTreeSet<u32>, Error> {
    let path = store.table("members");
    let mut all = BTreeSet::new();
    for batch in &batches(store, "members")? {
        let members: &UInt32Array = column(&path, batch, "member")?;
        let failed: &StringArray = column(&path, batch, "failed")?;
        all.extend((0..batch.num_rows()).filter(|&row| failed.is_valid(row)).map(|row| members.value(row)));
    }
    Ok(all)
}

/// The first time that each thing happened to each entity, in order of time.
pub fn first_of_each(history: &[Happening]) -> Vec<Happening> {
    let mut seen = BTreeSet::new();
    history.iter().filter(|happening| seen.insert((happening.kind, happening.entity))).copied().collect()
}

/// How much an event weighs when members are ordered from mild to extreme (judgement).
fn gravity(kind: Kind) -> u32 {
    match kind {
        Kind::Fall => 1000,
        Kind::Independent => 300,
        Kind::FrontCollapse => 200,
        Kind::Declared | Kind::BandRule => 100,
        Kind::SectorLost | Kind::Withdrawn => 40,
        Kind::Vacuum | Kind::GarrisonFails | Kind::MassProtest => 30,
        Kind::Rout | Kind::Peace | Kind::Suppressed => 20,
        Kind::WithdrawalOrdered | Kind::Congress => 1,
    }
}

/// So many members and what happened to them, without those that failed, from the mildest to the
/// most extreme.
pub fn by_gravity(
    members: u32,
    failed: &BTreeSet<u32>,
    histories: &BTreeMap<u32, Vec<Happening>>,
) -> Vec<u32> {
    let weight = |member: &u32| -> u32 {
        histories.get(member).map_or(0, |history| history.iter().map(|h| gravity(h.kind)).sum())
    };
    let mut all: Vec<u32> = (0..members).filter(|member| !failed.contains(member)).collect();
    all.sort_by_cached_key(|member| (weight(member), *member));
    all
}

/// A short history whole; of a long one the first of each kind and the gravest, at most so many,
/// in order of time.
pub fn worth_telling(history: &[Happening], most: usize) -> Vec<Happening> {
    let mut order: Vec<usize> = (0..history.len()).collect();
    let first = |k: usize| !history[..k].iter().any(|before| before.kind == history[k].kind);
    order.sort_by_cached_key(|&k| (!first(k), std::cmp::Reverse(gravity(history[k].kind)), k));
    order.truncate(most);
    order.sort_unstable();
    order.into_iter().map(|k| history[k]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u16, kind: Kind, entity: usize) -> Happening {
        Happening { day, kind, entity, cause: Cause::Regime }
    }

    #[test]
    fn a_long_history_keeps_its_turns() {
        let mut history: Vec<Happening> = (0..40).map(|day| at(day, Kind::Vacuum, 0)).collect();
        history.push(at(50, Kind::Fall, 0));
        history.push(at(60, Kind::Peace, 0));
        let told = worth_telling(&history, 14);
        assert_eq!(told.len(), 14);
        assert!(told.is_sorted_by_key(|happening| happening.day));
        assert!(told.iter().any(|h| h.kind == Kind::Fall) && told.iter().any(|h| h.kind == Kind::Peace));
    }

    #[test]
    fn members_are_ordered_by_what_happened_and_the_failed_are_left_out() {
        let histories = BTreeMap::from([(0, vec![at(9, Kind::Fall, 0)]), (2, vec![at(3, Kind::Rout, 0)])]);
        assert_eq!(by_gravity(4, &BTreeSet::from([3]), &histories), [1, 2, 0]);
    }

    #[test]
    fn the_first_time_counts() {
        let history = [at(1, Kind::Rout, 0), at(2, Kind::Rout, 1), at(5, Kind::Rout, 0)];
        assert_eq!(first_of_each(&history), history[..2]);
    }
}

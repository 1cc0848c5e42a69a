//! What a stored run says of its members: the spread of every observable over time, and what
//! happened to whom.

use crate::Error;
use crate::store::{Names, Store, batches};
use crate::table::column;
use arrow_array::{Float32Array, StringArray, UInt16Array, UInt32Array};
use breakaway_model::event::{Cause, Kind, Scope};
use std::collections::BTreeMap;

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

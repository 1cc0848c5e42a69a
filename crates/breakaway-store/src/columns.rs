//! The columns of a run's tables.

use crate::Error;
use crate::bands::{Catalogue, Series, Summary, Totals};
use crate::block::{Happened, Member, Plan};
use crate::manifest::Names;
use crate::store::Store;
use crate::table::{BATCH, Writer};
use arrow_array::{ArrayRef, BooleanArray, Float32Array, StringArray, UInt16Array, UInt32Array};
use arrow_schema::{DataType, Field};
use breakaway_model::event::{Cause, Kind};
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;

pub(crate) struct MemberTable<'a> {
    plan: &'a Plan<'a>,
    writer: Writer,
    waiting: Vec<Member>,
}

impl<'a> MemberTable<'a> {
    pub(crate) fn create(store: &Store, plan: &'a Plan<'a>) -> Result<MemberTable<'a>, Error> {
        let field = |name: String, kind, nullable| Field::new(name, kind, nullable);
        let mut fields = vec![
            field("member".into(), DataType::UInt32, false),
            field("draw".into(), DataType::UInt32, false),
            field("replicate".into(), DataType::UInt32, false),
            field("failed".into(), DataType::Utf8, true),
        ];
        fields.extend(plan.scenario.specs().iter().map(|spec| field(spec.key(), DataType::Float32, false)));
        for claim in &plan.scenario.claims {
            fields.push(field(format!("claim:{}", claim.id), DataType::Boolean, true));
            fields.push(field(format!("day:{}", claim.id), DataType::UInt16, true));
        }
        let polities = &plan.scenario.world.polities;
        for (observable, k) in Plan::summaries(&plan.scenario.world) {
            fields.push(field(
                format!("end:{}:{}", polities[k].id, observable.name),
                DataType::Float32,
                false,
            ));
        }
        let writer = Writer::create(&store.table("members"), fields)?;
        Ok(MemberTable { plan, writer, waiting: vec![] })
    }

    pub(crate) fn push(&mut self, members: Vec<Member>) -> Result<(), Error> {
        self.waiting.extend(members);
        while self.waiting.len() >= BATCH {
            let batch: Vec<Member> = self.waiting.drain(..BATCH).collect();
            self.write(&batch)?;
        }
        Ok(())
    }

    fn write(&mut self, members: &[Member]) -> Result<(), Error> {
        let design = &self.plan.design;
        let numbers = || members.iter().map(|m| m.number);
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(UInt32Array::from_iter_values(numbers())),
            Arc::new(UInt32Array::from_iter_values(numbers().map(|m| design.draw_of(m)))),
            Arc::new(UInt32Array::from_iter_values(numbers().map(|m| m % design.replicates))),
            Arc::new(members.iter().map(|m| m.failed.clone()).collect::<StringArray>()),
        ];
        let mut drawn: Vec<Vec<f32>> = vec![];
        let mut last = None;
        for draw in numbers().map(|m| design.draw_of(m)) {
            let values = match drawn.last() {
                Some(values) if last == Some(draw) => values.clone(),
                _ => self.plan.parameters(draw),
            };
            last = Some(draw);
            drawn.push(values);
        }
        for p in 0..self.plan.beliefs.priors.len() {
            columns.push(Arc::new(Float32Array::from_iter_values(drawn.iter().map(|values| values[p]))));
        }
        for c in 0..self.plan.scenario.claims.len() {
            let verdicts = || members.iter().map(|m| m.verdicts[c]);
            let counted = verdicts().map(|v| v.counts.then_some(v.day.is_some()));
            columns.push(Arc::new(counted.collect::<BooleanArray>()));
            columns.push(Arc::new(verdicts().map(|v| v.day.map(|d| d as u16)).collect::<UInt16Array>()));
        }
        for s in 0..members.first().map_or(0, |m| m.summaries.len()) {
            columns.push(Arc::new(Float32Array::from_iter_values(members.iter().map(|m| m.summaries[s]))));
        }
        self.writer.write(columns)
    }

    pub(crate) fn finish(mut self) -> Result<(), Error> {
        let rest = std::mem::take(&mut self.waiting);
        if !rest.is_empty() {
            self.write(&rest)?;
        }
        self.writer.finish()
    }
}

pub(crate) struct EventTable<'a> {
    names: &'a Names,
    writer: Writer,
    waiting: Vec<Happened>,
}

impl<'a> EventTable<'a> {
    pub(crate) fn create(store: &Store, names: &'a Names) -> Result<EventTable<'a>, Error> {
        let fields = vec![
            Field::new("member", DataType::UInt32, false),
            Field::new("day", DataType::UInt16, false),
            Field::new("event", DataType::Utf8, false),
            Field::new("entity", DataType::Utf8, false),
            Field::new("cause", DataType::Utf8, false),
            Field::new("weight", DataType::Float32, false),
        ];
        Ok(EventTable { names, writer: Writer::create(&store.table("events"), fields)?, waiting: vec![] })
    }

    pub(crate) fn push(&mut self, events: Vec<Happened>) -> Result<(), Error> {
        self.waiting.extend(events);
        while self.waiting.len() >= BATCH {
            let batch: Vec<Happened> = self.waiting.drain(..BATCH).collect();
            self.write(&batch)?;
        }
        Ok(())
    }

    fn write(&mut self, events: &[Happened]) -> Result<(), Error> {
        let kind = |e: &Happened| Kind::ALL[usize::from(e.kind)];
        let text = |values: Vec<&str>| Arc::new(StringArray::from(values)) as ArrayRef;
        let names = self.names;
        self.writer.write(vec![
            Arc::new(UInt32Array::from_iter_values(events.iter().map(|e| e.member))),
            Arc::new(UInt16Array::from_iter_values(events.iter().map(|e| e.day as u16))),
            text(events.iter().map(|e| kind(e).name()).collect()),
            text(events.iter().map(|e| names.of_event(kind(e), usize::from(e.entity)).0).collect()),
            text(events.iter().map(|e| Cause::ALL[usize::from(e.cause)].name()).collect()),
            Arc::new(Float32Array::from_iter_values(events.iter().map(|e| e.weight))),
        ])
    }

    pub(crate) fn finish(mut self) -> Result<(), Error> {
        let rest = std::mem::take(&mut self.waiting);
        if !rest.is_empty() {
            self.write(&rest)?;
        }
        self.writer.finish()
    }
}

/// Writes the spread of every series on every recorded day.
pub(crate) fn write_bands(
    path: &Path,
    catalogue: &Catalogue,
    bands: &Totals,
    names: &Names,
) -> Result<(), Error> {
    let mut fields = vec![
        Field::new("observable", DataType::Utf8, false),
        Field::new("entity", DataType::Utf8, false),
        Field::new("day", DataType::UInt16, false),
    ];
    let columns = ["mean", "p05", "p25", "p50", "p75", "p95"];
    fields.extend(columns.map(|name| Field::new(name, DataType::Float32, false)));
    let mut writer = Writer::create(path, fields)?;
    let rows_of = |series: &Series| -> Vec<(u32, Summary)> {
        catalogue.days_of(series).filter_map(|day| Some((day, bands.summary(series, day)?))).collect()
    };
    let all: Vec<_> = catalogue.series.par_iter().map(rows_of).collect();
    for (series, rows) in catalogue.series.iter().zip(&all) {
        let entity = names.of_observable(series.observable.of, series.entity);
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from(vec![series.observable.name; rows.len()])),
            Arc::new(StringArray::from(vec![entity; rows.len()])),
            Arc::new(UInt16Array::from_iter_values(rows.iter().map(|(day, _)| *day as u16))),
            Arc::new(Float32Array::from_iter_values(rows.iter().map(|(_, s)| s.mean))),
        ];
        for q in 0..5 {
            columns.push(Arc::new(Float32Array::from_iter_values(rows.iter().map(|(_, s)| s.quantiles[q]))));
        }
        writer.write(columns)?;
    }
    writer.finish()
}

//! The tables of a run: what each contains, written in one pass over the parts.

mod claims;
mod columns;
mod complete;
mod described;
mod per_simulation;
mod quantiles;
mod sample;
mod writer;

pub(crate) use claims::ClaimRows;
pub(crate) use columns::{column, texts};
pub(crate) use complete::complete;
pub(crate) use writer::read;

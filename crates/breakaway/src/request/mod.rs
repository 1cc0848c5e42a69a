//! One struct for each question, serialisable in and out, each with a JSON Schema and a check of its
//! own.

mod branch;
mod compare;
mod condition;
mod explain;
mod hindcast_parts;
mod history;
mod init;
mod replay;
mod report;
mod run;
mod scenario;
mod score;
mod setting;
mod sweep;
mod validate;

pub use branch::Branch;
pub use compare::{Compare, CompareRuns};
pub use condition::Condition;
pub use explain::Explain;
pub use hindcast_parts::{HindcastPart, HindcastParts, PartsLeft};
pub use history::{Calibrate, CalibrationRequest, Hindcast, Rehearse};
pub use init::init;
pub use replay::{Replay, ReplayAnswer};
pub use report::Report;
pub use run::{Merge, Run, RunAnswer, Show};
pub use scenario::{Check, DesignRequest, Overview, ParameterTable, Parameters, ScenarioSource};
pub use score::Score;
pub use setting::{DayOrDate, Setting};
pub use sweep::{Sweep, Varied};
pub use validate::{Coverage, Validate};

// What requests are made of, and what faces need besides.
pub use breakaway_ensemble::context::available_threads;
pub use breakaway_ensemble::{DesignKind, Rejected};
pub use breakaway_store::publish::publish;

//! What a caller needs, and nothing else.

pub use crate::job::Job;
pub use crate::question::{Question, keep};
pub use crate::request::{
    Branch, Calibrate, Check, Compare, CompareRuns, Condition, Coverage, DesignRequest, Explain, Hindcast,
    HindcastPart, HindcastParts, Merge, Parameters, Rehearse, Replay, Report, Run, RunAnswer, ScenarioSource,
    Score, Setting, Show, Sweep, Validate,
};
pub use breakaway_ensemble::{Cancel, Context, Progress};
pub use breakaway_store::{Answers, ClaimAnswer, Error, Shard, StoredRun};
pub use breakaway_text::{Cell, Finding, Table};

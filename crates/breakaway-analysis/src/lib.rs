//! What an ensemble means: which assumptions matter, what would have to be true, what to watch,
//! what a change changes, what has been seen since, how good a forecast was.
//!
//! The methods ([`effects`], [`given`], [`prim`], [`proper_scores`]) are plain functions of numbers. The
//! analyses take up a stored run ([`taken`]) or a scenario, ask the ensemble for what they need,
//! and answer with a [`finding::Finding`].

mod assumptions;
mod boxes;
pub mod branch;
pub mod compare;
pub mod condition;
pub mod effects;
mod expansion;
pub mod explain;
pub mod finding;
pub mod given;
pub mod pairs;
pub mod prim;
pub mod proper_scores;
pub mod resample;
pub mod score;
pub mod shelf;
mod signs;
mod split;
pub mod sweep;
pub mod taken;

pub use finding::Finding;
pub use taken::Taken;

/// Why an analysis gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The run.
    #[error(transparent)]
    Ensemble(#[from] breakaway_ensemble::Error),
    /// The question cannot be answered: what is wrong, and what would be right.
    #[error("{0}")]
    Refused(String, String),
}

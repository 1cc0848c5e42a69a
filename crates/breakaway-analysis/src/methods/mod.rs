//! Methods of analysis: numbers in, numbers out. None knows a run, a scenario or a word.

pub mod bootstrap;
pub mod given_data;
pub mod paired_difference;
pub mod prim;
pub mod proper_scores;
pub mod sobol_indices;

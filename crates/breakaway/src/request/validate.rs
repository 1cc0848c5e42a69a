//! Published results, by the mechanisms' own code.

use crate::question::Question;
use breakaway_ensemble::{Context, Rejected};
use breakaway_store::Error;
use breakaway_text::Finding;
use breakaway_validation::{Coverage as CoverageAnswer, Validation, coverage};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Checks published results by the mechanisms' own code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Validate {
    /// Whether the long runs are left out.
    pub quick: bool,
}

impl Question for Validate {
    type Answer = Validation;

    fn check(&self) -> Result<(), Rejected> {
        Ok(())
    }

    fn answer(&self, context: &Context) -> Result<Validation, Error> {
        Ok(breakaway_validation::validate(self.quick, context)?)
    }

    fn describe(answer: &Validation) -> Vec<Finding> {
        vec![breakaway_text::validation::validation(answer)]
    }
}

/// Measures whether intervals cover what they claim to, where the truth is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Coverage {
    /// Whether few seeds are enough.
    pub quick: bool,
}

impl Question for Coverage {
    type Answer = CoverageAnswer;

    fn check(&self) -> Result<(), Rejected> {
        Ok(())
    }

    fn answer(&self, context: &Context) -> Result<CoverageAnswer, Error> {
        coverage(self.quick, context)
    }

    fn describe(answer: &CoverageAnswer) -> Vec<Finding> {
        vec![breakaway_text::coverage::coverage(answer)]
    }
}

//! JSON Schemas: of the files of a scenario, and of requests.

use super::{
    Branch, Calibrate, Check, Compare, Condition, Explain, Hindcast, Merge, Parameters, Rehearse, Replay,
    Report, Run, Score, Show, Sweep, Validate,
};
use serde_json::Value;

/// Names of everything that has a schema.
pub const NAMES: &[&str] = &[
    "scenario",
    "overlay",
    "claims",
    "base-rates",
    "run",
    "merge",
    "show",
    "check",
    "parameters",
    "replay",
    "report",
    "explain",
    "compare",
    "sweep",
    "condition",
    "branch",
    "score",
    "calibrate",
    "rehearse",
    "hindcast",
    "validate",
];

/// The JSON Schema of a scenario's file or of a request; none for another name.
pub fn schema(name: &str) -> Option<Value> {
    if let Some((_, schema)) = breakaway_scenario::schemas().into_iter().find(|(known, _)| *known == name) {
        return Some(schema);
    }
    let schema = match name {
        "run" => schemars::schema_for!(Run),
        "merge" => schemars::schema_for!(Merge),
        "show" => schemars::schema_for!(Show),
        "check" => schemars::schema_for!(Check),
        "parameters" => schemars::schema_for!(Parameters),
        "replay" => schemars::schema_for!(Replay),
        "report" => schemars::schema_for!(Report),
        "explain" => schemars::schema_for!(Explain),
        "compare" => schemars::schema_for!(Compare),
        "sweep" => schemars::schema_for!(Sweep),
        "condition" => schemars::schema_for!(Condition),
        "branch" => schemars::schema_for!(Branch),
        "score" => schemars::schema_for!(Score),
        "calibrate" => schemars::schema_for!(Calibrate),
        "rehearse" => schemars::schema_for!(Rehearse),
        "hindcast" => schemars::schema_for!(Hindcast),
        "validate" => schemars::schema_for!(Validate),
        _ => return None,
    };
    Some(schema.to_value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_its_schema() {
        for name in NAMES {
            let schema = schema(name).expect("a schema");
            assert!(schema.get("properties").is_some(), "{name}");
        }
        assert!(schema("nothing").is_none());
    }
}

//! JSON Schemas: of the files of a scenario, and of requests.

use super::{
    Branch, Calibrate, Check, Compare, Condition, Explain, Hindcast, Merge, Parameters, Rehearse, Replay,
    Report, Run, Score, Show, Sweep, Validate,
};
use schemars::{Schema, schema_for};
use serde_json::Value;

/// A request's name, and what makes its schema.
type Entry = (&'static str, fn() -> Schema);

/// The requests.
const REQUESTS: &[Entry] = &[
    ("run", || schema_for!(Run)),
    ("merge", || schema_for!(Merge)),
    ("show", || schema_for!(Show)),
    ("check", || schema_for!(Check)),
    ("parameters", || schema_for!(Parameters)),
    ("replay", || schema_for!(Replay)),
    ("report", || schema_for!(Report)),
    ("explain", || schema_for!(Explain)),
    ("compare", || schema_for!(Compare)),
    ("sweep", || schema_for!(Sweep)),
    ("condition", || schema_for!(Condition)),
    ("branch", || schema_for!(Branch)),
    ("score", || schema_for!(Score)),
    ("calibrate", || schema_for!(Calibrate)),
    ("rehearse", || schema_for!(Rehearse)),
    ("hindcast", || schema_for!(Hindcast)),
    ("validate", || schema_for!(Validate)),
];

/// Names of everything that has a schema: the files of a scenario, then the requests.
pub fn schema_names() -> Vec<&'static str> {
    let files = breakaway_scenario::schemas().into_iter().map(|(name, _)| name);
    files.chain(REQUESTS.iter().map(|(name, _)| *name)).collect()
}

/// The JSON Schema of a scenario's file or of a request; none for another name.
pub fn schema(name: &str) -> Option<Value> {
    let files = breakaway_scenario::schemas();
    let file = files.into_iter().find(|(known, _)| *known == name).map(|(_, schema)| schema);
    let request = || REQUESTS.iter().find(|(known, _)| *known == name).map(|(_, make)| make().to_value());
    file.or_else(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_its_schema() {
        for name in schema_names() {
            let schema = schema(name).expect("a schema");
            assert!(schema.get("properties").is_some(), "{name}");
        }
        assert!(schema("nothing").is_none());
    }
}

//! Questions by their names, for faces that know no Rust type: a request goes in as JSON, its answer comes
//! out as JSON and in words. The JSON Schemas of requests and of a scenario's files.

use crate::question::Question;
use crate::request::{
    Branch, Calibrate, Check, Compare, CompareRuns, Condition, Coverage, Explain, Hindcast, HindcastPart,
    HindcastParts, Merge, Parameters, Rehearse, Replay, Report, Run, Score, Show, Sweep, Validate,
};
use breakaway_ensemble::{Context, Rejected};
use breakaway_scenario::diagnostic::did_you_mean;
use breakaway_store::Error;
use breakaway_text::Finding;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// A request whose type is known by its name.
struct Request {
    name: &'static str,
    schema: fn() -> Schema,
    read: fn(Value) -> serde_json::Result<Arc<dyn Erased>>,
}

/// The requests.
const REQUESTS: &[Request] = &[
    request::<Run>("run"),
    request::<Merge>("merge"),
    request::<Show>("show"),
    request::<Check>("check"),
    request::<Parameters>("parameters"),
    request::<Replay>("replay"),
    request::<Report>("report"),
    request::<Explain>("explain"),
    request::<Compare>("compare"),
    request::<CompareRuns>("compare-runs"),
    request::<Sweep>("sweep"),
    request::<Condition>("condition"),
    request::<Branch>("branch"),
    request::<Score>("score"),
    request::<Calibrate>("calibrate"),
    request::<Rehearse>("rehearse"),
    request::<Hindcast>("hindcast"),
    request::<HindcastParts>("hindcast-parts"),
    request::<HindcastPart>("hindcast-part"),
    request::<Validate>("validate"),
    request::<Coverage>("coverage"),
];

const fn request<Q: Question + Sync + DeserializeOwned + JsonSchema>(name: &'static str) -> Request {
    Request {
        name,
        schema: || schema_for!(Q),
        read: |value| Ok(Arc::new(serde_json::from_value::<Q>(value)?)),
    }
}

/// A question without its type.
trait Erased: Send + Sync {
    fn check(&self) -> Result<(), Rejected>;
    fn reply(&self, context: &Context) -> Result<Reply, Error>;
    fn kept_when_stopped(&self) -> String;
}

impl<Q: Question + Sync> Erased for Q {
    fn check(&self) -> Result<(), Rejected> {
        Question::check(self)
    }

    fn reply(&self, context: &Context) -> Result<Reply, Error> {
        let answer = self.answer(context)?;
        let findings = Q::describe(&answer);
        let fault = |fault| Rejected::new(format!("the answer cannot be written as JSON: {fault}"), "");
        Ok(Reply { answer: serde_json::to_value(&answer).map_err(fault)?, findings })
    }

    fn kept_when_stopped(&self) -> String {
        Question::kept_when_stopped(self)
    }
}

/// An answer as JSON, and in words.
#[derive(Clone, Debug, Serialize)]
pub struct Reply {
    /// The typed answer, field by field.
    pub answer: Value,
    /// The same in sentences and tables.
    pub findings: Vec<Finding>,
}

/// A question that was asked by its name.
#[derive(Clone)]
pub struct NamedQuestion(Arc<dyn Erased>);

impl NamedQuestion {
    /// The request of a name, read from JSON.
    ///
    /// # Errors
    /// Where there is no such request, or where a field is missing, unknown or of another type.
    pub fn new(name: &str, request: Value) -> Result<NamedQuestion, Rejected> {
        let Some(known) = REQUESTS.iter().find(|known| known.name == name) else {
            let help = did_you_mean(name, REQUESTS.iter().map(|known| known.name));
            return Err(Rejected::new(format!("there is no request `{name}`"), help));
        };
        let wrong = |fault| {
            let help = format!("its schema is that of `{name}`");
            Rejected::new(format!("the request `{name}` is wrong: {fault}"), help)
        };
        (known.read)(request).map(NamedQuestion).map_err(wrong)
    }
}

impl Question for NamedQuestion {
    type Answer = Reply;

    fn check(&self) -> Result<(), Rejected> {
        self.0.check()
    }

    fn answer(&self, context: &Context) -> Result<Reply, Error> {
        self.0.reply(context)
    }

    fn describe(answer: &Reply) -> Vec<Finding> {
        answer.findings.clone()
    }

    fn kept_when_stopped(&self) -> String {
        self.0.kept_when_stopped()
    }
}

/// Names of everything that has a schema: the files of a scenario, then the requests.
pub fn schema_names() -> Vec<&'static str> {
    let files = breakaway_scenario::schemas().into_iter().map(|(name, _)| name);
    files.chain(REQUESTS.iter().map(|request| request.name)).collect()
}

/// The JSON Schema of a scenario's file or of a request; none for another name.
pub fn schema(name: &str) -> Option<Value> {
    let files = breakaway_scenario::schemas();
    let file = files.into_iter().find(|(known, _)| *known == name).map(|(_, schema)| schema);
    let request = || REQUESTS.iter().find(|known| known.name == name);
    file.or_else(|| request().map(|known| (known.schema)().to_value()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_has_its_schema() {
        for name in schema_names() {
            let schema = schema(name).expect("a schema");
            assert!(schema.get("properties").is_some(), "{name}");
        }
        assert!(schema("nothing").is_none());
    }

    #[test]
    fn a_question_is_asked_by_its_name() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/three-regions");
        let check = json!({ "scenario": { "folder": folder } });
        let question = NamedQuestion::new("check", check).expect("a request");
        let reply = question.answer(&Context::new(1)).expect("an answer");
        assert_eq!(reply.answer["lines"].as_array().map(Vec::len), Some(reply.findings[0].sentences.len()));
        let wrong = |name, request| NamedQuestion::new(name, request).err().expect("refused");
        assert_eq!(wrong("checks", json!({})).help, "did you mean `check`?");
        assert!(wrong("show", json!({ "folder": "x" })).message.contains("unknown field `folder`"));
    }

    #[test]
    fn every_answer_can_be_written_as_json() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/three-regions");
        let (scenario, design) = (json!({ "folder": folder }), json!({ "draws": 4, "replicates": 2 }));
        let context = Context::new(2);
        let ask = |name, request| {
            let question = NamedQuestion::new(name, request).expect("a request");
            question.answer(&context).expect("an answer").answer
        };
        let one = ask("replay", json!({ "scenario": scenario, "design": design, "member": 3 }));
        assert_eq!(one["simulation"], 3);
        let table = ask("parameters", json!({ "scenario": scenario }));
        assert!(table[0]["parameter"].is_string());
    }
}

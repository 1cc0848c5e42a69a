//! The JSON Schemas of a scenario's files.

use crate::draft::Draft;
use crate::form::Form;
use crate::{base_rate, claim, read};
use serde_json::{Value, json};

/// JSON Schemas of `scenario.toml` (also of overlays), `claims.toml` and `base-rates.toml`.
pub fn schemas() -> [(&'static str, Value); 4] {
    let expression = Form::schema(|form| claim::read(form, &mut claim::Expression::default()));
    let whole = |title: &str, mut schema: Value| {
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        schema["title"] = json!(title);
        schema["$defs"] = json!({ "expression": expression });
        schema
    };
    let scenario = |overlay| Form::schema(move |form| read::scenario(form, &mut Draft::default(), overlay));
    [
        ("scenario", whole("Breakaway scenario", scenario(false))),
        ("overlay", whole("Breakaway overlay", nothing_required(scenario(true)))),
        ("claims", whole("Breakaway claims", Form::schema(|form| read::claims(form, &mut Draft::default())))),
        (
            "base-rates",
            whole("Breakaway base rates", Form::schema(|form| base_rate::read(form, &mut Draft::default()))),
        ),
    ]
}

/// An overlay's entries change what exists: none of their keys need be there.
fn nothing_required(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(object) => {
            object.remove("required");
            for (_, value) in object.iter_mut() {
                *value = nothing_required(value.take());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = nothing_required(item.take())),
        _ => {}
    }
    schema
}

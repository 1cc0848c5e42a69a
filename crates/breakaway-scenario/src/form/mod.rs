//! A form: one declaration of what is allowed in a table, which reads it and describes it.
//!
//! A reading function names each key once, with its type, range and meaning. Over a TOML table
//! or a row of a CSV file the form fills in the values and notes every fault; over nothing it
//! writes the JSON Schema. So reader, schema and documentation cannot drift apart.

mod nested;
mod values;

use crate::cell::Cell;
use crate::diagnostic::{Diagnostic, Spot, Text, closest, did_you_mean};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::DeTable;

/// Whether a key must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must.
    Must,
    /// It may.
    May,
}
pub use Need::{May, Must};

/// A name that refers to something else, and where it stands.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub spot: Spot,
}

/// The text of a name that may be missing; empty where it is.
pub fn text_of(name: &Option<Name>) -> String {
    name.as_ref().map_or(String::new(), |name| name.name.clone())
}

/// All faults found so far.
pub type Notes = RefCell<Vec<Diagnostic>>;

/// See the module.
pub struct Form<'a> {
    origin: Origin<'a>,
    text: Arc<Text>,
    span: Range<usize>,
    notes: &'a Notes,
    /// Whether it changes something that exists already, so that nothing need be there.
    change: bool,
    keys: Vec<&'static str>,
    /// How many forms it is in.
    depth: usize,
    /// Keys that should be there, with their meaning.
    missing: Vec<(&'static str, String)>,
}

enum Origin<'a> {
    Table(&'a DeTable<'a>),
    Row(&'a [(String, String, Range<usize>)]),
    Schema(Schema),
}

/// A description of a form in JSON Schema.
#[derive(Default)]
pub struct Schema {
    properties: Map<String, Value>,
    required: Vec<Value>,
}

impl<'a> Form<'a> {
    /// Over a TOML table.
    pub fn table_of(
        text: &Arc<Text>,
        table: &'a Spanned<DeTable<'a>>,
        notes: &'a Notes,
        change: bool,
    ) -> Form<'a> {
        Form {
            origin: Origin::Table(table.get_ref()),
            text: text.clone(),
            span: header(text, table.span()),
            notes,
            change,
            keys: vec![],
            depth: 0,
            missing: vec![],
        }
    }

    /// Over a row of a CSV file: (column, cell, place).
    pub fn row(
        text: &Arc<Text>,
        cells: &'a [(String, String, Range<usize>)],
        span: Range<usize>,
        notes: &'a Notes,
    ) -> Form<'a> {
        Form {
            origin: Origin::Row(cells),
            text: text.clone(),
            span,
            notes,
            change: false,
            keys: vec![],
            depth: 0,
            missing: vec![],
        }
    }

    /// Over nothing: what `read` declares, as JSON Schema.
    pub fn schema(read: impl FnOnce(&mut Form)) -> Value {
        let notes = Notes::default();
        let text = Arc::new(Text { path: "".into(), body: String::new() });
        let origin = Origin::Schema(Schema::default());
        let mut form = Form {
            origin,
            text,
            span: 0..0,
            notes: &notes,
            change: false,
            keys: vec![],
            depth: 0,
            missing: vec![],
        };
        read(&mut form);
        form.into_schema()
    }

    fn into_schema(self) -> Value {
        let Origin::Schema(schema) = self.origin else { return Value::Null };
        let mut object = Map::new();
        object.insert("type".into(), json!("object"));
        object.insert("properties".into(), Value::Object(schema.properties));
        object.insert("required".into(), Value::Array(schema.required));
        object.insert("additionalProperties".into(), json!(false));
        Value::Object(object)
    }

    /// Whether it only describes.
    pub fn is_schema(&self) -> bool {
        matches!(self.origin, Origin::Schema(_))
    }

    /// Where the form stands.
    pub fn spot(&self) -> Spot {
        Spot::new(&self.text, self.span.clone())
    }

    /// Notes a fault of the whole form.
    pub fn fault(&self, message: impl Into<String>, help: impl Into<String>) {
        self.note(self.span.clone(), message, help);
    }

    /// Notes a fault at a place of its file.
    pub fn fault_at(&self, spot: &Spot, message: impl Into<String>, help: impl Into<String>) {
        self.notes.borrow_mut().push(Diagnostic::at(spot, message, help));
    }

    fn note(&self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.notes.borrow_mut().push(Diagnostic::at(&Spot::new(&self.text, span), message, help));
    }

    /// Finds a key's cell; declares it; notes it when it is missing.
    fn cell(&mut self, key: &'static str, need: Need, kind: Value, doc: &str) -> Option<Cell<'a>> {
        self.keys.push(key);
        let found = match &mut self.origin {
            Origin::Table(table) => {
                let table: &'a DeTable<'a> = table;
                table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| Cell::Toml(value))
            }
            Origin::Row(cells) => {
                let cells: &'a [(String, String, Range<usize>)] = cells;
                let cell = cells.iter().find(|(column, _, _)| column == key);
                cell.filter(|(_, value, _)| !value.is_empty())
                    .map(|(_, value, span)| Cell::Csv(value, span.clone()))
            }
            Origin::Schema(schema) => {
                let mut kind = kind;
                if let Value::Object(object) = &mut kind {
                    object.insert("description".into(), json!(doc));
                }
                schema.properties.insert(key.into(), kind);
                if need == Must {
                    schema.required.push(json!(key));
                }
                return None;
            }
        };
        if found.is_none() && need == Must && !self.change {
            self.missing.push((key, doc.to_string()));
        }
        found
    }

    /// Whether a key is there.
    pub fn has(&self, key: &str) -> bool {
        match &self.origin {
            Origin::Table(table) => table.iter().any(|(k, _)| k.get_ref() == key),
            Origin::Row(cells) => cells.iter().any(|(column, value, _)| column == key && !value.is_empty()),
            Origin::Schema(_) => false,
        }
    }

    /// Where the value of a key stands; the whole form where the key is missing.
    pub fn spot_of(&self, key: &str) -> Spot {
        let span = match &self.origin {
            Origin::Table(table) => {
                table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| value.span())
            }
            Origin::Row(cells) => {
                cells.iter().find(|(column, _, _)| column == key).map(|(_, _, span)| span.clone())
            }
            Origin::Schema(_) => None,
        };
        Spot::new(&self.text, span.unwrap_or(self.span.clone()))
    }

    /// The text of a key of a TOML table, if it is one.
    fn text_at(&self, key: &str) -> Option<&'a str> {
        let Origin::Table(table) = &self.origin else { return None };
        let table: &'a DeTable<'a> = table;
        table.iter().find(|(k, _)| k.get_ref() == key).and_then(|(_, value)| value.get_ref().as_str())
    }

    /// Declares that a text may stand for a key's value as well.
    fn or_text(&mut self, key: &str) {
        if let Origin::Schema(schema) = &mut self.origin
            && let Some(Value::Object(kind)) = schema.properties.get_mut(key)
        {
            let doc = kind.remove("description");
            let one = Value::Object(std::mem::take(kind));
            kind.insert("anyOf".into(), json!([one, { "type": "string" }]));
            kind.extend(doc.map(|doc| ("description".to_string(), doc)));
        }
    }

    fn wrong(&self, cell: Cell<'a>, key: &str, expected: &str, doc: &str) {
        let found = cell.kind();
        let number = expected.ends_with("number").then(|| cell.written_as_number()).flatten();
        let help = number.unwrap_or(doc);
        self.note(cell.span(), format!("`{key}` is {found}, but {expected} is expected"), help);
    }

    /// Notes the keys that no declaration named, and those that are missing, unless one of the
    /// former is one of the latter mistyped. (Columns of a CSV file are checked by its reader.)
    pub fn finish(&self) {
        let mut mistyped = vec![];
        if let Origin::Table(table) = &self.origin {
            for (key, _) in table.iter().filter(|(key, _)| !self.keys.contains(&key.get_ref().as_ref())) {
                let name = shorten(key.get_ref());
                let help = suggest(self.notes, &name, self.keys.iter().copied());
                self.note(key.span(), format!("unknown key `{name}`"), help);
                mistyped.extend(closest(&name, self.keys.iter().copied()));
            }
        }
        for (key, doc) in self.missing.iter().filter(|(key, _)| !mistyped.contains(key)) {
            self.fault(format!("`{key}` is missing"), doc.as_str());
        }
    }
}

/// [`did_you_mean`] for the first faults. Later ones mostly have the same cause, and a search among
/// ten thousand names for each of ten thousand faults would take minutes.
pub fn suggest<'a>(notes: &Notes, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    const SUGGESTIONS: usize = 100;
    if notes.borrow().len() < SUGGESTIONS { did_you_mean(name, candidates) } else { String::new() }
}

/// A table's span is that of its whole body; a fault is better shown at its head.
fn header(text: &Text, span: Range<usize>) -> Range<usize> {
    let start = span.start.min(text.body.len());
    let end = text.body.get(start..).and_then(|rest| rest.find('\n')).map_or(text.body.len(), |i| start + i);
    start..span.end.min(end).max(start)
}

fn shorten(name: &str) -> String {
    if name.chars().count() > 60 { name.chars().take(57).chain("...".chars()).collect() } else { name.into() }
}

//! A form: one declaration of what may stand in a table, which reads it and describes it.
//!
//! A reading function names each key once, with its type, range and meaning. Over a TOML table
//! or a row of a CSV file the form fills in the values and notes every fault; over nothing it
//! writes the JSON Schema. So reader, schema and documentation cannot drift apart.

use crate::cell::Cell;
use crate::diagnostic::{Diagnostic, Spot, Text, closest, did_you_mean};
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

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

/// All faults found so far.
pub type Notes = RefCell<Vec<Diagnostic>>;

/// See the module.
pub struct Form<'a> {
    origin: Origin<'a>,
    text: Rc<Text>,
    span: Range<usize>,
    notes: &'a Notes,
    /// Whether it changes something that exists already, so that nothing need be there.
    change: bool,
    keys: Vec<&'static str>,
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
        text: &Rc<Text>,
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
            missing: vec![],
        }
    }

    /// Over a row of a CSV file: (column, cell, place).
    pub fn row(
        text: &Rc<Text>,
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
            missing: vec![],
        }
    }

    /// Over nothing: what `read` declares, as JSON Schema.
    pub fn schema(read: impl FnOnce(&mut Form)) -> Value {
        let notes = Notes::default();
        let text = Rc::new(Text { path: "".into(), body: String::new() });
        let origin = Origin::Schema(Schema::default());
        let mut form =
            Form { origin, text, span: 0..0, notes: &notes, change: false, keys: vec![], missing: vec![] };
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

    /// A number in a range.
    pub fn number(
        &mut self,
        key: &'static str,
        into: &mut f32,
        range: RangeInclusive<f64>,
        need: Need,
        doc: &'static str,
    ) -> &mut Self {
        let mut value = f64::NAN;
        self.real(key, &mut value, range, need, doc);
        if !value.is_nan() {
            *into = value as f32;
        }
        self
    }

    /// A number in a range, in double precision.
    pub fn real(
        &mut self,
        key: &'static str,
        into: &mut f64,
        range: RangeInclusive<f64>,
        need: Need,
        doc: &'static str,
    ) -> &mut Self {
        let (low, high) = (*range.start(), *range.end());
        let mut kind = json!({ "type": "number" });
        for (name, end) in [("minimum", low), ("maximum", high)] {
            if end.is_finite() {
                kind[name] = json!(end);
            }
        }
        if let Some(cell) = self.cell(key, need, kind, doc) {
            let span = cell.span();
            match cell.number() {
                Some(x) if x.is_nan() => self.note(span, format!("`{key}` is not a number"), doc),
                Some(x) if !range.contains(&x) => {
                    let (low, high) = (Ends(low), Ends(high));
                    let help = format!("{doc} It lies between {low} and {high}.");
                    self.note(span, format!("`{key}` = {x} is out of range"), help);
                }
                Some(x) => *into = x,
                None => self.wrong(cell, key, "a number", doc),
            }
        }
        self
    }

    /// A number of people, or of other whole things.
    pub fn people(&mut self, key: &'static str, into: &mut i32, need: Need, doc: &'static str) -> &mut Self {
        let most = 2_000_000_000.0;
        let kind = json!({ "type": "integer", "minimum": 0, "maximum": 2_000_000_000 });
        if let Some(cell) = self.cell(key, need, kind, doc) {
            let span = cell.span();
            match cell.number() {
                Some(x) if x.is_nan() => self.note(span, format!("`{key}` is not a number"), doc),
                Some(x) if x < 0.0 => self.note(span, format!("`{key}` = {x} is negative"), doc),
                Some(x) if x > most => {
                    self.note(span, format!("`{key}` is too large"), "at most 2,000,000,000");
                }
                Some(x) if x.fract() != 0.0 => {
                    self.note(
                        span,
                        format!("`{key}` = {x} is not whole"),
                        "people are counted in whole numbers",
                    );
                }
                Some(x) => *into = x as i32,
                None => self.wrong(cell, key, "a whole number", doc),
            }
        }
        self
    }

    /// A text.
    pub fn text(&mut self, key: &'static str, into: &mut String, need: Need, doc: &'static str) -> &mut Self {
        if let Some(name) = self.read_name(key, need, json!({ "type": "string" }), doc) {
            *into = name.name;
        }
        self
    }

    /// A name that refers to something.
    pub fn name(
        &mut self,
        key: &'static str,
        into: &mut Option<Name>,
        need: Need,
        doc: &'static str,
    ) -> &mut Self {
        if let Some(name) = self.read_name(key, need, json!({ "type": "string" }), doc) {
            *into = Some(name);
        }
        self
    }

    /// One of a few words.
    pub fn choice(
        &mut self,
        key: &'static str,
        into: &mut Option<Name>,
        words: &[&str],
        need: Need,
        doc: &'static str,
    ) -> &mut Self {
        if let Some(name) = self.read_name(key, need, json!({ "type": "string", "enum": words }), doc) {
            if words.contains(&name.name.as_str()) {
                *into = Some(name);
            } else {
                let message = format!("`{}` is not a known `{key}`", shorten(&name.name));
                let help = did_you_mean(&name.name, words.iter().copied());
                self.notes.borrow_mut().push(Diagnostic::at(&name.spot, message, help));
            }
        }
        self
    }

    fn read_name(&mut self, key: &'static str, need: Need, kind: Value, doc: &'static str) -> Option<Name> {
        let cell = self.cell(key, need, kind, doc)?;
        let spot = Spot::new(&self.text, cell.span());
        match cell.text() {
            Some(text) => Some(Name { name: text.to_string(), spot }),
            None => {
                self.wrong(cell, key, "a text in quotes", doc);
                None
            }
        }
    }

    /// Yes or no.
    pub fn flag(&mut self, key: &'static str, into: &mut bool, need: Need, doc: &'static str) -> &mut Self {
        if let Some(cell) = self.cell(key, need, json!({ "type": "boolean" }), doc) {
            match cell.flag() {
                Some(value) => *into = value,
                None => self.wrong(cell, key, "true or false", doc),
            }
        }
        self
    }

    /// A day.
    pub fn date(
        &mut self,
        key: &'static str,
        into: &mut Option<(Date, Spot)>,
        need: Need,
        doc: &'static str,
    ) -> &mut Self {
        if let Some(cell) = self.cell(key, need, json!({ "type": "string", "format": "date" }), doc) {
            match cell.date() {
                Some(date) => *into = Some((date, Spot::new(&self.text, cell.span()))),
                None => self.wrong(cell, key, "a day such as 2022-09-25", doc),
            }
        }
        self
    }

    /// Several names: a list in TOML, or one name; separated by `;` in CSV.
    pub fn names(
        &mut self,
        key: &'static str,
        into: &mut Vec<Name>,
        need: Need,
        doc: &'static str,
    ) -> &mut Self {
        let kind = json!({ "type": ["array", "string"], "items": { "type": "string" } });
        let Some(cell) = self.cell(key, need, kind, doc) else { return self };
        into.clear();
        match &cell {
            Cell::Csv(text, span) => {
                for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
                    into.push(Name { name: part.into(), spot: Spot::new(&self.text, span.clone()) });
                }
            }
            Cell::Toml(value) => match value.get_ref() {
                DeValue::String(text) => {
                    into.push(Name { name: text.to_string(), spot: Spot::new(&self.text, value.span()) });
                }
                DeValue::Array(items) => {
                    for item in items.iter() {
                        match item.get_ref() {
                            DeValue::String(text) => {
                                into.push(Name {
                                    name: text.to_string(),
                                    spot: Spot::new(&self.text, item.span()),
                                });
                            }
                            _ => self.note(item.span(), format!("an item of `{key}` is not a text"), doc),
                        }
                    }
                }
                _ => self.wrong(cell, key, "a list of texts", doc),
            },
        }
        self
    }

    /// A table within the table. `read` says whether the table was there to be changed.
    pub fn table(
        &mut self,
        key: &'static str,
        need: Need,
        doc: &'static str,
        read: impl FnOnce(&mut Form),
    ) -> bool {
        if self.is_schema() {
            let inner = Form::schema(|form| read(form));
            self.cell(key, need, inner, doc);
            return false;
        }
        let Some(cell) = self.cell(key, need, Value::Null, doc) else { return false };
        match self.inner(&cell) {
            Some(mut form) => {
                read(&mut form);
                form.finish();
                true
            }
            None => {
                self.wrong(cell, key, "a table", doc);
                false
            }
        }
    }

    /// The same table form within itself: the schema refers to the definition `name`.
    pub fn recursive(
        &mut self,
        key: &'static str,
        definition: &str,
        list: bool,
        doc: &'static str,
        mut read: impl FnMut(&mut Form),
    ) -> usize {
        let one = json!({ "$ref": format!("#/$defs/{definition}") });
        let kind = if list { json!({ "type": "array", "items": one }) } else { json!({ "allOf": [one] }) };
        let Some(cell) = self.cell(key, May, kind, doc) else { return 0 };
        if !list {
            match self.inner(&cell) {
                Some(mut form) => {
                    read(&mut form);
                    form.finish();
                    return 1;
                }
                None => self.wrong(cell, key, "a table", doc),
            }
            return 0;
        }
        self.each(cell, key, doc, &mut read)
    }

    /// A list of tables.
    pub fn list(
        &mut self,
        key: &'static str,
        need: Need,
        doc: &'static str,
        mut read: impl FnMut(&mut Form),
    ) -> usize {
        if self.is_schema() {
            let inner = Form::schema(|form| read(form));
            self.cell(key, need, json!({ "type": "array", "items": inner }), doc);
            return 0;
        }
        let Some(cell) = self.cell(key, need, Value::Null, doc) else { return 0 };
        self.each(cell, key, doc, &mut read)
    }

    fn each(
        &mut self,
        cell: Cell<'a>,
        key: &'static str,
        doc: &'static str,
        read: &mut dyn FnMut(&mut Form),
    ) -> usize {
        let Cell::Toml(value) = &cell else { return 0 };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(cell, key, "a list of tables", doc);
            return 0;
        };
        for item in items.iter() {
            match self.inner(&Cell::Toml(item)) {
                Some(mut form) => {
                    read(&mut form);
                    form.finish();
                }
                None => self.note(item.span(), format!("an item of `{key}` is not a table"), doc),
            }
        }
        items.len()
    }

    /// Tables by identifier. `read` gets the identifier and its form, and says whether it was
    /// known before; `known` says so first, so that a change need not be complete.
    pub fn entries(
        &mut self,
        key: &'static str,
        need: Need,
        doc: &'static str,
        known: &dyn Fn(&str) -> bool,
        mut read: impl FnMut(Name, &mut Form),
    ) {
        if self.is_schema() {
            let nobody = Name { name: String::new(), spot: self.spot() };
            let inner = Form::schema(|form| read(nobody, form));
            self.cell(key, need, json!({ "type": "object", "additionalProperties": inner }), doc);
            return;
        }
        let Some(cell) = self.cell(key, need, Value::Null, doc) else { return };
        let Cell::Toml(value) = &cell else { return };
        let DeValue::Table(table) = value.get_ref() else {
            return self.wrong(cell, key, "tables by identifier", doc);
        };
        for (id, value) in table.iter() {
            let name = Name { name: id.get_ref().to_string(), spot: Spot::new(&self.text, id.span()) };
            match self.inner(&Cell::Toml(value)) {
                Some(mut form) => {
                    form.span = id.span();
                    form.change = known(&name.name);
                    read(name, &mut form);
                    form.finish();
                }
                None => self.note(value.span(), format!("`{key}.{}` is not a table", name.name), doc),
            }
        }
    }

    /// The form of a cell that holds a table.
    fn inner(&self, cell: &Cell<'a>) -> Option<Form<'a>> {
        let Cell::Toml(value) = cell else { return None };
        let DeValue::Table(table) = value.get_ref() else { return None };
        Some(Form {
            origin: Origin::Table(table),
            text: self.text.clone(),
            span: header(&self.text, value.span()),
            notes: self.notes,
            change: false,
            keys: vec![],
            missing: vec![],
        })
    }

    /// A number, or a table read otherwise (a distribution).
    pub fn number_or_table(
        &mut self,
        key: &'static str,
        doc: &'static str,
        mut number: impl FnMut(f64, Spot),
        table: impl FnOnce(&mut Form),
    ) {
        if self.is_schema() {
            let inner = Form::schema(|form| table(form));
            self.cell(key, May, json!({ "oneOf": [{ "type": "number" }, inner] }), doc);
            return;
        }
        let Some(cell) = self.cell(key, May, Value::Null, doc) else { return };
        if let Some(x) = cell.number() {
            return number(x, Spot::new(&self.text, cell.span()));
        }
        match self.inner(&cell) {
            Some(mut form) => {
                table(&mut form);
                form.finish();
            }
            None => self.wrong(cell, key, "a number or a distribution such as { low = 1, high = 2 }", doc),
        }
    }

    fn wrong(&self, cell: Cell<'a>, key: &str, expected: &str, doc: &str) {
        let found = cell.kind();
        self.note(cell.span(), format!("`{key}` is {found}, but {expected} is expected"), doc);
    }

    /// Notes the keys that no declaration named, and those that are missing, unless one of the
    /// former is one of the latter mistyped. (Columns of a CSV file are checked by its reader.)
    pub fn finish(&self) {
        let mut mistyped = vec![];
        if let Origin::Table(table) = &self.origin {
            for (key, _) in table.iter().filter(|(key, _)| !self.keys.contains(&key.get_ref().as_ref())) {
                let name = shorten(key.get_ref());
                self.note(
                    key.span(),
                    format!("unknown key `{name}`"),
                    did_you_mean(&name, self.keys.iter().copied()),
                );
                mistyped.extend(closest(&name, self.keys.iter().copied()));
            }
        }
        for (key, doc) in self.missing.iter().filter(|(key, _)| !mistyped.contains(key)) {
            self.fault(format!("`{key}` is missing"), doc.as_str());
        }
    }
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

struct Ends(f64);

impl std::fmt::Display for Ends {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

//! Forms within a form: tables, lists, tables by identifier.

use super::{Form, May, Name, Need, Origin, header, shorten};
use crate::cell::Cell;
use crate::diagnostic::{Spot, closest};
use crate::nesting::DEEPEST;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use toml::de::DeValue;

impl<'a> Form<'a> {
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
        if self.depth >= DEEPEST {
            let help = "write parts of it as claims of their own, and refer to them: { claim = \"...\" }";
            self.note(cell.span(), format!("`{key}` is nested more than {DEEPEST} levels deep"), help);
            return 0;
        }
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

    /// Tables by identifier. `read` gets the identifier and its form; a change of one that is `known`
    /// need not be complete.
    pub fn entries(
        &mut self,
        key: &'static str,
        need: Need,
        doc: &'static str,
        known: &BTreeSet<String>,
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
            let Some(own) = self.clean(id.get_ref(), id.span(), key) else { continue };
            let name = Name { name: own.clone(), spot: Spot::new(&self.text, id.span()) };
            match self.inner(&Cell::Toml(value)) {
                Some(mut form) => {
                    form.span = id.span();
                    form.change = known.contains(&own);
                    read(name, &mut form);
                    form.meant(key, &own, known);
                    form.finish();
                }
                None => self.note(value.span(), format!("`{key}.{}` is not a table", name.name), doc),
            }
        }
    }

    /// An entry that is new, incomplete, and has almost the identifier of a known one was most likely
    /// meant to change that one.
    fn meant(&mut self, key: &str, id: &str, known: &BTreeSet<String>) {
        let Some(other) = closest(id, known.iter().map(String::as_str)) else { return };
        if self.missing.is_empty() {
            return;
        }
        let needs: Vec<String> = self.missing.drain(..).map(|(key, _)| format!("`{key}`")).collect();
        let message = format!(
            "there is no {key} `{}` to change, and a new one needs {}",
            shorten(id),
            needs.join(", ")
        );
        self.fault(message, format!("did you mean `{other}`?"));
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
            depth: self.depth + 1,
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
}

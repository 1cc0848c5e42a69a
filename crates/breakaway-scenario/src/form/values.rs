//! Single values of a form: numbers, people, texts, names, days.

use super::{Form, Must, Name, Need, shorten};
use crate::cell::Cell;
use crate::diagnostic::{Diagnostic, Spot, did_you_mean};
use crate::text;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::ops::{Range, RangeInclusive};
use toml::de::DeValue;
use unicode_normalization::UnicodeNormalization;

impl Form<'_> {
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
                    let help = format!("{doc} It must be between {low} and {high}.");
                    self.note(span, format!("`{key}` = {x} is out of range"), help);
                }
                Some(x) => *into = x,
                None => self.wrong(cell, key, "a number", doc),
            }
        }
        self
    }

    /// A number in a range, or a name that refers to one.
    pub fn number_or_name(
        &mut self,
        key: &'static str,
        (number, name): (&mut f32, &mut Option<Name>),
        range: RangeInclusive<f64>,
        doc: &'static str,
    ) -> &mut Self {
        if self.text_at(key).is_some() {
            return self.name(key, name, Must, doc);
        }
        self.number(key, number, range, Must, doc);
        self.or_text(key);
        self
    }

    /// A day, or a name that refers to one.
    pub fn date_or_name(
        &mut self,
        key: &'static str,
        (day, name): (&mut Option<(Date, Spot)>, &mut Option<Name>),
        doc: &'static str,
    ) -> &mut Self {
        if self.text_at(key).is_some_and(|text| !text.starts_with(|c: char| c.is_ascii_digit())) {
            return self.name(key, name, Must, doc);
        }
        self.date(key, day, Must, doc);
        self.or_text(key);
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
            Some(text) => Some(Name { name: self.clean(text, cell.span(), key)?, spot }),
            None => {
                self.wrong(cell, key, "a text in quotes", doc);
                None
            }
        }
    }

    /// A text's value in its one spelling; none, and a fault, where a character in it cannot be seen. TOML
    /// may write such a character as an escape, so the check of the file's text does not find it.
    pub(super) fn clean(&self, value: &str, span: Range<usize>, key: &str) -> Option<String> {
        if let Some(hidden) = value.chars().find(|&c| text::unseen(c) || c == '\t') {
            let message =
                format!("`{key}` has a character that cannot be seen (U+{:04X})", u32::from(hidden));
            self.note(span, message, "delete it");
            return None;
        }
        // Only a description may be longer than a line.
        if key != "description" && value.trim_end().contains('\n') {
            self.note(span, format!("`{key}` has more than one line"), "write it in one line");
            return None;
        }
        Some(value.nfc().collect())
    }

    fn push(&self, value: &str, span: Range<usize>, key: &str, into: &mut Vec<Name>) {
        let spot = Spot::new(&self.text, span.clone());
        into.extend(self.clean(value, span, key).map(|name| Name { name, spot }));
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
                    self.push(part, span.clone(), key, into);
                }
            }
            Cell::Toml(value) => match value.get_ref() {
                DeValue::String(text) => {
                    self.push(text, value.span(), key, into);
                }
                DeValue::Array(items) => {
                    for item in items.iter() {
                        match item.get_ref() {
                            DeValue::String(text) => self.push(text, item.span(), key, into),
                            _ => self.note(item.span(), format!("an item of `{key}` is not a text"), doc),
                        }
                    }
                }
                _ => self.wrong(cell, key, "a list of texts", doc),
            },
        }
        self
    }
}

struct Ends(f64);

impl std::fmt::Display for Ends {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

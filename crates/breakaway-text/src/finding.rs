//! Sentences and tables: the one form in which answers reach the terminal, files and the page.

use crate::numbers::{number, percent, points};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// An answer in words: sentences and tables.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// Identifier: a file's name, and an anchor in the report.
    pub id: String,
    /// Title.
    pub title: String,
    /// The answer in sentences.
    #[serde(alias = "said")]
    pub sentences: Vec<String>,
    /// Tables, the most important first.
    pub tables: Vec<Table>,
}

/// A table of a finding.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Table {
    /// Identifier.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table: raw for programs, rounded for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cell {
    /// Nothing to say.
    Nothing,
    /// A text.
    Text(String),
    /// A whole number.
    Count(i64),
    /// A number.
    Number(f64),
    /// A probability or a share.
    Share(f64),
    /// A difference of shares.
    Points(f64),
    /// An interval of shares.
    Between(f64, f64),
    /// An interval of differences of shares.
    PointsBetween(f64, f64),
    /// An interval of numbers.
    NumberBetween(f64, f64),
}

impl Finding {
    /// An answer without sentences and tables.
    pub fn new(id: &str, title: impl Into<String>) -> Finding {
        let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
        Finding {
            id: id.chars().map(plain).collect(),
            title: title.into(),
            sentences: vec![],
            tables: vec![],
        }
    }

    /// Adds a sentence.
    pub fn push_sentence(&mut self, sentence: impl Into<String>) {
        self.sentences.push(sentence.into());
    }

    /// For programs: tables as lists of objects, numbers unrounded.
    pub fn json(&self) -> Value {
        let row = |columns: &[String], row: &[Cell]| -> Value {
            let cells = columns.iter().zip(row).map(|(name, cell)| (name.clone(), cell.json()));
            Value::Object(cells.collect::<Map<_, _>>())
        };
        let tables: Map<String, Value> = self
            .tables
            .iter()
            .map(|table| {
                let rows = table.rows.iter().map(|cells| row(&table.columns, cells)).collect();
                (table.id.clone(), Value::Array(rows))
            })
            .collect();
        json!({ "id": self.id, "title": self.title, "sentences": self.sentences, "tables": tables })
    }
}

impl Table {
    /// An empty table.
    pub fn new(id: &str, caption: impl Into<String>, columns: &[&str]) -> Table {
        let columns = columns.iter().map(|name| name.to_string()).collect();
        Table { id: id.into(), caption: caption.into(), columns, rows: vec![] }
    }

    /// The table as one rectangle for spreadsheets: names of columns, and rows of texts. An interval
    /// takes two columns.
    pub fn rectangle(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let wide: Vec<bool> = (0..self.columns.len())
            .map(|k| self.rows.iter().any(|row| row.get(k).is_some_and(|cell| cell.interval().is_some())))
            .collect();
        let mut header = vec![];
        for (name, wide) in self.columns.iter().zip(&wide) {
            match wide {
                true => header.extend([format!("{name}, low"), format!("{name}, high")]),
                false => header.push(name.clone()),
            }
        }
        let row = |row: &Vec<Cell>| {
            let cells = row.iter().zip(&wide).flat_map(|(cell, wide)| match (cell.interval(), wide) {
                (Some((low, high)), _) => vec![low.to_string(), high.to_string()],
                (None, true) => vec![cell.raw(), String::new()],
                (None, false) => vec![cell.raw()],
            });
            cells.collect()
        };
        (header, self.rows.iter().map(row).collect())
    }

    /// Adds a row. A number that is not finite says nothing, and no file could hold it.
    pub fn row(&mut self, cells: impl Into<Vec<Cell>>) {
        let kept = |cell: Cell| if cell.is_finite() { cell } else { Cell::Nothing };
        self.rows.push(cells.into().into_iter().map(kept).collect());
    }
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    /// A share, where there is one.
    pub fn share(share: Option<f64>) -> Cell {
        share.map_or(Cell::Nothing, Cell::Share)
    }

    fn is_finite(&self) -> bool {
        match *self {
            Cell::Nothing | Cell::Text(_) | Cell::Count(_) => true,
            Cell::Number(x) | Cell::Share(x) | Cell::Points(x) => x.is_finite(),
            Cell::Between(low, high) | Cell::PointsBetween(low, high) | Cell::NumberBetween(low, high) => {
                low.is_finite() && high.is_finite()
            }
        }
    }

    fn interval(&self) -> Option<(f64, f64)> {
        match *self {
            Cell::Between(low, high) | Cell::PointsBetween(low, high) | Cell::NumberBetween(low, high) => {
                Some((low, high))
            }
            Cell::Nothing
            | Cell::Text(_)
            | Cell::Count(_)
            | Cell::Number(_)
            | Cell::Share(_)
            | Cell::Points(_) => None,
        }
    }

    /// Unrounded, as one text.
    fn raw(&self) -> String {
        match self.json() {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Cell::Nothing => Value::Null,
            Cell::Text(text) => json!(text),
            Cell::Count(n) => json!(n),
            Cell::Number(x) | Cell::Share(x) | Cell::Points(x) => json!(x),
            Cell::Between(low, high) | Cell::PointsBetween(low, high) | Cell::NumberBetween(low, high) => {
                json!([low, high])
            }
        }
    }

    /// As people say it.
    pub fn describe(&self) -> String {
        match *self {
            Cell::Nothing => "-".into(),
            Cell::Text(ref text) => text.clone(),
            Cell::Count(n) => n.to_string(),
            Cell::Number(x) => number(x),
            Cell::Share(x) => percent(x),
            Cell::Points(x) => points(x),
            Cell::Between(low, high) => format!("{} to {}", percent(low), percent(high)),
            Cell::PointsBetween(low, high) => format!("{} to {}", points(low), points(high)),
            Cell::NumberBetween(low, high) => format!("{} to {}", number(low), number(high)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_raw_numbers() {
        let mut finding = Finding::new("x", "X");
        let mut table = Table::new("t", "T", &["name", "share"]);
        table.row([Cell::text("a"), Cell::Share(0.123_456)]);
        table.row([Cell::text("b"), Cell::Nothing]);
        table.row([Cell::text("c"), Cell::Number(f64::NEG_INFINITY)]);
        assert_eq!(table.rows[2][1], Cell::Nothing);
        finding.tables.push(table);
        let again: Finding =
            serde_json::from_value(serde_json::to_value(&finding).expect("JSON")).expect("read");
        assert_eq!(again.tables[0].rows, finding.tables[0].rows);
        let mut wide = Table::new("w", "W", &["name", "range"]);
        wide.row([Cell::text("a"), Cell::Between(0.25, 0.5)]);
        wide.row([Cell::text("b"), Cell::Nothing]);
        let (header, rows) = wide.rectangle();
        assert_eq!(header, ["name", "range, low", "range, high"]);
        assert_eq!(rows, [["a", "0.25", "0.5"], ["b", "", ""]]);
        assert_eq!(finding.json()["tables"]["t"][0]["share"], 0.123_456);
    }
}

//! What an analysis found, in one form for the terminal, files and the report.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// What an analysis found: sentences and tables.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// Identifier: a file's name, and an anchor in the report.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it comes to, in sentences.
    pub said: Vec<String>,
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
    /// Nothing found yet.
    pub fn new(id: &str, title: impl Into<String>) -> Finding {
        let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
        Finding { id: id.chars().map(plain).collect(), title: title.into(), said: vec![], tables: vec![] }
    }

    /// Adds a sentence.
    pub fn say(&mut self, sentence: impl Into<String>) {
        self.said.push(sentence.into());
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
        json!({ "id": self.id, "title": self.title, "says": self.said, "tables": tables })
    }

    /// For spreadsheets: one row a cell, as (table, row, column, value).
    pub fn cells(&self) -> impl Iterator<Item = [String; 4]> + '_ {
        self.tables.iter().flat_map(|table| {
            table.rows.iter().enumerate().flat_map(move |(number, row)| {
                table.columns.iter().zip(row).map(move |(column, cell)| {
                    let value = match cell.json() {
                        Value::String(text) => text,
                        Value::Null => String::new(),
                        other => other.to_string(),
                    };
                    [table.id.clone(), (number + 1).to_string(), column.clone(), value]
                })
            })
        })
    }
}

impl Table {
    /// An empty table.
    pub fn new(id: &str, caption: impl Into<String>, columns: &[&str]) -> Table {
        let columns = columns.iter().map(|name| name.to_string()).collect();
        Table { id: id.into(), caption: caption.into(), columns, rows: vec![] }
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
    pub fn said(&self) -> String {
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

/// A share in per cent: "3.1 %", "<0.1 %", "56 %".
pub fn percent(share: f64) -> String {
    match share * 100.0 {
        x if x.is_nan() => "-".into(),
        0.0 => "0 %".into(),
        x if x.abs() < 0.1 => if x < 0.0 { "0 %" } else { "<0.1 %" }.into(),
        x if x.abs() < 9.95 => format!("{x:.1} %"),
        x if x > 99.9 && x < 100.0 => ">99.9 %".into(),
        x if (99.0..100.0).contains(&x) => format!("{x:.1} %"),
        x => format!("{x:.0} %"),
    }
}

/// A difference of shares in percentage points: "+3.1", "-56".
fn points(difference: f64) -> String {
    match difference * 100.0 {
        x if x.is_nan() => "-".into(),
        x if x.abs() < 0.05 => "0".into(),
        x if x.abs() < 9.95 => format!("{x:+.1}"),
        x => format!("{x:+.0}"),
    }
}

/// A number with three significant digits: "0.00312", "3.1", "12,300" without the comma.
pub fn number(x: f64) -> String {
    match x.abs() {
        _ if x.is_nan() => "-".into(),
        0.0 => "0".into(),
        a if a >= 1000.0 => format!("{x:.0}"),
        a if a < 1e-5 => format!("{x:.1e}"),
        a => {
            let digits = (2 - a.log10().floor() as i32).clamp(0, 9) as usize;
            let text = format!("{x:.digits$}");
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_as_people_speak() {
        let said = [0.003_123, 3.1, 0.5, 123.4, 45_678.0, 0.0, -0.25, 3.02e-7].map(number);
        assert_eq!(said, ["0.00312", "3.1", "0.5", "123", "45678", "0", "-0.25", "3.0e-7"]);
        let said = [0.0, 0.0004, 0.031, 0.0997, 0.5, 0.9951, 0.9996, 1.0].map(percent);
        assert_eq!(said, ["0 %", "<0.1 %", "3.1 %", "10 %", "50 %", "99.5 %", ">99.9 %", "100 %"]);
        assert_eq!([0.031, -0.56, 0.0].map(points), ["+3.1", "-56", "0"]);
    }

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
        let cells: Vec<_> = finding.cells().collect();
        assert_eq!(cells[1], ["t", "1", "share", "0.123456"]);
        assert_eq!(cells[3][3], "");
        assert_eq!(finding.json()["tables"]["t"][0]["share"], 0.123_456);
    }
}

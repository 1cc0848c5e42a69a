//! A value of a TOML table or of a CSV file, as the type that a form asks for.

use jiff::civil::Date;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

pub(crate) enum Cell<'a> {
    Toml(&'a Spanned<DeValue<'a>>),
    Csv(&'a str, Range<usize>),
}

impl Cell<'_> {
    pub(crate) fn span(&self) -> Range<usize> {
        match self {
            Cell::Toml(value) => value.span(),
            Cell::Csv(_, span) => span.clone(),
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Cell::Toml(value) => match value.get_ref() {
                DeValue::Integer(n) => {
                    i64::from_str_radix(n.as_str(), n.radix()).ok().map(|n| n as f64).or(Some(1e300))
                }
                DeValue::Float(x) => x.as_str().parse().ok(),
                _ => None,
            },
            Cell::Csv(text, _) => text.trim().parse().ok(),
        }
    }

    /// What is odd about a text that is meant as a number: a comma, or blanks between its digits.
    pub(crate) fn written_as_number(&self) -> Option<&'static str> {
        let Cell::Csv(text, _) = self else { return None };
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
        if plain.replace(',', ".").parse::<f64>().is_ok() && plain.matches(',').count() == 1 {
            return Some("write decimals with a point, and thousands without a mark: 0.5, 4000");
        }
        let bare = plain.replace(',', "");
        let thousands = bare.parse::<f64>().is_ok() || bare.matches('.').count() > 1;
        let digits = bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
        (thousands && digits && !bare.is_empty()).then_some("write thousands without a mark: 4000")
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Cell::Toml(value) => value.get_ref().as_str(),
            Cell::Csv(text, _) => Some(text.trim()),
        }
    }

    pub(crate) fn flag(&self) -> Option<bool> {
        match self {
            Cell::Toml(value) => match value.get_ref() {
                DeValue::Boolean(flag) => Some(*flag),
                _ => None,
            },
            // As spreadsheets write them.
            Cell::Csv(text, _) => match text.trim().to_lowercase().as_str() {
                "true" | "yes" | "1" => Some(true),
                "false" | "no" | "0" => Some(false),
                _ => None,
            },
        }
    }

    pub(crate) fn date(&self) -> Option<Date> {
        match self {
            Cell::Toml(value) => match value.get_ref() {
                DeValue::Datetime(stamp) if stamp.time.is_none() => stamp.to_string().parse().ok(),
                DeValue::String(text) => text.parse().ok(),
                _ => None,
            },
            Cell::Csv(text, _) => text.trim().parse().ok(),
        }
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Cell::Csv(..) => "a text",
            Cell::Toml(value) => match value.get_ref() {
                DeValue::String(_) => "a text",
                DeValue::Integer(_) => "a whole number",
                DeValue::Float(_) => "a number",
                DeValue::Boolean(_) => "true or false",
                DeValue::Datetime(_) => "a day or time",
                DeValue::Array(_) => "a list",
                DeValue::Table(_) => "a table",
            },
        }
    }
}

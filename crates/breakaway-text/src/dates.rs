//! Dates of a run's days.

use jiff::ToSpan;
use jiff::civil::Date;

/// The dates of a run that starts on some day.
#[derive(Clone, Copy, Debug)]
pub struct Dates {
    start: Option<Date>,
}

impl Dates {
    /// From the date of day 0; where that is no date, days are numbered.
    pub fn from(start: &str) -> Dates {
        Dates { start: start.parse().ok() }
    }

    fn date(&self, day: u32) -> Option<Date> {
        Some(self.start?.saturating_add(i64::from(day).days()))
    }

    /// Such as "11 November 2022".
    pub fn long(&self, day: u32) -> String {
        self.date(day).map_or(format!("day {day}"), |date| date.strftime("%-d %B %Y").to_string())
    }

    /// Such as "2022-11-11".
    pub fn iso(&self, day: u32) -> String {
        self.date(day).map_or(format!("day {day}"), |date| date.to_string())
    }
}

//! What is wrong with a scenario, where, and what would be right.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file's text.
#[derive(Debug)]
pub struct Text {
    /// Path as the user gave it.
    pub path: PathBuf,
    /// Contents, without a byte order mark.
    pub body: String,
}

impl Text {
    /// Name of the file, without its folder.
    pub fn name(&self) -> String {
        self.path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
    }
}

/// A stretch of a file.
#[derive(Clone, Debug)]
pub struct Spot {
    text: Arc<Text>,
    span: Range<usize>,
}

impl Spot {
    /// The stretch `span` (in bytes) of a text.
    pub fn new(text: &Arc<Text>, span: Range<usize>) -> Spot {
        Spot { text: text.clone(), span }
    }

    /// Line and column, from 1; columns count characters.
    pub fn line_column(&self) -> (usize, usize) {
        let start = floor_boundary(&self.text.body, self.span.start);
        let before = &self.text.body[..start];
        let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
        let column = before[before.rfind('\n').map_or(0, |i| i + 1)..].chars().count() + 1;
        (line, column)
    }

    /// Path of the file, as the user gave it.
    pub fn path(&self) -> &Path {
        &self.text.path
    }

    /// File and line, as in "line 3 of regions.csv".
    pub fn place(&self) -> String {
        format!("line {} of {}", self.line_column().0, self.text.name())
    }

    /// The line, and how many characters of it are marked.
    fn excerpt(&self) -> (String, usize) {
        let body = &self.text.body;
        let start = floor_boundary(body, self.span.start);
        let from = body[..start].rfind('\n').map_or(0, |i| i + 1);
        let to = body[start..].find('\n').map_or(body.len(), |i| start + i);
        let end = floor_boundary(body, self.span.end.clamp(start, to));
        (body[from..to].trim_end_matches('\r').to_string(), body[start..end].chars().count().max(1))
    }
}

fn floor_boundary(body: &str, mut at: usize) -> usize {
    at = at.min(body.len());
    while !body.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What is wrong.
    pub message: String,
    /// Where, if in a file's text.
    pub spot: Option<Spot>,
    /// The file, if the fault is the file itself.
    pub file: Option<PathBuf>,
    /// What would be right.
    pub help: String,
}

impl Diagnostic {
    /// A fault at a spot.
    pub fn at(spot: &Spot, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic { message: message.into(), spot: Some(spot.clone()), file: None, help: help.into() }
    }

    /// A fault of a whole file.
    pub fn file(path: &Path, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic { message: message.into(), spot: None, file: Some(path.into()), help: help.into() }
    }

    /// A fault outside files, as on the command line.
    pub fn plain(message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic { message: message.into(), spot: None, file: None, help: help.into() }
    }
}

/// Puts faults in the order in which a reader meets them: file by file, as they were found first, and
/// from the top of each file. Faults outside files stay in front.
pub(crate) fn in_order(faults: &mut [Diagnostic]) {
    let mut files: Vec<PathBuf> = vec![];
    for path in faults.iter().filter_map(|fault| fault.spot.as_ref().map(Spot::path)) {
        if !files.iter().any(|known| known == path) {
            files.push(path.into());
        }
    }
    faults.sort_by_cached_key(|fault| {
        let place = |spot: &Spot| (files.iter().position(|file| file == spot.path()), spot.span.start);
        fault.spot.as_ref().map(place)
    });
}

/// Characters of a line that are shown around a fault.
const SHOWN: usize = 90;

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", seen(&self.message))?;
        if let Some(path) = &self.file {
            write!(f, "\n  --> {}", seen(&path.display().to_string()))?;
        }
        if let Some(spot) = &self.spot {
            let (line, column) = spot.line_column();
            let (excerpt, marked) = spot.excerpt();
            let skipped = column.saturating_sub(SHOWN / 2);
            let shown: String = excerpt.chars().skip(skipped).take(SHOWN).map(visible).collect();
            let margin = " ".repeat(line.to_string().len());
            let pad: String = excerpt
                .chars()
                .skip(skipped)
                .take(column - 1 - skipped)
                .map(|c| if c == '\t' { '\t' } else { ' ' })
                .collect();
            let room = SHOWN.saturating_sub(column - 1 - skipped).max(1);
            let carets = "^".repeat(marked.min(room));
            write!(f, "\n{margin}--> {}:{line}:{column}", seen(&spot.text.path.display().to_string()))?;
            write!(f, "\n{margin} |\n{line} | {shown}\n{margin} | {pad}{carets}")?;
        }
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", seen(&self.help))?;
        }
        Ok(())
    }
}

/// A character as it may be shown on a terminal: one that cannot be seen becomes U+FFFD.
fn visible(c: char) -> char {
    if crate::text::unseen(c) { char::REPLACEMENT_CHARACTER } else { c }
}

fn seen(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// The candidate closest to a mistyped name, if it is close.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let short: String = name.chars().take(64).collect::<String>().to_lowercase();
    let scored = candidates.into_iter().map(|c| (strsim::jaro_winkler(&short, &c.to_lowercase()), c));
    scored
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// The candidate closest to a mistyped name, or some of them, as a help text.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = candidates.into_iter().collect();
    if let Some(candidate) = closest(name, all.iter().copied()) {
        return format!("did you mean `{candidate}`?");
    }
    if all.is_empty() {
        return "none is defined".into();
    }
    all.sort_unstable();
    let more = if all.len() > 12 { ", ..." } else { "" };
    format!("known: {}{more}", all.iter().take(12).copied().collect::<Vec<_>>().join(", "))
}

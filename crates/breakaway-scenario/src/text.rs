//! Reading a file as text: encodings, sizes, folders instead of files.

use crate::diagnostic::{Diagnostic, Spot, Text};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// Largest file that is read; the reference scenario's largest has some 20 kB.
const LARGEST: u64 = 16 << 20;
/// Longest line, in bytes.
const LONGEST_LINE: usize = 1 << 20;

/// The text of a file, in UTF-8, without its byte order mark and with plain line ends.
pub fn read(path: &Path) -> Result<Arc<Text>, Diagnostic> {
    let fault = |message: String, help: &str| Err(Diagnostic::file(path, message, help));
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return fault(
                "the file does not exist".into(),
                "`breakaway init NAME` makes a folder with all files",
            );
        }
        Err(error) => return fault(format!("the file cannot be read: {error}"), ""),
    };
    if meta.is_dir() {
        return fault("this is a folder, but a file is expected".into(), "give the file itself");
    }
    if !meta.is_file() {
        return fault("this is a device or a pipe, but a file is expected".into(), "give the file itself");
    }
    // A file may grow while it is read, or give no size at all: it is read up to the limit only.
    let mut bytes = vec![];
    let read = fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        return fault(format!("the file cannot be read: {error}"), "");
    }
    if bytes.len() as u64 > LARGEST {
        return fault("the file has more than 16 MB".into(), "is this the right file?");
    }
    decode(path, &bytes)
}

/// The text in a file's bytes.
///
/// # Errors
///
/// Another encoding, an empty file, a line of more than 1 MB, a character that cannot be seen.
pub fn decode(path: &Path, bytes: &[u8]) -> Result<Arc<Text>, Diagnostic> {
    let fault = |message: String, help: &str| Err(Diagnostic::file(path, message, help));
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return fault("the file is in UTF-16".into(), "save it as UTF-8");
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    let body: String = match std::str::from_utf8(bytes) {
        // Letters with marks have two spellings that look alike; all texts use the composed one.
        Ok(body) => body.replace("\r\n", "\n").nfc().collect(),
        Err(error) => {
            let good = &bytes[..error.valid_up_to()];
            let line = good.iter().filter(|&&b| b == b'\n').count() + 1;
            let message = format!("line {line}: a byte that is not UTF-8");
            return fault(message, "save the file as UTF-8 (not Windows-1251 or Latin-1)");
        }
    };
    if body.trim().is_empty() {
        return fault("the file is empty".into(), "`breakaway init NAME` shows what belongs in it");
    }
    if let Some((n, line)) = body.lines().enumerate().find(|(_, line)| line.len() > LONGEST_LINE) {
        let message = format!("line {} has {} MB", n + 1, line.len() >> 20);
        return fault(message, "lines of at most 1 MB are read");
    }
    let text = Arc::new(Text { path: path.into(), body });
    if let Some((at, hidden)) = text.body.char_indices().find(|&(_, c)| unseen(c)) {
        let spot = Spot::new(&text, at..at + hidden.len_utf8());
        let message = format!("a character that cannot be seen (U+{:04X})", u32::from(hidden));
        return Err(Diagnostic::at(&spot, message, "delete it"));
    }
    Ok(text)
}

/// Whether a character has no place in a scenario: it steers a terminal, turns the direction of the
/// text around it, or makes two names differ that look the same.
pub(crate) fn unseen(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' => true,
        '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' => true,
        '\u{E0000}'..='\u{E007F}' => true,
        _ => c.is_control(),
    }
}

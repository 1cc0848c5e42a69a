//! Reading a file as text: encodings, sizes, folders in the place of files.

use crate::diagnostic::{Diagnostic, Text};
use std::fs;
use std::path::Path;
use std::sync::Arc;

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
    if meta.len() > LARGEST {
        let size = format!("the file has {} MB; at most 16 MB are read", meta.len() >> 20);
        return fault(size, "is this the right file?");
    }
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return fault(format!("the file cannot be read: {error}"), ""),
    };
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return fault("the file is in UTF-16".into(), "save it as UTF-8");
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(&bytes);
    let body = match std::str::from_utf8(bytes) {
        Ok(body) => body.replace("\r\n", "\n"),
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
    Ok(Arc::new(Text { path: path.into(), body }))
}

//! `rules/conditions.lock`: what the conditions of the catalogue compile to.
//!
//! The first line is a mark of the code that compiles them, then follows a line a
//! rule: its id, a mark of its condition, the compiled form in hexadecimal. What does
//! not fit the code or the rule is left out, and compiled when the program runs. The
//! lines stand for themselves, in any order, so that git merges those of two changes.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// Where it stands.
pub(crate) const PATH: &str = "rules/conditions.lock";

/// The code that says what a condition compiles to.
pub(crate) const CODE: [&str; 7] = [
    "src/condition/ahead.rs",
    "src/condition/expression.rs",
    "src/condition/lower.rs",
    "src/condition/lower/calls.rs",
    "src/condition/lower/literals.rs",
    "src/model/by_name.rs",
    "src/model/value.rs",
];

/// A mark that changes with a text (FNV-1a), wherever lines end.
pub(crate) fn mark(text: &str) -> u64 {
    let bytes = text.bytes().filter(|byte| *byte != b'\r');
    bytes.fold(0xcbf2_9ce4_8422_2325, |mark, byte| {
        (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The mark of the code that compiles conditions.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn code_mark(root: &Path) -> io::Result<u64> {
    let texts: io::Result<Vec<String>> = CODE
        .iter()
        .map(|path| fs::read_to_string(root.join(path)))
        .collect();
    Ok(mark(&texts?.concat()))
}

/// What the lock holds for conditions of these marks, by id; nothing if it is
/// missing, or if other code made it.
///
/// # Errors
/// Code that cannot be read.
#[cfg_attr(test, allow(dead_code, reason = "only the build reads it"))]
pub(crate) fn read(root: &Path) -> io::Result<BTreeMap<(String, u64), Vec<u8>>> {
    let text = fs::read_to_string(root.join(PATH)).unwrap_or_default();
    let mut lines = text.lines();
    if lines.next() != Some(&*format!("{:016x}", code_mark(root)?)) {
        return Ok(BTreeMap::new());
    }
    Ok(lines.filter_map(entry).collect())
}

fn entry(line: &str) -> Option<((String, u64), Vec<u8>)> {
    let mut words = line.split(' ');
    let (id, mark, hex) = (words.next()?, words.next()?, words.next()?);
    let mark = u64::from_str_radix(mark, 16).ok()?;
    let byte = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
    Some(((id.to_owned(), mark), bytes?))
}

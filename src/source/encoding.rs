//! The encoding that a Python file declares for itself (PEP 263).

use super::RepoPath;

/// What a file says of its encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    /// UTF-8, or nothing.
    Utf8,
    /// ISO 8859-1: a byte is a character.
    Latin1,
    /// One in which ASCII stays what it is.
    Other,
    /// One in which a text may look like another, such as UTF-7, or one that is not known.
    Opaque,
}

/// Beginnings of the names of encodings that keep ASCII.
const KEEP_ASCII: [&str; 18] = [
    "iso8859",
    "cp8",
    "cp125",
    "windows125",
    "koi8",
    "mac",
    "gbk",
    "gb2312",
    "gb18030",
    "big5",
    "shiftjis",
    "sjis",
    "euc",
    "cp93",
    "cp949",
    "cp950",
    "latin",
    "tis620",
];

/// What the first two lines of a Python file say; other files say nothing.
pub(super) fn declared(path: &RepoPath, bytes: &[u8]) -> Declared {
    let is_python = match path.extension() {
        Some(ending) => ["py", "pyw"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(ending)),
        None => bytes.starts_with(b"#!"),
    };
    if !is_python {
        return Declared::Utf8;
    }
    let head = &bytes[..bytes.len().min(1024)];
    // A comment has to say it, and most files say nothing.
    if memchr::memmem::find(head, b"coding").is_none() {
        return Declared::Utf8;
    }
    let head = String::from_utf8_lossy(head);
    let head = head.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = head
        .lines()
        .map(|line| line.trim_start_matches('\u{feff}').trim_start());
    let first = lines.next().unwrap_or("");
    let second = lines
        .next()
        .filter(|_| first.is_empty() || first.starts_with('#'));
    let mut said = std::iter::once(first).chain(second).filter_map(coding);
    said.next().map_or(Declared::Utf8, |name| kind(&name))
}

/// The name behind `coding:` or `coding=` in a comment.
fn coding(line: &str) -> Option<String> {
    let comment = line.strip_prefix('#')?;
    let (_, after) = comment.split_once("coding")?;
    let name = after.strip_prefix([':', '='])?.trim_start();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = name.find(|c| !is_name(c)).unwrap_or(name.len());
    let name = name[..end].to_ascii_lowercase();
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    (!name.is_empty()).then_some(name)
}

fn kind(name: &str) -> Declared {
    match name {
        "utf8" | "utf8sig" | "u8" | "ascii" | "usascii" | "646" => Declared::Utf8,
        "latin1" | "iso88591" | "l1" | "8859" | "latin" => Declared::Latin1,
        name if KEEP_ASCII.iter().any(|known| name.starts_with(known)) => Declared::Other,
        _ => Declared::Opaque,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_two_lines_declare_an_encoding() {
        let python = RepoPath::new("m.py").unwrap();
        for (text, expected) in [
            ("import pytm\n", Declared::Utf8),
            ("# -*- coding: latin-1 -*-\n", Declared::Latin1),
            (
                "#!/usr/bin/python\r\n# vim: set fileencoding=iso-8859-1 :\n",
                Declared::Latin1,
            ),
            ("# coding: UTF_8\n", Declared::Utf8),
            ("# coding=cp1252\n", Declared::Other),
            ("# coding: utf-7\n", Declared::Opaque),
            ("# coding: raw_unicode_escape\n", Declared::Opaque),
            ("import a\nimport b\n# coding: utf-7\n", Declared::Utf8),
            ("x = 1  # coding: utf-7\n", Declared::Utf8),
            ("x = 1\n# coding: utf-7\n", Declared::Utf8),
        ] {
            assert_eq!(declared(&python, text.as_bytes()), expected, "{text:?}");
        }
        let other = RepoPath::new("m.yaml").unwrap();
        assert_eq!(declared(&other, b"# coding: utf-7\n"), Declared::Utf8);
    }
}

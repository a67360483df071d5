//! The JSON report (docs/semantics.md §7): the report's types as they stand.

use std::cell::Cell;
use std::io::{self, BufWriter, Write as _};
use std::marker::PhantomData;

use serde::Serialize;
use serde::ser::{Error as _, SerializeSeq as _, SerializeStruct as _};
use serde_json::ser::{Formatter, Serializer};

use super::{Context, EmitError, Emitter, Stream};
use crate::escape::json;
use crate::report::{Parts, Report, See};

/// `--format json`.
pub struct Json;

impl Emitter for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "everything, for programs and for `tmrs render`"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["tmrs.json"]
    }

    fn shows_first(&self) -> bool {
        true
    }

    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError> {
        self.text(self.name(), report, context)
    }

    fn stream(&self) -> Option<&dyn Stream> {
        Some(self)
    }
}

impl Stream for Json {
    fn write(&self, parts: &dyn Parts, _: &Context<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        // A report is many small pieces: they are put together here, where what takes them is known.
        let mut out = BufWriter::with_capacity(1 << 16, out);
        let mut serializer = Serializer::with_formatter(&mut out, Indented::default());
        Told(parts).serialize(&mut serializer)?;
        out.write_all(b"\n")?;
        out.flush()
    }
}

/// As [`Report`] is serialised, but models and findings one after another, while they are told.
struct Told<'p>(&'p dyn Parts);

impl Serialize for Told<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let head = self.0.head();
        let mut fields = serializer.serialize_struct("Report", 11)?;
        fields.serialize_field("report", &head.report)?;
        fields.serialize_field("tool", &head.tool)?;
        fields.serialize_field("run", &head.run)?;
        fields.serialize_field("rules", &head.rules)?;
        let models = List::of(|see| self.0.each_model(see));
        fields.serialize_field("models", &models)?;
        let findings = List::of(|see| self.0.each_finding(see));
        fields.serialize_field("findings", &findings)?;
        fields.serialize_field("doFirst", &findings.gave.take().unwrap_or_default())?;
        fields.serialize_field("fixed", &head.fixed)?;
        fields.serialize_field("changes", &head.changes)?;
        fields.serialize_field("notices", &head.notices)?;
        fields.serialize_field("summary", &head.summary)?;
        fields.end()
    }
}

/// A list whose items are handed out one by one, and what that gave in the end.
struct List<F, T, G> {
    each: F,
    gave: Cell<Option<G>>,
    of: PhantomData<fn(T)>,
}

impl<T, G, F: Fn(See<'_, T>) -> io::Result<G>> List<F, T, G> {
    fn of(each: F) -> Self {
        Self {
            each,
            gave: Cell::new(None),
            of: PhantomData,
        }
    }
}

impl<T: Serialize, G, F: Fn(See<'_, T>) -> io::Result<G>> Serialize for List<F, T, G> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let mut refused = None;
        let gave = (self.each)(&mut |item| {
            list.serialize_element(item).map_err(|error| {
                let told = io::Error::other(error.to_string());
                refused = Some(error);
                told
            })
        });
        match (gave, refused) {
            (_, Some(error)) => Err(error),
            (Ok(gave), None) => {
                self.gave.set(Some(gave));
                list.end()
            }
            (Err(error), None) => Err(S::Error::custom(error)),
        }
    }
}

/// A value as indented JSON that ends with a line end.
///
/// # Errors
/// What the library says of a value that JSON cannot hold.
pub fn indented(value: &impl Serialize) -> serde_json::Result<String> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(
        &mut text,
        Indented::default(),
    ))?;
    text.push(b'\n');
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

/// As [`serde_json::ser::PrettyFormatter`] writes it, but the spaces before a line in one
/// piece, for reports are mostly line breaks and spaces, and texts as [`json`] has them.
#[derive(Default)]
struct Indented {
    depth: usize,
    /// Whether the list or object that was opened last holds something.
    filled: bool,
}

impl Indented {
    fn open<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: u8) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        writer.write_all(&[bracket])
    }

    fn close<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: u8) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if self.filled {
            self.line(writer, b"\n")?;
        }
        writer.write_all(&[bracket])
    }

    /// A line break, with what stands before it, and the spaces after it.
    fn line<W: ?Sized + io::Write>(&self, writer: &mut W, end: &[u8]) -> io::Result<()> {
        const SPACES: [u8; 64] = [b' '; 64];
        writer.write_all(end)?;
        let mut left = 2 * self.depth;
        while left > 0 {
            let some = left.min(SPACES.len());
            writer.write_all(&SPACES[..some])?;
            left -= some;
        }
        Ok(())
    }

    fn next<W: ?Sized + io::Write>(&self, writer: &mut W, first: bool) -> io::Result<()> {
        self.line(writer, if first { b"\n" } else { b",\n" })
    }
}

/// A value as JSON on one line that ends with a line end.
///
/// # Errors
/// What the library says of a value that JSON cannot hold.
pub fn compact(value: &impl Serialize) -> serde_json::Result<String> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, Compact))?;
    text.push(b'\n');
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

/// As the library writes it, but for what texts may do to their readers.
struct Compact;

impl Formatter for Compact {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        writer.write_all(json(fragment).as_bytes())
    }
}

impl Formatter for Indented {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        writer.write_all(json(fragment).as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b'[')
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b']')
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.next(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b'{')
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b'}')
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.next(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_indents_as_the_library_does() {
        let mut deep = serde_json::json!([]);
        for _ in 0..50 {
            deep = serde_json::json!([deep, {}]);
        }
        let value = serde_json::json!({
            "a": [], "b": {}, "c": [1, [2, "three\n"], {"d": null}], "é\"": {"e": [[]]}, "deep": deep,
        });
        let pretty = serde_json::to_string_pretty(&value).unwrap() + "\n";
        assert_eq!(indented(&value).unwrap(), pretty);
    }

    #[test]
    fn texts_are_the_same_to_programs_and_do_nothing_to_people_and_runners() {
        let text = "a\u{9b}m \u{202e}b \u{e0041} ##[error]c ##vso[x]d \u{7f} \"é\" # ## h";
        let value = serde_json::json!({ text: text });
        let shown = "a\\u009bm \\u202eb \\udb40\\udc41 #\\u0023[error]c #\\u0023vso[x]d \\u007f \\\"é\\\" # ## h";
        for written in [indented(&value).unwrap(), compact(&value).unwrap()] {
            assert_eq!(written.matches(shown).count(), 2, "{written}");
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&written).unwrap(),
                value
            );
        }
    }
}

//! Jinja, over the JSON report (docs/semantics.md §7): every field of the report by its
//! name, `model` for the one that is written about, `diagrams.dfd` and
//! `diagrams.sequence` as Mermaid.

use std::io::{self, Write};

use minijinja::value::Value;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, filters,
    functions, tests,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{MOST_BYTES, TOO_LONG, TemplateError};
use crate::draw::{self, Sequence};
use crate::escape;
use crate::report::{ModelInfo, Report};

/// How many instructions a template may take (docs/limits.md).
const MOST_STEPS: u64 = 50_000_000;

/// What a template's text becomes, and so how texts of the report are escaped.
/// `{{ … | safe }}` leaves one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Becomes {
    /// HTML: no tag opens.
    Html,
    /// Markdown: shown as it is written, without markup.
    Markdown,
    /// Anything else: as it is.
    Text,
}

/// What a template sees: the report, `model` for one of its models, `diagrams` of that.
pub fn seen(report: &Report, model: &ModelInfo) -> serde_json::Value {
    let mut all = serde_json::to_value(report).unwrap_or_default();
    if let Some(all) = all.as_object_mut() {
        let sequence = Sequence::new(&model.name, &model.graph);
        all.insert("model".into(), json!(model));
        all.insert(
            "diagrams".into(),
            json!({
                "dfd": draw::dfd_mermaid(report, model),
                "sequence": draw::mermaid::sequence(&sequence),
            }),
        );
    }
    all
}

/// Renders a Jinja template over what it [sees](seen). Steps and the text that comes of it are
/// bounded, what it keeps meanwhile is not: where a stranger may have written the template, only
/// a process with limits of its own is safe.
///
/// # Errors
/// What is wrong with the template or its values, and at which line; a limit that it passes.
pub fn render(
    template: &str,
    seen: &serde_json::Value,
    becomes: Becomes,
) -> Result<String, TemplateError> {
    let mut environment = words();
    // A name that nothing has is a mistake, not an empty text.
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(move |_| match becomes {
        Becomes::Html => AutoEscape::Html,
        Becomes::Markdown => AutoEscape::Custom("markdown".into()),
        Becomes::Text => AutoEscape::None,
    });
    environment.set_formatter(write);
    environment.set_fuel(Some(MOST_STEPS));
    let mut page = Page(Vec::new());
    let rendered = environment.template_from_str(template).and_then(|it| {
        it.render_captured_to(minijinja::value::Serde(seen), &mut page)
            .map(drop)
    });
    rendered.map_err(|error| TemplateError {
        line: error.line().unwrap_or(1),
        reason: reason(&error, template),
    })?;
    let page = String::from_utf8(page.0);
    Ok(page.unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned()))
}

/// What is rendered, as far as it may grow.
struct Page(Vec<u8>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MOST_BYTES {
            return Err(io::Error::other(TOO_LONG));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The filters and tests that reports need: those that Jinja has beside them cost
/// a quarter of a megabyte.
fn words() -> Environment<'static> {
    let mut e = Environment::empty();
    e.add_filter("safe", filters::safe);
    e.add_filter("escape", filters::escape);
    e.add_filter("e", filters::escape);
    e.add_filter("lower", filters::lower);
    e.add_filter("upper", filters::upper);
    e.add_filter("title", filters::title);
    e.add_filter("capitalize", filters::capitalize);
    e.add_filter("replace", filters::replace);
    e.add_filter("trim", filters::trim);
    e.add_filter("indent", filters::indent);
    e.add_filter("length", filters::length);
    e.add_filter("count", filters::length);
    e.add_filter("join", filters::join);
    e.add_filter("default", filters::default);
    e.add_filter("first", filters::first);
    e.add_filter("last", filters::last);
    e.add_filter("sort", filters::sort);
    e.add_filter("reverse", filters::reverse);
    e.add_filter("unique", filters::unique);
    e.add_filter("map", filters::map);
    e.add_filter("groupby", filters::groupby);
    e.add_filter("selectattr", filters::selectattr);
    e.add_filter("rejectattr", filters::rejectattr);
    e.add_filter("items", filters::items);
    e.add_test("defined", tests::is_defined);
    e.add_test("none", tests::is_none);
    e.add_test("equalto", tests::is_eq);
    e.add_test("eq", tests::is_eq);
    e.add_test("in", tests::is_in);
    e.add_function("range", functions::range);
    e
}

/// Writes a value; what is absent in the report is nothing.
fn write(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_none() {
        return Ok(());
    }
    let is_markdown = matches!(state.auto_escape(), AutoEscape::Custom(_));
    if !is_markdown {
        return minijinja::escape_formatter(out, state, value);
    }
    let text = value.to_string();
    let text = if value.is_safe() || value.is_number() {
        text
    } else {
        escape::markdown(&text)
    };
    Ok(out.write_str(&text)?)
}

/// What is wrong, and the line of the template that says it.
fn reason(error: &Error, template: &str) -> String {
    let kind = match error.kind() {
        ErrorKind::OutOfFuel => format!("the template takes more than {MOST_STEPS} steps"),
        ErrorKind::WriteFailure => TOO_LONG.to_owned(),
        kind => kind.to_string(),
    };
    let told = [ErrorKind::OutOfFuel, ErrorKind::WriteFailure].contains(&error.kind());
    let detail = error.detail().filter(|_| !told);
    let detail = detail.map(|detail| format!(": {detail}"));
    let line = error
        .line()
        .and_then(|line| template.lines().nth(line.saturating_sub(1)));
    let line = line.map(|line| format!(", in “{}”", escape::shorten(line.trim(), 80)));
    format!(
        "{kind}{}{}",
        detail.unwrap_or_default(),
        line.unwrap_or_default()
    )
}

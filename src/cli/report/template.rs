//! A template that a person brings: which language it is in, what it gives.

use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::named;
use crate::emit::document;
use crate::escape::terminal;
use crate::report::{ModelInfo, Report};
use crate::source::MAX_FILE_BYTES;
use crate::template::{Escape, TemplateError, pytm};

/// A template.
pub struct Template {
    /// How messages call it.
    name: String,
    pub text: String,
    /// Whether it is in Jinja; else it is in pytm's language.
    is_jinja: bool,
    /// What the name of its output ends in: that of `x.md.j2` in `md`.
    ending: String,
}

/// What comes of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Markdown,
    Html,
    Other,
}

impl Template {
    /// Reads it; its name says the rest.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let name = terminal(&path.to_string_lossy()).into_owned();
        let text = named::text(path, MAX_FILE_BYTES).map_err(|reason| {
            Failure::usage(
                format!("cannot read the template {name}: {reason}"),
                "name a text file; without --template tmrs writes its own report",
            )
        })?;
        let has = |path: &Path, ending: &str| path.extension().is_some_and(|e| e == ending);
        let is_jinja = ["j2", "jinja", "jinja2"].iter().any(|e| has(path, e));
        let given = if is_jinja {
            path.file_stem().map(PathBuf::from).unwrap_or_default()
        } else {
            path.to_owned()
        };
        let ending = given.extension().map_or_else(
            || "txt".to_owned(),
            |ending| ending.to_string_lossy().to_lowercase(),
        );
        Ok(Self {
            name,
            text,
            is_jinja,
            ending,
        })
    }

    /// What it gives of itself.
    pub fn kind(&self) -> Kind {
        match &*self.ending {
            "md" | "markdown" => Kind::Markdown,
            "html" | "htm" => Kind::Html,
            _ => Kind::Other,
        }
    }

    /// What the name of a file ends in that holds it in this format.
    pub fn ending(&self, format: &str) -> &str {
        match (self.kind(), format) {
            (Kind::Markdown, "html") => "html",
            _ => &self.ending,
        }
    }

    /// The text for one model; a Markdown template becomes a page where HTML is wanted.
    pub fn render(
        &self,
        report: &Report,
        model: &ModelInfo,
        format: &str,
    ) -> Result<String, Failure> {
        let text = self.fill(report, model)?;
        match (self.kind(), format) {
            (Kind::Markdown, "html") => Ok(document::around(&model.name, &to_html(&text)?, report)),
            (Kind::Other, "html") => Err(Failure::usage(
                format!(
                    "only Markdown can be rendered as HTML, and {} gives something else",
                    self.name
                ),
                "name it .md or .md.j2 if it is Markdown, or leave --format away",
            )),
            _ => Ok(text),
        }
    }

    fn fill(&self, report: &Report, model: &ModelInfo) -> Result<String, Failure> {
        if self.is_jinja {
            return self.fill_jinja(report, model);
        }
        let escape = match self.kind() {
            Kind::Markdown | Kind::Html => Escape::Html,
            Kind::Other => Escape::Nothing,
        };
        pytm::render(&self.text, report, model, escape).map_err(|error| {
            let help = "mend the template; `tmrs describe` lists the attributes that models have";
            self.wrong(&error, help)
        })
    }

    fn wrong(&self, error: &TemplateError, help: &str) -> Failure {
        let error = terminal(&error.to_string()).into_owned();
        Failure::usage(format!("the template {}, {error}", self.name), help)
    }

    #[cfg(feature = "jinja")]
    fn fill_jinja(&self, report: &Report, model: &ModelInfo) -> Result<String, Failure> {
        use super::apart;
        use crate::template::jinja::{Becomes, seen};

        let becomes = match self.kind() {
            Kind::Markdown => Becomes::Markdown,
            Kind::Html => Becomes::Html,
            Kind::Other => Becomes::Text,
        };
        let rendered = apart::render(&self.text, seen(report, model), becomes);
        rendered.map_err(|failed| match failed {
            apart::Failed::Template(error) => self.wrong(
                &error,
                "mend the template; `tmrs schema report` lists what a report holds",
            ),
            apart::Failed::TooMuch(what) => Failure::usage(
                format!("the template {} {what}", self.name),
                "mend the template: docs/limits.md says what one may take",
            ),
            apart::Failed::Process(error) => Failure::usage(
                format!("the template {} was not rendered: {error}", self.name),
                "allow tmrs to start itself a second time, which renders templates with limits of its own",
            ),
        })
    }

    #[cfg(not(feature = "jinja"))]
    fn fill_jinja(&self, _: &Report, _: &ModelInfo) -> Result<String, Failure> {
        Err(left_out("Jinja", "jinja"))
    }
}

#[cfg(feature = "markdown")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "a build without Markdown fails here"
)]
fn to_html(markdown: &str) -> Result<String, Failure> {
    Ok(crate::template::markdown::to_html(markdown))
}

#[cfg(not(feature = "markdown"))]
fn to_html(_: &str) -> Result<String, Failure> {
    Err(left_out("rendering Markdown", "markdown"))
}

#[cfg(not(all(feature = "jinja", feature = "markdown")))]
fn left_out(what: &str, feature: &str) -> Failure {
    Failure::usage(
        format!("this build of tmrs leaves {what} out"),
        format!("build tmrs with `--features {feature}`"),
    )
}

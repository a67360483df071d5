//! What every page has: the head with its policy, the bar at the top, colours by
//! light and dark. A page asks no server for anything, and its policy says so.

use std::fmt::Write as _;

use base64ct::{Base64, Encoding as _};
use sha2::{Digest, Sha256};

use crate::escape::html as e;
use crate::report::{Run, Severity};

/// The look that all pages share.
pub(in crate::emit) const STYLE: &str = include_str!("shell.css");
/// Light or dark.
const THEME: &str = include_str!("theme.js");
/// A shield with a tick.
const MARK: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path fill="currentColor" d="M12 1.5 3.5 4.8v6.6c0 5.2 3.5 9.3 8.5 11.1 5-1.8 8.5-5.9 8.5-11.1V4.8L12 1.5Zm-1.2 14.6-4-4 1.7-1.7 2.3 2.3 4.9-4.9 1.7 1.7-6.6 6.6Z"/></svg>"#;

/// A page around its content.
#[derive(Default)]
pub(in crate::emit) struct Shell<'a> {
    /// For the window and the bar at the top.
    pub title: &'a str,
    /// What stands in the bar beside the mark; HTML.
    pub beside: &'a str,
    /// Style sheets, after the shared one.
    pub styles: &'a [&'a str],
    /// The page's own script.
    pub script: Option<&'a str>,
    /// Where the keyboard can jump to: an id, and what is there.
    pub skip: (&'a str, &'a str),
    /// Whether the content is a person's own: it may bring styles, and pictures
    /// that lie beside the page.
    pub own: bool,
}

impl Shell<'_> {
    /// Everything before the content.
    pub(in crate::emit) fn head(&self, out: &mut String) {
        let styles = std::iter::once(&STYLE).chain(self.styles);
        let sheets: String = styles
            .clone()
            .map(|sheet| format!("<style>{sheet}</style>\n"))
            .collect();
        let admitted: String = if self.own {
            "'unsafe-inline'".into()
        } else {
            styles.map(|sheet| source(sheet)).collect()
        };
        let scripts: String = self.scripts().map(source).collect();
        let pictures = if self.own {
            " img-src 'self' file: data:;"
        } else {
            ""
        };
        let (to, words) = self.skip;
        let title = e(self.title);
        let _ = write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';{pictures} \
             style-src {admitted}; script-src {scripts}; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{title} – tmrs</title>\n{sheets}</head>\n<body>\n\
             <a class=\"skip\" href=\"#{to}\">Skip to {words}</a>\n\
             <header class=\"top\"><div class=\"brand\">{MARK}tmrs</div>\
             {}<span class=\"spring\"></span>\
             <button type=\"button\" id=\"theme\" hidden>Light or dark</button></header>\n",
            self.beside
        );
    }

    /// Everything after the content; `note` is HTML.
    pub(in crate::emit) fn foot(&self, note: &str, out: &mut String) {
        let _ = writeln!(out, "<footer>{note}</footer>");
        for script in self.scripts() {
            let _ = writeln!(out, "<script>{script}</script>");
        }
        out.push_str("</body>\n</html>\n");
    }

    fn scripts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(THEME).chain(self.script)
    }
}

/// What a run was, for the bar at the top: HTML.
pub(in crate::emit) fn run(run: &Run) -> String {
    let mut text = String::new();
    for (word, value) in [
        ("", &run.category),
        ("revision ", &run.revision),
        ("compared with ", &run.base),
    ] {
        if let Some(value) = value {
            let short: String = value.chars().take(12).collect();
            let shown = if word.is_empty() { value } else { &short };
            let _ = write!(text, "<span>{word}<code>{}</code></span>", e(shown));
        }
    }
    text
}

/// Counts beside each other.
pub(in crate::emit) fn tiles<'a>(
    counts: impl IntoIterator<Item = (&'a str, usize)>,
    out: &mut String,
) {
    out.push_str("<dl class=\"tiles\">");
    for (name, count) in counts {
        let _ = write!(
            out,
            "<div class=\"tile\"><dt>{name}</dt><dd>{count}</dd></div>"
        );
    }
    out.push_str("</dl>\n");
}

/// Counts by severity as a bar, the worst first; nothing for nothing.
pub(in crate::emit) fn bar(count: impl Fn(Severity) -> usize, out: &mut String) {
    let worst_first = Severity::ALL.into_iter().rev();
    let counts: Vec<(Severity, usize)> = worst_first.map(|s| (s, count(s))).collect();
    let all: usize = counts.iter().map(|(_, count)| count).sum();
    if all == 0 {
        return;
    }
    out.push_str("<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    let mut x = 0;
    for (severity, count) in &counts {
        let width = count * 1000 / all;
        let width = if *count > 0 { width.max(4) } else { 0 };
        let _ = write!(
            out,
            "<rect class=\"{severity}\" x=\"{x}\" width=\"{width}\" height=\"10\"/>"
        );
        x += width;
    }
    out.push_str("</svg>\n<ul class=\"legend\">");
    for (severity, count) in counts {
        let _ = write!(
            out,
            "<li class=\"{severity}\"><i></i>{count} {severity}</li>"
        );
    }
    out.push_str("<li>open findings by severity</li></ul>\n");
}

/// Prose with names in backticks as code.
pub(in crate::emit) fn prose(text: &str) -> String {
    let text = e(text);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 32);
    for (at, part) in parts.iter().enumerate() {
        if at % 2 == 1 {
            let _ = write!(out, "<code>{part}</code>");
        } else {
            out.push_str(part);
        }
    }
    out
}

/// The hash by which the page's policy admits its own styles and scripts.
fn source(text: &str) -> String {
    format!(
        "'sha256-{}' ",
        Base64::encode_string(&Sha256::digest(text.as_bytes()))
    )
}

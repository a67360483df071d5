//! One page that needs nothing beside itself: verdict, filters, every finding with
//! its facts. It works from a file, without network, and is readable without
//! JavaScript; the script only filters.
//!
//! `findings` writes the findings, `appendix` what stands after them.

mod appendix;
mod findings;

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::{Context, EmitError, Emitter, words};
use crate::escape::html as e;
use crate::report::{FindingInfo, Location, Report, Severity, Status};

/// `--format html`.
pub struct Html;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// A shield with a tick.
const MARK: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path fill="currentColor" d="M12 1.5 3.5 4.8v6.6c0 5.2 3.5 9.3 8.5 11.1 5-1.8 8.5-5.9 8.5-11.1V4.8L12 1.5Zm-1.2 14.6-4-4 1.7-1.7 2.3 2.3 4.9-4.9 1.7 1.7-6.6 6.6Z"/></svg>"#;

impl Emitter for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn about(&self) -> &'static str {
        "one page for people, with filters"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["html", "htm"]
    }

    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError> {
        let page = Page {
            report,
            base: context.link_base.as_deref().and_then(crate::escape::url),
        };
        let mut out = String::new();
        page.head(&mut out);
        out.push_str("<main>\n");
        page.verdict(&mut out);
        appendix::errors(&page, &mut out);
        findings::write(&page, &mut out);
        appendix::write(&page, &mut out);
        out.push_str("</main>\n");
        page.foot(&mut out);
        Ok(out)
    }
}

/// What every part of the page needs.
struct Page<'a> {
    report: &'a Report,
    /// Where the repository's files can be read.
    base: Option<String>,
}

impl Page<'_> {
    /// A place, linked where it is known where files can be read.
    fn place(&self, location: &Location) -> String {
        let path = crate::escape::shorten(&location.path, words::LONGEST_NAME);
        let text = format!("{}:{}", e(&path), location.line);
        match &self.base {
            Some(base) => format!(
                "<a class=\"mono\" href=\"{}{}#L{}\">{text}</a>",
                e(base),
                crate::escape::uri_path(&location.path),
                location.line
            ),
            None => format!("<span class=\"mono\">{text}</span>"),
        }
    }

    fn head(&self, out: &mut String) {
        let title = self.heading().1;
        let _ = writeln!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{} – tmrs</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#findings\">Skip to the findings</a>",
            hash(STYLE),
            hash(SCRIPT),
            e(&title)
        );
        let _ = writeln!(
            out,
            "<header class=\"top\"><div class=\"brand\">{MARK}tmrs</div>\
             <span>Threat model report</span>{}<span class=\"spring\"></span>\
             <button type=\"button\" id=\"theme\" hidden>Light or dark</button></header>",
            self.revision()
        );
    }

    fn revision(&self) -> String {
        let run = &self.report.run;
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

    /// A class, a heading and a word for the verdict.
    fn heading(&self) -> (&'static str, String, &'static str) {
        let summary = &self.report.summary;
        if !self.report.is_complete() {
            let text = "Not every model could be judged".to_owned();
            return ("partial", text, "Incomplete");
        }
        if !summary.gate.passed {
            let verb = if summary.gate.failing == 1 {
                "fails"
            } else {
                "fail"
            };
            let count = words::plural(summary.gate.failing, "new threat");
            return ("fail", format!("{count} {verb} the check"), "Failed");
        }
        let new = self.with(Status::New);
        let text = if new == 0 {
            "No new threats".to_owned()
        } else {
            format!("{} below the gate", words::plural(new, "new threat"))
        };
        ("pass", text, "Passed")
    }

    fn with(&self, status: Status) -> usize {
        self.report
            .summary
            .by_status
            .get(&status)
            .copied()
            .unwrap_or(0)
    }

    fn verdict(&self, out: &mut String) {
        let (class, heading, word) = self.heading();
        let _ = write!(
            out,
            "<section class=\"card verdict {class}\" aria-labelledby=\"verdict\">\
             <span class=\"word\">{word}</span><h1 id=\"verdict\">{}</h1><p>{}</p>\n<dl class=\"tiles\">",
            e(&heading),
            e(&words::verdict(self.report))
        );
        let summary = &self.report.summary;
        for (name, count) in [
            ("New", self.with(Status::New)),
            ("Unreviewed", self.with(Status::Unreviewed)),
            ("Known", self.with(Status::Baselined)),
            ("Residual risk", summary.residual),
            ("Mitigated", self.with(Status::Mitigated)),
            ("Fixed", self.report.fixed.len()),
            ("Models", summary.models),
        ] {
            let _ = write!(
                out,
                "<div class=\"tile\"><dt>{name}</dt><dd>{count}</dd></div>"
            );
        }
        out.push_str("</dl>\n");
        self.bar(out);
        out.push_str("</section>\n");
    }

    /// The open findings by severity, as a bar.
    fn bar(&self, out: &mut String) {
        let open = |severity: &Severity| {
            let wanted = |f: &&FindingInfo| f.status.is_open() && f.severity == *severity;
            self.report.findings.iter().filter(wanted).count()
        };
        let counts: Vec<(Severity, usize)> = Severity::ALL
            .into_iter()
            .rev()
            .map(|severity| (severity, open(&severity)))
            .collect();
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

    fn foot(&self, out: &mut String) {
        let tool = &self.report.tool;
        let _ = writeln!(
            out,
            "<footer><p>{}.</p><p>Made by <a href=\"{}\">tmrs</a> {}, catalogue {}. \
             This page is complete in itself and asks no server for anything.</p></footer>\n\
             <script>{SCRIPT}</script>\n</body>\n</html>",
            e(&words::counts(self.report)),
            env!("CARGO_PKG_REPOSITORY"),
            e(&tool.version),
            e(&tool.catalogue)
        );
    }
}

/// Prose with names in backticks as code.
fn prose(text: &str) -> String {
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

/// The hash by which the page's policy admits its own style and script.
fn hash(text: &str) -> String {
    base64(&Sha256::digest(text.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0u32, |sum, at| {
            sum << 8 | u32::from(chunk.get(at).copied().unwrap_or(0))
        });
        for at in 0..4 {
            if at <= chunk.len() {
                let index = group >> (18 - 6 * at) & 63;
                out.push(char::from(ALPHABET[index as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_padded() {
        for (text, expected) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj")] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }
}

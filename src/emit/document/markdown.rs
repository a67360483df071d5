//! A document as GitHub-flavoured Markdown, with its diagrams as Mermaid.

use std::fmt::Write as _;

use super::Document;
use super::parts::{Block, Column, Inline, Line, Section, Table};
use crate::emit::words;
use crate::escape::{markdown as e, markdown_code, markdown_prose, shorten, uri_path, url};
use crate::report::Location;

/// The document of one model.
pub fn markdown(document: &Document<'_>) -> String {
    let sections = document.sections();
    let name = shorten(&document.model.name, words::LONGEST_NAME);
    let writer = Writer {
        base: document.link_base.as_deref().and_then(url),
    };
    let mut out = format!("# Threat model report: {}\n\n", e(&name));
    contents(&sections, &mut out);
    for (at, section) in sections.iter().enumerate() {
        let _ = write!(
            out,
            "\n<a id=\"{}\"></a>\n\n## {}. {}\n",
            section.id,
            at + 1,
            section.title
        );
        writer.blocks(&section.blocks, 3, &mut out);
    }
    out
}

fn contents(sections: &[Section], out: &mut String) {
    for (at, section) in sections.iter().enumerate() {
        let _ = writeln!(out, "{}. [{}](#{})", at + 1, section.title, section.id);
    }
}

struct Writer {
    /// Where the repository's files can be read.
    base: Option<String>,
}

impl Writer {
    /// Blocks; headings among them are of this level.
    fn blocks(&self, blocks: &[Block], level: usize, out: &mut String) {
        for block in blocks {
            out.push('\n');
            self.block(block, level, out);
        }
    }

    fn block(&self, block: &Block, level: usize, out: &mut String) {
        match block {
            Block::Line(line) => {
                let _ = writeln!(out, "{}", self.line(line));
            }
            Block::Heading { id, line } => {
                let marks = "#".repeat(level);
                let _ = writeln!(out, "<a id=\"{id}\"></a>\n\n{marks} {}", self.line(line));
            }
            Block::Threat {
                severity,
                line,
                body,
            } => {
                let marks = "#".repeat(level + 1);
                let _ = writeln!(out, "{marks} **{severity}** {}", self.line(line));
                self.blocks(body, level + 2, out);
            }
            Block::Table(table) => self.table(table, out),
            Block::List(items) => {
                for item in items {
                    let _ = writeln!(out, "- {}", self.line(item));
                }
            }
            Block::Picture(picture) => {
                let _ = writeln!(out, "```mermaid\n{}```", picture.mermaid);
            }
            Block::Counts { tiles, .. } => {
                let names: Vec<&str> = tiles.iter().map(|(name, _)| *name).collect();
                let counts: Vec<String> = tiles.iter().map(|(_, n)| n.to_string()).collect();
                let _ = writeln!(
                    out,
                    "| {} |\n|{}\n| {} |",
                    names.join(" | "),
                    "---:|".repeat(tiles.len()),
                    counts.join(" | ")
                );
            }
        }
    }

    fn table(&self, table: &Table, out: &mut String) {
        let (mut names, mut rule) = (String::from("|"), String::from("|"));
        for column in &table.columns {
            let (name, mark) = match column {
                Column::Text(name) => (name, "---|"),
                Column::Number(name) => (name, "---:|"),
            };
            let _ = write!(names, " {name} |");
            rule.push_str(mark);
        }
        let _ = writeln!(out, "{names}\n{rule}");
        for row in &table.rows {
            let cells: Vec<String> = row.iter().map(|cell| self.line(cell)).collect();
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
    }

    /// One line: nothing in it ends a cell of a table.
    fn line(&self, line: &Line) -> String {
        line.iter().map(|inline| self.inline(inline)).collect()
    }

    fn inline(&self, inline: &Inline) -> String {
        match inline {
            Inline::Text(text) => spaced(text, e),
            Inline::Soft(text) => spaced(text, e),
            Inline::Prose(text) => spaced(text, markdown_prose),
            Inline::Code(text) => markdown_code(text),
            Inline::Strong(text) => spaced(text, |text| format!("**{}**", e(text))),
            Inline::Severity(severity) => format!("**{severity}**"),
            Inline::Tag(word) => format!("_{word}_"),
            Inline::Place(location) => self.place(location),
            Inline::Link { to, text } => format!("[{}](#{to})", e(text)),
            Inline::Web { address, text } => format!("[{}]({address})", e(text)),
        }
    }

    fn place(&self, location: &Location) -> String {
        let path = shorten(&location.path, words::LONGEST_NAME);
        match &self.base {
            Some(base) => format!(
                "[{}:{}]({base}{}#L{})",
                e(&path),
                location.line,
                uri_path(&location.path),
                location.line
            ),
            None => markdown_code(&format!("{path}:{}", location.line)),
        }
    }
}

/// Escaped, with the blanks at its ends: they part pieces of a line.
fn spaced(text: &str, escape: impl Fn(&str) -> String) -> String {
    let inner = text.trim();
    if inner.is_empty() {
        return text.to_owned();
    }
    let before = &text[..text.len() - text.trim_start().len()];
    let after = &text[text.trim_end().len()..];
    let blank = |blanks: &str| if blanks.is_empty() { "" } else { " " };
    format!("{}{}{}", blank(before), escape(inner), blank(after))
}

//! A document as one page that needs nothing beside itself, on a screen and on
//! paper.

use std::fmt::Write as _;

use super::Document;
use super::parts::{Block, Column, Inline, Line, Picture, Section, Table};
use crate::draw::{sequence_svg, svg};
use crate::emit::html::shell::{self, Shell, prose};
use crate::emit::words;
use crate::escape::{html as e, shorten, uri_path, url};
use crate::report::{Location, Report};

const STYLE: &str = include_str!("document.css");

/// The document of one model.
pub fn html(document: &Document<'_>) -> String {
    let sections = document.sections();
    let name = shorten(&document.model.name, words::LONGEST_NAME);
    let beside = format!(
        "<span>Threat model report</span>{}",
        shell::run(&document.report.run)
    );
    let shell = Shell {
        title: &name,
        beside: &beside,
        styles: &[STYLE, svg::STYLE, sequence_svg::STYLE],
        skip: ("summary", "the summary"),
        ..Shell::default()
    };
    let writer = Writer {
        base: document.link_base.as_deref().and_then(url),
    };
    let mut out = String::new();
    shell.head(&mut out);
    out.push_str("<div class=\"sheet\">\n");
    contents(&sections, &writer, &mut out);
    let _ = writeln!(
        out,
        "<main>\n<p class=\"kind\">Threat model report</p>\n<h1>{}</h1>",
        e(&name)
    );
    for (at, section) in sections.iter().enumerate() {
        writer.section(at + 1, section, &mut out);
    }
    out.push_str("</main>\n</div>\n");
    shell.foot(&made_by(document.report), &mut out);
    out
}

/// A page around a text that is HTML already: what a person's own template gave.
pub fn around(title: &str, content: &str, report: &Report) -> String {
    let shell = Shell {
        title,
        styles: &[STYLE],
        skip: ("content", "the content"),
        own: true,
        ..Shell::default()
    };
    let mut out = String::new();
    shell.head(&mut out);
    let _ = writeln!(out, "<main id=\"content\" class=\"own\">\n{content}</main>");
    shell.foot(&made_by(report), &mut out);
    out
}

fn made_by(report: &Report) -> String {
    let tool = &report.tool;
    format!(
        "<p>Made by <a href=\"{}\">tmrs</a> {}, catalogue {}. \
         This page is complete in itself and asks no server for anything.</p>",
        env!("CARGO_PKG_REPOSITORY"),
        e(&tool.version),
        e(&tool.catalogue)
    )
}

/// Sections, and the elements under theirs.
fn contents(sections: &[Section], writer: &Writer, out: &mut String) {
    out.push_str("<nav class=\"contents\" aria-label=\"Contents\"><p>Contents</p><ol>\n");
    for section in sections {
        let _ = write!(out, "<li><a href=\"#{}\">{}</a>", section.id, section.title);
        if section.id != "explained" {
            below(section, writer, out);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol></nav>\n");
}

fn below(section: &Section, writer: &Writer, out: &mut String) {
    let headings = section.blocks.iter().filter_map(|block| match block {
        Block::Heading { id, line } => Some((id, line)),
        _ => None,
    });
    let items: String = headings
        .map(|(id, line)| format!("<li><a href=\"#{id}\">{}</a></li>", writer.words(line)))
        .collect();
    if !items.is_empty() {
        let _ = write!(out, "<ul>{items}</ul>");
    }
}

struct Writer {
    /// Where the repository's files can be read.
    base: Option<String>,
}

impl Writer {
    fn section(&self, number: usize, section: &Section, out: &mut String) {
        let _ = writeln!(
            out,
            "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n\
             <h2 id=\"{0}-title\"><span class=\"number\">{number}</span> {1}</h2>",
            section.id, section.title
        );
        self.blocks(&section.blocks, out);
        out.push_str("</section>\n");
    }

    fn blocks(&self, blocks: &[Block], out: &mut String) {
        for block in blocks {
            self.block(block, out);
        }
    }

    fn block(&self, block: &Block, out: &mut String) {
        match block {
            Block::Line(line) => {
                let _ = writeln!(out, "<p>{}</p>", self.line(line));
            }
            Block::Heading { id, line } => {
                let _ = writeln!(out, "<h3 id=\"{id}\">{}</h3>", self.line(line));
            }
            Block::Threat {
                severity,
                line,
                body,
            } => {
                let _ = writeln!(
                    out,
                    "<article class=\"card threat {severity}\"><h4><span class=\"sev {severity}\">{severity}</span> {}</h4>",
                    self.line(line)
                );
                self.blocks(body, out);
                out.push_str("</article>\n");
            }
            Block::Table(table) => self.table(table, out),
            Block::List(items) => {
                out.push_str("<ul>\n");
                for item in items {
                    let _ = writeln!(out, "<li>{}</li>", self.line(item));
                }
                out.push_str("</ul>\n");
            }
            Block::Picture(picture) => self::picture(picture, out),
            Block::Counts { tiles, bar } => {
                shell::tiles(tiles.iter().copied(), out);
                let count = |severity| {
                    bar.iter()
                        .find(|(s, _)| *s == severity)
                        .map_or(0, |(_, n)| *n)
                };
                shell::bar(count, out);
            }
        }
    }

    fn table(&self, table: &Table, out: &mut String) {
        let _ = write!(
            out,
            "<div class=\"card padded scroll\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table><thead><tr>",
            table.name
        );
        for column in &table.columns {
            let (name, class) = match column {
                Column::Text(name) => (name, ""),
                Column::Number(name) => (name, " class=\"num\""),
            };
            let _ = write!(out, "<th scope=\"col\"{class}>{name}</th>");
        }
        out.push_str("</tr></thead><tbody>\n");
        for row in &table.rows {
            out.push_str("<tr>");
            for (column, cell) in table.columns.iter().zip(row) {
                let class = match column {
                    Column::Text(_) => "",
                    Column::Number(_) => " class=\"num\"",
                };
                let _ = write!(out, "<td{class}>{}</td>", self.line(cell));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table></div>\n");
    }

    fn line(&self, line: &Line) -> String {
        line.iter().map(|inline| self.inline(inline)).collect()
    }

    /// A line without links.
    fn words(&self, line: &Line) -> String {
        let words = line.iter().map(|inline| match inline {
            Inline::Link { text, .. } | Inline::Web { text, .. } => e(text),
            inline => self.inline(inline),
        });
        words.collect()
    }

    fn inline(&self, inline: &Inline) -> String {
        match inline {
            Inline::Text(text) => e(text),
            Inline::Prose(text) => prose(text),
            Inline::Code(text) => format!("<code>{}</code>", e(text)),
            Inline::Strong(text) => format!("<strong>{}</strong>", e(text)),
            Inline::Soft(text) => format!("<span class=\"soft\">{}</span>", e(text)),
            Inline::Severity(severity) => {
                format!("<span class=\"sev {severity}\">{severity}</span>")
            }
            Inline::Tag(word) => {
                let class = word.replace(' ', "-");
                format!("<span class=\"st {class}\">{word}</span>")
            }
            Inline::Place(location) => self.place(location),
            Inline::Link { to, text } => format!("<a href=\"#{to}\">{}</a>", e(text)),
            Inline::Web { address, text } => {
                format!("<a href=\"{}\">{}</a>", e(address), e(text))
            }
        }
    }

    fn place(&self, location: &Location) -> String {
        let path = shorten(&location.path, words::LONGEST_NAME);
        let text = format!("{}:{}", e(&path), location.line);
        match &self.base {
            Some(base) => format!(
                "<a class=\"mono\" href=\"{}{}#L{}\">{text}</a>",
                e(base),
                uri_path(&location.path),
                location.line
            ),
            None => format!("<span class=\"mono\">{text}</span>"),
        }
    }
}

fn picture(picture: &Picture, out: &mut String) {
    match &picture.svg {
        Some(svg) => {
            let _ = writeln!(
                out,
                "<div class=\"card diagram\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">{svg}</div>",
                e(&picture.about)
            );
        }
        None => {
            let _ = writeln!(
                out,
                "<p class=\"card padded soft\">{}</p>",
                picture.otherwise
            );
        }
    }
}

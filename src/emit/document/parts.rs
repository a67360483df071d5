//! What a document is made of, whichever the language. Texts are plain: the
//! languages escape them.

use crate::report::{Location, Severity};

/// A part with a heading of its own in the table of contents.
pub(super) struct Section {
    /// For links.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What stands in it, in order.
    pub blocks: Vec<Block>,
}

/// What stands below each other.
pub(super) enum Block {
    /// A paragraph.
    Line(Line),
    /// A heading below a section's.
    Heading {
        /// For links.
        id: String,
        /// The words.
        line: Line,
    },
    /// A finding: its heading, and what is said of it.
    Threat {
        /// How bad it is.
        severity: Severity,
        /// The words.
        line: Line,
        /// What follows.
        body: Vec<Block>,
    },
    /// Rows and columns.
    Table(Table),
    /// Items without an order.
    List(Vec<Line>),
    /// A drawing.
    Picture(Picture),
    /// Counts that a reader wants at first sight, and the open ones by severity.
    Counts {
        /// Names and counts.
        tiles: Vec<(&'static str, usize)>,
        /// How many of each severity, the worst first.
        bar: Vec<(Severity, usize)>,
    },
}

/// Rows and columns.
pub(super) struct Table {
    /// What it is, for those who do not see it.
    pub name: &'static str,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Line>>,
}

/// A column of a table.
pub(super) enum Column {
    /// Words.
    Text(&'static str),
    /// Counts.
    Number(&'static str),
}

/// A drawing.
pub(super) struct Picture {
    /// What it shows.
    pub about: String,
    /// As SVG, if it could be drawn.
    pub svg: Option<String>,
    /// As Mermaid.
    pub mermaid: String,
    /// What stands there where neither can be shown.
    pub otherwise: &'static str,
}

/// What stands beside each other.
pub(super) type Line = Vec<Inline>;

/// A piece of a line.
pub(super) enum Inline {
    /// As it is.
    Text(String),
    /// With names in backticks as code.
    Prose(String),
    /// A name or a value.
    Code(String),
    /// What matters more.
    Strong(String),
    /// What matters less.
    Soft(String),
    /// How bad.
    Severity(Severity),
    /// A word in a frame, such as a status.
    Tag(&'static str),
    /// Where something stands in the repository.
    Place(Location),
    /// A link inside the document.
    Link {
        /// The id.
        to: String,
        /// The words.
        text: String,
    },
    /// A link out of the document; the address is one that may be followed.
    Web {
        /// The address.
        address: String,
        /// The words.
        text: String,
    },
}

/// Plain words.
pub(super) fn text(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

/// A line of plain words.
pub(super) fn plain(words: impl Into<String>) -> Line {
    vec![text(words)]
}

/// Lines one after another, with something between them.
pub(super) fn joined(lines: impl IntoIterator<Item = Line>, between: &str) -> Line {
    let mut out = Line::new();
    for line in lines {
        if !out.is_empty() {
            out.push(text(between));
        }
        out.extend(line);
    }
    out
}

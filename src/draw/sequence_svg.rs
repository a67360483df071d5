//! The sequence diagram as SVG, laid out here: participants beside each other,
//! messages below each other. No program is needed for it, and the same model
//! gives the same bytes everywhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::label::wrap;
use super::sequence::{Message, Participant, Role, Sequence};
use super::svg::colours::of_file;
use crate::escape;

/// The look of [`element`], for the page around it, which gives the colours.
pub const STYLE: &str = include_str!("sequence.css");
/// Pixels around the drawing.
const MARGIN: usize = 16;
/// The least distance of two lifelines.
const APART: usize = 150;
/// The height of a line of text.
const LINE: usize = 15;
/// Pixels that a letter of the labels takes on average; wide letters take two.
const LETTER: usize = 7;
/// How many characters a line of a name, a message or a note has.
const NAME_WIDTH: usize = 20;
const MESSAGE_WIDTH: usize = 34;
/// Room beside a label that stands between two lifelines.
const ASIDE: usize = 24;
/// How far a message to oneself reaches.
const LOOP: usize = 46;

/// A file of its own.
pub fn file(sequence: &Sequence) -> String {
    draw(sequence, &format!("{}\n", of_file("seq", STYLE)))
}

/// The `<svg>` element alone, without style.
pub fn element(sequence: &Sequence) -> String {
    draw(sequence, "")
}

fn draw(sequence: &Sequence, style: &str) -> String {
    let layout = Layout::of(sequence);
    let mut body = String::new();
    let mut y = MARGIN + layout.head;
    for row in &layout.rows {
        y = layout.message(row, y, &mut body);
    }
    let bottom = y + LINE;
    let mut out = String::new();
    let (width, height) = (layout.width, bottom + MARGIN);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"seq\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n{style}"
    );
    for place in layout.places.values() {
        let _ = writeln!(
            out,
            "<line x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{bottom}\" class=\"life\"/>",
            place.x,
            MARGIN + layout.head
        );
    }
    for participant in &sequence.participants {
        layout.participant(participant, &mut out);
    }
    out.push_str(&body);
    out.push_str("</svg>\n");
    out
}

/// Where a participant stands.
struct Place {
    /// The middle of its lifeline.
    x: usize,
    /// Its name.
    lines: Vec<String>,
}

/// A message with its lines.
struct Row<'a> {
    message: &'a Message,
    label: Vec<String>,
    /// The middle of its label.
    x: usize,
}

struct Layout<'a> {
    places: BTreeMap<u32, Place>,
    rows: Vec<Row<'a>>,
    /// The height of the participants' boxes.
    head: usize,
    width: usize,
}

impl Row<'_> {
    /// Puts the label between two neighbouring lifelines, so that it stands on none: where
    /// most room is on the way, and there nearest to who speaks.
    fn put(&mut self, source: usize, sink: usize, columns: &[usize]) {
        let (left, right) = (source.min(sink), source.max(sink));
        let room = |gap: usize| columns[gap + 1] - columns[gap];
        let nearest = |gap: usize| {
            if source < sink { right - gap } else { gap }
        };
        let Some(gap) = (left..right).max_by_key(|gap| (room(*gap), nearest(*gap))) else {
            return;
        };
        if right - left > 1 {
            let most = room(gap).saturating_sub(ASIDE) / LETTER;
            self.label = wrap(&self.message.label, most.min(MESSAGE_WIDTH));
        }
        self.x = usize::midpoint(columns[gap], columns[gap + 1]);
    }
}

impl<'a> Layout<'a> {
    fn of(sequence: &'a Sequence) -> Self {
        let mut rows: Vec<Row> = sequence
            .messages
            .iter()
            .map(|message| Row {
                message,
                label: wrap(&message.label, MESSAGE_WIDTH),
                x: 0,
            })
            .collect();
        let names: Vec<Vec<String>> = sequence
            .participants
            .iter()
            .map(|p| wrap(&p.name, NAME_WIDTH))
            .collect();
        let at: BTreeMap<u32, usize> = sequence
            .participants
            .iter()
            .map(|p| p.id)
            .zip(0..)
            .collect();
        let gaps = gaps(&rows, &names, &at);
        let mut x = MARGIN + gaps.first().copied().unwrap_or(0);
        let mut places = BTreeMap::new();
        for (column, (participant, lines)) in sequence.participants.iter().zip(names).enumerate() {
            places.insert(participant.id, Place { x, lines });
            x += gaps.get(column + 1).copied().unwrap_or(0);
        }
        let columns: Vec<usize> = sequence
            .participants
            .iter()
            .filter_map(|participant| Some(places.get(&participant.id)?.x))
            .collect();
        for row in &mut rows {
            if let (Some(source), Some(sink)) =
                (at.get(&row.message.source), at.get(&row.message.sink))
            {
                row.put(*source, *sink, &columns);
            }
        }
        let most = places.values().map(|place| place.lines.len()).max();
        Self {
            head: most.unwrap_or(0) * LINE + 40,
            width: x + MARGIN,
            places,
            rows,
        }
    }

    /// A box with a name; people and stores have a sign above it.
    fn participant(&self, participant: &Participant, out: &mut String) {
        let Some(place) = self.places.get(&participant.id) else {
            return;
        };
        let (x, bottom) = (place.x, MARGIN + self.head);
        let height = place.lines.len() * LINE + 12;
        let width = widest(&place.lines) + 20;
        let (left, top) = (x.saturating_sub(width / 2), bottom - height);
        let _ = writeln!(
            out,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"3\" class=\"box\"/>"
        );
        let sign = top - 22;
        match participant.role {
            Role::Actor => {
                let _ = writeln!(
                    out,
                    "<path d=\"M{x} {} v8 m-7 -4 h14 m-7 4 l-6 7 m6 -7 l6 7\" class=\"way\"/>\
                     <circle cx=\"{x}\" cy=\"{}\" r=\"4\" class=\"sign\"/>",
                    sign + 5,
                    sign + 1,
                );
            }
            Role::Store => {
                let _ = writeln!(
                    out,
                    "<path d=\"M{0} {1} v11 a9 3 0 0 0 18 0 v-11 a9 3 0 0 0 -18 0 a9 3 0 0 0 18 0\" class=\"sign\"/>",
                    x - 9,
                    sign + 4
                );
            }
            Role::Entity => {}
        }
        for (at, line) in place.lines.iter().enumerate() {
            let y = top + 6 + (at + 1) * LINE - 4;
            text(out, x, y, "middle", "p", line);
        }
    }

    /// One message and its note below `y`; gives where the next one begins.
    fn message(&self, row: &Row<'_>, y: usize, out: &mut String) -> usize {
        let message = row.message;
        let (Some(source), Some(sink)) = (
            self.places.get(&message.source),
            self.places.get(&message.sink),
        ) else {
            return y;
        };
        let arrow = y + 10 + row.label.len() * LINE;
        let way = if message.is_response { "way r" } else { "way" };
        let is_own = message.source == message.sink;
        let (from, to) = (source.x, sink.x);
        let end = if is_own {
            let _ = writeln!(
                out,
                "<path d=\"M{from} {arrow} h{LOOP} v12 h-{}\" class=\"{way}\"/>",
                LOOP - 1
            );
            arrow + 12
        } else {
            let _ = writeln!(
                out,
                "<line x1=\"{from}\" y1=\"{arrow}\" x2=\"{to}\" y2=\"{arrow}\" class=\"{way}\"/>"
            );
            arrow
        };
        let back = if to > from { "-8" } else { "8" };
        let _ = writeln!(
            out,
            "<path d=\"M{to} {end} l{back} -4 v8 z\" class=\"head\"/>"
        );
        for (at, line) in row.label.iter().enumerate() {
            let y = y + 5 + (at + 1) * LINE;
            if is_own {
                text(out, from + 6, y, "start", "m", line);
            } else {
                text(out, row.x, y, "middle", "m", line);
            }
        }
        self.note(message, from, end + 8, out)
    }

    /// A remark under the message, at its source.
    fn note(&self, message: &Message, x: usize, y: usize, out: &mut String) -> usize {
        if message.note.is_empty() {
            return y;
        }
        let width = widest(&message.note) + 14;
        let height = message.note.len() * LINE + 8;
        let left = x
            .saturating_sub(width / 2)
            .max(4)
            .min(self.width.saturating_sub(width + 4));
        let _ = writeln!(
            out,
            "<rect x=\"{left}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" class=\"note\"/>"
        );
        for (at, line) in message.note.iter().enumerate() {
            text(
                out,
                left + 7,
                y + 4 + (at + 1) * LINE - 4,
                "start",
                "note-text",
                line,
            );
        }
        y + height + 6
    }
}

/// The distances between lifelines, with those to both edges: names, messages
/// between neighbours and notes must fit. A message over several lifelines takes the room
/// that is there.
fn gaps(rows: &[Row<'_>], names: &[Vec<String>], at: &BTreeMap<u32, usize>) -> Vec<usize> {
    let half = |at: usize| names.get(at).map_or(0, |lines| widest(lines) / 2 + 10);
    let mut gaps: Vec<usize> = (0..=names.len())
        .map(|gap| {
            let sides = half(gap.wrapping_sub(1)) + half(gap) + 20;
            let inner = gap > 0 && gap < names.len();
            if inner { sides.max(APART) } else { sides }
        })
        .collect();
    let mut widen = |gap: usize, needed: usize| gaps[gap] = gaps[gap].max(needed);
    for row in rows {
        let (Some(source), Some(sink)) = (at.get(&row.message.source), at.get(&row.message.sink))
        else {
            continue;
        };
        let (left, right) = (*source.min(sink), *source.max(sink));
        let label = widest(&row.label) + ASIDE;
        if left == right {
            widen(right + 1, label.max(LOOP + 20));
        } else if left + 1 == right {
            widen(right, label);
        }
        let note = widest(&row.message.note) / 2 + 14;
        if !row.message.note.is_empty() {
            widen(*source, note);
            widen(source + 1, note);
        }
    }
    gaps
}

/// Pixels that the widest of some lines takes.
fn widest(lines: &[String]) -> usize {
    let width = |line: &String| -> usize {
        line.chars()
            .map(|c| {
                if (c as u32) < 0x1100 {
                    LETTER
                } else {
                    2 * LETTER
                }
            })
            .sum()
    };
    lines.iter().map(width).max().unwrap_or(0)
}

/// A line of text. What stands on lifelines is of the class `m`: they must not run
/// through it.
fn text(out: &mut String, x: usize, y: usize, anchor: &str, class: &str, words: &str) {
    let words = escape::html(words);
    let _ = writeln!(
        out,
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" class=\"{class}\">{words}</text>"
    );
}

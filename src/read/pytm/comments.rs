//! Inline exclusions: comments on the lines of a constructor or right above it
//! (docs/semantics.md §6).

use std::collections::BTreeMap;

use super::interpreter::Interpreter;
use super::state::spoken::Spoken;
use super::value::ObjId;
use crate::model::Model;
use crate::notice::{Notice, code};
use crate::read::inline;
use crate::source::{Source, Span};

/// How many comments that exclude may stand in the files of one model.
const MAX_COMMENTS: usize = 500;

impl Interpreter<'_> {
    /// Puts every comment on the elements beside which it stands.
    pub(super) fn attach_comments(&mut self, model: &mut Model, objects: &[ObjId]) {
        self.listen();
        let mut spoken = std::mem::take(&mut self.spoken);
        if !spoken.is_empty() {
            let constructors = self.constructors(objects);
            for said in &mut spoken {
                self.attach(said, model, &constructors);
            }
        }
        self.spoken = spoken;
    }

    /// The calls that made the elements, with their lines and what they made.
    fn constructors(&self, objects: &[ObjId]) -> Vec<Constructor> {
        let mut made: BTreeMap<(u16, Span), Vec<usize>> = BTreeMap::new();
        for (position, id) in objects.iter().enumerate() {
            let at = self.object(*id).at;
            made.entry((at.unit, at.span)).or_default().push(position);
        }
        let units: Vec<_> = self.units.all().collect();
        made.into_iter()
            .filter_map(|((unit, span), elements)| {
                let source = &units.get(unit as usize)?.source;
                Some(Constructor {
                    unit,
                    first: line(source, span.start),
                    last: line(source, span.end),
                    len: span.len(),
                    elements,
                })
            })
            .collect()
    }

    /// Reads the comments of files that were added since the last time.
    fn listen(&mut self) {
        let units = self.units;
        for unit in units.all().skip(self.heard) {
            self.heard += 1;
            let Some(module) = &unit.module else { continue };
            let lines: Vec<u32> = module
                .comments
                .iter()
                .filter(|span| is_alone(&unit.source, **span))
                .map(|span| line(&unit.source, span.start))
                .collect();
            for span in &module.comments {
                match inline::parse(&unit.source, *span) {
                    None => {}
                    Some(Err(notice)) => self.notice(notice),
                    // More than a person writes: only the first ones count.
                    Some(Ok(_)) if self.spoken.len() >= MAX_COMMENTS => {
                        let place = unit.source.place(*span);
                        let message =
                            format!("only the first {MAX_COMMENTS} exclusions of a file count");
                        self.notice(Notice::error(code::LIMIT, place, message));
                        return;
                    }
                    Some(Ok(comment)) => {
                        let at = line(&unit.source, span.start);
                        let mut below = at;
                        while lines.binary_search(&below).is_ok() {
                            below += 1;
                        }
                        self.spoken.push(Spoken {
                            unit: unit.number,
                            line: at,
                            below: (below > at).then_some(below),
                            comment,
                            attached: false,
                        });
                    }
                }
            }
        }
    }

    fn attach(&mut self, said: &mut Spoken, model: &mut Model, all: &[Constructor]) {
        let beside = all.iter().filter(|made| made.is_beside(said));
        let chosen: Vec<usize> = match &said.comment.element {
            Some(pattern) => {
                let Some(glob) = inline::names(&pattern.text) else {
                    return;
                };
                beside
                    .flat_map(|made| &made.elements)
                    .copied()
                    .filter(|position| glob.is_match(&*model.elements[*position].name))
                    .collect()
            }
            // The narrowest constructor that the comment stands on.
            None => beside
                .min_by_key(|made| (made.last - made.first, std::cmp::Reverse(made.len)))
                .map_or_else(Vec::new, |made| made.elements.clone()),
        };
        if said.comment.element.is_none() && chosen.len() > 1 {
            said.attached = true;
            self.notice(
                Notice::error(
                    code::INLINE_COMMENT,
                    said.comment.place.clone(),
                    "this line makes several elements, so the comment says nothing",
                )
                .with_help(
                    "say which: `# tmrs: exclude[ID, element=NAME] reason`, where NAME may hold `*`",
                ),
            );
            return;
        }
        for position in chosen {
            said.attached = true;
            said.comment.put_on(&mut model.elements[position]);
        }
    }

    /// Complains about comments that stand beside no element.
    pub(super) fn leftover_comments(&mut self) {
        for said in std::mem::take(&mut self.spoken) {
            if !said.attached {
                self.notice(inline::beside_nothing(&said.comment));
            }
        }
    }
}

/// A call that made elements.
struct Constructor {
    unit: u16,
    first: u32,
    last: u32,
    len: usize,
    /// Positions in the model.
    elements: Vec<usize>,
}

impl Constructor {
    fn is_beside(&self, said: &Spoken) -> bool {
        self.unit == said.unit
            && ((self.first..=self.last).contains(&said.line) || said.below == Some(self.first))
    }
}

/// The line of an offset. Columns are not asked for: lines may be very long.
fn line(source: &Source, offset: u32) -> u32 {
    let lines = source.lines();
    let (mut low, mut high) = (1, lines.count() as u32);
    while low < high {
        let middle = high - (high - low) / 2;
        if lines.start(middle).is_some_and(|start| start <= offset) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// Whether nothing but white space stands before the comment on its line.
fn is_alone(source: &Source, span: Span) -> bool {
    let start = source
        .lines()
        .start(line(source, span.start))
        .unwrap_or(span.start);
    source
        .slice(Span {
            start,
            end: span.start,
        })
        .trim()
        .is_empty()
}

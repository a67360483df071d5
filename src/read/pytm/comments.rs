//! Inline exclusions: comments on the lines of a constructor or right above it
//! (SEMANTICS §6).

use super::interpreter::Interpreter;
use super::value::{At, ObjId};
use crate::model::Model;
use crate::notice::{Notice, code};
use crate::read::inline::{self, InlineComment};
use crate::source::{Column, Source, Span};

/// A comment that speaks to tmrs, with its lines.
pub(super) struct Spoken {
    unit: u16,
    line: u32,
    /// The line that counts if it stands alone: the first one below that is no comment.
    below: Option<u32>,
    comment: InlineComment,
    attached: bool,
}

impl<'a> Interpreter<'a> {
    /// Puts every comment on the elements beside which it stands.
    pub(super) fn attach_comments(&mut self, model: &mut Model, objects: &[ObjId]) {
        self.listen();
        let mut spoken = std::mem::take(&mut self.spoken);
        for said in &mut spoken {
            self.attach(said, model, objects);
        }
        self.spoken = spoken;
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

    fn attach(&mut self, said: &mut Spoken, model: &mut Model, objects: &[ObjId]) {
        let beside: Vec<(usize, At)> = objects
            .iter()
            .enumerate()
            .map(|(position, id)| (position, self.object(*id).at))
            .filter(|(_, at)| at.unit == said.unit && self.is_beside(said, *at))
            .collect();
        let chosen: Vec<usize> = match &said.comment.element {
            Some(pattern) => {
                let Ok(glob) = globset::Glob::new(&pattern.text) else {
                    return;
                };
                let glob = glob.compile_matcher();
                beside
                    .iter()
                    .map(|(position, _)| *position)
                    .filter(|position| glob.is_match(&*model.elements[*position].name))
                    .collect()
            }
            None => {
                // The narrowest constructor that the comment stands on.
                let lines = |at: &At| self.lines_of(*at);
                let narrowest = beside.iter().map(|(_, at)| *at).min_by_key(|at| {
                    let (first, last) = lines(at);
                    (last - first, std::cmp::Reverse(at.span.len()))
                });
                let chosen: Vec<usize> = beside
                    .iter()
                    .filter(|(_, at)| Some(*at) == narrowest)
                    .map(|(position, _)| *position)
                    .collect();
                if chosen.len() > 1 {
                    said.attached = true;
                    self.notice(
                        Notice::error(
                            code::INLINE_COMMENT,
                            said.comment.place.clone(),
                            "this line makes several elements, so the comment excludes nothing",
                        )
                        .with_help("say which one: `# tmrs: exclude[ID, element=NAME] reason`, where NAME may hold `*`"),
                    );
                    return;
                }
                chosen
            }
        };
        for position in chosen {
            said.attached = true;
            model.elements[position]
                .exclusions
                .push(said.comment.exclusion());
        }
    }

    fn is_beside(&self, said: &Spoken, at: At) -> bool {
        let (first, last) = self.lines_of(at);
        (first..=last).contains(&said.line) || said.below == Some(first)
    }

    fn lines_of(&self, at: At) -> (u32, u32) {
        let place = self.place(at);
        let (first, last) = place.positions();
        (first.line, last.line)
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

fn line(source: &Source, offset: u32) -> u32 {
    source.position(offset, Column::Scalar).line
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

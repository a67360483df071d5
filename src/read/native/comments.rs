//! Layer `read`: what YAML comments say to tmrs (docs/semantics.md §4, §5): about the element
//! on whose line, right above which, or anywhere inside which they stand.

use std::collections::{BTreeMap, BTreeSet};

use super::Builder;
use crate::model::ElementId;
use crate::read::inline::{self, InlineComment};
use crate::source::{Position, Span};
use crate::syntax::tree::{Comment, Key, Node};

/// What starts on a line.
struct Start {
    /// Where its key stands.
    column: u32,
    /// The elements that are declared there.
    elements: Vec<ElementId>,
}

impl Builder<'_> {
    /// Puts each comment on the element beside whose id it stands: on the id's line, in
    /// the lines of comments right above it, or inside what the element says.
    /// Nothing belongs to what starts at `others`.
    pub(super) fn inline_comments(&mut self, root: &Node, comments: &[Comment], others: &[Span]) {
        let mut own_lines = BTreeSet::new();
        let mut spoken = Vec::new();
        for comment in comments {
            let (file, at) = self.position(comment.span);
            let alone = self.is_alone(comment);
            if alone {
                own_lines.insert((file, at.line));
            }
            let (source, span) = self.expect.located(comment.span);
            match inline::parse(source, span) {
                None => {}
                Some(Ok(read)) => spoken.push((file, at, alone, read)),
                Some(Err(notice)) => self.expect.notices.push(notice),
            }
        }
        if spoken.is_empty() {
            return;
        }
        let starts = self.starts(root, others);
        for (file, at, alone, comment) in spoken {
            let mut below = at.line;
            if alone {
                while own_lines.contains(&(file, below)) {
                    below += 1;
                }
            }
            // Deeper than the id below it, a comment belongs to what stands above.
            let own = starts
                .get(&(file, below))
                .filter(|start| !alone || start.column >= at.column);
            let beside = own.or_else(|| {
                let (_, above) = starts.range((file, 0)..=(file, at.line)).next_back()?;
                (above.column < at.column).then_some(above)
            });
            self.attach(beside.map_or(&[], |start| &start.elements), &comment);
        }
    }

    fn attach(&mut self, beside: &[ElementId], comment: &InlineComment) {
        let pattern = comment
            .element
            .as_ref()
            .map(|said| inline::names(&said.text));
        let matched: Vec<_> = beside
            .iter()
            .copied()
            .filter(|id| match &pattern {
                None => true,
                Some(Some(glob)) => glob.is_match(&*self.model.element(*id).name),
                Some(None) => false,
            })
            .collect();
        if matched.is_empty() {
            self.expect.notices.push(inline::beside_nothing(comment));
        }
        for id in matched {
            comment.put_on(self.model.element_mut(id));
        }
    }

    /// The lines on which something of the model starts, with the column and the
    /// elements whose ids stand there; none for keys that are no elements.
    fn starts(&self, root: &Node, others: &[Span]) -> BTreeMap<(u32, u32), Start> {
        let mut starts: BTreeMap<(u32, u32), Start> = BTreeMap::new();
        let mut add_at = |span: Span, id: Option<ElementId>| {
            let (file, at) = self.position(span);
            let start = starts.entry((file, at.line)).or_insert_with(|| Start {
                column: at.column,
                elements: Vec::new(),
            });
            start.elements.extend(id);
        };
        for other in others {
            add_at(*other, None);
        }
        let mut add = |key: &Key, id: Option<ElementId>| add_at(key.span, id);
        let ids_of = |section: &str| match section {
            "boundaries" => Some(&self.ids.boundaries),
            "elements" => Some(&self.ids.elements),
            "flows" => Some(&self.ids.flows),
            _ => None,
        };
        for (section, body) in root.as_map().unwrap_or_default() {
            add(section, None);
            let ids = ids_of(&section.text);
            let is_data = &*section.text == "data";
            for (key, _) in body.as_map().unwrap_or_default() {
                match ids {
                    Some(ids) => add(key, ids.get(&key.text).copied().flatten()),
                    None if is_data => add(key, None),
                    None => {}
                }
            }
        }
        starts
    }

    /// The file in which a span lies, by what its offsets are moved by, and where it starts there.
    fn position(&self, span: Span) -> (u32, Position) {
        let (source, local) = self.expect.located(span);
        let file = span.start - local.start;
        (file, source.position(local.start))
    }

    /// Whether nothing but white space stands before it on its line.
    fn is_alone(&self, comment: &Comment) -> bool {
        let (source, span) = self.expect.located(comment.span);
        let before = source.text().get(..span.start as usize).unwrap_or("");
        let line = before.rsplit(['\n', '\r']).next().unwrap_or("");
        line.trim().is_empty()
    }
}

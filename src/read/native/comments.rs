//! Layer `read`: what YAML comments say to tmrs (docs/semantics.md §4, §5): about the element
//! on whose line, right above which, or anywhere inside which they stand.

use std::collections::{BTreeMap, BTreeSet};

use super::Builder;
use crate::model::ElementId;
use crate::read::inline::{self, InlineComment};
use crate::source::Position;
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
    pub(super) fn inline_comments(&mut self, root: &Node, comments: &[Comment]) {
        let mut own_lines = BTreeSet::new();
        let mut spoken = Vec::new();
        for comment in comments {
            let at = self.position(comment.span.start);
            let alone = self.is_alone(comment);
            if alone {
                own_lines.insert(at.line);
            }
            match inline::parse(self.expect.source(), comment.span) {
                None => {}
                Some(Ok(read)) => spoken.push((at, alone, read)),
                Some(Err(notice)) => self.expect.notices.push(notice),
            }
        }
        if spoken.is_empty() {
            return;
        }
        let starts = self.starts(root);
        for (at, alone, comment) in spoken {
            let mut below = at.line;
            if alone {
                while own_lines.contains(&below) {
                    below += 1;
                }
            }
            // Deeper than the id below it, a comment belongs to what stands above.
            let own = starts
                .get(&below)
                .filter(|start| !alone || start.column >= at.column);
            let beside = own.or_else(|| {
                let (_, above) = starts.range(..=at.line).next_back()?;
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
    fn starts(&self, root: &Node) -> BTreeMap<u32, Start> {
        let mut starts: BTreeMap<u32, Start> = BTreeMap::new();
        let mut add = |key: &Key, id: Option<ElementId>| {
            let at = self.position(key.span.start);
            let start = starts.entry(at.line).or_insert_with(|| Start {
                column: at.column,
                elements: Vec::new(),
            });
            start.elements.extend(id);
        };
        let ids_of = |section: &str| match section {
            "boundaries" => Some(&self.boundaries),
            "elements" => Some(&self.elements),
            "flows" => Some(&self.flows),
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

    fn position(&self, offset: u32) -> Position {
        let source = self.expect.source();
        source.lines().position(source.text(), offset)
    }

    /// Whether nothing but white space stands before it on its line.
    fn is_alone(&self, comment: &Comment) -> bool {
        let text = self.expect.source().text();
        let before = text.get(..comment.span.start as usize).unwrap_or("");
        let line = before.rsplit(['\n', '\r']).next().unwrap_or("");
        line.trim().is_empty()
    }
}

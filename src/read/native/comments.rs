//! Layer `read`: what YAML comments say to tmrs (SEMANTICS §4, §5).

use std::collections::{BTreeMap, BTreeSet};

use super::Builder;
use crate::model::ElementId;
use crate::read::inline::{self, InlineComment};
use crate::syntax::tree::{Comment, Node};

impl Builder<'_> {
    /// Puts each comment on the element beside whose id it stands: on the id's
    /// line, or in the lines of comments right above it.
    pub(super) fn inline_comments(&mut self, root: &Node, comments: &[Comment]) {
        let lines = self.declared_lines(root);
        let mut own_lines = BTreeSet::new();
        let mut spoken = Vec::new();
        for comment in comments {
            let line = self.line(comment.span.start);
            let alone = self.is_alone(comment);
            if alone {
                own_lines.insert(line);
            }
            match inline::parse(self.expect.source(), comment.span) {
                None => {}
                Some(Ok(read)) => spoken.push((line, alone, read)),
                Some(Err(notice)) => self.expect.notices.push(notice),
            }
        }
        for (line, alone, comment) in spoken {
            let mut below = line;
            if alone {
                while own_lines.contains(&below) {
                    below += 1;
                }
            }
            self.attach(lines.get(&below).map_or(&[], Vec::as_slice), &comment);
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

    /// The elements whose ids stand on each line.
    fn declared_lines(&self, root: &Node) -> BTreeMap<u32, Vec<ElementId>> {
        let mut lines: BTreeMap<u32, Vec<ElementId>> = BTreeMap::new();
        let sections = [
            ("boundaries", &self.boundaries),
            ("elements", &self.elements),
            ("flows", &self.flows),
        ];
        for (section, ids) in sections {
            let entries = root.get(section).and_then(Node::as_map);
            for (key, _) in entries.unwrap_or_default() {
                if let Some(Some(id)) = ids.get(&key.text) {
                    lines
                        .entry(self.line(key.span.start))
                        .or_default()
                        .push(*id);
                }
            }
        }
        lines
    }

    fn line(&self, offset: u32) -> u32 {
        let source = self.expect.source();
        source
            .lines()
            .position(source.text(), offset, crate::source::Column::Scalar)
            .line
    }

    /// Whether nothing but white space stands before it on its line.
    fn is_alone(&self, comment: &Comment) -> bool {
        let text = self.expect.source().text();
        let before = text.get(..comment.span.start as usize).unwrap_or("");
        let line = before.rsplit(['\n', '\r']).next().unwrap_or("");
        line.trim().is_empty()
    }
}

//! Layer `init`: what was written already, as comments at the end of the model.

use std::collections::{BTreeMap, BTreeSet};

use super::entries::Section;
use crate::syntax::tree::Document;

/// What stands before.
pub(super) const HEAD: &str = "# Written by `tmrs init`. An entry that you delete above stays away, until you delete its id here too.\n";

/// Where a line of ids ends.
const WIDTH: usize = 100;

/// Comments that hold these ids.
pub(super) fn lines<'i>(ids: impl IntoIterator<Item = (Section, &'i str)>) -> String {
    let mut by_section: BTreeMap<Section, Vec<&str>> = BTreeMap::new();
    for (section, id) in ids {
        by_section.entry(section).or_default().push(id);
    }
    let mut out = String::new();
    for (section, ids) in by_section {
        let begin = format!("# init {}:", section.key());
        let mut line = begin.clone();
        for id in ids {
            if line.len() + 1 + id.len() > WIDTH && line.len() > begin.len() {
                out.push_str(&line);
                out.push('\n');
                line.clone_from(&begin);
            }
            line.push(' ');
            line.push_str(id);
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// What the comments of a model hold, and where the last of them ends.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) ids: BTreeSet<(Section, String)>,
    pub(super) end: Option<usize>,
}

impl Memory {
    pub(super) fn of(document: &Document) -> Self {
        let mut memory = Self::default();
        for comment in &document.comments {
            let said = comment.text.trim();
            let found = Section::ALL.into_iter().find_map(|section| {
                let rest = said.strip_prefix("init ")?.strip_prefix(section.key())?;
                Some((section, rest.strip_prefix(':')?))
            });
            if let Some((section, ids)) = found {
                let ids = ids.split_whitespace();
                memory.ids.extend(ids.map(|id| (section, id.to_owned())));
                memory.end = Some(comment.span.end as usize);
            }
        }
        memory
    }

    pub(super) fn holds(&self, section: Section, id: &str) -> bool {
        self.ids.contains(&(section, id.to_owned()))
    }
}

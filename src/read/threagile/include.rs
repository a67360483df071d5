//! Layer `read`: the files that a Threagile model includes.

use std::collections::BTreeSet;

use crate::notice::{Severity, code};
use crate::read::share::Share;
use crate::read::translate::Draft;
use crate::source::{RepoPath, Tree};
use crate::syntax::tree::Node;

/// So many files may belong to one model.
const MOST: usize = 200;

/// What was included.
#[derive(Default)]
pub(super) struct Included {
    /// The files.
    pub(super) paths: Vec<RepoPath>,
    /// What they hold.
    pub(super) roots: Vec<Node>,
}

/// Reads everything that a file includes, and what that includes in turn.
pub(super) fn all(
    draft: &mut Draft<'_>,
    path: &RepoPath,
    root: &Node,
    tree: &dyn Tree,
    share: &mut Share,
) -> Included {
    let mut included = Included::default();
    let mut seen = BTreeSet::from([path.clone()]);
    let mut open = vec![(path.clone(), root.clone())];
    while let Some((from, root)) = open.pop() {
        let Some(names) = root.get("includes").filter(|names| !names.is_null()) else {
            continue;
        };
        let names = draft.expect.texts("includes", names);
        let mut found = Vec::new();
        for (name, span) in names {
            let path = from.sibling(name).filter(|path| tree.may_be_named(path));
            let Some(path) = path else {
                let message = format!("`{name}` lies outside of the repository, or is not tracked");
                draft.expect.error(code::UNREADABLE, span, message, None);
                continue;
            };
            // What is reached in two ways is there once, as for Threagile; so a circle ends.
            if !seen.insert(path.clone()) {
                continue;
            }
            if seen.len() > MOST {
                let message = format!("more than {MOST} files are included");
                draft.expect.error(code::LIMIT, span, message, None);
                break;
            }
            let source = match tree.open(&path) {
                Ok(source) => source,
                Err(error) => {
                    let message = error.to_string();
                    draft.expect.error(code::UNREADABLE, span, message, None);
                    continue;
                }
            };
            if let Err(message) = share.take(source.text().len()) {
                draft.expect.error(code::LIMIT, span, message, None);
                break;
            }
            included.paths.push(path.clone());
            if holds_nothing(source.text()) {
                let message = format!("`{name}` holds nothing");
                let severity = Severity::Warning;
                draft
                    .expect
                    .say(code::WRONG_TYPE, severity, span, message, None);
                continue;
            }
            let document = crate::syntax::parse(&source);
            let is_read = document.root.is_some();
            draft.expect.notices.extend(document.notices);
            let Some(base) = draft.expect.include(source) else {
                let message = "the files of this model are too large together".to_owned();
                draft.expect.error(code::LIMIT, span, message, None);
                break;
            };
            let Some(root) = document.root.filter(|root| root.as_map().is_some()) else {
                if is_read {
                    let message = format!("`{name}` holds no map");
                    draft.expect.error(code::WRONG_TYPE, span, message, None);
                }
                continue;
            };
            let root = root.moved(base);
            let comments = document.comments.into_iter().map(|mut comment| {
                comment.span = comment.span.moved(base);
                comment
            });
            draft.beside(comments, &root);
            found.push((path, root));
        }
        included
            .roots
            .extend(found.iter().map(|(_, root)| root.clone()));
        open.extend(found.into_iter().rev());
    }
    included.paths.sort();
    included
}

/// Whether a file holds comments at most.
fn holds_nothing(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line.starts_with('#'))
}
